"""The root of the FAIR Data Point, and the catalogue it has for each node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from catalogue import __version__
from catalogue.access.stating import About
from catalogue.countries import country_iri
from catalogue.journal.states import Span
from catalogue.labels import language_iri
from harvester.source import Source
from shapes.record import Kind
from shapes.vocabulary import DCAT, DCT, EU, FDP, FOAF, PROV, RDFS
from ui.datapoint.layers import CATALOGUES, MEMBERS, Addresses
from ui.datapoint.saying import children, metadata
from ui.site import Site

_SPECIFICATION: Final = "https://specs.fairdatapoint.org/fdp-specs-v1.2.html"
_NO_LICENCE: Final = "Those who run this catalogue have not said under which licence its own metadata may be used."


def root_triples(site: Site, sources: Sequence[Source]) -> Iterator[ox.Triple]:
    """Yield the FAIR Data Point as it describes itself (specification 1.2, "FAIR Data Point"), with its catalogues.

    `sources`: the nodes it has a catalogue of.
    """
    addresses, settings = Addresses(site.settings.base_url), site.settings
    about = About(ox.NamedNode(addresses.root))
    yield from about.type(FDP.FAIRDataPoint, FDP.MetadataService, DCAT.DataService, DCAT.Resource)
    yield from about.said(DCT.title, settings.title)
    yield from about.said(
        DCT.description, "Descriptions of genomic and health datasets, harvested from national nodes."
    )
    yield from about.text(DCAT.version, __version__)
    yield from about.text(DCT.hasVersion, __version__)  # where version 1.1 has it
    yield from about.text(FDP.hasSoftwareVersion, f"gdi-catalogue {__version__}")
    yield from about.iri(FDP.conformsToFdpSpec, _SPECIFICATION)
    yield from about.iri(DCAT.endpointURL, addresses.root)
    yield from about.iri(DCAT.endpointDescription, site.address("/api/v1/openapi.json"))
    yield from about.iri(FOAF.homepage, site.address("/"))
    yield from about.iri(DCT.language, language_iri("en"))
    yield from about.iri(FDP.uiLanguage, language_iri("en"))
    yield from _ours(site, about)
    span = site.catalogue.chronicle.span()
    if span is not None:
        yield from metadata(addresses.root, span.first, span.last)
    listed = [addresses.catalogue(source.name) for source in sources]
    yield from children(addresses, addresses.root, CATALOGUES, listed)


def catalogue_triples(site: Site, source: Source, span: Span) -> Iterator[ox.Triple]:
    """Yield the catalogue of one node, with everything the node lists now."""
    addresses = Addresses(site.settings.base_url)
    about, name = About(ox.NamedNode(addresses.catalogue(source.name))), source.title or source.name
    node = site.address(f"/node/{source.name}")
    yield from about.type(DCAT.Catalog, DCAT.Resource)
    yield from about.said(DCT.title, f"{name}, as harvested by {site.settings.title}")
    yield from about.said(
        DCT.description, f"What {name} publishes, as it describes it, with what this catalogue derives of it."
    )
    yield from about.iri(DCT.isPartOf, addresses.root)
    yield from about.text(DCAT.version, span.last.isoformat())
    yield from about.iri(DCAT.themeTaxonomy, EU["data-theme"])
    yield from about.iri(DCT.spatial, country_iri(source.country) if source.country else None)
    yield from about.iri(FOAF.homepage, node)
    yield from about.iri(PROV.wasDerivedFrom, node)
    yield from _ours(site, about)
    yield from metadata(about.node.value, span.first, span.last)
    for kind, layer in MEMBERS.items():
        listed = [addresses.member(state) for state in site.catalogue.addresses(kind, source=source.name)]
        if listed or kind is Kind.DATASET:
            yield from children(addresses, about.node.value, layer, listed)


def _ours(site: Site, about: About) -> Iterator[ox.Triple]:
    """Yield who publishes the catalogue's own metadata, under which licence, and what they conform to."""
    addresses, settings = Addresses(site.settings.base_url), site.settings
    publisher = About(ox.NamedNode(site.address("/about") + "#publisher"))
    yield from about.iri(DCT.publisher, publisher.node.value)
    yield from publisher.type(FOAF.Agent)
    yield from publisher.said(FOAF.name, settings.title)
    yield from _licence(site, about)
    shapes = About(ox.NamedNode(addresses.shapes))
    yield from about.iri(DCT.conformsTo, shapes.node.value)
    yield from shapes.type(DCT.Standard)
    yield from shapes.said(RDFS.label, "FAIR Data Point 1.2: root and catalogues, in SHACL")


def _licence(site: Site, about: About) -> Iterator[ox.Triple]:
    """Yield the licence. The specification asks for one; where nobody chose one, that is what is said."""
    if site.settings.licence:
        yield from about.iri(DCT.license, site.settings.licence)
        return
    none = About(ox.NamedNode(site.address("/about") + "#licence"))
    yield from about.iri(DCT.license, none.node.value)
    yield from none.type(DCT.LicenseDocument)
    yield from none.said(DCT.description, _NO_LICENCE)
