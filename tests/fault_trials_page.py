"""The second half of docs/harvest-matrix.md: what came of each trial, written and read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from fault_trials import CODES, NODES, SLOW, Catalogue, Doors, fault_trial, trick_trial
from nodes.faulty_node import FAULTS, FaultyNode

from catalogue.journal.journal import Journal
from catalogue.journal.run import Outcome, Run

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "harvest-matrix.md"
_HEADING: Final = "### "
_ROW: Final = "| "
_OF_OTHERS: Final = frozenset({"unmatched"})  # it hangs on what else the journal holds
_WORST_LAST: Final = tuple(Outcome)

INTRODUCTION: Final = """
## Every protocol against every fault

A node with five datasets is harvested, then fails at each of its answers in turn (of faults that cost their whole time
limit: the first, a middle and the last), and is harvested under a policy that withdraws at the first absence. In each
trial the sums of the ledger match, every problem names its URL, and the next good run finds five datasets unchanged;
`tests/harvester/test_fault_matrix.py` asserts that, and that this page tells what came. *Removed* counts withdrawn and
held records of all kinds. Where the outcome is ok, the protocol did not need that answer, or got it otherwise.
"""


def section(journal: Journal, doors: Doors) -> Iterator[str]:
    """Yield the lines of the section; tries everything, which takes minutes."""
    yield INTRODUCTION
    for kind in NODES:
        yield from lines_of(kind, journal, doors)


def lines_of(kind: type[FaultyNode], journal: Journal, doors: Doors) -> Iterator[str]:
    """Yield what is told of one node."""
    yield f"{_HEADING}{kind.__name__}\n"
    yield f"`{kind.protocol}`: {(kind.__doc__ or '').strip().splitlines()[0]}\n"
    yield "| fault | runs | outcome | told as | removed |\n|---|---|---|---|---|"
    for name in (*FAULTS, *kind.tricks):
        yield f"{_ROW}{name} | {cell(name, _trial(kind, name, journal, doors))} |"
    yield ""


def _trial(kind: type[FaultyNode], name: str, journal: Journal, doors: Doors) -> list[Run]:
    catalogue = Catalogue(journal, f"{kind.__name__}-{name}".lower(), doors)
    return (fault_trial if name in FAULTS else trick_trial)(kind, name, catalogue)


def cell(name: str, runs: Sequence[Run]) -> str:
    """What is told of a trial: how many runs, how each ended, by which codes, and how many records were removed."""
    ended = Counter(run.outcome for run in runs)
    outcomes = ", ".join(f"{ended[each]} {each}" for each in _WORST_LAST if ended[each])
    removed = sum(counts.withdrawn + counts.held for run in runs for counts in (run, *run.others.values()))
    return f"{len(runs)} | {outcomes} | {_codes(name, runs)} | {removed}"


def _codes(name: str, runs: Sequence[Run]) -> str:
    """The codes of the ledger; of a time limit those it may have, since which it is hangs on the machine."""
    seen = {code for run in runs for code in run.problem_counts} - _OF_OTHERS
    expected = CODES.get(name, frozenset()) or frozenset()
    codes = expected if name in SLOW else seen
    return ", ".join(f"`{code}`" for code in sorted(codes)) or "–"


def cells(page: str) -> dict[tuple[str, str], str]:
    """Read the section: what it says of each node and fault."""
    found: dict[tuple[str, str], str] = {}
    node = ""
    for line in page.partition(INTRODUCTION.strip().splitlines()[0])[2].splitlines():
        if line.startswith(_HEADING):
            node = line.removeprefix(_HEADING)
        elif line.startswith(_ROW) and not line.startswith("| fault "):
            name, _, told = line.removeprefix(_ROW).removesuffix(" |").partition(" | ")
            found[node, name] = told
    return found
