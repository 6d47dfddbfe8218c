from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from nodes.fake_node import FakeNode, Made, Reply, Seen
from nodes.oaipmh_node import DC, OaipmhNode, envelope, error, metadata, record
from nodes.samples import BASE, run

from harvester.changes import New, Unchanged
from harvester.http import Door
from harvester.protocols import oaipmh
from harvester.protocols.oaipmh import best_prefix
from shapes.parse import Document

NAMES = ("a", "b", "c", "d", "e")


@pytest.fixture
def repository() -> Iterator[OaipmhNode]:
    with OaipmhNode(*NAMES) as node:
        yield node


def asked(node: FakeNode) -> list[dict[str, str]]:
    return [dict(parse_qsl(urlsplit(seen.path).query)) for seen in node.requests]


def one_list(node: FakeNode, *records: str) -> str:
    """Serve a list of one answer; return the source's URL, with the prefix in it."""
    node.behave("/oai", envelope(f"<ListRecords>{''.join(records)}</ListRecords>"))
    return node.url("/oai?metadataPrefix=dcat_ap")


def test_a_list_is_read_to_its_empty_token(repository: OaipmhNode, door: Door) -> None:
    ledger = run(door, repository.start, protocol="oaipmh")
    assert (ledger.new, ledger.complete, ledger.problems) == (list(NAMES), True, [])
    assert asked(repository) == [
        {"verb": "ListMetadataFormats"},
        {"verb": "ListRecords", "metadataPrefix": "dcat_ap"},
        {"verb": "ListRecords", "resumptionToken": "from:2"},
        {"verb": "ListRecords", "resumptionToken": "from:4"},
    ]
    again = run(door, repository.start, ledger.known(), protocol="oaipmh")
    assert (len(again.of(Unchanged)), again.complete) == (5, True)


