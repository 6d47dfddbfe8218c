"""A basket as a Research Object Crate: a zip with `ro-crate-metadata.json` (RO-Crate 1.1) and the basket's files.

What the specification asks is done by hand: a metadata descriptor that conforms to the version and is about the root,
a root that is a Dataset with name, description, datePublished and licence, every file a part of the root, and every
entity that is referred to described once. Contexts are named, not fetched.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from catalogue.access.basket import Basket, Body, Group, Line, Task
from catalogue.access.handover import called, links
from catalogue.countries import country_iri
from catalogue.dac.identity import name_of
from catalogue.dataset import Dataset
from catalogue.labels import country_labels
from catalogue.pack.basket_graph import Named
from catalogue.text import pick
from shapes.vocabulary import EU

Entity: TypeAlias = dict[str, Any]

CONTEXT: Final = "https://w3id.org/ro/crate/1.1/context"
VERSION: Final = "https://w3id.org/ro/crate/1.1"
METADATA: Final = "ro-crate-metadata.json"
_LICENCE: Final = EU["licence/CC0"]
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold: the same basket gives the same bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file of the crate: its bytes, media type, and what it is."""

    body: bytes
    media_type: str
    name: str


def crate(basket: Basket, named: Named, files: Mapping[str, File]) -> bytes:
    """Return the zip. `files` are laid beside the metadata, by name."""
    metadata = json.dumps(describe(basket, named, files), ensure_ascii=False, indent=2).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in ((METADATA, metadata), *((name, file.body) for name, file in files.items())):
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), body, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def describe(basket: Basket, named: Named, files: Mapping[str, File]) -> Entity:
    """Return the metadata document: one flat `@graph`, each entity once."""
    found: dict[str, Entity] = {}
    for entity in _entities(basket, named, files):
        found.setdefault(entity["@id"], {key: value for key, value in entity.items() if value not in (None, "", [])})
    return {"@context": CONTEXT, "@graph": list(found.values())}


def _entities(basket: Basket, named: Named, files: Mapping[str, File]) -> Iterator[Entity]:
    yield {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": _to(VERSION),
        "about": _to("./"),
    }
    actions = [f"#application-{number}" for number, _ in _applications(basket)]
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Datasets to apply for, from {named.title}",
        "description": _description(basket),
        "datePublished": named.day.isoformat(),
        "license": _to(_LICENCE),
        "isBasedOn": _to(named.address),
        "publisher": _to(named.layout.base),
        "hasPart": [_to(iri) for iri in (*files, *(_iri(line, named) for line in basket.lines))],
        "mentions": [_to(iri) for iri in actions],
    }
    yield {"@id": _LICENCE, "@type": "CreativeWork", "name": "CC0 1.0", "description": "The metadata, not the data."}
    yield {"@id": named.layout.base, "@type": "Organization", "name": named.title, "url": named.layout.base}
    yield {"@id": named.address, "@type": "WebPage", "name": "The basket in the catalogue"}
    for name, file in files.items():
        yield {
            "@id": name,
            "@type": "File",
            "name": file.name,
            "encodingFormat": file.media_type,
            "contentSize": str(len(file.body)),
        }
    for line in basket.lines:
        yield from _dataset(line, named)
    for number, group in _applications(basket):
        yield from _application(number, group, named)


def _description(basket: Basket) -> str:
    countries = ", ".join(_country(code) for code in basket.countries)
    applications = len(list(_applications(basket)))
    return f"{len(basket.lines)} datasets of {countries or 'no stated country'}; applications to make: {applications}."


def _applications(basket: Basket) -> Iterator[tuple[int, Group]]:
    """The groups something is asked for, by their number in the basket."""
    for number, group in enumerate(basket.groups, 1):
        if group.task is not Task.DOWNLOAD:
            yield number, group


