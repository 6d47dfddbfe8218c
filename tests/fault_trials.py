"""Every protocol against everything that can go wrong: the table of it, and how one trial of it goes.

A trial harvests an honest node into a journal, lets it fail at each of its answers in turn, and harvests again under
the harshest policy there is: one complete run without a record withdraws it. A node brings its row by being in `NODES`.
`tests/harvester/test_fault_matrix.py` asserts all of it, `tests/harvest_matrix.py` writes down what came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from nodes.beacon_node import BeaconNode
from nodes.ckan_node import CkanDatasetsNode, CkanDcatNode, CkanNode
from nodes.ega_node import EgaNode
from nodes.faulty_node import FaultyNode
from nodes.fdp_node import MiniFdpNode, ReferenceFdpNode, StandaloneFdpNode
from nodes.hydra_node import HydraNode
from nodes.ldes_node import LdesNode
from nodes.oaipmh_node import OaipmhNode
from nodes.rdf_node import RdfNode
from nodes.samples import no_findings
from nodes.schemaorg_node import SchemaorgNode
from nodes.sparql_node import SparqlNode

from catalogue.ingest import Intake
from catalogue.journal.journal import Journal
from catalogue.journal.run import Counts, Outcome, Run
from catalogue.removal import Policy
from harvester.address import AddressPolicy
from harvester.changes import Event
from harvester.harvest import harvest
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.limits import HarvestLimits
from harvester.source import Source
from shapes.record import Kind

NODES: Final[tuple[type[FaultyNode], ...]] = (
    RdfNode,
    HydraNode,
    ReferenceFdpNode,
    MiniFdpNode,
    StandaloneFdpNode,
    CkanNode,
    CkanDatasetsNode,
    CkanDcatNode,
    OaipmhNode,
    LdesNode,
    SparqlNode,
    SchemaorgNode,
    BeaconNode,
    EgaNode,
)
NAMES: Final = ("a", "b", "c", "d", "e")
# One complete run without a record withdraws it, and as many at once as there are.
HARSHEST: Final = Policy(grace_runs=1, shrink_percent=100, shrink_records=1_000_000)

# What a fault of the transport may be called in the ledger. `None`: it is no fault, everything is read all the same.
CODES: Final[dict[str, frozenset[str] | None]] = {
    "500": frozenset({"http-status"}),
    "503": frozenset({"http-status"}),
    "403": frozenset({"http-status", "draft"}),
    "timeout": frozenset({"timeout", "out-of-time"}),
    "slow-drip": frozenset({"out-of-time", "timeout"}),  # a busy machine may not even drip
    "cut-off": frozenset({"truncated"}),
    "empty": frozenset({"no-dataset", "not-rdf", "bad-answer"}),
    "other-rdf": frozenset({"no-dataset", "no-records", "bad-answer", "paging-lost"}),
    "html": frozenset({"no-dataset", "not-rdf", "bad-answer"}),
    "wrong-type": None,
    "redirect-circle": frozenset({"bad-redirect"}),
    "redirect-private": frozenset({"address-blocked"}),
    "redirect-cloud": frozenset({"address-blocked"}),
    "gzip-bomb": frozenset({"too-large"}),
    "doctype": frozenset({"no-dataset", "hostile-input", "bad-answer"}),
    "remote-context": frozenset({"hostile-input", "bad-answer"}),
}
# These cost their whole time limit, so they are tried at the first, a middle and the last answer only.
SLOW: Final = frozenset({"timeout", "slow-drip"})


@dataclass(frozen=True)
class Doors:
    """What a node is asked through: one that waits, and one that soon gives up. Both open the node's own port alone."""

    patient: Door
    hasty: Door


def doors(make: Callable[..., Door]) -> Doors:
    """Make both; `make` takes the keyword arguments of `DoorSettings`, and `retries` and `policy`."""
    patient = make(retries=0, policy=AddressPolicy(), max_bytes=1024 * 1024)
    return Doors(patient, make(retries=0, policy=AddressPolicy(), read=0.2, total=0.4))


