"""How the harvests of a node went: the chart on its page, a page for each run, and the same as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sample_catalogue import FREQUENCIES, GONE, STAND_IN, START, Sample, empty_sample

from catalogue.journal.run import Counts, Outcome, Run
from catalogue.journal.runs import Ending, Ledger
from harvester.changes import Problem
from harvester.source import Source
from shapes.record import Kind
from ui.app import create_app
from ui.run_chart import HEIGHT, chart
from ui.runs import troubles


def problem(number: int, code: str = "http-status") -> Problem:
    return Problem(code, f"The server answered {number}.", f"https://node.example.org/{number}", None, number)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """A node with three runs: a good one, one with many problems, and one that waits for a person."""
    made = empty_sample(tmp_path_factory.mktemp("held"))
    journal = made.journal
    journal.add_source(Source("west", "https://west.example.org/fdp", "Node West"))
    journal.add_source(Source("east", "https://east.example.org/fdp", "Node East"))
    first = journal.begin_run("west")
    for text in (STAND_IN, GONE, FREQUENCIES):
        made.add("west", Kind.DATASET, text, (), first)
    journal.finish_run(first, Ledger({Kind.DATASET: Counts(new=3)}), Ending(Outcome.OK, complete=True))
    second = journal.begin_run("west")
    problems = [*(problem(number) for number in range(500, 512)), problem(1, "truncated")]
    counts = {Kind.DATASET: Counts(unchanged=2, failed=1), Kind.CATALOGUE: Counts(unchanged=1)}
    ledger = Ledger(counts, problems, {"truncated": 1, "http-status": 140}, requests=7, bytes=5_000)
    journal.finish_run(second, ledger, Ending(Outcome.PARTIAL))
    third = journal.begin_run("west")
    hold = [made.ids["gone"], made.ids["inf"]]
    ledger = Ledger(
        {Kind.DATASET: Counts(unchanged=1, held=2)}, [problem(3, "withdrawal-held")], {"withdrawal-held": 1}
    )
    journal.finish_run(third, ledger, Ending(Outcome.HELD, complete=True, hold=hold))
    made.settle()
    yield made
    made.index.close()
    made.journal.close()


@pytest.fixture(scope="module")
def site(held: Sample) -> FlaskClient:
    return create_app(held.catalogue, held.settings).test_client()


def test_the_page_of_a_node_shows_its_runs_as_bars_and_leads_to_each(site: FlaskClient) -> None:
    page = site.get("/node/west").text
    assert page.count("<rect ") == 4
    assert "Run 2: Partial, 2 unchanged, 1 failed</title>" in page
    assert "Run 3: Held, 1 unchanged</title>" in page
    assert re.findall(r'href="(/node/west/runs/\d)"', page)[:3] == [f"/node/west/runs/{n}" for n in (3, 2, 1)]


def test_the_page_of_a_node_that_ran_once_draws_nothing(web: FlaskClient) -> None:
    assert "<rect " not in web.get("/node/north").text


def test_a_run_tells_its_ledger_and_its_problems_by_code_the_most_frequent_first(site: FlaskClient) -> None:
    page = site.get("/node/west/runs/2").text
    assert re.findall(r"<h3[^>]*><code>([a-z-]+)</code> (\d+)", page) == [("http-status", "140"), ("truncated", "1")]
    assert "7 documents, 5 kB" in page
    assert "no: what did not come may still be there" in page
    assert "<summary>7 more</summary>" in page
    assert "Of one code the ledger keeps 100" in page
    assert re.search(r"Catalogues</th><td class=\"num\">1</td>", page)
    assert 'href="/node/west/runs/1" rel="prev"' in page
    assert 'href="/node/west/runs/3" rel="next"' in page


def test_a_held_run_says_what_waits_and_with_which_words_to_decide(site: FlaskClient, held: Sample) -> None:
    page = site.get("/node/west/runs/3").text
    assert "2 withdrawals wait for a decision." in page
    assert "<code>gdi-catalogue runs approve west 3</code>" in page
    assert "<code>gdi-catalogue runs discard west 3</code>" in page
    for name in ("gone", "inf"):
        assert f'href="/dataset/{held.ids[name]}">https://node.example.org/{name}</a>' in page
    assert f"/dataset/{held.ids['goe']}" not in page
    assert "<form" not in page.partition("<main")[2]


def test_the_total_of_runs_is_all_there_are_however_few_are_listed(site: FlaskClient) -> None:
    latest = site.get("/api/v1/runs?limit=1").json
    assert latest is not None
    assert (latest["total"], [run["run"] for run in latest["items"]]) == (3, [3])
    none = site.get("/api/v1/runs?source=east").json
    assert none == {"total": 0, "items": []}


def test_a_run_as_json_names_what_it_holds_and_its_page(site: FlaskClient, held: Sample) -> None:
    told = site.get("/api/v1/runs/3").json
    assert told is not None
    assert (told["outcome"], told["waiting"], told["held_more"]) == ("held", True, 0)
    assert told["page"] == "https://catalogue.example.org/node/west/runs/3"
    names = {"id": held.ids["gone"], "kind": "dataset", "iri": "https://node.example.org/gone"}
    assert names in told["held_records"]
    assert len(told["held_records"]) == 2


@pytest.mark.parametrize(
    "path", ["/node/west/runs/99", "/node/east/runs/1", "/node/nobody/runs/1", "/node/west/runs/x"]
)
def test_a_run_that_is_not_there_or_another_nodes_is_not_found(site: FlaskClient, path: str) -> None:
    assert site.get(path).status_code == 404


def test_what_was_decided_waits_no_more(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = empty_sample(tmp_path_factory.mktemp("decided"))
    made.journal.add_source(Source("west", "https://west.example.org/fdp", "Node West"))
    run = made.journal.begin_run("west")
    record = made.add("west", Kind.DATASET, GONE, (), run)
    made.journal.finish_run(run, Ledger({Kind.DATASET: Counts(held=1)}), Ending(Outcome.HELD, hold=[record]))
    made.journal.approve_run("west", run)
    page = create_app(made.catalogue, made.settings).test_client().get(f"/node/west/runs/{run}").text
    assert "runs approve" not in page
    assert "approved, " in page
    made.index.close()
    made.journal.close()


def ran(number: int, outcome: Outcome = Outcome.OK, **counts: int) -> Run:
    times = {"started": START, "finished": START + timedelta(seconds=1)}
    return Run(id=number, source="west", outcome=outcome, complete=True, **times, **counts)


def test_bars_stand_oldest_first_and_the_tallest_is_the_whole_height() -> None:
    drawn = chart([ran(2, unchanged=50), ran(1, new=100)])
    assert drawn is not None
    assert [bar.run.id for bar in drawn.bars] == [1, 2]
    assert [sum(part.height for part in bar.parts) for bar in drawn.bars] == [HEIGHT, HEIGHT / 2]
    assert drawn.most == 100


def test_three_records_among_ten_thousand_are_seen_and_the_bar_is_no_taller_for_them() -> None:
    drawn = chart([ran(2, unchanged=9_990, changed=3, rejected=4, failed=3), ran(1, new=10_000)])
    assert drawn is not None
    parts = {part.name: part.height for part in drawn.bars[1].parts}
    assert min(parts.values()) >= 2
    assert sum(parts.values()) == pytest.approx(HEIGHT)
    assert drawn.shown == ("unchanged", "new", "changed", "rejected", "failed")


def test_every_outcome_has_a_sign_of_its_own_form() -> None:
    drawn = chart([ran(number, outcome, new=1) for number, outcome in enumerate(Outcome)])
    assert drawn is not None
    assert set(drawn.outcomes) == set(Outcome)
    forms = {bar.sign for bar in drawn.bars}
    assert len(forms) == len(Outcome) - 1  # "complete" and "complete, with remarks" are one


@pytest.mark.parametrize("runs", [[], [ran(1, new=5)], [ran(2, Outcome.FAILED), ran(1, Outcome.FAILED)]])
def test_nothing_is_drawn_where_there_is_nothing_to_compare(runs: list[Run]) -> None:
    assert chart(runs) is None


def test_problems_without_a_count_are_not_told_twice() -> None:
    run = ran(1)
    assert list(troubles(run)) == []
