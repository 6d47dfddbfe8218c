"""Entries made of read models, for tests of search: what matters is what is searched, not how it was harvested."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from catalogue.dac.committee import Access, Committee, DacLink, Decider, DeciderStatus, Method, Role
from catalogue.dataset import Agent, Concept, Dataset, Period
from catalogue.entry import Entry
from catalogue.journal.state import State, Status
from catalogue.text import Text
from harvester.source import Source
from shapes.record import Kind
from shapes.vocabulary import EU

NODE = Source("be-node", "https://node.example/", title="The Belgian node", country="BE")
FRENCH_NODE = Source("fr-node", "https://noeud.example/", title="Le nœud français", country="FR")
_NOW = datetime(2026, 1, 31, tzinfo=UTC)


def text(value: str | Text | tuple[str, str]) -> Text:
    """A literal: plain, or a value with its language."""
    return value if isinstance(value, Text) else Text(value) if isinstance(value, str) else Text(*value)


def concept(path: str) -> Concept:
    """A concept of an EU list (`data-theme/HEAL`), as a record delivers it."""
    return Concept(EU.base + path, (), known=True)


def publisher(name: str, iri: str | None = None) -> Agent:
    """A publisher by name."""
    return Agent(iri or f"key-{name.lower().replace(' ', '-')}", iri, (Text(name, "en"),))


def period(start: str | None, end: str | None) -> Period:
    """A period of time."""
    return Period(start, end)


def dac(key: str, *names: tuple[str, str]) -> DacLink:
    """A committee that decides, as the node named it."""
    committee = Committee(key, tuple(Text(*name) for name in names))
    return DacLink(committee, Role.DECIDES, Method.ATTRIBUTION, "prov:qualifiedAttribution")


def listed(
    key: str,
    title: str | Text | tuple[str, str] = "A dataset",
    description: str | Text | tuple[str, str] = "",
    *,
    source: Source = NODE,
    bodies: tuple[DacLink, ...] = (),
    status: Status = Status.LISTED,
    kind: Kind = Kind.DATASET,
    seq: int = 1,
    **stated: Any,
) -> Entry:
    """The entry of a record; `stated` are further fields of its dataset."""
    dataset = Dataset(
        id=key,
        iri=f"https://node.example/dataset/{key}",
        titles=stated.pop("titles", (text(title),)),
        descriptions=stated.pop("descriptions", (text(description),) if description else ()),
        **stated,
    )
    state = State(
        seq=seq,
        id=key,
        source=source.name,
        kind=kind,
        subject=dataset.iri,
        identifiers=dataset.identifiers,
        digest=hashlib.sha256(repr(dataset).encode()).hexdigest(),
        status=status,
        run=1,
        time=_NOW,
        issued=_NOW,
        complete=True,
        verdict=None,
        body=b"",
    )
    decider = (
        Decider(DeciderStatus.PUBLISHED, Method.ATTRIBUTION, "prov:qualifiedAttribution")
        if bodies
        else Decider(DeciderStatus.NONE, Method.NONE, "The node publishes no deciding body.")
    )
    return Entry(state, source, dataset, Access(bodies, decider))
