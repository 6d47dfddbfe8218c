"""Counting and paging in the embedded index are exact, whatever was changed, taken out or merged in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from search_entries import FRENCH_NODE, NODE, concept, dac, listed, period, publisher

from catalogue.dataset import Place
from catalogue.entry import Entry
from catalogue.facets import SORTS, facet_named, parse_range
from catalogue.journal.state import Status
from catalogue.search.analysis import Analyzer
from catalogue.search.document import IndexDocument, document_of
from catalogue.search.embedded import EmbeddedIndex, rows
from catalogue.search.embedded.schema import place
from catalogue.search.parsing import make_query
from catalogue.search.query import Page, Query
from catalogue.search.steps import bounds
from catalogue.text import Text

ANALYZER = Analyzer()
WORDS = ("lung", "heart", "skin", "rare", "registry")
CODES = ("PUBLIC", "RESTRICTED", "NON_PUBLIC")
THEMES = ("HEAL", "SOCI", "TECH", "EDUC")


def repeatable(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same each time, not secret


def entry(number: int, chance: Random) -> Entry:
    """A dataset that says something else each time it is made."""
    words = chance.choices(WORDS, k=chance.randint(1, 4))
    return listed(
        f"d{number}",
        Text(" ".join(words), "en"),
        Text(f"about {chance.choice(WORDS)}", "en"),
        source=chance.choice((NODE, FRENCH_NODE)),
        bodies=tuple(dac(f"dac{n}") for n in chance.sample(range(4), chance.randint(0, 2))),
        themes=tuple(concept(f"data-theme/{code}") for code in chance.sample(THEMES, chance.randint(0, 3))),
        access_rights=concept(f"access-right/{chance.choice(CODES)}") if chance.random() < 0.8 else None,
        publisher=publisher(f"Publisher {chance.randrange(12)}") if chance.random() < 0.9 else None,
        keywords=tuple(Text(f"word {chance.randrange(30)}", "en") for _ in range(chance.randint(0, 3))),
        places=(Place(concept(f"country/{chance.choice(('BEL', 'FRA', 'NLD'))}")),) if chance.random() < 0.5 else (),
        individuals=chance.choice((None, 3, 50, 700, 2**45, 2**45 + chance.randrange(3))),
        modified=chance.choice((None, "2024-03-01", "2024-03-02", f"{chance.randint(2010, 2025)}")),
        periods=(period(str(chance.randint(1950, 2000)), chance.choice((None, "2010"))),),
        synthetic=chance.random() < 0.2,
    )


def has(document: IndexDocument, query: Query, but: str = "") -> bool:
    """Whether a dataset matches, by looking at it: any of the values of each facet, and the one word."""
    for name, values in query.facets.items():
        if name == but:
            continue
        facet = facet_named(name)
        if facet.ranged:
            spans = [bounds(span) for span in document.spans[name]]
            asked = [bounds(parse_range(facet, value)) for value in values]
            if not any(low <= upper and high >= lower for low, high in spans for lower, upper in asked):
                return False
        elif not set(values) & set(document.values[name]):
            return False
    tokens = {token for line in document.tokens.lines for token in line.split()}
    return not query.text or query.text in tokens


def check(page: Page, query: Query, documents: Sequence[IndexDocument]) -> None:
    """Compare an answer with what counting by hand gives."""
    assert page.total == sum(has(document, query) for document in documents)
    for shown in page.facets:
        hits = [document for document in documents if has(document, query, shown.name)]
        counted = Counter(value for document in hits for value in document.values[shown.name])
        chosen = query.facets.get(shown.name, ())
        if not facet_named(shown.name).ranged:
            assert {v.value: v.count for v in shown.values} == {**dict.fromkeys(chosen, 0), **counted}, shown.name
        assert shown.missing == sum(shown.name in document.absent for document in hits), shown.name


def asked() -> Iterator[Query]:
    """Questions with few hits, with most datasets as hits, with several facets, with ranges."""
    yield Query()
    yield Query(facets={"synthetic": ("false",)})
    yield Query(facets={"individuals": ("4..800",), "node": ("be-node",)})
    for word in WORDS:
        yield Query(word)
        yield Query(word, {"access_rights": ("PUBLIC", "RESTRICTED"), "theme": ("HEAL",), "publisher": ("key-none",)})
        yield Query(word, {"spatial": ("EUROPE",), "modified": ("2024..",), "keyword": ("word 1", "word 2")})


def test_counts_are_those_of_counting_by_hand(tmp_path: Path) -> None:
    chance, index = repeatable(7), EmbeddedIndex(tmp_path / "index")
    now = {n: entry(n, chance) for n in range(30)}
    index.rebuild(now.values(), 1, "s")
    for step in range(8):
        changed = {n: entry(n, chance) for n in chance.sample(range(90), (0, 1, 25)[step % 3])}
        gone = chance.sample(sorted(now), (1, 7)[step % 2])
        index.apply([*changed.values(), *(listed(f"d{n}", status=Status.WITHDRAWN) for n in gone)], step + 2)
        now = {n: each for n, each in (now | changed).items() if n not in gone}
        documents = [document_of(each, ANALYZER) for each in now.values()]
        reader = index if step % 2 else EmbeddedIndex(tmp_path / "index")
        for query in asked():
            check(reader.search(query), query, documents)


def test_a_version_that_is_still_read_counts_as_before(tmp_path: Path) -> None:
    chance, index = repeatable(3), EmbeddedIndex(tmp_path / "index")
    index.rebuild([entry(n, chance) for n in range(20)], 1, "s")
    old = index._reader.snapshot()
    node = old.asker.facet(facet_named("node"), ("be-node",))
    before = old.tally([facet_named("theme")], old.matching(node))
    index.apply([entry(n, chance) for n in range(10, 40)], 2)
    index.search(Query("lung"))
    assert old.tally([facet_named("theme")], old.matching(node)) == before
    assert len(old.rows) == 20


def test_rows_of_a_writer_that_was_killed_are_not_given_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, index = repeatable(5), EmbeddedIndex(tmp_path / "index")
    first = [entry(n, chance) for n in range(10)]
    index.rebuild(first, 1, "s")
    with monkeypatch.context() as patched:
        patched.setattr("catalogue.search.embedded.folder.Generation.record", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            index.apply([entry(n, chance) for n in range(5, 15)], 2)
    reader = EmbeddedIndex(tmp_path / "index")
    reader.search(Query("lung"))
    again = [entry(n, chance) for n in range(4, 15)]
    index.apply(again, 3)
    documents = [document_of(each, ANALYZER) for each in (*first[:4], *again)]
    for query in asked():
        check(reader.search(query), query, documents)


def walked(index: EmbeddedIndex, query: Query) -> list[str]:
    seen, page = [], index.search(query)
    while True:
        seen += [hit.id for hit in page.hits]
        if page.next is None:
            return seen
        page = index.search(replace(query, cursor=page.next))


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort.key is not None], ids=lambda sort: sort.name)
def test_every_way_through_an_order_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sort: object) -> None:
    monkeypatch.setattr("catalogue.search.embedded.ordering._NEAR", 5)
    monkeypatch.setattr("catalogue.search.embedded.ordering._EQUALS", 1)
    monkeypatch.setattr("catalogue.search.embedded.ordering._MORE", 2)
    chance, index = repeatable(11), EmbeddedIndex(tmp_path / "index")
    entries = [entry(n, chance) for n in range(120)]
    index.rebuild(entries, 1, "s")
    name = getattr(sort, "name", "")
    documents = [document_of(each, ANALYZER) for each in entries]

    def rank(document: IndexDocument) -> tuple[object, ...]:
        value = document.sorts.get(name)
        down = getattr(sort, "descending", False) and isinstance(value, int)
        return (
            value is None,
            0 if value is None else -value if down and isinstance(value, int) else value,
            document.key,
        )

    expected = [document.id for document in sorted(documents, key=rank)]
    query = make_query(sort=name, size=7, with_facets=False)
    pages = [index.search(replace(query, page=number)) for number in range(1, -(-120 // 7) + 1)]
    assert [hit.id for page in pages for hit in page.hits] == expected
    assert walked(index, query) == expected


@pytest.mark.parametrize("text", ["lung", "lun*", "lung heart", "-skin about"])
def test_every_way_through_relevance_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("catalogue.search.embedded.ordering._AROUND", 1)
    monkeypatch.setattr("catalogue.search.embedded.ordering._MORE", 2)
    chance, index = repeatable(13), EmbeddedIndex(tmp_path / "index")
    entries = [entry(n, chance) for n in range(120)]
    index.rebuild(entries[:60], 1, "s")
    index.apply(entries[60:], 2)
    whole = index.search(make_query(text, size=1000))
    keys = {each.id: each.key for each in (document_of(e, ANALYZER) for e in entries)}
    assert list(whole.hits) == sorted(whole.hits, key=lambda hit: (-hit.score, keys[hit.id]))
    query = make_query(text, size=7, with_facets=False)
    pages = [index.search(replace(query, page=number)) for number in range(1, -(-whole.total // 7) + 1)]
    assert [hit.id for page in pages for hit in page.hits] == [hit.id for hit in whole.hits]
    assert walked(index, query) == [hit.id for hit in whole.hits]


def test_places_never_contradict_what_they_stand_for() -> None:
    chance = repeatable(1)
    values = [None, 0, -1, 1, 5, 2**38, 2**39, 2**45, 2**63 - 1, -(2**63), 20240131]
    for sort in SORTS:
        if sort.key is None:
            continue
        some = [None, "", "a", "abcdefg", "abcdefgh", "é", "\U0001f9ec"] if sort.text else values
        assert not (sort.text and sort.descending)
        ranked = sorted(
            ((value, chance.getrandbits(63)) for value in some for _ in range(3)),
            key=lambda each: (
                each[0] is None,
                each[0] if isinstance(each[0], str) else (-1 if sort.descending else 1) * (each[0] or 0),
                each[1],
            ),
        )
        places = [place(sort, value, key) for value, key in ranked]
        assert places == sorted(places)
        assert all(-(2**63) <= one < 2**63 for one in places)


def test_totals_are_the_same_with_and_without_facets(tmp_path: Path) -> None:
    chance, index = repeatable(17), EmbeddedIndex(tmp_path / "index")
    index.rebuild([entry(n, chance) for n in range(40)], 1, "s")
    index.apply([entry(n, chance) for n in range(5, 60)], 2)
    assert len(index._reader.snapshot().rows) == 60
    for query in (*asked(), Query("about"), Query("about -lung"), Query("lun*")):
        assert index.search(query).total == index.search(replace(query, with_facets=False)).total


# The file of rows


def counted(index: EmbeddedIndex) -> Mapping[str, Mapping[str, int]]:
    return {c.name: {v.value: v.count for v in c.values} for c in index.search(Query("lung")).facets}


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index folder with a file of rows."""
    monkeypatch.setattr(rows, "_WORTH", 10)
    chance = repeatable(19)
    EmbeddedIndex(tmp_path / "index").rebuild([entry(n, chance) for n in range(30)], 1, "s")
    assert (tmp_path / "index" / "g-1" / "rows").exists()
    return tmp_path / "index"


