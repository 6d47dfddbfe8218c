"""The same question to both engines gives the same answer: totals, counts, matched fields, every order but relevance.

Five hundred datasets made of few words and of words nearly equal, so that forms, typing errors, prefixes and ranges
meet each other; questions are made by Hypothesis. Scores differ in their last digits, so of relevance the first ten
are compared.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from search_engines import elastic_place, opened
from search_entries import FRENCH_NODE, NODE, concept, dac, listed, period, publisher

from catalogue.dataset import Place
from catalogue.entry import Entry
from catalogue.facets import FACETS, SORTS
from catalogue.journal.state import Status
from catalogue.search.elastic import ElasticIndex
from catalogue.search.parsing import make_query
from catalogue.search.port import SearchIndex
from catalogue.search.query import Page, Query
from catalogue.text import Text

pytestmark = pytest.mark.service

Both: TypeAlias = tuple[SearchIndex, SearchIndex]

DATASETS: Final = 500
PLAIN: Final = (
    "cancer genome genomes genomic genomics genetic genetics genetically registry registries registration registered "
    "patient patients study studies disease diseases diseased rare rarely cohort cohorts lung lungs long lunge "
    "sequencing sequence sequences sequenced whole exome exomes variant variants variation biobank biobanks"
)
FOREIGN: Final = {
    "fr": "génétique génétiques étude études maladies maladie rares hôpital l'hôpital d'étude cœur séquençage",
    "de": "Straße Strasse Krankheiten Krankheit Genetik genetische Häuser Haus Lungenkrebs Übersicht",
    "fi": "sairaudet sairaus geeni geenit perinnöllinen tutkimus tutkimuksen tutkimukset",
    "el": "ασθένεια ασθένειες γενετική μελέτη μελέτες",
    "xx": "𐐀𐐁𐐂𐐃𐐄 𐐀𐐁𐐃𐐂𐐄 𐐀𐐁𐐂𐐄 疾病研究 疾病 研究",  # no stems; letters outside the first plane
}
CODES: Final = (
    "MONDO:0008903 MONDO:0008904 mondo0008903 ORPHA:590 ORPHA590 COVID-19 covid19 U07.1 ICD-10 in-vitro in vitro"
)
WORDS: Final = tuple(f"{PLAIN} {CODES}".split()) + tuple(w for some in FOREIGN.values() for w in some.split())
LETTERS: Final = "abcdegilmnorstuéß𐐂疾"
COUNTRIES: Final = ("BEL", "FRA", "FIN", "DEU", "EUROPE")
THEMES: Final = ("HEAL", "SOCI", "TECH", "GOVE")


def entry(number: int, chance: random.Random) -> Entry:
    """One dataset, of few words and values."""

    def words(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.7 else None

    language = chance.choice([None, "en", "en", "fr", "de", "fi", "el", "xx", "en-t-fr"])
    years = [str(chance.randint(1940, 2060)) for _ in range(2)]
    return listed(
        f"d{number}",
        titles=(Text(words(5), language), *([Text(words(5), "en-t-de")] if number % 5 == 0 else [])),
        descriptions=(Text(words(40), language),),
        source=chance.choice((NODE, FRENCH_NODE)),
        seq=number + 1,
        keywords=tuple(Text(chance.choice(WORDS)) for _ in range(chance.randint(0, 3))),
        themes=tuple(concept(f"data-theme/{chance.choice(THEMES)}") for _ in range(chance.randint(0, 2))),
        access_rights=maybe(concept(f"access-right/{chance.choice(('PUBLIC', 'RESTRICTED', 'NON_PUBLIC'))}")),
        publisher=maybe(publisher(f"Publisher {chance.randint(1, 9)}")),
        places=tuple(Place(concept(f"country/{chance.choice(COUNTRIES)}")) for _ in range(chance.randint(0, 2))),
        individuals=maybe(chance.choice((0, 1, 7, 9, 10, 99, 100, 5_000, 10**6, 10**17))),
        records=maybe(chance.randint(0, 40)),
        min_age=maybe(chance.randint(0, 40)),
        max_age=maybe(chance.randint(30, 99)),
        modified=maybe(f"20{chance.randint(10, 26)}-0{chance.randint(1, 9)}-11"),
        issued=maybe(str(chance.randint(1990, 2026))),
        periods=tuple(period(maybe(min(years)), maybe(max(years))) for _ in range(chance.randint(0, 6))),
        bodies=(dac(f"c{number % 7}", (f"Committee {number % 7}", "en")),) if number % 3 else (),
        synthetic=number % 11 == 0,
    )


@pytest.fixture(scope="module", params=[1, 3], ids=["one shard", "three shards"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Both engines with the same content: rebuilt, then changed, and some of it withdrawn."""
    chance = random.Random(20261121)  # noqa: S311 - the same datasets every time
    entries = [entry(number, chance) for number in range(DATASETS)]
    changed = [entry(number, chance) for number in range(0, DATASETS, 10)]
    gone = [listed(f"d{number}", status=Status.WITHDRAWN, seq=9_000) for number in range(5, DATASETS, 50)]
    with (
        opened("embedded", tmp_path_factory.mktemp("equal")) as embedded,
        elastic_place(shards=request.param) as place,
    ):
        elastic = ElasticIndex(place)
        for index in (embedded, elastic):
            index.rebuild(entries, DATASETS, "stamp")
            index.apply([replace(e, state=replace(e.state, seq=8_000)) for e in changed], 8_000)
            index.apply(gone, 9_000)
        yield embedded, elastic
        elastic.close()


