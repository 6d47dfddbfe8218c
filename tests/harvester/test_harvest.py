from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence

import pytest
from nodes.fake_node import CutOff, FakeNode, Reply, redirect
from nodes.samples import BASE, PREFIXES, Ledger, catalogue, dataset, no_findings, run

from harvester.changes import Changed, Failed, New, Rejected, Unchanged
from harvester.harvest import harvest
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.limits import HarvestLimits
from harvester.source import Source
from shapes.errors import CannotWork, TooComplex
from shapes.record import Kind, Record
from shapes.report import Report

GENID = "https://node.example/.well-known/genid/"


@pytest.fixture
def two(node: FakeNode, door: Door) -> tuple[str, list[KnownRecord]]:
    """A source with two datasets, harvested once: its URL and what is known then."""
    url = node.serve("/catalog.ttl", catalogue("a", "b"))
    return url, run(door, url).known()


def test_a_first_harvest_finds_everything_new_and_judges_it(node: FakeNode, door: Door) -> None:
    judged: list[str] = []

    def judge(records: Sequence[Record]) -> Sequence[Report]:
        judged.extend(record.subject for record in records)
        return no_findings(records)

    ledger = run(door, node.serve("/catalog.ttl", catalogue("a", "b")), judge=judge)
    assert (ledger.new, ledger.complete, ledger.problems) == (["a", "b"], True, [])
    assert judged == [event.record.subject for event in ledger.of(New)]
    assert {event.record.kind for event in ledger.of(New)} == {Kind.DATASET, Kind.CATALOGUE}
    assert ledger.finished.requests == 1
    assert ledger.finished.bytes == len(catalogue("a", "b"))


def test_a_second_harvest_of_the_same_asks_nobody_s_judgement(door: Door, two: tuple[str, list[KnownRecord]]) -> None:
    def judge(_: Sequence[Record]) -> Sequence[Report]:
        raise AssertionError

    ledger = run(door, *two, judge=judge)
    assert len(ledger.of(Unchanged)) == 3
    assert (ledger.new, ledger.changed, ledger.complete, ledger.problems) == ([], [], True, [])


def test_what_changed_is_told_and_nothing_else(node: FakeNode, door: Door, two: tuple[str, list[KnownRecord]]) -> None:
    url, known = two
    node.serve("/catalog.ttl", catalogue("a", "b").replace("A dataset b", "A better dataset b"))
    ledger = run(door, url, known)
    assert (ledger.new, ledger.changed, len(ledger.unchanged)) == ([], ["b"], 1)
    (change,) = ledger.of(Changed)
    assert (change.reidentified, change.restored) == (False, False)


def test_a_dataset_under_a_new_iri_is_found_by_its_identifier(
    node: FakeNode, door: Door, two: tuple[str, list[KnownRecord]]
) -> None:
    url, known = two
    node.serve("/catalog.ttl", catalogue("a", "b").replace(f"{BASE}b>", f"{GENID}77-b2>"))
    ledger = run(door, url, known)
    change = next(e for e in ledger.of(Changed) if e.record.kind is Kind.DATASET)
    assert (change.id, change.reidentified) == (next(k.id for k in known if k.subject == f"{BASE}b"), True)
    assert ledger.new == []


def test_a_withdrawn_record_that_comes_back_is_restored_even_if_nothing_changed(
    door: Door, two: tuple[str, list[KnownRecord]]
) -> None:
    url, known = two
    gone = [
        KnownRecord(k.id, k.kind, k.subject, k.identifiers, k.digest, listed=k.subject != f"{BASE}a") for k in known
    ]
    (change,) = run(door, url, gone).of(Changed)
    assert (change.record.subject, change.restored, change.reidentified) == (f"{BASE}a", True, False)


def test_a_record_that_does_not_come_is_not_mentioned(
    node: FakeNode, door: Door, two: tuple[str, list[KnownRecord]]
) -> None:
    url, known = two
    node.serve("/catalog.ttl", catalogue("a"))
    ledger = run(door, url, known)
    assert ledger.complete
    assert ledger.unchanged == [k.id for k in known if k.subject == f"{BASE}a"]


# -- nothing is lost: whatever goes wrong, the run is partial and says what and where -------------------------------

