"""What a dataset's page says at a glance: who decides, how to ask, under which conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from catalogue.dac.committee import DacLink, Decider, Method, Role
from catalogue.dataset import Concept, Contact, Dataset, DataUse, Texts
from catalogue.entry import Entry
from catalogue.text import Text
from catalogue.use.concepts import disease_iri
from catalogue.use.doubts import doubts
from catalogue.use.terms import shorthands
from ui.duo import plain
from ui.sanitise import safe_address

_CHAIN: Final = (Role.RECOMMENDS, Role.MAY_VETO)
_MOST_WAYS: Final = 4


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask for the data: an address, what it is, where we have it from, and what the node calls it."""

    address: str
    label: str
    note: str
    titles: Texts = ()


@dataclass(frozen=True, slots=True)
class Named:
    """What restricts a condition: a disease, a region, a time. `address` is where its concept is described."""

    key: str
    labels: Texts = ()
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of use in plain words, the term that states it, and what it is restricted to."""

    code: str
    words: str
    permission: bool
    iri: str
    shorthand: str = ""
    restricted: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Glance:
    """The answers people come for. `deciders` decide, `chain` recommends or may veto, `contacts` answer first.

    `licences` are those of open data: what may be done with them is said there, not in a policy.
    """

    decider: Decider
    deciders: tuple[DacLink, ...]
    chain: tuple[DacLink, ...]
    bodies: tuple[DacLink, ...]
    contacts: tuple[Contact, ...]
    ways: tuple[Way, ...]
    conditions: tuple[Condition, ...]
    rights: tuple[Text, ...]
    doubts: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    licences: tuple[Concept, ...] = ()


def glance(entry: Entry, dataset: Dataset) -> Glance:
    """Put together what the first screen of a dataset says."""
    links = entry.access.links
    deciders = tuple(link for link in links if link.role is Role.DECIDES)
    ways: dict[str, Way] = {}
    for way in _ways(links, dataset):
        ways.setdefault(way.address, way)
    return Glance(
        decider=entry.access.decider,
        deciders=deciders,
        chain=tuple(link for link in links if link.role in _CHAIN),
        bodies=tuple(link for link in links if link.role is Role.HDAB),
        contacts=dataset.contacts,
        ways=tuple(ways.values())[:_MOST_WAYS],
        conditions=conditions(dataset),
        rights=dataset.rights,
        doubts=doubts(dataset),
        conflicts=entry.access.conflicts,
        licences=tuple(_licences(dataset)) if entry.access.decider.method is Method.OPEN_DATA else (),
    )


def _licences(dataset: Dataset) -> Iterable[Concept]:
    """The licences of a dataset and its distributions, each once."""
    stated = (dataset.licence, *(each.licence for each in dataset.distributions))
    return {licence.iri: licence for licence in stated if licence is not None}.values()


def conditions(dataset: Dataset) -> tuple[Condition, ...]:
    """The conditions of every policy, main permissions first, each once."""
    return conditions_of(use for policy in dataset.policies for use in policy.data_uses)


def conditions_of(uses: Iterable[DataUse]) -> tuple[Condition, ...]:
    """DUO terms as conditions in plain words; a term we have no words for keeps its label."""
    found: dict[str, list[DataUse]] = {}
    for use in uses:
        found.setdefault(use.code, []).append(use)
    ordered = sorted(found.values(), key=lambda same: same[0].modifier)
    return tuple(_condition(same) for same in ordered)


def _condition(same: Sequence[DataUse]) -> Condition:
    """One term, with what any policy restricts it to."""
    use, restrictions = same[0], dict.fromkeys(each for use in same for each in use.restrictions)
    named = tuple(Named(each.key, each.labels, _address(each.key)) for each in restrictions)
    words = plain(use.code) or use.label
    return Condition(use.code, words, not use.modifier, use.iri, shorthands(use.code)[0], named)


def _address(key: str) -> str | None:
    """Where a disease is described; places and times need none."""
    address = disease_iri(key)
    return address if address != key or safe_address(key) else None


def _ways(links: Iterable[DacLink], dataset: Dataset) -> Iterator[Way]:
    """Where to ask, best first: the committee's own application page, the dataset's access pages, contact pages."""
    deciding = [link.committee for link in links if link.role is Role.DECIDES]
    for committee in deciding:
        if safe_address(committee.apply_url):
            yield Way(str(committee.apply_url), "Apply", "the committee’s application page")
    # A distribution behind a service (a Beacon) answers questions; one without is where the data are got or asked for.
    for distribution in sorted(dataset.distributions, key=lambda each: bool(each.services)):
        for address in distribution.access_urls:
            if safe_address(address):
                yield Way(address, "Access page", "named by a distribution", distribution.titles)
    for committee in deciding:
        if safe_address(committee.contact_page):
            yield Way(str(committee.contact_page), "Ask the committee", "the committee’s contact page")
    for address in dataset.landing_pages:
        if safe_address(address):
            yield Way(address, "Landing page", "the node’s page of the dataset")
