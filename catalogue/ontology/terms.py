"""Every term of our own, once: what /ns publishes and docs/vocabulary.md lists. A new term is one row here.

Names are those of the namespace (`shapes.vocabulary.GDIX`). Ranges are prefixed names; a text has no range.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Sort(Enum):
    """What a term is; its value is what it is called for people."""

    CLASS = "class"
    LINK = "property (a thing)"
    VALUE = "property (a text, number or date)"
    METRIC = "metric"
    COMPONENT = "constraint component"
    AGGREGATE = "aggregate of SPARQL"


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its name, what people call it, what it means, and where it stands.

    `domain` and `range` are prefixed names; `parent` is the wider class or property.
    """

    name: str
    sort: Sort
    label: str
    definition: str
    domain: str = ""
    range: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that belong together, under a heading of the page."""

    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The values a property may have: each text with its meaning. Published as a SKOS concept scheme."""

    name: str
    label: str
    of: str
    values: tuple[tuple[str, str], ...]


_CLASS, _LINK, _VALUE = Sort.CLASS, Sort.LINK, Sort.VALUE
_COMMITTEE: Final = "gdix:DataAccessCommittee"

GROUPS: Final = (
    Group(
        "Bodies and their roles",
        (
            Term(
                "DataAccessCommittee", _CLASS, "Data Access Committee",
                "A body that decides on access to datasets; also the role in which it is attributed.",
                parent="foaf:Agent",
            ),
            Term(
                "RecommendingCommittee", _CLASS, "recommending committee",
                "A body that gives an opinion before the decision on access; also its role.", parent="foaf:Agent",
            ),
            Term(
                "NationalCoordinationPoint", _CLASS, "national coordination point",
                "A body that may veto a decision on access; also its role.", parent="foaf:Agent",
            ),
            Term(
                "AccessContact", _CLASS, "access contact", "Whom to ask about access; also the role.",
                parent="foaf:Agent",
            ),
        ),
    ),
    Group(
        "What a committee says of itself",
        (
            Term("committeeId", _VALUE, "committee id", "The id of the body's page in this catalogue.", "foaf:Agent"),
            Term("level", _VALUE, "level", "Whether the body is local, national or central.", "foaf:Agent"),
            Term("country", _VALUE, "country", "ISO 3166-1 code of two letters, of a body or a node."),
            Term("remit", _VALUE, "remit", "What the body decides on.", "foaf:Agent"),
            Term("conditions", _VALUE, "conditions", "What the body asks of users.", "foaf:Agent"),
            Term("requiresDocument", _VALUE, "required document", "What an application must hold.", "foaf:Agent"),
            Term(
                "responseTime", _VALUE, "stated response time", "How long the body says it takes, in calendar days.",
                "foaf:Agent", "xsd:duration",
            ),
            Term("fee", _VALUE, "fee", "What the body says access costs.", "foaf:Agent"),
            Term("applyAt", _LINK, "apply at", "Where an application begins.", "foaf:Agent"),
            Term(
                "governs", _VALUE, "governs",
                "Identifier of a dataset, policy or resource the body decides on; a * at the end is any rest.",
                "foaf:Agent",
            ),
            Term(
                "confirmed", _VALUE, "last confirmed", "When the body's entry was last confirmed.", "foaf:Agent",
                "xsd:date",
            ),
            Term(
                "origin", _VALUE, "origin", "`registry`, or the name of the node whose records describe the body.",
                "foaf:Agent",
            ),
        ),
    ),
    Group(
        "Who decides on a dataset",
        (
            Term(
                "decidedBy", _LINK, "decided by",
                "The body that decides on access, as the node states it or a rule finds it; never a stand-in.",
                "dcat:Dataset", "foaf:Agent",
            ),
            Term(
                "recommendedBy", _LINK, "recommended by", "A body that gives an opinion before the decision.",
                "dcat:Dataset", "foaf:Agent",
            ),
            Term("vetoableBy", _LINK, "vetoable by", "A body that may veto.", "dcat:Dataset", "foaf:Agent"),
            Term(
                "accessBody", _LINK, "health data access body",
                "The health data access body (Regulation (EU) 2025/327, Article 55) of a dataset.",
                "dcat:Dataset", "foaf:Agent",
            ),
            Term(
                "accessContact", _LINK, "has access contact",
                "Whom to ask about access.", "dcat:Dataset", "foaf:Agent",
            ),
            Term(
                "decisionStatus", _VALUE, "decision status", "How sure it is who decides; one of a list.",
                "dcat:Dataset",
            ),
            Term(
                "decisionMethod", _VALUE, "decision method", "The rule that said who decides; one of a list.",
                "dcat:Dataset",
            ),
            Term(
                "decisionEvidence", _VALUE, "decision evidence",
                "A sentence that names the property and value the rule went by.", "dcat:Dataset",
            ),
            Term(
                "AccessLink", _CLASS, "access link",
                "That one body has one role for one dataset, and how it is known.",
            ),
            Term("dataset", _LINK, "dataset", "The dataset of an access link.", "gdix:AccessLink", "dcat:Dataset"),
            Term("body", _LINK, "body", "The body of an access link.", "gdix:AccessLink", "foaf:Agent"),
            Term("method", _VALUE, "method", "The rule that found an access link; one of a list.", "gdix:AccessLink"),
            Term(
                "evidence", _VALUE, "evidence", "A sentence that says on what an access link rests.", "gdix:AccessLink"
            ),
        ),
    ),
    Group(
        "Conditions of use",
        (
            Term("duo", _LINK, "Data Use Ontology term", "A term of the Data Use Ontology that applies."),
            Term("dataUse", _LINK, "data use", "A node that holds terms of use and what restricts each."),
        ),
    ),
    Group(
        "Nodes, runs and records",
        (
            Term(
                "Node", _CLASS, "node",
                "A national node: a source of descriptions and who runs it.", parent="foaf:Organization",
            ),
            Term("node", _LINK, "node of", "The node a catalogue record came from.", "dcat:CatalogRecord", "gdix:Node"),
            Term("stage", _VALUE, "stage", "How far a node is: one of a list.", "gdix:Node"),
            Term("protocol", _VALUE, "protocol", "How a node is harvested.", "gdix:Node"),
            Term(
                "translatedFrom", _LINK, "translated from",
                "The web page whose schema.org markup a description was translated from.", "dcat:Dataset",
            ),
            Term("outcome", _VALUE, "outcome", "How a run ended: one of a list.", "prov:Activity"),
            *(
                Term(
                    name, _VALUE, f"datasets {word}", f"How many datasets of a run {meaning}.", "prov:Activity",
                    "xsd:integer",
                )
                for name, word, meaning in (
                    ("seen", "seen", "the node gave"),
                    ("new", "new", "were not known before"),
                    ("changed", "changed", "had changed"),
                    ("unchanged", "unchanged", "were as before"),
                    ("rejected", "rejected", "were turned away"),
                    ("failed", "failed", "could not be read"),
                    ("withdrawn", "withdrawn", "were withdrawn"),
                )
            ),
            Term(
                "datasetDigest", _VALUE, "digest of the dataset's description",
                "SHA-256 of the canonical description (RDFC-1.0) of a dataset.", "dcat:CatalogRecord",
            ),
            Term(
                "digest", _VALUE, "digest of the description",
                "SHA-256 of the canonical description (RDFC-1.0) of a record that is no dataset.", "dcat:CatalogRecord",
            ),
        ),
    ),
    Group(
        "Measures of quality",
        (
            Term("violations", Sort.METRIC, "violations", "How many violations validation found in a record."),
            Term("warnings", Sort.METRIC, "warnings", "How many warnings validation found in a record."),
            Term(
                "mqaScore", Sort.METRIC, "MQA score",
                "The share of the points of data.europa.eu's Metadata Quality Assessment, in percent.",
            ),
            Term(
                "mqaControlledScore", Sort.METRIC, "MQA score for controlled data",
                "The same without what cannot apply to controlled data, in percent.",
            ),
            Term(
                "completenessScore", Sort.METRIC, "completeness",
                "The share of the properties of HealthDCAT-AP Release 8 that are there, in percent.",
            ),
            Term("fairScore", Sort.METRIC, "FAIR score", "The share of FAIR indicators that are met, in percent."),
        ),
    ),
    Group(
        "Findings of validation",
        (
            Term("SyntaxError", Sort.COMPONENT, "syntax error", "A statement of the input could not be read."),
            Term(
                "NoRecord", Sort.COMPONENT, "no record",
                "The input describes no dataset, series, service or catalogue.",
            ),
            Term("NotJudged", Sort.COMPONENT, "not judged", "A record that could not be judged."),
            Term("PersonalMailbox", Sort.COMPONENT, "personal mailbox", "A contact's mailbox looks like a person's."),
            Term(
                "ContradictedLabel", Sort.COMPONENT, "contradicted label",
                "A code of the Data Use Ontology stands under a label that says something else.",
            ),
            Term(
                "SharedIdentifier", Sort.COMPONENT, "shared identifier",
                "Two datasets of a delivery have one identifier.",
            ),
        ),
    ),
    Group(
        "The SPARQL endpoint",
        (
            Term(
                "median", Sort.AGGREGATE, "median",
                "The middle of the numbers of a group; of an even number of them, the mean of the two in the middle.",
            ),
            Term("timeBudget", _VALUE, "time budget", "How long a query may run.", "", "xsd:duration"),
            Term(
                "memoryBudget", _VALUE, "memory budget", "Bytes of memory a query may use.", "", "xsd:integer"
            ),
            Term(
                "rowBudget", _VALUE, "row budget", "Rows, or triples, an answer may have.", "", "xsd:integer"
            ),
            Term("byteBudget", _VALUE, "byte budget", "Bytes an answer may have.", "", "xsd:integer"),
        ),
    ),
)  # fmt: skip

