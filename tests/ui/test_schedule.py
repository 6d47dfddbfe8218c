"""Scheduled harvests: who is due, in which order, and that they run with the very settings of the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from catalogue.settings import read_settings
from harvester.source import Source
from ui.schedule import due, environment

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_due_are_enabled_sources_whose_interval_has_passed_longest_overdue_first() -> None:
    sources = {
        Source("by-hand", "https://a.example/"): None,
        Source("off", "https://b.example/", every=60, enabled=False): None,
        Source("fresh", "https://c.example/", every=3600): NOW - timedelta(minutes=59),
        Source("late", "https://d.example/", every=3600): NOW - timedelta(minutes=61),
        Source("later", "https://e.example/", every=3600): NOW - timedelta(days=2),
        Source("never", "https://f.example/", every=86_400): None,
    }
    assert [source.name for source in due(sources, NOW)] == ["never", "later", "late"]


def test_the_other_process_reads_exactly_these_settings(tmp_path: Path) -> None:
    settings = read_settings(
        environment={},
        flags={"data": tmp_path, "languages": ("fi", "sv"), "allow_private": True, "sparql_timeout": 2.5},
    )
    own = {name: value for name, value in environment(settings).items() if name.startswith("GDI_")}
    assert read_settings(environment=own) == settings
