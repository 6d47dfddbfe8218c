"""`basket` and `access`: what there is to do, the pack as a file, and application systems asked."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine
from nodes.rems_node import Item, RemsNode
from nodes.samples import PREFIXES, dataset

CLOSED = "dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC>"
COMMITTEES = """\
[[committee]]
id = "north-dac"
name = "Committee of the North"
country = "FI"
documents = ["Ethics approval"]
apply_url = "{address}/catalogue"
"""


@pytest.fixture
def rems() -> Iterator[RemsNode]:
    with RemsNode(Item(1, "id-a", workflow=1), Item(2, "id-b", workflow=2), path="/rems") as node:
        yield node


@pytest.fixture
def filled(cli: CommandLine, rems: RemsNode, tmp_path: Path) -> CommandLine:
    """Two datasets of a node whose committee takes applications in a REMS."""
    text = PREFIXES + "".join(dataset(n, "Genomes", identifier=f"id-{n}", more=f" ; {CLOSED}") for n in ("a", "b"))
    (tmp_path / "catalogue.ttl").write_text(text, "utf-8")
    (tmp_path / "committees.toml").write_text(COMMITTEES.format(address=rems.address), "utf-8")
    cli.done("dacs", "import", tmp_path / "committees.toml")
    cli.done("sources", "add", "north", tmp_path / "catalogue.ttl", "--country", "FI", "--default-dac", "north-dac")
    cli.done("harvest")
    return cli


def test_a_basket_is_told_in_words(filled: CommandLine, rems: RemsNode) -> None:
    said = filled.done("basket", "id-a", "id-b", "id-c")
    assert said.lines[0].startswith("2 datasets, 1 things to do. http://127.0.0.1:8080/basket?d=")
    assert said.lines[2] == f"1. Committee of the North (rule): application system (REMS) at {rems.address}"
    assert f"   apply: {rems.address}/apply-for?resource=id-a&resource=id-b" in said.lines
    assert "Warning: id-c: There is no record of this name in this catalogue." in said.err


def test_what_the_system_told_divides_the_basket(filled: CommandLine, rems: RemsNode) -> None:
    checked = filled("access", "check", rems.address, "--allow-private", "--json")
    assert (checked.code, checked.json[0]["items"], checked.json[0]["open"]) == (0, 2, 2)
    groups = filled.done("basket", "id-a", "id-b", "--json").json["groups"]
    assert [(group["workflow"], group["links"][0]["address"]) for group in groups] == [
        ("1", f"{rems.address}/apply-for?resource=id-a"),
        ("2", f"{rems.address}/apply-for?resource=id-b"),
    ]
    listed = filled.done("access", "list")
    assert rems.address in listed.out


def test_without_a_name_the_systems_of_committees_and_records_are_asked(filled: CommandLine, rems: RemsNode) -> None:
    said = filled("access", "check", "--json")
    assert said.code == 1
    assert [each["system"] for each in said.json] == [rems.address]
    assert "loopback" in said.json[0]["failure"]
    assert rems.requests == []


def test_an_address_that_is_none_is_refused(cli: CommandLine) -> None:
    said = cli("access", "check", "rems.example")
    assert (said.code, "http or https address" in said.err) == (2, True)


def test_nothing_known_says_what_to_do(cli: CommandLine) -> None:
    assert "gdi-catalogue access check ADDRESS" in cli.done("access", "list").out


def test_a_basket_of_nothing_is_an_error(filled: CommandLine) -> None:
    said = filled("basket", "nothing", "at-all")
    assert said.code == 2
    assert "None of these is a dataset one can apply for: nothing (unknown), at-all (unknown)." in said.err


@pytest.mark.parametrize(
    ("form", "begins"),
    [("json", b'{\n  "address"'), ("jsonld", b'{\n  "@context"'), ("html", b"<!doctype html>"), ("ro-crate", b"PK")],
)
def test_every_form_can_be_a_file(filled: CommandLine, tmp_path: Path, form: str, begins: bytes) -> None:
    file = tmp_path / "basket"
    filled.done("basket", "id-a", "--format", form, "-o", file)
    assert file.read_bytes().startswith(begins)


def test_a_pack_as_a_file_stands_alone(filled: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"
    filled.done("basket", "id-a", "--format", "ro-crate", "-o", file)
    crate = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
    html = crate.read("application.html").decode()
    assert "Documents asked for: Ethics approval." in html
    assert "http://127.0.0.1:8080/basket?d=" in html
    assert json.loads(crate.read("basket.json"))["total"] == 1


def test_a_file_that_cannot_be_written_is_told(filled: CommandLine, tmp_path: Path) -> None:
    said = filled("basket", "id-a", "-o", tmp_path / "no" / "such" / "folder")
    assert (said.code, "The file cannot be written: No such file or directory." in said.err) == (3, True)
