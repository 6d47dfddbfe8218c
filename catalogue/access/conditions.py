"""The conditions of several datasets side by side: what all state, what only some do, and what cannot go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from catalogue.dataset import Dataset, DataUse

_HEALTH: Final = "DUO:0000006"
_DISEASE: Final = "DUO:0000007"
_ORIGINS_ONLY: Final = "DUO:0000011"
_NO_ORIGINS: Final = "DUO:0000044"
_NON_PROFIT: Final = frozenset({"DUO:0000018", "DUO:0000045"})
_NON_COMMERCIAL: Final = frozenset({"DUO:0000018", "DUO:0000046"})
# Each names something of its own (a disease, a region, an institution), which DUO's code alone does not say.
_OWN: Final = {
    _DISEASE: "disease",
    "DUO:0000012": "kind of research",
    "DUO:0000022": "region",
    "DUO:0000027": "project",
    "DUO:0000028": "institution",
}


@dataclass(frozen=True, slots=True)
class Shared:
    """A condition, and the identifiers of the datasets that state it."""

    use: DataUse
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
    uses = {key: {use.code: use for policy in d.policies for use in policy.data_uses} for key, d in datasets.items()}
    stating: dict[str, list[str]] = {}
    known: dict[str, DataUse] = {}
    for key, stated in uses.items():
        for code, use in stated.items():
            stating.setdefault(code, []).append(key)
            known.setdefault(code, use)
    shared = sorted((Shared(known[c], tuple(keys)) for c, keys in stating.items()), key=_order)
    return Compared(
        common=tuple(each for each in shared if len(each.datasets) == len(datasets)),
        varying=tuple(each for each in shared if len(each.datasets) < len(datasets)),
        silent=tuple(key for key, stated in uses.items() if not stated),
        conflicts=tuple(_conflicts({key: frozenset(stated) for key, stated in uses.items()})),
    )


def _order(shared: Shared) -> tuple[bool, str]:
    return shared.use.modifier, shared.use.code


def _conflicts(codes: Mapping[str, frozenset[str]]) -> Iterator[str]:
    if len(codes) > 1:
        yield from _cannot_meet(codes)
        yield from _narrower(codes)
        yield from _each_its_own(codes)


def _cannot_meet(codes: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """What no single project satisfies."""
    only = _count(codes, frozenset({_ORIGINS_ONLY}))
    never = _count(codes, frozenset({_NO_ORIGINS, _HEALTH, _DISEASE}))
    if only and never:
        yield (
            f"{_of(only, codes)} may be used for studies of population origins or ancestry only, {never} not for them:"
            " no one project may use all."
        )


def _narrower(codes: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """What some allow and others do not: one application for all has to keep to the narrowest."""
    for narrow, said in (
        (_NON_COMMERCIAL, "forbid commercial use: a project with commercial ends may ask for the others only"),
        (_NON_PROFIT, "are for organisations that make no profit: a company may ask for the others only"),
        (frozenset({_DISEASE}), "may be used for the disease they name only: other research may ask for the others"),
    ):
        count = _count(codes, narrow)
        if 0 < count < len(codes):
            yield f"{_of(count, codes)} {said}."


def _each_its_own(codes: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for code, what in _OWN.items():
        count = _count(codes, frozenset({code}))
        if count > 1:
            yield f"{_of(count, codes)} name a {what} each: the project has to fit every one of them."


def _count(codes: Mapping[str, frozenset[str]], wanted: frozenset[str]) -> int:
    return sum(not wanted.isdisjoint(stated) for stated in codes.values())


def _of(count: int, codes: Mapping[str, frozenset[str]]) -> str:
    return f"{count} of {len(codes)} datasets"
