"""Which of two literals is less (SPARQL 1.1, section 17.3, with the other ordered types of XML Schema beside).

Numbers of all kinds compare with each other, strings with strings, and dates, times, years and durations with their own
kind. Everything else cannot be compared, and what cannot be compared is not less: IRIs, blank nodes, texts with a
language, ill-typed literals. A time without a zone and one with it compare where fourteen hours make no difference
(XML Schema 1.0 part 2, section 3.2.7.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import isnan
from typing import Final

from shapes.engine.text import parts
from shapes.engine.xsd import INTEGERS, well_formed
from shapes.vocabulary import XSD

_FOURTEEN_HOURS: Final = Decimal(14 * 3600)
_MOMENT: Final = re.compile(
    r"(?:(?P<y>\d{4})(?:-(?P<m>\d\d)(?:-(?P<d>\d\d))?)?)?T?(?:(?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d(?:\.\d+)?))?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_DURATION: Final = re.compile(
    r"(?P<sign>-?)P(?:(?P<y>\d+)Y)?(?:(?P<m>\d+)M)?(?:(?P<d>\d+)D)?"
    r"(?:T(?:(?P<H>\d+)H)?(?:(?P<M>\d+)M)?(?:(?P<S>\d+(?:\.\d+)?)S)?)?"
)


@dataclass(frozen=True, slots=True)
class _Number:
    value: int | Decimal | float


@dataclass(frozen=True, slots=True)
class _Text:
    value: str


@dataclass(frozen=True, slots=True)
class _Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class _Moment:
    """`kind` is date, dateTime, time, gYear ...; `value` seconds; `zoned` whether it says where on earth."""

    kind: str
    value: Decimal
    zoned: bool


@dataclass(frozen=True, slots=True)
class _Duration:
    months: int
    seconds: Decimal


_Ordered = _Number | _Text | _Truth | _Moment | _Duration


def less(one: str, other: str) -> bool:
    """Whether one literal is less than another; False where they cannot be compared."""
    a, b = _ordered(one), _ordered(other)
    if isinstance(a, _Moment) and isinstance(b, _Moment):
        return a.kind == b.kind and a.value + _doubt(a, b) < b.value
    if isinstance(a, _Duration) and isinstance(b, _Duration):
        return a != b and a.months <= b.months and a.seconds <= b.seconds
    return _by_value(a, b, lambda x, y: x < y)


def less_or_equal(one: str, other: str) -> bool:
    """Whether one literal is less than or equal to another; False where they cannot be compared."""
    a, b = _ordered(one), _ordered(other)
    if isinstance(a, _Moment) and isinstance(b, _Moment):
        if a.zoned != b.zoned:
            return less(one, other)
        return a.kind == b.kind and a.value <= b.value
    if isinstance(a, _Duration) and isinstance(b, _Duration):
        return a.months <= b.months and a.seconds <= b.seconds
    return _by_value(a, b, lambda x, y: x <= y)


def _doubt(a: _Moment, b: _Moment) -> Decimal:
    return Decimal(0) if a.zoned == b.zoned else _FOURTEEN_HOURS


def _by_value(a: _Ordered | None, b: _Ordered | None, holds: Callable[..., bool]) -> bool:
    for kind in (_Number, _Text, _Truth):
        if isinstance(a, kind) and isinstance(b, kind):
            return holds(a.value, b.value)
    return False


@lru_cache(maxsize=4096)
def _ordered(text: str) -> _Ordered | None:
    """The value of a literal that has an order; None for anything else."""
    if text[0] != '"':
        return None
    form, datatype, _ = parts(text)
    if datatype == XSD.string:
        return _Text(form)
    reader = _READERS.get(datatype)
    if reader is None or not well_formed(form, datatype):
        return None
    return reader(form.strip(" \t\r\n"))


def _moment(kind: str) -> Callable[[str], _Moment]:
    def read(form: str) -> _Moment:
        found = _MOMENT.fullmatch(form)
        if found is None:
            raise ValueError(f"{form} is no {kind}")
        day = date(int(found["y"] or 1), int(found["m"] or 1), int(found["d"] or 1)).toordinal()
        seconds = day * 86400 + int(found["H"] or 0) * 3600 + int(found["M"] or 0) * 60 + Decimal(found["S"] or 0)
        zone = found["zone"]
        return _Moment(kind, Decimal(seconds - _offset(zone)), zone is not None)

    return read


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
    return -seconds if zone[0] == "-" else seconds


def _duration(form: str) -> _Duration:
    found = _DURATION.fullmatch(form)
    if found is None:
        raise ValueError(f"{form} is no duration")
    months = int(found["y"] or 0) * 12 + int(found["m"] or 0)
    hours = int(found["d"] or 0) * 24 + int(found["H"] or 0)
    seconds = hours * 3600 + int(found["M"] or 0) * 60 + Decimal(found["S"] or 0)
    return _Duration(-months, Decimal(-seconds)) if found["sign"] else _Duration(months, Decimal(seconds))


def _float(form: str) -> _Number | None:
    value = float(form)
    return None if isnan(value) else _Number(value)


_READERS: Final[dict[str, Callable[[str], _Ordered | None]]] = {
    **dict.fromkeys(INTEGERS, lambda form: _Number(int(form))),
    XSD.decimal: lambda form: _Number(Decimal(form)),
    XSD.double: _float,
    XSD.float: _float,
    XSD.boolean: lambda form: _Truth(form in ("true", "1")),
    XSD.date: _moment("date"),
    XSD.dateTime: _moment("dateTime"),
    XSD.dateTimeStamp: _moment("dateTime"),
    XSD.time: _moment("time"),
    XSD.gYear: _moment("gYear"),
    XSD.gYearMonth: _moment("gYearMonth"),
    XSD.duration: _duration,
    XSD.dayTimeDuration: _duration,
    XSD.yearMonthDuration: _duration,
}
