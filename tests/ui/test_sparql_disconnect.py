"""A client that goes away frees the worker its query held: over the real server and a real connection."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from program import SECONDS, get, run, serving

CROSS = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
ASK = quote("ASK { FILTER(RAND() < 2) }")  # of chance, so that no answer kept from before is given
FORM = "application/sparql-results+json"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with one worker, which a query may hold for ten minutes."""
    data = tmp_path_factory.mktemp("data")
    assert run(data, "doctor").returncode == 0
    with serving(data, "--no-schedule", sparql_timeout="600", sparql_workers="1") as (url, _):
        yield url


def _held(address: str) -> bool:
    """Whether the only worker is busy: a query that may wait no longer than a moment is turned away."""
    status, body = get(f"{address}/sparql?query={ASK}&timeout=0.05", Accept=FORM)
    return status == 503 and json.loads(body)["code"] == "no-turn"


def test_the_worker_of_a_closed_connection_serves_the_next(address: str) -> None:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=SECONDS) as connection:
        connection.sendall(f"GET /sparql?query={CROSS} HTTP/1.1\r\nHost: x\r\nAccept: {FORM}\r\n\r\n".encode())
        deadline = time.monotonic() + SECONDS
        while not _held(address):
            assert time.monotonic() < deadline, "the query never held the worker"
        assert _held(address)  # for as long as its client is there
    status, body = get(f"{address}/sparql?query={ASK}&timeout=60", Accept=FORM)
    assert (status, json.loads(body)["boolean"]) == (200, True)
    assert get(f"{address}/health")[0] == 200
