"""Three nodes, of which one is lost: nobody who searches notices, and what is written meanwhile is there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
from real_cluster import Cluster
from real_servers import until

from catalogue.assemble import House, open_house
from catalogue.search.elastic import ElasticIndex, read_place
from catalogue.search.parsing import make_query
from catalogue.search.port import SearchIndex
from catalogue.search.query import Page, Query
from catalogue.settings import Settings
from harvester.source import Source
from shapes.errors import Fault

pytestmark = pytest.mark.service

QUERIES = (
    make_query(""),
    make_query("genomes"),
    make_query("rare twins", [("theme", "HEAL")]),
    make_query('"of genomes"', page=2, size=5),
    make_query("canc*", sort="title"),
    make_query("genmoes"),
)


def answer(page: Page) -> tuple[object, ...]:
    """What must not change: which hits in which order, how many, and every count."""
    counts = [(facet.name, facet.missing, [(v.value, v.count) for v in facet.values]) for facet in page.facets]
    return page.total, [hit.id for hit in page.hits], counts


@dataclass
class Readers:
    """Readers who search without a pause, each with a client of its own."""

    settings: Settings
    expected: list[tuple[object, ...]]
    right: int = 0
    wrong: list[Query] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._threads = [threading.Thread(target=self._read) for _ in range(3)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def more(self, count: int) -> None:
        """Wait until so many more answers came, right or not."""
        wanted = self._answers() + count
        until(lambda: self._answers() >= wanted, f"{count} more answers did not come", 120)

    def _answers(self) -> int:
        return self.right + len(self.wrong) + len(self.failed)

    def _read(self) -> None:
        index: SearchIndex = ElasticIndex(read_place(self.settings))
        while not self._stop.is_set():
            for query, expected in zip(QUERIES, self.expected, strict=True):
                try:
                    same = answer(index.search(query)) == expected
                except Fault as fault:
                    with self._lock:
                        self.failed.append(str(fault))
                    continue
                with self._lock:
                    self.right += same
                    self.wrong += [] if same else [query]
        index.close()


def leader(cluster: Cluster) -> str:
    """The node that leads."""
    state = next(iter(cluster.nodes.values())).get("/_cluster/state/master_node,nodes")
    assert state is not None
    return str(state["nodes"][state["master_node"]]["name"])


def harvested(house: House, source: Source) -> None:
    run = house.harvest(source)
    assert run.outcome in {"ok", "warnings"}, run.problems
    house.settle()


def test_one_of_three_nodes_is_lost_and_comes_back(
    cluster: Cluster, settings_for: Callable[..., Settings], publish: Callable[..., Path]
) -> None:
    settings = settings_for(*cluster.urls, search_shards=3)
    source = Source("north", str(publish(150)))
    with open_house(settings) as house:
        house.journal.add_source(source)
        harvested(house, source)
        cluster.wait_for(3, "green")
        expected = [answer(house.catalogue.search(query)) for query in QUERIES]
        assert expected[0][0] == 150
        assert all(total for total, *_ in expected)
        lost = cluster.nodes[leader(cluster)]
        with Readers(settings, expected) as readers:
            readers.more(60)
            lost.kill()
            readers.more(120)
            cluster.wait_for(2, "yellow", "green")
            readers.more(60)
        assert (readers.wrong, readers.failed) == ([], [])
        assert readers.right >= 240

        publish(170, "survey")
        harvested(house, source)
        assert house.catalogue.search(Query()).total == 170
        assert house.catalogue.search(Query("survey")).total == 170
        assert house.diagnose().consistent
        lost.start()
        cluster.wait_for(3, "green")
        assert house.catalogue.search(Query("survey")).total == 170
        assert house.diagnose().consistent
