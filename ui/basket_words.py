"""What routes, systems and steps are called, in plain words. English messages, translated on their way out."""

from __future__ import annotations

from typing import Final

from catalogue.access.basket import Why
from catalogue.access.handover import Act
from catalogue.access.reading import Standing
from catalogue.access.route import RouteKind, RouteMethod

KINDS: Final = {
    RouteKind.REMS: "application system (REMS)",
    RouteKind.EGA: "European Genome-phenome Archive (EGA)",
    RouteKind.NEGOTIATOR: "Negotiator",
    RouteKind.HDAB_FORM: "form or page of a Health Data Access Body",
    RouteKind.WEB: "web page",
    RouteKind.MAIL: "mail",
    RouteKind.DOWNLOAD: "download",
}

METHODS: Final = {
    RouteMethod.REGISTRY: "from the registry of this catalogue",
    RouteMethod.SERVICE: "stated by the node: a service that gives access",
    RouteMethod.ACCESS_URL: "stated by the node: the address of a distribution",
    RouteMethod.IDENTIFIER: "by rule: an identifier of the dataset",
    RouteMethod.COMMITTEE_CONTACT: "by rule: how the committee is reached",
    RouteMethod.ACCESS_BODY: "by rule: how the Health Data Access Body is reached",
    RouteMethod.LANDING_PAGE: "by rule: the node’s page of the dataset",
    RouteMethod.CONTACT_POINT: "by rule: the dataset’s contact point",
}

STANDINGS: Final = {
    Standing.OPEN: ("Form open", "good"),
    Standing.CLOSED: ("Form closed", "bad"),
    Standing.EXPIRED: ("Form expired", "bad"),
    Standing.NOT_UNIQUE: ("No direct link", "warn"),
    Standing.NOT_LISTED: ("Not listed there", "bad"),
    Standing.UNKNOWN: ("Not known", "outline"),
}

ABSENCES: Final = {
    Why.UNKNOWN: "There is no record of this name in this catalogue.",
    Why.WITHDRAWN: "This dataset was withdrawn. Its page keeps the last description.",
    Why.NOT_LISTED: "This record is not listed now.",
    Why.NO_DATASET: "This is a record of another kind, not a dataset one can apply for.",
}

ACTS: Final = {
    Act.APPLY: "Begin the application",
    Act.DATASET_PAGE: "Request it at EGA",
    Act.COMMITTEE_PAGE: "The committee at EGA",
    Act.FORM: "Apply at the access body",
    Act.PAGE: "Open the page",
    Act.MAIL: "Write a mail",
    Act.DOWNLOAD: "Get the data",
}
