"""Documents written by us, and how the tests read them."""

from __future__ import annotations

from shapes.media import Syntax
from shapes.parse import Document, Limits, Reading, read

BASE = "https://node.example/data/"
PREFIX = "@prefix ex: <http://x/> .\n"
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://x/">\n'
END_IS_MISSING = "The document ends in the middle of a statement: its end is missing"


def reading(
    data: str | bytes,
    name: str = "https://node.example/dump",
    media_type: str | None = None,
    syntax: Syntax | None = None,
    limits: Limits | None = None,
) -> tuple[list[str], Reading]:
    """The statements, sorted as text, and the reading they came from."""
    raw = data.encode() if isinstance(data, str) else data
    result = read(Document(raw, name, BASE, syntax, media_type), limits=limits or Limits())
    return sorted(str(quad) for quad in result), result


def whole(data: str | bytes, media_type: str | None = None) -> list[str]:
    """The statements of a document that must be read without loss."""
    found, result = reading(data, media_type=media_type)
    assert result.defects == ()
    assert result.complete
    return found
