"""Values of CKAN's JSON as RDF terms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from harvester.foreign_json import Json
from shapes.vocabulary import XSD

_SCHEME: Final = re.compile(r"(?:https?|ftp|mailto|urn|doi|tel):\S", re.IGNORECASE)
_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_YEAR: Final = re.compile(r"\d{4}\Z")
_MONTH: Final = re.compile(r"\d{4}-\d{2}\Z")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?\Z")
_WHOLE: Final = re.compile(r"\d+\Z")
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*\Z")


def iri(text: str) -> ox.NamedNode | None:
    """Return an absolute IRI, with what may not stand in one percent-encoded (RFC 3986), or None if it is none."""
    text = text.strip()
    if not _SCHEME.match(text):
        return None
    try:
        return ox.NamedNode(quote(text, safe=_SAFE))
    except ValueError:
        return None


def iri_or_text(text: str) -> ox.NamedNode | ox.Literal:
    """Return an IRI if the text is one."""
    return iri(text) or ox.Literal(text)


def mail(text: str) -> ox.NamedNode | ox.Literal:
    """Return a mail address as an IRI (RFC 6068)."""
    bare = text.strip().removeprefix("mailto:")
    return iri(f"mailto:{bare}") or ox.Literal(text)


def date(text: str) -> ox.Literal:
    """Return a date with the datatype its form has; what is none of these stays plain text."""
    for form, datatype in ((_MOMENT, XSD.dateTime), (_DATE, XSD.date), (_MONTH, XSD.gYearMonth), (_YEAR, XSD.gYear)):
        if form.match(text.strip()):
            return ox.Literal(text.strip(), datatype=ox.NamedNode(datatype))
    return ox.Literal(text)


def count(text: str) -> ox.Literal:
    """Return a number of things; what is none stays plain text."""
    bare = text.strip()
    return ox.Literal(bare, datatype=ox.NamedNode(XSD.nonNegativeInteger)) if _WHOLE.match(bare) else ox.Literal(text)


def decimal(text: str) -> ox.Literal:
    """Return a decimal number; what is none stays plain text."""
    if re.fullmatch(r"[+-]?\d+(?:\.\d*)?", text.strip()):
        return ox.Literal(text.strip(), datatype=ox.NamedNode(XSD.decimal))
    return ox.Literal(text)


def texts(value: Json, *, many: bool) -> Iterator[tuple[str, str | None]]:
    """Yield the texts of a value, each with its language where the portal says it.

    `many`: a list may come as one, as text that holds a JSON list, or as text with commas (ckanext-dcat, "Lists").
    """
    if isinstance(value, dict):
        if "name" in value and ("display_name" in value or "title" in value):
            yield from texts(value["name"], many=False)  # a choice with its label, as GDI's portal sends it
            return
        for tag, inner in value.items():
            if _TAG.match(tag):
                yield from ((text, tag.replace("_", "-")) for text, _ in texts(inner, many=many))
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, many=False)
    elif isinstance(value, bool):
        yield ("true" if value else "false"), None
    elif isinstance(value, int | float):
        yield str(value), None
    elif isinstance(value, str) and value.strip():
        yield from ((text, None) for text in (_listed(value) if many else [value]))


def _listed(text: str) -> list[str]:
    bare = text.strip()
    if bare.startswith("["):
        try:
            found = json.loads(bare)
        except ValueError:
            return [text]
        return [str(each) for each in found if str(each).strip()] if isinstance(found, list) else [text]
    return [piece.strip() for piece in bare.split(",") if piece.strip()]
