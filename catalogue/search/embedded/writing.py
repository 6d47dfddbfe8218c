"""Writing a generation: documents, labels, commit, progress; in that order, so that a crash anywhere is harmless."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

import tantivy

from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable
from catalogue.search.analysis import Analyzer
from catalogue.search.document import Label, document_of, searchable
from catalogue.search.embedded.engine import engine
from catalogue.search.embedded.folder import Generation, Progress
from catalogue.search.embedded.frequent import Frequent
from catalogue.search.embedded.labels import Labels
from catalogue.search.embedded.rows import Rows, is_stale, kept_fields, next_row
from catalogue.search.embedded.schema import ID, to_tantivy
from catalogue.search.embedded.spelling import add_words, has_words, save_words, words_of
from catalogue.search.embedded.writers import Writers

_log: Final = logging.getLogger(__name__)
_MEMORY: Final = 40 * 1024 * 1024  # bytes of documents kept before they are written out
# Where the whole index is made. tantivy merges eight parts of a size: with this, 100,000 datasets end in three parts or
# so, and every search goes through each.
_MEMORY_AT_ONCE: Final = 128 * 1024 * 1024
# Beyond so many states the parts are larger, so that a million datasets are merged once only: merged twice, they have
# four gigabytes of files mapped at a time.
_VERY_MANY: Final = 500_000
_MEMORY_FOR_VERY_MANY: Final = 192 * 1024 * 1024
_SAID: Final = 50_000  # tokens of a change that are gathered for the words beside
_LABELS: Final = 20_000  # labels kept before they are written out


def write_generation(
    generation: Generation,
    entries: Iterable[Entry],
    analyzer: Analyzer,
    progress: Progress,
    writers: Writers,
    *,
    fresh: bool,
) -> None:
    """Apply entries to a generation and record the progress. With `fresh` it is known to be empty.

    An entry takes the place of what the index has of its record; one that is not listed takes that out. Durable on
    return; when anything is raised, nothing has changed. Raises `StoreLocked`, `SearchUnavailable`.
    """
    labels = Labels(generation.labels)
    try:
        with writers.writing(generation, _memory(progress.cursor) if fresh else _MEMORY) as writer:
            first = 0 if fresh else _next_row(generation)
            said: set[str] = set()
            rows = _write(writer, labels, entries, analyzer, first, said)
            with engine(generation.path):
                writer.commit()
            generation.record(replace(progress, rows=rows))
        if fresh:
            writers.close()  # whoever makes an index wants it whole
        if is_stale(generation.rows, rows) or _lacks_some(generation):
            _save_rows(generation, rows)
        else:
            _add_words(generation, first, rows, said)
    finally:
        labels.close()


def _memory(states: int) -> int:
    """Bytes for the writer of an index that is made anew from so many states."""
    return _MEMORY_FOR_VERY_MANY if states > _VERY_MANY else _MEMORY_AT_ONCE


def _write(
    writer: tantivy.IndexWriter,
    labels: Labels,
    entries: Iterable[Entry],
    analyzer: Analyzer,
    row: int,
    said: set[str],
) -> int:
    """Write the entries from a row on, 0 in an empty index. Returns the row after the last one.

    `said` gets the tokens of the first documents; where there are many, later ones are of no use to anybody.

    A record that cannot be made a document is left out of an index made anew, so that it does not stop the others: the
    log says so, and `doctor` shows it.
    """
    pending: dict[tuple[str, str], Label] = {}
    seen: set[str] = set()
    fresh = row == 0
    for entry in entries:
        record = entry.state.id
        if not fresh or record in seen:
            with engine():
                writer.delete_documents_by_term(ID, record)
        seen.add(record)
        if not searchable(entry.state) or entry.dataset is None:
            continue
        try:
            document = document_of(entry, analyzer)
            written = to_tantivy(document, row)
        except Exception:
            if not fresh:
                raise  # whoever applies it finds out which one it is, and leaves it out
            _log.exception("the search index cannot take the record %s", record)
            continue
        row += 1
        with engine():
            writer.add_document(written)
        if len(said) < _SAID:
            said.update(*(line.split() for line in document.tokens.lines))
        pending.update(((label.facet, label.value), label) for label in document.labels)
        if len(pending) > _LABELS:
            labels.write(pending.values())
            pending.clear()
    labels.write(pending.values())
    return row


def _next_row(generation: Generation) -> int:
    """Return a row that no document had. A writer that was killed may have written more than the progress says."""
    with engine(generation.path):
        written = next_row(tantivy.Index.open(str(generation.path)).searcher())
    return max(generation.progress().rows, written)


def _lacks_some(generation: Generation) -> bool:
    """Whether an earlier version of this program left only the rows of values."""
    return generation.rows.exists() and not (generation.frequent.exists() and has_words(generation.path))


def _add_words(generation: Generation, first: int, rows: int, said: Collection[str]) -> None:
    """Spare the readers of a small change the look through all tokens for words with typing errors."""
    if len(said) >= _SAID:
        return
    try:
        with engine(generation.path):
            add_words(generation.path, first, rows, sorted(words_of(said)))
    except SearchUnavailable as error:
        _log.warning("the words of a change to the search index were not kept: %s", error)


def _save_rows(generation: Generation, following: int) -> None:
    """Spare the readers the work of finding out which rows have which values. Without it they only need longer."""
    rows = Rows(generation.rows)
    try:
        with engine(generation.path):
            index = tantivy.Index.open(str(generation.path))
            searcher = index.searcher()
            upto = next_row(searcher)
            for field in kept_fields():
                rows.of(field, searcher, index.schema, upto)
            rows.save(generation.rows)
            Frequent(generation.frequent).save(generation.frequent, searcher, index.schema, upto)
            save_words(generation.path, searcher, following)
    except SearchUnavailable as error:
        _log.warning("the rows of the search index were not kept: %s", error)
