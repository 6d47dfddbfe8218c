"""On which line of a document a resource is described: a plain search of its text, so that a finding has a place.

No parser of ours tells the line of a statement. A subject stands at the start of a line nearly always, in Turtle and
its kin, and in `rdf:about` in RDF/XML; where it does not, there is no line, never a wrong one on purpose.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from shapes.media import NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Syntax

# A term at the start of a line, or after the dot that ends a statement, with a predicate after it.
_SUBJECT: Final = re.compile(
    r"(?:^|\.|\{)[ \t]*(?:<(?P<iri>[^<>\s]*)>|(?P<name>[\w.\-]*:(?:[\w.\-:%]|\\.)*))(?=\s+[^\s,;.\])])", re.MULTILINE
)
_PREFIX: Final = re.compile(r"@?prefix\s+(?P<prefix>[\w.\-]*):\s*<(?P<base>[^<>\s]*)>", re.IGNORECASE)
_ABOUT: Final = re.compile(r"""\brdf:about\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ESCAPED: Final = re.compile(r"\\(.)")
_XML_ESCAPES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


class LineIndex:
    """The line, counted from 1, on which each resource is first described. Made from the bytes of one document."""

    def __init__(self, data: bytes, syntax: Syntax, base: str = "") -> None:
        text = data.decode("utf-8", "replace")
        starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._lines: dict[str, int] = {}
        for iri, position in _subjects(text, syntax):
            self._lines.setdefault(iri, bisect_right(starts, position))
        self._base = base

    def line(self, iri: str) -> int | None:
        """Return the line an IRI is first described on, or None. The IRI may stand relative to the base."""
        found = self._lines.get(iri)
        if found is None and self._base and iri.startswith(self._base):
            found = self._lines.get(iri[len(self._base) :])
        return found


def _subjects(text: str, syntax: Syntax) -> Iterator[tuple[str, int]]:
    if syntax in (TURTLE, TRIG, NTRIPLES, NQUADS):
        return _turtle_subjects(text)
    if syntax is RDFXML:
        return _xml_subjects(text)
    return iter(())


def _turtle_subjects(text: str) -> Iterator[tuple[str, int]]:
    prefixes = {found["prefix"]: found["base"] for found in _PREFIX.finditer(text)}
    for found in _SUBJECT.finditer(text):
        if found["iri"] is not None:
            yield found["iri"], found.start("iri")
            continue
        prefix, _, local = found["name"].partition(":")
        if prefix in prefixes:
            yield prefixes[prefix] + _ESCAPED.sub(r"\1", local), found.start("name")


def _xml_subjects(text: str) -> Iterator[tuple[str, int]]:
    for found in _ABOUT.finditer(text):
        iri = found[1] if found[1] is not None else found[2]
        for escape, character in _XML_ESCAPES:
            iri = iri.replace(escape, character)
        yield iri, found.start()
