"""The conditions of several datasets side by side: what all state, what only some do, and what cannot go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from catalogue.dataset import Dataset
from catalogue.use.conditions import OTHERS, Term, conditions_of

Stated: TypeAlias = Mapping[str, frozenset[Term]]

_NON_PROFIT: Final = frozenset({"NPU", "NPUNCU"})
_NON_COMMERCIAL: Final = frozenset({"NCU", "NPUNCU"})
_NOT_ORIGINS: Final = frozenset({"NPOA", "HMB", "DS"})
# Terms that restrict use to something of their own, and what that is.
_OWN: Final = {
    "DS": "disease",
    "RS": "kind of research",
    "GS": "region",
    "PS": "project",
    "IS": "institution",
}


@dataclass(frozen=True, slots=True)
class Shared:
    """A condition, and the identifiers of the datasets that state it."""

    term: Term
    datasets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Conditions of several datasets. `silent`: those that state none in a form we can read.

    `conflicts` are sentences about what one application for all of them runs into.
    """

    common: tuple[Shared, ...] = ()
    varying: tuple[Shared, ...] = ()
    silent: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


def compare(datasets: Mapping[str, Dataset]) -> Compared:
    """Compare the DUO terms of datasets, by our identifiers. Main permissions come first."""
    stated = {key: _terms(dataset) for key, dataset in datasets.items()}
    found: dict[Term, list[str]] = {}
    for key, terms in stated.items():
        for term in terms:
            found.setdefault(term, []).append(key)
    shared = sorted((Shared(term, tuple(keys)) for term, keys in found.items()), key=_order)
    return Compared(
        common=tuple(each for each in shared if len(each.datasets) == len(datasets)),
        varying=tuple(each for each in shared if len(each.datasets) < len(datasets)),
        silent=tuple(key for key, terms in stated.items() if not terms),
        conflicts=tuple(_conflicts(stated)),
    )


def _terms(dataset: Dataset) -> frozenset[Term]:
    return frozenset(term for policy in conditions_of(dataset).policies for term in policy)


def _order(shared: Shared) -> tuple[bool, Term]:
    return not shared.term.permission, shared.term


def _conflicts(stated: Stated) -> Iterator[str]:
    if len(stated) > 1:
        yield from _cannot_meet(stated)
        yield from _narrower(stated)
        for shorthand, what in _OWN.items():
            yield from _of_its_own(stated, shorthand, what)


def _cannot_meet(stated: Stated) -> Iterator[str]:
    """What no single project satisfies."""
    only, never = _count(stated, frozenset({"POA"})), _count(stated, _NOT_ORIGINS)
    if only and never:
        yield (
            f"{_of(only, stated)} may be used for studies of population origins or ancestry only, {never} not for "
            "them: no one project may use all."
        )


def _narrower(stated: Stated) -> Iterator[str]:
    """What some allow and others do not: one application for all has to keep to the narrowest."""
    for narrow, said in (
        (_NON_COMMERCIAL, "forbid commercial use: a project with commercial ends may ask for the others only"),
        (_NON_PROFIT, "are for organisations that make no profit: a company may ask for the others only"),
        (frozenset({"DS"}), "may be used for research on a disease only: other research may ask for the others"),
    ):
        count = _count(stated, narrow)
        if 0 < count < len(stated):
            yield f"{_of(count, stated)} {said}."


def _of_its_own(stated: Stated, shorthand: str, what: str) -> Iterator[str]:
    """Different diseases, regions, institutions: the project has to fit all, which it may not be able to."""
    terms = {term for terms in stated.values() for term in terms if term.shorthand == shorthand}
    named = [frozenset(term.restricted_to) - {OTHERS} for term in sorted(terms)]
    if len(named) > 1 and all(named) and not frozenset.intersection(*named):
        listed = "; ".join(", ".join(sorted(keys)) for keys in named)
        yield f"The datasets do not name the same {what} ({listed}): one project has to fit all of them."
    elif _count(stated, frozenset({shorthand})) > 1 and not all(named):
        yield (
            f"{_of(_count(stated, frozenset({shorthand})), stated)} are restricted to a {what} that not all of them "
            "name: whether one project fits all has to be asked."
        )


def _count(stated: Stated, wanted: frozenset[str]) -> int:
    return sum(any(term.shorthand in wanted for term in terms) for terms in stated.values())


def _of(count: int, stated: Stated) -> str:
    return f"{count} of {len(stated)} datasets"
