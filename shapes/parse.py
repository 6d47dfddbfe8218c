"""Guarded reading of RDF: strangers' bytes in, statements out, and an exact account of what was not read.

All six syntaxes are read by pyoxigraph's iterator, behind guards for DOCTYPE, depth and remote contexts
(`shapes.guards`, `shapes.jsonld`), after transcoding to UTF-8 (`shapes.encoding`), with the terms of each statement
checked (`shapes.terms`).

In Turtle, TriG, N-Triples and N-Quads reading goes on after a syntax error, with the next statement. RDF/XML and
JSON-LD stop at the first: what their parsers yield after one is not what the author wrote. A malformed IRI or
language tag costs the one statement it stands in, in every syntax.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO, TypeAlias
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from shapes import guards, jsonld
from shapes.content import Content, head_of, size_of, whole_of
from shapes.defects import Defect, TermDefects, TextDefects, tree_defect
from shapes.encoding import Text, charset_of, plain, to_utf8
from shapes.errors import Hostile, NotRdf, TooLarge
from shapes.media import (
    JSONLD,
    NQUADS,
    NTRIPLES,
    RDFXML,
    TRIG,
    TURTLE,
    Syntax,
    by_extension,
    by_media_type,
    is_html,
    reads,
    sniff,
)
from shapes.terms import NO_LANGUAGE, TermCheck, TooManyLongNames, in_no_language

__all__ = ["DEFAULT_LIMITS", "FORMATS", "Defect", "Document", "Limits", "Piece", "Reading", "choose_syntax", "read"]

FORMATS: dict[str, ox.RdfFormat] = {
    TURTLE.name: ox.RdfFormat.TURTLE,
    RDFXML.name: ox.RdfFormat.RDF_XML,
    JSONLD.name: ox.RdfFormat.JSON_LD,
    NTRIPLES.name: ox.RdfFormat.N_TRIPLES,
    NQUADS.name: ox.RdfFormat.N_QUADS,
    TRIG.name: ox.RdfFormat.TRIG,
}
_LINES = (NTRIPLES, NQUADS)
_HEAD = 65_536
_QUOTED = 80
_NAMES = 64 * 1024 * 1024  # characters of long IRIs that any document may have
_TIMES = 4  # or so many times its size, where that is more
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_HIDDEN_CONTEXT = "No LoadDocumentCallback"
_PIECE = 1_000  # statements read at once
_TRIPLE_TERM = "A statement about a statement (an RDF 1.2 triple term) was not read"

# Statements, and the same as `subject predicate object` in N-Triples, graph names dropped.
Piece: TypeAlias = tuple[Sequence[ox.Quad], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. `defects`: how many errors are listed before reading stops."""

    bytes: int = 512 * 1024 * 1024
    statements: int = 20_000_000
    json_depth: int = 64
    xml_depth: int = 256
    defects: int = 20


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes to read. `name` is the path or URL for messages; `base` resolves relative IRIs.

    `syntax` is what the user said; `media_type` the Content-Type a server sent, parameters and all. The `content` of a
    long one lies in a file.
    """

    content: Content
    name: str
    base: str
    syntax: Syntax | None = None
    media_type: str | None = None

    @property
    def data(self) -> bytes:
        """All bytes. A long document is read into memory for it, each time."""
        return whole_of(self.content)


class Reading:
    """The statements of one document, read while you iterate; afterwards, what went wrong.

    Iterating again reads again. Blank nodes are renamed, differently each time, so that documents can be merged; in
    N-Triples and N-Quads they keep their labels where that was asked for.
    Iterating raises TooLarge beyond the statement limit and where prefixes make names too many times longer, Hostile at
    a remote context that hid from the guard, and NotRdf where nothing at all could be read.
    """

    __slots__ = (
        "_base",
        "_defects",
        "_ended",
        "_fault",
        "_hurt",
        "_limits",
        "_name",
        "_renamed",
        "_stopped",
        "_text",
        "_torn",
        "syntax",
    )

    def __init__(
        self,
        document: Document,
        syntax: Syntax,
        text: Text,
        fault: guards.XmlFault | None,
        limits: Limits,
        *,
        labels: bool = False,
    ) -> None:
        self.syntax = syntax
        self._name = document.name
        self._base = absolute(document.base or document.name)
        self._text = text
        self._fault = fault
        self._limits = limits
        self._renamed = not (labels and syntax in _LINES)
        self._defects: list[Defect] = []
        self._hurt: set[str] = set()
        self._ended = self._stopped = self._torn = False

    @property
    def defects(self) -> tuple[Defect, ...]:
        """What was not read, once the iteration has ended."""
        return tuple(self._defects)

    @property
    def complete(self) -> bool:
        """Whether the document was read to its end and every statement of it was read."""
        return self._ended and not self._defects

    @property
    def hurt(self) -> frozenset[str] | None:
        """The subjects, as N-Triples terms, that lost a statement to a malformed term, when nothing else was lost.

        None where more may be missing: a syntax error, a missing end, unreadable bytes, a malformed subject.
        """
        return None if self._torn or not self._ended else frozenset(self._hurt)

    @property
    def lines(self) -> Content | None:
        """The document as it was read, where that is N-Triples or N-Quads in UTF-8; else None."""
        return self._text.content if self.syntax in _LINES and self._text.mark is None else None

    def __iter__(self) -> Iterator[ox.Quad]:
        for quads, _ in self.pieces():
            yield from quads

    def pieces(self) -> Iterator[Piece]:
        """Yield the statements some at a time, which costs less than one by one: as such, and as N-Triples text.

        Reads, and raises, as iterating does. What comes before an error in the document comes before it here.
        """
        self._defects, self._hurt = [], set()
        self._ended = self._stopped = self._torn = False
        count = 0
        try:
            for quads, texts in self._sound():
                room = self._limits.statements - count
                yield quads[:room], texts[:room]
                if len(quads) > room:
                    raise TooLarge(f"More than {self._limits.statements} statements in one document", url=self._name)
                count += len(quads)
        except TooManyLongNames:
            detail = "Prefixes or a base make the names in this document too long: written out, they are many times it"
            raise TooLarge(detail, url=self._name) from None
        if count == 0 and self._defects:
            self._nothing_read()
        self._ended = True

    def _sound(self) -> Iterator[Piece]:
        """Leave out statements with unreadable bytes or malformed terms, and note each."""
        by_statement = self.syntax not in (RDFXML, JSONLD)
        mark = self._text.mark
        room = max(_NAMES, _TIMES * size_of(self._text.content))
        check, places = TermCheck(room), TermDefects(self._text)
        unreadable = False
        for read in self._recovering() if by_statement else self._strict():
            piece = read if mark is None else [quad for quad in read if mark not in str(quad)]
            unreadable = unreadable or len(piece) < len(read)
            texts = [str(quad.triple) for quad in piece]
            out = self._faulty(piece, texts, check, places)
            if out:
                piece = [quad for position, quad in enumerate(piece) if position not in out]
                texts = [text for position, text in enumerate(texts) if position not in out]
            yield piece, texts
            if self._stopped:
                break
        if unreadable or self._defects or not by_statement:  # else the unreadable bytes stood in comments
            self._defects[:0] = [Defect(each.detail, each.line, each.column) for each in self._text.spoilt]
            self._torn = self._torn or mark is not None

    def _faulty(
        self, piece: Sequence[ox.Quad], texts: Sequence[str], check: TermCheck, places: TermDefects
    ) -> Collection[int]:
        """Note the statements with malformed terms; return their positions, and where reading stops all after."""
        out: set[int] = set()
        for position in check.unsure(texts):
            quad = piece[position]
            if isinstance(quad.object, ox.Triple):
                self._note(Defect(_TRIPLE_TERM))
            else:
                bad = check.fault(quad)
                if bad is None:
                    continue
                if self.syntax is not JSONLD or ":" in quad.predicate.value:  # a JSON key without an IRI
                    self._note(places.of(bad), None if str(quad.subject) == f"<{bad.text}>" else str(quad.subject))
            out.add(position)
            if self._stopped:
                return out.union(range(position, len(piece)))
        return out

    def _recovering(self) -> Iterator[Sequence[ox.Quad]]:
        """Read a syntax whose parser finds the next statement after an error.

        One statement is held back: at a missing end the last one may be cut inside a name, a number or a language tag,
        and would be a statement nobody made.
        """
        content = self._text.content
        parser = self._parser(content if isinstance(content, bytes) else content.open())
        held: Sequence[ox.Quad] = ()
        words: TextDefects | None = None
        while True:
            piece, error = _some(parser)
            if piece:
                yield [*held, *piece[:-1]]
                held = piece[-1:]
            elif error is None:
                break
            if error is not None:
                words = words or TextDefects(self._text.data)
                self._note(words.of(error))
                if words.is_at_end(error):
                    held = () if held and words.cuts(held[0]) else held
                    break
                if self._stopped:
                    break
        yield held

    def _strict(self) -> Iterator[Sequence[ox.Quad]]:
        """Read RDF/XML or JSON-LD up to the first syntax error."""
        fault, data = self._fault, self._text.data
        parser = self._parser(data[: fault.offset] if fault else data)
        unlabelled = self.syntax is RDFXML and any(text in data for text in NO_LANGUAGE)
        error: SyntaxError | None = None
        while error is None:
            piece, error = _some(parser)
            yield [in_no_language(quad) for quad in piece] if unlabelled else piece
            if not piece:
                break
        if error is not None:
            if _HIDDEN_CONTEXT in str(error):
                raise Hostile(
                    "The JSON-LD asks for a remote context. Contexts are not fetched from the network; put the "
                    "context's content into the document",
                    url=self._name,
                ) from error
            if fault is None:
                self._note(tree_defect(error, data, FORMATS[self.syntax.name], self._base))
        if fault:
            self._note(Defect(fault.detail, fault.line, fault.column))

    def _parser(self, data: bytes | IO[bytes]) -> ox.QuadParser:
        return ox.parse(
            data, format=FORMATS[self.syntax.name], base_iri=self._base, rename_blank_nodes=self._renamed, lenient=True
        )

    def _note(self, defect: Defect, subject: str | None = None) -> None:
        """List a defect, and the subject it is known to concern; stop reading when there are too many."""
        self._defects.append(defect)
        if subject is None:
            self._torn = True
        else:
            self._hurt.add(subject)
        if len(self._defects) == self._limits.defects:
            self._stopped = self._torn = True
            self._defects.append(Defect(f"After {self._limits.defects} errors the rest of the document was not read"))

    def _nothing_read(self) -> None:
        """Plain text under an RDF media type, a log, an error sentence: say what it is, not only where it fails."""
        head = head_of(self._text.content, _HEAD)
        if sniff(head) is not None:
            return
        first = self._defects[0]
        raise NotRdf(
            f"Nothing in this could be read as {self.syntax.title}: it begins with {beginning(head)}. {first.detail}",
            url=self._name,
            line=first.line,
        )


def _some(parser: ox.QuadParser) -> tuple[Sequence[ox.Quad], SyntaxError | None]:
    """Return the next statements, and the error they end with where there is one; none and no error at the end."""
    piece: list[ox.Quad] = []
    try:
        piece.extend(islice(parser, _PIECE))  # which keeps what came before an error
    except SyntaxError as error:
        return piece, error
    return piece, None


def read(document: Document, *, limits: Limits = DEFAULT_LIMITS, labels: bool = False) -> Reading:
    """Return the statements of a document as a `Reading`. `labels`: blank nodes keep theirs, where the lines have any.

    The syntax is the one given; else the one the bytes speak for where that contradicts the declared media type or the
    extension (servers lie); else the media type's, the extension's, the bytes'.

    Raises NotRdf (empty, a web page, JSON or XML that is not RDF, no syntax we know), Hostile (a DOCTYPE, a remote
    context that is not bundled), TooLarge (over a cap on bytes or depth). `Fault.url` is the document's name.
    """
    try:
        return _read(document, limits, labels=labels)
    except (NotRdf, Hostile, TooLarge) as fault:
        fault.url = fault.url or document.name
        raise


def choose_syntax(document: Document, head: bytes) -> Syntax | None:
    """Return the syntax to read a document in, judged by what was said of it and by its first bytes."""
    if document.syntax is not None:
        return document.syntax
    found = sniff(head)
    declared = by_media_type(document.media_type or "") or by_extension(document.name)
    if declared is None or (found is not None and not reads(declared, found)):
        return found
    return declared


def absolute(given: str) -> str:
    """Return an absolute IRI to resolve against, whatever was given: a path, a URL with spaces."""
    if urlsplit(given).scheme == "":
        given = "file:///" + given.lstrip("/")
    return quote(given, safe=":/?#[]@!$&'()*+,;=%~-._")


def beginning(data: bytes) -> str:
    """Return the first words of a document, quoted, for a message."""
    words = " ".join(data[:400].decode("utf-8", "replace").split())
    return repr(words if len(words) <= _QUOTED else words[:_QUOTED] + "…")


def _read(document: Document, limits: Limits, *, labels: bool) -> Reading:
    head = _head(document, limits)
    syntax = choose_syntax(document, head)
    if syntax is None:
        raise NotRdf(f"This is in no RDF syntax that we read: it begins with {beginning(head)}")
    # The parsers of RDF/XML and JSON-LD, and the guards before them, look at the whole document at once.
    content = document.data if syntax in (RDFXML, JSONLD) else document.content
    text = to_utf8(content, charset_of(document.media_type), limits.defects)
    fault = None
    if syntax is RDFXML:
        fault = guards.check_xml(text.data, limits.xml_depth)
    if syntax is JSONLD:
        guards.check_json_depth(text.data, limits.json_depth)
        guards.check_json_is_rdf(text.data)
        text = replace(text, content=jsonld.inline_contexts(text.data, absolute(document.base or document.name)))
    return Reading(document, syntax, text, fault, limits, labels=labels)


def _head(document: Document, limits: Limits) -> bytes:
    """Return the first bytes in an ASCII-compatible encoding, once they are known to be worth a look."""
    size = size_of(document.content)
    if size > limits.bytes:
        raise TooLarge(f"The document has {size} bytes; the limit is {limits.bytes}")
    data = head_of(document.content, 4 * _HEAD)
    packed = next((name for magic, name in _PACKED.items() if data.startswith(magic)), None)
    if packed:
        raise NotRdf(f"This is a packed file ({packed}); unpack it first")
    rest, encoding = plain(data)
    head = rest[:_HEAD] if encoding in (None, "utf-8") else rest.decode(encoding, "replace").encode()[:_HEAD]
    if not head.strip():
        raise NotRdf("The document is empty")
    if is_html(head):
        raise NotRdf("This is an HTML page, not RDF")
    return head
