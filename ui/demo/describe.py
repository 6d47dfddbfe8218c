"""A plan as RDF: what a well-behaved node would publish, in HealthDCAT-AP Release 8. rdflib composes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

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
    EU,
    FOAF,
    GDI,
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
from ui.demo.plan import DatasetPlan, Plan, Words

_ROLES: Final = {
    "decides": GDIX.DataAccessCommittee,
    "recommends": GDIX.RecommendingCommittee,
    "may-veto": GDIX.NationalCoordinationPoint,
}
_PERSONAL: Final = "https://w3id.org/dpv/dpv-pd#"
_MEDIA: Final = {
    "VCF": "text/vcf",
    "CRAM": "application/octet-stream",
    "CSV": "text/csv",
}


class Describer:
    """Makes the graphs of one node: one for the catalogue itself, one for each dataset with all it refers to."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.node = plan.node

    def iri(self, kind: str, name: str) -> URIRef:
        """Return the IRI of a resource of this node."""
        return URIRef(f"{self.node.base}/{kind}/{name}")

    @property
    def catalogue_iri(self) -> URIRef:
        """The IRI of the node's catalogue."""
        return URIRef(f"{self.node.base}/catalog")

    def catalogue(self, members: Iterable[DatasetPlan]) -> Graph:
        """Describe the catalogue with these members."""
        graph = new_graph()
        catalogue = self.catalogue_iri
        _type(graph, catalogue, DCAT.Catalog)
        _words(graph, catalogue, DCT.title, self.node.catalogue)
        _words(graph, catalogue, DCT.description, self.node.about)
        _say(graph, catalogue, DCATAP.applicableLegislation, _legislation(graph))
        if "node" in self.plan.agents:
            _say(graph, catalogue, DCT.publisher, self._agent(graph, "node"))
        for member in members:
            _say(graph, catalogue, DCAT.dataset, self.iri("dataset", member.id))
        return graph

    def dataset(self, plan: DatasetPlan) -> Graph:
        """Describe one dataset and all it refers to."""
        graph = new_graph()
        subject = self.iri("dataset", plan.id)
        _type(graph, subject, DCAT.Dataset)
        self._identify(graph, subject, plan)
        self._classify(graph, subject, plan)
        self._count(graph, subject, plan)
        self._govern(graph, subject, plan)
        for distribution in self._distributions(graph, plan):
            _say(graph, subject, DCAT.distribution, distribution)
        _say(graph, subject, HEALTH.hasStructuredData, Literal(bool(plan.variables)))
        if plan.variables:
            _say(graph, subject, HEALTH.hasVariables, self._variables(graph, plan))
        return graph

    def _identify(self, graph: Graph, subject: URIRef, plan: DatasetPlan) -> None:
        _words(graph, subject, DCT.title, plan.title)
        _words(graph, subject, DCT.description, plan.description)
        _say(graph, subject, DCT.identifier, Literal(plan.id))
        if plan.ega:
            identifier = BNode()
            _type(graph, identifier, ADMS.Identifier)
            _say(graph, identifier, SKOS.notation, Literal(plan.ega))
            _say(graph, identifier, ADMS.schemaAgency, Literal("EGA"))
            _say(graph, subject, ADMS.identifier, identifier)
        for tag, words in plan.keywords.items():
            for word in words:
                _say(graph, subject, DCAT.keyword, Literal(word, lang=tag))
        _date(graph, subject, DCT.issued, plan.issued)
        _date(graph, subject, DCT.modified, plan.modified)
        page = self.iri("datasets", plan.id)
        _type(graph, page, FOAF.Document)
        _say(graph, subject, DCAT.landingPage, page)
        if plan.source:
            source = self.iri("dataset", plan.source)
            _say(graph, subject, DCT.source, source)

    def _classify(self, graph: Graph, subject: URIRef, plan: DatasetPlan) -> None:
        _say(graph, subject, DCT.accessRights, URIRef(EU[f"access-right/{plan.access}"]))
        _say(graph, subject, DCT.type, URIRef(EU["dataset-type/SYNTHETIC_DATA"]))
        _say(graph, subject, DCAT.theme, URIRef(EU["data-theme/HEAL"]))
        _say(graph, subject, DCT.language, URIRef(EU["language/ENG"]))
        for name, predicate, codes in (
            ("healthcategories", HEALTH.healthCategory, plan.categories),
            ("health-theme", HEALTH.healthTheme, plan.themes),
        ):
            for code in codes:
                _say(graph, subject, predicate, URIRef(HDEU[f"{name}/{code}"]))
        for code in plan.coding:
            _say(graph, subject, HEALTH.hasCodingSystem, URIRef(HDEU[f"coding-system/{code}"]))
        for value in plan.codes:
            _say(graph, subject, HEALTH.hasCodeValues, Literal(value))
        for governance in plan.conforms:
            _say(graph, subject, DCT.conformsTo, URIRef(GDI[governance]))

    def _count(self, graph: Graph, subject: URIRef, plan: DatasetPlan) -> None:
        _number(graph, subject, HEALTH.numberOfUniqueIndividuals, plan.individuals)
        _number(graph, subject, HEALTH.numberOfRecords, plan.records)
        if plan.ages:
            _number(graph, subject, HEALTH.minTypicalAge, plan.ages[0])
            _number(graph, subject, HEALTH.maxTypicalAge, plan.ages[1])
        _words(graph, subject, HEALTH.populationCoverage, plan.coverage)
        _say(graph, subject, DCT.spatial, URIRef(EU[f"country/{self.node.place}"]))
        period = BNode()
        _type(graph, period, DCT.PeriodOfTime)
        _date(graph, period, DCAT.startDate, plan.period[0])
        _date(graph, period, DCAT.endDate, plan.period[1])
        _say(graph, subject, DCT.temporal, period)

    def _govern(self, graph: Graph, subject: URIRef, plan: DatasetPlan) -> None:
        _say(graph, subject, DCATAP.applicableLegislation, _legislation(graph))
        _say(graph, subject, DCT.publisher, self._agent(graph, plan.publisher))
        _say(graph, subject, GEODCATAP.custodian, self._agent(graph, plan.custodian))
        _say(graph, subject, HEALTH.hdab, self._agent(graph, plan.hdab))
        _say(graph, subject, DCAT.contactPoint, _contact(graph, plan))
        statement = BNode()
        _type(graph, statement, DCT.ProvenanceStatement)
        _words(graph, statement, RDFS.label, plan.provenance)
        _say(graph, subject, DCT.provenance, statement)
        for predicate, terms in ((DPV.hasLegalBasis, plan.legal_basis), (DPV.hasPurpose, plan.purposes)):
            for term in terms:
                _say(graph, subject, predicate, URIRef(DPV[term]))
        for term in plan.personal:
            _say(graph, subject, DPV.hasPersonalData, URIRef(_PERSONAL + term))
        for entry in plan.dac:
            body, _, role = entry.partition(":")
            attribution = BNode()
            _type(graph, attribution, PROV.Attribution)
            _say(graph, attribution, PROV.agent, self._agent(graph, body))
            _say(graph, attribution, DCAT.hadRole, URIRef(_ROLES[role]))
            _say(graph, subject, PROV.qualifiedAttribution, attribution)
        if plan.policy:
            _say(graph, subject, ODRL.hasPolicy, self._policy(graph, subject, plan.policy))

    def _agent(self, graph: Graph, name: str) -> URIRef:
        plan = self.plan.agents[name]
        agent = self.iri("org", name)
        _type(graph, agent, FOAF.Agent)
        _words(graph, agent, FOAF.name, plan.names)
        if plan.type:
            _say(graph, agent, DCT.type, URIRef(HDEU[f"publisher-type/{plan.type}"]))
        for identifier in plan.identifiers:
            _say(graph, agent, DCT.identifier, Literal(identifier))
        point = self.iri("contact", name)
        _type(graph, point, CV.ContactPoint)
        if plan.email:
            _say(graph, point, CV.email, Literal(plan.email))
        if plan.page:
            _say(graph, point, CV.contactPage, URIRef(plan.page))
        _say(graph, agent, CV.contactPoint, point)
        return agent

    def _policy(self, graph: Graph, subject: URIRef, name: str) -> URIRef:
        """Describe a policy as an ODRL offer: the permission's purpose is a DUO term, each modifier a duty."""
        plan = self.plan.policies[name]
        policy = self.iri("policy", name)
        permission, purpose = BNode(), BNode()
        _type(graph, policy, ODRL.Offer)
        _type(graph, policy, ODRL.Policy)
        _say(graph, policy, ODRL.assigner, self._agent(graph, plan.assigner))
        _say(graph, policy, ODRL.permission, permission)
        _words(graph, policy, DCT.description, plan.text)
        _type(graph, permission, ODRL.Permission)
        _say(graph, permission, ODRL.target, subject)
        _say(graph, permission, ODRL.action, URIRef(ODRL.use))
        _say(graph, permission, ODRL.constraint, purpose)
        _type(graph, purpose, ODRL.Constraint)
        _say(graph, purpose, ODRL.leftOperand, URIRef(ODRL.purpose))
        _say(graph, purpose, ODRL.operator, URIRef(ODRL.isA))
        _say(graph, purpose, ODRL.rightOperand, _duo(plan.permission))
        if plan.disease is not None:
            disease = BNode()
            _type(graph, disease, ODRL.Constraint)
            _say(graph, disease, ODRL.leftOperand, URIRef(ODRL.purpose))
            _say(graph, disease, ODRL.operator, URIRef(ODRL.isA))
            _say(graph, disease, ODRL.rightOperand, URIRef(plan.disease))
            _say(graph, permission, ODRL.constraint, disease)
        for modifier in plan.modifiers:
            duty = BNode()
            _type(graph, duty, ODRL.Duty)
            _say(graph, duty, ODRL.action, _duo(modifier))
            _say(graph, permission, ODRL.duty, duty)
        return policy

    def _distributions(self, graph: Graph, plan: DatasetPlan) -> Iterable[URIRef]:
        public = plan.access == "PUBLIC"
        if not public:
            request = self.iri("distribution", f"{plan.id}-request")
            self._distribution(graph, request, "Access on request", f"{plan.apply}?dataset={plan.id}", "HTML")
            rights = BNode()
            _type(graph, rights, DCT.RightsStatement)
            _say(graph, rights, RDFS.label, Literal("Access after approval of a request.", lang="en"))
            for use in plan.data_uses:
                _say(graph, rights, RDFS.seeAlso, _duo(use))
                _say(graph, self.iri("dataset", plan.id), GDIX.duo, _duo(use))
            _say(graph, request, DCT.rights, rights)
            yield request
        for form in plan.files:
            file = self.iri("distribution", f"{plan.id}-{form.lower()}")
            address = (
                f"{self.node.base}/files/{plan.id}.{form.lower()}" if public else f"{plan.apply}?dataset={plan.id}"
            )
            self._distribution(graph, file, f"{form} files", address, form)
            if public:
                _say(graph, file, DCAT.downloadURL, URIRef(address))
            if plan.licence:
                _say(graph, file, DCT.license, URIRef(EU[f"licence/{plan.licence}"]))
            yield file
        if plan.beacon:
            yield self._beacon(graph, plan)

    def _distribution(self, graph: Graph, node: URIRef, title: str, address: str, form: str) -> None:
        _type(graph, node, DCAT.Distribution)
        _say(graph, node, DCT.title, Literal(title, lang="en"))
        _say(graph, node, DCAT.accessURL, URIRef(address))
        _say(graph, node, DCATAP.applicableLegislation, _legislation(graph))
        if form in {"HTML", "CSV", "VCF"}:
            _say(graph, node, DCT["format"], URIRef(EU[f"file-type/{form}"]))
        if form in _MEDIA:
            _say(graph, node, DCAT.mediaType, URIRef(f"http://www.iana.org/assignments/media-types/{_MEDIA[form]}"))

    def _beacon(self, graph: Graph, plan: DatasetPlan) -> URIRef:
        distribution = self.iri("distribution", f"{plan.id}-beacon")
        service = self.iri("service", "beacon")
        self._distribution(graph, distribution, "Beacon v2", f"{self.node.base}/beacon/datasets/{plan.id}", "JSON")
        _say(graph, distribution, DCAT.accessService, service)
        _type(graph, service, DCAT.DataService)
        _say(graph, service, DCT.title, Literal(f"Beacon of {self.node.title}", lang="en"))
        _say(graph, service, DCAT.endpointURL, URIRef(f"{self.node.base}/beacon"))
        beacon = URIRef("https://docs.genomebeacons.org/")
        _type(graph, beacon, DCT.Standard)
        _say(graph, service, DCT.conformsTo, beacon)
        _say(graph, service, DCAT.servesDataset, self.iri("dataset", plan.id))
        return distribution

    def _variables(self, graph: Graph, plan: DatasetPlan) -> URIRef:
        group, table = self.iri("variables", plan.id), self.iri("table", plan.id)
        _type(graph, group, CSVW.TableGroup)
        _say(graph, group, DCT.title, Literal("Data dictionary", lang="en"))
        _say(graph, group, CSVW.table, table)
        _type(graph, table, CSVW.Table)
        _say(graph, table, DCT.title, Literal("Variables", lang="en"))
        for name, title, datatype, description in plan.variables:
            column = self.iri("variable", f"{plan.id}-{name}")
            _type(graph, column, CSVW.Column)
            _say(graph, column, CSVW.name, Literal(name))
            _say(graph, column, CSVW.title, Literal(title, lang="en"))
            _say(graph, column, CSVW.datatype, Literal(datatype))
            _say(graph, column, DCT.description, Literal(description, lang="en"))
            _say(graph, table, CSVW.column, column)
        return group