def test_a_process_reads_the_rows_a_writer_left(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = counted(EmbeddedIndex(saved))
    (saved / "g-1" / "rows").rename(saved / "away")
    assert counted(EmbeddedIndex(saved)) == expected
    (saved / "away").rename(saved / "g-1" / "rows")
    monkeypatch.setattr(rows, "_grown", lambda *_: 1 / 0)
    assert counted(EmbeddedIndex(saved)) == expected


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{}\n",
        b'{"upto": "x"}\n',
        b"\xff\xfe",
        b'{"upto":9,"check":0,"fields":{"absent":["a"]}}\n',
        b'{"upto":30,"check":0,"fields":{"absent":[["theme",9]]}}\n',
        b'{"upto":30,"check":1,"fields":{}}\nnot what was written',
    ],
)
def test_of_a_damaged_file_of_rows_nothing_is_believed(saved: Path, damage: bytes) -> None:
    expected = counted(EmbeddedIndex(saved))
    (saved / "g-1" / "rows").write_bytes(damage)
    assert counted(EmbeddedIndex(saved)) == expected


def test_a_file_of_rows_is_made_anew_when_much_was_added(saved: Path) -> None:
    chance, file = repeatable(23), saved / "g-1" / "rows"
    index, before = EmbeddedIndex(saved), file.read_bytes()
    index.apply([entry(n, chance) for n in range(30, 35)], 2)
    assert file.read_bytes() == before
    index.apply([entry(n, chance) for n in range(35, 60)], 3)
    assert file.read_bytes() != before
    assert counted(EmbeddedIndex(saved)) == counted(index)


def test_a_file_of_rows_of_an_earlier_version_is_made_anew(saved: Path) -> None:
    file = saved / "g-1" / "rows"
    file.write_bytes(b'{"upto": 30, "fields": {"absent": []}}\n')
    EmbeddedIndex(saved).apply([entry(1, repeatable(31))], 2)
    assert b'"check"' in file.read_bytes().partition(b"\n")[0]


def test_a_file_of_rows_that_cannot_be_written_is_told_and_does_no_harm(
    saved: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rows, "replace_bytes", full)
    chance, index = repeatable(29), EmbeddedIndex(saved)
    index.apply([entry(n, chance) for n in range(30, 90)], 2)
    assert "the rows of the search index were not kept: " in caplog.text
    assert (index.cursor(), index.count()) == (2, 90)
    assert counted(EmbeddedIndex(saved)) == counted(index)
