"""From a record to its scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

import pyoxigraph as ox

from shapes.codelists import normalise
from shapes.graph import Node, RecordGraph, node_of
from shapes.profiles import profile, profiles
from shapes.record import Kind, Record
from shapes.report import Verdict
from shapes.rules import NO_TARGET, Row, effective
from shapes.scores.conditions import CONDITIONS, Condition
from shapes.scores.metric import Metric, Outcome, Score, metrics
from shapes.scores.subject import Reachability, Subject
from shapes.vocabulary import DCAT, DCT, EU

_NOTHING_TRIED: Final[Reachability] = MappingProxyType({})
_COMPLETENESS: Final = "healthdcat-ap-r8"
_OPEN: Final = f"{EU.base}access-right/PUBLIC"
_WEIGHTS: Final = {"violation": 2, "warning": 1}

_Wins: TypeAlias = tuple[bool | None, ...]


def scores(
    graph: RecordGraph, dataset: Node, verdict: Verdict | None = None, reachable: Reachability = _NOTHING_TRIED
) -> tuple[Score, ...]:
    """Return the scores of a dataset, in the order of `SCHEMES`.

    `verdict` is that of its last validation: one by DCAT-AP or a profile that extends it decides the metrics about
    compliance; without one they are unknown. `mqa-controlled` comes only for data that is not public.
    """
    subject = Subject(graph, dataset, dataset, compliant=_compliance(verdict), reachable=reachable)
    level = profile(_COMPLETENESS).level_of(graph, dataset)
    mqa = _wins(subject, _asked("mqa"))
    found = [_score("mqa", "", mqa)]
    if not _is_open(subject):
        found.append(_score("mqa-controlled", "", mqa))
    found.append(_score("completeness", level, _wins(subject, _asked("completeness", level))))
    found.append(_score("fair", "", _wins(subject, _asked("fair"))))
    return tuple(found)


def score_record(
    record: Record, verdict: Verdict | None = None, reachable: Reachability = _NOTHING_TRIED
) -> tuple[Score, ...]:
    """Return the scores of a record; none for one that is no dataset."""
    if record.kind is not Kind.DATASET:
        return ()
    return scores(record.graph(), node_of(record.subject), verdict, reachable)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The metrics of a scheme and what each looks at, in their order; None for one that is asked of distributions.

    `of_distributions` are those: their points, and what they look at.
    """

    metrics: tuple[Metric, ...]
    tests: tuple[Condition | None, ...]
    of_distributions: tuple[tuple[int, Condition], ...]


@cache
def _asked(scheme: str, level: str = "") -> _Asked:
    """What a scheme asks; the completeness of a dataset is asked by level."""
    asked = _duties(level) if scheme == "completeness" else metrics(scheme)
    best = tuple((each.points, _test(each)) for each in asked if each.on == "distribution")
    return _Asked(asked, tuple(None if each.on == "distribution" else _test(each) for each in asked), best)


def _test(metric: Metric) -> Condition:
    if metric.test.startswith("@"):
        return CONDITIONS[metric.test[1:]]
    return lambda subject: subject.has(metric.test)


@lru_cache(maxsize=4096)
def _score(scheme: str, level: str, wins: _Wins) -> Score:
    """Return the score of a scheme. The datasets of a node are described alike: a few ways in which all came out."""
    if scheme == "mqa-controlled":
        both = zip(_asked("mqa").metrics, wins, strict=True)
        return Score(scheme, tuple(Outcome(metric, won) for metric, won in both if not metric.open_only))
    return Score(scheme, tuple(map(Outcome, _asked(scheme, level).metrics, wins)))


def _wins(subject: Subject, asked: _Asked) -> _Wins:
    """How each metric came out."""
    best = iter(_best(subject, asked.of_distributions))
    return tuple([next(best) if test is None else test(subject) for test in asked.tests])


def _best(subject: Subject, asked: tuple[tuple[int, Condition], ...]) -> Sequence[bool | None]:
    """What the distribution that wins most points has won, by metric (MQA methodology: all hold the same content)."""
    candidates: list[list[bool | None]] = []
    for node in subject.graph.values(subject.dataset, DCAT.distribution) if asked else ():
        if not isinstance(node, ox.Literal):
            of_node = subject.about(node)
            candidates.append([test(of_node) for _, test in asked])
    none: list[bool | None] = [False] * len(asked)
    return max(
        candidates,
        key=lambda wins: sum([points for (points, _), won in zip(asked, wins, strict=True) if won]),
        default=none,
    )


def _compliance(verdict: Verdict | None) -> bool | None:
    """Whether a verdict says that the rules of DCAT-AP are met; None where it does not speak of them."""
    known = None if verdict is None else profiles().get(verdict.profile)
    if verdict is None or known is None or not (known.extends or known.id).startswith("dcat-ap-"):
        return None
    return verdict.valid


def _is_open(subject: Subject) -> bool:
    stated = {normalise(each.value) for each in subject.graph.values(subject.dataset, DCT.accessRights)}
    return stated == {_OPEN}


def _duties(level: str) -> tuple[Metric, ...]:
    """What Release 8 asks of a dataset at a level: 2 points for a duty, 1 for a recommendation."""
    found: dict[str, Row] = {}
    for row in effective(_COMPLETENESS, level):
        about_dataset = row.target == "dcat:Dataset" and row.target != NO_TARGET
        if about_dataset and row.path and row.constraints.get("min") == "1" and row.severity in _WEIGHTS:
            known = found.get(row.path)
            if known is None or _WEIGHTS[row.severity] > _WEIGHTS[known.severity]:
                found[row.path] = row
    return tuple(_of_rule(row) for row in found.values())


def _of_rule(row: Row) -> Metric:
    duty = row.severity == "violation"
    return Metric(
        id=row.id,
        scheme="completeness",
        dimension="mandatory" if duty else "recommended",
        title=row.path,
        points=_WEIGHTS[row.severity],
        on="dataset",
        test=row.path,
        open_only=False,
        fix=row.fix,
        reference=row.reference,
    )
