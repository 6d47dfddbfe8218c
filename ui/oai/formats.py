"""The formats a record can be had in: DCAT-AP in RDF/XML, and Dublin Core, which every repository has (section 4.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from catalogue.dataset import Concept, Dataset
from catalogue.entry import Entry
from shapes.errors import Inexpressible
from shapes.media import RDFXML
from shapes.serialise import serialise
from shapes.vocabulary import GENID, RDF
from ui.oai.asking import Refused
from ui.oai.xml import element, tag
from ui.present import Presenter
from ui.sanitise import plain
from ui.site import Site

_DC: Final = "http://purl.org/dc/elements/1.1/"
_OAI_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_RDF_SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/rdf.xsd"


@dataclass(frozen=True, slots=True)
class Format:
    """A metadata format: its prefix, the addresses that describe it, and what writes a record in it as XML.

    `write` returns None for a record that cannot be had in the format.
    """

    prefix: str
    schema: str
    namespace: str
    write: Callable[[Site, Entry], str | None]


def format_named(prefix: str) -> Format:
    """Return a format by its prefix. Raises `Refused`."""
    if prefix not in FORMATS:
        raise Refused("cannotDisseminateFormat", f"There is no format {prefix!r}; there are {', '.join(FORMATS)}.")
    return FORMATS[prefix]


def _dcat_ap(site: Site, entry: Entry) -> str | None:
    """Write what the catalogue publishes of a record as RDF/XML. None for a graph that RDF/XML cannot hold."""
    try:
        document = serialise(site.catalogue.published(entry), RDFXML).decode()
    except Inexpressible:
        return None
    return document[document.index("?>") + 2 :].strip() if document.startswith("<?xml") else document


def _dublin_core(site: Site, entry: Entry) -> str | None:
    dataset = entry.dataset
    if dataset is None:  # a service: its title is for those who read DCAT
        return None
    said = "".join(element(f"dc:{name}", text) for name, text in _fifteen(site, entry, dataset) if text)
    return tag(
        "oai_dc:dc", said, **{"xmlns:oai_dc": _OAI_DC, "xmlns:dc": _DC, "xmlns:xsi": _XSI,
        "xsi:schemaLocation": f"{_OAI_DC} {_SCHEMA}"},
    )  # fmt: skip


def _fifteen(site: Site, entry: Entry, dataset: Dataset) -> Iterator[tuple[str, str | None]]:
    """Yield what Dublin Core has a place for, as the node stated it, in the languages of the site."""
    show = Presenter(site.settings.languages)

    def labels(*concepts: Concept | None) -> Iterator[str | None]:
        yield from (show.label(concept) for concept in concepts if concept is not None)

    yield from (("title", plain(text.value)) for text in dataset.titles)
    yield from (("creator", show.name(agent)) for agent in dataset.creators)
    words = dict.fromkeys(plain(word.value) for word in dataset.keywords)
    yield from (("subject", word) for word in (*words, *labels(*dataset.themes, *dataset.health_categories)))
    yield from (("description", plain(text.value)) for text in dataset.descriptions)
    yield "publisher", show.name(dataset.publisher) if dataset.publisher else None
    yield "date", dataset.modified or dataset.issued
    yield "type", "Dataset"
    page = str(site.catalogue.page(entry.state).value)
    nameless = entry.state.subject.startswith("_:") or GENID in entry.state.subject
    named = () if nameless else (entry.state.subject,)
    yield from (("identifier", text) for text in dict.fromkeys((page, *named, *dataset.identifiers)))
    yield from (("language", text) for text in labels(*dataset.languages))
    yield from (("coverage", show.label(place.concept) or show.words(place.names)) for place in dataset.places)
    yield from (("rights", text) for text in labels(dataset.access_rights, dataset.licence))


FORMATS: Final = MappingProxyType(
    {
        each.prefix: each
        for each in (
            Format("dcat_ap", _RDF_SCHEMA, RDF.base, _dcat_ap),
            Format("oai_dc", _SCHEMA, _OAI_DC, _dublin_core),
        )
    }
)
