"""The demonstration network: every dialect is read by the real harvester, and shows what it was made to show."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.assemble import House, open_house
from catalogue.dac.importing import read_committees
from catalogue.journal.run import Outcome, Run
from catalogue.search.query import Query
from catalogue.settings import read_settings
from shapes.profiles import profile
from shapes.report import VIOLATION
from ui.app import create_app
from ui.demo.network import network
from ui.demo.plan import committees, read_plan, read_plans
from ui.demo.scale import scaled


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, Run]]]:
    """The eight nodes, served and harvested into a house."""
    settings = read_settings(
        environment={}, flags={"data": tmp_path_factory.mktemp("demo"), "harvest_retries": 0, "sparql_workers": 1}
    )
    with network(read_plans()) as running, open_house(settings) as house:
        read = read_committees(committees(), "toml", name="committees.toml")
        house.journal.put_committees(read.committees, "demo")
        for node in running:
            house.journal.add_source(node.source)
        runs = {node.source.name: house.harvest(node.source) for node in running}
        house.settle()
        yield house, runs


def test_every_dialect_delivers_all_its_datasets(demonstration: tuple[House, dict[str, Run]]) -> None:
    _, runs = demonstration
    delivered = {name: (run.outcome, run.new) for name, run in runs.items()}
    assert delivered == {
        "fi": (Outcome.OK, 6),
        "de": (Outcome.OK, 5),
        "es": (Outcome.OK, 5),
        "nl": (Outcome.OK, 5),
        "fr": (Outcome.OK, 5),
        "ee": (Outcome.OK, 4),
        "it": (Outcome.PARTIAL, 6),
        "se": (Outcome.FAILED, 0),
    }


def test_a_draft_is_told_and_nothing_is_wrong_for_it(demonstration: tuple[House, dict[str, Run]]) -> None:
    _, runs = demonstration
    assert runs["nl"].problem_counts == {"detected": 1, "draft": 1}
    (draft,) = [problem for problem in runs["nl"].problems if problem.code == "draft"]
    assert draft.detail == "It is listed but not public (the server answered 403): a draft, most likely."
    assert str(draft.record).endswith("-DRAFT")


def test_a_page_tells_what_the_software_of_the_node_added(demonstration: tuple[House, dict[str, Run]]) -> None:
    house, _ = demonstration
    record = house.catalogue.resolve("GDI-NL-UMCP-1")
    page = create_app(house.catalogue, house.settings).test_client().get(f"/dataset/{record}").get_data(as_text=True)
    told = page[page.index("Added by the node’s software") :]
    assert "Access rights: This resource has no access restriction" in told
    assert "Licence: http://purl.org/NET/rdflicense/cc-zero1.0" in told


def test_the_broken_node_says_what_is_wrong_and_where(demonstration: tuple[House, dict[str, Run]]) -> None:
    _, runs = demonstration
    problems = runs["it"].problems
    assert [problem.code for problem in problems] == ["parse-error", "parse-error"]
    assert "a page with blanks" in problems[0].detail
    assert "dcterm:" in problems[1].detail
    assert all(problem.url and problem.line for problem in problems)


def test_the_node_that_is_down_is_told_and_nothing_else_suffers(demonstration: tuple[House, dict[str, Run]]) -> None:
    house, runs = demonstration
    assert [problem.code for problem in runs["se"].problems] == ["connection-failed"]
    assert house.catalogue.search(Query()).total == 36


def test_well_formed_nodes_break_only_what_gdi_and_the_software_of_a_node_make_them_break(
    demonstration: tuple[House, dict[str, Run]],
) -> None:
    """GDI marks 1+MG governance in dct:conformsTo, which HealthDCAT-AP R8 closes to a list of its own.

    The reference FAIR Data Point gives a distribution without a licence one that no list of the EU has.
    """
    house, _ = demonstration
    broken = set()
    for state in house.journal.heads():
        report = house.journal.report(state.id)
        if state.source != "it" and report is not None:
            broken |= {(finding.path, finding.value) for finding in report.findings if finding.severity == VIOLATION}
    conforms = "http://purl.org/dc/terms/conformsTo"
    licence = "http://purl.org/dc/terms/license"
    assert {path for path, _ in broken} == {conforms, licence}
    assert all("data.gdi.eu/core/p2/1MG" in str(value) for path, value in broken if path == conforms)
    assert {str(value) for path, value in broken if path == licence} == {"http://purl.org/NET/rdflicense/cc-zero1.0"}
    assert profile("healthdcat-ap-r8").release


@pytest.mark.parametrize(
    ("identifier", "status", "method", "decides"),
    [
        ("GDI-FI-NUH-1", "published", "attribution", "fi-gdi-dac"),
        ("GDI-DE-RTG-1", "published", "policy", "EGAC00000000202"),
        ("GDI-NL-UMCP-1", "rule", "identifier", "nl-umcp-dac"),
        ("GDI-ES-ISM-1", "rule", "contact-name", None),
        ("GDI-EE-BB-1", "rule", "node-default", "ee-biobank-dac"),
        ("GDI-FR-BNMR-1", "stand-in", "hdab-stand-in", None),
    ],
)
def test_every_way_to_find_the_deciding_body_is_shown(
    demonstration: tuple[House, dict[str, Run]], identifier: str, status: str, method: str, decides: str | None
) -> None:
    house, _ = demonstration
    record = house.catalogue.resolve(identifier)
    assert record is not None
    access = house.catalogue.entry(record).access
    deciding = [link.committee.id for link in access.links if link.role.value == "decides"]
    assert (access.decider.status.value, access.decider.method.value) == (status, method)
    assert decides is None or deciding == [decides]


def test_a_second_harvest_changes_nothing(demonstration: tuple[House, dict[str, Run]]) -> None:
    house, _ = demonstration
    before = house.journal.last_seq()
    run = house.harvest(house.journal.source("fi"))
    assert (run.unchanged, run.new, run.changed, house.journal.last_seq()) == (6, 0, 0, before)


def test_scaling_keeps_identifiers_apart_and_is_the_same_every_time() -> None:
    plans = read_plans()
    grown = scaled(plans, nodes=12, datasets=500)
    everything = [dataset.id for plan in grown for dataset in plan.datasets]
    assert (len(grown), len(everything)) == (12, 500)
    assert all(len({d.id for d in plan.datasets}) == len(plan.datasets) for plan in grown)
    assert scaled(plans, nodes=12, datasets=500) == grown
    assert [len(plan.datasets) for plan in scaled(plans, nodes=3, datasets=4)] == [2, 1, 1]


def test_every_node_says_it_is_synthetic() -> None:
    for plan in read_plans():
        assert plan.node.title.endswith("(synthetic)")
        assert plan.node.base.endswith(".gdi-demo.example")
    assert read_plan("se").datasets == ()


def test_the_verb_serves_the_site_until_interrupted(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GDI_")}
    command = [
        sys.executable,
        "-m",
        "ui.cli.main",
        "demo",
        "--port",
        "0",
        "--nodes",
        "2",
        "--data",
        str(tmp_path / "d"),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=Path.cwd()
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            address = re.search(r"http://127\.0\.0\.1:\d+/", line)
            assert address, line
            with urllib.request.urlopen(address[0]) as answer:
                page = answer.read().decode()
            assert (answer.status, "GDI Catalogue (demonstration)" in page) == (200, True)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_port_in_use_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    from ui.cli.main import run

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["demo", "--port", str(port)]) == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in capsys.readouterr().err
