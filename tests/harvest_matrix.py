"""Real and broken catalogues harvested, one row for what each run of each said; and every protocol against every fault.

The files are read from `shared/data` beside the checkout, or from `TEST_SHARED`. Without an option the page is printed.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Final

from fault_trials import doors
from fault_trials_page import PAGE, section
from harvest_deliveries import Case, cases
from nodes.fake_node import FakeNode

from catalogue.ingest import ingest
from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal
from catalogue.journal.run import Outcome, Run
from catalogue.settings import Settings, read_settings
from harvester.address import AddressPolicy
from harvester.changes import Problem
from harvester.http import Door, DoorSettings
from harvester.patience import Patience
from harvester.source import Source

ROOT: Final = Path(__file__).resolve().parent.parent
_DETECTED: Final = "detected"
_LONGEST: Final = 240  # characters of an example
_HEADING: Final = "## "
_QUOTED: Final = re.compile(r"begins with '.*?'(?=\. )")  # the data stay where they are: nothing of them is quoted

INTRODUCTION: Final = """# What harvesting real and broken catalogues says

Made by `python tests/harvest_matrix.py --write`; `--check` says whether it is what the program does. Each file is
harvested as a dump; what is a protocol's is served by a node on loopback. Each is harvested by the usual policy into a
journal of its own name, validated and counted. Figures are of datasets; *others* are catalogues, series and services.

- The sums match in every row: seen = new + changed + unchanged + rejected + failed.
- Each delivery is harvested a second time at once, and *again* says what that changed: *same* is nothing.
- A row that begins with *then* is what the same source gives next. A record that is absent is withdrawn by the second
  complete run without it: *withdrawn* is 0 in every first one.
- *Incomplete*: records that are listed, marked, from a document that could not be read whole. They never replace a
  whole description.
