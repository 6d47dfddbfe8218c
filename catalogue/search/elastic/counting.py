"""Counting facets: what is asked of the server, and its answers as tallies.

A list of values comes whole, so that counts are exact however many shards there are. One that is too long for that is
counted in parts, each a share of the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from catalogue.facets import INDEXED, Facet
from catalogue.search.elastic.asking import overlapping
from catalogue.search.elastic.mapping import Json
from catalogue.search.fields import ABSENT, facet_field
from catalogue.search.tally import Tally

# A server gives 65,535 values in one answer, of all facets together.
MOST_VALUES: Final = 5_000  # of a facet that is counted together with others
MOST_OF_PART: Final = 30_000  # of a facet that is counted in parts
FIRST_PARTS: Final = 2
MORE_PARTS: Final = 4  # times as many where a part is too long still


def counting(facets: Iterable[Facet], chosen: Mapping[str, Sequence[str]]) -> Json:
    """Return the aggregations that count facets. `chosen` ranges that are no steps are counted too."""
    asked: Json = {ABSENT: {"terms": {"field": ABSENT, "size": len(INDEXED)}}}
    for facet in facets:
        asked[facet_field(facet.name)] = _values(facet, MOST_VALUES)
        ranges = chosen.get(facet.name, ()) if facet.ranged else ()
        if ranges:
            filters = [overlapping(facet, value) for value in ranges]
            asked[_ranges(facet)] = {"filters": {"filters": filters}}
    return asked


def tally(facet: Facet, answer: Json, chosen: Sequence[str]) -> Tally | None:
    """Read what was counted of a facet; None where its list did not fit."""
    counted = answer[facet_field(facet.name)]
    if counted["sum_other_doc_count"]:
        return None
    counts = _counts(counted)
    if facet.ranged and chosen:
        for value, found in zip(chosen, answer[_ranges(facet)]["buckets"], strict=True):
            counts.setdefault(value, found["doc_count"])
    return Tally(counts, missing(facet, answer))


def missing(facet: Facet, answer: Json) -> int:
    """Return how many of what was counted state nothing of a facet."""
    return _counts(answer[ABSENT]).get(facet.name, 0)


def parts_of(facet: Facet, parts: int) -> list[Json]:
    """Return the aggregations that count a long facet, one for each part of its values."""
    return [
        {facet_field(facet.name): _values(facet, MOST_OF_PART, include={"partition": part, "num_partitions": parts})}
        for part in range(parts)
    ]


def joined_parts(facet: Facet, answers: Iterable[Json]) -> dict[str, int] | None:
    """Read a facet that was counted in parts; None where a part did not fit."""
    counts: dict[str, int] = {}
    for answer in answers:
        counted = answer[facet_field(facet.name)]
        if counted["sum_other_doc_count"]:
            return None
        counts |= _counts(counted)
    return counts


def _values(facet: Facet, most: int, **more: Json) -> Json:
    return {"terms": {"field": facet_field(facet.name), "size": most, "shard_size": most, **more}}


def _ranges(facet: Facet) -> str:
    return f"ranges_{facet.name}"


def _counts(answer: Json) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]}
