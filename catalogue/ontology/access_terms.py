"""Our terms about access: bodies, who decides, conditions of use, where one applies. A new term is one row here."""

from __future__ import annotations

from typing import Final

from catalogue.ontology.model import Group, Sort, Term

_CLASS, _LINK, _VALUE = Sort.CLASS, Sort.LINK, Sort.VALUE

ACCESS: Final = (
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
            Term("mayApply", _VALUE, "who may apply", "Who may apply to the body.", "foaf:Agent"),
            Term(
                "secureEnvironment", _VALUE, "secure environment",
                "Where the data the body decides on are analysed.", "foaf:Agent",
            ),
            Term(
                "observedTime", _VALUE, "observed time",
                "The median a decision took, in calendar days.", "foaf:Agent", "xsd:duration",
            ),
            Term(
                "observedFrom", _VALUE, "observed from",
                "The first day of the time that was observed.", "foaf:Agent", "xsd:date",
            ),
            Term(
                "observedTo", _VALUE, "observed to",
                "The last day of the time that was observed.", "foaf:Agent", "xsd:date",
            ),
            Term(
                "observedApplications", _VALUE, "observed applications",
                "How many applications were observed.", "foaf:Agent", "xsd:integer",
            ),
            Term(
                "applyThrough", _LINK, "apply through",
                "An application system of the body.", "foaf:Agent", "gdix:AccessSystem",
            ),
            Term(
                "AccessSystem", _CLASS, "application system",
                "An installation in which one applies to a body.", parent="dcat:DataService",
            ),
            Term(
                "systemKind", _VALUE, "kind of system",
                "What an application system is: one of a list.", "gdix:AccessSystem",
            ),
            Term(
                "ownIdentifiers", _VALUE, "knows by their own identifiers",
                "Whether the system knows datasets by their own identifiers.", "gdix:AccessSystem", "xsd:boolean",
            ),
            Term(
                "binding", _LINK, "binding",
                "What an application system knows a dataset as.", "gdix:AccessSystem", "gdix:AccessBinding",
            ),
            Term(
                "AccessBinding", _CLASS, "binding of a dataset",
                "That an application system knows a dataset by a name of its own.",
            ),
            Term(
                "catalogueItem", _VALUE, "catalogue item",
                "The number of the item in the catalogue of REMS.", "gdix:AccessBinding", "xsd:integer",
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
            Term(
                "confidence", _VALUE, "confidence",
                "How sure an access link is, by its rule: one of a list.", "gdix:AccessLink",
            ),
            Term(
                "decisionConfidence", _VALUE, "decision confidence",
                "How sure the answer to who decides is, by its rule: one of a list.", "dcat:Dataset",
            ),
            Term(
                "decisionConflict", _VALUE, "decision conflict",
                "A sentence on what the record says of who decides that does not fit together.", "dcat:Dataset",
            ),
        ),
    ),
    Group(
        "Conditions of use",
        (
            Term("duo", _LINK, "Data Use Ontology term", "A term of the Data Use Ontology that applies."),
            Term("dataUse", _LINK, "data use", "A node that holds terms of use and what restricts each."),
            Term(
                "condition", _LINK, "condition of use",
                "A term of the Data Use Ontology of today that the policies state, in whatever form.", "dcat:Dataset",
            ),
            Term(
                "conditionDisease", _LINK, "condition: disease",
                "A disease the policies restrict use to.", "dcat:Dataset",
            ),
            Term(
                "conditionDoubt", _VALUE, "doubt about conditions",
                "A sentence on what is odd in the conditions.", "dcat:Dataset",
            ),
            Term("disease", _LINK, "restricted to disease", "What DUO:0000007 is restricted to."),
            Term(
                "region", _LINK, "restricted to region",
                "What DUO:0000022 is restricted to: a country, a continent, a union, or a text.",
            ),
            Term(
                "months", _VALUE, "restricted to months",
                "What DUO:0000025 is restricted to: a number of months.", "", "xsd:integer",
            ),
            Term(
                "notBefore", _VALUE, "not to be published before",
                "What DUO:0000024 is restricted to: a date.", "", "xsd:date",
            ),
            Term(
                "researchKind", _LINK, "restricted to kind of research",
                "What DUO:0000012 is restricted to: a kind of research of DUO, or a text.",
            ),
            Term("user", _VALUE, "restricted to user", "Whom DUO:0000026 admits."),
            Term("project", _VALUE, "restricted to project", "Which project DUO:0000027 admits."),
            Term("institution", _VALUE, "restricted to institution", "Which institution DUO:0000028 admits."),
        ),
    ),
    Group(
        "Where one applies",
        (
            Term(
                "accessRoute", _LINK, "access route",
                "A way to apply for access to the dataset.", "dcat:Dataset", "gdix:AccessRoute",
            ),
            Term(
                "AccessRoute", _CLASS, "way to apply",
                "One way to apply for access to one dataset, and how it is known.",
            ),
            Term(
                "rank", _VALUE, "rank",
                "The place of a route among those of its dataset; 1 is the one this catalogue takes.",
                "gdix:AccessRoute", "xsd:integer",
            ),
            Term(
                "routeKind", _VALUE, "kind of route",
                "What a route is: rems, ega, negotiator, hdab-form, web, mail or download.",
            ),
            Term("system", _VALUE, "system", "The installation of a route, by its front page."),
            Term("resourceId", _VALUE, "resource", "What the installation knows the dataset by.", "gdix:AccessRoute"),
            Term("workflow", _VALUE, "workflow", "The workflow that handles the applications."),
            Term("Basket", _CLASS, "basket", "Datasets somebody put together to apply for."),
            Term(
                "application", _LINK, "application",
                "One application that a basket needs.", "gdix:Basket", "gdix:Application",
            ),
            Term(
                "Application", _CLASS, "one application",
                "Datasets that one application can be made for, with its system and who decides.",
            ),
        ),
    ),
)  # fmt: skip
