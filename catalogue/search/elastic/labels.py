"""Labels of facet values: documents of a generation's own index, written before the datasets that use them.

Only labels that are new or changed are written. One left behind by a dataset that went away does no harm; a rebuild
starts anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from catalogue.search.document import Label
from catalogue.search.elastic.bulk import Action, written
from catalogue.search.elastic.mapping import LABEL, Json
from catalogue.search.elastic.naming import Generation
from catalogue.search.elastic.server import Server
from catalogue.text import Text

Named: TypeAlias = tuple[str, str]  # facet and value

_AT_ONCE: Final = 1_000  # labels read in one request
_REMEMBERED: Final = 100_000  # labels


class Labels:
    """The labels of one generation, as they are now. It remembers; safe to share between threads."""

    def __init__(self, server: Server, generation: Generation | None) -> None:
        self._server = server
        self._generation = generation
        self._known: dict[Named, Label | None] = {}

    def learn(self, named: Iterable[Named]) -> Mapping[Named, Label | None]:
        """Return the labels of some values; those that are not known yet are read all at once."""
        wanted = tuple(dict.fromkeys(named))
        known = {each: self._known[each] for each in wanted if each in self._known}
        unknown = [each for each in wanted if each not in known]
        for first in range(0, len(unknown), _AT_ONCE):
            some = unknown[first : first + _AT_ONCE]
            known |= dict(zip(some, self._read(some), strict=True))
        self._remember({each: known[each] for each in unknown})
        return known

    def read(self, facet: str, values: Sequence[str]) -> Mapping[str, Label]:
        """Return what is known of some values of a facet."""
        known = self.learn((facet, value) for value in values)
        return {value: label for (_, value), label in known.items() if label is not None}

    def changed(self, labels: Iterable[Label]) -> list[Label]:
        """Return those of some labels that the index does not hold so; the last one given for a value counts.

        They are taken for written from then on.
        """
        wanted = {(label.facet, label.value): label for label in labels}
        known = self.learn(wanted)
        changed = {named: label for named, label in wanted.items() if known[named] != label}
        self._remember(changed)
        return list(changed.values())

    def _remember(self, labels: Mapping[Named, Label | None]) -> None:
        if len(self._known) + len(labels) > _REMEMBERED:
            self._known = {}
        self._known.update(labels)

    def _read(self, named: Sequence[Named]) -> Iterator[Label | None]:
        if self._generation is None:
            yield from (None for _ in named)
            return
        records = [_record(*each) for each in named]
        found = self._server.many(self._generation.labels, records)
        for (facet, value), record in zip(named, records, strict=True):
            yield _label(facet, value, found[record][LABEL]) if record in found else None


def to_write(label: Label, generation: Generation) -> Action:
    """Return the action that writes a label."""
    document = {
        LABEL: {
            "facet": label.facet,
            "value": label.value,
            "texts": [[text.value, text.language] for text in label.texts],
            "parents": label.parents,
        }
    }
    what = f"the label of {label.facet} {label.value}"
    return written(generation.labels, _record(label.facet, label.value), document, what=what)


def _label(facet: str, value: str, held: Json) -> Label:
    texts = tuple(Text(said, language) for said, language in held["texts"])
    return Label(facet, value, texts, tuple(held["parents"]))


def _record(facet: str, value: str) -> str:
    """The identifier of a label's document: of bounded length, whatever the value."""
    return f"{facet}:{hashlib.sha256(value.encode(errors='surrogatepass')).hexdigest()}"
