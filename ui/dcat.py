"""The catalogue as DCAT-AP 3 with Hydra paging: what other catalogues harvest from us, and we could from ourselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

import pyoxigraph as ox

from catalogue.catalogue import Slice
from catalogue.entry import Entry
from catalogue.journal.state import State
from catalogue.labels import language_iri
from shapes.graph import node_of
from shapes.record import Kind
from shapes.vocabulary import ADMS, DCAT, DCATAP, DCT, EHDS, EU, FOAF, HYDRA, RDF, XSD
from ui.site import Site

_TYPE: Final = ox.NamedNode(RDF.type)
_WITHDRAWN: Final = EU.base + "dataset-status/WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Paging:
    """Where this page stands among the others. `base` is the catalogue's address in the form asked for."""

    base: str
    found: Slice
    since: str | None

    def address(self, number: int) -> str:
        """The address of a page."""
        pairs = [("page", str(number)), *([("modified_since", self.since)] if self.since else [])]
        return f"{self.base}?{urlencode(pairs)}"


def catalogue_triples(site: Site, paging: Paging, since: datetime | None) -> Iterator[ox.Triple]:
    """Yield a page of the catalogue: what it is, its datasets in full, and the Hydra controls in both spellings.

    With `since`, the tombstones of what was withdrawn since then are told too, on the first page: catalogue records
    whose status is withdrawn, about resources that are not described here.
    """
    own = ox.NamedNode(site.address("/catalog"))
    yield from _catalogue(site, own, whole=since is None)
    yield from _hydra(paging)
    # Blank nodes of several records must not meet: each record's labels get its identifier.
    for entry in paging.found.entries:
        yield from _member(site, own, entry)
    if since is not None and paging.found.page == 1:
        for state in site.catalogue.withdrawn(Kind.DATASET, since):
            yield from _tombstone(site, own, state)


def _catalogue(site: Site, own: ox.NamedNode, *, whole: bool) -> Iterator[ox.Triple]:
    """Yield what DCAT-AP asks of a catalogue: title, description, publisher (DCAT-AP 3.0.1, Catalogue)."""
    publisher = ox.NamedNode(site.address("/about") + "#publisher")
    title = site.settings.title
    text = (
        "Descriptions of genomic and health datasets, harvested from national nodes and given as they were delivered."
    )
    yield ox.Triple(own, _TYPE, ox.NamedNode(DCAT.Catalog))
    yield ox.Triple(own, ox.NamedNode(DCT.title), ox.Literal(title, language="en"))
    yield ox.Triple(own, ox.NamedNode(DCT.description), ox.Literal(text, language="en"))
    yield ox.Triple(own, ox.NamedNode(DCT.publisher), publisher)
    if site.settings.licence:
        yield ox.Triple(own, ox.NamedNode(DCT.license), ox.NamedNode(site.settings.licence))
    yield ox.Triple(own, ox.NamedNode(FOAF.homepage), ox.NamedNode(site.settings.base_url + "/"))
    yield ox.Triple(own, ox.NamedNode(DCATAP.applicableLegislation), ox.NamedNode(EHDS))
    yield ox.Triple(own, ox.NamedNode(DCAT.themeTaxonomy), ox.NamedNode(EU["data-theme"]))
    yield ox.Triple(own, ox.NamedNode(DCT.spatial), ox.NamedNode(EU["continent/EUROPE"]))
    for iri in filter(None, map(language_iri, site.settings.languages)):
        yield ox.Triple(own, ox.NamedNode(DCT.language), ox.NamedNode(iri))
    yield ox.Triple(publisher, _TYPE, ox.NamedNode(FOAF.Agent))
    yield ox.Triple(publisher, ox.NamedNode(FOAF.name), ox.Literal(title, language="en"))
    if whole:
        for source in site.catalogue.sources():
            node = ox.NamedNode(site.address(f"/node/{source.name}"))
            yield ox.Triple(own, ox.NamedNode(DCT.source), node)


def _hydra(paging: Paging) -> Iterator[ox.Triple]:
    """Yield the controls: PartialCollectionView as Hydra has it now, PagedCollection as older harvesters read it."""
    found = paging.found
    collection, view = ox.NamedNode(paging.base), ox.NamedNode(paging.address(found.page))
    total = ox.Literal(str(found.total), datatype=ox.NamedNode(XSD.integer))
    first, last = paging.address(1), paging.address(found.pages)
    steps = {HYDRA.first: first, HYDRA.last: last, HYDRA.firstPage: first, HYDRA.lastPage: last}
    if found.page > 1:
        steps |= dict.fromkeys((HYDRA.previous, HYDRA.previousPage), paging.address(found.page - 1))
    if found.page < found.pages:
        steps |= dict.fromkeys((HYDRA.next, HYDRA.nextPage), paging.address(found.page + 1))
    yield ox.Triple(collection, _TYPE, ox.NamedNode(HYDRA.Collection))
    yield ox.Triple(collection, ox.NamedNode(HYDRA.totalItems), total)
    yield ox.Triple(collection, ox.NamedNode(HYDRA.view), view)
    for kind in (HYDRA.PartialCollectionView, HYDRA.PagedCollection):
        yield ox.Triple(view, _TYPE, ox.NamedNode(kind))
    yield ox.Triple(view, ox.NamedNode(HYDRA.totalItems), total)
    size = ox.Literal(str(found.size), datatype=ox.NamedNode(XSD.integer))
    yield ox.Triple(view, ox.NamedNode(HYDRA.itemsPerPage), size)
    for name, address in steps.items():
        yield ox.Triple(view, ox.NamedNode(name), ox.NamedNode(address))


def _member(site: Site, own: ox.NamedNode, entry: Entry) -> Iterator[ox.Triple]:
    subject = node_of(entry.state.subject)
    named = site.catalogue.page(entry.state) if isinstance(subject, ox.BlankNode) else subject
    yield ox.Triple(own, ox.NamedNode(DCAT.dataset), named)
    for triple in site.catalogue.published(entry):
        yield apart(triple, entry.state.id)
        if triple.predicate == _TYPE and triple.object == ox.NamedNode(DCAT.CatalogRecord):
            yield ox.Triple(own, ox.NamedNode(DCAT.record), triple.subject)


def apart(triple: ox.Triple, record: str) -> ox.Triple:
    """Give blank nodes labels that no other record has; they begin with a letter, as RDF/XML asks."""
    subject, value = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode):
        subject = ox.BlankNode(f"r{record}-{subject.value}")
    if isinstance(value, ox.BlankNode):
        value = ox.BlankNode(f"r{record}-{value.value}")
    return ox.Triple(subject, triple.predicate, value)


def _tombstone(site: Site, own: ox.NamedNode, state: State) -> Iterator[ox.Triple]:
    """Yield the record of a withdrawn dataset; the dataset itself is no dcat:dataset of ours any more."""
    record = ox.NamedNode(f"{site.address('/record/')}{state.id}#record")
    yield ox.Triple(own, ox.NamedNode(DCAT.record), record)
    yield ox.Triple(record, _TYPE, ox.NamedNode(DCAT.CatalogRecord))
    yield ox.Triple(record, ox.NamedNode(ADMS.status), ox.NamedNode(_WITHDRAWN))
    moment = ox.Literal(state.time.isoformat(), datatype=ox.NamedNode(XSD.dateTime))
    yield ox.Triple(record, ox.NamedNode(DCT.modified), moment)
    topic = node_of(state.subject)
    named = site.catalogue.page(state) if isinstance(topic, ox.BlankNode) else topic
    yield ox.Triple(record, ox.NamedNode(FOAF.primaryTopic), named)
