from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest
from nodes.fake_node import FakeNode, Reply, redirect
from nodes.ldes_node import PREFIXES, TRIG, LdesNode, activity, relation, stream
from nodes.samples import BASE, Ledger, dataset, run
from nodes.samples import PREFIXES as PLAIN

from harvester.changes import Changed, New
from harvester.http import Door
from harvester.limits import HarvestLimits
from harvester.protocols import ldes
from shapes.parse import Document

NAMES = ("a", "b", "c", "d", "e")


@pytest.fixture
def feed() -> Iterator[LdesNode]:
    with LdesNode(*NAMES) as node:
        yield node


def serve(node: FakeNode, *fragments: str, root: str = "") -> str:
    """Serve a root that leads to every fragment; return its URL."""
    for number, text in enumerate(fragments, 1):
        node.serve(f"/feed/{number}", stream(text), TRIG)
    links = "".join(relation(str(number)) for number in range(1, len(fragments) + 1))
    return node.serve("/feed/root", stream(links, root), TRIG)


def titles(ledger: Ledger) -> list[str]:
    """The titles of the new or changed datasets."""
    lines = [line for e in (*ledger.of(New), *ledger.of(Changed)) for line in e.record.body.decode().splitlines()]
    return sorted(line.split('"')[1] for line in lines if "dc/terms/title" in line)


def harvested(door: Door, url: str, known: Ledger | None = None) -> Ledger:
    return run(door, url, known.known() if known else (), protocol="ldes")


def test_every_fragment_is_read_once_and_put_together(feed: LdesNode, door: Door) -> None:
    ledger = harvested(door, feed.start)
    assert (sorted(ledger.new), ledger.complete, ledger.problems) == (list(NAMES), True, [])
    assert [seen.path for seen in feed.requests] == ["/feed/root", "/feed/1", "/feed/2", "/feed/3"]
    again = harvested(door, feed.start, ledger)
    assert (len(again.unchanged), again.complete) == (5, True)


# -- versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_latest_version_counts_in_whatever_order_fragments_come(
    node: FakeNode, door: Door, order: tuple[int, ...]
) -> None:
    parts = [
        activity("a", 1, title="a of the first"),
        activity("a", 9, kind="Update", title="a of the ninth") + activity("b", 2),
        activity("a", 3, kind="Update", title="a of the third") + activity("b", 4, kind="Delete"),
        activity("c", 2, kind="Delete") + activity("c", 5, title="c again"),
    ]
    ledger = harvested(door, serve(node, *(parts[number] for number in order)))
    assert (sorted(ledger.new), titles(ledger)) == (["a", "c"], ["a of the ninth", "c again"])
    assert (ledger.complete, ledger.codes) == (True, ["deleted"])


def test_a_stated_deletion_is_absence_from_a_complete_run(node: FakeNode, door: Door) -> None:
    first = harvested(door, serve(node, activity("a", 1), activity("b", 1)))
    second = harvested(door, serve(node, activity("a", 1), activity("b", 1), activity("b", 2, kind="Delete")), first)
    assert (len(second.unchanged), second.of(New), second.complete, second.codes) == (1, [], True, ["deleted"])
    assert second.problems[0].detail == "1 entities are stated to be deleted: they count as absent."
    assert second.problems[0].remark


def test_a_deletion_may_have_another_name_in_this_stream(node: FakeNode, door: Door) -> None:
    rules = "<stream> ldes:versionDeletePath dct:type ; ldes:versionDeleteObject <http://example.org/Gone> .\n"
    gone = activity("a", 2, kind="Update").replace("a as:Update", "a as:Update ; dct:type <http://example.org/Gone>")
    ledger = harvested(door, serve(node, activity("a", 1) + activity("b", 1), gone, root=rules))
    assert (ledger.new, ledger.complete) == (["b"], True)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2026-11-01T23:30:00+02:00", "2026-11-01T22:00:00Z"),
        ("2026-11-01", "2026-11-01T00:00:01Z"),
        ("no date", "1999-01-01T00:00:00Z"),
        ("2026-11-01T10:00:00.009Z", "2026-11-01T10:00:00.010Z"),
    ],
)
def test_moments_are_compared_as_moments(node: FakeNode, door: Door, earlier: str, later: str) -> None:
    parts = [
        activity("a", 1, title="earlier").replace("2026-11-01T08:00:00Z", earlier),
        activity("a", 2, title="later").replace("2026-11-02T08:00:00Z", later),
    ]
    for given in (parts, parts[::-1]):
        assert titles(harvested(door, serve(node, *given))) == ["later"]


