from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints

import pytest
from nodes.fake_node import FakeNode
from nodes.samples import catalogue, run

from harvester import protocols
from harvester.errors import UnknownProtocol
from harvester.http import Door
from harvester.protocols import Page, Session, protocol, protocol_names
from harvester.source import Source
from shapes.errors import Unreachable


def two_documents(source: Source, session: Session) -> Iterator[Page]:
    """A protocol as a third party would write it: an index of documents, one of which is gone."""
    for name in ("a", "gone", "b"):
        try:
            yield Page(name, iter((session.fetch(f"{source.url}/{name}"),)))
        except Unreachable as error:
            session.blame(error)


@pytest.fixture
def third_party(monkeypatch: pytest.MonkeyPatch) -> None:
    points = EntryPoints(
        [
            EntryPoint("index", f"{__name__}:two_documents", protocols.GROUP),
            EntryPoint("broken", "no.such.module:pages", protocols.GROUP),
        ]
    )
    monkeypatch.setattr(protocols, "entry_points", points.select)
    monkeypatch.setattr(EntryPoint, "load", lambda point: two_documents if point.name == "index" else _missing())


def _missing() -> None:
    raise ModuleNotFoundError("No module named 'no'")


@pytest.mark.usefixtures("third_party")
def test_a_third_party_s_protocol_is_found_by_its_name_and_harvests(node: FakeNode, door: Door) -> None:
    assert protocol_names() == (*protocols.PROTOCOLS, "broken", "index")
    node.serve("/a", catalogue("a"))
    node.serve("/b", catalogue("b"))
    ledger = run(door, node.base, protocol="index")
    assert (ledger.new, ledger.codes, ledger.complete) == (["a", "b"], ["http-status"], False)
    assert ledger.problems[0].url == node.url("/gone")


@pytest.mark.usefixtures("third_party")
def test_a_protocol_that_cannot_be_loaded_says_so() -> None:
    with pytest.raises(UnknownProtocol) as caught:
        protocol("broken")
    assert caught.value.detail == (
        "The harvest protocol 'broken' (no.such.module:pages) cannot be loaded: No module named 'no'."
    )


def test_an_unknown_protocol_names_the_known_ones() -> None:
    with pytest.raises(UnknownProtocol) as caught:
        protocol("ftp")
    assert caught.value.detail.startswith("There is no harvest protocol 'ftp'; there are auto, rdf, hydra")
    assert caught.value.exit_code == 2
