"""Datasets as HealthDCAT-AP Release 8, the way a well-behaved node would publish them: N-Triples or Turtle, streamed.

What many datasets share (bodies, series, the law) is described once, at the head.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeAlias

from catalogue.text import Text
from shapes.vocabulary import (
    ADMS,
    CSVW,
    CV,
    DCAT,
    DCATAP,
    DCT,
    DPV,
    EHDS,
    ELI,
    FOAF,
    GDIX,
    GEODCATAP,
    HDEU,
    HEALTH,
    OBO,
    ODRL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SKOS,
    VCARD,
    XSD,
)
from synthetic.bodies import SERIES, Body, Node
from synthetic.facts import Decided, Facts

# Subject, predicate IRI, object; subjects and objects in the syntax of N-Triples.
Statement: TypeAlias = tuple[str, str, str]

TABLE: Final = "Variables"  # what the table of variables is called
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_UNSAFE: Final = re.compile(r'["\\\n\r]')
_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def iri(value: str) -> str:
    """An IRI in the syntax of N-Triples."""
    return f"<{value}>"


def literal(value: object, datatype: str = "") -> str:
    """A literal with a datatype, or a plain one."""
    text = str(value)
    if _UNSAFE.search(text):
        text = text.translate(_ESCAPES)
    return f'"{text}"^^<{datatype}>' if datatype else f'"{text}"'


def words(text: Text) -> str:
    """A literal in its language."""
    return f"{literal(text.value)}@{text.language}" if text.language else literal(text.value)


def common(nodes: Iterable[Node]) -> Iterator[Statement]:
    """Yield what the datasets of some nodes share."""
    yield iri(EHDS), RDF.type, iri(ELI.LegalResource)
    for node in nodes:
        for body in node.bodies:
            yield from describe_body(body)
        for number in range(1, SERIES + 1):
            yield from _series(node, number)


def describe_body(body: Body) -> Iterator[Statement]:
    """Yield the description of a publisher, committee or access body."""
    agent, contact = iri(body.iri), iri(f"{body.iri}/contact")
    kind, _, number = body.iri.rpartition("/")
    yield agent, RDF.type, iri(FOAF.Agent)
    yield agent, FOAF.name, words(Text(body.name, body.language))
    if body.type:
        yield agent, DCT.type, iri(f"{HDEU.base}publisher-type/{body.type}")
    yield agent, CV.contactPoint, contact
    yield contact, RDF.type, iri(CV.ContactPoint)
    yield contact, CV.email, literal(f"{kind.rpartition('/')[2]}{number}@{body.host}")
    yield contact, CV.contactPage, iri(f"{body.iri}/page")


def _series(node: Node, number: int) -> Iterator[Statement]:
    series = iri(f"{node.base}/series/{number}")
    yield series, RDF.type, iri(DCAT.DatasetSeries)
    yield series, DCT.title, words(series_title(node))
    yield series, DCT.description, words(Text(f"Datasets of {node.source.country} that belong together.", "en"))
    yield series, DCATAP.applicableLegislation, iri(EHDS)
    yield series, DCT.publisher, iri(node.publishers[0].iri)


def series_title(node: Node) -> Text:
    """What the series of a node are called."""
    return Text(f"Series of {node.source.country}", "en")


def describe(facts: Facts) -> Iterator[Statement]:
    """Yield the description of one dataset."""
    dataset = iri(facts.iri)
    yield dataset, RDF.type, iri(DCAT.Dataset)
    yield dataset, DCT.identifier, literal(facts.identifier)
    yield from ((dataset, DCT.title, words(text)) for text in facts.titles)
    yield from ((dataset, DCT.description, words(text)) for text in facts.descriptions)
    yield from ((dataset, DCAT.keyword, words(text)) for text in facts.keywords)
    yield from _about(facts, dataset)
    yield from _extent(facts, dataset)
    yield from _bodies(facts, dataset)
    yield from _policy(facts, dataset)
    yield from _distributions(facts, dataset)
    yield dataset, HEALTH.hasStructuredData, literal(str(bool(facts.variables)).lower(), XSD.boolean)
    if facts.variables:
        yield from _variables(facts, dataset)


def _about(facts: Facts, dataset: str) -> Iterator[Statement]:
    about = facts.subject
    for predicate, concepts in (
        (DCAT.theme, about.themes),
        (HEALTH.healthCategory, about.categories),
        (HEALTH.healthTheme, about.health_themes),
        (DCT.type, about.types),
        (HEALTH.hasCodingSystem, about.coding_systems),
        (DCT.conformsTo, about.standards),
        (DCT.language, about.languages),
        (DCT.spatial, about.places),
        (DPV.hasPersonalData, about.personal_data),
        (DPV.hasLegalBasis, about.legal_bases),
        (DPV.hasPurpose, about.purposes),
        (DCT.accessRights, (facts.access.right,)),
        (DCAT.inSeries, (about.series,) if about.series else ()),
        (DCATAP.applicableLegislation, (EHDS,) if facts.lawful else ()),
    ):
        yield from ((dataset, predicate, iri(concept)) for concept in concepts)
    yield from ((dataset, HEALTH.hasCodeValues, literal(code)) for code in about.codes)
    if facts.accession:
        identifier = f"_:i{facts.number}"
        yield dataset, ADMS.identifier, identifier
        yield identifier, RDF.type, iri(ADMS.Identifier)
        yield identifier, SKOS.notation, literal(facts.accession)
    statement = f"_:p{facts.number}"
    yield dataset, DCT.provenance, statement
    yield statement, RDF.type, iri(DCT.ProvenanceStatement)
    yield statement, RDFS.label, words(facts.provenance)
    page = iri(facts.at("datasets"))
    yield dataset, DCAT.landingPage, page
    yield page, RDF.type, iri(FOAF.Document)


def _extent(facts: Facts, dataset: str) -> Iterator[Statement]:
    extent = facts.extent
    low, high = extent.ages or (None, None)
    for predicate, value, datatype in (
        (HEALTH.numberOfUniqueIndividuals, extent.individuals, XSD.nonNegativeInteger),
        (HEALTH.numberOfRecords, extent.records, XSD.nonNegativeInteger),
        (HEALTH.minTypicalAge, low, XSD.nonNegativeInteger),
        (HEALTH.maxTypicalAge, high, XSD.nonNegativeInteger),
        (DCT.issued, extent.issued, XSD.date),
        (DCT.modified, extent.modified, XSD.date),
    ):
        if value is not None:
            yield dataset, predicate, literal(value, datatype)
    if facts.population:
        yield dataset, HEALTH.populationCoverage, words(facts.population)
    if extent.period:
        period, (start, end) = f"_:t{facts.number}", extent.period
        yield dataset, DCT.temporal, period
        yield period, RDF.type, iri(DCT.PeriodOfTime)
        yield period, DCAT.startDate, literal(start, XSD.date)
        yield period, DCAT.endDate, literal(end, XSD.date)


def _bodies(facts: Facts, dataset: str) -> Iterator[Statement]:
    access = facts.access
    yield dataset, DCT.publisher, iri(facts.publisher.iri)
    yield dataset, GEODCATAP.custodian, iri(facts.holder.iri)
    if access.decided is not Decided.NOTHING:
        yield dataset, HEALTH.hdab, iri(facts.node.access_body.iri)
    contact = f"_:c{facts.number}"
    yield dataset, DCAT.contactPoint, contact
    yield contact, RDF.type, iri(VCARD.Kind)
    yield contact, VCARD.fn, words(facts.contact)
    yield contact, VCARD.hasEmail, iri(f"mailto:{facts.mailbox}")
    if access.decided is Decided.ATTRIBUTION:
        attribution = f"_:a{facts.number}"
        yield dataset, PROV.qualifiedAttribution, attribution
        yield attribution, RDF.type, iri(PROV.Attribution)
        yield attribution, PROV.agent, iri(access.committee.iri)
        yield attribution, DCAT.hadRole, iri(GDIX.DataAccessCommittee)


def _policy(facts: Facts, dataset: str) -> Iterator[Statement]:
    access = facts.access
    assigned = access.decided is Decided.POLICY
    if not access.data_uses and not assigned:
        return
    policy, permission = iri(facts.at("policy")), f"_:o{facts.number}"
    yield dataset, ODRL.hasPolicy, policy
    yield policy, RDF.type, iri(ODRL.Offer)
    yield policy, RDF.type, iri(ODRL.Policy)
    yield policy, ODRL.permission, permission
    yield permission, RDF.type, iri(ODRL.Permission)
    yield permission, ODRL.target, dataset
    yield permission, ODRL.action, iri(ODRL.use)
    if assigned:
        yield policy, ODRL.assigner, iri(access.committee.iri)
    for number, use in enumerate(access.data_uses):
        duty = f"_:o{facts.number}u{number}"
        yield permission, ODRL.duty, duty
        yield duty, RDF.type, iri(ODRL.Duty)
        yield duty, ODRL.action, iri(OBO.base + use.replace(":", "_"))


def _distributions(facts: Facts, dataset: str) -> Iterator[Statement]:
    access = facts.access
    for number, file in enumerate(access.files or (None,)):
        distribution = iri(facts.part("distribution", number))
        yield dataset, DCAT.distribution, distribution
        yield distribution, RDF.type, iri(DCAT.Distribution)
        yield distribution, DCT.title, words(facts.file_title(file))
        yield distribution, DCAT.accessURL, iri(facts.part("files", number))
        yield distribution, DCATAP.applicableLegislation, iri(EHDS)
        if file:
            yield distribution, DCT["format"], iri(file)
        if access.licence:
            yield distribution, DCT.license, iri(access.licence)
        if access.beacon and not number:
            yield from _beacon(facts, dataset, distribution)


def _beacon(facts: Facts, dataset: str, distribution: str) -> Iterator[Statement]:
    beacon = iri(facts.at("beacon"))
    yield distribution, DCAT.accessService, beacon
    yield beacon, RDF.type, iri(DCAT.DataService)
    yield beacon, DCT.title, words(facts.beacon_title)
    yield beacon, DCAT.endpointURL, iri(f"{facts.node.base}/api/beacon")
    yield beacon, DCAT.servesDataset, dataset


def _variables(facts: Facts, dataset: str) -> Iterator[Statement]:
    group, table = iri(facts.at("variables")), iri(facts.at("table"))
    yield dataset, HEALTH.hasVariables, group
    yield group, RDF.type, iri(CSVW.TableGroup)
    yield group, CSVW.table, table
    yield group, DCT.title, words(Text("Data dictionary", "en"))
    yield table, RDF.type, iri(CSVW.Table)
    yield table, DCT.title, words(Text(TABLE, "en"))
    for number, variable in enumerate(facts.variables):
        column = iri(facts.part("variable", number))
        yield table, CSVW.column, column
        yield column, RDF.type, iri(CSVW.Column)
        yield column, CSVW.name, literal(variable.name)
        yield column, CSVW.title, words(variable.title)
        yield column, DCT.description, words(variable.description)
        yield column, CSVW.datatype, literal(variable.datatype)


def as_ntriples(statements: Iterable[Statement]) -> str:
    """Write statements, one a line."""
    return "".join([f"{subject} <{predicate}> {value} .\n" for subject, predicate, value in statements])


def turtle_head() -> str:
    """Write the prefixes a Turtle document begins with."""
    return "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in PREFIXES.items())


def as_turtle(statements: Iterable[Statement]) -> str:
    """Write statements that stand together by subject and predicate, with the prefixes of `turtle_head`."""
    subjects: dict[str, list[Statement]] = {}
    for statement in statements:
        subjects.setdefault(statement[0], []).append(statement)
    resources = ((_short(subject), " ;\n    ".join(_properties(some))) for subject, some in subjects.items())
    return "".join(f"\n{subject} {properties} .\n" for subject, properties in resources)


def _properties(statements: Sequence[Statement]) -> Iterator[str]:
    for predicate, some in groupby(statements, key=itemgetter(1)):
        yield f"{_short(f'<{predicate}>')} {', '.join(_value(value) for _, _, value in some)}"


def _value(term: str) -> str:
    if term.startswith("<"):
        return _short(term)
    if not term.endswith(">"):
        return term  # a literal without a datatype, or a blank node
    value, _, datatype = term.rpartition("^^")
    return f"{value}^^{_short(datatype)}"


@lru_cache(10_000)
def _short(term: str) -> str:
    """A prefixed name for an IRI where there is one."""
    bare = term[1:-1] if term.startswith("<") else ""
    for prefix, base in PREFIXES.items():
        if bare.startswith(base) and _LOCAL.fullmatch(bare, len(base)):
            return f"{prefix}:{bare[len(base) :]}"
    return term
