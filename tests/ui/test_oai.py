"""The catalogue as an OAI-PMH 2.0 repository: every verb, every error code, and lists that go on."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlencode

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from nodes.samples import Ledger
from sample_catalogue import BASE, Sample

from catalogue.journal.state import State
from harvester.changes import New
from shapes.graph import RecordGraph
from shapes.record import Kind
from shapes.vocabulary import DCT
from ui.oai import answers

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
RDF_ROOT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"


@pytest.fixture
def by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of two records."""
    monkeypatch.setattr(answers, "RECORDS", 2)


def ask(web: FlaskClient, query: str) -> ET.Element:
    answer = web.get(f"/oai?{query}")
    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
    root = ET.fromstring(answer.data)  # noqa: S314 - what we wrote ourselves
    assert root.tag == f"{OAI}OAI-PMH"
    assert root.findtext(f"{OAI}request") == f"{BASE}/oai"
    return root


def error(web: FlaskClient, query: str) -> tuple[str, str]:
    found = ask(web, query).find(f"{OAI}error")
    assert found is not None
    return found.get("code", ""), found.text or ""


def texts(within: ET.Element, name: str) -> list[str]:
    return [each.text or "" for each in within.iter(f"{OAI}{name}")]


def lists(web: FlaskClient, query: str) -> Iterator[ET.Element]:
    """Follow a list to its end, as the protocol asks."""
    verb = dict(parse_qsl(query))["verb"]
    token: str | None = None
    while token != "":
        answer = ask(web, urlencode({"verb": verb, "resumptionToken": token}) if token else query)
        yield answer
        found = answer.find(f"{OAI}{verb}/{OAI}resumptionToken")
        token = "" if found is None else (found.text or "")


def told(sample: Sample) -> list[State]:
    """What there is to tell, in the order in which it happened."""
    kinds = (Kind.DATASET, Kind.SERIES, Kind.SERVICE)
    states = [s for kind in kinds for s in sample.journal.heads(kind, None)]
    return sorted(states, key=lambda state: state.seq)


def identifier(sample: Sample, name: str) -> str:
    return f"{BASE}/dataset/{sample.ids[name]}"


# -- the repository ----------------------------------------------------------------------------------------------------


def test_it_says_who_it_is(web: FlaskClient, sample: Sample) -> None:
    said = ask(web, "verb=Identify").find(f"{OAI}Identify")
    assert said is not None
    first = min(state.time for state in sample.journal.since(0))
    assert {each.tag.removeprefix(OAI): each.text for each in said} == {
        "repositoryName": "Test catalogue",
        "baseURL": f"{BASE}/oai",
        "protocolVersion": "2.0",
        "adminEmail": "postmaster@catalogue.example.org",
        "earliestDatestamp": first.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }


def test_sets_are_nodes_and_formats_are_dcat_and_dublin_core(web: FlaskClient, sample: Sample) -> None:
    assert texts(ask(web, "verb=ListSets"), "setSpec") == ["north", "south"]
    assert texts(ask(web, "verb=ListMetadataFormats"), "metadataPrefix") == ["dcat_ap", "oai_dc"]
    one = f"verb=ListMetadataFormats&identifier={identifier(sample, 'rare')}"
    assert texts(ask(web, one), "metadataPrefix") == ["dcat_ap", "oai_dc"]
    service = f"verb=ListMetadataFormats&identifier={BASE}/record/{sample.ids['service']}"
    assert texts(ask(web, service), "metadataPrefix") == ["dcat_ap"]


def test_a_form_may_be_posted(web: FlaskClient) -> None:
    answer = web.post("/oai", data={"verb": "Identify"})
    assert b"<protocolVersion>2.0</protocolVersion>" in answer.data


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("", "badVerb", "There is no verb in the request; there are Identify, "),
        ("verb=Nothing", "badVerb", "There is no verb 'Nothing'; there are Identify, "),
        ("verb=Identify&verb=Identify", "badVerb", "The argument verb was given twice."),
        ("verb=Identify&set=north", "badArgument", "Identify takes no argument 'set'."),
        ("verb=ListRecords", "badArgument", "ListRecords needs the argument metadataPrefix."),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument", "GetRecord needs the argument identifier."),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat", "There is no format 'marc'; there are"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=x", "badArgument", "There is no set 'x'; ListSets tells which"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=May", "badArgument", "from must be a day or a time of UTC such"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=2026-02-30", "badArgument", "until must be a day or a time"),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-01-02T00:00:00Z",
            "badArgument",
            "from and until must be of the same granularity",
        ),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-01&until=2026-01-01",
            "badArgument",
            "until, 2026-01-01, is before from, 2026-02-01.",
        ),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2031-01-01", "noRecordsMatch", "No record fits"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken", "The resumption token is none that was given"),
        ("verb=ListRecords&resumptionToken=oai_dc,,May,,1,1,1", "badResumptionToken", "The resumption token is none"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken", "The list of sets is given whole"),
        ("verb=ListRecords&resumptionToken=x&set=north", "badArgument", "resumptionToken stands alone"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=x", "idDoesNotExist", "There is no record 'x'."),
    ],
)
def test_what_is_wrong_has_the_protocols_code(web: FlaskClient, query: str, code: str, said: str) -> None:
    found, detail = error(web, query)
    assert found == code
    assert detail.startswith(said)


