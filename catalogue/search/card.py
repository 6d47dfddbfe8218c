"""The card: what an index keeps of a dataset to show it as a hit, in every language, without asking anyone else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, TypeAlias

from catalogue.dataset import Texts
from catalogue.entry import Entry
from catalogue.facets.terms import token
from catalogue.search.query import Hit, HitCommittee, Matched
from catalogue.text import Text, pick
from catalogue.use.conditions import conditions_of, signature

SHORT: Final = 600  # characters of a description on a hit
Written: TypeAlias = tuple[str, str | None]  # a text and its language tag, as JSON holds them: nothing is made of them
_NEAR: Final = 80  # how far a cut goes back to the end of a word


@dataclass(frozen=True, slots=True)
class Body:
    """A body linked to the dataset."""

    id: str
    names: Texts
    role: str
    method: str


@dataclass(frozen=True, slots=True)
class Card:
    """One dataset as hits show it.

    `descriptions` are shortened; `access_rights` is the facet's value; `conditions` is the signature of its conditions.
    """

    iri: str
    titles: Texts
    descriptions: Texts
    publisher: Texts
    country: str | None
    access_rights: str | None
    bodies: tuple[Body, ...]
    decider: Mapping[str, str]
    source: str
    individuals: int | None
    records: int | None
    modified: str | None
    synthetic: bool
    stage: str | None
    conditions: str

    def hit(self, record: str, languages: Sequence[str], score: float, matched: tuple[Matched, ...]) -> Hit:
        """Return the hit for a reader of these languages."""
        title = pick(self.titles, languages)
        return Hit(
            id=record,
            iri=self.iri,
            title=title.value if title else self.iri,
            description=_value(pick(self.descriptions, languages)) or "",
            publisher=_value(pick(self.publisher, languages)),
            country=self.country,
            access_rights=self.access_rights,
            dac=tuple(
                HitCommittee(body.id, _value(pick(body.names, languages)) or body.id, body.role, body.method)
                for body in self.bodies
            ),
            decider=self.decider,
            source=self.source,
            score=score,
            matched=matched,
            individuals=self.individuals,
            records=self.records,
            modified=self.modified,
            synthetic=self.synthetic,
            stage=self.stage,
            title_language=title.language if title else None,
            machine_translated=title is not None and title.machine,
            conditions=self.conditions,
        )


_as_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_FIELDS: Final = tuple(field.name for field in fields(Card))
_TEXTS: Final = ("titles", "descriptions", "publisher")


def card_of(entry: Entry) -> Card:
    """Make the card of a dataset's entry."""
    dataset = entry.dataset
    if dataset is None:
        raise ValueError(f"{entry.state.id} has no read model: only datasets have a card")
    publisher, rights, decider = dataset.publisher, dataset.access_rights, entry.access.decider
    return Card(
        iri=dataset.iri,
        titles=dataset.titles,
        descriptions=tuple(Text(shortened(t.value), t.language) for t in dataset.descriptions),
        publisher=(publisher.names or (Text(publisher.key),)) if publisher else (),
        country=entry.source.country,
        access_rights=token(rights.iri) if rights else None,
        bodies=tuple(
            Body(link.committee.id, link.committee.names, link.role.value, link.method.value)
            for link in entry.access.links
        ),
        decider={"status": decider.status.value, "method": decider.method.value, "evidence": decider.evidence},
        source=entry.source.name,
        individuals=dataset.individuals,
        records=dataset.records,
        modified=dataset.modified,
        synthetic=dataset.synthetic,
        stage=entry.source.stage.value,
        conditions=signature(conditions_of(dataset)),
    )


def shortened(text: str) -> str:
    """Return at most `SHORT` characters of a text, cut at the end of a word where one is near."""
    if len(text) <= SHORT:
        return text
    cut = text[: SHORT - 1]
    space = cut.rfind(" ", SHORT - _NEAR)
    return f"{cut[:space] if space > 0 else cut}\u2026"


def dump_card(card: Card) -> str:
    """Write a card as JSON."""
    values = {name: getattr(card, name) for name in _FIELDS}
    for name in _TEXTS:
        values[name] = _rows(values[name])
    values["bodies"] = [{"id": b.id, "names": _rows(b.names), "role": b.role, "method": b.method} for b in card.bodies]
    return _as_json(values)


def load_card(text: str) -> Card:
    """Read a card `dump_card` has written."""
    values: dict[str, Any] = json.loads(text)
    for name in _TEXTS:
        values[name] = _texts(values[name])
    bodies = (Body(b["id"], _texts(b["names"]), b["role"], b["method"]) for b in values["bodies"])
    return Card(**(values | {"bodies": tuple(bodies)}))


def dump_excerpts(texts: Mapping[str, Texts]) -> str:
    """Write the texts excerpts are taken from, by field, as JSON."""
    plain = {name: [[text.value, text.language] for text in some] for name, some in texts.items()}
    return _as_json(plain)


def load_excerpts(text: str) -> Mapping[str, Sequence[Written]]:
    """Read what `dump_excerpts` has written: by field, texts with their language tags."""
    found: Mapping[str, Sequence[Written]] = json.loads(text)
    return found


def _texts(rows: Sequence[Mapping[str, Any]]) -> Texts:
    return tuple(Text(row["value"], row["language"]) for row in rows)


def _rows(texts: Texts) -> list[dict[str, str | None]]:
    return [{"value": text.value, "language": text.language} for text in texts]


def _value(text: Text | None) -> str | None:
    return text.value if text else None
