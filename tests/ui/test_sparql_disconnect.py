"""Callers over the real server and real connections: who goes away frees the worker, and none holds the last one."""

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
    """A server with two workers, which a query may hold for ten minutes; it believes this very machine's proxy."""
    data = tmp_path_factory.mktemp("data")
    assert run(data, "doctor").returncode == 0
    own = {"sparql_timeout": "600", "sparql_workers": "2", "trusted_proxy": "127.0.0.1"}
    with serving(data, "--no-schedule", **own) as (url, _):
        yield url


def _turned_away(address: str, caller: str) -> bool:
    """Whether a caller, who may wait no longer than a moment, is turned away."""
    forwarded = {"Accept": FORM, "X-Forwarded-For": caller}
    status, body = get(f"{address}/sparql?query={ASK}&timeout=0.05", **forwarded)
    return status == 503 and json.loads(body)["code"] == "no-turn"


def test_a_caller_holds_one_worker_until_the_connection_is_closed(address: str) -> None:
    parts = urlsplit(address)
    head = f"Host: x\r\nAccept: {FORM}\r\nX-Forwarded-For: 10.0.0.1\r\n"
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=SECONDS) as connection:
        connection.sendall(f"GET /sparql?query={CROSS} HTTP/1.1\r\n{head}\r\n".encode())
        deadline = time.monotonic() + SECONDS
        while not _turned_away(address, "10.0.0.1"):
            assert time.monotonic() < deadline, "the query never held a worker"
        assert not _turned_away(address, "10.0.0.2")  # the other worker is for others
        assert _turned_away(address, "10.0.0.1")  # as long as the connection is there
    forwarded = {"Accept": FORM, "X-Forwarded-For": "10.0.0.1"}
    status, body = get(f"{address}/sparql?query={ASK}&timeout=60", **forwarded)
    assert (status, json.loads(body)["boolean"]) == (200, True)
    assert get(f"{address}/health")[0] == 200
