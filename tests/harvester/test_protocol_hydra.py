from __future__ import annotations

from pathlib import Path

import pytest
from nodes.fake_node import CutOff, FakeNode, Made, Reply, Seen
from nodes.samples import BASE, PREFIXES, catalogue, dataset, run

from harvester.changes import Changed, New, Unchanged
from harvester.http import Door
from harvester.limits import HarvestLimits
from harvester.protocols.hydra import anchored
from shapes.record import Kind

PAGE = "https://node.example/data/catalog.ttl?page=1"


def page(
    number: int,
    names: list[str],
    *,
    following: str | None,
    last: int | None = None,
    total: int | None = None,
    host: str = "http://inner:5000",
    spelling: str = "view",
) -> str:
    """Return one page of a catalogue; links are strings or IRIs, in one of the two spellings."""
    url = f"{host}/catalog.ttl?page={number}"
    kind, nxt, lst = (
        ("PartialCollectionView", "next", "last") if spelling == "view" else ("PagedCollection", "nextPage", "lastPage")
    )
    said = f"<{url}> a hydra:{kind}"
    if following is not None:
        said += f" ; hydra:{nxt} <{following}>" if spelling == "view" else f' ; hydra:{nxt} "{following}"'
    if last is not None:
        said += f' ; hydra:{lst} "{host}/catalog.ttl?page={last}"'
    if total is not None:
        said += f" ; hydra:totalItems {total}"
    return catalogue(*names) + said + " .\n"


def link(number: int, host: str = "http://inner:5000") -> str:
    return f"{host}/catalog.ttl?page={number}"


def serve_three(node: FakeNode, spelling: str = "view", host: str = "http://inner:5000") -> str:
    pages = [["a", "b"], ["c", "d"], ["e"]]
    for n, names in enumerate(pages, 1):
        following = link(n + 1, host) if n < 3 else None
        text = page(n, names, following=following, last=3, total=5, host=host, spelling=spelling)
        node.serve(f"/catalog.ttl?page={n}", text)
    node.routes["/catalog.ttl"] = node.routes["/catalog.ttl?page=1"]
    return node.url("/catalog.ttl")


@pytest.mark.parametrize("protocol", ["auto", "hydra"])
@pytest.mark.parametrize("spelling", ["view", "paged"])
@pytest.mark.parametrize("host", ["http://inner:5000", "https://node.example", ""])
def test_every_page_is_read_in_both_spellings_whatever_host_the_links_name(
    node: FakeNode, door: Door, protocol: str, spelling: str, host: str
) -> None:
    ledger = run(door, serve_three(node, spelling, host), protocol=protocol)
    assert (ledger.new, ledger.complete, ledger.problems) == (["a", "b", "c", "d", "e"], True, [])
    assert [seen.path for seen in node.requests] == ["/catalog.ttl", "/catalog.ttl?page=2", "/catalog.ttl?page=3"]


