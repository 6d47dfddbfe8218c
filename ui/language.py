"""The reader's languages: `?lang=`, then Accept-Language, then the catalogue's own order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from flask import Request, g, request

from ui.site import current_site

# How each language calls itself: the official languages of the EU, and those of its neighbours in GDI.
NAMES: Final = {
    "bg": "български",
    "cs": "čeština",
    "da": "dansk",
    "de": "Deutsch",
    "el": "ελληνικά",
    "en": "English",
    "es": "español",
    "et": "eesti",
    "fi": "suomi",
    "fr": "français",
    "ga": "Gaeilge",
    "hr": "hrvatski",
    "hu": "magyar",
    "is": "íslenska",
    "it": "italiano",
    "lt": "lietuvių",
    "lv": "latviešu",
    "mt": "Malti",
    "nb": "norsk bokmål",
    "nl": "Nederlands",
    "nn": "norsk nynorsk",
    "no": "norsk",
    "pl": "polski",
    "pt": "português",
    "ro": "română",
    "sk": "slovenčina",
    "sl": "slovenščina",
    "sv": "svenska",
}

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z")


def language_name(tag: str) -> str:
    """How the language of a tag calls itself; the tag where we do not know."""
    return NAMES.get(tag.split("-", 1)[0].lower(), tag)


def order(chosen: str | None, accepted: Iterable[str], own: Sequence[str]) -> tuple[str, ...]:
    """Return the reader's languages as primary subtags, best first, each once.

    `chosen` is what the address says, `accepted` what the browser sends, `own` the catalogue's order. Whatever is no
    language tag is left out.
    """
    wished = [chosen] if chosen else []
    tags = [tag for tag in (*wished, *accepted, *own) if _TAG.match(tag)]
    return tuple(dict.fromkeys(tag.split("-", 1)[0].lower() for tag in tags))


def chosen_language(asked: Request) -> str | None:
    """The language the address asks for, or None."""
    tag = asked.args.get("lang", "").strip().lower()
    return tag if _TAG.match(tag) else None


def languages_matter() -> bool:
    """Whether the answer to the current request was made for the languages of who asks."""
    return "languages" in g


def reader_languages() -> tuple[str, ...]:
    """The languages of the person behind the current request, best first."""
    languages: tuple[str, ...] | None = g.get("languages")
    if languages is None:
        accepted = [str(tag) for tag, quality in request.accept_languages if quality > 0]
        languages = order(chosen_language(request), accepted, current_site().settings.languages)
        g.languages = languages
    return languages
