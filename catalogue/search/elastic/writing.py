"""Writing a generation: labels, datasets, progress; in that order, so that a crash anywhere is harmless."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from catalogue.entry import Entry
from catalogue.search.analysis import Analyzer
from catalogue.search.document import IndexDocument, document_of, searchable
from catalogue.search.elastic.bulk import Action, Bulk, deleted, written
from catalogue.search.elastic.generations import Generations, Progress, Standing
from catalogue.search.elastic.labels import Labels, to_write
from catalogue.search.elastic.mapping import to_source
from catalogue.search.elastic.naming import Generation
from catalogue.search.elastic.server import Server
from shapes.errors import CannotWork

_log = logging.getLogger(__name__)
_AT_ONCE = 500  # documents in memory at once
_FEW = 100  # documents of a rebuild whose labels are looked at together


class Writer:
    """Writes generations. What the server refuses of a single record is logged; `doctor` shows the record."""

    def __init__(self, server: Server, generations: Generations, analyzer: Analyzer, bulk: Bulk) -> None:
        self._server = server
        self._generations = generations
        self._analyzer = analyzer
        self._bulk = bulk

    def apply(self, standing: Standing, entries: Iterable[Entry], upto: int) -> None:
        """Bring the generation in use up to date, some entries at a time.

        A later state that is there already stays, whoever wrote it. What cannot be made a document is raised; what was
        sent before it does no harm when it is sent again.
        """
        generation, progress = standing.generation, standing.progress
        languages, renamed, sent = set(progress.languages), False, False
        remaining = iter(entries)
        while some := list(islice(remaining, _AT_ONCE)):
            sent = True
            last = {entry.state.id: entry for entry in some}
            documents = {record: self._document(entry) for record, entry in last.items()}
            made = [document for document in documents.values() if document is not None]
            datasets = [_action(last[record], document, generation) for record, document in documents.items()]
            changed = Labels(self._server, generation).changed(label for document in made for label in document.labels)
            self._bulk.send([*(to_write(label, generation) for label in changed), *datasets])
            languages.update(*(document.tokens.languages for document in made))
            renamed = renamed or bool(changed)
        if sent:
            self._server.refresh([generation.datasets])
        naming = progress.naming + renamed
        progress = replace(progress, cursor=upto, languages=tuple(sorted(languages)), naming=naming)
        self._generations.record(generation, progress)

    def fill(self, generation: Generation, entries: Iterable[Entry], progress: Progress) -> None:
        """Write a generation that nobody reads yet, then its progress. A record that cannot be made is left out."""
        languages: set[str] = set()
        self._bulk.send(self._actions(generation, entries, languages))
        self._generations.record(generation, replace(progress, languages=tuple(sorted(languages))))

    def _actions(self, generation: Generation, entries: Iterable[Entry], languages: set[str]) -> Iterator[Action]:
        """Yield what is to be written, and note the languages of the stems."""
        labels = Labels(self._server, None)
        for entry in entries:
            try:
                document = self._document(entry)
                actions = [] if document is None else [_action(entry, document, generation)]
                actions += [
                    to_write(label, generation) for label in labels.changed(document.labels if document else ())
                ]
            except CannotWork:
                raise
            except Exception:  # noqa: BLE001 - it is in the log, `doctor` shows it, and the other records go on
                _log.exception("the search index cannot take the record %s", entry.state.id)
                continue
            if document is not None:
                languages |= document.tokens.languages
            yield from actions

    def _document(self, entry: Entry) -> IndexDocument | None:
        if not searchable(entry.state) or entry.dataset is None:
            return None
        return document_of(entry, self._analyzer)


def _action(entry: Entry, document: IndexDocument | None, generation: Generation) -> Action:
    state, what = entry.state, f"the record {entry.state.id}"
    if document is None:
        return deleted(generation.datasets, state.id, what=what, version=state.seq)
    return written(generation.datasets, state.id, to_source(document), what=what, version=state.seq)
