"""Every search engine, empty, for suites that run over all of them. Elasticsearch runs where TEST_ELASTICSEARCH is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from catalogue.search.elastic import ElasticIndex
from catalogue.search.elastic.place import Place
from catalogue.search.embedded import EmbeddedIndex
from catalogue.search.port import SearchIndex

EMBEDDED: Final = "embedded"
ELASTICSEARCH: Final = "elasticsearch"
ENGINES: Final = [pytest.param(EMBEDDED), pytest.param(ELASTICSEARCH, marks=pytest.mark.service)]


def elastic_hosts() -> tuple[str, ...]:
    """The addresses of the server to test with; the test is skipped where there is none."""
    named = os.environ.get("TEST_ELASTICSEARCH")
    if not named:
        pytest.skip("TEST_ELASTICSEARCH names no Elasticsearch (scripts/services run -- COMMAND)")
    return tuple(named.split(","))


@contextmanager
def elastic_place(*, shards: int = 1) -> Iterator[Place]:
    """A name of its own on the server; what was made under it is removed."""
    place = Place(elastic_hosts(), prefix=f"test-{uuid4().hex[:12]}", shards=shards, timeout=60.0)
    try:
        yield place
    finally:
        with Elasticsearch(list(place.hosts), request_timeout=60.0) as client:
            names = list(client.indices.get(index=f"{place.prefix}*", allow_no_indices=True))
            if names:
                client.indices.delete(index=names)


@contextmanager
def opened(engine: str, folder: Path) -> Iterator[SearchIndex]:
    """An engine that holds nothing."""
    if engine == EMBEDDED:
        embedded = EmbeddedIndex(folder / "index")
        yield embedded
        embedded.close()
        return
    with elastic_place() as place:
        elastic = ElasticIndex(place)
        yield elastic
        elastic.close()