class Catalogue:
    """A journal seen from one source: harvests a node into it, and says what it lists of it."""

    def __init__(self, journal: Journal, name: str, doors: Doors) -> None:
        self._journal = journal
        self._name = name
        self._doors = doors
        journal.add_source(Source(name, "http://127.0.0.1/"))

    def harvest(self, node: FaultyNode, *, hasty: bool = False, protocol: str | None = None) -> Run:
        door = self._doors.hasty if hasty else self._doors.patient
        source = Source(self._name, node.start, protocol=protocol or node.protocol, allow_private=True)

        def events(known: Sequence[KnownRecord]) -> Iterator[Event]:
            yield from harvest(source, known, door=door, judge=no_findings, limits=HarvestLimits(pages=60))

        return Intake(self._journal, self._name, HARSHEST, no_findings, "test").run(events)

    def listed(self) -> set[str]:
        return {state.subject for state in self._journal.heads(source=self._name)}


def check(run: Run, catalogue: Catalogue, before: set[str]) -> None:
    """Nothing removed, nothing held, every sum right, every problem placed."""
    figures = run.as_json()
    assert figures["seen"] == sum(int(str(figures[n])) for n in ("new", "changed", "unchanged", "rejected", "failed"))
    assert (run.withdrawn, run.held) == (0, 0)
    assert all(counts.withdrawn == 0 for counts in run.others.values())
    assert before <= catalogue.listed()
    assert all(problem.url for problem in run.problems)


def figures(run: Run, kind: type[FaultyNode]) -> Counts:
    """The figures of what a node gives: of datasets, or of what is said of them."""
    return run if kind.gives is Kind.DATASET else run.others.get(kind.gives, Counts())


def answers(node: FaultyNode, catalogue: Catalogue) -> int:
    """Harvest an honest node; return how many addresses it was asked for."""
    run = catalogue.harvest(node)
    assert (run.outcome, run.complete, figures(run, type(node)).new) == (Outcome.OK, True, len(NAMES)), run.problems
    return node.answers


@contextmanager
def _tried(kind: type[FaultyNode], catalogue: Catalogue) -> Iterator[tuple[FaultyNode, int]]:
    """Give an honest node that was harvested, and how many answers it has; afterwards it must be as if nothing was."""
    with kind(*NAMES) as node:
        yield node, answers(node, catalogue)
        node.recover()
        healed = catalogue.harvest(node)
    counts = figures(healed, kind)
    assert (healed.outcome, counts.unchanged, counts.new) == (Outcome.OK, len(NAMES), 0), healed.problems


def fault_trial(kind: type[FaultyNode], fault: str, catalogue: Catalogue) -> list[Run]:
    """Let each answer of a node fail in turn; return the runs. Asserts that nothing is lost and all is told."""
    runs = []
    with _tried(kind, catalogue) as (node, count):
        before = catalogue.listed()
        places = sorted({1, (count + 1) // 2, count}) if fault in SLOW else range(1, count + 1)
        for at in places:
            node.fail(fault, at=at)
            run = catalogue.harvest(node, hasty=fault in SLOW)
            check(run, catalogue, before)
            codes = CODES[fault]
            if codes is None or (fault in kind.survives and run.outcome is Outcome.OK):
                assert (run.complete, figures(run, kind).unchanged) == (True, len(NAMES)), (at, run.problems)
            else:
                assert run.outcome in {Outcome.FAILED, Outcome.PARTIAL}, (at, run.outcome, run.problems)
                assert codes & set(run.problem_counts), (at, run.problems)
            runs.append(run)
    return runs


def trick_trial(kind: type[FaultyNode], trick: str, catalogue: Catalogue) -> list[Run]:
    """Let a node mislead in a way of its protocol's own; return the run. Asserts the same."""
    with _tried(kind, catalogue) as (node, _):
        before = catalogue.listed()
        node.fail(trick)
        run = catalogue.harvest(node)
        check(run, catalogue, before)
        assert run.outcome in {Outcome.FAILED, Outcome.PARTIAL}, (run.outcome, run.problems)
        assert run.problems
    return [run]
