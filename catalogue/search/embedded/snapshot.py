"""One version of the index, open for reading: hits, totals and counts. It never changes; a commit makes another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, repeat
from typing import Any, Final

import tantivy
from pyroaring import BitMap

from catalogue.facets import INDEXED, Facet, Sort
from catalogue.search.analysis import Analyzer
from catalogue.search.answer import Found
from catalogue.search.clauses import Clause, Clauses, Word
from catalogue.search.embedded.asking import Asker
from catalogue.search.embedded.blocks import rows_by_blocks
from catalogue.search.embedded.engine import engine
from catalogue.search.embedded.frequent import Frequent
from catalogue.search.embedded.labels import Labels
from catalogue.search.embedded.ordering import Ordered, Ordering, Window
from catalogue.search.embedded.rows import Rows, Values, hits_by_row, next_row, rows_in
from catalogue.search.embedded.schema import BETWEEN, ID, IDENTITY
from catalogue.search.embedded.spelling import Spelling
from catalogue.search.fields import ABSENT, CARD, EXCERPTS, LANGUAGE, facet_field
from catalogue.search.forms import Form, Run
from catalogue.search.query import FacetCounts
from catalogue.search.tally import Names, Tally

_LANGUAGES: Final = 64  # readers' preferences for which the counts of the whole index are kept as shown
_SINGLY: Final = 20_000  # hits that are handed over one by one
_TEXTS: Final = 256  # texts and frequent words whose rows are kept: at most a bit for every row each


@dataclass(frozen=True, slots=True)
class Left:
    """What a writer may have left beside the engine's files, without which answers take longer."""

    frequent: Frequent
    spelling: Spelling