def new_graph() -> Graph:
    """Return an empty graph that knows our prefixes."""
    graph = Graph(bind_namespaces="none")
    for prefix, base in PREFIXES.items():
        graph.bind(prefix, base)
    return graph


def _say(graph: Graph, subject: Node, predicate: str, value: Node) -> None:
    graph.add((subject, URIRef(predicate), value))


def _type(graph: Graph, subject: Node, name: str) -> None:
    _say(graph, subject, RDF.type, URIRef(name))


def _words(graph: Graph, subject: Node, predicate: str, words: Words) -> None:
    for tag, text in words.items():
        _say(graph, subject, predicate, Literal(text, lang=tag))


def _date(graph: Graph, subject: Node, predicate: str, day: str) -> None:
    _say(graph, subject, predicate, Literal(day, datatype=URIRef(XSD.date)))


def _number(graph: Graph, subject: Node, predicate: str, number: int) -> None:
    _say(graph, subject, predicate, Literal(str(number), datatype=URIRef(XSD.nonNegativeInteger)))


def _legislation(graph: Graph) -> URIRef:
    _type(graph, URIRef(EHDS), ELI.LegalResource)
    return URIRef(EHDS)


def _duo(code: str) -> URIRef:
    return URIRef(OBO[code.replace(":", "_")])


def _contact(graph: Graph, plan: DatasetPlan) -> BNode:
    contact = BNode()
    _type(graph, contact, VCARD.Kind)
    _words(graph, contact, VCARD.fn, plan.contact.names)
    _say(graph, contact, VCARD.hasEmail, URIRef(f"mailto:{plan.contact.email}"))
    if plan.contact.page:
        _say(graph, contact, VCARD.hasURL, URIRef(plan.contact.page))
    return contact
