"""Whether a use meets conditions: yes, no, or ask; and the rules that decided, each as a sentence.

A committee decides; this says only what the stated conditions say. What is not known is never a yes. The disease is
matched as REMS does (the same concept, or one the record says is narrower); for any other the answer is to ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from catalogue.use.conditions import NON_COMMERCIAL, UNLICENSED, Conditions, Term, read_signature
from catalogue.use.modifiers import MODIFIERS
from catalogue.use.permissions import permitted
from catalogue.use.purpose import Purpose, question_of
from catalogue.use.reasons import Answer, Reason, Verdict, ask, no, yes
from catalogue.use.terms import HEADS, code_of

# What a yes asks of the user: told beside it, for they are promises.
_DUTIES: Final = frozenset({"PUB", "COL", "IRB", "RTN", "MOR", "TS"})
_REMEMBERED: Final = 16_384  # verdicts


@lru_cache(maxsize=_REMEMBERED)
def judge_signature(signature: str, purpose: Purpose) -> Verdict:
    """Judge conditions by their signature. Verdicts are remembered: a catalogue has few different conditions."""
    return judge(read_signature(signature), purpose)


def judge(conditions: Conditions, purpose: Purpose) -> Verdict:
    """Say what conditions say to a use.

    In one policy every rule counts: one that refuses makes a no, else one that is open makes it ask. Policies that
    give different answers make it ask: which of them is meant is not said.
    """
    if not conditions.stated:
        return Verdict(Answer.ASK, (ask("no-conditions", "The record states no conditions in a form we can read."),))
    if conditions.licence is not None:
        return _of_open_data(conditions.licence, purpose)
    verdicts = [_policy(terms, purpose) for terms in conditions.policies]
    if len({verdict.answer for verdict in verdicts}) == 1:
        decided = dict.fromkeys(reason for verdict in verdicts for reason in verdict.decided)
        duties = dict.fromkeys(reason for verdict in verdicts for reason in verdict.duties)
        return Verdict(verdicts[0].answer, tuple(decided), tuple(duties))
    differ = ask("policies-differ", "The record has several policies, and they do not say the same to your use.")
    rules = dict.fromkeys(reason for verdict in verdicts for reason in verdict.decided)
    return Verdict(Answer.ASK, (differ, *rules))


def _of_open_data(licence: str, purpose: Purpose) -> Verdict:
    reason = yes("open-data", "The data are open (dct:accessRights is PUBLIC); nobody has to be asked for access.")
    if licence == UNLICENSED:
        reason = ask("open-data", "The data are open, but no licence says what you may do with them.")
    elif licence == NON_COMMERCIAL:
        sentence = "The data are open, under a licence that excludes commercial use."
        if purpose.commercial is None:
            reason = ask("open-data", f"{sentence} Say whether your use is commercial.", question_of("commercial"))
        else:
            reason = no("open-data", sentence) if purpose.commercial else yes("open-data", sentence)
    return Verdict(reason.answer, (reason,))


def _policy(terms: tuple[Term, ...], purpose: Purpose) -> Verdict:
    reasons = tuple(_reasons(terms, purpose))
    for answer in (Answer.NO, Answer.ASK):
        decided = tuple(reason for reason in reasons if reason.answer is answer)
        if decided:
            return Verdict(answer, decided)
    permissions = tuple(reason for reason in reasons if reason.rule not in _DUTIES)
    return Verdict(Answer.YES, permissions, tuple(reason for reason in reasons if reason.rule in _DUTIES))


def _reasons(terms: tuple[Term, ...], purpose: Purpose) -> Iterator[Reason]:
    permissions = [term for term in terms if term.permission]
    care = any(term.shorthand == "CC" for term in terms)
    yield from _permission([permitted(term, purpose, care=care) for term in permissions])
    for term in terms:
        rule = MODIFIERS.get(term.shorthand)
        if rule is not None:
            yield rule(term, purpose)
        elif not term.permission:
            yield _unreadable(term)


def _permission(said: list[Reason]) -> Iterator[Reason]:
    """One permission counts as it is. Several contradict each other, unless they give the same answer."""
    if not said:
        yield ask("permission", "The policy says what restricts use, but not which use it allows.")
    elif len({reason.answer for reason in said}) == 1:
        yield from said
    else:
        named = " and ".join(reason.rule for reason in said)
        yield ask("permission", f"The policy has several main permissions ({named}) that contradict each other here.")


def _unreadable(term: Term) -> Reason:
    code = code_of(term.shorthand)
    if code in HEADS:
        return ask(term.shorthand, "The policy says that there are conditions of use, but not which.")
    return ask(term.shorthand, f"The policy has a condition we do not know: {code}.")
