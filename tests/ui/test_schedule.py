"""Scheduled harvests: who is due, in which order, and that they run with the very settings of the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sample_catalogue import empty_sample

from catalogue.settings import read_settings
from harvester.source import Source
from ui.app import create_app
from ui.schedule import due, environment, planned

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_due_are_enabled_sources_whose_interval_has_passed_longest_overdue_first() -> None:
    sources = {
        Source("by-hand", "https://a.example/"): None,
        Source("off", "https://b.example/", every=60, enabled=False): None,
        Source("fresh", "https://c.example/", every=3600): NOW - timedelta(minutes=59),
        Source("late", "https://d.example/", every=3600): NOW - timedelta(minutes=64),
        Source("later", "https://e.example/", every=3600): NOW - timedelta(days=2),
        Source("never", "https://f.example/", every=86_400): None,
        Source("at-four", "https://g.example/", cron="0 4 * * *"): NOW - timedelta(hours=9),
        Source("at-one", "https://h.example/", cron="0 13 * * *"): NOW - timedelta(hours=9),
    }
    assert [source.name for source in due(sources, NOW)] == ["never", "later", "at-four", "late"]


def test_sources_with_one_interval_do_not_all_begin_at_one_moment() -> None:
    daily = [planned(Source(f"node-{n}", "https://a.example/", every=86_400), NOW) for n in range(20)]
    nightly = [planned(Source(f"node-{n}", "https://a.example/", cron="30 4 * * *"), NOW) for n in range(20)]
    for times, first in ((daily, NOW + timedelta(days=1)), (nightly, datetime(2026, 5, 2, 4, 30, tzinfo=UTC))):
        delays = [time - first for time in times if time is not None]
        assert len(set(delays)) == 20
        assert all(timedelta() <= delay <= timedelta(minutes=10) for delay in delays)
        assert max(delays) > timedelta(minutes=5)
    quick = planned(Source("quick", "https://a.example/", every=600), NOW)
    assert quick is not None
    assert timedelta(0) <= quick - NOW - timedelta(minutes=10) <= timedelta(seconds=30)


def test_a_source_without_times_is_harvested_by_hand() -> None:
    assert planned(Source("by-hand", "https://a.example/"), NOW) is None


def test_the_other_process_reads_exactly_these_settings(tmp_path: Path) -> None:
    settings = read_settings(
        environment={},
        flags={"data": tmp_path, "languages": ("fi", "sv"), "allow_private": True, "sparql_timeout": 2.5},
    )
    own = {name: value for name, value in environment(settings).items() if name.startswith("GDI_")}
    assert read_settings(environment=own) == settings


def test_the_page_of_a_node_says_when_it_is_harvested(tmp_path: Path) -> None:
    made = empty_sample(tmp_path)
    said = {"hourly": "every 1 h", "nightly": "at the times <code>30 4 * * *</code> (UTC)", "by-hand": "by hand"}
    times: dict[str, dict[str, Any]] = {"hourly": {"every": 3600}, "nightly": {"cron": "30 4 * * *"}, "by-hand": {}}
    web = create_app(made.catalogue, made.settings).test_client()
    for name, stated in times.items():
        made.journal.add_source(Source(name, "https://a.example/", **stated))
        page = web.get(f"/node/{name}", headers={"Accept": "text/html"}).get_data(as_text=True)
        assert f"<dt>Harvested</dt><dd>{said[name]}</dd>" in page
    made.index.close()
    made.journal.close()
