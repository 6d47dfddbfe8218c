"""The indices' fields, made from the tables, and an index document written into them.

Nothing is analysed by the server: it splits our tokens at white space and keeps the rest as it is. `_source` keeps only
what is handed back, so an index is never updated in part, always written whole.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from catalogue.facets import INDEXED, SORTS
from catalogue.search.document import RANKS, IndexDocument, layout
from catalogue.search.elastic.naming import OWNER
from catalogue.search.elastic.place import Place
from catalogue.search.fields import ABSENT, CARD, EXCERPTS, KEY, LANGUAGE, TEXT, facet_field, rank_field, sort_field
from catalogue.search.steps import bounds

Json: TypeAlias = dict[str, Any]

DIGEST: Final = "digest"
LABEL: Final = "label"
PROGRESS: Final = "progress"

MOST_HITS: Final = 2**31 - 1  # as many as an index can hold: a page by number may be any
_RULES: Final = 1  # to be raised when the same document is written otherwise


def span_field(name: str) -> str:
    """The field of a ranged facet's spans."""
    return f"s_{name}"


def elastic_layout() -> str:
    """Return a digest of all that decides what stands in an index. Another one means: make the index anew."""
    return f"{layout()}.{_RULES}"


def dataset_index(place: Place) -> Json:
    """Return the body that creates an index of datasets: not replicated and not safe on disk until it is complete."""
    return {
        "settings": {
            "number_of_shards": place.shards,
            "number_of_replicas": 0,
            "refresh_interval": "-1",  # what is written is seen when `apply` is done, not before
            "max_result_window": MOST_HITS,
            "translog.durability": "async",
        },
        "mappings": {
            "_meta": {OWNER: place.prefix},
            "dynamic": "strict",
            "_source": {"includes": [CARD, EXCERPTS]},
            "properties": _fields(),
        },
    }


def label_index(place: Place) -> Json:
    """Return the body that creates an index of labels and progress."""
    unread = {"type": "object", "enabled": False}
    return {
        "settings": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"},
        "mappings": {
            "_meta": {OWNER: place.prefix},
            "dynamic": "strict",
            "properties": {LABEL: unread, PROGRESS: unread},
        },
    }


def complete(place: Place) -> Json:
    """Return the settings of an index that is complete: as many copies as there are other nodes, and safe on disk."""
    return {
        "auto_expand_replicas": f"0-{place.replicas}" if place.replicas else False,
        "translog.durability": "request",
    }


def _fields() -> Json:
    counted = {"type": "keyword", "eager_global_ordinals": True}
    kept = {"type": "text", "index": False, "norms": False}
    fields: Json = {
        TEXT: {"type": "text", "analyzer": "whitespace", "index_options": "positions", "norms": False},
        KEY: {"type": "long"},
        DIGEST: {"type": "keyword", "index": False},
        ABSENT: counted,
        LANGUAGE: {"type": "keyword"},
        CARD: kept,
        EXCERPTS: kept,
    }
    for rank in RANKS:
        ranked = {"type": "text", "analyzer": "whitespace", "index_options": "freqs", "copy_to": TEXT}
        fields[rank_field(rank)] = ranked
    for facet in INDEXED:
        fields[facet_field(facet.name)] = counted
        if facet.ranged:
            fields[span_field(facet.name)] = {"type": "long_range", "doc_values": False}
    for sort in SORTS:
        if sort.key is not None:
            kind = "keyword" if sort.text else "long"
            fields[sort_field(sort.name)] = {"type": kind, "index": False}
    return fields


def to_source(document: IndexDocument) -> Json:
    """Write an index document as the index takes it. The tokens of all ranks together are those of the document."""
    source: Json = {
        KEY: document.key,
        DIGEST: document.digest,
        ABSENT: document.absent,
        LANGUAGE: sorted(document.tokens.languages),
        CARD: document.card,
        EXCERPTS: document.excerpts,
    }
    source |= {rank_field(rank): tokens.lines for rank, tokens in document.ranked.items() if tokens.lines}
    source |= {facet_field(name): values for name, values in document.values.items() if values}
    source |= {sort_field(name): key for name, key in document.sorts.items()}
    for name, spans in document.spans.items():
        if spans:
            ends = (bounds(span) for span in spans)
            source[span_field(name)] = [{"gte": low, "lte": high} for low, high in ends]
    return source
