"""What codes mean, in plain words. Tables only: the pages' other sentences stand in the templates.

Every text here is an English message that goes through the page's translation on its way out.
"""

from __future__ import annotations

from typing import Final

from catalogue.dac.committee import Confidence, DeciderStatus, Method, Role
from catalogue.journal.run import Outcome
from catalogue.journal.state import Status
from catalogue.use.purpose import Aim
from catalogue.use.reasons import Answer
from harvester.source import Stage
from shapes.record import Kind

# The EU access-right code list: a word for the badge, and what it means for somebody who wants the data.
ACCESS: Final = {
    "PUBLIC": ("Open", "Anyone can get the data."),
    "RESTRICTED": ("Restricted", "You get the data under conditions, for example after a registration or a request."),
    "NON_PUBLIC": ("On application", "Not public: you apply, and a body decides."),
    "CONFIDENTIAL": ("Confidential", "The data are confidential; the record says whether they can be asked for."),
    "SENSITIVE": ("Sensitive", "The data are sensitive; the record says whether they can be asked for."),
}
ACCESS_UNKNOWN: Final = ("Not stated", "The record does not say who may get the data.")

ROLES: Final = {
    Role.DECIDES: "decides on access",
    Role.RECOMMENDS: "gives a recommendation to those who decide",
    Role.MAY_VETO: "may veto a decision",
    Role.HDAB: "Health Data Access Body",
    Role.CONTACT: "first contact for a request",
}

DECIDER: Final = {
    DeciderStatus.PUBLISHED: ("Stated by the node", "The node's own description names this body."),
    DeciderStatus.RULE: ("Found by a rule", "The node does not name this body outright; a rule of this catalogue did."),
    DeciderStatus.STAND_IN: (
        "Stand-in",
        "The node names no committee. It names a Health Data Access Body, which is shown in its place.",
    ),
    DeciderStatus.NONE: ("Not published", "The node publishes no body that decides on access."),
}

METHODS: Final = {
    Method.ATTRIBUTION: "The record attributes the dataset to this body in this role.",
    Method.POLICY: "The dataset's policy of use was assigned by this body.",
    Method.IDENTIFIER: "An identifier of the dataset leads to this body in an access system.",
    Method.GOVERNANCE: "The type of the dataset in the 1+MG framework gives this body its part.",
    Method.CONTACT_NAME: "The dataset's contact point carries the name of a committee.",
    Method.NODE_DEFAULT: "The registry names this body for all datasets of the node that name none.",
    Method.OPEN_DATA: "The data are open; there is nothing to decide.",
    Method.HDAB_STAND_IN: "Only a Health Data Access Body is named; it stands in for the committee.",
    Method.NONE: "No rule found a body.",
}

# "Can I use it?": the answers, what each means, and the questions (docs/dac.md).
ANSWERS: Final = {
    Answer.YES: ("Yes, as stated", "The stated conditions allow this use. Whoever decides may still say otherwise."),
    Answer.ASK: ("Ask", "The stated conditions leave it open."),
    Answer.NO: ("No, as stated", "The stated conditions do not allow this use."),
}
AIMS: Final = {
    Aim.DISEASE: "Research on a disease",
    Aim.HEALTH: "Health, medical or biomedical research",
    Aim.ANCESTRY: "Population origins or ancestry",
    Aim.RESEARCH: "Other research",
    Aim.CARE: "Clinical care",
    Aim.POLICY: "Public health, policy, statistics",
    Aim.TEACHING: "Education",
}
QUESTIONS: Final = {
    "use.purpose": ("What for?", ""),
    "use.disease": ("Which disease?", "a concept such as MONDO:0018940 or ORPHA:590"),
    "use.commercial": ("Is the use commercial?", ""),
    "use.profit": ("Does your organisation make profit?", ""),
    "use.country": ("In which country do you work?", "two letters, such as BE"),
    "use.ethics": ("Is an ethics approval at hand?", ""),
    "use.methods": ("Do you develop methods or software alone?", ""),
    "use.genetic": ("Is it a genetic study?", ""),
    "use.publish": ("Will you publish your results?", ""),
    "use.return": ("Will you give back derived data?", ""),
    "use.collaborate": ("Will you work together with those who made the study?", ""),
    "use.months": ("For how many months?", ""),
}
# A purpose in few words: what a yes and a no to each question are called.
SAID: Final = {
    "commercial": ("commercial", "not commercial"),
    "profit": ("for profit", "no profit"),
    "ethics": ("ethics approval", "no ethics approval"),
    "methods": ("methods alone", "not methods alone"),
    "genetic": ("genetic study", "no genetic study"),
    "publish": ("publishing", "not publishing"),
    "give_back": ("giving back", "not giving back"),
    "collaborate": ("collaborating", "not collaborating"),
}

