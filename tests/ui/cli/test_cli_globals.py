"""What every verb shares: global options anywhere, one machine form, errors as problems, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CommandLine

from catalogue import __version__
from ui.cli.main import VERBS

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--data", "{data}", "--json", "sources", "list"),
        ("sources", "list", "--data", "{data}", "--json"),
        ("sources", "--data", "{data}", "list", "--json"),
        ("--data", "elsewhere", "sources", "--json", "list", "--data", "{data}"),
        ("--json", "sources", "list", "--data", "{data}", "-q", "-v", "--no-progress"),
    ],
    ids=" ".join,
)
def test_global_options_stand_before_or_after_the_verb(cli: CommandLine, arguments: tuple[str, ...]) -> None:
    cli.done("sources", "add", "north", "https://north.example/")
    said = cli.bare(*(argument.format(data=cli.data) for argument in arguments))
    assert (said.code, [source["name"] for source in said.json], said.err) == (0, ["north"], "")
    assert not Path("elsewhere").exists()


def test_the_data_folder_may_come_from_environment_or_file_and_the_flag_wins(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "settings.toml"
    config.write_text(f'data = "{tmp_path / "file"}"\n', "utf-8")
    cli.bare("--config", config, "sources", "add", "one", "https://one.example/")
    monkeypatch.setenv("GDI_DATA", str(tmp_path / "variable"))
    cli.bare("--config", config, "sources", "add", "two", "https://two.example/")
    cli.bare("--config", config, "--data", tmp_path / "flag", "sources", "add", "three", "https://three.example/")

    def names(place: str) -> list[str]:
        return [source["name"] for source in cli.bare("sources", "list", "--json", "--data", tmp_path / place).json]

    assert [names(place) for place in ("file", "variable", "flag")] == [["one"], ["two"], ["three"]]


USAGE = {
    "no such verb": (("frobnicate",), "No such command 'frobnicate'"),
    "no such option": (("search", "--frobnicate"), "No such option"),
    "an argument is missing": (("show",), "Missing argument 'ID|IRI'"),
    "an argument too many": (("doctor", "now"), "unexpected extra argument"),
    "not a number": (("runs", "show", "north", "one"), "'one' is not a valid integer"),
    "not one of the formats": (("export", "--format", "excel"), "'excel' is not one of 'nquads', 'turtle', 'jsonld'"),
    "neither query nor file": (("sparql",), "Give a query, or a file with -f, and not both."),
}


@pytest.mark.parametrize("case", USAGE)
def test_wrong_usage_is_exit_2_with_a_sentence_and_a_problem(cli: CommandLine, case: str) -> None:
    arguments, sentence = USAGE[case]
    said = cli(*arguments)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    problem = cli(*arguments, "--json")
    assert problem.code == 2
    assert sentence in problem.json["detail"]
    assert {"type", "title", "status", "code"} <= problem.json.keys()


def test_an_unknown_setting_is_named_with_its_place(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDI_COLOUR", "blue")
    said = cli("sources", "list", "--json")
    assert (said.code, said.json["code"]) == (2, "bad-setting")
    assert said.json["detail"] == "There is no setting 'colour' (the environment variable GDI_COLOUR)."


def test_a_settings_file_that_is_no_toml_is_named(cli: CommandLine, tmp_path: Path) -> None:
    broken = tmp_path / "settings.toml"
    broken.write_text("title = [", "utf-8")
    said = cli("--config", broken, "sources", "list", "--json")
    assert (said.code, said.json["code"], said.json["url"]) == (2, "bad-setting", str(broken))
    assert cli("--config", tmp_path / "none.toml", "sources", "list").err == (
        f"Error: {tmp_path / 'none.toml'}: The settings file cannot be read: No such file or directory.\n"
    )


@pytest.mark.parametrize("verb", [("sources", "list"), ("search", "x"), ("doctor",), ("export",)], ids=" ".join)
def test_a_data_folder_that_cannot_be_is_exit_3(cli: CommandLine, tmp_path: Path, verb: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    said = cli.bare(*verb, "--json", "--data", tmp_path / "file")
    assert (said.code, said.json["code"], said.json["status"]) == (3, "journal-unavailable", 503)


def test_a_journal_that_is_none_is_exit_3_and_left_as_it_is(cli: CommandLine) -> None:
    journal = cli.data / "journal.sqlite"
    journal.write_bytes(b"not a database, but somebody's file " * 100)
    said = cli("sources", "list", "--json")
    assert (said.code, said.json["code"]) == (3, "journal-damaged")
    assert journal.read_bytes().startswith(b"not a database")


def test_a_backend_this_release_has_not_is_said(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDI_SEARCH", "solr")
    said = cli("search", "x")
    assert said.code == 2
    assert "'solr' is no http(s) address, and `embedded` stands alone." in said.err


def test_interrupting_is_told_and_is_no_success(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ui.cli.sources.open_as_named", interrupt)
    said = cli("sources", "list")
    assert (said.code, said.out, said.err) == (130, "", "\nInterrupted.\n")


def test_a_mistake_of_the_program_is_no_finding_about_the_data(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("ui.cli.sources.open_as_named", broken)
    said = cli("sources", "list", "--json")
    assert (said.code, said.json["code"], said.json["status"]) == (3, "internal-error", 500)
    assert said.json["detail"] == (
        "ZeroDivisionError: division by zero. This is a mistake of the program; please report it."
    )
    assert caplog.records[-1].exc_info is not None


def test_nothing_is_imported_for_help() -> None:
    script = (
        "import sys; from ui.cli.main import run; run(['--help']);"
        "print([m for m in ('flask', 'pyshacl', 'tantivy', 'sqlalchemy', 'rdflib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert [line.split()[0] for line in done.stdout.split("Verbs:")[1].splitlines() if line.strip()][:-1] == list(VERBS)


def test_a_reader_that_leaves_is_no_error(cli: CommandLine, published: Callable[..., Path]) -> None:
    cli.done("sources", "add", "north", published(*(f"d{n}" for n in range(50))))
    cli.done("harvest")
    environment = {**os.environ, "GDI_DATA": str(cli.data)}
    program = [sys.executable, "-m", "ui.cli.main", "export"]
    with subprocess.Popen(
        program, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_the_program_is_the_installed_command() -> None:
    command = Path(sys.executable).with_name("gdi-catalogue")
    if not command.exists():
        pytest.skip("the distribution is not installed in this environment")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"gdi-catalogue, version {__version__}\n"


def test_json_may_be_any_text_without_becoming_the_option(cli: CommandLine) -> None:
    """`--` ends the options: what follows is text."""
    assert cli("search", "--", "--json").out.startswith("0 datasets")
    assert json.loads(cli("search", "--json", "--", "--json").out)["total"] == 0
