"""Which system an address belongs to: REMS, EGA, the BBMRI Negotiator, or none we know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qs, quote, urlencode, urlsplit

from catalogue.access.route import RouteKind
from catalogue.dac.registry import ega_accessions
from catalogue.reading.values import is_web_address
from harvester.rems import rems_base
from shapes.errors import BadInput

EGA: Final = "https://ega-archive.org"
# A name of which one part is the system's: rems.gdi.example, x.example/rems, negotiator.bbmri.example.
_REMS: Final = re.compile(r"(?:^|[./-])rems\d*(?:[./:-]|$)", re.IGNORECASE)
_NEGOTIATOR: Final = re.compile(r"(?:^|[./-])negotiator(?:[./:-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A system an address belongs to: its kind, its own address, and what the address says of one dataset.

    `certain`: the form of the address leaves no doubt; otherwise its name alone says which system it is.
    """

    kind: RouteKind
    system: str
    resource: str | None = None
    item: int | None = None
    certain: bool = False


def recognised(address: str) -> Place | None:
    """Tell the system of an http(s) address; None where it is none of those we know."""
    if not is_web_address(address):
        return None
    try:
        parts, base = urlsplit(address), rems_base(address)
    except (ValueError, BadInput):
        return None
    return _rems(parts, base) or _ega(address, parts) or _named(parts, base)


def _rems(parts: SplitResult, base: str) -> Place | None:
    """REMS by the form of its links to new applications (docs/linking.md of REMS)."""
    asked, path = parse_qs(parts.query), parts.path.rstrip("/")
    resource = next(iter(asked.get("resource", ())), None)
    if path.endswith("/apply-for") and (resource or not parts.query):
        return Place(RouteKind.REMS, base, resource=resource, certain=resource is not None)
    items = next(iter(asked.get("items", ())), "")
    if path.endswith("/application") and items.isascii() and items.isdigit():
        return Place(RouteKind.REMS, base, item=int(items), certain=True)
    return None


def _ega(address: str, parts: SplitResult) -> Place | None:
    host = (parts.hostname or "").lower()
    accession = next(iter(ega_accessions(address, "D")), None)
    if accession or host == "ega-archive.org" or host.endswith(".ega-archive.org"):
        return Place(RouteKind.EGA, EGA, resource=accession, certain=accession is not None)
    return None


def _named(parts: SplitResult, base: str) -> Place | None:
    named = f"{parts.hostname or ''}{parts.path}"
    if _NEGOTIATOR.search(named):
        return Place(RouteKind.NEGOTIATOR, f"{parts.scheme}://{parts.netloc.lower()}")
    return Place(RouteKind.REMS, base) if _REMS.search(named) else None


def rems_link(system: str, resources: tuple[str, ...]) -> str:
    """The address at which REMS begins one application for resources: `/apply-for?resource=A&resource=B`."""
    return f"{system}/apply-for?{urlencode([('resource', each) for each in resources])}"


def ega_dataset(accession: str) -> str:
    """EGA's page of a dataset, from which a request is made to its committee."""
    return f"{EGA}/datasets/{quote(accession)}"


def ega_committee(accession: str) -> str:
    """EGA's page of a committee."""
    return f"{EGA}/dacs/{quote(accession)}"


def mail_link(mailbox: str, subject: str = "", body: str = "") -> str:
    """A mailto address with a subject and a text, lines ended as RFC 6068 section 5 asks."""
    text = body.replace("\r\n", "\n").replace("\n", "\r\n")
    pairs = [f"{name}={quote(value, safe='')}" for name, value in (("subject", subject), ("body", text)) if value]
    return f"mailto:{quote(mailbox, safe='@+')}" + (f"?{'&'.join(pairs)}" if pairs else "")
