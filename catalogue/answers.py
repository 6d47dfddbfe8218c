"""What is kept of a source from one run to the next: its answers, its dates, and what its documents gave."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Final

from catalogue.journal.journal import Journal
from catalogue.journal.run import Outcome
from catalogue.settings import Settings
from harvester.answers import Answers
from harvester.dates import Dates
from harvester.recollections import Recollections
from harvester.source import Source

# A run that was cut short is gone on with while what it read is as good as what would be read now.
_RESUMABLE: Final = timedelta(hours=1)
_log = logging.getLogger(__name__)


def answers_folder(settings: Settings, source: str) -> Path:
    """Where the answers of a source are kept from one run to the next. It may be removed at any time between runs."""
    return settings.data / "answers" / source


def kept_answers(journal: Journal, source: Source, settings: Settings, *, full: bool) -> Answers:
    """Return the kept answers of a source for the run that has begun; it goes on from one that was just cut short."""
    since = None
    for run in journal.runs(source.name, limit=2)[1:]:
        fresh = journal.now() - run.started < _RESUMABLE
        if run.outcome is Outcome.INTERRUPTED and fresh and not full:
            since = run.started.timestamp()
            _log.info("%s: going on from run %d, which was cut short", source.name, run.id)
    folder, dates = answers_folder(settings, source.name), None
    if hours := settings.harvest_fdp_full_hours:
        dates = Dates(folder, hours * 3600, ask=not full)
    room = settings.harvest_kept_bytes
    recollections = Recollections(folder, source.protocol, room=room, ask=not full) if room else None
    return Answers(folder, room=room, ask=not full, since=since, dates=dates, recollections=recollections)
