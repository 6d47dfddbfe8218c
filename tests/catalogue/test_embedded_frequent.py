"""The rows of frequent words that a writer left, and the hits that are looked for beside: the same answers, sooner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from search_entries import listed

from catalogue.journal.state import Status
from catalogue.search.clauses import read_clauses
from catalogue.search.embedded import EmbeddedIndex, frequent, rows
from catalogue.search.embedded.beside import Beside
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.parsing import make_query
from catalogue.search.query import Page
from catalogue.text import Text
from shapes.errors import BadQuery

WORDS = ("lung", "heart", "skin", "registries")
TEXTS = (
    "lung",
    "lung heart",
    "registry",
    "heart -skin",
    "-lung",
    '"skin heart"',
    "hea*",
    "hart",
    "heart skin registry",
)


def entries(numbers: Iterable[int]) -> Iterator[Any]:
    for n in numbers:
        yield listed(f"d{n}", Text(" ".join(WORDS[n % k] for k in (2, 3, 4)), "en"), Text(f"about d{n}", "en"))


def answers(folder: Path) -> list[Page]:
    index = EmbeddedIndex(folder)
    found = [index.search(make_query(text, sort=sort)) for text in TEXTS for sort in ("relevance", "title")]
    index.close()
    return [replace(page, took_ms=0) for page in found]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index folder in which the rows of many words are kept, and the file they are in."""
    monkeypatch.setattr(frequent, "_LEAST", 5)
    monkeypatch.setattr(rows, "_WORTH", 50)
    EmbeddedIndex(tmp_path / "index").rebuild(entries(range(60)), 1, "s")
    return tmp_path / "index" / "g-1" / "frequent"


def fetched(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the engine is asked the rows of."""
    asked: list[object] = []
    plain = Snapshot.matching

    def matching(self: Snapshot, query: Any, *, many: bool = False) -> Any:
        asked.append(query)
        return plain(self, query, many=many)

    monkeypatch.setattr(Snapshot, "matching", matching)
    return asked


def test_a_frequent_word_is_not_looked_for_by_the_engine(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = kept.read_bytes().splitlines()[-2]
    assert b'"lung"' in head
    assert b'"d7"' not in head  # one dataset has it
    snapshot = EmbeddedIndex(kept.parents[1])._reader.snapshot()
    counts = {token: snapshot._rows_of(form) for token, form in _single(snapshot, "lung heart")}
    assert {token: len(some) for token, some in counts.items() if some is not None} == {
        "lung": 40, "~en:lung": 40, "heart": 40, "~en:heart": 40,
    }  # fmt: skip
    asked = fetched(monkeypatch)
    index = EmbeddedIndex(kept.parents[1])
    assert index.search(make_query("lung heart")).total == 20
    assert len(asked) <= 2  # what there may be of other forms, of each


def _single(snapshot: Snapshot, text: str) -> Iterator[tuple[str, Any]]:
    for clause in read_clauses(text).required:
        for form in snapshot.asker.forms(clause):
            yield form.tokens[0], form  # type: ignore[union-attr] - all are runs


def test_answers_are_those_without_the_file_whatever_was_changed_since(kept: Path) -> None:
    folder, away = kept.parents[1], kept.with_name("away")
    index = EmbeddedIndex(folder)
    for step in range(4):
        with_file = answers(folder)
        kept.rename(away)
        assert answers(folder) == with_file
        assert all(page.total for page in with_file)
        away.rename(kept)
        gone = (listed(f"d{n}", status=Status.WITHDRAWN) for n in range(step, 60, 7))
        index.apply([*gone, *entries(range(step * 5, step * 5 + 3)), *entries([100 + step])], step + 2)


def test_a_version_read_before_a_new_file_came_answers_as_before(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(kept.parents[1])
    before = index._reader.snapshot()
    found = before.worded(read_clauses("lung"))
    old = kept.read_bytes()
    monkeypatch.setattr(rows, "_WORTH", 5)
    index.apply(entries(range(30, 90)), 2)
    assert kept.read_bytes() != old
    before._worded.clear()
    before._frequent = frequent.Frequent(kept)
    assert before.worded(read_clauses("lung")) == found
    assert index.search(make_query("lung")).total == 60


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[]\n" + b"0" * 20,
        b"{}\n" + b"0" * 20,
        b"\xff\xfe" * 20,
        b'{"upto": 60, "tokens": {}}\n' + b"9" * 20,
        b'{"upto": 60, "tokens": {"lung": [0, 9]}}\n' + b"0" * 20,
        b'{"upto": 60, "tokens": {"lung": [0, 40, 5], "heart": [900, 8, 7]}}\n' + b"0" * 20,
        b'{"upto": 60, "tokens": {"lung": [900, 4, 0]}}\n' + b"0" * 20,
    ],
)
def test_of_a_damaged_file_nothing_is_believed(kept: Path, damage: bytes) -> None:
    expected = answers(kept.parents[1])
    kept.write_bytes(damage)
    assert answers(kept.parents[1]) == expected


def test_an_index_made_before_there_was_a_file_gets_one_with_its_next_change(kept: Path) -> None:
    kept.unlink()
    EmbeddedIndex(kept.parents[1]).apply(entries([60]), 2)
    assert kept.exists()


# Hits looked for beside


def test_an_error_beside_is_raised_where_the_result_is_needed() -> None:
    beside = Beside()
    beside._alone = False
    waiting = beside.begin(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        waiting()
    assert beside.begin(lambda: "next")() == "next"
    beside.close()


def test_who_asks_does_the_work_where_the_thread_is_busy() -> None:
    beside, go_on = Beside(), Event()
    beside._alone = False
    long = beside.begin(go_on.wait)
    done: list[int] = []
    other = beside.begin(lambda: done.append(1))
    assert done == []
    other()
    assert done == [1]
    go_on.set()
    assert long() is True
    beside.close()


def test_one_processor_has_no_thread_beside() -> None:
    beside = Beside()
    beside._alone = True
    done: list[int] = []
    waiting = beside.begin(lambda: done.append(1))
    assert done == []
    waiting()
    assert (done, beside._thread) == ([1], None)


def test_searches_in_several_threads_find_the_same_and_a_closed_index_begins_again(kept: Path) -> None:
    folder = kept.parents[1]
    expected, index, wrong = answers(folder), EmbeddedIndex(folder), list[str]()
    index._beside._alone = False

    def search(first: int) -> None:
        for n in range(first, first + 3 * len(expected)):
            text, sort = TEXTS[n // 2 % len(TEXTS)], ("relevance", "title")[n % 2]
            if replace(index.search(make_query(text, sort=sort)), took_ms=0) != expected[n % len(expected)]:
                wrong.append(f"{text} {sort}")

    threads = [Thread(target=search, args=(first,)) for first in (0, 5, 10, 15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    index.close()
    assert replace(index.search(make_query(TEXTS[0])), took_ms=0) == expected[0]
    index.close()


def test_nothing_is_looked_for_beyond_the_last_page(kept: Path) -> None:
    index = EmbeddedIndex(kept.parents[1])
    index._beside._alone = False
    with pytest.raises(
        BadQuery, match="There is no page 1000000000000: of 20 datasets, 20 to a page, there is only one page"
    ):
        index.search(make_query("lung heart", page=10**12))
    index.close()
