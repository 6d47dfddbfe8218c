"""What each main permission of DUO says to a use. The release of 2021-02-23 defines the terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from catalogue.use.conditions import OTHERS, Term
from catalogue.use.purpose import Aim, Purpose, question_of
from catalogue.use.reasons import Reason, ask, no, yes

_RESEARCH: Final = frozenset({Aim.DISEASE, Aim.HEALTH, Aim.ANCESTRY, Aim.RESEARCH})
_WORDS: Final[Mapping[Aim, str]] = {
    Aim.DISEASE: "research on a disease",
    Aim.HEALTH: "health, medical or biomedical research",
    Aim.ANCESTRY: "studies of population origins or ancestry",
    Aim.RESEARCH: "other research",
    Aim.CARE: "clinical care",
    Aim.POLICY: "public health, policy and statistics",
    Aim.TEACHING: "education",
}
# What a permission says to each aim: allowed, not allowed, or nothing (then its committee has to be asked).
_ALLOWED: Final[Mapping[str, frozenset[Aim]]] = {
    "GRU": _RESEARCH,
    "HMB": frozenset({Aim.DISEASE, Aim.HEALTH}),
    "POA": frozenset({Aim.ANCESTRY}),
}
_REFUSED: Final[Mapping[str, frozenset[Aim]]] = {
    "GRU": frozenset(),
    "HMB": frozenset({Aim.ANCESTRY, Aim.RESEARCH}),
    "POA": frozenset(Aim) - {Aim.ANCESTRY, Aim.POLICY, Aim.TEACHING},
}
_ONLY: Final[Mapping[str, str]] = {
    "GRU": "research of any kind",
    "HMB": "health, medical or biomedical research",
    "POA": "studies of population origins or ancestry",
}
_WHAT_FOR: Final = "Say what you want the data for."


def permitted(term: Term, purpose: Purpose, *, care: bool) -> Reason:
    """Return what a main permission says to a use. `care`: the policy also allows clinical care (DUO:0000043)."""
    aim = purpose.aim
    if term.shorthand == "NRES":
        return yes("NRES", "The policy allows any use.")
    if aim is None:
        return ask(term.shorthand, f"The policy names what the data may be used for. {_WHAT_FOR}", question_of("aim"))
    if care and aim is Aim.CARE:
        return yes("CC", "The policy allows use in clinical care.")
    return _on_a_disease(term, aim, purpose.disease) if term.shorthand == "DS" else _of_a_kind(term.shorthand, aim)


def _of_a_kind(permission: str, aim: Aim) -> Reason:
    """DUO:0000042, 0000006 and 0000011: research of some kind."""
    words, only = _WORDS[aim], _ONLY[permission]
    if aim in _ALLOWED[permission]:
        return yes(permission, f"The policy allows {only}.")
    if aim in _REFUSED[permission]:
        return no(permission, f"The policy allows only {only}, not {words}.")
    return ask(permission, f"The policy allows {only}; it says nothing of {words}.")


def _on_a_disease(term: Term, aim: Aim, disease: str | None) -> Reason:
    """DUO:0000007: research on the disease named, and on no other thing."""
    only = f"The policy allows only research on {_diseases(term)}"
    if aim in {Aim.ANCESTRY, Aim.RESEARCH}:
        return no("DS", f"{only}, not {_WORDS[aim]}.")
    if aim is Aim.HEALTH and disease is None:
        return no("DS", f"{only}, not health research in general.")
    if aim in {Aim.CARE, Aim.POLICY, Aim.TEACHING}:
        return ask("DS", f"{only}; it says nothing of {_WORDS[aim]}.")
    return _of_this_disease(term, disease, only)


def _of_this_disease(term: Term, disease: str | None, only: str) -> Reason:
    """The same disease, or one the record says is narrower, is allowed; of others nothing is known here."""
    if not term.restricted_to:
        return ask("DS", f"{only}, and does not say on which.")
    if disease is None:
        return ask("DS", f"{only}. Name the disease you study.", question_of("disease"))
    if disease in term.restricted_to:
        return yes("DS", f"The policy allows research on {disease}.")
    return ask("DS", f"{only}. Whether {disease} is part of that is not known here.")


def _diseases(term: Term) -> str:
    """The diseases of a term in a sentence; the first few of many."""
    known = [key for key in term.restricted_to if key != OTHERS]
    if not known:
        return "one disease"
    most = 4
    listed = ", ".join(known[:most])
    return f"{listed} and others" if len(known) > most or OTHERS in term.restricted_to else listed
