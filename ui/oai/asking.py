"""Reads a request of OAI-PMH (version 2.0, sections 2.5 to 4): the verb, its arguments, and where a list goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, Self

from catalogue.journal.happenings import Window
from shapes.record import Kind

KINDS: Final = frozenset({Kind.DATASET, Kind.SERIES, Kind.SERVICE})
TOKEN: Final = "resumptionToken"  # noqa: S105 - a place in a list, no secret
_LIST: Final = frozenset({"metadataPrefix", "from", "until", "set", TOKEN})
# The arguments of each verb (section 4).
ARGUMENTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "Identify": frozenset(),
        "ListMetadataFormats": frozenset({"identifier"}),
        "ListSets": frozenset({TOKEN}),
        "ListIdentifiers": _LIST,
        "ListRecords": _LIST,
        "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    }
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_SECOND: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NUMBER: Final = re.compile(r"\d{1,18}")


class Refused(Exception):
    """A request the protocol has an error code for (section 3.6)."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Asked:
    """A verb with its arguments, each once."""

    verb: str
    arguments: Mapping[str, str]

    def needed(self, name: str) -> str:
        """Return an argument the verb cannot do without. Raises `Refused`."""
        if name not in self.arguments:
            raise Refused("badArgument", f"{self.verb} needs the argument {name}.")
        return self.arguments[name]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: its format and window, after which number it goes on, how many came before, of how many."""

    prefix: str
    source: str | None
    since: str
    until: str
    after: int = 0
    told: int = 0
    total: int = 0

    @property
    def window(self) -> Window:
        """The records of the list. An `until` includes its whole day, or its whole second."""
        granule = timedelta(days=1) if _DAY.fullmatch(self.until) else timedelta(seconds=1)
        before = _moment(self.until) + granule if self.until else None
        return Window(KINDS, self.source, _moment(self.since) if self.since else None, before)

    def token(self) -> str:
        """Write it as a resumption token. It says all, so it never expires, and goes on in what is there then."""
        parts = (self.prefix, self.source or "", self.since, self.until, self.after, self.told, self.total)
        return ",".join(map(str, parts))

    @classmethod
    def of(cls, token: str) -> Self:
        """Read a token. Raises `Refused` for what is none of ours."""
        parts = token.split(",")
        numbers = parts[4:]
        if len(parts) != len(cls.__slots__) or not all(map(_NUMBER.fullmatch, numbers)):
            raise Refused("badResumptionToken", "The resumption token is none that was given here.")
        prefix, source, since, until = parts[:4]
        try:
            _check_dates(since, until)
        except Refused as error:
            raise Refused("badResumptionToken", "The resumption token is none that was given here.") from error
        return cls(prefix, source or None, since, until, *map(int, numbers))


def read(pairs: Iterable[tuple[str, str]]) -> Asked:
    """Read the parameters of a request. Raises `Refused`."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            code = "badVerb" if name == "verb" else "badArgument"
            raise Refused(code, f"The argument {name} was given twice.")
        given[name] = value
    verb = given.pop("verb", "")
    if verb not in ARGUMENTS:
        said = f"There is no verb {verb!r}" if verb else "There is no verb in the request"
        raise Refused("badVerb", f"{said}; there are {', '.join(ARGUMENTS)}.")
    unknown = sorted(given.keys() - ARGUMENTS[verb])
    if unknown:
        raise Refused("badArgument", f"{verb} takes no argument {', '.join(map(repr, unknown))}.")
    if TOKEN in given and len(given) > 1:
        raise Refused("badArgument", f"{TOKEN} stands alone: it says what the other arguments said.")
    return Asked(verb, given)


def place(asked: Asked) -> Place:
    """Return where a list begins or goes on. Raises `Refused`."""
    if TOKEN in asked.arguments:
        return Place.of(asked.arguments[TOKEN])
    prefix = asked.needed("metadataPrefix")
    since, until = asked.arguments.get("from", ""), asked.arguments.get("until", "")
    _check_dates(since, until)
    return Place(prefix, asked.arguments.get("set"), since, until)


def _check_dates(since: str, until: str) -> None:
    for name, text in (("from", since), ("until", until)):
        if text:
            _check_date(name, text)
    if since and until:
        if len(since) != len(until):
            raise Refused("badArgument", "from and until must be of the same granularity: two days, or two times.")
        if until < since:
            raise Refused("badArgument", f"until, {until}, is before from, {since}.")


def _check_date(name: str, text: str) -> None:
    try:
        fits = (_DAY.fullmatch(text) or _SECOND.fullmatch(text)) and _moment(text)
    except ValueError:
        fits = None
    if not fits:
        example = "2026-01-31 or 2026-01-31T12:00:00Z"
        raise Refused("badArgument", f"{name} must be a day or a time of UTC such as {example}, not {text!r}.")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
