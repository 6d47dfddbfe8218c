"""An answer to "can I use it?", and the rules it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """What the stated conditions say to a use. None of them is a grant, or a refusal, of access."""

    YES = "yes"
    ASK = "ask"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule and what it says to a use.

    `rule`: the DUO term by its shorthand, or `open-data`, `no-conditions`, `policies-differ`, `permission`.
    `sentence` says it in plain English. `question` is the parameter whose answer would settle it, where one would.
    """

    answer: Answer
    rule: str
    sentence: str
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one dataset. `decided` are the rules that gave it, `duties` what a yes asks of the user."""

    answer: Answer
    decided: tuple[Reason, ...]
    duties: tuple[Reason, ...] = ()


def yes(rule: str, sentence: str) -> Reason:
    """Return a rule that is met."""
    return Reason(Answer.YES, rule, sentence)


def no(rule: str, sentence: str) -> Reason:
    """Return a rule that is not met."""
    return Reason(Answer.NO, rule, sentence)


def ask(rule: str, sentence: str, question: str | None = None) -> Reason:
    """Return a rule of which only its committee can tell, or the user by answering `question`."""
    return Reason(Answer.ASK, rule, sentence, question)
