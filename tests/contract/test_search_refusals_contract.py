"""A record that an engine cannot take, on every engine: it is left out and told, and stops no other."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from search_engines import ENGINES, opened
from search_entries import listed

from catalogue.search.port import SearchIndex
from catalogue.text import Text

BROKEN = replace(listed("broken", "Broken"), source=None)  # type: ignore[arg-type]
UNWRITABLE = listed("half", "Half a pair", publisher=None, descriptions=(Text("\ud800"),))


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    with opened(request.param, tmp_path) as index:
        yield index


def test_an_index_is_made_anew_without_the_record_and_the_log_says_so(
    index: SearchIndex, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        index.rebuild([listed("first"), BROKEN, UNWRITABLE, listed("last")], 9, "s")
    assert set(index.digests()) == {"first", "last"}
    assert [record.getMessage() for record in caplog.records if record.name.startswith("catalogue")] == [
        "the search index cannot take the record broken",
        "the search index cannot take the record half",
    ]


@pytest.mark.parametrize("entry", [BROKEN, UNWRITABLE])
def test_applying_it_is_refused_and_changes_nothing(index: SearchIndex, entry: object) -> None:
    index.rebuild([listed("first")], 1, "s")
    with pytest.raises((AttributeError, UnicodeEncodeError)):
        index.apply([listed("second", seq=2), entry], 3)  # type: ignore[list-item]
    assert (set(index.digests()), index.cursor()) == ({"first"}, 1)
