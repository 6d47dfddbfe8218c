"""The catalogue as an event stream: every event once, in order, on pages that never change once they are full."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from nodes.samples import Ledger
from sample_catalogue import BASE, Sample

from catalogue.journal.state import State, Status
from harvester.changes import New
from shapes.record import Kind
from shapes.vocabulary import AS, LDES, RDF, TREE
from ui.ldes import routes, stream

FORMS = {
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


@pytest.fixture(autouse=True)
def by_three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three numbers of the journal."""
    for module in (routes, stream):
        monkeypatch.setattr(module, "PAGE", 3)


def fetch(web: FlaskClient, address: str, form: str = "application/trig") -> ox.Dataset:
    answer = web.get(address.removeprefix(BASE), headers={"Accept": form})
    assert (answer.status_code, answer.content_type) == (200, form)
    assert "Accept" in answer.headers["Vary"]
    return ox.Dataset(ox.parse(answer.data, format=FORMS[form]))


def values(found: ox.Dataset, subject: str | None, predicate: str) -> list[str]:
    node = ox.NamedNode(subject) if subject else None
    quads = found.quads_for_subject(node) if node else found
    return [str(q.object.value) for q in quads if q.predicate.value == predicate]


def pages(web: FlaskClient) -> list[str]:
    root = fetch(web, "/ldes")
    return sorted(set(values(root, None, TREE.node)), key=lambda page: int(page.rpartition("/")[2]))


def events(sample: Sample) -> list[State]:
    told = {Kind.CATALOGUE, Kind.DATASET, Kind.SERIES, Kind.SERVICE}
    return [s for s in sample.journal.since(0) if s.kind in told and s.status in {Status.LISTED, Status.WITHDRAWN}]


def test_the_pages_hold_every_event_once_in_order(web: FlaskClient, sample: Sample) -> None:
    members = [member for page in pages(web) for member in values(fetch(web, page), f"{BASE}/ldes#stream", TREE.member)]
    assert sorted(int(m.rpartition("#")[2]) for m in members) == [state.seq for state in events(sample)]
    assert len(pages(web)) == -(-sample.journal.last_seq() // 3)


def test_an_event_says_what_happened_when_and_to_what(web: FlaskClient, sample: Sample) -> None:
    happened = {}
    for page in pages(web):
        found = fetch(web, page)
        for member in values(found, f"{BASE}/ldes#stream", TREE.member):
            (kind,), (of,) = values(found, member, RDF.type), values(found, member, AS.object)
            (when,) = values(found, member, AS.published)
            happened[int(member.rpartition("#")[2])] = (kind, of, when)
    gone, broken = sample.ids["gone"], sample.ids["broken"]
    for key, kinds in ((gone, [AS.Create, AS.Delete]), (broken, [AS.Create, AS.Update])):
        states = sample.journal.history(key)
        expected = [(kind, s.subject, s.time.isoformat()) for kind, s in zip(kinds, states, strict=True)]
        assert [happened[state.seq] for state in states] == expected


@pytest.mark.parametrize("form", FORMS)
def test_a_member_has_what_its_node_stated_then_in_the_graph_of_its_name(
    web: FlaskClient, sample: Sample, form: str
) -> None:
    first, second = sample.journal.history(sample.ids["broken"])
    for state in (first, second):
        page = pages(web)[(state.seq - 1) // 3]
        graph = ox.NamedNode(f"{page}#{state.seq}")
        said = [q.triple for q in fetch(web, page, form) if q.graph_name == graph]
        assert len(said) == len(state.graph())
        assert {str(t) for t in state.graph() if not _blank(t)} <= {str(t) for t in said}


def _blank(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def test_a_withdrawal_has_no_description(web: FlaskClient, sample: Sample) -> None:
    state = sample.journal.history(sample.ids["gone"])[-1]
    page = pages(web)[(state.seq - 1) // 3]
    assert not [q for q in fetch(web, page) if q.graph_name == ox.NamedNode(f"{page}#{state.seq}")]


def test_the_root_tells_from_when_to_when_a_page_is(web: FlaskClient, sample: Sample) -> None:
    root = fetch(web, "/ldes")
    assert values(root, f"{BASE}/ldes#stream", TREE.view) == [f"{BASE}/ldes"]
    assert values(root, f"{BASE}/ldes#stream", LDES.timestampPath) == [AS.published]
    first = pages(web)[0]
    relations = [q.subject for q in root if q.predicate.value == TREE.node and q.object == ox.NamedNode(first)]
    bounds = {values(root, r.value, RDF.type)[0]: values(root, r.value, TREE.value)[0] for r in relations}
    times = [state.time.isoformat() for state in sample.journal.since(0, 3)]
    assert bounds == {TREE.GreaterThanOrEqualToRelation: times[0], TREE.LessThanOrEqualToRelation: times[-1]}


def test_a_full_page_may_be_kept_and_the_last_must_be_asked_for_again(web: FlaskClient, sample: Sample) -> None:
    *full, last = pages(web)
    assert {web.get(p.removeprefix(BASE)).headers["Cache-Control"] for p in full} == {"max-age=31536000, immutable"}
    assert sample.journal.last_seq() % 3, "the sample's last page is not full"
    assert web.get(last.removeprefix(BASE)).headers["Cache-Control"] == "no-cache"
    for address in ("/ldes", last.removeprefix(BASE)):
        tag = web.get(address).headers["ETag"]
        again = web.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        other = web.get(address, headers={"If-None-Match": tag, "Accept": "application/n-quads"})
        assert other.status_code == 200, "another form is another answer"


def test_a_page_there_is_not_is_told(web: FlaskClient) -> None:
    beyond = f"{pages(web)[0].rpartition('/')[0]}/99".removeprefix(BASE)
    endless = beyond.removesuffix("99") + "9" * 5000
    for address in (beyond, endless, "/ldes/another-journal/0"):
        answer = web.get(address, headers={"Accept": "application/trig"})
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
        assert answer.get_json()["detail"] == f"The stream has no such page (now); {BASE}/ldes leads to those it has."
    assert web.get("/ldes", headers={"Accept": "image/png"}).status_code == 406


def test_an_empty_catalogue_is_a_stream_without_pages(bare: FlaskClient) -> None:
    assert pages(bare) == []


def test_our_harvester_reads_every_dataset_from_it(harvested: Callable[[str, str], Ledger], sample: Sample) -> None:
    found = harvested("/ldes", "ldes")
    listed = {s.subject for s in sample.journal.heads(Kind.DATASET)}
    assert {event.record.subject for event in found.datasets(New)} == listed
    assert (found.complete, [p for p in found.problems if not p.remark]) == (True, [])
