"""What to call an IRI, a language or a country in the reader's languages. Labels come from our code lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final
from urllib.parse import unquote

from catalogue.countries import country_iri
from catalogue.dataset import Texts
from catalogue.text import Text, pick
from shapes.codelists import ListedConcept, codelist, concept, normalise
from shapes.vocabulary import EU

# BCP 47 primary subtag -> code of the EU language list (ISO 639-3, with the list's own choices).
LANGUAGES: Final = {
    "bg": "BUL", "bs": "BOS", "ca": "CAT", "cs": "CES", "cy": "CYM", "da": "DAN", "de": "DEU", "el": "ELL",
    "en": "ENG", "es": "SPA", "et": "EST", "eu": "EUS", "fi": "FIN", "fr": "FRA", "ga": "GLE", "gl": "GLG",
    "hr": "HRV", "hu": "HUN", "is": "ISL", "it": "ITA", "lb": "LTZ", "lt": "LIT", "lv": "LAV", "mk": "MKD",
    "mt": "MLT", "nb": "NOB", "nl": "NLD", "nn": "NNO", "no": "NOR", "pl": "POL", "pt": "POR", "ro": "RON",
    "ru": "RUS", "se": "SME", "sk": "SLK", "sl": "SLV", "sq": "SQI", "sr": "SRP", "sv": "SWE", "tr": "TUR",
    "uk": "UKR",
}  # fmt: skip
_TAGS: Final = {code: tag for tag, code in LANGUAGES.items()}

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(//)?", re.IGNORECASE)


def listed_labels(listed: ListedConcept) -> Texts:
    """The labels of a concept of our lists, as texts."""
    return tuple(Text(value, language or None) for language, value in listed.labels.items())


@lru_cache(maxsize=32_768)
def labels_of(iri: str) -> Texts:
    """The labels our code lists have for an IRI in any of its spellings; none when it is not in them."""
    listed = concept(iri)
    return listed_labels(listed) if listed else ()


def readable(iri: str) -> str:
    """Return something a person can read for an IRI nobody labelled: its last part, in words.

    `http://data.gdi.eu/core/p2/HealthCategoryHumanGenomic` becomes `Health Category Human Genomic`.
    """
    tail = re.split(r"[/#]", iri.rstrip("/#"))[-1] if "/" in iri or "#" in iri else iri.rpartition(":")[2]
    words = _CAMEL.sub(" ", unquote(tail)).replace("_", " ").strip()
    return words or _SCHEME.sub("", iri) or iri


def readable_address(iri: str) -> str:
    """Return an IRI as a person reads it where its last part alone says too little: without its scheme."""
    return _SCHEME.sub("", iri).rstrip("/") or iri


def label(iri: str, languages: Iterable[str] = ("en",)) -> str:
    """What to call an IRI: its label in the reader's languages (best first), else its last part in words."""
    text = pick(labels_of(iri), languages)
    return text.value if text else readable(iri)


def language_iri(tag: str) -> str | None:
    """The concept of the EU language list for a language tag (`en`, `nl-BE`) or code (`ENG`); None if unknown here."""
    primary = tag.strip().split("-", 1)[0]
    code = LANGUAGES.get(primary.lower()) or (primary.upper() if primary.upper() in _TAGS else None)
    return f"{EU.base}language/{code}" if code else None


def country_labels(code: str) -> Texts:
    """The names of a country given by its ISO code; the code itself where our lists do not know it."""
    iri = country_iri(code)
    return (labels_of(iri) if iri else ()) or (Text(code.strip().upper()),)


@cache
def _by_code(name: str) -> dict[str, ListedConcept]:
    """A code list by code, in upper case. The lists never change while the program runs."""
    return {listed.code.upper(): listed for listed in codelist(name).concepts}


def coded(names: Iterable[str], code: str) -> ListedConcept | None:
    """The concept with this code (case does not count) in the first of these lists that has it."""
    code = code.strip().upper()
    return next((found[code] for found in map(_by_code, names) if code in found), None)


def ancestors(iri: str) -> Iterator[str]:
    """The broader concepts of a listed concept, nearest first, as canonical IRIs."""
    seen = {normalise(iri)}
    listed = concept(iri)
    while listed and listed.broader and normalise(listed.broader) not in seen:
        parent = normalise(listed.broader)
        seen.add(parent)
        yield parent
        listed = concept(parent)
