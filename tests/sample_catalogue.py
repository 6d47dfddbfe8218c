"""A small catalogue to look at: records written by us, in a real journal and index, over a store that answers nothing.

Pages, API and feeds are tested over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox

from catalogue.catalogue import Catalogue
from catalogue.dac.committee import Committee, Role
from catalogue.describe import Describer
from catalogue.journal.append import Draft
from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal
from catalogue.journal.run import Counts, Outcome
from catalogue.journal.runs import Ending, Ledger
from catalogue.journal.state import State
from catalogue.search.embedded import EmbeddedIndex
from catalogue.settings import Settings, read_settings
from catalogue.store.port import Caller, SparqlAnswer, SparqlQuery
from catalogue.text import Text
from harvester.changes import Problem
from harvester.source import Source, Stage
from shapes.canonical import canonicalise
from shapes.record import Kind, Record
from shapes.report import Finding, Report
from shapes.vocabulary import GDIX

BASE = "https://catalogue.example.org"
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix cv: <http://data.europa.eu/m8g/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix dpv: <https://w3id.org/dpv#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix geodcatap: <http://data.europa.eu/930/> .
@prefix hdc: <http://healthdataportal.eu/ns/health#> . @prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix odrl: <http://www.w3.org/ns/odrl/2/> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix gdix: <https://w3id.org/gdi-catalogue/ns#> .
@prefix ar: <http://publications.europa.eu/resource/authority/access-right/> .
@prefix country: <http://publications.europa.eu/resource/authority/country/> .
@prefix theme: <http://publications.europa.eu/resource/authority/data-theme/> .
@prefix cat: <https://hdeu-dcat.data.health.europa.eu/resource/authority/healthcategories/> .
@prefix n: <https://node.example.org/> .
"""

RARE = """
n:rare a dcat:Dataset ;
  dct:title "Rare disease genomes of the north"@en , "Zeldzame ziekten: genomen van het noorden"@nl ,
    "Génomes de maladies rares du nord"@fr-t-nl ;
  dct:description "<p>Whole genomes of <b>families</b> with a rare disease.</p><script>alert(1)</script>"@en ,
    "Volledige genomen van families met een zeldzame ziekte."@nl ;
  dct:identifier "RD-001" ; adms:identifier [ a adms:Identifier ; skos:notation "EGAD00000000001" ] ;
  dct:accessRights ar:NON_PUBLIC ; dcat:theme theme:HEAL ; hdc:healthCategory cat:HGPD ;
  dcat:keyword "rare disease"@en , "zeldzame ziekte"@nl , "WGS" ;
  hdc:numberOfUniqueIndividuals "4812"^^xsd:nonNegativeInteger ; hdc:numberOfRecords "9624"^^xsd:nonNegativeInteger ;
  hdc:minTypicalAge "0"^^xsd:nonNegativeInteger ; hdc:maxTypicalAge "18"^^xsd:nonNegativeInteger ;
  hdc:populationCoverage "Children and their parents, referred between 2015 and 2022."@en ;
  dct:spatial country:NLD ;
  dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2015-01-01"^^xsd:date ; dcat:endDate "2022-12-31"^^xsd:date ] ;
  dct:issued "2023-05-02"^^xsd:date ; dct:modified "2026-01-17"^^xsd:date ;
  dpv:hasLegalBasis <https://w3id.org/dpv/legal/eu/gdpr#A6-1-e> ;
  dct:publisher n:umc ; geodcatap:custodian n:umc ; hdc:hdab n:hdab ; dcat:inSeries n:series ;
  dcat:contactPoint [ a vcard:Kind ; vcard:fn "Data desk" ; vcard:hasEmail <mailto:desk@umc.example.org> ] ;
  prov:qualifiedAttribution [ a prov:Attribution ; prov:agent n:dac ; dcat:hadRole gdix:DataAccessCommittee ] ;
  odrl:hasPolicy n:policy ; dcat:landingPage <https://umc.example.org/rare> ;
  dcat:distribution n:rare-request .
n:rare-request a dcat:Distribution ; dct:title "On request"@en ; dcat:accessURL <https://umc.example.org/apply> ;
  dct:rights [ a dct:RightsStatement ; rdfs:label "Access after approval by the committee."@en ] .
n:policy a odrl:Offer ; odrl:assigner n:dac ; odrl:permission [ a odrl:Permission ; odrl:action odrl:use ;
  odrl:constraint [ odrl:leftOperand odrl:purpose ; odrl:operator odrl:isA ; odrl:rightOperand obo:DUO_0000007 ] ;
  odrl:duty [ a odrl:Duty ; odrl:action obo:DUO_0000021 ] ] .
n:dac a foaf:Agent ; foaf:name "Data Access Committee North"@en ; dct:identifier "EGAC00000000001" ;
  cv:contactPoint [ cv:email "dac@umc.example.org" ; cv:contactPage <https://umc.example.org/dac> ] .
n:umc a foaf:Agent ; foaf:name "University Medical Centre North"@en ; foaf:homepage <https://umc.example.org/> .
n:hdab a foaf:Agent ; foaf:name "Health Data Access Body"@en .
"""

