"""The facade: what those above may ask, and what it does when a part cannot answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_catalogue import BASE, RARE, Sample, empty_sample, full_sample

from catalogue.errors import SearchUnavailable
from catalogue.journal.state import Status
from catalogue.search.query import Page, Query
from catalogue.store.layout import Layout
from harvester.source import Source
from shapes.errors import Missing, OverBudget
from shapes.record import Kind


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Sample]:
    made = full_sample(tmp_path)
    yield made
    made.index.close()
    made.journal.close()


def test_figures_count_what_is_listed(sample: Sample) -> None:
    figures = sample.catalogue.figures()
    assert (figures.datasets, figures.nodes, figures.committees, figures.individuals) == (5, 2, 2, 125_157)


def test_figures_are_counted_once_until_something_changes(sample: Sample) -> None:
    sample.catalogue.figures()
    sample.catalogue.figures()
    assert len(sample.store.asked) == 1
    sample.add("south", Kind.DATASET, RARE.replace("n:rare ", "n:rare2 "))
    sample.settle()
    sample.catalogue.figures()
    assert len(sample.store.asked) == 2


def test_figures_without_store_or_index(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    def tired(*_: object, **__: object) -> None:
        raise OverBudget("too slow")

    def away(*_: object, **__: object) -> None:
        raise SearchUnavailable("the index is away")

    monkeypatch.setattr(sample.store, "ask", tired)
    monkeypatch.setattr(sample.index, "tallied", away)
    figures = sample.catalogue.figures()
    assert (figures.datasets, figures.committees, figures.individuals) == (5, 1, None)


def test_an_unknown_record_is_missing(sample: Sample) -> None:
    with pytest.raises(Missing, match="There is no record 'nowhere' in this catalogue"):
        sample.catalogue.entry("nowhere")


def test_a_withdrawn_record_keeps_its_entry(sample: Sample) -> None:
    entry = sample.catalogue.entry(sample.ids["gone"])
    assert entry.state.status is Status.WITHDRAWN
    assert entry.dataset is not None
    assert entry.dataset.titles[0].value == "Pilot cohort, now closed"


def test_committees_of_the_registry_and_of_the_nodes(sample: Sample) -> None:
    found = {row.committee.id: row for row in sample.catalogue.deciding.committees()}
    assert set(found) == {"central", "EGAC00000000001"}
    assert (found["EGAC00000000001"].datasets, found["EGAC00000000001"].committee.origin) == (1, "north")
    assert found["central"].datasets == 0
    assert sample.catalogue.deciding.committee("EGAC00000000001").committee.email == "dac@umc.example.org"
    with pytest.raises(Missing, match="There is no committee 'nobody'"):
        sample.catalogue.deciding.committee("nobody")


def test_a_node_tells_its_runs_and_what_to_mend(sample: Sample) -> None:
    story = sample.catalogue.node("north")
    assert (story.datasets, story.judged, story.valid) == (2, 2, 2)
    assert story.latest is not None
    assert [problem.code for problem in story.latest.problems] == ["not-rdf"]
    (group,) = story.findings.groups()
    assert (group.message, group.records) == ("A dataset should have keywords.", 2)
    assert {finding.record for finding in story.findings.findings} == {sample.ids["rare"], sample.ids["inf"]}
    south = sample.catalogue.node("south")
    assert (south.datasets, south.valid, south.latest) == (3, 2, None)


def test_listed_records_come_page_by_page(sample: Sample) -> None:
    pages = [sample.catalogue.listed(Kind.DATASET, number, 2) for number in (1, 2, 3)]
    assert [len(page.entries) for page in pages] == [2, 2, 1]
    assert {page.pages for page in pages} == {3}
    assert len({entry.state.id for page in pages for entry in page.entries}) == 5


def test_published_is_what_was_delivered_and_what_we_add(sample: Sample) -> None:
    entry = sample.catalogue.entry(sample.ids["rare"])
    delivered = {str(triple) for triple in sample.catalogue.delivered(entry.state)}
    published = {str(triple) for triple in sample.catalogue.published(entry)}
    added = published - delivered
    assert delivered < published
    assert any(f"<{BASE}/dac/EGAC00000000001>" in line for line in added)


def test_a_resource_without_a_name_is_published_under_ours(tmp_path: Path) -> None:
    sample = empty_sample(tmp_path)
    sample.journal.add_source(Source("n", "https://n.example.org/"))
    key = sample.add("n", Kind.DATASET, '_:c14n0 a dcat:Dataset ; dct:title "Nameless" .')
    sample.settle()
    entry = sample.catalogue.entry(key)
    own = f"<{BASE}/dataset/{key}>"
    published = [str(triple) for triple in sample.catalogue.published(entry)]
    assert f'{own} <http://purl.org/dc/terms/title> "Nameless"' in published
    assert any("primaryTopic" in line and line.endswith(own) for line in published)
    assert not any("genid" in line for line in published)
    skolem = Layout(BASE).skolem(key, "c14n0").value  # what SPARQL has
    assert [hit.iri for hit in sample.catalogue.search(Query()).hits] == [skolem]
    for name in (skolem, f"{BASE}/dataset/{key}", f"{BASE}/record/{key}#record"):
        assert sample.catalogue.resolve(name) == key
    assert sample.catalogue.resolve(f"{BASE}/dac/{key}") is None
    sample.index.close()
    sample.journal.close()


def test_consistency_tells_who_is_behind(sample: Sample) -> None:
    assert sample.catalogue.consistency().consistent
    sample.add("south", Kind.DATASET, RARE.replace("n:rare ", "n:rare3 "))
    found = sample.catalogue.consistency()
    assert not found.consistent
    assert found.journal == found.index + 1
    assert (found.listed, found.indexed) == (6, 5)


def test_an_index_that_was_never_made_finds_nothing_and_says_why(tmp_path: Path) -> None:
    made = empty_sample(tmp_path)
    assert made.catalogue.search(Query()).total == 0
    made.journal.add_source(Source("north", "https://north.example/"))
    made.add("north", Kind.DATASET, RARE)
    with pytest.raises(SearchUnavailable, match="is being made from the journal; nothing can be found in it yet"):
        made.catalogue.search(Query("rare"))
    made.settle()
    assert made.catalogue.search(Query("rare")).total == 1
    assert made.catalogue.search(Query("nowhere")).total == 0
    made.index.close()
    made.journal.close()


def test_a_search_is_the_indexs(sample: Sample) -> None:
    page = sample.catalogue.search(Query("pathogen"))
    assert isinstance(page, Page)
    assert [hit.id for hit in page.hits] == [sample.ids["inf"]]
