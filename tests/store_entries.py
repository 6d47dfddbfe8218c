"""A record or two for tests of the RDF store: a dataset of a node of Finland, with a committee that decides."""

from __future__ import annotations

from datetime import UTC, datetime

from catalogue.dac.committee import Access, Committee, DacLink, Decider, DeciderStatus, Method, Role
from catalogue.dataset import Dataset
from catalogue.entry import Entry
from catalogue.journal.state import State, Status
from catalogue.store.layout import Layout
from catalogue.text import Text
from harvester.source import Source
from shapes.record import Kind
from shapes.report import Verdict

BASE = "https://catalogue.example"
LAYOUT = Layout(BASE)
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NODE = Source("fi", "https://fi.example/catalog", country="FI")
PUBLISHER = '<https://fi.example/org> <http://xmlns.com/foaf/0.1/name> "Node of Finland" .'


def body(subject: str, *lines: str) -> bytes:
    typed = f"<{subject}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> ."
    owned = f"<{subject}> <http://purl.org/dc/terms/publisher> <https://fi.example/org> ."
    return "\n".join((typed, owned, PUBLISHER, *lines, "")).encode()


def entry(record: str, *lines: str, seq: int = 1, status: Status = Status.LISTED) -> Entry:
    subject = f"https://fi.example/{record}"
    committee = Committee("fi-dac", (Text("Committee of Finland", "en"),))
    link = DacLink(committee, Role.DECIDES, Method.ATTRIBUTION, "prov:qualifiedAttribution names it.")
    state = State(
        seq=seq,
        id=record,
        source="fi",
        kind=Kind.DATASET,
        subject=subject,
        identifiers=(record,),
        digest=f"digest-{seq}",
        status=status,
        run=7,
        time=MOMENT,
        issued=MOMENT,
        complete=True,
        verdict=Verdict("healthdcat-ap-r8", "8", conforms=False, violation=2),
        body=body(subject, *lines),
    )
    access = Access(
        (link,), Decider(DeciderStatus.PUBLISHED, Method.ATTRIBUTION, "prov:qualifiedAttribution names it.")
    )
    return Entry(state, NODE, Dataset(record, subject, (), ()), access)
