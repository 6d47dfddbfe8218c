"""Zip archives: a folder in one file, opened without trusting it."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from nodes.fake_node import FakeNode
from nodes.samples import BASE, PREFIXES, catalogue, dataset, run

from harvester.archive import documents
from harvester.errors import BadEncoding
from harvester.http import Door
from harvester.limits import HarvestLimits
from shapes.errors import Fault, Hostile, TooLarge
from shapes.parse import Document

URL = "https://node.example/dump.zip"
PUBLISHER = f'{PREFIXES}<{BASE}org> a foaf:Agent ; foaf:name "The institute" .\n'


def packed(**members: str | bytes) -> bytes:
    """Return an archive of members; `__` in a name is a slash, `_` a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


def opened(data: bytes, cap: int = 1_000_000, members: int = 10) -> list[Document | Fault]:
    return list(documents(data, URL, cap, members=members))


@pytest.mark.parametrize("protocol", ["rdf", "auto"])
def test_an_archive_is_read_like_a_folder_on_the_web_and_here(
    node: FakeNode, door: Door, tmp_path: Path, protocol: str
) -> None:
    pointing = dataset("b", more=f" ; dct:publisher <{BASE}org>")
    data = packed(data__a_ttl=catalogue("a"), b_ttl=PREFIXES + pointing, orgs_ttl=PUBLISHER, readme_md="# Hello")
    (tmp_path / "dump.zip").write_bytes(data)
    for address in (str(tmp_path / "dump.zip"), node.serve("/dump", data, "text/turtle")):
        ledger = run(door, address, protocol=protocol)
        assert (sorted(ledger.new), ledger.complete, ledger.problems) == (["a", "b"], True, [])


def test_members_are_named_and_their_iris_are_their_own() -> None:
    first, second = opened(packed(x__a_ttl="<r> a <c> .", b_nt_gz=gzip.compress(b"<s:s> <p:p> <o:o> .")))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.name, first.data, first.media_type) == (
        f"{URL}#b.nt.gz",
        b"<s:s> <p:p> <o:o> .",
        "application/n-triples",
    )
    assert (second.name, second.base) == (f"{URL}#x/a.ttl", f"{URL}/x/a.ttl")


def test_a_faulty_member_costs_its_own_records_and_is_named(node: FakeNode, door: Door) -> None:
    data = packed(a_ttl=catalogue("a"), b_ttl=PREFIXES + dataset("b"))
    url = node.serve("/dump.zip", data)
    known = run(door, url).known()
    node.serve("/dump.zip", packed(a_ttl=catalogue("a"), b_ttl="<!DOCTYPE html><html></html>"))
    ledger = run(door, url, known)
    assert (len(ledger.unchanged), ledger.complete, ledger.codes) == (1, False, ["not-rdf"])
    assert ledger.problems[0].url == f"{url}#b.ttl"


def test_a_bomb_is_stopped_at_the_cap_of_all_members_together() -> None:
    found = opened(packed(a_nt=b"#" * 700, b_nt=b"#" * 700, c_nt=b"#" * 700), cap=1000)
    assert isinstance(found[0], Document)
    assert isinstance(found[1], TooLarge)
    assert len(found) == 2
    assert (found[1].detail, found[1].url) == ("The archive unpacks to more than the bytes allowed.", f"{URL}#b.nt")


def test_a_packed_member_counts_as_what_it_unfolds_to() -> None:
    (found,) = opened(packed(a_nt_gz=gzip.compress(b"#" * 100_000)), cap=5000)
    assert isinstance(found, TooLarge)


def test_sizes_that_lie_are_not_believed() -> None:
    data = bytearray(packed(a_nt=b"#" * 5000))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")  # the uncompressed size, as the directory states it
    (found,) = opened(bytes(data), cap=1000)
    assert isinstance(found, Fault)


def test_too_many_members_are_not_listed() -> None:
    with pytest.raises(TooLarge) as caught:
        opened(packed(**{f"n{n}_nt": "" for n in range(11)}))
    assert (caught.value.detail, caught.value.url) == ("The archive has more than the 10 files allowed.", URL)


@pytest.mark.parametrize("name", ["inner_zip", "inner_ttl"])
def test_an_archive_in_an_archive_stays_closed(name: str) -> None:
    (found,) = opened(packed(**{name: packed(a_ttl=catalogue("a"))}))
    assert isinstance(found, Hostile)
    assert found.detail == "This is an archive inside an archive, which is not opened."


def test_an_encrypted_member_is_told() -> None:
    data = bytearray(packed(a_ttl="x"))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (found,) = opened(bytes(data))
    assert isinstance(found, BadEncoding)
    assert found.detail == "This file of the archive is encrypted."


@pytest.mark.parametrize("cut", [30, 100])
def test_half_an_archive_is_none(node: FakeNode, door: Door, cut: int) -> None:
    data = packed(a_ttl=catalogue("a"))
    ledger = run(door, node.serve("/dump.zip", data[:-cut]), protocol="rdf")
    assert (ledger.codes, ledger.complete, ledger.new) == (["bad-encoding"], False, [])


def test_a_damaged_member_is_told() -> None:
    data = bytearray(packed(a_ttl=catalogue(*"abcdefgh")))
    data[60] ^= 0xFF
    (found,) = opened(bytes(data))
    assert isinstance(found, BadEncoding)
    assert found.url == f"{URL}#a.ttl"


def test_a_file_over_the_cap_is_refused(tmp_path: Path, make_door: Callable[..., Door]) -> None:
    (tmp_path / "dump.zip").write_bytes(packed(a_ttl=catalogue("a")))
    ledger = run(make_door(), str(tmp_path / "dump.zip"), limits=HarvestLimits(file=100))
    assert (ledger.codes, ledger.complete) == (["too-large"], False)


def test_hidden_files_and_what_macos_adds_are_passed_over() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in (".hidden.ttl", "__MACOSX/a.ttl", "x/._a.ttl", ".git/b.ttl"):
            archive.writestr(name, "x")
    assert opened(buffer.getvalue()) == []