"""
_COLUMNS: Final = ("new", "changed", "unchanged", "rejected", "failed", "withdrawn", "held")
_HEAD: Final = ("delivered", "protocol", "outcome", "seen", *_COLUMNS, "incomplete", "others", "again", "problems")


@dataclass(frozen=True)
class Row:
    """One run. `incomplete` counts its listed datasets that stand on a document that could not be read whole.

    `again`: the run of the same delivery, harvested a second time.
    """

    group: str
    name: str
    protocol: str
    run: Run
    incomplete: int
    again: Run
    hidden: Mapping[str, str]

    def line(self) -> str:
        run = self.run
        others = ", ".join(f"{counts.seen} {kind.value}" for kind, counts in sorted(run.others.items()) if counts.seen)
        figures = [str(run.seen), *(str(getattr(run, name)) for name in _COLUMNS), str(self.incomplete)]
        whole = run.complete or run.outcome in {Outcome.FAILED, Outcome.PARTIAL}
        outcome = run.outcome.value if whole else f"{run.outcome} (not whole)"
        told = (self.name, self.protocol, outcome, *figures, others or "–", self._again(), self._problems())
        return "| " + " | ".join(told) + " |"

    def _again(self) -> str:
        """What the second harvest of the same changed."""
        run = self.again
        same = "same" if run.new == run.changed == 0 else f"{run.new} new, {run.changed} changed"
        gone = {name: getattr(run, name) for name in ("withdrawn", "held") if getattr(run, name)}
        return ", ".join((same, *(f"{number} {name}" for name, number in gone.items())))

    def _problems(self) -> str:
        """Every code with its number and one example, in the order they were met."""
        parts = []
        for code, count in self.run.problem_counts.items():
            if code != _DETECTED:
                example = next((each for each in self.run.problems if each.code == code), None)
                parts.append(f"`{code}` {count}" + (f": {self._told(example)}" if example else ""))
        return "<br>".join(parts) or "–"

    def _told(self, problem: Problem) -> str:
        places = (problem.url, problem.record, problem.line and f"line {problem.line}")
        text = f"{problem.detail} ({', '.join(str(place) for place in places if place)})"
        for own, shown in self.hidden.items():
            text = text.replace(own, shown)
        text = _QUOTED.sub("begins with …", " ".join(text.split()))
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        return shown.replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


def rows(case: Case, data: Path, journal: Journal, door: Door, settings: Settings) -> Iterator[Row]:
    """Harvest what a source gives, each delivery twice."""
    name = f"source-{len(journal.sources())}"
    journal.add_source(Source(name, "http://127.0.0.1/"))
    before = ""
    with FakeNode() as node:
        hidden = {node.base: "http://node.example", f"file://{data}/": "", f"{data}/": ""}
        for delivery in case.deliveries:
            source = Source(name, delivery.lay(node, data), protocol=case.protocol, allow_private=True)
            run = ingest(journal, source, door=door, settings=settings)
            incomplete = sum(not state.complete for state in journal.heads(source=name))
            again = ingest(journal, source, door=door, settings=settings)
            assert (run.seen, run.as_json()["seen"]) == (again.seen, _sum(run)), (case, run.as_json())
            told = journal.run(run.id)
            yield Row(case.group, before + delivery.name, _protocol(case, told), told, incomplete, again, hidden)
            before = "then "


def _sum(run: Run) -> int:
    return run.new + run.changed + run.unchanged + run.rejected + run.failed


def _protocol(case: Case, run: Run) -> str:
    """What the source is registered with, and what that was found to be."""
    found = next((problem.detail for problem in run.problems if problem.code == _DETECTED), None)
    return case.protocol if found is None else f"auto: {found.rpartition(' ')[2].rstrip('.')}"


@contextmanager
def harvesting(data: Path) -> Iterator[Callable[[Case], list[Row]]]:
    """Give what harvests a case into a fresh journal."""
    with tempfile.TemporaryDirectory(prefix="gdi-matrix-") as folder:
        settings = read_settings(environment={}, flags={"data": Path(folder), "harvest_kept_bytes": 0})
        journal = open_journal(Path(folder) / "journal.sqlite")
        door = Door(policy=AddressPolicy(), patience=Patience(retries=0))
        try:
            yield lambda case: list(rows(case, data, journal, door, settings))
        finally:
            door.close()
            journal.close()


def first_half(data: Path) -> Iterator[str]:
    """Yield the lines of the page about files."""
    yield INTRODUCTION
    group = ""
    with harvesting(data) as harvest:
        for case in cases(data):
            if case.group != group:
                group = case.group
                yield f"\n{_HEADING}{group}\n"
                yield "| " + " | ".join(_HEAD) + " |"
                yield "|" + "---|" * len(_HEAD)
            yield from (row.line() for row in harvest(case))


def second_half() -> Iterator[str]:
    """Yield the lines of the page about faults."""

    def make(*, retries: int, policy: AddressPolicy, **settings: float) -> Door:
        return Door(DoorSettings(**settings), policy=policy, patience=Patience(retries=retries))  # type: ignore[arg-type]

    with tempfile.TemporaryDirectory(prefix="gdi-matrix-") as folder:
        journal = open_journal(Path(folder) / "journal.sqlite")
        both = doors(make)
        try:
            yield from section(journal, both)
        finally:
            both.patient.close()
            both.hasty.close()
            journal.close()


def page(halves: Iterable[Iterable[str]]) -> str:
    """Return docs/harvest-matrix.md."""
    return "\n".join(line for half in halves for line in half).rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    what.add_argument("--check", action="store_true", help="exit 1, and show the difference, where the page is another")
    given = parser.parse_args()
    data = (Path(os.environ.get("TEST_SHARED", ROOT.parent / "shared")) / "data").resolve()  # as documents are named
    if not data.is_dir():
        parser.error(f"the shared test data is not at {data} (set TEST_SHARED)")
    made = page((first_half(data), second_half()))
    if given.write:
        PAGE.write_text(made, "utf-8")
    elif given.check:
        told = list(unified_diff(PAGE.read_text("utf-8").splitlines(), made.splitlines(), "page", "now", lineterm=""))
        sys.stdout.write("\n".join(told or ["The page is what the program does."]) + "\n")
        return 1 if told else 0
    else:
        sys.stdout.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