def test_a_sequence_tells_versions_of_one_moment_apart(node: FakeNode, door: Door) -> None:
    rules = "<stream> ldes:sequencePath <http://example.org/nr> .\n"
    texts = [
        activity("a", 1, title=f"number {nr}")
        .replace("2026-11-01", "2026-11-05")
        .replace("a-1-", f"a-{nr}-")
        .replace("a as:Create", f"a as:Create ; <http://example.org/nr> {nr}")
        for nr in (9, 10, 2)
    ]
    assert titles(harvested(door, serve(node, *texts, root=rules))) == ["number 10"]


VERSIONS = f"""\
<stream> tree:member <v1>, <v2> ; ldes:timestampPath dct:created ; ldes:versionOfPath dct:isVersionOf .
<v2> dct:isVersionOf <{BASE}a> ; dct:created "2026-11-02T00:00:00Z"^^xsd:dateTime ;
  a dcat:Dataset ; dct:title "A dataset a"@en ; dcat:distribution <{BASE}a/file>, [ dcat:accessURL <{BASE}a/more> ] ;
  dct:replaces <v1> .
<{BASE}a/file> a dcat:Distribution ; dcat:accessURL <{BASE}a/data> .
<v1> dct:isVersionOf <{BASE}a> ; dct:created "2026-11-01T00:00:00Z"^^xsd:dateTime ; a dcat:Dataset ; dct:title "Old" .
"""


def test_a_version_object_is_told_of_its_entity(node: FakeNode, door: Door) -> None:
    url = node.serve("/feed", PREFIXES + VERSIONS, "text/turtle")
    ledger = harvested(door, url)
    assert (ledger.new, ledger.complete, ledger.problems) == (["a"], True, [])
    (found,) = ledger.of(New)
    body = found.record.body.decode()
    assert "isVersionOf" not in body
    assert f"<{BASE}a> <http://purl.org/dc/terms/replaces> <{node.url('/v1')}> ." in body
    assert f"<{BASE}a/file> <http://www.w3.org/ns/dcat#accessURL> <{BASE}a/data> ." in body
    assert body.count("accessURL") == 2


def test_an_activity_without_named_graph_is_what_its_object_says(node: FakeNode, door: Door) -> None:
    text = (
        f"<stream> tree:member <e1> .\n<e1> a as:Create ; as:object <{BASE}a> ; as:published "
        f'"2026-11-01T00:00:00Z"^^xsd:dateTime .\n' + dataset("a")
    )
    feed = harvested(door, node.serve("/feed", PREFIXES + text, "text/turtle"))
    plain = run(door, node.serve("/plain", PLAIN + dataset("a")), protocol="rdf")
    assert [e.record.digest for e in feed.of(New)] == [e.record.digest for e in plain.of(New)]


def test_a_member_on_two_fragments_counts_once(node: FakeNode, door: Door) -> None:
    ledger = harvested(door, serve(node, activity("a", 1), activity("a", 1), root=relation("1", remaining=2)))
    assert (ledger.new, ledger.codes, ledger.complete) == (["a"], ["count-mismatch"], False)
    assert ledger.problems[0].detail == "2 members were announced (tree:remainingItems), 1 came."


def test_a_member_that_says_nothing_is_a_problem(node: FakeNode, door: Door) -> None:
    bare = activity("b", 1).partition("{")[0].rpartition("\n")[0]
    ledger = harvested(door, serve(node, activity("a", 1) + bare))
    assert (ledger.new, ledger.codes, ledger.complete) == (["a"], ["empty-member"], False)
    assert ledger.problems[0].record == f"{BASE}b"


# -- the way through the fragments ------------------------------------------------------------------------------------


def test_a_stream_that_names_its_view_is_entered_there(node: FakeNode, door: Door) -> None:
    serve(node, activity("a", 1))
    url = node.serve("/stream", PREFIXES + "<> a ldes:EventStream ; tree:view <feed/root> .", TRIG)
    ledger = harvested(door, url)
    assert (ledger.new, ledger.complete, len(node.requests)) == (["a"], True, 3)


def test_links_under_another_host_are_followed_on_the_stream_s_own(node: FakeNode, door: Door) -> None:
    node.serve("/feed/root", stream(relation("http://inner:8080/feed/1")), TRIG)
    node.serve("/feed/1", stream(activity("a", 1)), TRIG)
    ledger = harvested(door, node.url("/feed/root"))
    assert (ledger.new, ledger.complete) == (["a"], True)


def test_a_stream_behind_a_redirect_is_followed_where_it_is(node: FakeNode, door: Door) -> None:
    serve(node, activity("a", 1), activity("b", 2))
    node.behave("/permanent", redirect(node.url("/feed/root")))
    ledger = harvested(door, node.url("/permanent"))
    assert (sorted(ledger.new), ledger.complete, ledger.problems) == (["a", "b"], True, [])


