"""The lexical forms of XML Schema datatypes: the question `sh:datatype` asks of a literal (SHACL 1.0, section 4.1.2).

rdflib answers it by trying to make a Python value, which lets `"2020-01-01"^^xsd:dateTime`, `"1E5"^^xsd:decimal` and
every `xsd:gYear` pass. The grammar here is that of XML Schema 1.1 part 2, with one limit: years run from 0001 to 9999
and the hour 24 is not taken, because rdflib has no value for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from shapes.vocabulary import XSD

_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DATE = r"(?P<y>(?!0000)\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
_DAYS = r"(?=\d|T)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_FLOAT = r"(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN)"

_FORMS: Final = {
    XSD[name]: re.compile(pattern, re.ASCII)
    for name, pattern in {
        "boolean": r"true|false|1|0",
        "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
        "double": _FLOAT,
        "float": _FLOAT,
        "date": rf"{_DATE}{_ZONE}?",
        "dateTime": rf"{_DATE}T{_TIME}{_ZONE}?",
        "dateTimeStamp": rf"{_DATE}T{_TIME}{_ZONE}",
        "time": rf"{_TIME}{_ZONE}?",
        "gYear": rf"(?!0000)\d{{4}}{_ZONE}?",
        "gYearMonth": rf"(?!0000)\d{{4}}-(?:0[1-9]|1[0-2]){_ZONE}?",
        "gMonth": rf"--(?:0[1-9]|1[0-2]){_ZONE}?",
        "gMonthDay": rf"--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]){_ZONE}?",
        "gDay": rf"---(?:0[1-9]|[12]\d|3[01]){_ZONE}?",
        "duration": rf"-?P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:{_DAYS})?",
        "dayTimeDuration": rf"-?P{_DAYS}",
        "yearMonthDuration": r"-?P(?=\d)(?:\d+Y)?(?:\d+M)?",
        "hexBinary": r"(?:[0-9a-fA-F]{2})*",
        "base64Binary": r"(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){2}= ?=|(?:[A-Za-z0-9+/] ?){3}=)?",
    }.items()
}
_DATED: Final = frozenset(XSD[name] for name in ("date", "dateTime", "dateTimeStamp"))

_INTEGER: Final = re.compile(r"[+-]?\d+", re.ASCII)
_BOUNDS: Final[dict[str, tuple[int | None, int | None]]] = {
    XSD.integer: (None, None),
    XSD.nonNegativeInteger: (0, None),
    XSD.positiveInteger: (1, None),
    XSD.nonPositiveInteger: (None, 0),
    XSD.negativeInteger: (None, -1),
    XSD.long: (-(2**63), 2**63 - 1),
    XSD.int: (-(2**31), 2**31 - 1),
    XSD.short: (-(2**15), 2**15 - 1),
    XSD.byte: (-128, 127),
    XSD.unsignedLong: (0, 2**64 - 1),
    XSD.unsignedInt: (0, 2**32 - 1),
    XSD.unsignedShort: (0, 2**16 - 1),
    XSD.unsignedByte: (0, 255),
}
INTEGERS: Final = frozenset(_BOUNDS)
# Python refuses to read longer integers; nothing a catalogue counts comes near.
_MAX_DIGITS: Final = 4000


def well_formed(lexical: str, datatype: str) -> bool:
    """Tell whether a lexical form belongs to a datatype; True for a datatype that has no form to check.

    White space around the form is not part of it, as in XML Schema, for every type but strings.
    """
    if datatype in _BOUNDS:
        return _is_integer(lexical.strip(" \t\r\n"), *_BOUNDS[datatype])
    form = _FORMS.get(datatype)
    if form is None:
        return True
    found = form.fullmatch(lexical.strip(" \t\r\n"))
    if found is None:
        return False
    return datatype not in _DATED or _on_calendar(found.group)


def checks_form(datatype: str) -> bool:
    """Whether a datatype has a form to check."""
    return datatype in _BOUNDS or datatype in _FORMS


def _is_integer(form: str, least: int | None, most: int | None) -> bool:
    if len(form) > _MAX_DIGITS or not _INTEGER.fullmatch(form):
        return False
    number = int(form)
    return (least is None or number >= least) and (most is None or number <= most)


def _on_calendar(part: Callable[[str], str]) -> bool:
    try:
        date(int(part("y")), int(part("m")), int(part("d")))
    except ValueError:
        return False
    return True
