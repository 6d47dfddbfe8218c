"""Our terms about records: nodes and runs, quality, enrichments, findings, the endpoint. A new term is one row here."""

from __future__ import annotations

from typing import Final

from catalogue.ontology.model import Group, Sort, Term

_CLASS, _LINK, _VALUE = Sort.CLASS, Sort.LINK, Sort.VALUE

RECORDS: Final = (
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
        "What other services say of a dataset",
        (
            Term("Enrichment", _CLASS, "enrichment", "What a service other than its node says of one dataset."),
            Term(
                "enrichedBy", _LINK, "enriched by",
                "What another service says of the dataset.", "dcat:Dataset", "gdix:Enrichment",
            ),
            Term(
                "beacon", _LINK, "Beacon of",
                "The Beacon that answers questions about the dataset.", "gdix:Enrichment", "gdix:Beacon",
            ),
            Term(
                "Beacon", _CLASS, "Beacon",
                "A service that answers questions by the Beacon v2 protocol.", parent="dcat:DataService",
            ),
            Term("operatedBy", _VALUE, "operated by", "Who runs the Beacon, as its /info says.", "gdix:Beacon"),
            Term(
                "productionStatus", _VALUE, "production status",
                "DEV, TEST or PROD, as the /configuration of the Beacon says.", "gdix:Beacon",
            ),
            Term(
                "securityLevel", _VALUE, "security level",
                "PUBLIC, REGISTERED or CONTROLLED, as the /configuration of the Beacon says.", "gdix:Beacon",
            ),
            Term(
                "granularity", _VALUE, "granularity",
                "boolean, count or record, as the /configuration of the Beacon says.", "gdix:Beacon",
            ),
            Term(
                "filteringTerm", _VALUE, "filtering term",
                "A term the Beacon can be asked by, as its /filtering_terms says.", "gdix:Beacon",
            ),
            Term(
                "accessType", _VALUE, "access type",
                "Whether the EGA says that access is controlled or open.", "gdix:Enrichment",
            ),
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
