"""Datasets as entries of the catalogue, made without RDF in between: what an index is filled with.

What many datasets share (concepts, bodies) is read from its RDF by the catalogue's own readers, once; the rest is put
in place directly. Who decides is found by the catalogue's own rules. `tests/test_corpus.py` holds the entries to what
is read from the RDF.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Final

import pyoxigraph as ox

from catalogue.dac.committee import Access
from catalogue.dac.registry import Registry
from catalogue.dac.resolve import resolve
from catalogue.dataset import (
    Agent,
    Attribution,
    Concept,
    Contact,
    Dataset,
    DataUse,
    Distribution,
    Link,
    Period,
    Place,
    Policy,
    Service,
    Texts,
    Variable,
)
from catalogue.entry import Entry
from catalogue.identifiers import candidates
from catalogue.journal.state import State, Status
from catalogue.reading.agents import agent_of
from catalogue.reading.concepts import concept_of
from catalogue.reading.policies import data_use
from catalogue.text import Text
from shapes.graph import RecordGraph
from shapes.profiles import profile
from shapes.record import Kind
from shapes.report import Verdict
from shapes.vocabulary import EHDS, EU, GDIX
from synthetic.bodies import Body
from synthetic.facts import Decided, Extent, Facts, Subject
from synthetic.rdf import TABLE, as_ntriples, describe_body, series_title

PROFILE: Final = "healthdcat-ap-r8"
_HARVESTED: Final = datetime(2026, 11, 1, tzinfo=UTC)
_NOTHING: Final = RecordGraph(())
_NO_REGISTRY: Final = Registry()
_SYNTHETIC: Final = f"{EU.base}dataset-type/SYNTHETIC_DATA"


class Entries:
    """Makes entries as if the datasets had been harvested. Their states have no body: an index reads none.

    A verdict says whether there are violations, and that there are warnings; it does not count the warnings.
    """

    def __init__(self) -> None:
        self._decided: dict[tuple[object, ...], Access] = {}

    def __call__(self, facts: Iterable[Facts]) -> Iterator[Entry]:
        """Yield the entries of datasets, one at a time."""
        return (self.of(each) for each in facts)

    def of(self, facts: Facts) -> Entry:
        """Return the entry of a dataset."""
        dataset = _dataset(facts)
        return Entry(_state(facts, dataset), facts.node.source, dataset, self._access(facts, dataset))

    def _access(self, facts: Facts, dataset: Dataset) -> Access:
        """Find who decides; once for all datasets of which the rules see the same. Evidence names a policy's IRI."""
        access = facts.access
        mailbox = facts.mailbox if access.decided is Decided.CONTACT else ""
        same = (facts.node.base, access.decided, access.committee.iri, mailbox, access.right)
        if access.decided is Decided.POLICY or same not in self._decided:
            self._decided[same] = resolve(dataset, facts.node.source, _NO_REGISTRY)
        return self._decided[same]


def _state(facts: Facts, dataset: Dataset) -> State:
    rules = profile(PROFILE)
    level = facts.access.right.rpartition("/")[2].lower().replace("_", "-")
    return State(
        seq=facts.number + 1,
        id=dataset.id,
        source=facts.node.source.name,
        kind=Kind.DATASET,
        subject=facts.iri,
        identifiers=dataset.identifiers,
        digest=hashlib.sha256(f"{facts.iri} {facts.titles} {facts.extent.modified}".encode()).hexdigest(),
        status=Status.LISTED,
        run=1,
        time=_HARVESTED,
        issued=_HARVESTED,
        complete=True,
        verdict=Verdict(rules.id, f"{rules.release} {level}", conforms=False, violation=_violations(facts), warning=1),
        body=b"",
    )


def _violations(facts: Facts) -> int:
    """A dataset has to name the law it falls under, and its access body."""
    return (not facts.lawful) + (facts.access.decided is Decided.NOTHING)


