from __future__ import annotations

import gzip
import lzma
from pathlib import Path

import pytest
from nodes.samples import BASE, PREFIXES, catalogue, dataset, run

from harvester.changes import Failed, New
from harvester.errors import BadAddress
from harvester.files import file_url, is_local, path_of, rdf_files
from harvester.http import Door
from harvester.limits import HarvestLimits
from shapes.record import Kind

PUBLISHER = f'{PREFIXES}<{BASE}org> a foaf:Agent ; foaf:name "The institute" .\n'
POINTING = f" ; dct:publisher <{BASE}org>"


def write(folder: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def body(ledger_event: New) -> str:
    return ledger_event.record.body.decode()


def test_what_is_a_local_address() -> None:
    assert [is_local(a) for a in ("/data/x.ttl", "x.ttl", "file:///x.ttl", "C:/x.ttl")] == [True] * 4
    assert [is_local(a) for a in ("http://node.example/", "https://node.example/", "ftp://x/")] == [False] * 3


def test_a_path_becomes_the_file_url_it_is_remembered_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert file_url("my data.ttl") == (tmp_path / "my data.ttl").as_uri()
    assert file_url("https://node.example/x") == "https://node.example/x"
    write(tmp_path, a_ttl="")
    assert path_of(file_url("a.ttl")) == tmp_path / "a.ttl"
    assert path_of("a.ttl") == Path("a.ttl")


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("file://server/share/x.ttl", "A file: URL can only name a file of this machine."),
        ("file:///no/such/file.ttl", "There is no such file or folder."),
        ("no-such-file.ttl", "There is no such file or folder."),
    ],
)
def test_a_file_that_is_not_there(door: Door, address: str, detail: str) -> None:
    with pytest.raises(BadAddress) as caught:
        path_of(address)
    assert (caught.value.detail, caught.value.url) == (detail, address)
    ledger = run(door, address)
    assert (ledger.codes, ledger.complete) == (["bad-address"], False)


@pytest.mark.parametrize(("suffix", "packer"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress)])
@pytest.mark.parametrize("protocol", ["auto", "rdf"])
def test_a_file_is_harvested_packed_or_not(
    tmp_path: Path, door: Door, suffix: str, packer: type, protocol: str
) -> None:
    path = tmp_path / f"catalog.ttl{suffix}"
    path.write_bytes(packer(catalogue("a", "b").encode()))
    for address in (str(path), path.as_uri()):
        ledger = run(door, address, protocol=protocol)
        assert (ledger.new, ledger.complete, ledger.problems) == (["a", "b"], True, [])
        assert (ledger.finished.requests, ledger.finished.bytes) == (0, 0)


def test_a_file_over_the_cap_is_refused_packed_or_not(tmp_path: Path, door: Door) -> None:
    write(tmp_path, a_ttl=catalogue("a"), b_ttl_gz=gzip.compress(b"#" * 1_000_000))
    for name in ("a.ttl", "b.ttl.gz"):
        ledger = run(door, str(tmp_path / name), limits=HarvestLimits(file=100))
        assert (ledger.codes, ledger.complete) == (["too-large"], False)
        assert ledger.problems[0].url == (tmp_path / name).as_uri()


def test_a_broken_archive_is_named(tmp_path: Path, door: Door) -> None:
    write(tmp_path, a_ttl_gz=gzip.compress(catalogue("a").encode())[:-12])
    ledger = run(door, str(tmp_path / "a.ttl.gz"))
    assert (ledger.codes, ledger.problems[0].detail) == (["truncated"], "The gzip data ends before its own end.")


def test_a_folder_is_one_graph_publishers_and_datasets_find_each_other(tmp_path: Path, door: Door) -> None:
    write(tmp_path, z__publishers_ttl=PUBLISHER, a_ttl=PREFIXES + dataset("a", more=POINTING))
    ledger = run(door, str(tmp_path))
    (event,) = ledger.of(New)
    assert '"The institute"' in body(event)
    assert ledger.complete


def test_a_folder_gives_its_rdf_files_in_order_and_nothing_hidden(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    write(outside, secret_ttl="")
    write(inside, b_ttl="", a_rdf_gz=b"", sub__c_jsonld="", readme_md="", notes_txt="", d_nt_xz=b"")
    (inside / ".git").mkdir()
    (inside / ".git" / "x.ttl").write_text("")
    (inside / ".hidden.ttl").write_text("")
    (inside / "link.ttl").symlink_to(outside / "secret.ttl")
    names = [path.relative_to(inside).as_posix() for path in rdf_files(inside)]
    assert names == ["a.rdf.gz", "b.ttl", "d.nt.xz", "sub/c.jsonld"]


def test_an_empty_folder_holds_no_records(tmp_path: Path, door: Door) -> None:
    ledger = run(door, str(tmp_path))
    assert (ledger.codes, ledger.complete) == (["no-records"], False)


def test_a_broken_file_makes_the_run_partial_and_the_others_go_on(tmp_path: Path, door: Door) -> None:
    write(
        tmp_path,
        a_ttl=PREFIXES + dataset("a"),
        b_ttl=PREFIXES + dataset("b"),
        c_ttl=PREFIXES + dataset("c"),
    )
    known = run(door, str(tmp_path)).known()
    write(
        tmp_path,
        a_ttl=PREFIXES + dataset("a", "A better dataset"),
        b_ttl=PREFIXES + dataset("b", "Another dataset") + f"<{BASE}d> a dcat:Data",
        c_ttl="<!DOCTYPE html><html></html>",
        e_ttl=PREFIXES + dataset("e"),
    )
    ledger = run(door, str(tmp_path), known)
    assert (ledger.changed, ledger.new, ledger.failed) == (["a"], ["e"], ["b"])
    assert sorted(ledger.codes) == ["not-rdf", "parse-error"]
    assert {p.url for p in ledger.problems} == {(tmp_path / "b.ttl").as_uri(), (tmp_path / "c.ttl").as_uri()}
    assert not ledger.complete
    assert {e.record.subject: e.record.complete for e in ledger.of(New)} == {f"{BASE}e": True}


def test_a_record_does_not_lose_its_publisher_to_a_broken_file(tmp_path: Path, door: Door) -> None:
    write(tmp_path, orgs_ttl=PUBLISHER, a_ttl=PREFIXES + dataset("a", more=POINTING) + dataset("b"))
    known = run(door, str(tmp_path)).known()
    write(tmp_path, orgs_ttl="502 Bad Gateway")
    ledger = run(door, str(tmp_path), known)
    assert (ledger.changed, ledger.failed, len(ledger.unchanged)) == ([], ["a"], 1)
    failure = next(e for e in ledger.of(Failed) if e.kind is Kind.DATASET)
    assert failure.problem.detail == (
        "The document it stands in could not be read whole; the last whole description is kept."
    )


def test_hydra_is_not_spoken_by_files(tmp_path: Path, door: Door) -> None:
    ledger = run(door, str(tmp_path), protocol="hydra")
    assert ledger.problems[0].detail == (
        "The protocol hydra reads pages over http(s); a file or folder is read with rdf."
    )
