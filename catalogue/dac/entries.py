"""One entry of a registry file, checked field by field. TOML and JSON files hold the same entries (docs/dac.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final, TypeAlias

from catalogue.countries import alpha2
from catalogue.dac.committee import Committee, Role
from catalogue.dataset import Texts
from catalogue.reading.agents import email_of
from catalogue.reading.values import is_web_address
from catalogue.text import Text

LEVELS: Final = ("local", "national", "central")
_ID: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$", re.ASCII)
_TAG: Final = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", re.ASCII)
_IRI: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")
_LONGEST_RESPONSE: Final = 3650  # days

Check: TypeAlias = Callable[[object], object]


class Refused(ValueError):
    """What a value must be; the caller adds entry, field and line."""


def _text(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise Refused("a text that is not empty")


def _identifier(value: object) -> str:
    if isinstance(value, str) and _ID.match(value):
        return value
    raise Refused("1 to 80 letters, digits, points, hyphens or underscores, beginning with a letter or digit")


def _texts(value: object) -> Texts:
    """A text, or a table of texts by language tag."""
    if isinstance(value, str) and value.strip():
        return (Text(value.strip()),)
    if isinstance(value, Mapping) and value:
        for tag, each in value.items():
            if not (isinstance(tag, str) and _TAG.match(tag) and isinstance(each, str) and each.strip()):
                raise Refused("a text, or texts by language tag (en, fr, de-CH)")
        return tuple(Text(each.strip(), tag.lower()) for tag, each in value.items())
    raise Refused("a text, or texts by language tag (en, fr, de-CH)")


def _list(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value):
        return tuple(dict.fromkeys(each.strip() for each in value))
    raise Refused("a list of texts")


def _role(value: object) -> Role:
    if isinstance(value, str) and value in set(Role):
        return Role(value)
    raise Refused(f"one of {', '.join(Role)}")


def _level(value: object) -> str:
    if isinstance(value, str) and value in LEVELS:
        return value
    raise Refused(f"one of {', '.join(LEVELS)}")


def _country(value: object) -> str:
    code = alpha2(value) if isinstance(value, str) else ""
    if len(code) == 2 and code.isascii() and code.isalpha():  # noqa: PLR2004 - ISO 3166-1 alpha-2
        return code
    raise Refused("an ISO 3166-1 country code of two letters")


def _email(value: object) -> str:
    email = email_of(value) if isinstance(value, str) else None
    if email is None:
        raise Refused("an e-mail address")
    return email


def _address(value: object) -> str:
    if isinstance(value, str) and is_web_address(value):
        return value.strip()
    raise Refused("an http or https address")


def _iri(value: object) -> str:
    if isinstance(value, str) and _IRI.match(value):
        return value
    raise Refused("an absolute IRI")


def _days(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LONGEST_RESPONSE:
        return value
    raise Refused(f"a whole number of days from 1 to {_LONGEST_RESPONSE}")


def _date(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Refused("a date such as 2026-01-31") from None


# Key of the file -> field of `Committee`, and what the value must be.
KEYS: Final[Mapping[str, tuple[str, Check]]] = {
    "id": ("id", _identifier),
    "name": ("names", _texts),
    "iri": ("iri", _iri),
    "role": ("role", _role),
    "level": ("level", _level),
    "country": ("country", _country),
    "email": ("email", _email),
    "contact_page": ("contact_page", _address),
    "homepage": ("homepage", _address),
    "apply_url": ("apply_url", _address),
    "remit": ("remit", _texts),
    "conditions": ("conditions", _texts),
    "documents": ("documents", _list),
    "response_days": ("response_days", _days),
    "fee": ("fee", _text),
    "identifiers": ("identifiers", _list),
    "governs": ("governs", _list),
    "confirmed": ("confirmed", _date),
}
REQUIRED: Final = ("id", "name")


def committee_of(entry: Mapping[str, object], fail: Callable[[str, str], Exception]) -> Committee:
    """Make a committee of an entry. `fail(key, sentence)` makes the error for a key that is wrong."""
    values: dict[str, object] = {}
    for key, value in entry.items():
        if key not in KEYS:
            raise fail(key, f"{key} is no key of a committee; the keys are {', '.join(KEYS)}.")
        field, check = KEYS[key]
        try:
            values[field] = check(value)
        except Refused as refused:
            raise fail(key, f"{key} must be {refused}, not {_shown(value)}.") from None
    for key in REQUIRED:
        if key not in entry:
            raise fail(key, f"{key} is missing.")
    return Committee(**values)  # type: ignore[arg-type]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - characters of a message
