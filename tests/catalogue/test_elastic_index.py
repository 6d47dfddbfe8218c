"""What only an engine on a server can get wrong: generations, other writers, names in use, lists of any length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from search_engines import elastic_place
from search_entries import listed

from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable
from catalogue.journal.state import Status
from catalogue.search.analysis import STEMMERS
from catalogue.search.elastic import ElasticIndex, Place, counting, question
from catalogue.search.parsing import make_query
from catalogue.search.query import FacetCounts
from catalogue.text import Text
from shapes.errors import BadQuery

pytestmark = pytest.mark.service


@pytest.fixture
def place() -> Iterator[Place]:
    with elastic_place() as place:
        yield place


@pytest.fixture
def client(place: Place) -> Iterator[Elasticsearch]:
    """The bare server, to look and to do harm."""
    with Elasticsearch(list(place.hosts), request_timeout=60.0) as client:
        yield client


@pytest.fixture
def index(place: Place) -> Iterator[ElasticIndex]:
    index = ElasticIndex(place, pause=lambda _: None)
    yield index
    index.close()


@pytest.fixture
def other(place: Place) -> Iterator[ElasticIndex]:
    """The same index as another process has it open."""
    other = ElasticIndex(place)
    yield other
    other.close()


def entries(*words: str) -> list[Entry]:
    return [listed(f"d{number}", f"About {word}", seq=number + 1) for number, word in enumerate(words)]


def total(index: ElasticIndex, text: str = "") -> int:
    return index.search(make_query(text)).total


def names(client: Elasticsearch, place: Place) -> dict[str, list[str]]:
    """Every index of the prefix with its aliases, the prefix left out."""
    there: dict[str, Any] = dict(client.indices.get_alias(index=f"{place.prefix}*"))
    cut = len(place.prefix)
    return {name[cut:]: sorted(alias[cut:] for alias in told["aliases"]) for name, told in there.items()}


def keywords(index: ElasticIndex, *chosen: tuple[str, str]) -> FacetCounts:
    page = index.search(make_query("about", chosen))
    return next(counts for counts in page.facets if counts.name == "keyword")


def test_generations_follow_each_other_and_leave_nothing(
    index: ElasticIndex, place: Place, client: Elasticsearch
) -> None:
    for number in (1, 2):
        index.rebuild(entries("genomes"), number, "s")
        assert names(client, place) == {
            f"-g{number}": ["", f"-g{number}-write"],
            f"-g{number}-labels": [f"-g{number}-labels-write", "-labels"],
        }


def test_what_a_killed_rebuild_left_is_removed_by_the_next(
    index: ElasticIndex, place: Place, client: Elasticsearch
) -> None:
    index.rebuild(entries("genomes"), 1, "s")
    index._generations.begin()  # and then the process was killed
    assert set(names(client, place)) == {"-g1", "-g1-labels", "-g2", "-g2-labels"}
    assert total(index) == 1
    index.rebuild(entries("genomes", "proteins"), 2, "s")
    assert set(names(client, place)) == {"-g3", "-g3-labels"}


def test_what_another_process_applies_is_seen_at_once(index: ElasticIndex, other: ElasticIndex) -> None:
    index.rebuild(entries("genomes"), 1, "s")
    assert (total(other), total(other, "studies")) == (1, 0)
    index.apply([listed("fr", titles=(Text("Études", "fr"),), seq=5)], 5)  # a language that was not there before
    assert (total(other), total(other, "étude"), other.cursor()) == (2, 1, 5)
    index.rebuild(entries("proteins", "genes", "cells"), 6, "t")
    assert (total(other), total(other, "proteins"), other.stamp()) == (3, 1, "t")
    index.apply([listed("d0", status=Status.WITHDRAWN, seq=7)], 7)
    assert (total(other), other.count(), len(other.digests())) == (2, 2, 2)


def test_a_new_name_of_a_value_is_seen_by_another_process(index: ElasticIndex, other: ElasticIndex) -> None:
    index.rebuild(entries("genomes"), 1, "s")
    assert [v.label for v in other.values(make_query(), "node").values] == ["The Belgian node"]
    (entry,) = entries("genomes")
    index.apply([replace(entry, source=replace(entry.source, title="Belgium"))], 2)
    assert [v.label for v in other.values(make_query(), "node").values] == ["Belgium"]
    assert [v.label for v in other.facets() if v.name == "node"] == ["Node"]


def test_an_older_state_that_comes_late_does_not_replace_a_newer_one(index: ElasticIndex, other: ElasticIndex) -> None:
    index.rebuild(entries("genomes"), 1, "s")
    index.apply([listed("d0", "Newer", seq=9), listed("gone", status=Status.WITHDRAWN, seq=10)], 10)
    other.apply([listed("d0", "Older", seq=5), listed("gone", "Gone", seq=6)], 6)
    assert (total(index, "newer"), total(index, "older"), index.count()) == (1, 0, 1)


def test_two_catalogues_on_one_cluster_do_not_see_each_other(place: Place, index: ElasticIndex) -> None:
    neighbour = ElasticIndex(replace(place, prefix=f"{place.prefix}-2"))
    index.rebuild(entries("genomes"), 1, "s")
    assert (neighbour.count(), neighbour.cursor()) == (0, 0)
    neighbour.rebuild(entries("proteins", "genes"), 2, "t")
    index.rebuild(entries("genomes"), 3, "s")
    assert (index.count(), neighbour.count(), neighbour.stamp()) == (1, 2, "t")
    neighbour.close()


@pytest.mark.parametrize("taken", ["", "-labels"])
@pytest.mark.parametrize("by", ["index", "alias"])
def test_what_somebody_else_calls_so_is_left_alone(
    index: ElasticIndex, place: Place, client: Elasticsearch, taken: str, by: str
) -> None:
    name = f"{place.prefix}{taken}"
    library = name if by == "index" else f"{place.prefix}.library"
    client.indices.create(index=library, aliases={} if by == "index" else {name: {}})
    client.index(index=library, document={"book": "Mendel"}, refresh=True)
    said = f"The name {place.prefix} is in use on the search server for something else ({library}), which is left alone"
    with pytest.raises(SearchUnavailable) as caught:
        index.rebuild(entries("genomes"), 1, "s")
    assert caught.value.detail.startswith(said)
    assert client.count(index=library)["count"] == 1
    assert [n for n in names(client, place) if "-g1" in n] == []


def test_an_index_of_that_name_that_is_not_ours_is_not_swept_away(
    index: ElasticIndex, place: Place, client: Elasticsearch
) -> None:
    client.indices.create(index=f"{place.prefix}-g7")
    index.rebuild(entries("genomes"), 1, "s")
    index.rebuild(entries("genomes"), 2, "s")
    assert set(names(client, place)) == {"-g7", "-g9", "-g9-labels"}


def test_an_index_that_somebody_deletes_is_missed_and_not_made_by_writing(
    index: ElasticIndex, other: ElasticIndex, place: Place, client: Elasticsearch
) -> None:
    index.rebuild(entries("genomes"), 1, "s")
    assert (total(index), total(other)) == (1, 1)
    client.indices.delete(index=f"{place.prefix}-g1")
    with pytest.raises(SearchUnavailable, match="is not whole on the server: make it anew with reindex --index"):
        index.apply(entries("proteins"), 2)
    with pytest.raises(SearchUnavailable, match="is not whole on the server"):
        total(other)
    client.indices.delete(index=f"{place.prefix}-g1-labels")
    with pytest.raises(SearchUnavailable, match="is no longer on the server; make it anew: reindex --index"):
        total(other)
    assert names(client, place) == {}
    assert (index.cursor(), index.stamp()) == (0, "")  # so that the projector makes it anew
    index.rebuild(entries("genomes"), 3, "s")
    assert (total(index), total(other)) == (1, 1)


def test_a_read_only_index_is_told_and_catches_up_when_it_is_free(
    index: ElasticIndex, place: Place, client: Elasticsearch
) -> None:
    index.rebuild(entries("genomes"), 1, "s")
    block = "index.blocks.read_only_allow_delete"
    client.indices.put_settings(index=f"{place.prefix}-g1", settings={block: True})
    with pytest.raises(SearchUnavailable, match=r"^.*The search server has made the index read-only, as it does when"):
        index.apply(entries("genomes", "proteins"), 2)
    assert (total(index), index.cursor()) == (1, 1)
    client.indices.put_settings(index=f"{place.prefix}-g1", settings={block: None})
    index.apply(entries("genomes", "proteins"), 2)
    assert (total(index), index.cursor()) == (2, 2)


def test_lists_too_long_for_one_answer_are_counted_in_parts_and_stay_exact(
    index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [
        listed(f"d{n:02}", "About", keywords=tuple(Text(f"word {k}") for k in range(n % 10 + 1)), individuals=n)
        for n in range(40)
    ]
    index.rebuild(many, 1, "s")
    asked = [(), (("keyword", "word 9"),), (("country", "BE"), ("individuals", "5..17"))]
    whole = [keywords(index, *chosen) for chosen in asked]
    assert [(v.value, v.count) for v in whole[0].values[:2]] == [("word 0", 40), ("word 1", 36)]
    monkeypatch.setattr(counting, "MOST_VALUES", 4)
    monkeypatch.setattr(counting, "MOST_OF_PART", 2)
    index.apply([listed("d00", "About", keywords=(Text("word 0"),), individuals=0)], 2)
    for _ in range(2):  # the second time it is known beforehand
        assert [keywords(index, *chosen) for chosen in asked] == whole
        assert index.values(make_query(), "keyword").values == whole[0].values
    assert [v.count for v in index.values(make_query("about"), "country").values] == [40]


def test_a_page_as_deep_as_there_are_hits(index: ElasticIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "_DEEP", 5)
    index.rebuild([listed(f"d{n}", "Equal") for n in range(12)], 1, "s")
    pages = [[hit.id for hit in index.search(make_query("equal", page=n, size=3)).hits] for n in range(1, 5)]
    assert sorted(one for page in pages for one in page) == sorted(f"d{n}" for n in range(12))
    with pytest.raises(BadQuery, match="There is no page 5: of 12 datasets, 3 to a page, there are 4 pages"):
        index.search(make_query("equal", page=5, size=3))
    with pytest.raises(BadQuery, match="There is no page 999999999"):
        index.search(make_query(page=999_999_999, size=1000))


def test_many_words_in_many_languages_are_one_query(index: ElasticIndex) -> None:
    languages = sorted(STEMMERS)
    index.rebuild([listed(code, titles=(Text("genomes studies", code),)) for code in languages], 1, "s")
    assert total(index, " ".join(["genomes", "studies"] * 32)) == len(languages)
    assert total(index, " ".join(f"genomes-{n}" for n in range(30))) == 0
    assert total(index, '"genomes studies"') == len(languages)
