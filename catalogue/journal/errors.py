"""The journal's leaves of the error tree (drawn in `shapes.errors`)."""

from __future__ import annotations

from shapes.errors import BadInput, CannotWork, Missing


class JournalTooNew(CannotWork):
    """The journal was made by a newer version of the program."""

    code = "journal-too-new"
    title = "The journal is newer than the program"


class JournalDamaged(CannotWork):
    """The journal cannot be read: damaged, or not a journal."""

    code = "journal-damaged"
    title = "The journal is damaged"


class DiskFull(CannotWork):
    """No space is left for the journal. What was written before stays."""

    code = "disk-full"
    title = "The disk is full"


class JournalUnavailable(CannotWork):
    """The journal's file or server cannot be reached."""

    code = "journal-unavailable"
    title = "The journal cannot be reached"


class RunInProgress(CannotWork):
    """Another process harvests this source now."""

    code = "run-in-progress"
    title = "The source is being harvested"


class RunLost(CannotWork):
    """This run no longer holds its source: it was silent so long that another run took over."""

    code = "run-lost"
    title = "The run was taken over"


class NoSuchSource(Missing):
    """No source of that name is registered."""

    code = "no-such-source"
    title = "No such source"


class NoSuchRun(Missing):
    """No run of that number, or not of that source."""

    code = "no-such-run"
    title = "No such run"


class SourceExists(BadInput):
    """A source of that name is registered already."""

    code = "source-exists"
    title = "The source exists already"


class NothingRuns(BadInput):
    """No run of the source goes on now: there is nothing to end."""

    code = "nothing-runs"
    title = "No run goes on"


class NotHeld(BadInput):
    """The run is not held, or was decided before: there is nothing to approve or discard."""

    code = "not-held"
    title = "The run is not held"
