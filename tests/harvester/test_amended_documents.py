"""A dump that comes again with changes: only what they reach is cut, and the ledger is that of reading all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from nodes.fake_node import FakeNode
from nodes.samples import BASE, Ledger, catalogue, dataset, no_findings

from harvester import harvest as harvesting
from harvester import recollections
from harvester.answers import Answers
from harvester.changes import Unchanged
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.recollections import Recollections
from harvester.source import Source
from shapes.grounds import Grounds

ROOM = 1 << 20
NTRIPLES = "application/n-triples"
NAMES = ("a", "b", "c", "d", "e", "f")
SERVED = f'<{BASE}api> a dcat:DataService ; dct:title "API" ; dcat:servesDataset <{BASE}a>, <{BASE}gone> .\n'

Run = Callable[..., Ledger]


def lines(turtle: str) -> str:
    """The same as N-Triples; blank nodes keep their labels from one document to the next."""
    return "".join(f"{quad.triple} .\n" for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))


PLAIN = lines(catalogue(*NAMES, more=SERVED))


@pytest.fixture
def run(door: Door, node: FakeNode, tmp_path: Path, pages_read: list[str]) -> Run:
    """Serve a document and harvest it, with what it gave kept in one folder, or (`remembering=False`) nowhere."""

    def run(
        document: str,
        known: Sequence[KnownRecord] = (),
        *,
        protocol: str = "rdf",
        media_type: str = NTRIPLES,
        remembering: bool = True,
        ask: bool = True,
        room: int = ROOM,
        **headers: str,
    ) -> Ledger:
        node.serve("/catalog.nt", document, media_type, **headers)
        pages_read.clear()
        folder = tmp_path / "answers"
        kept = Recollections(folder, protocol, room=room, ask=ask) if remembering else None
        answers = Answers(folder if remembering else tmp_path / "other", room=ROOM, ask=ask, recollections=kept)
        source = Source("node", node.url("/catalog.nt"), protocol=protocol)
        return Ledger(list(harvesting.harvest(source, known, door=door, judge=no_findings, answers=answers)))

    return run


def kept(tmp_path: Path) -> list[str]:
    return sorted(path.suffix for path in (tmp_path / "answers").iterdir())


def without(document: str, *words: str) -> str:
    return "".join(line for line in document.splitlines(keepends=True) if not any(word in line for word in words))


@pytest.mark.parametrize("protocol", ["rdf", "hydra", "auto"])
@pytest.mark.parametrize("headers", [{}, {"ETag": '"one"'}])
def test_the_ledger_is_that_of_a_reading_of_all(
    run: Run, pages_read: list[str], protocol: str, headers: dict[str, str]
) -> None:
    known = run(PLAIN, protocol=protocol, **headers).known()
    documents = [
        PLAIN + '<urn:x-nobody:s> <urn:p> "One statement more" .\n',
        PLAIN.replace("A dataset b", "Another b"),
        lines(catalogue(*NAMES, "g", more=SERVED)),
        lines(catalogue(*NAMES[1:], more=SERVED)),  # a is gone, which the service still names
        lines(catalogue(*NAMES, more=SERVED + dataset("h", identifier="id-a"))),  # a shared identifier
        without(PLAIN, "Catalog>", f"<{BASE}catalogue>"),
        PLAIN,
    ]
    for number, document in enumerate(documents):
        validators = dict.fromkeys(headers, f'"{number}"')
        amended = run(document, known, protocol=protocol, **validators)
        assert pages_read == []
        read = run(document, known, protocol=protocol, remembering=False, **validators)
        assert len(pages_read) == 1
        assert amended.events == read.events
        known = amended.known(known)


def test_unchanged_records_are_told_as_such_and_the_changed_one_with_its_body(run: Run, pages_read: list[str]) -> None:
    known = run(PLAIN).known()
    ledger = run(PLAIN.replace("A dataset b", "Another b"), known)
    assert (ledger.changed, len(ledger.of(Unchanged)), pages_read) == (["b"], 7, [])
    known = ledger.known(known)
    again = run(PLAIN.replace("A dataset b", "Another b"), known)
    assert (len(again.of(Unchanged)), pages_read) == (8, [])


@pytest.mark.parametrize("lacking", ["unknown", "withdrawn", "changed since", "incomplete"])
def test_a_dataset_that_is_not_listed_as_it_is_is_cut(run: Run, pages_read: list[str], lacking: str) -> None:
    whole = run(PLAIN).known()
    one = next(each for each in whole if each.subject == BASE + "b")
    others = [each for each in whole if each is not one]
    known = {
        "unknown": others,
        "withdrawn": [*others, replace(one, listed=False)],
        "changed since": [*others, replace(one, digest="0" * 64)],
        "incomplete": [*others, replace(one, complete=False)],
    }[lacking]
    ledger = run(PLAIN + '<urn:x-nobody:s> <urn:p> "One statement more" .\n', known)
    assert pages_read == []
    assert (len(ledger.of(Unchanged)), ledger.new + ledger.changed) == (7, ["b"])


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (PLAIN + f"<{BASE}a> <urn:p> nonsense .\n", "parse-error"),
        (PLAIN + f"<{BASE}a> <urn:p> <no iri> .\n", "parse-error"),
        (PLAIN[:-20], "parse-error"),
        ("", "not-rdf"),
    ],
)
def test_what_is_wrong_is_told_as_ever_and_forgotten_when_it_is_mended(
    run: Run, pages_read: list[str], broken: str, code: str
) -> None:
    known = run(PLAIN).known()
    faulty = run(broken, known)
    assert len(pages_read) == 1
    assert (faulty.codes, faulty.complete) == ([code], False)
    assert faulty.events == run(broken, known, remembering=False).events
    mended = run(PLAIN.replace("A dataset b", "Another b"), known)
    assert (mended.changed, mended.codes, pages_read) == (["b"], [], [])


def test_a_link_to_a_next_page_is_followed_where_a_document_gets_one(
    run: Run, node: FakeNode, pages_read: list[str]
) -> None:
    known = run(PLAIN, protocol="hydra").known()
    onward = f"<{node.url('/catalog.nt')}> <http://www.w3.org/ns/hydra/core#next> <{node.url('/p2')}> .\n"
    node.serve("/p2", lines(catalogue("g")), NTRIPLES)
    ledger = run(PLAIN + onward, known, protocol="hydra")
    assert (ledger.new, pages_read) == (["g"], [node.url("/catalog.nt"), node.url("/p2")])
    assert ledger.events == run(PLAIN + onward, known, protocol="hydra", remembering=False).events


def test_another_program_syntax_or_wish_reads_all(
    run: Run, pages_read: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    more = PLAIN + '<urn:x-nobody:s> <urn:p> "One statement more" .\n'
    known = run(PLAIN).known()
    assert kept(tmp_path) == [".grounds", ".recollection"]
    assert len(run(more, known, ask=False).of(Unchanged)) == 8
    assert len(pages_read) == 1
    run(PLAIN, known)
    assert pages_read == []
    run(more, known, media_type="application/n-quads")
    assert len(pages_read) == 1
    monkeypatch.setattr(recollections, "program", lambda: "another")
    run(PLAIN, known, media_type="application/n-quads")
    assert len(pages_read) == 1
    run(catalogue(*NAMES, more=SERVED), known, media_type="text/turtle")
    assert kept(tmp_path) == [".recollection"]


@pytest.mark.parametrize("suffix", [".grounds", ".recollection"])
@pytest.mark.parametrize("damage", [b"", b"\n", b"cut", b"other"])
def test_what_is_damaged_or_of_another_document_costs_a_reading(
    run: Run, pages_read: list[str], tmp_path: Path, suffix: str, damage: bytes
) -> None:
    known = run(PLAIN).known()
    (file,) = (tmp_path / "answers").glob(f"*{suffix}")
    before = file.read_bytes()
    run(PLAIN.replace("A dataset b", "Another b"), known)
    after = file.read_bytes()
    file.write_bytes({b"cut": after[:-9], b"other": before}.get(damage, damage))
    ledger = run(PLAIN.replace("A dataset c", "Another c"), known)
    assert (ledger.changed, len(pages_read)) == (["c"], 1)
    run(PLAIN, known)
    assert pages_read == []


def test_where_there_is_no_room_for_it_a_changed_document_is_read(
    run: Run, pages_read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Grounds, "packed", lambda _: iter([bytes(ROOM)]))
    known = run(PLAIN).known()
    assert kept(tmp_path) == [".recollection"]
    assert run(PLAIN.replace("A dataset b", "Another b"), known).changed == ["b"]
    assert len(pages_read) == 1
