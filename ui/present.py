"""How values are said to one reader: texts in their language, numbers, dates, sizes, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Final

from markupsafe import Markup, escape

from catalogue.dataset import Agent, Concept, Period
from catalogue.labels import country_labels, label, readable_address
from catalogue.text import Text, pick
from shapes.vocabulary import shorten
from ui import sanitise, words
from ui.language import language_name

_NARROW_SPACE: Final = "\u202f"
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*|Z|[+-]\d\d:\d\d)?\Z")
_PAGE_LANGUAGE: Final = "en"
_AROUND: Final = 2  # pages linked on either side of the current one


@dataclass(frozen=True, slots=True)
class Presenter:
    """Says values to a reader of these languages, best first."""

    languages: tuple[str, ...] = ("en",)

    # Texts

    def pick(self, texts: Sequence[Text]) -> Text | None:
        """The text this reader is shown."""
        return pick(texts, self.languages)

    def words(self, texts: Sequence[Text], otherwise: str = "") -> str:
        """The text this reader is shown, as plain words on one line."""
        text = self.pick(texts)
        return (sanitise.plain(text.value) if text else "") or otherwise

    def text(self, texts: Sequence[Text], otherwise: str = "") -> Markup:
        """The same for a page: marked with its language, and as machine translated where it is."""
        text = self.pick(texts)
        if text is None or not text.value.strip():
            return escape(otherwise)
        return self.spoken(sanitise.plain(text.value), text)

    def prose(self, texts: Sequence[Text]) -> Markup:
        """A long text in the reader's language, as paragraphs of harmless HTML."""
        text = self.pick(texts)
        return self.passage(text) if text else Markup()

    def passage(self, text: Text) -> Markup:
        """One long text as it is, marked with its language."""
        note = Markup("<p>{}</p>").format(_machine(text)) if text.machine else Markup()
        return Markup('<div class="prose"{}>{}{}</div>').format(_language(text), note, sanitise.prose(text.value))

    def spoken(self, shown: str, text: Text) -> Markup:
        """`shown` with the language mark of `text`."""
        lang = _language(text)
        body = Markup("<span{}>{}</span>").format(lang, shown) if lang else escape(shown)
        return Markup("{} {}").format(body, _machine(text)) if text.machine else body

    def others(self, texts: Sequence[Text]) -> tuple[Text, ...]:
        """The texts in languages this reader is not shown, in order of the language's name."""
        shown = self.pick(texts)
        rest = [t for t in texts if t is not shown and (shown is None or t.value != shown.value)]
        return tuple(sorted(rest, key=lambda t: (language_name(t.language or ""), t.machine)))

    def language(self, text: Text) -> str:
        """The name of a text's language."""
        return language_name(text.language) if text.language else "language not stated"

    # Concepts and bodies

    def label(self, concept: Concept | None, otherwise: str = "") -> str:
        """A concept's label in the reader's language, else its code, else its short IRI."""
        if concept is None:
            return otherwise
        said = self.words(concept.labels) or concept.code or shorten(concept.iri)
        # A bare number says nothing (a place of GeoNames): then the whole address does.
        return said if any(sign.isalpha() for sign in said) else readable_address(concept.iri)

    def labels(self, concepts: Iterable[Concept]) -> tuple[str, ...]:
        """Labels of several concepts, each once."""
        return tuple(dict.fromkeys(self.label(concept) for concept in concepts))

    def name(self, agent: Agent | None, otherwise: str = "") -> str:
        """A body's name."""
        if agent is None:
            return otherwise
        return self.words(agent.names) or agent.iri or agent.key

    def country(self, code: str | None) -> str:
        """The name of a country given by its ISO code; nothing where none is known."""
        return self.words(country_labels(code), code) if code else ""

    def keywords(self, texts: Sequence[Text]) -> tuple[Text, ...]:
        """The keywords to show: those in the reader's language and those without one, else those written by people."""
        wished = self.pick(texts)
        if wished is None:
            return ()
        chosen = [t for t in texts if t.language is None or (t.base == wished.base and t.machine == wished.machine)]
        return tuple({text.value.casefold(): text for text in reversed(chosen)}.values())[::-1]

    # Figures

    def number(self, value: int | None) -> str:
        """A whole number with thin spaces between thousands (ISO 80000-1)."""
        return "" if value is None else f"{value:,}".replace(",", _NARROW_SPACE)

    def date(self, lexical: str | datetime | date | None) -> Markup:
        """A date or time as people write it; what is no date is shown as it was delivered."""
        if lexical is None:
            return Markup()
        if isinstance(lexical, datetime | date):
            lexical = lexical.isoformat()
        shown = date_words(lexical)
        if shown is None:
            return escape(lexical)
        return Markup('<time datetime="{}">{}</time>').format(lexical, shown)

    def moment(self, time: datetime | None) -> Markup:
        """A date with hours and minutes in UTC."""
        if time is None:
            return Markup()
        shown = f"{date_words(time.date().isoformat())}, {time:%H:%M} UTC"
        return Markup('<time datetime="{}">{}</time>').format(time.isoformat(timespec="seconds"), shown)

    def period(self, period: Period) -> Markup:
        """A period of time; open ends are said."""
        if period.start and period.end:
            return Markup("{} to {}").format(self.date(period.start), self.date(period.end))
        if period.start:
            return Markup("since {}").format(self.date(period.start))
        return Markup("until {}").format(self.date(period.end)) if period.end else Markup()

    def years(self, period: Period) -> Markup:
        """A period in few signs: years alone where both ends are dates, with the exact ends behind them."""
        start, end = ((lexical or "")[:4] for lexical in (period.start, period.end))
        if not (start.isdigit() and end.isdigit()):
            return self.period(period)
        exact = str(self.period(period).striptags())
        shown = start if start == end else f"{start}–{end}"
        return Markup('<span title="{}">{}</span>').format(exact, shown)

    def role(self, iri: str | None, labels: Sequence[Text], otherwise: str) -> str:
        """What to call the role of an attribution: as the record does, else as our lists do, else its last part."""
        return self.words(labels) or (label(iri, self.languages) if iri else otherwise)

    def size(self, count: int | None) -> str:
        """A number of bytes in decimal units."""
        if count is None:
            return ""
        value, unit = float(count), "bytes"
        for bigger in ("kB", "MB", "GB", "TB", "PB"):
            if value < 1000:  # noqa: PLR2004 - the step of decimal units
                break
            value, unit = value / 1000, bigger
        return f"{count} bytes" if unit == "bytes" else f"{value:.3g} {unit}"

    def duration(self, seconds: float | None) -> str:
        """A time span in the two biggest units."""
        if seconds is None:
            return ""
        if seconds < 10:  # noqa: PLR2004 - below this a tenth of a second says something
            return f"{seconds:.1f} s"
        minutes, left = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        some = (f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min"), (left, "s")) if number)
        return " ".join(islice(some, 2))

    def share(self, part: int, whole: int) -> str:
        """A share in whole per cent; never rounded up to all or down to none."""
        if not whole:
            return "–"
        percent = round(100 * part / whole)
        if part and not percent:
            return "under 1 %"
        return "over 99 %" if part < whole and percent == 100 else f"{percent} %"  # noqa: PLR2004 - per cent

    # Links

    def link(self, address: str, label: str | None = None) -> Markup:
        """A link to a stranger's address, or its text where it is not http, https or mailto."""
        return sanitise.anchor(address, label)

    def iri(self, iri: str) -> Markup:
        """An IRI by its short name, linked where it can be."""
        return sanitise.anchor(iri, shorten(iri))

    def mail(self, email: str) -> Markup:
        """An e-mail address as a link."""
        return sanitise.anchor(f"mailto:{email}", email)

    # Words for codes

    def access(self, concept: Concept | None) -> tuple[str, str]:
        """The word for an access right and what it means in plain words."""
        if concept is None:
            return words.ACCESS_UNKNOWN
        code = (concept.code or concept.iri.rsplit("/", 1)[-1]).upper()
        return words.ACCESS.get(code, (self.label(concept), "The record states an access right we do not know."))


def date_words(lexical: str) -> str | None:
    """Return `12 May 2025`, `May 2025` or `2025` for a lexical xsd date, time, month or year; None otherwise."""
    match = _DATE.match(lexical.strip())
    if match is None:
        return None
    year, month, day = match.group(1), match.group(2), match.group(3)
    if month is None:
        return year
    if not 1 <= int(month) <= 12:  # noqa: PLR2004 - months of a year
        return None
    name = _MONTHS[int(month) - 1]
    return f"{int(day)} {name} {year}" if day else f"{name} {year}"


def page_numbers(page: int, last: int) -> list[int | None]:
    """The numbers a pager shows: the ends, and those around the current page; None stands for a gap."""
    near = range(max(1, page - _AROUND), min(last, page + _AROUND) + 1)
    shown: list[int | None] = []
    before = 0
    for number in sorted({1, last, *near}):
        if number - before > 1:
            shown.append(None)
        shown.append(number)
        before = number
    return shown


def marked(snippet: str) -> Markup:
    """Return an excerpt whose matched words stand between `[[` and `]]` as HTML with them marked."""
    made = Markup()
    for part in re.split(r"(\[\[.*?\]\])", sanitise.plain(snippet)):
        if part.startswith("[[") and part.endswith("]]"):
            made += Markup("<mark>{}</mark>").format(part[2:-2])
        else:
            made += escape(part)
    return made


def unmarked(snippet: str) -> str:
    """Return an excerpt without its marks."""
    return sanitise.plain(snippet).replace("[[", "").replace("]]", "")


def _language(text: Text) -> Markup:
    if not text.language or text.base == _PAGE_LANGUAGE:
        return Markup()
    return Markup(' lang="{}"').format(text.base)


def _machine(text: Text) -> Markup:
    origin = (text.language or "").partition("-t-")[2].split("-", 1)[0]
    source = f" from {language_name(origin)}" if origin else ""
    return Markup('<span class="machine">machine translated{}</span>').format(source)
