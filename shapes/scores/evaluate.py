"""From a record to its scores."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from shapes.codelists import normalise
from shapes.graph import Node, RecordGraph, node_of
from shapes.profiles import profile, profiles
from shapes.record import Kind, Record
from shapes.report import Verdict
from shapes.rules import NO_TARGET, Row, effective
from shapes.scores.conditions import CONDITIONS
from shapes.scores.metric import Metric, Outcome, Score, metrics
from shapes.scores.subject import Reachability, Subject
from shapes.vocabulary import DCAT, DCT, EU

_NOTHING_TRIED: Final[Reachability] = MappingProxyType({})
_COMPLETENESS: Final = "healthdcat-ap-r8"
_OPEN: Final = f"{EU.base}access-right/PUBLIC"
_WEIGHTS: Final = {"violation": 2, "warning": 1}


def scores(
    graph: RecordGraph, dataset: Node, verdict: Verdict | None = None, reachable: Reachability = _NOTHING_TRIED
) -> tuple[Score, ...]:
    """Return the scores of a dataset, in the order of `SCHEMES`.

    `verdict` is that of its last validation: one by DCAT-AP or a profile that extends it decides the metrics about
    compliance; without one they are unknown. `mqa-controlled` comes only for data that is not public.
    """
    subject = Subject(graph, dataset, dataset, _compliance(verdict), reachable)
    found = [Score("mqa", _outcomes(subject, metrics("mqa")))]
    if not _is_open(subject):
        kept = tuple(each for each in found[0].outcomes if not each.metric.open_only)
        found.append(Score("mqa-controlled", kept))
    found.append(Score("completeness", _outcomes(subject, _asked(profile(_COMPLETENESS).level_of(graph, dataset)))))
    found.append(Score("fair", _outcomes(subject, metrics("fair"))))
    return tuple(found)


def score_record(
    record: Record, verdict: Verdict | None = None, reachable: Reachability = _NOTHING_TRIED
) -> tuple[Score, ...]:
    """Return the scores of a record; none for one that is no dataset."""
    if record.kind is not Kind.DATASET:
        return ()
    return scores(record.graph(), node_of(record.subject), verdict, reachable)


def _outcomes(subject: Subject, asked: tuple[Metric, ...]) -> tuple[Outcome, ...]:
    best = _best(subject, tuple(each for each in asked if each.on == "distribution"))
    return tuple(Outcome(each, best[each.id] if each.id in best else _won(subject, each)) for each in asked)


def _best(subject: Subject, asked: tuple[Metric, ...]) -> dict[str, bool | None]:
    """What the distribution that wins most points has won, by metric (MQA methodology: all hold the same content)."""
    if not asked:
        return {}
    candidates: list[list[bool | None]] = []
    for node in subject.graph.values(subject.dataset, DCAT.distribution):
        if not isinstance(node, ox.Literal):
            of_node = Subject(subject.graph, subject.dataset, node, subject.compliant, subject.reachable)
            candidates.append([_won(of_node, each) for each in asked])
    none: list[bool | None] = [False] * len(asked)
    best = max(
        candidates, key=lambda wins: sum(m.points for m, won in zip(asked, wins, strict=True) if won), default=none
    )
    return {metric.id: won for metric, won in zip(asked, best, strict=True)}


def _won(subject: Subject, metric: Metric) -> bool | None:
    if metric.test.startswith("@"):
        return CONDITIONS[metric.test[1:]](subject)
    return bool(subject.values(metric.test))


def _compliance(verdict: Verdict | None) -> bool | None:
    """Whether a verdict says that the rules of DCAT-AP are met; None where it does not speak of them."""
    known = None if verdict is None else profiles().get(verdict.profile)
    if verdict is None or known is None or not (known.extends or known.id).startswith("dcat-ap-"):
        return None
    return verdict.valid


def _is_open(subject: Subject) -> bool:
    stated = {normalise(each.value) for each in subject.graph.values(subject.dataset, DCT.accessRights)}
    return stated == {_OPEN}


@cache
def _asked(level: str) -> tuple[Metric, ...]:
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
