"""A document costs what it may and no more, whatever a stranger put in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shapes import apart
from shapes.apart import Bounds
from shapes.cut import cut
from shapes.errors import NotRdf, OverBudget, TooLarge
from shapes.parse import Document, read
from shapes.record import Record

URL = "https://node.example/catalog.jsonld"
DCAT = {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}


def document(content: Any, *, longer_than: int = apart.SHORT) -> Document:
    """A JSON-LD document of more bytes than are read in place: JSON may have spaces at its end."""
    text = content if isinstance(content, str) else json.dumps(content)
    return Document((text + " " * longer_than).encode(), URL, URL, media_type="application/ld+json")


def catalogue(*more: dict[str, Any]) -> dict[str, Any]:
    datasets = [
        {
            "@id": f"https://node.example/{n}",
            "@type": "dcat:Dataset",
            "dct:title": {"@value": f"Set {n}", "@language": "en"},
        }
        for n in range(1_500)
    ]
    return {"@context": DCAT, "@graph": [*datasets, {"@type": "dcat:Dataset", "dct:title": "Nameless"}, *more]}


def records(given: Document, reading: Any) -> set[tuple[str, str]]:
    return {(found.subject, found.digest) for found in cut(reading(given)) if isinstance(found, Record)}


def test_a_document_read_apart_gives_what_it_gives_here() -> None:
    given = document(catalogue())
    reading = apart.read(given)
    found = records(given, apart.read)
    assert len(found) == 1_501
    assert found == records(given, read)
    assert len(list(reading)) == 3_002
    assert (reading.complete, reading.defects, reading.hurt) == (True, (), frozenset())
    assert reading.syntax is read(given).syntax


def test_what_was_not_read_is_told_as_it_is_here() -> None:
    bad = {
        "@id": "https://node.example/bad",
        "@type": "dcat:Dataset",
        "dct:source": {"@id": "https://e.example/a b> <c"},
    }
    given = document(catalogue(bad))
    reading, here = apart.read(given), read(given)
    assert len(list(reading)) == len(list(here)) == 3_003
    assert (reading.complete, reading.hurt) == (False, frozenset({"<https://node.example/bad>"}))
    assert reading.defects == here.defects


def test_errors_are_those_of_reading_here() -> None:
    torn = document(json.dumps(catalogue())[:-2])
    reading, here = apart.read(torn), read(torn)
    assert list(reading) == list(here)
    assert (reading.defects, reading.complete, reading.hurt) == (here.defects, False, None)
    assert len(here.defects) == 1
    with pytest.raises(NotRdf, match="It begins with"):
        apart.read(document('"a text"'))


# Minutes of contexts made anew, for every type of every node, in 120 kB.
TYPES = {
    f"T{n}": {"@id": f"https://e.example/T{n}", "@context": {f"q{m}": f"https://e.example/q{m}" for m in range(60)}}
    for n in range(60)
}
NODES = [{"@id": f"https://e.example/{n}", "@type": list(TYPES), "q1": "x"} for n in range(20_000)]


def test_a_document_that_takes_too_long_is_given_up() -> None:
    reading = apart.read(document({"@context": TYPES, "@graph": NODES}), bounds=Bounds(seconds=1))
    with pytest.raises(OverBudget, match="stopped after 1 seconds of processor time") as caught:
        list(reading)
    assert caught.value.url == URL
    assert (reading.complete, reading.hurt) == (False, None)


def test_a_document_that_takes_too_much_memory_is_given_up() -> None:
    given = document(catalogue(), longer_than=150_000_000)
    with pytest.raises(OverBudget, match=r"needs more memory than 0\.\d+ GB"):
        list(apart.read(given, bounds=Bounds(memory=250_000_000)))


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        (
            "text/turtle",
            "@prefix a: <https://e.example/{long}> . <https://e.example/d> <https://e.example/p> {names} .",
        ),
        (
            "application/ld+json",
            '{{"@context": {{"a": "https://e.example/{long}/"}}, "@id": "https://e.example/d", "e:p": [{objects}]}}',
        ),
    ],
)
def test_a_prefix_as_long_as_the_document_does_not_multiply_it(media_type: str, text: str) -> None:
    long, many = "x" * 60_000, range(2_000)
    names, objects = ", ".join(f"a:{n}" for n in many), ", ".join(f'{{"@id": "a:{n}"}}' for n in many)
    data = text.format(long=long, names=names, objects=objects).encode()
    assert len(data) < 120_000, "written out it would have 120 MB"
    with pytest.raises(TooLarge, match="written out, they are many times it") as caught:
        list(apart.read(Document(data, URL, URL, media_type=media_type)))
    assert caught.value.url == URL
