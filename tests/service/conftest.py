"""Engines that are lost on purpose: a cluster of three nodes, and single nodes, started and ended by the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nodes.samples import BASE, PREFIXES
from real_cluster import Cluster
from real_servers import Elasticsearch, NotInstalled

from catalogue.settings import Settings, read_settings

WORDS = ("genomes", "exomes", "cohort", "registry", "rare", "cancer", "lung", "infection", "twins", "biobank")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Three nodes; a test leaves them as it found them."""
    try:
        made = Cluster()
    except NotInstalled as error:
        pytest.skip(str(error))
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def engine() -> Iterator[Elasticsearch]:
    """One node, not started yet."""
    try:
        made = Elasticsearch()
    except NotInstalled as error:
        pytest.skip(str(error))
    yield made
    made.kill()
    made.close()


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[..., Settings]:
    """Settings of a catalogue of its own on these engines."""

    def make(*urls: str, **flags: str | float) -> Settings:
        own = {"data": tmp_path / "data", "profile": "gdi-core", "search": urls, "search_prefix": tmp_path.name}
        return read_settings(environment={}, flags={**own, **flags})

    return make


@pytest.fixture
def publish(tmp_path: Path) -> Callable[[int, str], Path]:
    """Write a file with so many datasets, each with a title of three words; return its path."""
    file = tmp_path / "catalogue.ttl"

    def write(count: int, word: str = "study") -> Path:
        lines = [PREFIXES]
        for n in range(count):
            some = " ".join(WORDS[(n * step + step) % len(WORDS)] for step in (1, 3, 7))
            theme = "HEAL" if n % 3 else "TECH"
            lines.append(
                f'<{BASE}d{n}> a dcat:Dataset ; dct:title "{word} of {some}"@en ; dct:identifier "d-{n}" ;\n'
                f"  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/{theme}> ;\n"
                f'  dct:description "Number {n} of them: {some}, seen by the {word}."@en .'
            )
        file.write_text("\n".join(lines), "utf-8")
        return file

    return write
