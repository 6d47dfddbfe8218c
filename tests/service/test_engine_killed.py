"""One engine that is killed: in the middle of a rebuild, at any moment, and what is found when it is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from real_servers import Elasticsearch

from catalogue.assemble import House, open_house
from catalogue.behind import ProjectionsBehind
from catalogue.search.elastic.server import Server
from catalogue.search.parsing import make_query
from catalogue.settings import Settings
from harvester.source import Source

pytestmark = pytest.mark.service

DATASETS = 60


@contextmanager
def killed_at(engine: Elasticsearch, step: str, *, before: bool) -> Iterator[list[str]]:
    """Kill the engine when a rebuild comes to a step, before it or right after; give what was asked of it by then."""
    done: list[str] = []
    original = getattr(Server, step)

    def kills(server: Server, *arguments: object, **options: object) -> object:
        done.append(step)
        if before:
            engine.kill()
        answer = original(server, *arguments, **options)
        engine.kill()
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Server, step, kills)
        yield done


def generations(engine: Elasticsearch, settings: Settings) -> list[str]:
    """The indices of this catalogue that are on the engine."""
    found = engine.get(f"/{settings.search_prefix}*?filter_path=*.aliases")
    assert found is not None
    return sorted(found)


def harvested(house: House, source: Source) -> None:
    run = house.harvest(source)
    assert run.outcome in {"ok", "warnings"}, run.problems
    house.settle()


def titles(house: House, text: str) -> list[str]:
    page = house.catalogue.search(make_query(text, size=1000))
    assert page.total == len(page.hits)
    return sorted(hit.title for hit in page.hits)


@pytest.mark.parametrize(
    ("step", "before"),
    [("create", False), ("bulk", True), ("bulk", False), ("settle", False), ("alias", True), ("alias", False)],
    ids=["begun", "before-documents", "with-documents", "complete", "before-the-swap", "after-the-swap"],
)
def test_an_engine_killed_in_the_middle_of_a_rebuild_loses_nothing(
    engine: Elasticsearch,
    settings_for: Callable[..., Settings],
    publish: Callable[..., Path],
    step: str,
    *,
    before: bool,
) -> None:
    engine.start()
    settings = settings_for(engine.url)
    source = Source("north", str(publish(DATASETS)))
    with open_house(settings) as house:
        house.journal.add_source(source)
        harvested(house, source)
        old = titles(house, "genomes")
        assert old
        with killed_at(engine, step, before=before) as done, pytest.raises(ProjectionsBehind) as behind:
            house.reindex(["index"])
        assert done[0] == step
        assert [trouble.part for trouble in behind.value.troubles] == ["index"]
        assert engine.pid is None

    engine.start()
    with open_house(settings) as house:
        assert titles(house, "genomes") == old, "the old content answers, or the new one, which is the same"
        publish(DATASETS + 5, "survey")
        harvested(house, source)
        assert len(titles(house, "survey")) == DATASETS + 5
        assert titles(house, "study") == []
        assert house.diagnose().consistent
        house.reindex(["index"])
        assert len(titles(house, "survey")) == DATASETS + 5
        assert house.diagnose().consistent
    assert len(generations(engine, settings)) == 2, "what killed rebuilds left is gone"


def test_an_engine_that_lost_everything_is_filled_again(
    engine: Elasticsearch, settings_for: Callable[..., Settings], publish: Callable[..., Path]
) -> None:
    engine.start()
    settings = settings_for(engine.url)
    source = Source("north", str(publish(DATASETS)))
    with open_house(settings) as house:
        house.journal.add_source(source)
        harvested(house, source)
    engine.kill()
    engine.forget()
    engine.start()
    with open_house(settings) as house:
        found = house.diagnose()
        assert (found.consistent, len(found.missing)) == (False, DATASETS)
        house.settle()
        assert len(titles(house, "genomes")) > 0
        assert house.diagnose().consistent