def test_links_back_to_earlier_fragments_are_no_circle(node: FakeNode, door: Door) -> None:
    back = relation("root", kind="LessThanRelation")
    ledger = harvested(door, serve(node, activity("a", 1) + back, activity("b", 1) + back))
    assert (sorted(ledger.new), ledger.complete, ledger.problems) == (["a", "b"], True, [])


def test_a_fragment_that_leads_back_to_the_one_before_is_a_circle(feed: LdesNode, door: Door) -> None:
    feed.fail("paging-loop")
    ledger = harvested(door, feed.start)
    assert (sorted(ledger.new), ledger.complete) == (["a", "b", "c", "d"], False)
    assert ledger.problems[0].code == "paging-loop"
    assert ledger.problems[0].detail == (
        f"This fragment leads back to {feed.url('/feed/1')}, which led to it: the way turns in a circle."
    )


def test_relations_of_other_nodes_on_the_page_are_not_its_own(node: FakeNode, door: Door) -> None:
    told = "<root> tree:relation [ tree:node <1> ], [ tree:node <2> ] .\n"
    ledger = harvested(door, serve(node, activity("a", 1) + told + relation("2"), activity("b", 1)))
    assert (sorted(ledger.new), ledger.complete, ledger.problems) == (["a", "b"], True, [])


def test_a_stream_without_end_stops_at_the_limit(feed: LdesNode, door: Door) -> None:
    feed.fail("endless-paging")
    ledger = run(door, feed.start, protocol="ldes", limits=HarvestLimits(pages=7))
    assert (ledger.new, ledger.codes, ledger.complete) == ([], ["too-large"], False)
    assert ledger.problems[0].detail == "There are more than the 7 fragments a run may read."


# -- what may be missing ----------------------------------------------------------------------------------------------


def test_a_lost_fragment_never_brings_an_old_version_back(feed: LdesNode, door: Door) -> None:
    feed.serve("/feed/3", stream(activity("a", 9, title="newer") + activity("e", 5)), TRIG)
    known = harvested(door, feed.start)
    feed.fail("500", at=4)
    ledger = harvested(door, feed.start, known)
    assert (ledger.of(Changed), ledger.failed, ledger.complete) == ([], ["a"], False)
    assert (len(ledger.unchanged), ledger.codes) == (3, ["http-status"])


def test_after_five_fragments_in_a_row_the_rest_is_left_alone(node: FakeNode, door: Door) -> None:
    url = serve(node, *(activity(f"n{n}", 1) for n in range(9)))
    for number in range(2, 10):
        node.behave(f"/feed/{number}", Reply(404, b"gone", "text/plain"))
    ledger = harvested(door, url)
    assert (ledger.new, ledger.complete) == (["n0"], False)
    assert ledger.codes == ["http-status"] * 5 + ["fragments-left"]
    assert ledger.problems[-1].detail == (
        "5 fragments in a row could not be read; the 3 that were known to follow were not tried."
    )


def test_an_unread_statement_costs_the_one_record_it_belongs_to(node: FakeNode, door: Door) -> None:
    broken = activity("a", 1, more=" ; dcat:landingPage <http://example.org/not an IRI>")
    ledger = harvested(door, serve(node, broken + activity("b", 1), activity("c", 1)))
    assert (sorted(ledger.new), ledger.codes, ledger.complete) == (["a", "b", "c"], ["parse-error"], False)
    assert {e.record.subject.removeprefix(BASE): e.record.complete for e in ledger.of(New)} == {
        "a": False,
        "b": True,
        "c": True,
    }


def test_a_truncated_fragment_makes_every_record_doubtful(node: FakeNode, door: Door) -> None:
    serve(node, activity("a", 1), activity("b", 1))
    node.serve("/feed/2", stream(activity("b", 1))[:-20], TRIG)
    ledger = harvested(door, node.url("/feed/root"))
    assert [e.record.complete for e in ledger.of(New)] == [False] * len(ledger.of(New))
    assert (ledger.codes[0], ledger.complete) == ("parse-error", False)


@pytest.mark.parametrize(
    ("policy", "codes"),
    [
        ("[ a ldes:LatestVersionSubset ; ldes:amount 1 ]", []),
        ("[ ldes:versionAmount 1 ]", []),
        ('[ ldes:versionAmount 1 ; ldes:versionDeleteDuration "P1Y"^^xsd:duration ]', []),
        ('[ ldes:versionAmount 1 ; ldes:versionDuration "P1Y"^^xsd:duration ]', ["retention"]),
        ('[ ldes:fullLogDuration "P1M"^^xsd:duration ]', ["retention"]),
        ('[ a ldes:DurationAgoPolicy ; tree:value "P1Y"^^xsd:duration ]', ["retention"]),
        ('[ a ldes:DurationAgoPolicy ; tree:value "P1Y"^^xsd:duration ], [ a ldes:LatestVersionSubset ]', []),
    ],
)
def test_absence_means_nothing_where_living_entities_drop_out(
    node: FakeNode, door: Door, policy: str, codes: list[str]
) -> None:
    rules = f"<> tree:viewDescription [ ldes:retentionPolicy {policy} ] .\n"
    ledger = harvested(door, serve(node, activity("a", 1), root=rules))
    assert (ledger.new, ledger.codes, ledger.complete) == (["a"], codes, not codes)


