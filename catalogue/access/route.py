"""One way to apply for one dataset, and how we know of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalogue.dataset import Texts


class RouteKind(StrEnum):
    """What takes an application."""

    REMS = "rems"
    EGA = "ega"
    NEGOTIATOR = "negotiator"
    HDAB_FORM = "hdab-form"
    WEB = "web"
    MAIL = "mail"
    DOWNLOAD = "download"


class RouteMethod(StrEnum):
    """The rule that found a route (docs/access.md). The first four are statements about this very purpose."""

    REGISTRY = "registry"
    SERVICE = "access-service"
    ACCESS_URL = "access-url"
    IDENTIFIER = "identifier"
    COMMITTEE_CONTACT = "committee-contact"
    ACCESS_BODY = "access-body"
    LANDING_PAGE = "landing-page"
    CONTACT_POINT = "contact-point"


@dataclass(frozen=True, slots=True)
class Route:
    """A way to apply. `address` is where one begins for this dataset alone.

    `system` is the installation (the front page of a REMS, say). `resources` are the names the system may know the
    dataset by, the likeliest first; `stated` says that the first one is what somebody states, not what we assume.
    `body` is the id of the committee or access body the route leads to, where it is one's own.
    """

    kind: RouteKind
    address: str
    method: RouteMethod
    evidence: str
    system: str | None = None
    resources: tuple[str, ...] = ()
    stated: bool = False
    workflow: str | None = None
    item: int | None = None
    body: str | None = None
    titles: Texts = ()
