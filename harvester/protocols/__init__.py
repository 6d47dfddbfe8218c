"""Harvest protocols: the built-in ones are a plain table, others come as entry points."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final

from harvester.errors import UnknownProtocol
from harvester.protocols import auto, beacon, ckan, ega, fdp, hydra, ldes, oaipmh, rdf, schemaorg, sparql
from harvester.protocols.page import Missing, Page, Pages, Session

__all__ = ["GROUP", "PROTOCOLS", "Missing", "Page", "Pages", "Session", "protocol", "protocol_names"]

GROUP: Final = "gdi_catalogue.protocols"

PROTOCOLS: Final[dict[str, Pages]] = {
    "auto": auto.pages,
    "rdf": rdf.pages,
    "hydra": hydra.pages,
    "fdp": fdp.pages,
    "ckan": ckan.pages,
    "oaipmh": oaipmh.pages,
    "ldes": ldes.pages,
    "sparql": sparql.pages,
    "schemaorg": schemaorg.pages,
    "beacon": beacon.pages,
    "ega": ega.pages,
}


def protocol_names() -> tuple[str, ...]:
    """Return the names of every protocol there is, the built-in ones first."""
    return (*PROTOCOLS, *sorted({point.name for point in entry_points(group=GROUP)} - PROTOCOLS.keys()))


def protocol(name: str) -> Pages:
    """Return the protocol of that name. Raises `UnknownProtocol`, naming those there are."""
    if name in PROTOCOLS:
        return PROTOCOLS[name]
    for point in entry_points(group=GROUP, name=name):
        try:
            found: Pages = point.load()
        except (ImportError, AttributeError) as error:
            raise UnknownProtocol(
                f"The harvest protocol {name!r} ({point.value}) cannot be loaded: {error}."
            ) from error
        return found
    raise UnknownProtocol(f"There is no harvest protocol {name!r}; there are {', '.join(protocol_names())}.")