def test_what_is_no_stream_says_so(node: FakeNode, door: Door, tmp_path: Path) -> None:
    ledger = harvested(door, node.serve("/plain", PLAIN + dataset("a")))
    assert ledger.codes == ["bad-answer"]
    assert ledger.problems[0].detail == (
        "This is no page of an event stream: it has no tree:view, tree:relation or tree:member."
    )
    local = harvested(door, str(tmp_path))
    assert local.problems[0].detail == "The protocol ldes follows a stream over http(s); a file is read with rdf."


def test_a_fragment_gives_the_protocol_away() -> None:
    def detected(text: str, media_type: str = TRIG) -> bool:
        return ldes.detects(Document(text.encode(), "http://x/", "http://x/", media_type=media_type))

    assert detected(stream())
    assert detected(PREFIXES + "<> tree:view <a> .", "text/turtle")
    assert not detected(PLAIN + dataset("a"))
    assert not detected(PLAIN + dataset("a", "See https://w3id.org/tree# and https://w3id.org/ldes#"))
    assert not detected("https://w3id.org/tree# is no RDF")


# -- real streams -----------------------------------------------------------------------------------------------------

REAL = "/feed/stream/root/2025-04-13T15_3A45_3A00.000Z_123187500_{}/index.trig"


def test_the_recorded_fragments_of_data_gov_be_are_read_as_they_are(
    node: FakeNode, door: Door, shared_data: Path
) -> None:
    """The fragments hold distributions and agents; the datasets that have them stand on one of ours."""
    numbers = (221, 829, 863, 864, 915, 944)
    parts: dict[str, list[str]] = defaultdict(list)
    for number in numbers:
        path = shared_data / "real-be-ldes" / f"fragment-{number}.trig"
        node.serve(REAL.format(number), path.read_bytes(), "application/octet-stream")
        following = REAL.format(number + 1)
        if number + 1 not in numbers:
            node.serve(following, stream(), TRIG)
        for quad in ox.parse(path=path, base_iri="http://x/"):
            if str(quad.object) == "<http://www.w3.org/ns/dcat#Distribution>":
                parts[f"set{number}"].append(str(quad.subject))
    datasets = [
        activity(name, 1, more=f" ; dcat:distribution {', '.join(found)}") for name, found in sorted(parts.items())
    ]
    links = "".join(relation(REAL.format(number), remaining=600) for number in numbers)
    ledger = harvested(door, node.serve("/feed/index.trig", stream(links, *datasets), TRIG))
    assert (sorted(ledger.new), ledger.complete, ledger.problems) == (sorted(parts), True, [])
    described = sum(e.record.body.decode().count("ns/dcat#accessURL>") for e in ledger.of(New))
    assert (sum(map(len, parts.values())), described >= 500) == (500, True)
    assert len(node.requests) == len(numbers) + 1 + 5


def test_a_real_catalogue_told_as_a_stream_is_the_same_catalogue(node: FakeNode, door: Door, shared_data: Path) -> None:
    path = shared_data / "real-be-health" / "node-a-sciensano-2025-04-13.ttl"
    said: dict[str, list[str]] = defaultdict(list)
    held: dict[str, str] = {}
    quads = list(ox.parse(path=path, base_iri="http://x/"))
    for quad in quads:
        if isinstance(quad.object, ox.BlankNode):
            held[str(quad.object)] = str(quad.subject)
    for quad in quads:
        owner = str(quad.subject)
        while owner in held:
            owner = held[owner]
        said[owner].append(f"{quad.subject} {quad.predicate} {quad.object} .")
    members = [
        f'<stream> tree:member <#{n}> .\n<#{n}> a as:Create ; as:object {owner} ; as:published "2025-04-13T00:00:00Z"'
        f"^^xsd:dateTime .\n<#{n}> {{ {' '.join(lines)} }}\n"
        for n, (owner, lines) in enumerate(said.items())
    ]
    url = serve(node, *("".join(members[start : start + 100]) for start in range(0, len(members), 100)))
    told = harvested(door, url)
    plain = run(door, str(path), protocol="rdf")
    assert (told.complete, told.problems) == (True, [])
    assert {e.record.digest for e in told.of(New)} == {e.record.digest for e in plain.of(New)}
    assert len(told.new) == 146
