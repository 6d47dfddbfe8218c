"""When the embedded store's files are merged: every query looks into each file that is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from store_entries import LAYOUT, entry

from catalogue.store import embedded
from catalogue.store.embedded import EmbeddedStore
from catalogue.store.graphs import Graphs
from catalogue.store.pool import Pool
from catalogue.store.port import SparqlQuery


def test_files_are_merged_once_much_was_loaded_and_not_for_a_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_AT_ONCE", 1)

    def pool(snapshot: Callable[[], Path]) -> Pool:
        return Pool(snapshot, LAYOUT.base, size=1)

    store = EmbeddedStore(tmp_path / "store", Graphs(LAYOUT), dict, pool)

    def read(number: int) -> dict[str, int]:
        store.apply([entry(f"r{n}", seq=n) for n in range(number, number * 2)], number * 2)
        assert store.refreshed() == "", "there is something to do, whatever it was last told"
        store.refresh("later")
        said: dict[str, int] = json.loads((tmp_path / "store" / "current.json").read_text("utf-8"))
        return said

    first = read(8)
    assert first["loaded"] == 0 < first["merged"]
    store.apply([entry("one-more", seq=20)], 20)
    assert store.refreshed() == "later"
    store.refresh("later")
    later = json.loads((tmp_path / "store" / "current.json").read_text("utf-8"))
    assert later["loaded"] > 0
    assert later["merged"] == first["merged"]
    counted = json.loads(store.ask(SparqlQuery("SELECT (COUNT(*) AS ?n) { ?d a dcat:Dataset }")).body)
    assert counted["results"]["bindings"][0]["n"]["value"] == "9"
    store.close()
