"""A few datasets of three countries that a basket can be filled from, without a catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from turtle_records import NODE, dataset, entry

from catalogue.access.basket import Basket, fill
from catalogue.access.reading import Reading
from catalogue.dac.committee import Committee
from catalogue.dac.registry import Registry
from catalogue.dac.resolve import resolve
from catalogue.entry import Entry
from catalogue.journal.state import Status
from shapes.errors import Missing
from shapes.record import Kind

AUTHORITY = "http://publications.europa.eu/resource/authority"
DECIDES = "prov:qualifiedAttribution [ prov:agent :dac-{0} ; dcat:hadRole gdix:DataAccessCommittee ]"
BODY = ':dac-{0} foaf:name "Committee of {0}"@en ; foaf:mbox <mailto:dac@{0}.example> .'


def rights(code: str) -> str:
    return f"dct:accessRights <{AUTHORITY}/access-right/{code}>"


class Shelf:
    """Records by identifier; `put` adds one written as Turtle."""

    def __init__(self, *committees: Committee) -> None:
        self.registry = Registry(committees)
        self.entries: dict[str, Entry] = {}
        self.readings: dict[str, Reading] = {}

    def put(
        self,
        key: str,
        *statements: str,
        country: str = "FI",
        access: str = "NON_PUBLIC",
        committee: str | None = None,
        more: str = "",
    ) -> Shelf:
        said = [f'dct:title "Dataset {key}"@en ; dct:identifier "{key.upper()}"', rights(access), *statements]
        if committee:
            said.append(DECIDES.format(committee))
            more += BODY.format(committee)
        read = dataset(" ; ".join(said), more)
        source = replace(NODE, name=f"node-{country.lower()}", country=country, title=f"Node {country}")
        made = entry(read, source)
        access_links = resolve(read, source, self.registry)
        self.entries[key] = replace(made, state=replace(made.state, id=key), access=access_links)
        return self

    def change(self, key: str, **state: Status | Kind) -> None:
        self.entries[key] = replace(self.entries[key], state=replace(self.entries[key].state, **state))

    def resolve(self, text: str) -> str | None:
        return text if text in self.entries else None

    def entry(self, record: str) -> Entry:
        if self.entries[record].state.status is Status.HELD:
            raise Missing("held")
        return self.entries[record]

    def basket(self, *keys: str, reading: Callable[[str], Reading | None] | None = None) -> Basket:
        return fill(self, keys or tuple(self.entries), reading or self.readings.get)


def request_at(address: str) -> str:
    return f"dcat:distribution [ a dcat:Distribution ; dcat:accessURL <{address}> ]"


def names(basket: Basket) -> list[tuple[str, ...]]:
    """The datasets of every group."""
    return [tuple(line.entry.state.id for line in group.lines) for group in basket.groups]


def policy(*codes: str) -> str:
    terms: Iterable[str] = (f"<http://purl.obolibrary.org/obo/{code.replace(':', '_')}>" for code in codes)
    return f"gdix:duo {', '.join(terms)}"