@st.composite
def words(draw: st.DrawFn) -> str:
    """One word of a query: as it stands somewhere, with a typing error or three, cut with a star, or excluded."""
    word = draw(st.sampled_from(WORDS))
    kind = draw(st.sampled_from(("plain", "plain", "typo", "prefix", "upper", "not")))
    if kind == "typo":
        for _ in range(draw(st.integers(1, 3))):
            word = mistyped(draw, word)
    elif kind == "prefix":
        word = f"{word[: draw(st.integers(1, len(word)))]}*"
    elif kind == "upper":
        word = word.upper()
    return f"-{word}" if kind == "not" else word


def mistyped(draw: st.DrawFn, word: str) -> str:
    """The word with one letter added, dropped, replaced or swapped with the next."""
    at = draw(st.integers(0, len(word)))
    letter = draw(st.sampled_from(LETTERS))
    before, after = word[:at], word[at:]
    return draw(
        st.sampled_from(
            (
                before + letter + after,
                before + after[1:],
                before + letter + after[1:],
                before + after[1::-1] + after[2:],
            )
        )
    )


phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda some: f'"{" ".join(some)}"')
texts = st.lists(st.one_of(words(), words(), phrases), max_size=3).map(" ".join)
numbers = st.sampled_from(("0", "7..100", "..9", "10..", "100..999", "1000000..", "99999999999999999..", "3..3"))
dates = st.sampled_from(("2010..2019", "2020..", "..1949", "2015-03..2016", "1999", "2050..", "1960..1969"))
choices = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("individuals", "records", "age")), numbers),
        st.tuples(st.sampled_from(("temporal", "issued", "modified")), dates),
        st.tuples(st.just("theme"), st.sampled_from((*THEMES, "NOPE"))),
        st.tuples(st.just("spatial"), st.sampled_from(COUNTRIES)),
        st.tuples(st.just("access_rights"), st.sampled_from(("PUBLIC", "RESTRICTED"))),
        st.tuples(st.just("dac"), st.sampled_from(("c1", "c2", "c3"))),
        st.tuples(st.just("synthetic"), st.sampled_from(("true", "false"))),
        st.tuples(st.just("keyword"), st.sampled_from(WORDS)),
    ),
    max_size=4,
)
_GENTLE: Final = settings(
    max_examples=70, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
_FEW: Final = settings(_GENTLE, max_examples=20)


def told(page: Page) -> dict[str, Any]:
    """All of an answer that is the same on both engines, whatever the order."""
    said = asdict(page)
    hits = {hit["id"]: hit | {"score": 0.0} for hit in said["hits"]}
    return {"total": page.total, "relaxed": page.relaxed, "facets": said["facets"], "hits": hits}


@_GENTLE
@given(text=texts, chosen=choices)
def test_totals_counts_and_hits_are_equal(both: Both, text: str, chosen: list[tuple[str, str]]) -> None:
    query = make_query(text, chosen, size=1000, languages=("fr", "en"))
    embedded, elastic = (index.search(query) for index in both)
    assert told(elastic) == told(embedded)


@_GENTLE
@given(word=st.sampled_from(WORDS), data=st.data())
def test_typing_errors_are_forgiven_alike(both: Both, word: str, data: st.DataObject) -> None:
    """Words with one to four letters wrong: those within reach are found, the others not, and the same ones."""
    for _ in range(data.draw(st.integers(1, 4))):
        word = mistyped(data.draw, word)
    query = make_query(word, size=1000, with_facets=False)
    embedded, elastic = (index.search(query) for index in both)
    assert (elastic.relaxed, {hit.id for hit in elastic.hits}) == (embedded.relaxed, {hit.id for hit in embedded.hits})


@_GENTLE
@given(text=texts, chosen=choices, sort=st.sampled_from([sort.name for sort in SORTS if sort.key is not None]))
def test_every_order_with_a_key_is_the_same(both: Both, text: str, chosen: list[tuple[str, str]], sort: str) -> None:
    query = make_query(text, chosen, sort=sort, size=1000, with_facets=False)
    embedded, elastic = (index.search(query) for index in both)
    assert [hit.id for hit in elastic.hits] == [hit.id for hit in embedded.hits]


@_FEW
@given(text=texts, size=st.integers(50, 300), sort=st.sampled_from([sort.name for sort in SORTS]))
def test_a_cursor_walks_an_answer_to_its_end(both: Both, text: str, size: int, sort: str) -> None:
    query: Query | None = make_query(text, sort=sort, size=size, with_facets=False)
    whole = [hit.id for hit in both[1].search(make_query(text, sort=sort, size=1000, with_facets=False)).hits]
    walked: list[str] = []
    while query is not None:
        page = both[1].search(query)
        walked += [hit.id for hit in page.hits]
        query = replace(query, cursor=page.next) if page.next else None
    assert walked == whole


def test_every_facet_of_the_whole_index_is_the_same(both: Both) -> None:
    embedded, elastic = both
    assert elastic.facets(("fr", "en")) == embedded.facets(("fr", "en"))
    assert elastic.digests() == embedded.digests()
    assert elastic.count() == embedded.count() == DATASETS - 10


def test_the_first_ten_agree_on_plain_queries(both: Both) -> None:
    """Scores are the same formula over the same tokens; only lengths and deleted documents count a little otherwise."""
    shares = []
    for word in WORDS:
        for text in (word, f"{word} cancer", f"{word} study genome"):
            embedded, elastic = (index.search(make_query(text, size=10)) for index in both)
            if elastic.total > 10:
                alike = {hit.id for hit in embedded.hits} & {hit.id for hit in elastic.hits}
                shares.append(len(alike) / 10)
    assert len(shares) > 100
    assert sum(shares) / len(shares) > 0.9


@_GENTLE
@given(text=texts, chosen=choices, facet=st.sampled_from([facet.name for facet in FACETS]))
def test_one_facet_alone_is_the_same(both: Both, text: str, chosen: list[tuple[str, str]], facet: str) -> None:
    query = make_query(text, chosen)
    assume(text.strip())
    assert both[1].values(query, facet) == both[0].values(query, facet)