def _dataset(facts: Facts) -> Dataset:
    access = facts.access
    distributions = _distributions(facts)
    return Dataset(
        id=next(candidates(facts.node.source.name, Kind.DATASET, (facts.identifier,))),
        iri=facts.iri,
        titles=facts.titles,
        descriptions=facts.descriptions,
        keywords=facts.keywords,
        identifiers=(facts.identifier,),
        other_identifiers=(facts.accession,) if facts.accession else (),
        access_rights=_concept(access.right),
        population_coverage=_one(facts.population),
        legislation=(EHDS,) if facts.lawful else (),
        provenance=(facts.provenance,),
        publisher=_agent(facts.publisher),
        custodian=_agent(facts.holder),
        hdab=_agent(facts.node.access_body) if access.decided is not Decided.NOTHING else None,
        contacts=(Contact((facts.contact,), facts.mailbox),),
        attributions=_attributions(facts),
        policies=_policies(facts),
        landing_pages=(facts.at("datasets"),),
        distributions=distributions,
        services=tuple(dict.fromkeys(service for each in distributions for service in each.services)),
        variables=tuple(Variable(v.name, (v.title,), (v.description,), v.datatype, TABLE) for v in facts.variables),
        has_structured_data=bool(facts.variables),
        links=(Link("dcat:inSeries", facts.subject.series, (series_title(facts.node),)),)
        if facts.subject.series
        else (),
        **_about(facts.subject),
        **_extent(facts.extent),
    )


def _about(about: Subject) -> Mapping[str, Any]:
    """The fields that say what a dataset is about."""
    return {
        "themes": _concepts(about.themes),
        "types": _concepts(about.types),
        "health_categories": _concepts(about.categories),
        "health_themes": _concepts(about.health_themes),
        "coding_systems": _concepts(about.coding_systems),
        "code_values": about.codes,
        "legal_bases": _concepts(about.legal_bases),
        "purposes": _concepts(about.purposes),
        "personal_data": _concepts(about.personal_data),
        "places": tuple(Place(_concept(place)) for place in about.places),
        "languages": _concepts(about.languages),
        "conforms_to": _concepts(about.standards),
        "synthetic": _SYNTHETIC in about.types,
    }


def _extent(extent: Extent) -> Mapping[str, Any]:
    """The fields that say how much, of whom and when."""
    low, high = extent.ages or (None, None)
    return {
        "records": extent.records,
        "individuals": extent.individuals,
        "min_age": low,
        "max_age": high,
        "periods": (Period(*(day.isoformat() for day in extent.period)),) if extent.period else (),
        "issued": extent.issued.isoformat(),
        "modified": extent.modified.isoformat() if extent.modified else None,
    }


def _distributions(facts: Facts) -> tuple[Distribution, ...]:
    access = facts.access
    return tuple(
        Distribution(
            iri=facts.part("distribution", number),
            titles=(facts.file_title(file),),
            access_urls=(facts.part("files", number),),
            format=_concept(file) if file else None,
            licence=_concept(access.licence) if access.licence else None,
            services=(_beacon(facts),) if access.beacon and not number else (),
        )
        for number, file in enumerate(access.files or (None,))
    )


def _beacon(facts: Facts) -> Service:
    return Service(facts.at("beacon"), (facts.beacon_title,), (f"{facts.node.base}/api/beacon",))


def _attributions(facts: Facts) -> tuple[Attribution, ...]:
    if facts.access.decided is not Decided.ATTRIBUTION:
        return ()
    return (Attribution(_agent(facts.access.committee), GDIX.DataAccessCommittee),)


def _policies(facts: Facts) -> tuple[Policy, ...]:
    access = facts.access
    assigner = _agent(access.committee) if access.decided is Decided.POLICY else None
    if assigner is None and not access.data_uses:
        return ()
    uses = sorted((_data_use(code) for code in access.data_uses), key=lambda use: use.modifier)
    return (Policy(facts.at("policy"), assigner, tuple(uses)),)


def _one(text: Text | None) -> Texts:
    return () if text is None else (text,)


def _concepts(iris: Iterable[str]) -> tuple[Concept, ...]:
    return tuple(_concept(each) for each in iris)


@cache
def _data_use(code: str) -> DataUse:
    return data_use(_NOTHING, code)


@lru_cache(10_000)
def _concept(iri: str) -> Concept:
    found = concept_of(_NOTHING, ox.NamedNode(iri))
    if found is None:
        raise ValueError(f"{iri} is no concept")
    return found


@lru_cache(10_000)
def _agent(body: Body) -> Agent:
    graph = RecordGraph.from_ntriples(as_ntriples(describe_body(body)).encode())
    found = agent_of(graph, ox.NamedNode(body.iri))
    if found is None:
        raise ValueError(f"{body.iri} is no body")
    return found
