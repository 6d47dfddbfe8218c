"""The house without its search engine: what needs no search works, the rest says so in words, and it comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from engine_down import WHERE, WHY, engine_down
from flask.testing import FlaskClient
from hand_clock import Hand
from sample_catalogue import Sample, full_sample

from catalogue.catalogue import Catalogue
from catalogue.search.watched import WatchedIndex
from ui.app import create_app


@pytest.fixture(scope="module")
def hand() -> Hand:
    return Hand()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    made = full_sample(tmp_path_factory.mktemp("house"))
    yield made
    made.index.close()
    made.journal.close()


@pytest.fixture(scope="module")
def up(house: Sample, hand: Hand) -> FlaskClient:
    watched = WatchedIndex(house.index, clock=hand)
    catalogue = Catalogue(
        journal=house.journal,
        index=watched,
        store=house.store,
        describer=house.describer,
        base_url=house.settings.base_url,
        troubles=lambda: watched.troubles,
    )
    return create_app(catalogue, house.settings).test_client()


@pytest.fixture
def down(up: FlaskClient, hand: Hand) -> Iterator[FlaskClient]:
    hand.seconds += 1000  # whatever was remembered is forgotten
    with engine_down():
        yield up
    hand.seconds += 1000


def test_what_needs_no_search_works(down: FlaskClient, house: Sample, browser: dict[str, str]) -> None:
    pages = ("/", "/about", "/nodes", "/node/north", "/node/north/datasets", "/dacs", "/dac/central", "/catalog")
    records = (f"/dataset/{house.ids['rare']}", f"/dataset/{house.ids['series']}", f"/dataset/{house.ids['rare']}.ttl")
    feeds = ("/catalog.ttl", "/sitemap.xml", "/robots.txt", "/nodes.ttl", "/node/north.ttl")
    api = (f"/api/v1/datasets/{house.ids['rare']}", "/api/v1/nodes", "/api/v1/runs", "/api/v1/openapi.json")
    others = ("/sparql?query=ASK%20%7B%7D", "/validate", "/health", "/metrics")
    for path in (*pages, *records, *feeds, *api, *others):
        assert down.get(path, headers=browser).status_code == 200, path


@pytest.mark.parametrize("path", ["/datasets?q=rare", "/feed.atom", "/dac/EGAC00000000001"])
def test_what_needs_search_says_so_on_a_page_that_leads_on(
    down: FlaskClient, browser: dict[str, str], path: str
) -> None:
    answer = down.get(path, headers=browser)
    text = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<h1>Search is not available now</h1>" in text
    assert f'<a class="button" href="{path}">Try again</a>' in text
    for way in ("/nodes", "/dacs", "/sparql", "/catalog"):
        assert f'href="{way}"' in text
    assert WHERE not in text
    assert WHY not in text


@pytest.mark.parametrize("path", ["datasets?q=rare", "facets", "dacs", "dacs/EGAC00000000001"])
def test_programs_get_a_problem_object(down: FlaskClient, path: str) -> None:
    answer = down.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.content_type == "application/problem+json"
    assert (answer.json["code"], answer.json["title"]) == ("search-unavailable", "Search is not available now")
    assert WHERE not in answer.get_data(as_text=True)


def test_pages_say_what_they_leave_out(down: FlaskClient, house: Sample, browser: dict[str, str]) -> None:
    def text(path: str) -> str:
        return down.get(path, headers=browser).get_data(as_text=True)

    assert "Search is not available now; it comes back by itself." in text("/")
    assert "datasets are not counted" in text("/dacs")
    assert "so its datasets cannot be listed" in text("/dac/central")
    series = text(f"/dataset/{house.ids['series']}")
    assert "the datasets in this series cannot be listed" in series
    assert "cannot be listed" not in text(f"/dataset/{house.ids['rare']}")
    assert 'href="/node/north/datasets">Its datasets (2)</a>' in text("/node/north")


def test_a_nodes_datasets_are_listed_from_the_journal(
    down: FlaskClient, house: Sample, browser: dict[str, str]
) -> None:
    text = down.get("/node/north/datasets", headers=browser).get_data(as_text=True)
    assert "2 datasets, in the order of their identifiers." in text
    for name in ("rare", "goe"):
        assert (f'/dataset/{house.ids[name]}"' in text) == (house.journal.current(house.ids[name]).source == "north")
    assert "Rare disease genomes of the north" in text
    assert down.get("/node/nobody/datasets").status_code == 404
    beyond = down.get("/node/north/datasets?page=2", headers={"Accept": "application/json"})
    assert (beyond.status_code, beyond.json["detail"]) == (
        404,
        "Of the datasets of north there is one page, so there is no page 2.",
    )
    wrong = down.get("/node/north/datasets?page=zero", headers={"Accept": "application/json"})
    assert (wrong.status_code, wrong.json["detail"]) == (400, "page must be a whole number from 1, not 'zero'.")


def test_ready_says_which_part_since_when_and_why(down: FlaskClient, house: Sample) -> None:
    answer = down.get("/ready")
    seq = house.journal.last_seq()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    said = answer.json
    assert (said["ready"], said["consistent"]) == (False, False)
    assert (said["journal"], said["store"], said["index"], said["listed"], said["indexed"]) == (seq, seq, None, 5, None)
    assert (said["code"], said["detail"]) == ("not-ready", "No answer from: index.")
    (trouble,) = said["troubles"]
    since = trouble.pop("since")
    assert trouble == {
        "part": "index", "answers": False, "code": "search-unavailable", "detail": WHY, "url": WHERE,
    }  # fmt: skip
    assert down.get("/ready").json["troubles"][0]["since"] == since
    assert down.get("/health").json["status"] == "alive"


def test_figures_for_monitoring_go_on_without_the_engine(down: FlaskClient) -> None:
    lines = down.get("/metrics").get_data(as_text=True).splitlines()
    assert 'gdi_catalogue_up{part="index"} 0' in lines
    assert {'gdi_catalogue_up{part="journal"} 1', 'gdi_catalogue_up{part="store"} 1'} <= set(lines)
    assert {"gdi_catalogue_consistent 0", "gdi_catalogue_datasets 5"} <= set(lines)
    assert not [line for line in lines if line.startswith("gdi_catalogue_index_sequence")]


def test_one_page_asks_a_dead_engine_once(up: FlaskClient, hand: Hand, browser: dict[str, str]) -> None:
    hand.seconds += 1000
    with engine_down() as calls:
        for path in ("/", "/node/north", "/dacs", "/ready", "/datasets"):
            up.get(path, headers=browser)
        assert len(calls) == 1
    hand.seconds += 1000


def test_everything_is_back_when_the_engine_is(up: FlaskClient, hand: Hand, browser: dict[str, str]) -> None:
    with engine_down():
        assert up.get("/ready").status_code == 503
    hand.seconds += 5
    assert up.get("/datasets?q=rare", headers=browser).status_code == 200
    ready = up.get("/ready")
    assert (ready.status_code, ready.json["ready"], ready.json["troubles"]) == (200, True, [])
    assert 'gdi_catalogue_up{part="index"} 1\n' in up.get("/metrics").get_data(as_text=True)
