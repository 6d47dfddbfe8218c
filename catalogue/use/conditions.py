"""The conditions of use of a dataset as a small value, and its signature: one line that holds all of it.

A signature is what a search index keeps of conditions. It is finite, the same for equal conditions, and can be read
back: whether a use meets the conditions is worked out from it alone, so every engine and every door gives one answer.

    none                                nothing is stated in a form we can read
    open, open(NC), open(unlicensed)    open data without DUO terms: by its licence
    GRU+IRB+PUB                         one policy: its permission, then what modifies it
    DS(MONDO:0018940)+GS(BE,FI)         what restricts a term stands behind it
    GRU|DS+NPU                          two policies that differ
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from catalogue.dataset import Concept, Dataset, DataUse, Policy
from catalogue.use.terms import PERMISSIONS, shorthands

MAX_SIGNATURE: Final = 1000  # characters an index keeps of a value
OTHERS: Final = "?"  # stands for restrictions that did not fit
_NONE: Final = "none"
_OPEN: Final = "open"
_SAFE: Final = ":/._-~#"
_PUBLIC: Final = "PUBLIC"

# What the licence of open data says: nothing is stated, or commercial use is excluded.
UNLICENSED: Final = "unlicensed"
NON_COMMERCIAL: Final = "NC"


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One DUO term of today by its shorthand, and the keys of what restricts it (diseases, regions, months)."""

    shorthand: str
    restricted_to: tuple[str, ...] = ()

    @property
    def permission(self) -> bool:
        """Whether it is a main permission."""
        return self.shorthand in PERMISSIONS


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is stated of the use of one dataset.

    `policies` holds the terms of each policy; policies with the same terms are one. `licence` is what the licence of
    open data says (empty, `NC` or `unlicensed`), None where the data are not open or DUO terms are stated.
    """

    policies: tuple[tuple[Term, ...], ...] = ()
    licence: str | None = None

    @property
    def stated(self) -> bool:
        """Whether there is anything a program can read."""
        return bool(self.policies) or self.licence is not None


def conditions_of(dataset: Dataset) -> Conditions:
    """Return the conditions of a dataset: of its policies, else of its licence where it is open.

    Terms stated outside of any policy hold for all of them.
    """
    stated = [policy for policy in dataset.policies if policy.data_uses]
    loose = [use for policy in stated if _outside(policy) for use in policy.data_uses]
    policies = [policy.data_uses for policy in stated if not _outside(policy)]
    if policies or loose:
        return Conditions(_distinct([*uses, *loose] for uses in policies or [()]))
    if _is_open(dataset):
        return Conditions(licence=_licence(dataset))
    return Conditions()


def _outside(policy: Policy) -> bool:
    return policy.iri is None and policy.assigner is None


def _distinct(policies: Iterable[Iterable[DataUse]]) -> tuple[tuple[Term, ...], ...]:
    return tuple(sorted({_terms(uses) for uses in policies}))


def _terms(uses: Iterable[DataUse]) -> tuple[Term, ...]:
    """The terms of a policy, each once, permissions first; what restricts a term is put together."""
    found: dict[str, set[str]] = {}
    for use in uses:
        for shorthand in shorthands(use.code):
            keys = {key for each in use.restrictions for key in (each.key, *each.includes)}
            found.setdefault(shorthand, set()).update(keys)
    terms = (Term(shorthand, tuple(sorted(keys))) for shorthand, keys in found.items())
    return tuple(sorted(terms, key=_place))


def _place(term: Term) -> tuple[int, str]:
    return (PERMISSIONS.index(term.shorthand) if term.permission else len(PERMISSIONS), term.shorthand)


def _is_open(dataset: Dataset) -> bool:
    return dataset.access_rights is not None and dataset.access_rights.code == _PUBLIC


def _licence(dataset: Dataset) -> str:
    stated = (dataset.licence, *(each.licence for each in dataset.distributions))
    licences = [licence for licence in stated if licence is not None]
    if not licences:
        return UNLICENSED
    return NON_COMMERCIAL if any(_excludes_commerce(licence) for licence in licences) else ""


def _excludes_commerce(licence: Concept) -> bool:
    """Creative Commons licences with NC, in the EU list (`CC_BYNC_4_0`) or by their own address (`/by-nc/`)."""
    said = f"{licence.code or ''} {licence.iri} {licence.delivered or ''}".upper().replace("-", "").replace("_", "")
    return "CCBYNC" in said or "/BYNC" in said


# The signature. ----------------------------------------------------------------------------------------------------


def signature(conditions: Conditions) -> str:
    """Write conditions as one line. What restricts them is cut, and `?` put for the rest, where it does not fit."""
    if conditions.policies:
        for most in (None, 40, 20, 8, 3, 1, 0):
            text = "|".join("+".join(_written(term, most) for term in terms) for terms in conditions.policies)
            if len(text) <= MAX_SIGNATURE:
                return text
        return _NONE  # hundreds of unknown codes: as good as nothing that can be read
    if conditions.licence is None:
        return _NONE
    return f"{_OPEN}({conditions.licence})" if conditions.licence else _OPEN


def _written(term: Term, most: int | None) -> str:
    if not term.restricted_to:
        return term.shorthand
    kept = term.restricted_to if most is None else term.restricted_to[:most]
    keys = [quote(key, safe=_SAFE) if key != OTHERS else OTHERS for key in kept]
    cut = [OTHERS] if len(kept) < len(term.restricted_to) and OTHERS not in kept else []
    return f"{term.shorthand}({','.join((*keys, *cut))})"


def read_signature(text: str) -> Conditions:
    """Read what `signature` has written."""
    if text == _NONE:
        return Conditions()
    if text == _OPEN or text.startswith(f"{_OPEN}("):
        return Conditions(licence=text[len(_OPEN) + 1 : -1])
    return Conditions(tuple(tuple(map(_read, terms.split("+"))) for terms in text.split("|")))


def _read(text: str) -> Term:
    shorthand, _, rest = text.partition("(")
    keys = rest.removesuffix(")")
    return Term(shorthand, tuple(unquote(key) for key in keys.split(",")) if keys else ())
