"""Entries as projections get them: read, resolved, and with the source they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from journal_samples import SOURCE, fill, opened, record

from catalogue.dac.committee import Committee, Method
from catalogue.describe import DERIVATION, Describer
from catalogue.entry import Entry
from catalogue.journal.journal import Journal
from catalogue.text import Text
from shapes.record import Kind


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened(tmp_path) as journal:
        journal.add_source(SOURCE)
        yield journal


def entry(journal: Journal, describer: Describer, given: str) -> Entry:
    state = journal.current(given)
    assert state is not None
    return describer.entry(state)


def test_a_dataset_is_read_and_a_service_is_not(journal: Journal) -> None:
    dataset, series, service = fill(
        journal, record("a", "Rare diseases"), record("s", kind=Kind.SERIES), record("v", kind=Kind.SERVICE)
    )
    describer = Describer(journal)
    read = entry(journal, describer, dataset)
    assert (read.source, read.state.id) == (SOURCE, dataset)
    assert read.dataset is not None
    assert (read.dataset.id, read.dataset.titles) == (dataset, (Text("Rare diseases", "en"),))
    assert read.access.decider.method is Method.NONE
    assert entry(journal, describer, series).dataset is not None
    assert entry(journal, describer, service).dataset is None


def test_committees_count_from_the_next_refresh_and_change_the_stamp(journal: Journal) -> None:
    (given,) = fill(journal, record("a"))
    describer = Describer(journal)
    stamp = describer.refresh()
    assert stamp == f"{DERIVATION}.{journal.registry_version()}"
    journal.put_committees([Committee("be-dac", (Text("The committee", "en"),))], "dacs.toml")
    journal.update_source(replace(SOURCE, default_dac="be-dac"))
    assert entry(journal, describer, given).access.decider.method is Method.NONE
    assert describer.refresh() != stamp
    links = entry(journal, describer, given).access.links
    assert [(link.committee.id, link.method) for link in links] == [("be-dac", Method.NODE_DEFAULT)]


def test_a_source_registered_or_removed_since_is_known(journal: Journal) -> None:
    describer = Describer(journal)
    late = replace(SOURCE, name="nl")
    journal.add_source(late)
    (given,) = fill(journal, record("a"), source="nl")
    assert entry(journal, describer, given).source == late
    journal.remove_source("nl")
    assert entry(journal, describer, given).source == late
