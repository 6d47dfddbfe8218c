"""Words that are nearly right, found among the words a writer left, are those the engine finds among all tokens."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import tantivy
from search_entries import listed

from catalogue.entry import Entry
from catalogue.journal.state import Status
from catalogue.search.analysis import MARK, Analyzer
from catalogue.search.clauses import loosened, read_clauses
from catalogue.search.document import document_of
from catalogue.search.embedded import EmbeddedIndex, rows, spelling
from catalogue.search.embedded.spelling import Spelling, has_words
from catalogue.search.fields import TEXT
from catalogue.search.marking import within
from catalogue.search.parsing import make_query
from catalogue.search.query import Page
from catalogue.text import Text

SAID = (
    "Genomic variation", "genomes of variants", "Variazione genomica", "a registry", "registre européen", "Größe",
    "βcatenin pathway", "catenin", "covid19 cohort", "covid-1 cohorts", "estation tation", "Γονιδίωμα", "клетки",
)  # fmt: skip
LANGUAGES = ("en", "es", "fr", "it", "el", "ru")
TYPED = (
    "genomcis", "varaitnos", "regsitry", "registr", "grosse", "bcatenin", "catenni", "covidx", "cohrot", "estatoon",
    "γονιδιομα", "клетка", "zzzzzz", "genomcis regsitry", "genomcis -variants",
)  # fmt: skip


def entries() -> list[Entry]:
    chance = Random(11)  # noqa: S311 - the same each time, not secret
    return [
        listed(
            f"d{n}",
            Text(chance.choice(SAID), chance.choice(LANGUAGES)),
            Text(" ".join(chance.choices(SAID, k=3)), chance.choice(LANGUAGES)),
            keywords=(Text(chance.choice(SAID), "en"),),
        )
        for n in range(60)
    ]


def answers(folder: Path) -> list[Page]:
    index = EmbeddedIndex(folder)
    found = [replace(index.search(make_query(text)), took_ms=0) for text in TYPED]
    index.close()
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(rows, "_WORTH", 50)
    EmbeddedIndex(tmp_path / "index").rebuild(entries(), 1, "s")
    assert has_words(tmp_path / "index" / "g-1")
    return tmp_path / "index"


def words(folder: Path) -> Path:
    (found,) = (folder / "g-1").glob("words-*")
    return found


def test_answers_are_those_without_the_words(folder: Path) -> None:
    with_words = answers(folder)
    assert sum(page.relaxed for page in with_words) == 10
    shutil.rmtree(words(folder))
    assert answers(folder) == with_words


def test_near_words_are_all_tokens_within_the_distance(folder: Path) -> None:
    analyzer = Analyzer()
    tokens = {t for entry in entries() for line in document_of(entry, analyzer).tokens.lines for t in line.split()}
    known = Spelling(folder / "g-1")
    for text in ("genomcis", "varaitnos", "registr", "bcatenin", "covidx", "covidxy", "estation", "γονιδιομα"):
        (word,) = read_clauses(text).required
        loose = loosened(word)  # type: ignore[arg-type] - a word
        near = known.near(loose.joined, loose.slack, 60)
        assert near is not None
        assert set(near) & tokens == {token for token in tokens if within(token, loose.joined, loose.slack)}, text
    assert f"{MARK}es:tation" in tokens  # two signs from `estation`, for the engine


def test_small_changes_add_their_words(folder: Path) -> None:
    before, index = words(folder), EmbeddedIndex(folder)
    index.apply([listed("new", Text("genomicz", "en"))], 2)
    index.apply([listed("d1", status=Status.WITHDRAWN)], 3)
    index.apply([listed("new", Text("genomicz registrz", "en")), listed("newer", Text("Größn", "de"))], 4)
    assert words(folder) == before
    known = Spelling(folder / "g-1")
    assert [known.near(word, 2, 63) for word in ("genomczz", "registxz")] == [
        ("genomicz",),
        ("registre", "registry", "registrz"),
    ]
    assert known.near("genomczz", 2, 64) is None
    with_words = answers(folder)
    assert index.search(make_query("genomczz")).total == 1
    shutil.rmtree(before)
    assert answers(folder) == with_words


@pytest.mark.parametrize("left", ["", '[60, 61, "oth', "[60]\n", "[60, 61, 5]\n[null]\n", '[61, 62, "x"]\n', "\x00"])
def test_rows_whose_words_nobody_left_are_looked_through(folder: Path, left: str) -> None:
    index = EmbeddedIndex(folder)
    index.apply([listed("new", Text("genomicz", "en"))], 2)
    (words(folder) / "later").write_text(left, "ascii")
    index.apply([listed("newer", Text("registrz", "en"))], 3)
    assert Spelling(folder / "g-1").near("genomczz", 2, 62) is None
    found = [EmbeddedIndex(folder).search(make_query(text)) for text in ("genomczz", "registxzz")]
    assert [(page.relaxed, page.hits[0].id) for page in found] == [(True, "new"), (True, "newer")]


def test_the_words_of_large_changes_are_not_kept_by_themselves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "_LATER_BYTES", 100)
    index = EmbeddedIndex(folder)
    index.apply([listed("new", Text("a b c", "en"))], 2)
    assert Spelling(folder / "g-1").near("genomcis", 2, 61) is not None
    index.apply([listed(f"new{n}", Text(f"another{'x' * n}", "en")) for n in range(9)], 3)
    assert Spelling(folder / "g-1").near("genomcis", 2, 70) is None
    assert index.search(make_query("anohterx")).total > 0


def test_words_of_a_change_that_cannot_be_written_are_told_and_do_no_harm(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("catalogue.search.embedded.writing.add_words", full)
    index = EmbeddedIndex(folder)
    index.apply([listed("new", Text("genomicz", "en"))], 2)
    assert "the words of a change to the search index were not kept: " in caplog.text
    assert index.search(make_query("genomczz")).total == 1


def test_words_are_made_anew_when_much_was_added(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_WORTH", 5)
    index = EmbeddedIndex(folder)
    index.apply([listed(f"new{n}", Text("genomicz", "en")) for n in range(40)], 2)
    assert words(folder).name == "words-100"
    assert "genomicz" in (Spelling(folder / "g-1").near("genomczz", 2, 100) or ())
    assert index.search(make_query("genomczz")).total == 40


def test_of_damaged_words_nothing_is_believed(folder: Path) -> None:
    expected = answers(folder)
    (words(folder) / "meta.json").write_text("{", "utf-8")
    assert answers(folder) == expected
    EmbeddedIndex(folder).close()
    shutil.rmtree(words(folder))
    EmbeddedIndex(folder).apply([listed("new", Text("another", "en"))], 2)
    assert words(folder).name == "words-61"


def test_very_many_near_words_are_not_asked_for_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = answers(folder)
    monkeypatch.setattr(spelling, "_MOST", 1)
    assert Spelling(folder / "g-1").near("genomcis", 2, 60) is None
    assert answers(folder) == expected


def test_a_disk_that_is_full_is_told_and_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rows, "_WORTH", 50)
    monkeypatch.setattr(Path, "rename", full)
    index = EmbeddedIndex(tmp_path / "index")
    index.rebuild(entries(), 1, "s")
    assert "the rows of the search index were not kept: " in caplog.text
    assert index.search(make_query("genomcis")).relaxed
    assert tantivy.Index.open(str(tmp_path / "index" / "g-1")).searcher().doc_freq(TEXT, "registry") > 0