def test_the_catalogue_is_one_record_with_the_members_of_every_page(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    first = run(door, url)
    (whole,) = [e.record for e in first.of(New) if e.record.kind is Kind.CATALOGUE]
    assert all(f"#dataset> <{BASE}{name}> ." in whole.body.decode() for name in "abcde")
    again = run(door, url, first.known())
    assert len(again.of(Unchanged)) == 6


def test_the_protocol_rdf_does_not_take_a_page_for_the_whole(node: FakeNode, door: Door) -> None:
    ledger = run(door, serve_three(node), protocol="rdf")
    assert (ledger.new, ledger.codes, ledger.complete) == (["a", "b"], ["unfollowed-paging"], False)


def test_a_document_without_paging_is_a_dump(node: FakeNode, door: Door) -> None:
    for protocol in ("auto", "hydra", "rdf"):
        ledger = run(door, node.serve("/dump.ttl", catalogue("a")), protocol=protocol)
        assert (ledger.new, ledger.complete) == (["a"], True)


@pytest.mark.parametrize("which", [1, 2, 3])
@pytest.mark.parametrize(
    "wrong",
    [
        Reply(500),
        Reply(404),
        Reply(200, b""),
        Reply(200, b"<!DOCTYPE html><html><body>Please log in</body></html>", "text/html"),
        CutOff(catalogue("c").encode(), 200),
        Reply(200, PREFIXES.encode()),
        Reply(200, catalogue("c").encode()[:-30]),
    ],
)
def test_any_page_that_goes_wrong_makes_the_run_partial_and_is_named(
    node: FakeNode, door: Door, which: int, wrong: Reply | CutOff
) -> None:
    url = serve_three(node)
    known = run(door, url).known()
    node.behave("/catalog.ttl" if which == 1 else f"/catalog.ttl?page={which}", wrong)
    ledger = run(door, url, known)
    assert not ledger.complete
    assert ledger.new == []
    assert ledger.of(Changed) == []
    assert node.url("/catalog.ttl" if which == 1 else f"/catalog.ttl?page={which}") in {p.url for p in ledger.problems}
    assert len(ledger.unchanged) >= [0, 2, 4][which - 1]


def test_a_page_that_stops_paging_is_not_the_end(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    node.serve("/catalog.ttl?page=2", catalogue("c", "d"))
    ledger = run(door, url)
    assert (ledger.codes, ledger.complete) == (["paging-lost"], False)
    assert ledger.problems[0].url == node.url("/catalog.ttl?page=2")


def test_an_end_before_the_last_page_is_not_the_end(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    node.serve("/catalog.ttl?page=2", page(2, ["c", "d"], following=None, last=3))
    ledger = run(door, url)
    assert (ledger.codes, ledger.complete) == (["paging-lost"], False)
    assert "the last one should be http://inner:5000/catalog.ttl?page=3" in ledger.problems[0].detail


def test_fewer_records_than_announced_are_noticed(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    node.serve("/catalog.ttl?page=2", page(2, ["c"], following=link(3), last=3, total=5))
    ledger = run(door, url)
    assert (ledger.codes, ledger.complete) == (["count-mismatch"], False)
    assert ledger.problems[0].detail == "5 records were announced (hydra:totalItems), 4 came."


def test_one_page_that_names_itself_by_its_number_is_whole(node: FakeNode, door: Door) -> None:
    said = f'<{BASE}catalogue> hydra:firstPage "catalog.ttl?page=1" ; hydra:lastPage "catalog.ttl?page=1" .\n'
    ledger = run(door, node.serve("/catalog.ttl", catalogue("a") + said))
    assert (ledger.new, ledger.complete, ledger.problems) == (["a"], True, [])


def test_a_source_that_says_nothing_but_next_ends_where_that_ends(node: FakeNode, door: Door) -> None:
    url = node.serve("/catalog.ttl", catalogue("a") + f"<{BASE}catalogue> hydra:next <catalog.ttl?page=2> .\n")
    node.serve("/catalog.ttl?page=2", catalogue("b"))
    ledger = run(door, url)
    assert (ledger.new, ledger.complete, ledger.problems) == (["a", "b"], True, [])


# -- lists that repeat or move --------------------------------------------------------------------------------------


def serve_pages(node: FakeNode, *pages: tuple[list[str], int | None]) -> str:
    """Serve pages of these datasets, each with the total it announces."""
    for n, (names, total) in enumerate(pages, 1):
        following = link(n + 1) if n < len(pages) else None
        node.serve(f"/catalog.ttl?page={n}", page(n, names, following=following, total=total))
    node.routes["/catalog.ttl"] = node.routes["/catalog.ttl?page=1"]
    return node.url("/catalog.ttl")


def test_a_page_that_holds_what_another_did_under_a_name_of_its_own_hides_records(node: FakeNode, door: Door) -> None:
    known = run(door, serve_three(node)).known()
    url = serve_pages(node, (["a", "b"], None), (["a", "b"], None), (["e"], None))
    ledger = run(door, url, known)
    assert not ledger.complete
    assert [(p.code, p.url, p.detail) for p in ledger.problems if p.code != "incomplete"] == [
        (
            "repeated-page",
            node.url("/catalog.ttl?page=2"),
            "Every dataset of this page had come before: its own may have been left out.",
        )
    ]


def test_a_record_that_slips_to_a_page_already_read_is_not_taken_for_gone(node: FakeNode, door: Door) -> None:
    """Something was put in front, "b" went on to the second page, and "c" to a page that was read already."""
    known = run(door, serve_three(node)).known()
    url = serve_pages(node, (["a", "b"], None), (["b", "d"], None), (["e"], None))
    ledger = run(door, url, known)
    assert not ledger.complete
    assert [p.detail for p in ledger.problems if p.code == "paging-moved"] == [
        "The list moved while it was read, or overlaps: datasets on two pages: 1."
    ]


def test_a_total_that_shrinks_while_pages_are_read_says_that_the_list_moved(node: FakeNode, door: Door) -> None:
    """ "a" was removed after the first page was read: "c" is on that page now, and was not met."""
    known = run(door, serve_three(node)).known()
    ledger = run(door, serve_pages(node, (["a", "b"], 5), (["d", "e"], 4)), known)
    assert not ledger.complete
    assert [p.detail for p in ledger.problems if p.code == "paging-moved"] == [
        "The list moved while it was read: hydra:totalItems went from 5 to 4."
    ]


def test_pages_that_overlap_are_whole_when_as_many_came_as_were_announced(node: FakeNode, door: Door) -> None:
    ledger = run(door, serve_pages(node, (["a", "b"], 4), (["b", "c"], 4), (["c", "d"], 4)))
    assert (ledger.new, ledger.complete, ledger.problems) == (["a", "b", "c", "d"], True, [])


def test_every_next_page_is_followed_where_there_are_two(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    both = f"<{link(1)}> hydra:next <{link(2)}>, <{link(3)}> .\n"
    node.serve("/catalog.ttl", page(1, ["a", "b"], following=None, last=3, total=5) + both)
    ledger = run(door, url)
    assert (ledger.new, ledger.complete, ledger.problems) == (["a", "b", "c", "d", "e"], True, [])
    assert len(node.requests) == 3


# -- paging that turns in a circle ----------------------------------------------------------------------------------


def test_a_next_page_that_is_a_former_one_ends_the_run_as_partial(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    node.serve("/catalog.ttl?page=2", page(2, ["c", "d"], following=link(1)))
    ledger = run(door, url)
    assert (ledger.new, ledger.codes, ledger.complete) == (["a", "b", "c", "d"], ["paging-loop"], False)
    assert len(node.requests) == 2


def test_a_last_page_that_links_to_itself_is_the_end(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    node.serve("/catalog.ttl?page=3", page(3, ["e"], following=link(3), last=3, total=5))
    ledger = run(door, url)
    assert (ledger.complete, ledger.problems) == (True, [])


def test_the_same_content_under_ever_new_addresses_is_a_circle(node: FakeNode, door: Door) -> None:
    text = PREFIXES + dataset("a") + f'<{BASE}list> hydra:next "?token=x" .\n'

    def forever(seen: Seen) -> Reply:
        return Reply(200, text.replace("token=x", "token=y").encode() if "token=x" in seen.path else text.encode())

    node.behave("/catalog.ttl", Made(forever))
    ledger = run(door, node.url("/catalog.ttl"))
    assert (ledger.new, ledger.codes, ledger.complete) == (["a"], ["paging-loop"], False)
    assert len(node.requests) == 3


def test_pages_without_end_that_bring_nothing_new_are_left(node: FakeNode, door: Door) -> None:
    def forever(seen: Seen) -> Reply:
        number = int(seen.path.partition("page=")[2] or 1)
        return Reply(200, page(number, ["a"], following=link(number + 1)).encode())

    node.behave("/catalog.ttl", Made(forever))
    ledger = run(door, node.url("/catalog.ttl"))
    assert (ledger.codes, ledger.complete) == (["paging-loop"], False)
    assert ledger.problems[0].detail == "3 pages in a row brought no new record, and there is yet another."
    assert len(node.requests) == 4


def test_pages_without_end_stop_at_the_limit(node: FakeNode, door: Door) -> None:
    def forever(seen: Seen) -> Reply:
        number = int(seen.path.partition("page=")[2] or 1)
        return Reply(200, page(number, [f"n{number}"], following=link(number + 1)).encode())

    node.behave("/catalog.ttl", Made(forever))
    ledger = run(door, node.url("/catalog.ttl"), limits=HarvestLimits(pages=7))
    assert (len(ledger.new), ledger.codes, ledger.complete) == (7, ["too-large"], False)
    assert ledger.problems[0].detail == "There are more than the 7 pages a run may read."


def test_bytes_without_end_stop_at_the_limit(node: FakeNode, door: Door) -> None:
    ledger = run(door, serve_three(node), limits=HarvestLimits(bytes=1))
    assert (ledger.new, ledger.codes, ledger.complete) == (["a", "b"], ["too-large"], False)


# -- what stands on several pages -----------------------------------------------------------------------------------


def test_a_record_repeated_as_it_was_counts_once(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    node.serve("/catalog.ttl?page=2", page(2, ["b", "c", "d"], following=link(3), last=3, total=5))
    ledger = run(door, url)
    assert (ledger.new, ledger.complete, ledger.problems) == (["a", "b", "c", "d", "e"], True, [])


def test_a_record_repeated_with_other_content_is_kept_once_and_reported(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    text = page(2, ["b", "c", "d"], following=link(3), last=3, total=5)
    node.serve("/catalog.ttl?page=2", text.replace("A dataset b", "Another b"))
    ledger = run(door, url)
    assert (ledger.new, ledger.codes, ledger.complete) == (["a", "b", "c", "d", "e"], ["repeated-record"], True)
    assert (ledger.problems[0].record, ledger.problems[0].url) == (f"{BASE}b", node.url("/catalog.ttl?page=2"))
    assert any(b"A dataset b" in e.record.body for e in ledger.of(New))


def test_many_problems_of_one_kind_are_counted_not_listed(node: FakeNode, door: Door) -> None:
    names = [f"n{n}" for n in range(9)]
    node.serve("/catalog.ttl", page(1, names, following=link(2)))
    node.serve("/catalog.ttl?page=2", page(2, names, following=None).replace("A dataset", "Another"))
    ledger = run(door, node.url("/catalog.ttl"), limits=HarvestLimits(notes=3))
    assert ledger.codes == ["repeated-record"] * 4
    assert ledger.problems[-1].detail == "and 6 more of this kind."


def test_a_publisher_without_an_iri_on_every_page_stays_one(node: FakeNode, door: Door) -> None:
    url = serve_three(node)
    for n in (1, 2, 3):
        reply = node.routes[f"/catalog.ttl?page={n}"]
        assert isinstance(reply, Reply)
        text = reply.body.decode() + f'<{BASE}catalogue> dct:publisher [ a foaf:Agent ; foaf:name "The institute" ] .\n'
        node.serve(f"/catalog.ttl?page={n}", text)
    node.routes["/catalog.ttl"] = node.routes["/catalog.ttl?page=1"]
    (whole,) = [e.record for e in run(door, url).of(New) if e.record.kind is Kind.CATALOGUE]
    assert whole.body.decode().count('"The institute"') == 1


# -- links ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("?page=2", "https://node.example/data/catalog.ttl?page=2"),
        ("catalog.ttl?page=2", "https://node.example/data/catalog.ttl?page=2"),
        ("https://node.example/other?page=2#here", "https://node.example/other?page=2"),
        ("http://node.example/data/catalog.ttl?page=2", "https://node.example/data/catalog.ttl?page=2"),
        ("http://inner:5000/catalog.ttl?page=2", "https://node.example/data/catalog.ttl?page=2"),
        ("http://169.254.169.254/latest/meta-data?page=2", "https://node.example/latest/meta-data?page=2"),
        ("file:///etc/passwd", "https://node.example/etc/passwd"),
        ("http://[broken", PAGE),
    ],
)
def test_a_link_never_leaves_the_page_s_own_origin(target: str, url: str) -> None:
    assert anchored(target, PAGE) == url


# -- real paging ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["paged-collection", "partial-collection"])
def test_both_real_spellings_of_udata_are_followed_behind_another_host(
    node: FakeNode, door: Door, shared_data: Path, name: str
) -> None:
    for number in (1, 2):
        data = (shared_data / "examples-udata" / f"{name}-{number}.jsonld").read_bytes()
        node.serve(f"/catalog.jsonld?page={number}", data, "application/ld+json")
    node.routes["/catalog.jsonld"] = node.routes["/catalog.jsonld?page=1"]
    ledger = run(door, node.url("/catalog.jsonld"))
    assert (sorted(ledger.new), ledger.complete, ledger.problems) == (
        [f"http://data.test.org/datasets/{n}" for n in (1, 2, 3, 4)],
        True,
        [],
    )
    assert len(node.requests) == 2


@pytest.mark.parametrize(
    ("name", "media_type", "datasets"),
    [("catalog.rdf", "application/rdf+xml", 2), ("catalog_with_at_graph.jsonld", "application/ld+json", 1)],
)
def test_real_catalogues_of_ckan_are_harvested(
    node: FakeNode, door: Door, shared_data: Path, name: str, media_type: str, datasets: int
) -> None:
    data = (shared_data / "examples-ckan" / name).read_bytes()
    ledger = run(door, node.serve(f"/{name}", data, media_type))
    assert (len(ledger.new), ledger.complete, ledger.problems) == (datasets, True, [])