def _dataset(line: Line, named: Named) -> Iterator[Entity]:
    dataset, source = line.dataset, line.entry.source
    page = named.layout.page(line.entry.state.kind, line.entry.state.id)
    node = named.layout.node(source.name)
    described = pick(dataset.descriptions, ("en",))
    hdab = f"{page}#hdab" if dataset.hdab else None
    yield {
        "@id": _iri(line, named),
        "@type": "Dataset",
        "name": called(line),
        "description": described.value if described else None,
        "identifier": [*dataset.identifiers, *dataset.other_identifiers],
        "url": page,
        "includedInDataCatalog": _to(node),
        "spatialCoverage": _to(f"#country-{source.country}") if source.country else None,
        "temporalCoverage": [f"{p.start or '..'}/{p.end or '..'}" for p in dataset.periods if p.start or p.end],
        "conditionsOfAccess": line.entry.access.decider.evidence,
        "maintainer": _to(hdab) if hdab else None,
        "distribution": [_to(f"{page}#distribution-{n}") for n, _ in enumerate(dataset.distributions, 1)],
    }
    yield {"@id": node, "@type": "DataCatalog", "name": source.title or source.name, "url": node}
    if source.country:
        iri = country_iri(source.country)
        yield {
            "@id": f"#country-{source.country}", "@type": "Country", "name": _country(source.country), "sameAs": iri,
        }  # fmt: skip
    if dataset.hdab is not None:
        name = name_of(dataset.hdab.names, dataset.hdab.iri or dataset.hdab.key)
        yield {"@id": hdab, "@type": "Organization", "name": name, "description": "Health Data Access Body"}
    yield from _distributions(dataset, page)


def _distributions(dataset: Dataset, page: str) -> Iterator[Entity]:
    for number, each in enumerate(dataset.distributions, 1):
        title = pick(each.titles, ("en",))
        yield {
            "@id": f"{page}#distribution-{number}",
            "@type": "DataDownload",
            "name": title.value if title else f"Distribution {number}",
            "identifier": each.iri,
            "encodingFormat": each.media_type or (each.format.code if each.format else None),
            "url": next(iter(each.access_urls), None),
        }


def _application(number: int, group: Group, named: Named) -> Iterator[Entity]:
    """What is to be done, as an action that has not begun (schema:PotentialActionStatus)."""
    steps = links(group, named.title)
    yield {
        "@id": f"#application-{number}",
        "@type": "Action",
        "name": f"Application {number}",
        "description": _task(group),
        "actionStatus": _to("http://schema.org/PotentialActionStatus"),
        "object": [_to(_iri(line, named)) for line in group.lines],
        "participant": [_to(named.layout.committee(body.committee.id)) for body in group.bodies],
        "target": [step.address for step in steps],
    }
    yield {"@id": "http://schema.org/PotentialActionStatus", "@type": "ActionStatusType", "name": "Not begun"}
    for body in group.bodies:
        yield _body(body, named)


def _task(group: Group) -> str:
    if group.task is Task.ASK_NODE:
        return "No deciding body, or no way to apply, is published; ask the node."
    named = f" at {group.system}" if group.system else ""
    workflow = f", workflow {group.workflow}" if group.workflow else ""
    return f"Apply ({group.kind.value if group.kind else 'by contact'}{named}{workflow})."


def _body(body: Body, named: Named) -> Entity:
    committee = body.committee
    return {
        "@id": named.layout.committee(committee.id),
        "@type": "Organization",
        "name": name_of(committee.names, committee.id),
        "description": f"How it is known that it decides: {body.status.value}.",
        "email": committee.email,
        "url": committee.contact_page or committee.homepage,
        "identifier": list(committee.identifiers),
    }


def _iri(line: Line, named: Named) -> str:
    """The dataset's own IRI where it has one a crate can name, else its page of ours."""
    subject = line.entry.state.subject
    named_here = subject.startswith(("http://", "https://", "urn:"))
    return subject if named_here else named.layout.page(line.entry.state.kind, line.entry.state.id)


def _country(code: str) -> str:
    text = pick(country_labels(code), ("en",))
    return text.value if text else code


def _to(iri: str) -> Entity:
    return {"@id": iri}
