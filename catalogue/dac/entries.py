"""One entry of a registry file, checked field by field. TOML, YAML and JSON hold the same entries (docs/dac.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from catalogue.dac.checks import (
    Check,
    Refused,
    a_country,
    a_date,
    a_days,
    a_level,
    a_list,
    a_role,
    a_text,
    a_texts,
    an_address,
    an_email,
    an_identifier,
    an_iri,
)
from catalogue.dac.committee import Committee
from catalogue.dac.system_entries import observed_of, systems_of

# Key of the file -> field of `Committee`, and what the value must be.
KEYS: Final[Mapping[str, tuple[str, Check]]] = {
    "id": ("id", an_identifier),
    "name": ("names", a_texts),
    "iri": ("iri", an_iri),
    "role": ("role", a_role),
    "level": ("level", a_level),
    "country": ("country", a_country),
    "email": ("email", an_email),
    "contact_page": ("contact_page", an_address),
    "homepage": ("homepage", an_address),
    "apply_url": ("apply_url", an_address),
    "remit": ("remit", a_texts),
    "conditions": ("conditions", a_texts),
    "documents": ("documents", a_list),
    "response_days": ("response_days", a_days),
    "observed_days": ("observed", observed_of),
    "fee": ("fee", a_text),
    "identifiers": ("identifiers", a_list),
    "governs": ("governs", a_list),
    "confirmed": ("confirmed", a_date),
    "may_apply": ("may_apply", a_texts),
    "secure_environment": ("environment", a_texts),
    "opening_hours": ("opening_hours", a_text),
    "systems": ("systems", systems_of),
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
