"""The house itself: its entry points open, its floors are guarded, its rooms stay small enough to read."""

from __future__ import annotations

import ast
import configparser
import re
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path

import click
import pytest
from nodes.samples import catalogue

from catalogue import __version__
from ui.cli.main import VERBS, main, program, run

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("ui", "catalogue", "harvester", "shapes")
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 50
SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if path.is_file())
BENCHMARKS = [path for path in sorted((ROOT / "benchmarks").glob("*.py")) if "__main__" in path.read_text("utf-8")]


def sources(*folders: str) -> Iterator[Path]:
    return (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))


def verbs() -> list[tuple[str, ...]]:
    """Every verb, and every member of a family of verbs."""
    found: list[tuple[str, ...]] = []
    for name, (module, attribute, _) in VERBS.items():
        command = getattr(import_module(module), attribute)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, member) for member in command.commands]
    return found


@pytest.mark.parametrize("verb", verbs(), ids=" ".join)
def test_every_verb_explains_itself_and_every_option_of_it(
    verb: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*verb, "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: gdi-catalogue {' '.join(verb)}")
    assert "--data" in told
    command: click.Command = program
    for name in verb:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    assert command.help
    unexplained = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert unexplained == []


def test_every_verb_is_in_the_help_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    assert [name for name in VERBS if f"\n  {name} " not in told] == []


def test_the_program_says_the_version_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"gdi-catalogue, version {__version__}\n")


def test_what_is_installed_is_this_version_and_leads_to_this_program() -> None:
    try:
        installed = version("gdi-catalogue")
    except PackageNotFoundError:
        pytest.skip("the distribution is not installed in this environment")
    assert installed == __version__
    (command,) = entry_points(group="console_scripts", name="gdi-catalogue")
    assert command.load() is main


def test_every_room_stays_small_enough_to_read() -> None:
    long = {str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n") for path in sources(*FLOORS, "benchmarks")}
    assert {path: lines for path, lines in long.items() if lines > MOST_LINES} == {}


def test_every_function_is_read_at_a_glance() -> None:
    functions = (
        (f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in sources(*FLOORS, "benchmarks")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    )
    assert {name: lines for name, lines in functions if lines > MOST_LINES_OF_A_FUNCTION} == {}


def test_tests_shadow_no_package() -> None:
    assert [str(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


def test_the_guard_of_the_floors_knows_all_four() -> None:
    guard = configparser.ConfigParser()
    guard.read(ROOT / ".importlinter", "utf-8")
    assert set(guard["importlinter"]["root_packages"].split()) == set(FLOORS)
    assert tuple(guard["importlinter:contract:floors"]["layers"].split()) == FLOORS


def test_the_wheel_holds_all_four_floors() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(FLOORS)
    assert project["project"]["scripts"] == {"gdi-catalogue": "ui.cli.main:main"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_run_and_is_used(script: Path) -> None:
    assert script.stat().st_mode & stat.S_IXUSR
    assert script.read_text("utf-8").startswith("#!/usr/bin/env ")
    if script.read_text("utf-8").startswith("#!/usr/bin/env bash"):
        subprocess.run(["bash", "-n", script], check=True)
    callers = [(ROOT / name).read_text("utf-8") for name in ("Makefile", ".ci/run", "README.md")]
    assert any(f"scripts/{script.name}" in text for text in callers)


def test_a_script_for_services_says_how_it_is_used() -> None:
    done = subprocess.run([ROOT / "scripts" / "services"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "scripts/services run -- COMMAND" in done.stdout


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda path: path.name)
def test_a_benchmark_explains_itself_and_is_in_the_documentation(benchmark: Path) -> None:
    done = subprocess.run([sys.executable, str(benchmark), "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("usage: ")
    assert f"benchmarks/{benchmark.name}" in (ROOT / "docs" / "benchmarks.md").read_text("utf-8")


def test_the_benchmark_measures_everything_the_documentation_shows(tmp_path: Path) -> None:
    """Over two small datasets: what is looked at is that every figure is there, not what it is."""
    (tmp_path / "catalogue.ttl").write_text(catalogue("a", "b"), "utf-8")
    script = ROOT / "benchmarks" / "harvest.py"
    command = [sys.executable, str(script), "--file", str(tmp_path / "catalogue.ttl"), "--requests", "12"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

    def figures(text: str) -> list[str]:
        names = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
        return [re.sub(r"\d+", "N", name) for name in names]

    shown, _, _ = (ROOT / "docs" / "benchmarks.md").read_text("utf-8").partition("## How to read them")
    assert figures(done.stdout) == figures(shown)
    assert "first harvest of 2 datasets" in done.stdout