TERMS: Final = {term.name: term for group in GROUPS for term in group.terms}

SCHEMES: Final = (
    Scheme(
        "DecisionStatus", "How sure it is who decides", "decisionStatus",
        (
            ("published", "The node's record states the body."),
            ("rule", "A rule found the body."),
            ("stand-in", "No deciding body is known; a health data access body is named in its place."),
            ("none", "No body is known."),
        ),
    ),
    Scheme(
        "DecisionMethod", "The rule that said who decides", "decisionMethod",
        (
            ("attribution", "A qualified attribution names the body."),
            ("policy", "The assigner of a policy is the body."),
            ("identifier", "An identifier of the dataset leads to the body in the registry."),
            ("contact-name", "The contact point's name is that of a committee."),
            ("node-default", "The registry names one body for the whole node."),
            ("hdab-stand-in", "The health data access body stands in."),
            ("none", "No rule found a body."),
        ),
    ),
    Scheme(
        "Stage", "How far a node is", "stage",
        (
            ("onboarding", "It prepares its first descriptions."),
            ("deployment", "It is being set up."),
            ("operational", "It is in service."),
        ),
    ),
    Scheme(
        "Outcome", "How a run ended", "outcome",
        (
            ("ok", "Everything was read."),
            ("warnings", "Everything was read, and something is to be looked at."),
            ("partial", "A part could not be read."),
            ("failed", "Nothing could be read."),
            ("held", "So much was missing that a person decides."),
            ("interrupted", "Its process ended before it did."),
            ("running", "It goes on now."),
        ),
    ),
)  # fmt: skip
