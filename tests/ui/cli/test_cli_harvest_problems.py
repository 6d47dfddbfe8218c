"""Whatever a node does wrong: the ledger says what and where, nothing is removed, and the others go on."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from nodes.fake_node import Behaviour, CutOff, FakeNode, Garbage, HangUp, Reply, redirect
from nodes.samples import BASE, PREFIXES, catalogue, dataset

GOOD = catalogue("a", "b")
HTML = "<!DOCTYPE html><html><body>Please log in</body></html>"
BAD_IRI = dataset("c", more=" ; dcat:landingPage <https://node.example/a page>")
LINES = len(GOOD.splitlines())


@dataclass(frozen=True)
class Wrong:
    """A document that is not as it should be, and what the ledger must say of it. Two datasets are known before."""

    body: str
    code: str
    sentence: str
    line: int | None = None
    outcome: str = "failed"
    record: str | None = None
    counts: tuple[int, int, int] = (0, 0, 0)  # new, unchanged, failed


WRONG = {
    "empty": Wrong("", "not-rdf", "The document is empty"),
    "a web page": Wrong(HTML, "not-rdf", "This is an HTML page, not RDF"),
    "a plain error": Wrong("Internal error, try again", "not-rdf", "", 1),
    "cut off in a statement": Wrong(
        GOOD[:-60],
        "parse-error",
        "The document ends in the middle of a statement: its end is missing",
        LINES,
        "partial",
        counts=(0, 1, 0),
    ),
    "a prefix nobody declared": Wrong(
        GOOD.replace("@prefix dct:", "@prefix terms:"),
        "parse-error",
        "The prefix 'dct:' of dct:title has not been declared; "
        "did you forget '@prefix dct: <http://purl.org/dc/terms/> .'?",
        5,
    ),
    "one bad IRI among good ones": Wrong(
        GOOD + BAD_IRI + dataset("d"),
        "parse-error",
        "<https://node.example/a page> is not an IRI: it holds a space, which must be percent-encoded; "
        "its statement was not read",
        LINES + 1,
        "partial",
        counts=(2, 2, 0),
    ),
    "a catalogue without datasets": Wrong(
        PREFIXES + f'<{BASE}catalogue> a dcat:Catalog ; dct:title "A node"@en .\n',
        "no-records",
        "No dataset, series or service was found, only 1 catalogue: what is known of this source stays as it is.",
        outcome="partial",  # the catalogue itself was read
    ),
}


@pytest.fixture
def north(cli: CommandLine, node: FakeNode) -> CommandLine:
    """A source with two datasets, harvested once."""
    url = node.serve("/catalog.ttl", GOOD)
    cli.done("sources", "add", "north", url, "--allow-private")
    cli.done("harvest")
    return cli


def told(run: dict[str, Any], code: str) -> dict[str, Any]:
    """The first problem of a code."""
    return next(problem for problem in run["problems"] if problem["code"] == code)


def stands(cli: CommandLine) -> list[str]:
    """The datasets listed, once everything that can be derived is proven to be the same."""
    assert cli("doctor").code == 0
    return sorted(hit["iri"].removeprefix(BASE) for hit in cli("search", "--json").json["hits"])


@pytest.mark.parametrize("case", WRONG)
def test_a_document_that_is_wrong_is_told_with_its_line_and_removes_nothing(
    north: CommandLine, node: FakeNode, case: str
) -> None:
    wrong = WRONG[case]
    url = node.serve("/catalog.ttl", wrong.body)
    for _ in range(2):  # however often it comes
        said = north("harvest", "--json")
        (run,) = said.json["runs"]
        assert (said.code, run["outcome"], run["complete"], run["withdrawn"]) == (1, wrong.outcome, False, 0)
        problem = told(run, wrong.code)
        assert (run["source"], problem["url"], problem["line"]) == ("north", url, wrong.line)
        assert wrong.sentence in problem["detail"]
    assert stands(north) == ["a", "b", *(["c", "d"] if wrong.counts[0] else [])]


def test_what_is_good_beside_a_bad_statement_is_taken(north: CommandLine, node: FakeNode) -> None:
    node.serve("/catalog.ttl", WRONG["one bad IRI among good ones"].body)
    run = north.harvest()
    assert (run["new"], run["unchanged"], run["seen"]) == (2, 2, 4)
    assert stands(north) == ["a", "b", "c", "d"]
    assert "A dataset d" in north("show", f"{BASE}d").out


def test_a_known_record_that_was_not_read_whole_keeps_its_last_whole_description(
    north: CommandLine, node: FakeNode
) -> None:
    node.serve("/catalog.ttl", GOOD.replace("A dataset a", "Half of a").replace('"id-b"', '"id-b" ; dct:x <a b>'))
    run = north.harvest()
    assert (run["outcome"], run["failed"], run["changed"]) == ("partial", 1, 0)
    assert told(run, "incomplete") == {
        "code": "incomplete",
        "detail": "The document it stands in could not be read whole; the last whole description is kept.",
        "url": node.url("/catalog.ttl"),
        "record": f"{BASE}a",
        "line": None,
    }
    assert north("search", "half", "--json").json["total"] == 0


@pytest.mark.parametrize("name", ["catalog.rdf", "catalog.jsonld"])
def test_the_other_syntaxes_tell_their_line_too(cli: CommandLine, tmp_path: Path, name: str) -> None:
    bodies = {
        "catalog.rdf": f'<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="{RDF}">\n<rdf:Description>\n<oops>\n</rdf:RDF>\n',
        "catalog.jsonld": '{\n  "@id": "https://node.example/a",\n  oops\n}\n',
    }
    file = tmp_path / name
    file.write_text(bodies[name], "utf-8")
    cli.done("sources", "add", "north", file)
    said = cli("harvest", "--json")
    (problem,) = (p for p in said.json["runs"][0]["problems"] if p["line"])
    assert (said.code, problem["url"]) == (1, file.as_uri())
    assert problem["line"] in {3, 4, 5}


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

ANSWERS: dict[str, tuple[Behaviour, str, str]] = {
    "an error of the server": (Reply(500), "http-status", "500"),
    "forbidden": (Reply(403), "http-status", "403"),
    "not there": (Reply(404), "http-status", "404"),
    "fewer bytes than announced": (CutOff(GOOD.encode(), 300), "truncated", ""),
    "no answer": (HangUp(), "connection-lost", ""),
    "no HTTP": (Garbage(), "connection-lost", ""),
    "round in a circle": (redirect("/catalog.ttl"), "bad-redirect", ""),
    "to the metadata service of a cloud": (
        redirect("http://169.254.169.254/latest/meta-data/"),
        "address-blocked",
        "169.254.169.254",
    ),
    "to another private address": (redirect("http://10.1.2.3/catalog.ttl"), "address-blocked", "10.1.2.3"),
    "to a file": (redirect("file:///etc/passwd"), "bad-redirect", ""),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_a_server_that_does_not_answer_as_it_should_is_told_with_its_address(
    north: CommandLine, node: FakeNode, case: str
) -> None:
    behaviour, code, sentence = ANSWERS[case]
    node.behave("/catalog.ttl", behaviour)
    said = north("harvest", "--json")
    (run,) = said.json["runs"]
    assert (said.code, run["outcome"], run["withdrawn"]) == (1, "failed", 0)
    problem = told(run, code)
    assert sentence in problem["detail"]
    assert problem["url"]
    assert stands(north) == ["a", "b"]


def test_a_host_nobody_listens_at_is_unreachable(cli: CommandLine) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/catalog.ttl"
        cli.done("sources", "add", "north", url, "--allow-private")
        said = cli("harvest", "--json")
    (problem,) = said.json["runs"][0]["problems"]
    assert (said.code, problem["code"], problem["url"]) == (1, "connection-failed", url)
    assert re.fullmatch(r"127\.0\.0\.1 port \d+ took no connection: Connection refused\.", problem["detail"])


def test_a_private_address_stays_closed_without_the_flag(cli: CommandLine, node: FakeNode) -> None:
    url = node.serve("/catalog.ttl", GOOD)
    cli.done("sources", "add", "north", url)
    said = cli("harvest", "--json")
    (problem,) = said.json["runs"][0]["problems"]
    assert (said.code, problem["code"], problem["url"]) == (1, "address-blocked", url)
    assert problem["detail"] == "127.0.0.1 has the address 127.0.0.1, which is a loopback address and not public."
    assert node.requests == []


def test_a_file_that_is_gone_is_told(cli: CommandLine, published: Callable[..., Path]) -> None:
    file = published("a")
    cli.done("sources", "add", "north", file)
    cli.done("harvest")
    file.unlink()
    said = cli("harvest", "--json")
    (problem,) = said.json["runs"][0]["problems"]
    assert (said.code, problem["url"], problem["detail"]) == (1, file.as_uri(), "There is no such file or folder.")
    assert stands(cli) == ["a"]


def test_one_bad_file_of_a_folder_is_named_and_the_others_are_read(cli: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.ttl").write_text(PREFIXES + dataset(name, identifier=name), "utf-8")
    (folder / "bad.ttl").write_text(PREFIXES + "nonsense\n", "utf-8")
    cli.done("sources", "add", "north", folder)
    said = cli("harvest", "--json")
    (run,) = said.json["runs"]
    assert (said.code, run["outcome"], run["new"]) == (1, "partial", 2)
    problem = told(run, "parse-error")
    assert (problem["url"], problem["line"]) == ((folder / "bad.ttl").as_uri(), 5)


def test_one_bad_node_does_not_stop_the_others(cli: CommandLine, node: FakeNode) -> None:
    for name, body in (("bad", HTML), ("good", GOOD), ("worse", "")):
        cli.done("sources", "add", name, node.serve(f"/{name}.ttl", body), "--allow-private")
    said = cli("harvest", "--json")
    assert said.code == 1
    assert [(run["source"], run["outcome"]) for run in said.json["runs"]] == [
        ("bad", "failed"),
        ("good", "ok"),
        ("worse", "failed"),
    ]
    assert said.json["totals"]["new"] == 2
    assert stands(cli) == ["a", "b"]


def test_people_are_told_the_source_the_address_and_the_line(north: CommandLine, node: FakeNode) -> None:
    url = node.serve("/catalog.ttl", WRONG["one bad IRI among good ones"].body)
    said = north("harvest")
    assert said.lines[1].split()[:2] == ["north", "partial"]
    assert said.lines[2].startswith("north: <https://node.example/a page> is not an IRI")
    assert said.lines[2].endswith(f"({url}, line {LINES + 1})")


def test_many_problems_of_a_kind_are_summed_up_for_people_and_whole_with_v(north: CommandLine, node: FakeNode) -> None:
    bad = "".join(dataset(f"x{n}", more=" ; dcat:landingPage <no iri>") for n in range(5))
    node.serve("/catalog.ttl", GOOD + bad)
    said = north("harvest")
    assert said.lines[-1].startswith("north: 4 more of the same kinds; gdi-catalogue runs show north 2")
    assert len([line for line in north("harvest", "-v").lines if "is not an IRI" in line]) == 5


def test_a_mistake_of_the_program_is_in_the_ledger_and_stops_no_other_source(
    cli: CommandLine, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("north", "south"):
        cli.done("sources", "add", name, node.serve(f"/{name}.ttl", GOOD), "--allow-private")
    from harvester.protocols import protocol

    def broken(name: str) -> Any:
        if name == "hydra":
            raise ZeroDivisionError("division by zero")
        return protocol(name)

    monkeypatch.setattr("harvester.harvest.protocol", broken)
    cli.done("sources", "add", "north", node.url("/north.ttl"), "--protocol", "hydra")
    said = cli("harvest", "--json")
    north, south = said.json["runs"]
    assert (said.code, north["outcome"], south["outcome"]) == (1, "failed", "ok")
    assert told(north, "internal-error")["detail"] == (
        "The harvest broke: ZeroDivisionError: division by zero. This is a mistake of the program."
    )
