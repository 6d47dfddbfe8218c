"""Writing a generation: documents, labels, commit, progress; in that order, so that a crash anywhere is harmless."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import tantivy

from catalogue.entry import Entry
from catalogue.search.analysis import Analyzer
from catalogue.search.document import Label, document_of, searchable
from catalogue.search.embedded.engine import engine
from catalogue.search.embedded.folder import Generation, Progress
from catalogue.search.embedded.labels import Labels
from catalogue.search.embedded.schema import ID, make_schema, to_tantivy

_MEMORY: Final = 64 * 1024 * 1024  # bytes of documents kept before they are written out
_LABELS: Final = 20_000  # labels kept before they are written out


def write_generation(
    generation: Generation, entries: Iterable[Entry], analyzer: Analyzer, progress: Progress, *, fresh: bool
) -> None:
    """Apply entries to a generation and record the progress. With `fresh` it is known to be empty.

    An entry takes the place of what the index has of its record; one that is not listed takes that out. Durable on
    return; when anything is raised, nothing has changed. Raises `StoreLocked`, `SearchUnavailable`.
    """
    labels = Labels(generation.labels)
    try:
        with _writer(generation) as writer:
            _write(writer, labels, entries, analyzer, fresh=fresh)
            with engine(generation.path):
                writer.commit()
        generation.record(progress)
    finally:
        labels.close()


def _write(
    writer: tantivy.IndexWriter, labels: Labels, entries: Iterable[Entry], analyzer: Analyzer, *, fresh: bool
) -> None:
    pending: dict[tuple[str, str], Label] = {}
    seen: set[str] = set()
    for entry in entries:
        record = entry.state.id
        if not fresh or record in seen:
            with engine():
                writer.delete_documents_by_term(ID, record)
        seen.add(record)
        if not searchable(entry.state) or entry.dataset is None:
            continue
        document = document_of(entry, analyzer)
        written = to_tantivy(document)
        with engine():
            writer.add_document(written)
        pending.update(((label.facet, label.value), label) for label in document.labels)
        if len(pending) > _LABELS:
            labels.write(pending.values())
            pending.clear()
    labels.write(pending.values())


@contextmanager
def _writer(generation: Generation) -> Iterator[tantivy.IndexWriter]:
    """Open the writer for a block. What the block did not commit is undone; the lock is given back in any case."""
    with engine(generation.path):
        writer = tantivy.Index(make_schema(), path=str(generation.path)).writer(_MEMORY, 1)
    try:
        yield writer
    except BaseException:
        with engine(generation.path):
            writer.rollback()
        raise
    finally:
        with engine(generation.path):
            writer.wait_merging_threads()
