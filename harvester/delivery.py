"""What one run delivered: every record once, however many pages it stood on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from harvester.changes import Problem
from harvester.compare import Key, KnownIndex, lasting
from harvester.known import KnownRecord
from harvester.shelf import Shelf, Slot
from shapes.cut import merge
from shapes.errors import Fault
from shapes.record import Kind, Record, Refusal
from shapes.vocabulary import DCAT

_LISTS: Final = frozenset({f"<{DCAT.dataset}>", f"<{DCAT.service}>"})


@dataclass(frozen=True, slots=True)
class Item:
    """One record of the delivery, and where its body lies: in several parts until they are put together.

    No slot: it is the same as a listed known record, and its body was not kept. Or it is `told`: what it changes was
    said already.
    """

    key: Key
    slots: tuple[Slot, ...]
    told: bool = False


class Delivery:
    """Gathers the records and refusals of a run. `came_again`: how many datasets came once more, the same as before."""

    def __init__(self, index: KnownIndex, shelf: Shelf) -> None:
        self._index = index
        self._shelf = shelf
        self._items: dict[tuple[Kind, str], Item] = {}
        self.refusals: list[Refusal] = []
        self.came_again = 0

    def __len__(self) -> int:
        return len(self._items) + len(self.refusals)

    @property
    def items(self) -> Sequence[Item]:
        """Every record, in the order delivered."""
        return tuple(self._items.values())

    @property
    def substantial(self) -> bool:
        """Whether anything but catalogues came."""
        kinds = [kind for kind, _ in self._items] + [refusal.kind for refusal in self.refusals]
        return any(kind is not Kind.CATALOGUE for kind in kinds)

    @property
    def nothing(self) -> str:
        """Say that nothing but catalogues came."""
        number = len(self._items)
        only = f", only {number} catalogue{'s' if number > 1 else ''}" if number else ""
        return f"No dataset, series or service was found{only}: what is known of this source stays as it is."

    def is_new(self, record: Record) -> bool:
        """Whether a record that is to be added is new, as it is, whatever may still come.

        So is the first whole dataset of its name, where nothing is known of the source: no identifier leads anywhere.
        """
        first = record.kind is Kind.DATASET and record.complete and not self._index.records
        return first and _name_of(Key.of(record)) not in self._items

    def add(self, found: Record | Refusal | Key, *, told: bool = False) -> Problem | None:
        """Take in what was cut from a page; return what is wrong with it in the light of what came before.

        A key alone is that of a dataset known as it is. `told`: what this record changes is said at once.

        A dataset that comes twice is kept as it came first, or as it came whole. Catalogues, series and services stand
        on several pages with a part of their members on each: `put_together` makes them one.
        """
        if isinstance(found, Refusal):
            self.refusals.append(found)
            return None
        record, key = (None, found) if isinstance(found, Key) else (found, Key.of(found))
        name = _name_of(key)
        before = self._items.get(name)
        if before is None:
            self._items[name] = Item(key, (), told=True) if told else self._item(record, key)
            return None
        alike = key.digest in {before.key.digest, *(slot.key.digest for slot in before.slots)}
        if key.kind is not Kind.DATASET:
            if record is not None and not alike:
                part = self._shelf.put(record)
                self._items[name] = Item(before.key, (*before.slots, part))
            return None
        if key.complete and not before.key.complete:
            self._items[name] = self._item(record, key)
        if alike:
            self.came_again += 1
            return None
        detail = "This record came more than once in this run, with different content; only one of them was kept."
        return Problem("repeated-record", detail, record=key.subject)

    def stand(self, known: KnownRecord) -> None:
        """Take in a known record that was not fetched: its source says that nothing of it changed."""
        name = (known.kind, known.subject)
        if name not in self._items:
            key = Key(known.kind, known.subject, known.identifiers, known.digest, complete=known.complete)
            self._items[name] = Item(key, ())

    def _item(self, record: Record | None, key: Key) -> Item:
        """Keep the body, unless it is a dataset known as it is; of anything else, parts may still follow."""
        if record is None:
            return Item(key, ())
        if key.kind is Kind.DATASET and self._index.same(key) is not None:
            return Item(key, ())
        return Item(key, (self._shelf.put(record),))

    def put_together(self, *, whole: bool) -> None:
        """Merge what came in parts. What cannot be merged becomes a refusal.

        `whole`: every page was read. If not, a part may be missing of whatever can stand on several pages.
        """
        for name, item in tuple(self._items.items()):
            if item.key.kind is Kind.DATASET:
                continue
            try:
                slot = self._merged(item.slots)
            except Fault as error:
                del self._items[name]
                self.refusals.append(Refusal(item.key.kind, item.key.subject, error.code, error.detail))
                continue
            key = replace(slot.key, complete=slot.key.complete and whole)
            self._items[name] = Item(key, (replace(slot, key=key),))

    def _merged(self, slots: Sequence[Slot]) -> Slot:
        return slots[0] if len(slots) == 1 else self._shelf.put(merge([self._shelf.get(slot) for slot in slots]))

    def only_listed(self) -> Iterator[tuple[str, str]]:
        """Yield the IRIs that a delivered catalogue lists as datasets or services and nothing describes, with its own.

        To be asked once everything is put together.
        """
        told = {subject for _, subject in self._items} | {refusal.subject for refusal in self.refusals}
        for item in self.items:
            if item.key.kind is not Kind.CATALOGUE:
                continue
            for statement in self._shelf.get(item.slots[0]).body.decode().splitlines():
                _, predicate, value = statement.split(" ", 2)
                member = value[1:-3]  # between "<" and "> ."
                if predicate in _LISTS and value[0] == "<" and member not in told:
                    told.add(member)
                    yield item.key.subject, member

    def unidentified(self, seen: set[str]) -> Refusal | None:
        """Return a refused resource that may be one of the listed known records that did not come, if there is one.

        `seen`: the ids of the known records that came. Where both have a lasting IRI, the IRI would have told.
        """
        missing = [k for k in self._index.records if k.listed and k.id not in seen]
        for refusal in self.refusals:
            for known in missing:
                if known.kind is refusal.kind and not (lasting(known.subject) and lasting(refusal.subject)):
                    return refusal
        return None


def _name_of(key: Key) -> tuple[Kind, str]:
    """Return what tells a record from the others of a delivery.

    Two blank nodes may bear one label on two pages: without an IRI, the content says which record it is.
    """
    return key.kind, key.digest if key.subject.startswith("_:") else key.subject