def test_an_empty_catalogue_has_no_records_and_no_sets(bare: FlaskClient) -> None:
    assert error(bare, "verb=ListRecords&metadataPrefix=dcat_ap")[0] == "noRecordsMatch"
    assert error(bare, "verb=ListSets")[0] == "noSetHierarchy"
    assert texts(ask(bare, "verb=Identify"), "earliestDatestamp") == ["1970-01-01T00:00:00Z"]


# -- lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("by_two")
def test_a_list_goes_on_to_its_end_in_the_order_of_what_happened(web: FlaskClient, sample: Sample) -> None:
    found = list(lists(web, "verb=ListRecords&metadataPrefix=dcat_ap"))
    states = told(sample)
    headers = [header for answer in found for header in answer.iter(f"{OAI}header")]
    assert [h.findtext(f"{OAI}identifier", "").rpartition("/")[2] for h in headers] == [s.id for s in states]
    assert [h.findtext(f"{OAI}setSpec") for h in headers] == [s.source for s in states]
    tokens = [token for answer in found for token in answer.iter(f"{OAI}resumptionToken")]
    assert [t.get("cursor") for t in tokens] == [str(2 * n) for n in range(len(found))]
    assert {t.get("completeListSize") for t in tokens} == {str(len(states))}
    assert tokens[-1].text is None


def test_a_list_that_one_answer_holds_has_no_token(web: FlaskClient) -> None:
    assert ask(web, "verb=ListRecords&metadataPrefix=dcat_ap").find(f".//{OAI}resumptionToken") is None


def test_a_withdrawn_record_is_its_header_alone(web: FlaskClient, sample: Sample) -> None:
    one = ask(web, f"verb=GetRecord&metadataPrefix=dcat_ap&identifier={identifier(sample, 'gone')}")
    header = one.find(f".//{OAI}header")
    assert header is not None
    assert header.get("status") == "deleted"
    assert one.find(f".//{OAI}metadata") is None
    listed = ask(web, "verb=ListIdentifiers&metadataPrefix=oai_dc")
    deleted = [h for h in listed.iter(f"{OAI}header") if h.get("status") == "deleted"]
    assert [h.findtext(f"{OAI}identifier") for h in deleted] == [identifier(sample, "gone")]


def test_a_set_and_a_window_choose(web: FlaskClient, sample: Sample) -> None:
    south = ask(web, "verb=ListIdentifiers&metadataPrefix=oai_dc&set=south")
    assert set(texts(south, "setSpec")) == {"south"}
    states = told(sample)
    moment = states[3].time.strftime("%Y-%m-%dT%H:%M:%SZ")
    for bound, chosen in (("from", [s for s in states if s.time >= states[3].time]), ("until", states[:4])):
        found = texts(ask(web, f"verb=ListIdentifiers&metadataPrefix=oai_dc&{bound}={moment}"), "identifier")
        assert [each.rpartition("/")[2] for each in found] == [s.id for s in chosen]
    day = states[0].time.date().isoformat()
    whole = ask(web, f"verb=ListIdentifiers&metadataPrefix=oai_dc&from={day}&until={day}")
    assert len(texts(whole, "identifier")) == len([s for s in states if s.time.date() == states[0].time.date()])


# -- records -----------------------------------------------------------------------------------------------------------


def test_dcat_is_what_the_catalogue_publishes(web: FlaskClient, sample: Sample) -> None:
    one = ask(web, f"verb=GetRecord&metadataPrefix=dcat_ap&identifier={identifier(sample, 'rare')}")
    rdf = one.find(f".//{RDF_ROOT}")
    assert rdf is not None
    said = RecordGraph(ox.parse(ET.tostring(rdf), format=ox.RdfFormat.RDF_XML))
    titles = {value.value for value in said.values(ox.NamedNode("https://node.example.org/rare"), DCT.title)}
    assert "Rare disease genomes of the north" in titles
    assert len(said) == len(RecordGraph(sample.catalogue.published(sample.catalogue.entry(sample.ids["rare"]))))


def test_dublin_core_says_what_it_has_a_place_for(web: FlaskClient, sample: Sample) -> None:
    one = ask(web, f"verb=GetRecord&metadataPrefix=oai_dc&identifier={identifier(sample, 'rare')}")

    def values(name: str) -> list[str]:
        return [each.text or "" for each in one.iter(f"{DC}{name}")]

    assert "Rare disease genomes of the north" in values("title")
    assert values("publisher") == ["University Medical Centre North"]
    assert values("identifier") == [identifier(sample, "rare"), "https://node.example.org/rare", "RD-001"]
    assert values("coverage") == ["Netherlands"]
    assert not any("<" in text for text in values("description"))


def test_texts_of_strangers_cannot_end_an_element(web: FlaskClient, sample: Sample) -> None:
    one = ask(web, f"verb=GetRecord&metadataPrefix=oai_dc&identifier={identifier(sample, 'broken')}")
    assert len(list(one.iter(f"{DC}title"))) == 1


def test_our_harvester_reads_every_dataset_from_it(harvested: Callable[[str, str], Ledger], sample: Sample) -> None:
    found = harvested("/oai", "oaipmh")
    listed = {s.subject for s in sample.journal.heads(Kind.DATASET)}
    assert {event.record.subject for event in found.datasets(New)} == listed
    assert (found.complete, [p for p in found.problems if not p.remark]) == (True, [])
