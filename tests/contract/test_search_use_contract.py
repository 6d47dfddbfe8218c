"""Searching with a use in mind: on every engine the same datasets, totals and counts, and those the rules give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search_engines import ENGINES, opened
from search_entries import concept as eu
from search_entries import listed

from catalogue.dataset import DataUse, Policy, Restriction
from catalogue.entry import Entry
from catalogue.search import using
from catalogue.search.parsing import make_query
from catalogue.search.port import SearchIndex
from catalogue.search.query import Page, Query
from catalogue.use.conditions import conditions_of
from catalogue.use.judging import judge
from catalogue.use.purpose import Aim, Purpose
from catalogue.use.reasons import Answer

GRU, HMB, DS, NPU, IRB, GS = "0000042", "0000006", "0000007", "0000045", "0000021", "0000022"


def use(number: str, *keys: str) -> DataUse:
    code = f"DUO:{number}"
    restrictions = tuple(Restriction(key) for key in keys)
    return DataUse(
        code, f"http://purl.obolibrary.org/obo/DUO_{number}", code, modifier=False, restrictions=restrictions
    )


def entry(key: str, *uses: DataUse, right: str = "NON_PUBLIC", title: str = "Genomes") -> Entry:
    policies = (Policy(f"https://node.example/policy/{key}", None, uses),) if uses else ()
    rights = replace(eu(f"access-right/{right}"), code=right)
    return listed(key, (title, "en"), policies=policies, access_rights=rights)


# A hundred diseases are a hundred different conditions: more than come with a page.
MANY = tuple(entry(f"rare-{n}", use(DS, f"MONDO:{n:07}"), title="Rare genomes") for n in range(120))
ENTRIES = (
    entry("gru", use(GRU)),
    entry("npu", use(GRU), use(NPU)),
    entry("npu-2", use(GRU), use(NPU), title="Cancer genomes"),
    entry("hmb", use(HMB), use(IRB), right="RESTRICTED"),
    entry("ds", use(DS, "MONDO:0018940", "MONDO:0020344"), use(GS, "BE", "FI")),
    entry("bare"),
    entry("open", right="PUBLIC"),
    *MANY,
)


@pytest.fixture(scope="module", params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    with opened(request.param, tmp_path_factory.mktemp("use")) as engine:
        engine.rebuild(ENTRIES, len(ENTRIES), "stamp-1")
        yield engine


def answers(purpose: Purpose) -> dict[str, Answer]:
    """What the rules say of each dataset, without any engine."""
    return {
        each.state.id: judge(conditions_of(each.dataset), purpose).answer
        for each in ENTRIES
        if each.dataset is not None
    }


def ask(index: SearchIndex, purpose: Purpose, *wished: Answer, text: str = "", **query: object) -> Page:
    return using.search(index, Query(text, size=1000, purpose=purpose, answers=wished, **query))  # type: ignore[arg-type]


def counted(page: Page) -> dict[str, int]:
    facet = next(counts for counts in page.facets if counts.name == "use")
    return {value.value: value.count for value in facet.values}


PURPOSES = st.builds(
    Purpose,
    aim=st.none() | st.sampled_from(Aim),
    disease=st.sampled_from([None, "MONDO:0018940", "MONDO:0000007", "ORPHA:590"]),
    country=st.sampled_from([None, "BE", "FR"]),
    profit=st.none() | st.booleans(),
    ethics=st.none() | st.booleans(),
).filter(bool)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(purpose=PURPOSES, wished=st.sets(st.sampled_from(Answer)))
def test_hits_totals_and_counts_are_what_the_rules_say(
    index: SearchIndex, purpose: Purpose, wished: set[Answer]
) -> None:
    said = answers(purpose)
    page = ask(index, purpose, *wished)
    expected = {key for key, answer in said.items() if not wished or answer in wished}
    assert {hit.id for hit in page.hits} == expected
    assert page.total == len(expected)
    every = Counter(answer.value for answer in said.values())
    assert {value: count for value, count in counted(page).items() if count} == dict(every)


def test_other_facets_follow_the_answer_and_its_own_counts_do_not(index: SearchIndex) -> None:
    purpose = Purpose(aim=Aim.HEALTH, profit=True)
    page = ask(index, purpose, Answer.YES)
    assert {hit.id for hit in page.hits} == {"gru"}
    rights = next(counts for counts in page.facets if counts.name == "access_rights")
    assert {value.value: value.count for value in rights.values} == {"NON_PUBLIC": 1}
    assert counted(page) == {"yes": 1, "ask": 3, "no": 123}


def test_words_narrow_the_counts(index: SearchIndex) -> None:
    page = ask(index, Purpose(aim=Aim.HEALTH, profit=True), text="cancer")
    assert counted(page) == {"no": 1}


def test_an_answer_no_dataset_gives_finds_nothing(index: SearchIndex) -> None:
    page = ask(index, Purpose(aim=Aim.HEALTH, profit=True), Answer.YES, text="cancer")
    assert (page.total, page.hits) == (0, ())
    assert counted(page) == {"yes": 0, "no": 1}


def test_the_tokens_are_no_facet_of_an_answer(index: SearchIndex) -> None:
    page = ask(index, Purpose(aim=Aim.HEALTH))
    assert page.facets[0].name == "use"
    assert "conditions" not in {counts.name for counts in page.facets}
    assert "use" not in {counts.name for counts in index.search(Query()).facets}


def test_a_walk_through_an_answer_gives_every_hit_once(index: SearchIndex) -> None:
    purpose = Purpose(aim=Aim.HEALTH)
    query = Query(size=50, sort="title", purpose=purpose, answers=(Answer.NO,))
    seen: list[str] = []
    page = using.search(index, query)
    while True:
        seen += [hit.id for hit in page.hits]
        if page.next is None:
            break
        page = using.search(index, replace(query, cursor=page.next))
    assert sorted(seen) == sorted(key for key, answer in answers(purpose).items() if answer is Answer.NO)


def test_a_query_from_parameters_is_the_same(index: SearchIndex) -> None:
    query = make_query(use=[("use.purpose", "health"), ("use.profit", "yes"), ("use", "yes")])
    assert [hit.id for hit in using.search(index, query).hits] == ["gru"]
