"""`export`, `reindex`, `doctor`, `backup`, `restore`: the catalogue comes out whole and stays whole."""

from __future__ import annotations

import os
import shutil
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from command_line import CommandLine
from nodes.samples import BASE, PREFIXES, catalogue, dataset

# Two datasets that share a service with a contact point of its own, and one that has two equal contact points.
SHARED = f"""\
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
<{BASE}service> a dcat:DataService ; dct:title "Access" ; dcat:contactPoint [ a vcard:Kind ; vcard:fn "Desk" ] .
<{BASE}a> dcat:distribution <{BASE}a-d> . <{BASE}a-d> a dcat:Distribution ; dcat:accessService <{BASE}service> .
<{BASE}b> dcat:distribution <{BASE}b-d> . <{BASE}b-d> a dcat:Distribution ; dcat:accessService <{BASE}service> .
<{BASE}b> dcat:contactPoint [ vcard:fn "Twin" ] , [ vcard:fn "Twin" ] .
<{BASE}a> dct:publisher [ a foaf:Agent ; foaf:name "Publisher of a" ] .
<{BASE}b> dct:publisher [ a foaf:Agent ; foaf:name "Publisher of b" ] .
"""
FORMS = {"nquads": "nq", "turtle": "ttl", "jsonld": "jsonld"}


@pytest.fixture
def north(cli: CommandLine, published: Callable[..., Path]) -> CommandLine:
    cli.done("sources", "add", "north", published(text=catalogue("a", "b") + SHARED))
    cli.done("harvest")
    return cli


def digests(cli: CommandLine) -> dict[str, str]:
    """The digest of every listed record by its IRI."""
    rows = cli(
        "sparql",
        "SELECT DISTINCT ?t { ?r a dcat:CatalogRecord ; foaf:primaryTopic ?t }",
        "--format",
        "csv",
    ).lines[1:]
    return {iri: str(cli("show", iri, "--json").json["digest"]) for iri in rows}


# -- export ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_an_export_harvested_elsewhere_gives_the_same_records(north: CommandLine, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"export.{FORMS[form]}"
    said = north.done("export", "--format", form, "-o", file)
    assert said.err == f"4 records written to {file}.\n"
    other = north.beside(tmp_path / "other")
    other.done("sources", "add", "all", file)
    other.done("harvest")
    assert digests(other) == digests(north)
    assert len(digests(north)) == 4


def test_an_export_to_standard_output_is_the_document_and_nothing_else(north: CommandLine) -> None:
    said = north.done("export")
    quads = list(ox.parse(said.out, format=ox.RdfFormat.N_QUADS))
    assert len({quad.graph_name for quad in quads}) == 4
    assert said.err == "4 records written.\n"
    assert north.done("export", "--quiet").err == ""
    assert north.done("export", "-o", "-").out == said.out
    as_json = north.done("export", "--json")
    assert {f"<{graph['@id']}>" for graph in as_json.json} == {str(quad.graph_name) for quad in quads}


def test_the_machine_form_of_an_export_to_a_file_tells_the_file(north: CommandLine, tmp_path: Path) -> None:
    said = north.done("export", "-o", tmp_path / "export.nq", "--json")
    assert (said.json, said.err) == ({"file": str(tmp_path / "export.nq"), "records": 4}, "")


def test_an_export_through_a_link_or_into_a_pipe_leaves_them_what_they_are(north: CommandLine, tmp_path: Path) -> None:
    link, pipe, kept = tmp_path / "link.nq", tmp_path / "pipe", tmp_path / "kept.nq"
    link.symlink_to(kept)
    north.done("export", "-o", link)
    assert link.is_symlink()
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    north.done("export", "-o", pipe)
    reader.join()
    assert pipe.is_fifo()
    assert read == [kept.read_text("utf-8")]
    said = north("backup", pipe, "--json")
    assert (said.code, said.json["detail"]) == (
        2,
        "A backup is written to a file, which is replaced; this is a pipe or a device.",
    )
    assert pipe.is_fifo()


def test_what_is_withdrawn_is_not_exported(north: CommandLine) -> None:
    north.done("sources", "remove", "north")
    said = north.done("export")
    assert (said.out.strip(), said.err) == ("", "0 records written.\n")


def test_an_export_that_cannot_be_written_leaves_the_older_one(north: CommandLine, tmp_path: Path) -> None:
    said = north("export", "-o", tmp_path / "none" / "export.nq", "--json")
    assert (said.code, said.json["status"]) == (2, 400)
    assert said.json["detail"] == "The file cannot be written: No such file or directory."
    target = tmp_path / "folder"
    target.mkdir()
    assert north("export", "-o", target).code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["catalogue.ttl", "data", "folder"]


# -- doctor and reindex ----------------------------------------------------------------------------------------------


