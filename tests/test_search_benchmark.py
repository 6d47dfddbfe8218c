"""The benchmark of search: its questions have hits, it measures every kind, and it stops where engines differ."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from searching.asking import answers
from searching.comparing import DifferentAnswers, compare
from searching.questions import DEEPEST, TWELVE, Question, Questions
from searching.timing import UPDATE, time_all, time_updates
from synthetic.describing import Corpus
from synthetic.entries import Entries

from catalogue.search.embedded import EmbeddedIndex
from catalogue.search.port import SearchIndex
from catalogue.search.query import Page, Query

SCRIPT = Path(__file__).resolve().parent.parent / "benchmarks" / "search.py"
SEED = 7
DATASETS = 150
EACH = 3


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(SEED)


@pytest.fixture(scope="module")
def index(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedIndex]:
    index = EmbeddedIndex(tmp_path_factory.mktemp("search") / "index")
    index.rebuild(Entries()(corpus(DATASETS)), DATASETS, "stamp")
    yield index
    index.close()


@pytest.fixture(scope="module")
def questions(corpus: Corpus) -> Sequence[Question]:
    return tuple(Questions(corpus, DATASETS, "test")(EACH))


def test_questions_are_repeatable_and_differ_by_their_name(corpus: Corpus, questions: Sequence[Question]) -> None:
    assert tuple(Questions(corpus, DATASETS, "test")(EACH)) == questions
    assert tuple(Questions(corpus, DATASETS, "other")(EACH)) != questions


def test_every_question_is_answered_and_finds_something(index: SearchIndex, questions: Sequence[Question]) -> None:
    for question in questions:
        for answer in answers(index, question):
            assert answer.page is None or answer.page.total > 0, question


def test_kinds_are_what_they_are_called(index: SearchIndex, questions: Sequence[Question]) -> None:
    pages = [(question.kind, answer.page) for question in questions for answer in answers(index, question)]
    found = {kind: [page for name, page in pages if name == kind and page] for kind, _ in pages}
    assert {page.total for page in found["everything"]} == {DATASETS}
    assert all(page.relaxed for page in found["a typing mistake"])
    assert max(page.total for page in found["a rare word"]) < min(page.total for page in found["a frequent word"])


def test_a_deep_page_lies_as_deep_as_the_corpus_is_large(corpus: Corpus) -> None:
    deep = [each.query for each in Questions(corpus, 100_000, "test")(EACH) if each.kind == "a deep page"]
    assert all(DEEPEST / 4 < query.page * query.size <= DEEPEST for query in deep)


def test_the_twelve_facets_are_facets_and_twelve(index: SearchIndex) -> None:
    page = index.search(Query(counted=TWELVE))
    assert len({facet.name for facet in page.facets}) == len(TWELVE) == 12


class Wrong:
    """An index that is like another one but for the pages it answers with."""

    def __init__(self, index: SearchIndex, **changed: object) -> None:
        self._index, self._changed = index, changed

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)

    def search(self, query: Query) -> Page:
        return replace(self._index.search(query), **self._changed)  # type: ignore[arg-type]


def test_equal_engines_agree_entirely(index: SearchIndex, questions: Sequence[Question]) -> None:
    agreement = compare({"one": index, "other": index}, questions)
    assert (agreement.questions, agreement.shared, agreement.ordered) == (len(questions), 1.0, 1.0)


def test_another_total_stops_the_comparison_and_says_where(index: SearchIndex, questions: Sequence[Question]) -> None:
    with pytest.raises(DifferentAnswers) as raised:
        compare({"one": index, "other": Wrong(index, total=1)}, questions)  # type: ignore[dict-item]
    assert str(raised.value).startswith("everything, Query(")
    assert str(raised.value).endswith("the total is 150 with one, 1 with other")


def test_other_counts_and_another_order_stop_it_too(index: SearchIndex, questions: Sequence[Question]) -> None:
    counts = [replace(facet, missing=facet.missing + 1) for facet in index.search(Query()).facets]
    with pytest.raises(DifferentAnswers, match="the facet access_rights is"):
        compare({"one": index, "other": Wrong(index, facets=counts)}, questions)  # type: ignore[dict-item]
    with pytest.raises(DifferentAnswers, match="the order of hits is"):
        compare({"one": index, "other": Wrong(index, hits=())}, questions)  # type: ignore[dict-item]


def test_every_question_is_timed_once_with_each_engine(index: SearchIndex, questions: Sequence[Question]) -> None:
    plain = [question for question in questions if not question.walk]
    times = time_all({"one": index, "other": index}, plain, SEED)
    expected = Counter(question.kind for question in plain)
    assert {each.kind: len(each.milliseconds["one"]) for each in times} == expected
    assert {each.kind: len(each.milliseconds["other"]) for each in times} == expected
    assert all(0 < each.p50("one") <= each.p95("one") for each in times)


def test_an_update_is_timed_until_it_is_found(corpus: Corpus, tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    index.rebuild(Entries()(corpus(10)), 10, "stamp")
    times = time_updates({"embedded": index}, list(Entries()(corpus(2))), 10)
    assert (times.kind, len(times.milliseconds["embedded"])) == (UPDATE, 2)
    assert (index.cursor(), index.count()) == (12, 10)
    index.close()


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "TEST_ELASTICSEARCH"}
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_a_run_measures_every_kind_and_says_that_it_had_one_engine(corpus: Corpus, tmp_path: Path) -> None:
    done = run("--datasets", 60, "--questions", 2, "--folder", tmp_path, "--json", tmp_path / "times.json")
    assert done.returncode == 0, done.stderr
    assert "Embedded alone: no address of Elasticsearch was given (--elasticsearch URL).\n" in done.stdout
    rows = [line.split("|")[1].strip() for line in done.stdout.splitlines() if line.startswith("| ")]
    kinds = dict.fromkeys(question.kind for question in Questions(corpus, 60, "names")(1))
    assert [kind for kind in (*kinds, UPDATE) if not any(row.startswith(kind) for row in rows)] == []
    assert sum(row.endswith(", 12 facets") for row in rows) == sum(row.endswith(", all facets") for row in rows) == 11
    told = json.loads((tmp_path / "times.json").read_text("utf-8"))
    assert (told["datasets"], told["agreement"], told["loads"]["embedded"]["datasets"]) == (60, None, 60)
    assert told["loads"]["embedded"]["peak"] > 0
    assert [path.name for path in tmp_path.iterdir()] == ["times.json"]


def test_elasticsearch_alone_needs_an_address() -> None:
    done = run("--engine", "elasticsearch")
    assert done.returncode == 2
    assert done.stderr.endswith("error: Elasticsearch needs an address: --elasticsearch URL\n")


@pytest.mark.service
def test_both_engines_answer_everything_alike(tmp_path: Path) -> None:
    address = os.environ.get("TEST_ELASTICSEARCH")
    if not address:
        pytest.skip("TEST_ELASTICSEARCH names no Elasticsearch (scripts/services run -- COMMAND)")
    done = run(
        "--datasets", 200, "--questions", 2, "--elasticsearch", address.split(",")[0], "--json", tmp_path / "times.json"
    )
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "times.json").read_text("utf-8"))
    assert told["agreement"]["questions"] == 2 * (11 + 13)
    assert told["agreement"]["shared"] > 0.9
    assert sorted(told["sizes"]) == ["Elasticsearch", "embedded"]
