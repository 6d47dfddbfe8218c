"""The embedded index on disk: killed writers, other processes, threads, damage, and what is counted once only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from search_entries import listed

from catalogue.entry import Entry
from catalogue.errors import SearchUnavailable, StoreLocked
from catalogue.search.embedded import EmbeddedIndex, folder, reading
from catalogue.search.embedded.snapshot import Snapshot
from catalogue.search.embedded.writers import Writers
from catalogue.search.parsing import make_query
from catalogue.text import Text

ROOT = Path(__file__).resolve().parent.parent.parent
ENTRIES = [listed(f"d{i}", f"Dataset number {i}", keywords=(Text(f"word {i}", "en"),)) for i in range(20)]

_CHILD = """
import os, signal, sys
from pathlib import Path
from search_entries import listed
from catalogue.search.embedded import EmbeddedIndex, folder, index, writing
from catalogue.text import Text

def die(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

where, moment = Path(sys.argv[1]), sys.argv[2]
if moment == "before the commit":
    plain = writing._write
    writing._write = lambda *a, **o: (plain(*a, **o), die())
elif moment == "after the commit":
    folder.Generation.record = die
elif moment == "while the progress is replaced":
    Path.replace = die
elif moment == "before the swap":
    folder.Folder.swap = die
search = EmbeddedIndex(where)
entries = [listed(f"d{i}", f"Changed number {i}", keywords=(Text(f"other {i}", "en"),)) for i in range(10, 30)]
if moment == "before the swap":
    search.rebuild(entries, 9, "new")
else:
    search.apply(entries, 9)
print(search.cursor(), search.count())
"""


def child(where: Path, moment: str) -> subprocess.CompletedProcess[str]:
    """Write to an index in another process, which kills itself at a moment."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    return subprocess.run(
        [sys.executable, "-c", _CHILD, str(where), moment],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    """An index of twenty datasets."""
    made = EmbeddedIndex(tmp_path / "index")
    made.rebuild(ENTRIES, 4, "stamp")
    return made


def with_word(word: str) -> Entry:
    """The first of the datasets, changed to have a word of its own."""
    return listed("d0", f"Dataset {word}", keywords=(Text("word 0", "en"),))


def total(index: EmbeddedIndex, text: str) -> int:
    return index.search(make_query(text)).total


@pytest.mark.parametrize(
    "moment",
    ["before the commit", "after the commit", "while the progress is replaced", "before the swap"],
)
def test_a_writer_killed_at_any_moment_leaves_an_index_that_catches_up(
    index: EmbeddedIndex, tmp_path: Path, moment: str
) -> None:
    assert index.count() == 20
    killed = child(tmp_path / "index", moment)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (index.cursor(), index.stamp(), index.count(), total(index, "changed")) == (4, "stamp", 20, 0)

    again = EmbeddedIndex(tmp_path / "index")
    assert (again.cursor(), again.stamp()) == (4, "stamp")
    assert again.count() in ({20, 30} if moment.startswith(("after", "while")) else {20})
    repeated = child(tmp_path / "index", "never")
    assert repeated.stdout == "9 30\n", repeated.stderr
    for reader in (index, again):
        assert (reader.cursor(), reader.count(), total(reader, "changed")) == (9, 30, 20)
        assert {v.value: v.label for v in reader.values(make_query("29"), "keyword").values} == {"other 29": "other 29"}

    again.rebuild(ENTRIES, 10, "stamp")
    assert len(list((tmp_path / "index").glob("g-*"))) == 1


def test_what_another_process_writes_is_seen_at_the_next_search(index: EmbeddedIndex, tmp_path: Path) -> None:
    assert total(index, "changed") == 0
    assert child(tmp_path / "index", "never").returncode == 0
    assert (total(index, "changed"), index.cursor()) == (20, 9)


def test_what_another_process_makes_anew_is_seen_at_the_next_search(index: EmbeddedIndex, tmp_path: Path) -> None:
    assert index.count() == 20
    EmbeddedIndex(tmp_path / "index").rebuild(ENTRIES[:3], 5, "other")
    assert (index.count(), index.stamp()) == (3, "other")


def test_a_folder_that_was_taken_away_and_made_again_is_read_anew(index: EmbeddedIndex, tmp_path: Path) -> None:
    assert index.count() == 20
    (tmp_path / "index").rename(tmp_path / "away")
    assert (index.count(), index.cursor()) == (0, 0)
    index.rebuild(ENTRIES[:2], 1, "s")
    assert index.count() == 2


def test_one_writer_at_a_time(index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.search.embedded.writers._PATIENCE", 0.0)
    generation, other = index._folder.current(), Writers()
    assert generation is not None
    said = r"Another process is writing the search index\."
    with other.writing(generation, 2**26), pytest.raises(StoreLocked, match=said):
        index.apply(ENTRIES[:1], 5)
    other.close()
    index.apply(ENTRIES[:1], 5)
    assert index.cursor() == 5


def test_a_writer_that_another_process_is_about_to_let_go_is_waited_for(index: EmbeddedIndex) -> None:
    generation, other = index._folder.current(), Writers()
    looks: list[float] = []
    assert generation is not None
    with other.writing(generation, 2**26):
        pass

    def pause(seconds: float) -> None:
        looks.append(seconds)
        other.close()

    index._writers = Writers(pause)
    index.apply(ENTRIES[:1], 5)
    assert (index.cursor(), len(looks)) == (5, 1)


def test_a_change_after_another_takes_its_writer_over(index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    index.apply(ENTRIES[:1], 5)
    with monkeypatch.context() as patched:
        patched.setattr(Writers, "_opened", lambda *_: pytest.fail("a second writer was opened"))
        for number in range(12):
            index.apply([with_word(f"anew{number}")], 6 + number)
            assert total(index, f"anew{number}") == 1
    index.close()
    other = EmbeddedIndex(index._folder.root)
    other.apply([with_word("last")], 30)
    assert (total(index, "last"), index.count()) == (1, 20)
    other.close()


def test_what_a_failed_change_had_written_is_undone_and_the_next_works(index: EmbeddedIndex) -> None:
    index.apply(ENTRIES[:1], 5)
    with pytest.raises(ZeroDivisionError):
        index.apply((each if number < 2 else 1 / 0 for number, each in enumerate(ENTRIES)), 6)  # type: ignore[arg-type]
    assert (index.cursor(), index.count()) == (5, 20)
    index.apply([with_word("after")], 7)
    assert (index.cursor(), total(index, "after")) == (7, 1)


def test_threads_search_while_the_index_changes(index: EmbeddedIndex) -> None:
    def searching(turn: int) -> bool:
        if turn % 20 == 7:
            return index.count() >= 20
        page = index.search(make_query("dataset", [("keyword", f"word {turn % 20}")]))
        return page.total == 1 and len(page.facets) > 0

    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(searching, turn) for turn in range(60)]
        for step in range(5):
            index.apply(ENTRIES[step * 4 : step * 4 + 4], 5 + step)
        index.rebuild(ENTRIES, 20, "stamp")
        answers += [pool.submit(searching, turn) for turn in range(60)]
        assert all(answer.result() for answer in answers)


def test_counts_of_the_whole_index_are_made_once_per_version(
    index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[Any] = []
    plain: Callable[..., Any] = Snapshot._tallies

    def counting(self: Snapshot, facets: Any, *asked: Any) -> Any:
        counted.extend(facet.name for facet in facets)
        return plain(self, facets, *asked)

    monkeypatch.setattr(Snapshot, "_tallies", counting)
    first = index.search(make_query())
    assert "keyword" in counted
    counted.clear()
    assert index.search(make_query(sort="title")).facets == first.facets
    assert index.facets()[0].values == first.facets[0].values
    assert counted == []
    index.apply([listed("new", keywords=(Text("fresh"),))], 5)
    assert index.search(make_query()).facets != first.facets
    assert "keyword" in counted


def test_rows_of_a_text_are_fetched_once_per_version(index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[Any] = []
    plain: Callable[..., Any] = Snapshot.matching

    def fetch(self: Snapshot, query: object, *, many: bool = False) -> object:
        fetched.append(query)
        return plain(self, query, many=many)

    monkeypatch.setattr(Snapshot, "matching", fetch)
    first = index.search(make_query("dataset", size=5))
    assert index.search(make_query("dataset", size=5, page=2)).facets == first.facets
    assert index.search(make_query("dataset", size=5, sort="title")).total == first.total == 20
    assert index.search(make_query("dataset", [("keyword", "word 3")])).total == 1
    assert len(fetched) == 1
    index.apply([listed("new", "One more dataset")], 5)
    assert index.search(make_query("dataset")).total == 21
    assert len(fetched) == 2


def test_rows_of_a_frequent_word_serve_every_question_that_has_it(
    index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.search.embedded.snapshot._SINGLY", 1)
    fetched: list[bool] = []
    plain: Callable[..., Any] = Snapshot.matching

    def fetch(self: Snapshot, query: object, *, many: bool = False) -> object:
        fetched.append(many)
        return plain(self, query, many=many)

    monkeypatch.setattr(Snapshot, "matching", fetch)
    many = [listed(f"m{i}", Text(f"Many {'odd' if i % 2 else 'even'} things", "en")) for i in range(9)]
    index.apply(many, 5)
    assert [index.search(make_query(text)).total for text in ("things", "odd things", "even things")] == [9, 4, 5]
    assert fetched == [True, True, True]  # things, odd, even
    assert index.search(make_query("things -odd")).total == 5


def test_a_long_list_of_values_is_counted_whole(index: EmbeddedIndex) -> None:
    many = [listed(f"m{i}", "Many", keywords=tuple(Text(f"k {i} {j}") for j in range(60))) for i in range(20)]
    index.apply([*many, listed("common", "Many", keywords=(Text("k 3 3"),))], 5)
    counted = index.values(make_query("many"), "keyword")
    assert [(value.value, value.count) for value in counted.values[:2]] == [("k 3 3", 2), ("k 0 0", 1)]
    assert (len(counted.values), counted.others, counted.missing) == (1000, 200, 0)


@pytest.mark.usefixtures("index")
def test_an_index_of_another_layout_asks_to_be_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("index", "reading"):
        monkeypatch.setattr(f"catalogue.search.embedded.{module}.layout", lambda: "tomorrow")
    later = EmbeddedIndex(tmp_path / "index")
    assert (later.cursor(), later.stamp()) == (0, "")
    with pytest.raises(SearchUnavailable, match="made by another version of this program"):
        later.search(make_query())
    with pytest.raises(SearchUnavailable, match="made by another version of this program"):
        later.apply(ENTRIES, 5)
    later.rebuild(ENTRIES, 5, "stamp")
    assert (later.count(), later.cursor()) == (20, 5)


def test_damage_is_said_with_the_place_and_healed_by_making_it_anew(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    index.rebuild(ENTRIES, 4, "stamp")
    (tmp_path / "index" / "g-1" / "meta.json").write_text("{", "utf-8")
    with pytest.raises(SearchUnavailable) as caught:
        index.search(make_query())
    assert caught.value.detail.startswith("The search index does not work: ")
    assert caught.value.url == str(tmp_path / "index" / "g-1")
    index.rebuild(ENTRIES, 4, "stamp")
    assert index.count() == 20


@pytest.mark.parametrize("said", ["g-", "nonsense", "", "../elsewhere"])
def test_a_pointer_that_names_no_index_is_an_index_to_make(tmp_path: Path, said: str) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    index.rebuild(ENTRIES, 4, "stamp")
    (tmp_path / "index" / "current").write_text(said, "utf-8")
    again = EmbeddedIndex(tmp_path / "index")
    assert (again.cursor(), again.stamp()) == (0, "")  # so whoever follows the journal makes it anew
    again.rebuild(ENTRIES, 4, "stamp")
    assert again.count() == 20


def test_a_progress_nobody_can_read_is_said(index: EmbeddedIndex, tmp_path: Path) -> None:
    (tmp_path / "index" / "g-1" / "progress.json").write_text('{"cursor": 1, "colour": 2}', "utf-8")
    with pytest.raises(SearchUnavailable, match="The search index cannot say how far it is"):
        index.cursor()


def test_a_disk_that_refuses_is_said(index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _text: str) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(folder, "replace_file", full)
        with pytest.raises(SearchUnavailable, match=r"The search index cannot be written: No space left on device\."):
            index.rebuild(ENTRIES[:3], 9, "new")
        assert (index.cursor(), index.count()) == (4, 20)
    index.rebuild(ENTRIES[:3], 9, "new")
    assert (index.cursor(), index.count()) == (9, 3)


def test_a_search_that_meets_a_swap_looks_again(index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    plain = reading.Labels

    def swapped_away(path: Path) -> reading.Labels:
        opened.append(path)
        if len(opened) == 1:
            EmbeddedIndex(path.parent.parent).rebuild(ENTRIES[:5], 5, "stamp")
            raise SearchUnavailable("gone")
        return plain(path)

    monkeypatch.setattr(reading, "Labels", swapped_away)
    assert index.count() == 5
    assert [path.parent.name for path in opened] == ["g-1", "g-2"]


def test_a_closed_index_opens_again_when_it_is_asked(index: EmbeddedIndex) -> None:
    assert index.count() == 20
    index.close()
    index.close()
    assert total(index, "dataset") == 20