CANCER = """
n:cancer a dcat:Dataset ; dct:title "Cancer registry with exomes"@en ; dct:identifier "CA-7" ;
  dct:description "Tumour exomes linked to the national cancer registry.\\n\\nSee https://cancer.example.org/docs."@en ;
  dct:accessRights ar:RESTRICTED ; dcat:theme theme:HEAL ; hdc:healthCategory cat:HGPD ; dcat:keyword "cancer"@en ;
  hdc:numberOfUniqueIndividuals "120345"^^xsd:nonNegativeInteger ; dct:modified "2025-11-03"^^xsd:date ;
  dct:publisher [ a foaf:Agent ; foaf:name "National Cancer Institute"@en ] ;
  hdc:hasVariables [ a csvw:TableGroup ; csvw:table [ a csvw:Table ; csvw:tableSchema [ a csvw:Schema ;
    csvw:column VARIABLES ] ] ] .
"""

FREQUENCIES = """
n:goe a dcat:Dataset ; dct:title "Genome of Europe: allele frequencies"@en ; dct:identifier "GoE-AF-1" ;
  dct:description "Aggregated allele frequencies of 10,000 reference genomes."@en ;
  dct:accessRights ar:PUBLIC ; dcat:theme theme:TECH ; dcat:keyword "allele frequency"@en , "Genome of Europe"@en ;
  dct:type <http://publications.europa.eu/resource/authority/dataset-type/SYNTHETIC_DATA> ;
  dct:license <http://publications.europa.eu/resource/authority/licence/CC_BY_4_0> ;
  dct:modified "2026-02-01"^^xsd:date ; dct:publisher n:goe-office ;
  dcat:distribution [ a dcat:Distribution ; dct:title "Table"@en ; dcat:accessURL <https://goe.example.org/af> ;
    dcat:downloadURL <https://goe.example.org/af.tsv.gz> ; dcat:byteSize "52428800"^^xsd:nonNegativeInteger ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/TSV> ; dcat:accessService n:beacon ] .
n:beacon a dcat:DataService ; dct:title "GoE Beacon"@en ; dcat:endpointURL <https://goe.example.org/beacon> .
n:goe-office a foaf:Agent ; foaf:name "Genome of Europe office"@en .
"""

STAND_IN = """
n:inf a dcat:Dataset ; dct:title "Pathogen genomes of hospital infections"@en ; dct:identifier "INF-3" ;
  dct:description "Bacterial isolates and host genomes, infectious disease surveillance."@en ;
  dct:accessRights ar:NON_PUBLIC ; dct:publisher n:umc ; hdc:hdab n:hdab .
n:hdab a foaf:Agent ; foaf:name "Health Data Access Body"@en .
n:umc a foaf:Agent ; foaf:name "University Medical Centre North"@en .
"""

BROKEN = """
n:broken a dcat:Dataset ; dct:title "<img src=x onerror=alert(1)> \\"Broken\\" & <script>bad()</script>" ;
  dct:description "</script><script>alert('d')</script>" ; dcat:landingPage <javascript:alert(1)> ;
  dct:modified "yesterday" ; hdc:numberOfRecords "many" .
"""

SERIES = """
n:series a dcat:DatasetSeries ; dct:title "Genomes of the north, by year"@en ; dct:identifier "S-1" ;
  dct:description "A new dataset every year."@en .
"""

SERVICE = """
n:service a dcat:DataService ; dct:title "Beacon of the north"@en ; dcat:endpointURL <https://umc.example.org/beacon> .
"""

GONE = """
n:gone a dcat:Dataset ; dct:title "Pilot cohort, now closed"@en ; dct:identifier "OLD-1" ;
  dct:description "The last words about it."@en ; dct:accessRights ar:NON_PUBLIC .
"""


class SilentStore:
    """A store that holds nothing and remembers what it was asked."""

    name = "store"
    aggregates = frozenset({GDIX.median})

    def __init__(self) -> None:
        self.position = 0
        self.asked: list[str] = []

    def cursor(self) -> int:
        return self.position

    def version(self) -> str:
        return str(self.position)

    def ask(self, query: SparqlQuery, *, seconds: float | None = None, caller: Caller | None = None) -> SparqlAnswer:  # noqa: ARG002
        self.asked.append(query.text)
        answer = b'{"results": {"bindings": [{"total": {"value": "125157"}}]}}'
        return SparqlAnswer("select", query.table_format, "application/sparql-results+json", answer, 0.001)


