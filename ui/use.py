"""The form "can I use it?", and its answer as pages and programs are told it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from catalogue.labels import country_labels
from catalogue.text import pick
from catalogue.use.purpose import PREFIX, QUESTIONS, Purpose, purpose_parameters, read_purpose
from catalogue.use.reasons import Reason, Verdict
from catalogue.use.terms import code_of
from ui import words

# Said with every answer, on pages and in the API.
CAVEAT: Final = "This is what the stated conditions say. The body that decides may see it otherwise: it is no grant."


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the form. `options` are values and their words; empty for a text or a number."""

    name: str
    words: str
    hint: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    number: bool = False


@dataclass(frozen=True, slots=True)
class UsePanel:
    """The form on a dataset's page; `verdict` is the answer to what was asked, `said` that in a few words."""

    questions: tuple[Question, ...]
    said: str = ""
    verdict: Verdict | None = None
    caveat: str = CAVEAT


def asked_purpose(args: MultiDict[str, str]) -> Purpose:
    """Read the use in mind from the parameters of an address; the others are left alone. Raises `BadQuery`."""
    return read_purpose((name, value) for name, value in args.items(multi=True) if name.startswith(PREFIX))


def questions(purpose: Purpose) -> tuple[Question, ...]:
    """Return the form, filled in with a purpose."""
    said = dict(purpose_parameters(purpose))
    return tuple(_question(PREFIX + name, said.get(PREFIX + name, "")) for name in QUESTIONS)


def _question(name: str, value: str) -> Question:
    text, hint = words.QUESTIONS[name]
    if name == "use.purpose":
        return Question(name, text, hint, value, tuple((aim.value, label) for aim, label in words.AIMS.items()))
    if name in {"use.disease", "use.country", "use.months"}:
        return Question(name, text, hint, value, number=name == "use.months")
    return Question(name, text, hint, value, (("yes", "yes"), ("no", "no")))


def in_words(purpose: Purpose) -> str:
    """Return a purpose in a few words, for the filter that is chosen."""
    return "; ".join(_said(purpose))


def _said(purpose: Purpose) -> Iterable[str]:
    if purpose.aim is not None:
        yield words.AIMS[purpose.aim].lower()
    if purpose.disease is not None:
        yield purpose.disease
    if purpose.country is not None:
        named = pick(country_labels(purpose.country), ("en",))
        yield f"in {named.value if named else purpose.country}"
    if purpose.months is not None:
        yield f"{purpose.months} months"
    for field, (yes, no) in words.SAID.items():
        value = getattr(purpose, field)
        if value is not None:
            yield yes if value else no


def verdict_json(verdict: Verdict) -> Mapping[str, Any]:
    """Return an answer as programs are told it."""
    return {
        "answer": verdict.answer.value,
        "decided": [_reason(reason) for reason in verdict.decided],
        "duties": [_reason(reason) for reason in verdict.duties],
        "note": CAVEAT,
    }


def _reason(reason: Reason) -> Mapping[str, Any]:
    code = code_of(reason.rule)
    return {
        "answer": reason.answer.value,
        "rule": reason.rule,
        "duo": code if code.startswith("DUO:") else None,
        "sentence": reason.sentence,
        "question": reason.question,
    }