CONFIDENCE: Final = {
    Confidence.STATED: "stated by the node",
    Confidence.JOINED: "joined by an identifier or a type",
    Confidence.LIKELY: "likely, by its name",
    Confidence.ASSUMED: "assumed, for all of the node",
    Confidence.NONE: "no committee",
}

STAGES: Final = {
    Stage.ONBOARDING: ("Onboarding", "The node is joining; its records may be tests."),
    Stage.DEPLOYMENT: ("Deployment", "The node is being built; its services may change."),
    Stage.OPERATIONAL: ("Operational", "The node is in operation."),
}

STATUSES: Final = {
    Status.LISTED: "listed",
    Status.HELD: "held for a curator",
    Status.WITHDRAWN: "withdrawn",
    Status.REJECTED: "rejected",
}

OUTCOMES: Final = {
    Outcome.OK: ("Complete", "Everything was read and nothing was wrong."),
    Outcome.WARNINGS: ("Complete, with remarks", "Everything was read; some things were odd or could not be kept."),
    Outcome.PARTIAL: ("Partial", "Not everything could be read. Nothing was withdrawn because of that."),
    Outcome.FAILED: ("Failed", "The source could not be read. Every record was kept as it was."),
    Outcome.HELD: ("Held", "So much was missing that a person has to look before anything is withdrawn."),
    Outcome.INTERRUPTED: ("Interrupted", "The run ended before it was through. What it had read was kept."),
    Outcome.RUNNING: ("Running", "The node is being read now."),
}

# Kinds of records, several of them.
KINDS: Final = {
    Kind.DATASET: "Datasets",
    Kind.SERIES: "Series of datasets",
    Kind.SERVICE: "Services",
    Kind.CATALOGUE: "Catalogues",
    Kind.ENRICHMENT: "What is said of others' datasets",
}

# What became of the records a run saw, as its ledger counts them.
FATES: Final = {
    "unchanged": "Unchanged",
    "new": "New",
    "changed": "Changed",
    "rejected": "Rejected",
    "failed": "Failed",
}

# What a Beacon says of whom it answers, and with what (Beacon v2, /configuration: securityAttributes).
BEACON_LEVELS: Final = {
    "PUBLIC": "everyone",
    "REGISTERED": "people who are signed in",
    "CONTROLLED": "people who were given access",
}
BEACON_ANSWERS: Final = {"boolean": "yes or no", "count": "how many", "record": "records", "aggregated": "aggregates"}

SEVERITIES: Final = {"violation": "Must be fixed", "warning": "Should be fixed", "info": "Worth knowing"}

# What a node's software states by default, by the property.
SOFTWARE_DEFAULTS: Final = {"dct:accessRights": "Access rights", "dct:license": "Licence"}

# How the tabs of a relation are called (the property that states it, as a prefixed name).
RELATIONS: Final = {
    "dct:isPartOf": "Part of",
    "dct:hasPart": "Has part",
    "dcat:inSeries": "In the series",
    "dcat:prev": "Previous in the series",
    "dcat:next": "Next in the series",
    "dcat:seriesMember": "Has member",
    "dcat:hasVersion": "Has version",
    "dcat:isVersionOf": "Is a version of",
    "dcat:previousVersion": "Previous version",
    "dcat:hasCurrentVersion": "Current version",
    "dct:replaces": "Replaces",
    "dct:isReplacedBy": "Is replaced by",
    "dct:relation": "Related to",
    "dct:source": "Made from",
    "dct:isReferencedBy": "Referred to by",
    "dct:references": "Refers to",
    "dct:isVersionOf": "Is a version of",
    "dct:hasVersion": "Has version",
    "dct:requires": "Requires",
    "dct:isRequiredBy": "Is required by",
    "dcat:qualifiedRelation": "Related to",
    "prov:wasGeneratedBy": "Generated by",
    "prov:wasDerivedFrom": "Derived from",
    "foaf:page": "Documentation",
    "dqv:hasQualityAnnotation": "Quality statement",
    "healthdcatap:analytics": "Analysis of it",
}
