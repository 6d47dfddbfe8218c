"""What each modifier of DUO says to a use: a table of terms and of the rule each is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from catalogue.use.concepts import lies_in
from catalogue.use.conditions import OTHERS, Term
from catalogue.use.purpose import Aim, Purpose, question_of
from catalogue.use.reasons import Reason, ask, no, yes

Rule: TypeAlias = Callable[[Term, Purpose], Reason]
_MONTHS: Final = re.compile(r"^\d{1,4}$", re.ASCII)


def _forbids(field: str, sentence: str, unsaid: str) -> Rule:
    """A use that is so is not allowed."""

    def rule(term: Term, purpose: Purpose) -> Reason:
        said = getattr(purpose, field)
        if said is None:
            return ask(term.shorthand, f"{sentence} {unsaid}", question_of(field))
        return no(term.shorthand, sentence) if said else yes(term.shorthand, sentence)

    return rule


def _asks_for(field: str, sentence: str, unsaid: str) -> Rule:
    """The user has to have something, or be willing to do something."""

    def rule(term: Term, purpose: Purpose) -> Reason:
        said = getattr(purpose, field)
        if said is None:
            return ask(term.shorthand, f"{sentence} {unsaid}", question_of(field))
        return yes(term.shorthand, sentence) if said else no(term.shorthand, sentence)

    return rule


def _by_hand(sentence: str) -> Rule:
    """Only the committee can tell."""

    def rule(term: Term, _purpose: Purpose) -> Reason:
        named = [key for key in term.restricted_to if key != OTHERS]
        return ask(term.shorthand, f"{sentence}{': ' + ', '.join(named) if named else ''}. Ask whether that is you.")

    return rule


def _non_profit_and_non_commercial(term: Term, purpose: Purpose) -> Reason:
    """DUO:0000018: neither a commercial use nor an organisation that makes profit."""
    sentence = "Only organisations that make no profit may use the data, and for no commercial purpose."
    if purpose.commercial or purpose.profit:
        return no(term.shorthand, sentence)
    for field, unsaid in (("commercial", "Say whether your use is commercial."), ("profit", _PROFIT)):
        if getattr(purpose, field) is None:
            return ask(term.shorthand, f"{sentence} {unsaid}", question_of(field))
    return yes(term.shorthand, sentence)


def _no_ancestry(term: Term, purpose: Purpose) -> Reason:
    sentence = "Studies of population origins or ancestry are not allowed."
    if purpose.aim is None:
        return ask(term.shorthand, f"{sentence} Say what you want the data for.", question_of("aim"))
    return no(term.shorthand, sentence) if purpose.aim is Aim.ANCESTRY else yes(term.shorthand, sentence)


def _in_a_region(term: Term, purpose: Purpose) -> Reason:
    """DUO:0000022: yes in one of the regions, no where all are known and none has the country."""
    if not term.restricted_to:
        return ask(term.shorthand, "Use is limited to a region, and the policy does not say to which.")
    sentence = f"Use is limited to {', '.join(term.restricted_to).replace(OTHERS, 'others')}."
    if purpose.country is None:
        return ask(term.shorthand, f"{sentence} Say in which country you work.", question_of("country"))
    known = [lies_in(purpose.country, region) for region in term.restricted_to]
    if True in known:
        return yes(term.shorthand, sentence)
    if None in known:
        return ask(term.shorthand, f"{sentence} Whether {purpose.country} is part of that is not known here.")
    return no(term.shorthand, sentence)


def _for_a_time(term: Term, purpose: Purpose) -> Reason:
    """DUO:0000025: a number of months."""
    limits = [int(key) for key in term.restricted_to if _MONTHS.match(key)]
    if not limits:
        return ask(term.shorthand, "Use is limited to a period, and the policy does not say to how many months.")
    most = min(limits)
    sentence = f"Use is limited to {most} month{'' if most == 1 else 's'}."
    if purpose.months is None:
        return ask(term.shorthand, f"{sentence} Say for how long you need the data.", question_of("months"))
    return yes(term.shorthand, sentence) if purpose.months <= most else no(term.shorthand, sentence)


def _publish_later(term: Term, _purpose: Purpose) -> Reason:
    """DUO:0000024: it delays what one may publish, and keeps nobody from using the data."""
    dates = [key for key in term.restricted_to if key != OTHERS]
    after = f" {dates[0]}" if dates else " a date the owners set"
    return yes(term.shorthand, f"You may publish only after{after}.")


def _of_a_kind(term: Term, _purpose: Purpose) -> Reason:
    kinds = [key for key in term.restricted_to if key != OTHERS]
    named = f": {', '.join(kinds)}" if kinds else ", and the policy does not say which"
    return ask(term.shorthand, f"Only some kinds of research are allowed{named}.")


def _care(term: Term, _purpose: Purpose) -> Reason:
    """DUO:0000043 adds to the permission, and restricts nothing."""
    return yes(term.shorthand, "Use in clinical care is allowed.")


_PROFIT: Final = "Say whether your organisation makes profit."
MODIFIERS: Final[Mapping[str, Rule]] = {
    "RS": _of_a_kind,
    "NMDS": _forbids(
        "methods",
        "Developing methods or software alone is not allowed.",
        "Say whether that is all you do.",
    ),
    "GSO": _asks_for("genetic", "Only genetic studies are allowed.", "Say whether yours is one."),
    "NPUNCU": _non_profit_and_non_commercial,
    "NPU": _forbids("profit", "Only organisations that make no profit may use the data.", _PROFIT),
    "NCU": _forbids("commercial", "Only non-commercial use is allowed.", "Say whether your use is commercial."),
    "PUB": _asks_for(
        "publish",
        "You must make your results available to the scientific community.",
        "Say whether you are willing to.",
    ),
    "COL": _asks_for(
        "collaborate",
        "You must work together with those who made the study.",
        "Say whether you are willing to.",
    ),
    "IRB": _asks_for("ethics", "You must show an approval of an ethics committee.", "Say whether you have one."),
    "GS": _in_a_region,
    "MOR": _publish_later,
    "TS": _for_a_time,
    "US": _by_hand("Only approved users may use the data"),
    "PS": _by_hand("Use is limited to an approved project"),
    "IS": _by_hand("Use is limited to an approved institution"),
    "RTN": _asks_for("give_back", "You must give back derived data or results.", "Say whether you are willing to."),
    "CC": _care,
    "NPOA": _no_ancestry,
}
