"""What a value of a registry entry must be: one check per kind of value, each with what it asks for in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final, TypeAlias

from catalogue.countries import alpha2
from catalogue.dac.committee import Role
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


def a_text(value: object) -> str:
    """A text that is not empty."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise Refused("a text that is not empty")


def an_identifier(value: object) -> str:
    """An identifier that can stand in an address."""
    if isinstance(value, str) and _ID.match(value):
        return value
    raise Refused("1 to 80 letters, digits, points, hyphens or underscores, beginning with a letter or digit")


def a_texts(value: object) -> Texts:
    """A text, or a table of texts by language tag."""
    if isinstance(value, str) and value.strip():
        return (Text(value.strip()),)
    if isinstance(value, Mapping) and value:
        for tag, each in value.items():
            if not (isinstance(tag, str) and _TAG.match(tag) and isinstance(each, str) and each.strip()):
                raise Refused("a text, or texts by language tag (en, fr, de-CH)")
        return tuple(Text(each.strip(), tag.lower()) for tag, each in value.items())
    raise Refused("a text, or texts by language tag (en, fr, de-CH)")


def a_list(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value):
        return tuple(dict.fromkeys(each.strip() for each in value))
    raise Refused("a list of texts")


def a_role(value: object) -> Role:
    """One of the roles."""
    if isinstance(value, str) and value in set(Role):
        return Role(value)
    raise Refused(f"one of {', '.join(Role)}")


def a_level(value: object) -> str:
    """One of the levels."""
    if isinstance(value, str) and value in LEVELS:
        return value
    raise Refused(f"one of {', '.join(LEVELS)}")


def a_country(value: object) -> str:
    """A country, as its code of two letters."""
    code = alpha2(value) if isinstance(value, str) else ""
    if len(code) == 2 and code.isascii() and code.isalpha():  # noqa: PLR2004 - ISO 3166-1 alpha-2
        return code
    raise Refused("an ISO 3166-1 country code of two letters")


def an_email(value: object) -> str:
    """A mailbox."""
    email = email_of(value) if isinstance(value, str) else None
    if email is None:
        raise Refused("an e-mail address")
    return email


def an_address(value: object) -> str:
    """An http(s) address."""
    if isinstance(value, str) and is_web_address(value):
        return value.strip()
    raise Refused("an http or https address")


def an_iri(value: object) -> str:
    """An absolute IRI."""
    if isinstance(value, str) and _IRI.match(value):
        return value
    raise Refused("an absolute IRI")


def a_days(value: object) -> int:
    """A number of days."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LONGEST_RESPONSE:
        return value
    raise Refused(f"a whole number of days from 1 to {_LONGEST_RESPONSE}")


def a_date(value: object) -> str:
    """A date, in its ISO form."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Refused("a date such as 2026-01-31") from None