@pytest.mark.parametrize(
    ("formats", "chosen"),
    [
        ([("oai_dc", ""), ("dcat", ""), ("dcat_ap", "")], "dcat_ap"),
        ([("oai_dc", ""), ("DCAT_AP", "")], "DCAT_AP"),
        ([("rdf", ""), ("dcat", "")], "dcat"),
        ([("oai_dc", ""), ("my-dcat-profile", "")], "my-dcat-profile"),
        ([("x", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"), ("y", "http://www.w3.org/ns/dcat#")], "y"),
        ([("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/")], None),
    ],
)
def test_the_format_that_promises_dcat_best_is_asked_for(formats: list[tuple[str, str]], chosen: str | None) -> None:
    assert best_prefix(formats) == chosen


def test_a_repository_without_rdf_says_what_it_has_instead(repository: OaipmhNode, door: Door) -> None:
    repository.formats = [DC, ("marc21", "http://www.loc.gov/MARC21/slim")]
    ledger = run(door, repository.start, protocol="oaipmh")
    assert (ledger.codes, ledger.complete) == (["not-rdf"], False)
    assert ledger.problems[0].detail == (
        "This repository offers no DCAT or other RDF; its metadata formats are oai_dc, marc21."
    )


def test_prefix_and_set_of_the_source_are_used_and_other_parameters_kept(node: FakeNode, door: Door) -> None:
    one_list(node, record("a", metadata("a")))
    url = node.url("/oai?repo=health&verb=Identify&metadataPrefix=dcat&set=genomes")
    ledger = run(door, url, protocol="oaipmh")
    assert (ledger.new, ledger.complete) == (["a"], True)
    assert asked(node) == [{"repo": "health", "verb": "ListRecords", "metadataPrefix": "dcat", "set": "genomes"}]


# -- deletions, empty lists, errors -----------------------------------------------------------------------------------


def test_a_deleted_record_is_absent_from_a_complete_run(repository: OaipmhNode, door: Door) -> None:
    known = run(door, repository.start, protocol="oaipmh").known()
    repository.records[1] = record("b", status="deleted")
    ledger = run(door, repository.start, known, protocol="oaipmh")
    assert (len(ledger.unchanged), ledger.complete, ledger.codes) == (4, True, ["deleted"])
    assert ledger.problems[0].detail == "1 records are stated to be deleted: they count as absent."
    assert ledger.problems[0].remark


def test_a_repository_where_nothing_matches_is_no_reason_to_forget(repository: OaipmhNode, door: Door) -> None:
    repository.records = []
    ledger = run(door, repository.start, protocol="oaipmh")
    assert (ledger.new, ledger.codes, ledger.complete) == ([], ["no-records"], False)


def test_a_token_that_expired_costs_one_new_beginning(repository: OaipmhNode, door: Door) -> None:
    honest = repository.routes["/oai"]
    assert isinstance(honest, Made)
    refused: list[str] = []

    def expires_once(seen: Seen) -> Reply:
        if "from%3A4" in seen.path and not refused:
            refused.append(seen.path)
            return error("badResumptionToken", "expired")
        return honest.make(seen)

    repository.behave("/oai", Made(expires_once))
    ledger = run(door, repository.start, protocol="oaipmh")
    assert (ledger.new, ledger.complete, ledger.problems) == (list(NAMES), True, [])
    assert [each.get("resumptionToken") for each in asked(repository)[1:]] == [
        None,
        "from:2",
        "from:4",
        None,
        "from:2",
        "from:4",
    ]


def test_tokens_that_are_always_refused_end_the_run_as_partial(repository: OaipmhNode, door: Door) -> None:
    repository.fail("token-refused")
    ledger = run(door, repository.start, protocol="oaipmh")
    assert (ledger.new, ledger.codes, ledger.complete) == (["a", "b"], ["oai-badResumptionToken"], False)
    assert ledger.problems[0].detail == "The repository answered badResumptionToken: The token has expired"
    assert len(repository.requests) == 5


def test_an_error_keeps_its_code_in_the_ledger(node: FakeNode, door: Door) -> None:
    node.behave("/oai", error("badVerb", "Illegal verb"))
    ledger = run(door, node.url("/oai"), protocol="oaipmh")
    assert (ledger.codes, ledger.complete) == (["oai-badVerb"], False)
    assert ledger.problems[0].url == node.url("/oai?verb=ListMetadataFormats")


@pytest.mark.parametrize(
    ("trick", "new", "code", "detail"),
    [
        ("same-token", 4, "paging-loop", "The resumption token 'from:2' came before: the list turns in a circle."),
        (
            "endless-tokens",
            2,
            "paging-loop",
            "3 answers in a row brought no new record, and there is yet another.",
        ),
        ("lying-count", 4, "count-mismatch", "12 records were announced (completeListSize), 4 came."),
        ("reordered", 4, "count-mismatch", "5 records were announced (completeListSize), 4 came."),
        (
            "no-last-token",
            4,
            "paging-lost",
            "This answer has no resumptionToken, though it continues a list: the last one has an empty one.",
        ),
        (
            "live-without-metadata",
            4,
            "bad-answer",
            "The record has no metadata and is not marked as deleted.",
        ),
    ],
)
def test_what_misleads_is_named(
    repository: OaipmhNode, door: Door, trick: str, new: int, code: str, detail: str
) -> None:
    repository.fail(trick)
    ledger = run(door, repository.start, protocol="oaipmh")
    assert (len(ledger.new), ledger.codes, ledger.complete) == (new, [code], False)
    assert ledger.problems[0].detail == detail


def test_a_last_part_that_is_short_needs_no_token_to_be_the_last(repository: OaipmhNode, door: Door) -> None:
    repository.total = None
    honest = repository.routes["/oai"]
    assert isinstance(honest, Made)

    def without_an_empty_token(seen: Seen) -> Reply:
        repository.twist = "no-last-token" if "from%3A4" in seen.path else ""
        return honest.make(seen)

    repository.behave("/oai", Made(without_an_empty_token))
    ledger = run(door, repository.start, protocol="oaipmh")
    assert (ledger.new, ledger.complete, ledger.problems) == (list(NAMES), True, [])


# -- what is in the envelope ------------------------------------------------------------------------------------------


def test_namespaces_declared_on_the_envelope_hold_in_the_record(node: FakeNode, door: Door) -> None:
    text = (
        '<?xml version="1.0"?><o:OAI-PMH xmlns:o="http://www.openarchives.org/OAI/2.0/" '
        'xmlns="http://www.w3.org/ns/dcat#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:t="http://purl.org/dc/terms/?a=1&amp;b=2"><o:ListRecords><o:record><o:header><o:identifier>1'
        "</o:identifier></o:header><o:metadata><rdf:RDF xmlns:t='http://purl.org/dc/terms/'>"
        f'<Dataset rdf:about="{BASE}a"><t:title>A &gt; B</t:title></Dataset></rdf:RDF></o:metadata></o:record>'
        "</o:ListRecords></o:OAI-PMH>"
    )
    node.serve("/oai", text, "text/xml")
    ledger = run(door, node.url("/oai?metadataPrefix=dcat_ap"), protocol="oaipmh")
    assert (ledger.new, ledger.complete, ledger.problems) == (["a"], True, [])
    (found,) = ledger.of(New)
    assert b'"A > B"' in found.record.body
    assert b"http://www.w3.org/ns/dcat#Dataset" in found.record.body


def test_a_wrapper_around_the_rdf_is_taken_off(node: FakeNode, door: Door) -> None:
    ledger = run(door, one_list(node, record("a", f"<wrap><in>{metadata('a')}</in></wrap>")), protocol="oaipmh")
    assert (ledger.new, ledger.complete, ledger.problems) == (["a"], True, [])


def test_a_list_in_latin_1_is_read_as_such(node: FakeNode, door: Door) -> None:
    reply = envelope(f"<ListRecords>{record('a', metadata('a', 'Génomes'))}</ListRecords>")
    body = reply.body.decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1")
    node.serve("/oai", body, "text/xml")
    ledger = run(door, node.url("/oai?metadataPrefix=dcat_ap"), protocol="oaipmh")
    assert ledger.problems == []
    (found,) = ledger.of(New)
    assert "Génomes" in found.record.body.decode()


def test_bytes_that_are_no_text_cost_the_record_they_stand_in(node: FakeNode, door: Door) -> None:
    reply = envelope(f"<ListRecords>{record('a', metadata('a', 'G@nomes'))}{record('b', metadata('b'))}</ListRecords>")
    node.serve("/oai", reply.body.replace(b"G@nomes", b"G\xe9nomes"), "text/xml")
    ledger = run(door, node.url("/oai?metadataPrefix=dcat_ap"), protocol="oaipmh")
    assert (ledger.new, ledger.codes, ledger.complete) == (["b"], ["bad-answer"], False)
    assert ledger.problems[0].record == "oai:node.example:a"
    assert ledger.problems[0].url == node.url(
        "/oai?verb=GetRecord&metadataPrefix=dcat_ap&identifier=oai%3Anode.example%3Aa"
    )


def test_a_fault_in_one_record_is_no_other_s_and_names_where_to_look(node: FakeNode, door: Door) -> None:
    broken = metadata("a").replace("</dcat:Dataset>", '<dct:license rdf:resource="not an IRI"/></dcat:Dataset>')
    ledger = run(
        door,
        one_list(node, record("a", broken), record("b", metadata("b")), record("c", "<oai_dc>x</oai_dc>")),
        protocol="oaipmh",
    )
    assert (ledger.new, ledger.codes, ledger.complete) == (["b", "a"], ["parse-error", "not-rdf"], False)
    # What is not whole waits for the end: a whole one may come.
    assert [e.record.complete for e in ledger.of(New)] == [True, False]
    assert ledger.problems[1].url == node.url(
        "/oai?verb=GetRecord&metadataPrefix=dcat_ap&identifier=oai%3Anode.example%3Ac"
    )


def test_what_two_records_share_a_list_with_does_not_change_them(node: FakeNode, door: Door) -> None:
    pointing = metadata("a").replace("</dcat:Dataset>", f'<dct:relation rdf:resource="{BASE}b"/></dcat:Dataset>')
    alone = run(door, one_list(node, record("a", pointing)), protocol="oaipmh")
    both = run(door, one_list(node, record("a", pointing), record("b", metadata("b"))), protocol="oaipmh")
    assert alone.of(New)[0].record.digest == both.of(New)[0].record.digest


@pytest.mark.parametrize(
    ("body", "code", "detail"),
    [
        (b"<!DOCTYPE html><html><body>Log in", "bad-answer", "The answer is an HTML page, where XML was asked for."),
        (b"", "bad-answer", "The answer is empty."),
        (
            b'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"/>',
            "bad-answer",
            "This is XML, but not an answer of OAI-PMH: its root element is feed.",
        ),
        (
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n<ListRecords></OAI-PMH>',
            "bad-answer",
            "The answer is not well-formed XML: mismatched tag.",
        ),
        (
            b'<?xml version="1.0"?><!DOCTYPE OAI-PMH [<!ENTITY x SYSTEM "file:///etc/passwd">]><OAI-PMH>&x;</OAI-PMH>',
            "hostile-input",
            "The XML has a DOCTYPE (OAI-PMH); document types can pull in files and grow without bound, so none is read",
        ),
        (
            b"<a>" * 300,
            "too-large",
            "The XML is nested more than 256 elements deep",
        ),
    ],
)
def test_an_answer_that_is_none_says_what_it_is(
    node: FakeNode, door: Door, body: bytes, code: str, detail: str
) -> None:
    node.serve("/oai", body, "text/xml")
    ledger = run(door, node.url("/oai?metadataPrefix=dcat_ap"), protocol="oaipmh")
    assert (ledger.codes, ledger.complete) == ([code], False)
    assert ledger.problems[0].detail == detail


def test_a_folder_is_no_repository(door: Door, tmp_path: Path) -> None:
    ledger = run(door, str(tmp_path), protocol="oaipmh")
    assert ledger.problems[0].detail == "The protocol oaipmh asks a repository over http(s)."


def test_an_answer_gives_the_protocol_away() -> None:
    assert oaipmh.detects(Document(error("badVerb").body, "x", "x"))
    assert not oaipmh.detects(Document(metadata("a").encode(), "x", "x"))


def test_real_records_come_out_of_the_envelope_as_they_went_in(node: FakeNode, door: Door, shared_data: Path) -> None:
    data = (shared_data / "real-be-health" / "node-b-health-authorities-2025-04-13.rdf").read_text("utf-8")
    content = data.partition("?>")[2] if data.startswith("<?xml") else data
    plain = run(door, node.serve("/catalog.rdf", data, "application/rdf+xml"), protocol="rdf")
    wrapped = run(door, one_list(node, record("all", content)), protocol="oaipmh")
    assert len(wrapped.new) == 76
    assert [e.record.digest for e in wrapped.of(New)] == [e.record.digest for e in plain.of(New)]
