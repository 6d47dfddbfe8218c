"""A document that is the same as before is not read again, and the ledger is the one that reading it would give."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

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
from shapes.record import Kind

ROOM = 1 << 20
SERVICE = (
    f'<{BASE}api> a dcat:DataService ; dct:title "API" ; dcat:servesDataset <{BASE}a> .\n'
    f'<{BASE}series> a dcat:DatasetSeries ; dct:title "Series" .\n'
)

Run = Callable[..., Ledger]


@pytest.fixture
def run(door: Door, node: FakeNode, tmp_path: Path, pages_read: list[str]) -> Run:
    """Harvest a source with what it gave kept in one folder, or (`remembering=False`) with nothing kept."""

    def run(
        known: Sequence[KnownRecord] = (),
        *,
        url: str = "/catalog.ttl",
        protocol: str = "auto",
        remembering: bool = True,
        ask: bool = True,
        room: int = ROOM,
    ) -> Ledger:
        pages_read.clear()
        folder = tmp_path / "answers"
        kept = Recollections(folder, protocol, room=room, ask=ask) if remembering else None
        answers = Answers(folder if remembering else tmp_path / "other", room=ROOM, ask=ask, recollections=kept)
        source = Source("node", node.url(url) if url.startswith("/") else url, protocol=protocol)
        return Ledger(list(harvesting.harvest(source, known, door=door, judge=no_findings, answers=answers)))

    return run


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "answers").glob("*.recollection"))


@pytest.mark.parametrize("protocol", ["auto", "rdf", "hydra"])
@pytest.mark.parametrize("headers", [{}, {"ETag": '"one"'}])
def test_the_ledger_is_that_of_a_reading(
    node: FakeNode, run: Run, pages_read: list[str], protocol: str, headers: dict[str, str]
) -> None:
    more = SERVICE + dataset("twin", identifier="id-a")  # a shared identifier is told in every run
    node.serve("/catalog.ttl", catalogue("a", "b", more=more), **headers)
    known = run(protocol=protocol).known()
    recalled = run(known, protocol=protocol)
    assert pages_read == []
    read = run(known, protocol=protocol, remembering=False)
    assert len(pages_read) == 1
    if headers:  # nothing but what is fetched may differ
        assert recalled.finished.bytes == 0
        recalled.events[-1] = replace(recalled.finished, bytes=read.finished.bytes)
    assert recalled.events == read.events
    assert recalled.codes[-1] == "duplicate-identifier"
    assert {event.kind for event in recalled.of(Unchanged)} == set(Kind) - {Kind.ENRICHMENT}


def test_what_a_server_confirms_is_not_even_unpacked(
    node: FakeNode, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    node.serve("/catalog.ttl", catalogue("a", "b"), ETag='"one"')
    known = run().known()
    monkeypatch.delattr(Answers, "body")
    assert len(run(known).unchanged) == 2
    assert len(list((tmp_path / "answers").glob("*.answer"))) == 1


def test_a_changed_document_is_read_and_remembered_anew(
    node: FakeNode, run: Run, pages_read: list[str], tmp_path: Path
) -> None:
    node.serve("/catalog.ttl", catalogue("a", "b"))
    known = run().known()
    node.serve("/catalog.ttl", catalogue("a", "b", "c"))
    ledger = run(known)
    assert (ledger.new, len(ledger.unchanged), len(pages_read)) == (["c"], 2, 1)
    assert len(run(ledger.known(known)).unchanged) == 3
    assert pages_read == []
    assert len(kept(tmp_path)) == 1


def test_one_changed_page_of_several_is_read_and_the_catalogue_put_together_of_all(
    node: FakeNode, run: Run, pages_read: list[str]
) -> None:
    def page(number: int, name: str) -> str:
        onward = f" ; hydra:next <{node.url(f'/catalog.ttl?page={number + 1}')}>" if number < 3 else ""
        here = node.url(f"/catalog.ttl?page={number}" if number > 1 else "/catalog.ttl")
        return catalogue(name) + f"<{here}> a hydra:PartialCollectionView ; hydra:totalItems 3{onward} .\n"

    for number, name in enumerate("abc", 1):
        node.serve("/catalog.ttl" + (f"?page={number}" if number > 1 else ""), page(number, name))
    known = run().known()
    assert (len(run(known).unchanged), pages_read) == (3, [])
    node.serve("/catalog.ttl?page=2", page(2, "b").replace("A dataset b", "Another b"))
    ledger = run(known)
    assert (ledger.changed, len(ledger.unchanged), ledger.complete) == (["b"], 2, True)
    assert pages_read == [node.url("/catalog.ttl?page=2")]
    assert ledger.events == run(known, remembering=False).events
    node.serve("/catalog.ttl?page=2", page(2, "b").replace("totalItems 3", "totalItems 9"))
    node.serve("/catalog.ttl?page=3", page(3, "c").replace("totalItems 3", "totalItems 9"))
    assert run(known).codes == ["count-mismatch"]


@pytest.mark.parametrize("lacking", ["unknown", "withdrawn", "changed since", "incomplete"])
def test_a_document_is_read_where_a_dataset_of_it_is_not_listed_as_it_is(
    node: FakeNode, run: Run, pages_read: list[str], lacking: str
) -> None:
    node.serve("/catalog.ttl", catalogue("a", "b"))
    whole = run().known()
    one = next(each for each in whole if each.subject == BASE + "b")
    others = [each for each in whole if each is not one]
    known = {
        "unknown": others,
        "withdrawn": [*others, replace(one, listed=False)],
        "changed since": [*others, replace(one, digest="0" * 64)],
        "incomplete": [*others, replace(one, complete=False)],
    }[lacking]
    ledger = run(known)
    assert len(pages_read) == 1
    assert (len(ledger.unchanged), len(ledger.new) + len(ledger.changed)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (catalogue("a", "b") + f"<{BASE}a> dct:title nonsense .\n", "parse-error"),
        (catalogue("a", "b", more=f"<{BASE}a> dct:relation <no iri> .\n"), "parse-error"),
        (catalogue("a") + "<x:y> <x:p> <x:o> .\n" + catalogue("b"), None),
    ],
)
def test_only_a_document_without_any_fault_is_remembered(
    node: FakeNode, run: Run, pages_read: list[str], text: str, code: str | None, tmp_path: Path
) -> None:
    node.serve("/catalog.ttl", text)
    first = run()
    again = run(first.known())
    assert len(pages_read) == bool(code)
    assert again.codes == first.codes == ([code] if code else [])
    assert len(kept(tmp_path)) == (code is None)


def test_a_document_read_by_another_program_or_protocol_is_read_again(
    node: FakeNode, run: Run, pages_read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    node.serve("/catalog.ttl", catalogue("a"))
    known = run().known()
    assert len(run(known, protocol="rdf").unchanged) == len(pages_read) == 1
    run(known, protocol="rdf")
    assert pages_read == []
    monkeypatch.setattr(recollections, "program", lambda: "another")
    run(known, protocol="rdf")
    assert len(pages_read) == 1


def test_the_same_bytes_under_another_type_are_read_again(node: FakeNode, run: Run, pages_read: list[str]) -> None:
    node.serve("/catalog.ttl", catalogue("a"), **{"Content-Type": "text/turtle"})
    known = run().known()
    node.serve("/catalog.ttl", catalogue("a"), **{"Content-Type": "application/trig"})
    assert len(run(known).unchanged) == len(pages_read) == 1


def test_a_run_that_must_read_everything_does(node: FakeNode, run: Run, pages_read: list[str]) -> None:
    node.serve("/catalog.ttl", catalogue("a"))
    known = run().known()
    assert len(run(known, ask=False).unchanged) == len(pages_read) == 1
    run(known)
    assert pages_read == []


@pytest.mark.parametrize("damage", [b"", b"\n", b"cut", b"no number"])
def test_a_damaged_recollection_costs_a_reading(
    node: FakeNode, run: Run, pages_read: list[str], tmp_path: Path, damage: bytes
) -> None:
    node.serve("/catalog.ttl", catalogue("a"))
    known = run().known()
    (file,) = kept(tmp_path)
    line, _, rest = file.read_bytes().partition(b"\n")
    file.write_bytes({b"cut": line + b"\n" + rest[:-9], b"no number": line + b"\n" + b"x" + rest}.get(damage, damage))
    assert len(run(known).unchanged) == len(pages_read) == 1
    run(known)
    assert pages_read == []


def test_a_packed_document_is_recalled_and_one_on_this_machine_too(
    node: FakeNode, run: Run, pages_read: list[str], tmp_path: Path
) -> None:
    node.serve("/catalog.ttl.gz", gzip.compress(catalogue("a").encode(), mtime=0), ETag='"packed"')
    known = run(url="/catalog.ttl.gz").known()
    assert (len(run(known, url="/catalog.ttl.gz").unchanged), pages_read) == (1, [])
    file = tmp_path / "catalog.ttl"
    file.write_text(catalogue("a"))
    known = run(url=file.as_uri()).known()
    assert (len(run(known, url=file.as_uri()).unchanged), pages_read) == (1, [])


def test_a_whole_run_forgets_documents_that_are_gone_and_a_full_folder_nothing(
    node: FakeNode, run: Run, tmp_path: Path
) -> None:
    onward = f"<{node.url('/catalog.ttl')}> a hydra:PartialCollectionView ; hydra:next <{node.url('/p2')}> .\n"
    node.serve("/catalog.ttl", catalogue("a") + onward)
    node.serve("/p2", catalogue("b") + f"<{node.url('/p2')}> a hydra:PartialCollectionView .\n")
    known = run().known()
    assert len(kept(tmp_path)) == 2
    node.serve("/catalog.ttl", catalogue("a"))
    assert run(known, room=10).complete
    assert kept(tmp_path) == []


def test_a_folder_that_cannot_be_written_costs_nothing_but_speed(
    node: FakeNode, run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "answers").write_text("in the way")
    node.serve("/catalog.ttl", catalogue("a"))
    assert run().new == ["a"]
    assert "cannot be kept" in caplog.text