WRONG = {
    "empty": (Reply(200, b""), "not-rdf"),
    "white space": (Reply(200, b"\n \n"), "not-rdf"),
    "html instead of rdf": (Reply(200, b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"), "not-rdf"),
    "json error": (Reply(200, b'{"error": "database is down"}', "application/json"), None),
    "plain error": (Reply(200, b"Internal error: please try again", "text/plain"), "not-rdf"),
    "comment only": (Reply(200, b"# nothing yet\n"), None),
    "no datasets": (Reply(200, (PREFIXES + f"<{BASE}catalogue> a dcat:Catalog .").encode()), "no-records"),
    "other data": (Reply(200, (PREFIXES + f'<{BASE}x> dct:title "x" .').encode()), "no-records"),
    "500": (Reply(500), "http-status"),
    "403": (Reply(403, b"forbidden"), "http-status"),
    "404": (Reply(404), "http-status"),
    "cut off": (CutOff(catalogue("a", "b").encode(), 300), "truncated"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_bad_answer_changes_nothing(
    node: FakeNode, door: Door, two: tuple[str, list[KnownRecord]], wrong: str
) -> None:
    url, known = two
    behaviour, code = WRONG[wrong]
    node.behave("/catalog.ttl", behaviour)
    ledger = run(door, url, known)
    assert not ledger.complete
    assert (ledger.new, ledger.changed, ledger.rejected, ledger.failed) == ([], [], [], [])
    assert len(ledger.problems) == 1
    assert ledger.problems[0].url == url
    assert code is None or ledger.codes == [code]


def test_a_host_that_is_not_there_is_a_problem_not_a_crash(door: Door) -> None:
    ledger = run(door, "http://127.0.0.1:1/catalog.ttl")
    assert (ledger.codes, ledger.complete) == (["connection-failed"], False)
    assert ledger.problems[0].url == "http://127.0.0.1:1/catalog.ttl"


def test_an_address_that_is_not_allowed_is_a_problem(node: FakeNode) -> None:
    url = node.serve("/catalog.ttl", catalogue("a"))
    with Door() as strict:
        ledger = run(strict, url)
    assert (ledger.codes, ledger.complete, ledger.problems[0].url) == (["address-blocked"], False, url)


def test_an_address_that_is_none_is_a_problem(door: Door) -> None:
    assert run(door, "gopher://node.example/").codes == ["bad-address"]
    assert run(door, "http://me:secret@node.example/").problems[0].url == "http://node.example/"


def test_an_unknown_protocol_is_named_with_those_there_are(door: Door, two: tuple[str, list[KnownRecord]]) -> None:
    ledger = run(door, *two, protocol="carrier-pigeon")
    assert ledger.codes == ["unknown-protocol"]
    assert "There is no harvest protocol 'carrier-pigeon'; there are auto, rdf, hydra" in ledger.problems[0].detail
    assert not ledger.complete


def test_a_truncated_document_never_replaces_what_was_whole(
    node: FakeNode, door: Door, two: tuple[str, list[KnownRecord]]
) -> None:
    url, known = two
    text = catalogue("a", "b").replace("A dataset a", "Another a") + dataset("c") + f"<{BASE}d> a dcat:Dataset ; dct:ti"
    node.serve("/catalog.ttl", text)
    ledger = run(door, url, known)
    assert not ledger.complete
    assert (ledger.changed, ledger.failed, len(ledger.unchanged)) == ([], ["a"], 1)
    failure = next(e for e in ledger.of(Failed) if e.kind is Kind.DATASET)
    assert (failure.id, failure.problem.code) == (next(k.id for k in known if k.subject == f"{BASE}a"), "incomplete")
    assert "c" in ledger.new
    assert all(not e.record.complete for e in ledger.of(New))
    assert ledger.problems[0].code == "parse-error"
    assert (ledger.problems[0].url, ledger.problems[0].line) == (url, text.count("\n") + 1)


def test_a_bad_iri_among_good_ones_costs_one_statement_and_names_its_line(node: FakeNode, door: Door) -> None:
    text = catalogue("a", "b") + '<http://bad iri/> dct:title "x" .\n' + dataset("c")
    ledger = run(door, node.serve("/catalog.ttl", text))
    assert ledger.new == ["a", "b", "c"]
    assert (ledger.codes, ledger.problems[0].line) == (
        ["parse-error"],
        text[: text.index("<http://bad")].count("\n") + 1,
    )
    assert not ledger.complete


def test_an_undeclared_prefix_is_reported_where_it_stands(node: FakeNode, door: Door) -> None:
    text = catalogue("a") + f'<{BASE}a> health:theme "x" .\n'
    ledger = run(door, node.serve("/catalog.ttl", text))
    assert "health" in ledger.problems[0].detail
    assert ledger.problems[0].line == text.count("\n")


def test_a_wrong_content_type_does_not_matter_if_the_bytes_speak(node: FakeNode, door: Door) -> None:
    for number, media_type in enumerate(("text/html", "application/rdf+xml", "application/octet-stream", None)):
        ledger = run(door, node.serve(f"/{number}", catalogue("a"), media_type))
        assert (ledger.new, ledger.complete) == (["a"], True)


def test_an_incomplete_state_is_replaced_by_a_whole_one_even_if_nothing_else_changed(
    door: Door, two: tuple[str, list[KnownRecord]]
) -> None:
    url, known = two
    unsure = [KnownRecord(k.id, k.kind, k.subject, k.identifiers, k.digest, complete=False) for k in known]
    ledger = run(door, url, unsure)
    assert len(ledger.of(Changed)) == 3
    assert all(event.record.complete for event in ledger.of(Changed))


# -- one record never stops the others ------------------------------------------------------------------------------


def test_a_record_that_cannot_be_judged_is_rejected_alone(node: FakeNode, door: Door) -> None:
    def judge(records: Sequence[Record]) -> Sequence[Report]:
        if any(record.subject == f"{BASE}b" for record in records):
            raise RecursionError("too deep")
        return no_findings(records)

    ledger = run(door, node.serve("/catalog.ttl", catalogue("a", "b", "c")), judge=judge)
    assert (ledger.new, ledger.rejected, ledger.complete) == (["a", "c"], ["b"], True)
    (rejected,) = ledger.of(Rejected)
    assert (rejected.problem.code, rejected.problem.record) == ("not-judged", f"{BASE}b")
    assert rejected.problem.detail == "It could not be validated: RecursionError: too deep"


def test_a_fault_of_the_judge_keeps_its_code(door: Door, two: tuple[str, list[KnownRecord]], node: FakeNode) -> None:
    def judge(_: Sequence[Record]) -> Sequence[Report]:
        raise TooComplex("Too entangled.")

    url, known = two
    node.serve("/catalog.ttl", catalogue("a", "b").replace("A dataset b", "Another b"))
    (rejected,) = run(door, url, known, judge=judge).of(Rejected)
    assert rejected.problem.code == "too-complex"
    assert rejected.id == next(k.id for k in known if k.subject == f"{BASE}b")


def test_a_judge_that_cannot_work_at_all_ends_the_harvest(node: FakeNode, door: Door) -> None:
    def judge(_: Sequence[Record]) -> Sequence[Report]:
        raise CannotWork("The workers are gone.")

    with pytest.raises(CannotWork):
        run(door, node.serve("/catalog.ttl", catalogue("a")), judge=judge)


def test_records_are_judged_in_batches(node: FakeNode, door: Door) -> None:
    sizes: list[int] = []

    def judge(records: Sequence[Record]) -> Sequence[Report]:
        sizes.append(len(records))
        return no_findings(records)

    names = [f"n{n}" for n in range(9)]
    run(door, node.serve("/catalog.ttl", catalogue(*names)), judge=judge, limits=HarvestLimits(batch=4))
    assert sizes == [4, 4, 1, 1]  # nine datasets as they are read, and the catalogue, of which more might have come
    sizes.clear()
    known = run(door, node.serve("/catalog.ttl", catalogue("other"))).known()
    run(door, node.serve("/catalog.ttl", catalogue(*names)), known, judge=judge, limits=HarvestLimits(batch=4))
    assert sizes == [4, 4, 2]


# -- what is told while others are still being read --------------------------------------------------------------


def two_pages(node: FakeNode, first: str, second: str) -> str:
    """Serve Turtle on two pages linked by Hydra; return the address of the first."""
    node.serve("/p2", second)
    return node.serve("/p1", first + f"<{node.url('/p1')}> hydra:next <{node.url('/p2')}> .\n")


def test_a_dataset_of_an_unknown_source_is_told_before_the_next_page_is_asked_for(node: FakeNode, door: Door) -> None:
    source = Source("node", two_pages(node, catalogue("a", "b"), catalogue("c")), protocol="hydra")
    events = harvest(source, (), door=door, judge=no_findings, limits=HarvestLimits(batch=1))
    first = next(events)
    assert isinstance(first, New)
    assert (first.record.subject, [seen.path for seen in node.requests]) == (f"{BASE}a", ["/p1"])
    rest = Ledger(list(events))
    assert (rest.new, rest.complete, rest.problems) == (["b", "c"], True, [])
    assert [event.record.kind for event in rest.of(New)][-1] is Kind.CATALOGUE  # a part of it stood on each page


def test_a_dataset_of_a_known_source_is_told_once_all_is_read(node: FakeNode, door: Door) -> None:
    known = run(door, node.serve("/p1", catalogue("other"))).known()
    node.requests.clear()
    source = Source("node", two_pages(node, catalogue("a"), catalogue("c")), protocol="hydra")
    next(harvest(source, known, door=door, judge=no_findings, limits=HarvestLimits(batch=1)))
    assert [seen.path for seen in node.requests] == ["/p1", "/p2"]


def test_a_dataset_that_came_broken_first_waits_for_the_whole_one(node: FakeNode, door: Door) -> None:
    broken = PREFIXES + dataset("a") + dataset("b") + f"<{BASE}a> dct:language <not an iri> .\n"
    ledger = run(door, two_pages(node, broken, catalogue("a")), protocol="hydra")
    assert (ledger.new, ledger.codes) == (["a", "b"], ["parse-error", "repeated-record"])
    (whole,) = [event.record for event in ledger.of(New) if event.record.subject == f"{BASE}a"]
    assert (whole.complete, whole.identifiers) == (True, ("id-a",))


def test_a_dataset_told_at_once_comes_again_otherwise_and_is_told_once(node: FakeNode, door: Door) -> None:
    ledger = run(door, two_pages(node, catalogue("a"), PREFIXES + dataset("a", "Another")), protocol="hydra")
    assert (ledger.new, ledger.codes) == (["a"], ["repeated-record"])


# -- identities -----------------------------------------------------------------------------------------------------


def test_two_records_with_one_identifier_are_both_listed_and_reported(node: FakeNode, door: Door) -> None:
    text = catalogue("a") + dataset("b", identifier="id-a")
    url = node.serve("/catalog.ttl", text)
    first = run(door, url)
    assert (first.new, first.codes, first.complete) == (["a", "b"], ["duplicate-identifier"], True)
    second = run(door, url, first.known())
    assert (len(second.unchanged), second.codes) == (2, ["duplicate-identifier"])


def test_known_records_nobody_can_tell_apart_keep_their_state(node: FakeNode, door: Door) -> None:
    def export(run_number: int) -> str:
        subjects = [f"<{GENID}{run_number}-b{n}>" for n in range(2)]
        return PREFIXES + "".join(f'{s} a dcat:Dataset ; dct:identifier "same" ; dct:title "T" .\n' for s in subjects)

    url = node.serve("/catalog.ttl", export(1))
    known = run(door, url).known()
    node.serve("/catalog.ttl", export(2))
    ledger = run(door, url, known)
    assert ledger.new == []
    assert {e.id for e in ledger.of(Rejected)} == {k.id for k in known}
    assert ledger.complete


# -- limits ---------------------------------------------------------------------------------------------------------


def test_more_records_than_allowed_make_the_run_partial(node: FakeNode, door: Door) -> None:
    names = [f"n{n}" for n in range(9)]
    url = node.serve("/catalog.ttl", catalogue(*names))
    ledger = run(door, url, limits=HarvestLimits(records=5))
    assert len(ledger.of(New)) == 5
    assert (ledger.codes, ledger.complete) == (["too-large"], False)
    assert ledger.problems[0].detail == "There are more than the 5 records a run may read."
    assert run(door, url, limits=HarvestLimits(records=10)).complete


def test_a_document_over_the_door_s_cap_makes_the_run_partial(node: FakeNode, make_door: Callable[..., Door]) -> None:
    ledger = run(make_door(max_bytes=100), node.serve("/catalog.ttl", catalogue("a")))
    assert (ledger.codes, ledger.complete) == (["too-large"], False)


# -- every sum matches ----------------------------------------------------------------------------------------------


def test_every_record_delivered_is_told_of_exactly_once(node: FakeNode, door: Door) -> None:
    url = node.serve("/catalog.ttl", catalogue("a", "b", "c") + dataset("a", identifier="id-a"))
    ledger: Ledger = run(door, url)
    assert sorted(ledger.new) == ["a", "b", "c"]
    assert len(ledger.of(New)) == 4
    again = run(door, url, ledger.known())
    assert len(again.of(Unchanged)) == 4


def test_a_harvest_dropped_half_way_closes_what_it_opened(node: FakeNode, door: Door) -> None:
    source = Source("node", node.serve("/c.ttl", catalogue("a")))
    events = harvest(source, (), door=door, judge=no_findings)
    assert isinstance(next(events), New)
    events.close()  # type: ignore[attr-defined]
    assert list(events) == []


# -- refusals -------------------------------------------------------------------------------------------------------


def entangled(subject: str, size: int = 60) -> str:
    """Return a dataset whose blank nodes all look alike: more than canonicalising will untangle."""
    pairs = ((i, j) for i in range(size) for j in range(size) if i != j)
    return f"{subject} a dcat:Dataset ; dct:title 'x' ; dct:relation _:n0 .\n" + "".join(
        f"_:n{i} dct:relation _:n{j} .\n" for i, j in pairs
    )


def test_a_resource_that_cannot_be_made_a_record_is_rejected_alone_and_keeps_its_state(
    node: FakeNode, door: Door, two: tuple[str, list[KnownRecord]]
) -> None:
    url, known = two
    node.serve("/catalog.ttl", catalogue("a", "b") + entangled(f"<{BASE}b>"))
    ledger = run(door, url, known)
    assert (ledger.rejected, ledger.new, ledger.changed) == (["b"], [], [])
    (rejected,) = ledger.of(Rejected)
    assert rejected.id == next(k.id for k in known if k.subject == f"{BASE}b")
    assert (rejected.problem.code, rejected.problem.url, rejected.problem.record) == ("too-complex", url, f"{BASE}b")
    assert ledger.complete


def test_a_rejected_resource_without_a_lasting_iri_may_be_any_that_did_not_come(
    node: FakeNode, door: Door, two: tuple[str, list[KnownRecord]]
) -> None:
    url, known = two
    node.serve("/catalog.ttl", catalogue("a") + entangled(f"<{GENID}1-b0>"))
    ledger = run(door, url, known)
    assert (ledger.codes, ledger.complete) == (["unidentified-refusal"], False)
    node.serve("/catalog.ttl", catalogue("a", "b") + entangled(f"<{GENID}1-b0>"))
    assert run(door, url, known).complete
    node.serve("/catalog.ttl", catalogue("a") + entangled(f"<{BASE}elsewhere>"))
    assert run(door, url, known).complete


def test_blank_identifiers_identify_nothing(node: FakeNode, door: Door) -> None:
    text = PREFIXES + dataset("a", identifier=" ") + dataset("b", identifier=" ")
    ledger = run(door, node.serve("/catalog.ttl", text))
    assert (ledger.new, ledger.codes) == (["a", "b"], [])
    assert [event.record.identifiers for event in ledger.of(New)] == [(" ",), (" ",)]


# -- over the wire --------------------------------------------------------------------------------------------------


def test_a_packed_dump_is_unpacked_whatever_the_server_calls_it(node: FakeNode, door: Door) -> None:
    data = gzip.compress(catalogue("a").encode())
    for media_type in ("application/gzip", "text/turtle", None):
        ledger = run(door, node.serve("/dump.ttl.gz", data, media_type))
        assert (ledger.new, ledger.complete) == (["a"], True)


def test_the_charset_of_the_server_is_believed_where_the_bytes_are_not_utf8(node: FakeNode, door: Door) -> None:
    text = catalogue() + dataset("a", "Données de santé")
    url = node.serve("/catalog.ttl", text.encode("latin-1"), "text/turtle; charset=ISO-8859-1")
    (event,) = [e for e in run(door, url).of(New) if e.record.kind is Kind.DATASET]
    assert "Données de santé" in event.record.body.decode()


def test_relative_iris_are_those_of_where_the_document_was_found(node: FakeNode, door: Door) -> None:
    node.serve("/new/catalog.ttl", PREFIXES + '<a> a dcat:Dataset ; dct:title "A" .')
    url = node.behave("/catalog.ttl", redirect("/new/catalog.ttl"))
    assert run(door, url).new == [node.url("/new/a")]