def test_a_sound_catalogue_is_proven_to_be(north: CommandLine) -> None:
    said = north("doctor", "--json")
    found = said.json
    assert (said.code, found["consistent"]) == (0, True)
    assert (found["journal"], found["store"], found["index"], found["missing"], found["extra"]) == (2, 2, 2, [], [])
    names = {check["name"] for check in found["checks"]}
    assert {"settings", "disk", "lock", "journal", "store", "index"} <= names
    assert all(check["ok"] and check["detail"] for check in found["checks"])
    assert north("doctor").lines[-1] == "Consistent."


@pytest.mark.parametrize("part", ["store", "index"])
def test_a_projection_that_is_gone_is_found_and_mended(north: CommandLine, part: str) -> None:
    shutil.rmtree(north.data / part)
    said = north("doctor", "--json")
    assert (said.code, said.json["consistent"]) == (1, False)
    assert len(said.json["missing"]) == 2
    assert north("doctor").lines[-1] == "Not consistent; gdi-catalogue doctor --repair mends what can be reached."
    mended = north("doctor", "--repair", "--json")
    assert (mended.code, mended.json["consistent"], mended.json[part]) == (0, True, 2)
    assert north("search", "dataset", "--json").json["total"] == 2


def test_a_damaged_index_is_found_and_mended(north: CommandLine) -> None:
    for file in (north.data / "index").rglob("*.store"):
        file.write_bytes(b"\x00" * file.stat().st_size)
    said = north("doctor", "--json")
    assert (said.code, said.json["consistent"]) == (1, False)
    assert north("sparql", "ASK { ?d a dcat:Dataset }").out == "true\n"
    mended = north("doctor", "--repair", "--json")
    assert (mended.code, mended.json["consistent"]) == (0, True)
    assert north("search", "dataset", "--json").json["total"] == 2


def test_a_pointer_of_the_store_that_is_damaged_is_found_and_mended(north: CommandLine) -> None:
    (north.data / "store" / "current.json").write_text("{", "utf-8")
    said = north("doctor", "--json")
    assert (said.code, said.json["consistent"]) == (1, False)
    assert any("The store's pointer file cannot be read" in check["detail"] for check in said.json["checks"])
    assert north("search", "dataset", "--json").json["total"] == 2
    assert north("doctor", "--repair", "--json").json["consistent"] is True
    assert north("sparql", "ASK { ?d a dcat:Dataset }").out == "true\n"


def test_a_store_that_cannot_be_written_loses_nothing_and_is_mended(
    north: CommandLine, published: Callable[..., Path]
) -> None:
    (north.data / "store" / "generation-1" / "live" / "CURRENT").write_text("nonsense", "utf-8")
    published(text=catalogue("a", "b", "c") + SHARED)
    said = north("harvest", "--json")
    (problem,) = said.json["problems"]
    assert (said.code, problem["code"]) == (3, "projections-behind")
    assert problem["detail"].startswith("The store is behind: ")
    assert said.json["totals"]["new"] == 1
    assert north("search", "--json").json["total"] == 3
    assert north("doctor").code == 1
    assert north("doctor", "--repair", "--json").json["consistent"] is True
    assert north("sparql", "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a dcat:Dataset }").out == "?n\n3\n"


