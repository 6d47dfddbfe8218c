"""On which line of a document a resource is described: a plain search of its text, so that a finding has a place.

No parser of ours tells the line of a statement. A subject stands at the start of a line nearly always, in Turtle and
its kin, and in `rdf:about` in RDF/XML; where it does not, there is no line, never a wrong one on purpose.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Final

from shapes.media import NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Syntax

# A term at the start of a line, or after the dot that ends a statement, with a predicate after it.
_SUBJECT: Final = re.compile(
    r"(?:^[ \t]*|[.{][ \t]+)(?:<(?P<iri>[^<>\s]*)>|(?P<name>[\w.\-]*:(?:[\w.\-:%]|\\.)*))(?=\s+[^\s,;.\])])",
    re.MULTILINE,
)
_PREFIX: Final = re.compile(r"@?prefix\s+(?P<prefix>[\w.\-]*):\s*<(?P<base>[^<>\s]*)>", re.IGNORECASE)
_ABOUT: Final = re.compile(r"""\brdf:about\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_QUOTED: Final = re.compile(r'"(.*)"(?:@[A-Za-z0-9-]+|\^\^\S+)?', re.DOTALL)
_LOOK_AHEAD: Final = 50_000  # characters of a description in which a value is looked for; some have ten thousand values
_LOOK_BACK: Final = 500  # characters; comments between statements are rarely longer
_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#.*$")
_ESCAPED: Final = re.compile(r"\\(.)")
_XML_ESCAPES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


class LineIndex:
    """Where each resource is first described, and where its values stand. Made from the bytes of one document."""

    def __init__(self, data: bytes, syntax: Syntax, base: str = "") -> None:
        self._text = data.decode("utf-8", "replace")
        self._ends = [found.end() for found in re.finditer("\n", self._text)]
        self._prefixes = {found["prefix"]: found["base"] for found in _PREFIX.finditer(self._text)}
        self._base = base
        self._first: dict[str, int] = {}
        self._starts: list[int] = []
        for iri, position in _subjects(self._text, syntax, self._prefixes):
            self._first.setdefault(iri, position)
            self._starts.append(position)

    def line(self, iri: str, value: str | None = None) -> int | None:
        """Return the line, counted from 1, on which an IRI is first described, or None.

        With a value (as `wording.value_text` gives it) that stands in that description: the line of the value. The IRI
        may stand relative to the base.
        """
        position = self._first.get(iri)
        if position is None and self._base and iri.startswith(self._base):
            position = self._first.get(iri[len(self._base) :])
        if position is None:
            return None
        if value is not None and value != iri:
            position = self._within(position, value)
        return bisect_right(self._ends, position) + 1

    def _within(self, start: int, value: str) -> int:
        """Find a value between a subject and the next one; the subject's own place where it is not found."""
        following = bisect_right(self._starts, start)
        end = self._starts[following] if following < len(self._starts) else len(self._text)
        end = min(end, start + _LOOK_AHEAD)
        places = (self._text.find(form, start, end) for form in self._forms(value))
        return min((place for place in places if place >= 0), default=start)

    def _forms(self, value: str) -> Iterator[str]:
        """Yield the ways a value may be written."""
        quoted = _QUOTED.fullmatch(value)
        lexical = quoted[1] if quoted else value
        yield from (f'"{lexical}"', f"'{lexical}'", f">{lexical}<")
        if not quoted:
            yield f"<{value}>"
            for prefix, base in self._prefixes.items():
                if base and value.startswith(base) and len(value) > len(base):
                    yield f"{prefix}:{value[len(base) :]}"


def _subjects(text: str, syntax: Syntax, prefixes: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    if syntax in (TURTLE, TRIG, NTRIPLES, NQUADS):
        return _turtle_subjects(text, prefixes)
    if syntax is RDFXML:
        return _xml_subjects(text)
    return iter(())


def _turtle_subjects(text: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for found in _SUBJECT.finditer(text):
        kind = "iri" if found["iri"] is not None else "name"
        position = found.start(kind)
        if not _begins_a_statement(text, position):
            continue
        if kind == "iri":
            yield found["iri"], position
            continue
        prefix, _, local = found["name"].partition(":")
        if prefix in prefixes:
            yield prefixes[prefix] + _ESCAPED.sub(r"\1", local), position


def _begins_a_statement(text: str, position: int) -> bool:
    """Tell whether what stands before is the end of a statement, a directive, or nothing; comments do not count."""
    before = text[max(0, position - _LOOK_BACK) : position].removesuffix("<")
    for line in reversed(before.split("\n")):
        code = (_COMMENT.sub("", line) if "#" in line else line).strip()
        if code:
            return code[-1] in ".{}" or _PREFIX.match(code) is not None
    return True


def _xml_subjects(text: str) -> Iterator[tuple[str, int]]:
    for found in _ABOUT.finditer(text):
        iri = found[1] if found[1] is not None else found[2]
        for escape, character in _XML_ESCAPES:
            iri = iri.replace(escape, character)
        yield iri, found.start()