class Snapshot:
    """A searcher with what is computed once for it. Safe to share between threads."""

    def __init__(self, index: tantivy.Index, labels: Labels, analyzer: Analyzer, rows: Rows, left: Left) -> None:
        self._searcher = index.searcher()
        self._schema = index.schema
        self._ordering = Ordering(self._searcher, self._schema)
        self._rows = rows
        self._frequent = left.frequent
        self._spelling = left.spelling
        self._analyzer = analyzer
        self._shown: dict[Hashable, tuple[FacetCounts, ...]] = {}
        self._worded: dict[Clauses, BitMap] = {}
        self.names = Names(labels.read)

    @cached_property
    def asker(self) -> Asker:
        """Makes queries for this version: it knows the languages that are in it, or were in one of its rows."""
        return Asker(self._schema, sorted(self.values(LANGUAGE)), self._analyzer, self._near)

    def _near(self, word: str, distance: int) -> Sequence[str] | None:
        with engine():
            return self._spelling.near(word, distance, self._upto)

    @cached_property
    def rows(self) -> BitMap:
        """Every row that has a document."""
        return BitMap(range(self._upto)) if self._upto == len(self) else self.matching(tantivy.Query.all_query())

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Every facet counted over the whole index, once: the home page, and every search without words."""
        return self._tallies(INDEXED, self.rows)

    @cached_property
    def _upto(self) -> int:
        with engine():
            return next_row(self._searcher)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def count(self, query: tantivy.Query | None) -> int:
        """Return how many datasets match; None is everything."""
        if query is None:
            return len(self)
        with engine():
            counted: Any = self._searcher.search(query, limit=1)  # its type information leaves `count` out
            return int(counted.count)

    def remembered(self, asked: Hashable, count: Callable[[], tuple[FacetCounts, ...]]) -> tuple[FacetCounts, ...]:
        """Return the counts of the whole index as they were shown before, or make and remember them."""
        shown = self._shown.get(asked)
        if shown is None:
            if len(self._shown) >= _LANGUAGES:
                self._shown.clear()
            shown = self._shown[asked] = count()
        return shown

    def values(self, field: str) -> Values:
        """Return the rows of the values of a field; among them may be rows whose document is gone."""
        with engine():
            return self._rows.of(field, self._searcher, self._schema, self._upto)

    def matching(self, query: tantivy.Query, *, many: bool = False) -> BitMap:
        """Return the rows of what matches: few by themselves, many by blocks. With `many` it is known which."""
        with engine():
            if not many:
                found: Any = hits_by_row(self._searcher, query, _SINGLY)
                if found.count <= _SINGLY:
                    return rows_in(found)
            return rows_by_blocks(self._searcher, self._schema, query, self._upto)

    def worded(self, clauses: Clauses) -> BitMap:
        """Return the rows of what matches some words; next pages, other orders and choices of facets ask them again."""
        rows = self._worded.get(clauses)
        if rows is None:
            rows = self._matched(clauses)
            if len(self._worded) >= _TEXTS:
                self._worded.clear()
            self._worded[clauses] = rows
        return rows

    def _matched(self, clauses: Clauses) -> BitMap:
        """The rows of what matches some words. Those of frequent words are kept: other questions have them too."""
        text = self.asker.text(clauses)
        if text is None:
            return self.rows
        words = () if clauses.excluded else clauses.required
        if len(words) == 1:
            kept = self._kept(words[0])
            return self.matching(text, many=self._is_frequent(words[0])) if kept is None else kept
        frequent = [word for word in words if self._is_kept(word) or self._is_frequent(word)]
        if not frequent:
            return self.matching(text)
        others = tuple(word for word in words if word not in frequent)
        alone = [Clauses((word,)) for word in frequent] + ([Clauses(others)] if others else [])
        return BitMap.intersection(*map(self.worded, alone))

    def _kept(self, clause: Clause) -> BitMap | None:
        """The rows of what matches a clause, most of which are kept in a file; None where none of them are."""
        forms = {form: self._rows_of(form) for form in self.asker.forms(clause)}
        kept = [rows for rows in forms.values() if rows is not None]
        if not kept:
            return None
        others = [form for form, rows in forms.items() if rows is None]
        if others:
            kept.append(self.matching(self.asker.any_form(others)))
        return BitMap.union(*kept) & self.rows

    def _is_kept(self, clause: Clause) -> bool:
        """Whether rows of a clause are kept in a file."""
        return any(_single(form) in self._frequent for form in self.asker.forms(clause))

    def _rows_of(self, form: Form) -> BitMap | None:
        """The rows of a single frequent token."""
        with engine():
            return self._frequent.rows(_single(form), self._searcher, self._schema, self._upto)

    def _is_frequent(self, clause: Clause) -> bool:
        """Whether many datasets match a clause, where that can be told sooner than which."""
        if isinstance(clause, Word) and clause.prefix:
            return self.count(self.asker.clause(clause)) > _SINGLY
        with engine():
            return self.asker.at_least(clause, self._searcher) > _SINGLY

    def tally(self, facets: Sequence[Facet], rows: BitMap | None) -> Mapping[str, Tally]:
        """Count facets over some rows; None is everything, which is counted once only."""
        return self.tallies if rows is None else self._tallies(facets, rows)

    def ranked(self, query: tantivy.Query, window: Window) -> list[Ordered]:
        """Return hits by score."""
        with engine():
            return self._ordering.by_score(query, window)

    def ordered(self, query: tantivy.Query, sort: Sort, window: Window) -> list[Ordered]:
        """Return hits in one of the orders that have a key, those without one last."""
        with engine():
            return self._ordering.by_key(query, sort, window)

    def kept(self, hits: Sequence[Ordered]) -> list[Found]:
        """Return what the index keeps of hits."""
        with engine():
            return [self._found(hit) for hit in hits]

    def digests(self) -> Mapping[str, str]:
        """Return identifier and digest of everything."""
        with engine():
            identities = self._searcher.terms_with_prefix(IDENTITY, "", tantivy.Query.all_query())
        pairs = (identity.rpartition(BETWEEN) for identity, _ in identities)
        return {record: digest for record, _, digest in pairs}

    def _found(self, hit: Ordered) -> Found:
        stored = self._searcher.doc(hit.address).to_dict()
        score = hit.value if isinstance(hit.value, float) else 0.0
        card, excerpts = bytes(stored[CARD][0]), bytes(stored[EXCERPTS][0])
        return Found(str(stored[ID][0]), score, hit.value, hit.key, card.decode(), excerpts.decode())

    def _tallies(self, facets: Sequence[Facet], rows: BitMap) -> dict[str, Tally]:
        absent = self.values(ABSENT)
        lists = {facet.name: self.values(facet_field(facet.name)) for facet in facets}
        common = _common(rows, self._rows.upto)
        return {
            name: Tally(_counted(values, common), next(common([absent[name]])) if name in absent else 0)
            for name, values in lists.items()
        }


def _single(form: Form) -> str:
    """The token of a form that is one; of others nothing."""
    return form.tokens[0] if isinstance(form, Run) and len(form.tokens) == 1 else ""


def _common(rows: BitMap, upto: int) -> Callable[[Iterable[BitMap]], Iterator[int]]:
    """Return what tells how many rows sets have in common with some.

    Looking a row up in many is quicker than looking for equal ones in two lists: where the others are more, they are
    what rows are looked up in.
    """
    if 2 * len(rows) > upto:
        return lambda sets: map(BitMap.intersection_cardinality, sets, repeat(rows))
    others = BitMap(range(upto)) - rows
    return lambda sets: map(BitMap.difference_cardinality, sets, repeat(others))


def _counted(values: Values, common: Callable[[Iterable[BitMap]], Iterator[int]]) -> dict[str, int]:
    """How many of the rows each value has; values without any are left out."""
    counts = list(common(values.values()))
    return dict(zip(compress(values, counts), filter(None, counts), strict=True))