def test_what_a_killed_run_left_is_applied_and_not_called_damage(
    north: CommandLine, published: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    published(text=catalogue("a", "b", "c"))
    with monkeypatch.context() as patched:
        patched.setattr("catalogue.assemble.House.settle", killed)
        assert north("harvest").code == 130
    assert north("doctor", "--json").json["consistent"] is True
    assert north("search", "--json").json["total"] == 3


@pytest.mark.parametrize(
    ("flags", "names"), [((), ["store", "index"]), (("--store",), ["store"]), (("--index",), ["index"])]
)
def test_projections_are_made_anew_and_hold_the_same(
    north: CommandLine, flags: tuple[str, ...], names: list[str]
) -> None:
    before = digests(north)
    assert north("reindex", *flags, "--json").json == {"rebuilt": names}
    assert digests(north) == before
    assert north("doctor").code == 0
    assert north("reindex", *flags).err == f"Made anew: {', '.join(names)}.\n"


# -- backup and restore ----------------------------------------------------------------------------------------------


def test_a_backup_restored_elsewhere_is_the_same_catalogue(north: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    assert north("backup", file, "--json").json == {"file": str(file), "bytes": file.stat().st_size}
    other = north.beside(tmp_path / "other")
    said = other("restore", file, "--json")
    assert (said.code, said.json["consistent"], said.json["journal"]) == (0, True, 2)
    assert digests(other) == digests(north)
    assert [run["run"] for run in other("runs", "list", "--json").json] == [1]
    assert other.harvest()["unchanged"] == 2


def test_a_backup_replaces_an_older_one_only_when_it_is_whole(north: CommandLine, tmp_path: Path) -> None:
    said = north("backup", tmp_path / "none" / "backup.tar", "--json")
    assert (said.code, said.json["code"]) == (2, "bad-backup")
    assert said.json["detail"] == "The backup cannot be written: No such file or directory."
    file = tmp_path / "backup.tar"
    north.done("backup", file)
    assert north("backup", file).err.startswith(f"Backup written to {file} (")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "catalogue.ttl", "data"]


def test_a_folder_that_is_not_empty_is_not_restored_into(north: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    north.done("backup", file)
    before = digests(north)
    said = north("restore", file, "--json")
    assert (said.code, said.json["code"], said.json["url"]) == (2, "bad-backup", str(north.data))
    assert said.json["detail"] == "The data folder is not empty; a backup is restored into an empty one."
    assert digests(north) == before


def broken(kind: str, good: Path, target: Path) -> None:
    """Write a backup that is broken in one way."""
    data = good.read_bytes()
    match kind:
        case "cut off":
            target.write_bytes(data[: len(data) // 2])
        case "a bit flipped":
            middle = len(data) // 2
            target.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        case "empty":
            target.write_bytes(b"")
        case "something else":
            target.write_text("not a backup", "utf-8")
        case "another tar":
            with tarfile.open(target, "w") as tar:
                tar.add(__file__, "manifest.json")
        case "no file":
            pass


@pytest.mark.parametrize("kind", ["cut off", "a bit flipped", "empty", "something else", "another tar", "no file"])
def test_a_broken_backup_is_refused_and_leaves_the_folder_empty(north: CommandLine, tmp_path: Path, kind: str) -> None:
    good, bad = tmp_path / "good.tar", tmp_path / "bad.tar"
    north.done("backup", good)
    broken(kind, good, bad)
    other = north.beside(tmp_path / "other")
    said = other("restore", bad, "--json")
    assert (said.code, said.json["code"]) == (2, "bad-backup")
    assert said.json["url"] == str(bad)
    assert not other.data.exists() or list(other.data.iterdir()) == []
    assert other("restore", good).code == 0


def test_literals_and_blank_subjects_survive_the_way_out_and_in(
    cli: CommandLine, published: Callable[..., Path], tmp_path: Path
) -> None:
    text = PREFIXES + dataset(
        "a", identifier="a", more=' ; dct:issued "2020"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    )
    text += '[] a dcat:Dataset ; dct:title "No name"@en ; dct:identifier "blank" ; dct:publisher [ foaf:name "X" ] .\n'
    cli.done("sources", "add", "north", published(text=text))
    cli.done("harvest")
    file = tmp_path / "export.nq"
    cli.done("export", "-o", file)
    other = cli.beside(tmp_path / "other")
    other.done("sources", "add", "all", file)
    other.done("harvest")
    for name in ("a", "blank"):
        assert other("show", name, "--json").json["digest"] == cli("show", name, "--json").json["digest"]


# -- another address -------------------------------------------------------------------------------------------------

RECORDS = "SELECT (STR(?r) AS ?record) { ?r a dcat:CatalogRecord }"


def test_a_catalogue_that_moved_is_named_anew_and_nothing_keeps_its_old_name(
    north: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = north("sparql", RECORDS, "--format", "csv").lines[1:]
    assert all(name.startswith("http://127.0.0.1:8080/record/") for name in before)
    monkeypatch.setenv("GDI_BASE_URL", "https://catalogue.example")
    found = north("doctor", "--json")
    assert found.code == 1
    assert {check["name"]: check["detail"] for check in found.json["checks"] if not check["ok"]} == {
        name: f"The {name} names records under http://127.0.0.1:8080, and base_url is https://catalogue.example: "
        "--repair makes it anew."
        for name in ("store", "index")
    }
    north.done("doctor", "--repair")
    after = north("sparql", RECORDS, "--format", "csv").lines[1:]
    assert sorted(after) == sorted(
        name.replace("http://127.0.0.1:8080", "https://catalogue.example") for name in before
    )


def test_who_reads_and_forgot_the_address_changes_no_name(north: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    before = north("sparql", RECORDS, "--format", "csv").out
    monkeypatch.setenv("GDI_BASE_URL", "https://catalogue.example")
    assert north.done("search").lines[0] == "2 datasets"
    assert north("sparql", RECORDS, "--format", "csv").out == before


def test_who_harvests_and_forgot_the_address_changes_no_name_and_reindex_names_anew(
    north: CommandLine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    before = north("sparql", named, "--format", "csv").lines[1:]
    monkeypatch.setenv("GDI_BASE_URL", "https://catalogue.example")
    north.done("harvest", "--full")
    assert "records are named under http://127.0.0.1:8080, base_url is https://catalogue.example" in caplog.text
    assert sorted(north("sparql", named, "--format", "csv").lines[1:]) == sorted(before)
    north.done("reindex")
    graphs = north("sparql", named, "--format", "csv").lines[1:]
    assert all(graph.startswith("https://catalogue.example/graph/") for graph in graphs)
    assert north.done("doctor", "--json").json["consistent"]
