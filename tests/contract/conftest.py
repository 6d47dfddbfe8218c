"""A journal on every database. PostgreSQL runs where TEST_POSTGRESQL names a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from journal_samples import SOURCE, Clock, empty

from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal

BACKENDS = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.service)]


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where an empty journal is to be."""
    if request.param == "sqlite":
        return tmp_path / "journal.sqlite"
    url = os.environ.get("TEST_POSTGRESQL")
    if url is None:
        pytest.skip("TEST_POSTGRESQL names no PostgreSQL database")
    empty(url)
    return url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(place: Path | str, clock: Clock) -> Iterator[Journal]:
    """A new journal with one source."""
    journal = open_journal(place, clock)
    journal.add_source(SOURCE)
    yield journal
    journal.close()
