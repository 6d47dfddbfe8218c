"""The protocol sparql against endpoints nobody wrote for it: Oxigraph's server, and any other that a test run names."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodes.samples import Ledger, run

from harvester.changes import New
from harvester.http import Door

pytestmark = pytest.mark.service


@pytest.fixture
def catalogue_file(shared_data: Path) -> Path:
    return shared_data / "real-be-health" / "node-a-sciensano-2025-04-13.ttl"


@pytest.fixture
def oxigraph(catalogue_file: Path, tmp_path: Path) -> Iterator[str]:
    """Oxigraph's server with a real catalogue in it; its URL."""
    program = shutil.which(os.environ.get("TEST_OXIGRAPH", "oxigraph"))
    if program is None:
        pytest.skip("there is no program oxigraph (pip install oxigraph), and TEST_OXIGRAPH names none")
    store = str(tmp_path / "store")
    subprocess.run([program, "load", "--location", store, "--file", str(catalogue_file)], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [program, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
        assert server.stderr is not None
        server.stderr.readline()  # it says that it listens
        yield f"http://127.0.0.1:{port}/query"
        server.terminate()


def digests(ledger: Ledger) -> dict[str, str]:
    return {e.record.subject: e.record.digest for e in ledger.of(New)}


def same_as_the_file(door: Door, url: str, path: Path) -> None:
    found = run(door, url, protocol="sparql")
    assert (len(found.new), found.complete, found.problems) == (146, True, [])
    assert digests(found) == digests(run(door, str(path), protocol="rdf"))
    assert run(door, url).new == found.new


def test_oxigraph_gives_the_catalogue_it_was_given(door: Door, oxigraph: str, catalogue_file: Path) -> None:
    same_as_the_file(door, oxigraph, catalogue_file)


def test_another_endpoint_gives_the_catalogue_it_was_given(door: Door, catalogue_file: Path) -> None:
    url = os.environ.get("TEST_SPARQL_ENDPOINT")
    if url is None:
        pytest.skip("TEST_SPARQL_ENDPOINT names no endpoint that holds real-be-health/node-a-sciensano-2025-04-13.ttl")
    same_as_the_file(door, url, catalogue_file)