@dataclass
class Clock:
    """Time that moves a minute at every look."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@dataclass
class Sample:
    """The catalogue and its parts; `ids` by the last part of the subject's IRI."""

    folder: Path
    journal: Journal
    index: EmbeddedIndex
    store: SilentStore
    describer: Describer
    catalogue: Catalogue
    settings: Settings
    ids: dict[str, str] = field(default_factory=dict)

    def add(
        self, source: str, kind: Kind, turtle: str, findings: Sequence[Finding] = (), run: int | None = None
    ) -> str:
        """Append a record written in Turtle (its first subject) and return its identifier."""
        record = record_of(kind, turtle)
        name = record.subject.rpartition("/")[2]
        report = Report("healthdcat-ap-r8", "Release 8", 1, tuple(findings))
        (found,) = self.journal.append(source, [Draft(record, report, self.ids.get(name))], run=run)
        self.ids[name] = found
        return found

    def settle(self) -> None:
        """Bring the index up to date."""
        self.describer.refresh()
        states: list[State] = list(self.journal.heads(status=None))
        seq = self.journal.last_seq()
        self.index.rebuild([self.describer.entry(s) for s in states if s.status == "listed"], seq, "sample")
        self.store.position = seq


def record_of(kind: Kind, turtle: str) -> Record:
    """Make a record of Turtle; what it is about is the first subject written."""
    triples = [quad.triple for quad in ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)]
    subject = turtle.split(maxsplit=1)[0].replace("n:", "https://node.example.org/")
    names = {t.object.value for t in triples if t.predicate.value.endswith("dc/terms/identifier")}
    own = {t.object.value for t in triples if t.subject.value == subject} & names
    body, digest = canonicalise(triples)
    return Record(kind, subject, tuple(sorted(own)), body, digest)


def empty_sample(folder: Path) -> Sample:
    """A catalogue with nothing in it."""
    settings = read_settings(environment={}, flags={"data": folder, "base_url": BASE, "title": "Test catalogue"})
    journal = open_journal(folder / "journal.sqlite", Clock())
    index, store, describer = EmbeddedIndex(folder / "index"), SilentStore(), Describer(journal)
    catalogue = Catalogue(journal=journal, index=index, store=store, describer=describer, base_url=BASE)
    return Sample(folder, journal, index, store, describer, catalogue, settings)


def columns(count: int) -> str:
    """So many columns of a data dictionary."""
    made = (f'[ csvw:name "v{i}" ; csvw:titles "Variable {i}"@en ; csvw:datatype xsd:string ]' for i in range(count))
    return " , ".join(made)


def full_sample(folder: Path) -> Sample:
    """A catalogue of two nodes: every kind of record, every answer to who decides, a run with problems."""
    sample = empty_sample(folder)
    journal = sample.journal
    north = Source("north", "https://north.example.org/fdp", "Node North", "NL", "fdp", default_dac=None)
    south = Source("south", "https://south.example.org/dump.ttl", "Node South", "IT", "rdf", stage=Stage.ONBOARDING)
    journal.add_source(north)
    journal.add_source(south)
    remit = (Text("Whole genomes held in the north.", "en"),)
    registered = Committee(
        "central", (Text("Central Committee", "en"),), role=Role.RECOMMENDS, level="central", remit=remit
    )
    journal.put_committees([registered], "sample")
    run = journal.begin_run("north")
    keyword = Finding(
        "warning", "n:rare", "http://www.w3.org/ns/dcat#keyword", None, "MinCountConstraintComponent", "s:k",
        "A dataset should have keywords.", "Add dcat:keyword with a few words people search for.",
    )  # fmt: skip
    title = Finding(
        "violation", "n:broken", "http://purl.org/dc/terms/publisher", None, "MinCountConstraintComponent", "s:p",
        "A dataset must name its publisher.", "Add dct:publisher with the body that publishes it.",
    )  # fmt: skip
    sample.add("north", Kind.DATASET, RARE, [keyword], run)
    sample.add("north", Kind.DATASET, STAND_IN, [keyword], run)
    sample.add("north", Kind.SERIES, SERIES, (), run)
    sample.add("north", Kind.SERVICE, SERVICE, (), run)
    sample.add("north", Kind.DATASET, GONE, (), run)
    problem = Problem("not-rdf", "The page is HTML.", "https://north.example.org/fdp/x", "n:x", 12)
    ledger = Ledger({Kind.DATASET: Counts(new=3, failed=1)}, [problem], {"not-rdf": 1}, requests=5, bytes=4000)
    journal.finish_run(run, ledger, Ending(Outcome.PARTIAL, complete=False, withdraw=[sample.ids["gone"]]))
    sample.add("south", Kind.DATASET, CANCER.replace("VARIABLES", columns(300)))
    sample.add("south", Kind.DATASET, FREQUENCIES)
    sample.add("south", Kind.DATASET, BROKEN, [title, keyword])
    sample.add("south", Kind.DATASET, BROKEN.replace("yesterday", "2026-01-01"), [title, keyword])
    sample.settle()
    return sample
