"""Every protocol against everything that can go wrong: the ledger adds up, and no record is ever taken for gone.

Each case harvests a node into a journal, lets it fail at every one of its answers in turn, and harvests again under
the harshest policy there is: one complete run without a record withdraws it. A node brings its row by being in `NODES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from nodes import samples
from nodes.ckan_node import CkanDatasetsNode, CkanDcatNode, CkanNode
from nodes.faulty_node import FAULTS, FaultyNode
from nodes.fdp_node import MiniFdpNode, ReferenceFdpNode, StandaloneFdpNode
from nodes.hydra_node import HydraNode
from nodes.ldes_node import LdesNode
from nodes.oaipmh_node import OaipmhNode
from nodes.rdf_node import RdfNode
from nodes.samples import no_findings
from nodes.schemaorg_node import SchemaorgNode
from nodes.sparql_node import SparqlNode

from catalogue.ingest import Intake
from catalogue.journal.journal import Journal, open_journal
from catalogue.journal.run import Outcome, Run
from catalogue.removal import Policy
from harvester.address import AddressPolicy
from harvester.changes import Event
from harvester.harvest import harvest
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.limits import HarvestLimits
from harvester.source import Source

NODES: tuple[type[FaultyNode], ...] = (
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
)
NAMES = ("a", "b", "c", "d", "e")
# One complete run without a record withdraws it, and as many at once as there are.
HARSHEST = Policy(grace_runs=1, shrink_percent=100, shrink_records=1_000_000)

# What a fault of the transport may be called in the ledger. `None`: it is no fault, everything is read all the same.
CODES: dict[str, frozenset[str] | None] = {
    "500": frozenset({"http-status"}),
    "503": frozenset({"http-status"}),
    "403": frozenset({"http-status", "draft"}),
    "timeout": frozenset({"timeout", "out-of-time"}),
    "slow-drip": frozenset({"out-of-time"}),
    "cut-off": frozenset({"truncated"}),
    "empty": frozenset({"no-dataset", "not-rdf", "bad-answer"}),
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
SLOW = frozenset({"timeout", "slow-drip"})


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    journal = open_journal(tmp_path_factory.mktemp("matrix") / "journal.sqlite")
    yield journal
    journal.close()


class Catalogue:
    """A journal seen from one source: harvests a node into it, and says what it lists of it."""

    def __init__(self, journal: Journal, name: str, patient: Door, hasty: Door) -> None:
        self._journal = journal
        self._name = name
        self._patient = patient
        self._hasty = hasty
        journal.add_source(Source(name, "http://127.0.0.1/"))

    def harvest(self, node: FaultyNode, *, hasty: bool = False, protocol: str | None = None) -> Run:
        door = self._hasty if hasty else self._patient
        source = Source(self._name, node.start, protocol=protocol or node.protocol, allow_private=True)

        def events(known: Sequence[KnownRecord]) -> Iterator[Event]:
            yield from harvest(source, known, door=door, judge=no_findings, limits=HarvestLimits(pages=60))

        return Intake(self._journal, self._name, HARSHEST, no_findings, "test").run(events)

    def listed(self) -> set[str]:
        return {state.subject for state in self._journal.heads(source=self._name)}


@pytest.fixture
def catalogue(journal: Journal, make_door: Callable[..., Door], request: pytest.FixtureRequest) -> Catalogue:
    """A journal, and doors that open nothing but the node's own host and port."""
    patient = make_door(retries=0, policy=AddressPolicy(), max_bytes=1024 * 1024)
    hasty = make_door(retries=0, policy=AddressPolicy(), read=0.2, total=0.4)
    return Catalogue(journal, re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-"), patient, hasty)


def check(run: Run, catalogue: Catalogue, before: set[str]) -> None:
    """Nothing removed, nothing held, every sum right, every problem placed."""
    figures = run.as_json()
    assert figures["seen"] == sum(int(str(figures[n])) for n in ("new", "changed", "unchanged", "rejected", "failed"))
    assert (run.withdrawn, run.held) == (0, 0)
    assert all(counts.withdrawn == 0 for counts in run.others.values())
    assert before <= catalogue.listed()
    assert all(problem.url for problem in run.problems)


def answers(node: FaultyNode, catalogue: Catalogue) -> int:
    """Harvest an honest node; return how many addresses it was asked for."""
    run = catalogue.harvest(node)
    assert (run.outcome, run.complete, run.new) == (Outcome.OK, True, len(NAMES)), run.problems
    return node.answers


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", NODES, ids=lambda kind: kind.__name__)
def test_no_fault_at_any_answer_loses_a_record(kind: type[FaultyNode], fault: str, catalogue: Catalogue) -> None:
    with kind(*NAMES) as node:
        count = answers(node, catalogue)
        before = catalogue.listed()
        places = sorted({1, (count + 1) // 2, count}) if fault in SLOW else range(1, count + 1)
        for at in places:
            node.fail(fault, at=at)
            run = catalogue.harvest(node, hasty=fault in SLOW)
            check(run, catalogue, before)
            codes = CODES[fault]
            if codes is None or (fault in kind.survives and run.outcome is Outcome.OK):
                assert (run.complete, run.unchanged) == (True, len(NAMES)), (at, run.problems)
            else:
                assert run.outcome in {Outcome.FAILED, Outcome.PARTIAL}, (at, run.outcome, run.problems)
                assert codes & set(run.problem_counts), (at, run.problems)
        node.recover()
        healed = catalogue.harvest(node)
    assert (healed.outcome, healed.unchanged, healed.new) == (Outcome.OK, len(NAMES), 0), healed.problems


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "kind",
    [HydraNode, ReferenceFdpNode, CkanNode, OaipmhNode, LdesNode, SparqlNode, SchemaorgNode],
    ids=lambda kind: kind.__name__,
)
def test_auto_never_takes_a_fault_for_another_protocol(
    kind: type[FaultyNode], fault: str, catalogue: Catalogue
) -> None:
    with kind(*NAMES) as node:
        answers(node, catalogue)
        before = catalogue.listed()
        for at in (1, 2):
            node.fail(fault, at=at)
            run = catalogue.harvest(node, hasty=fault in SLOW, protocol="auto")
            check(run, catalogue, before)
            assert run.new == 0
            # Some have another question to ask where the first answer tells nothing: then the run is a whole one.
            assert run.complete or CODES[fault] is not None, (at, run.problems)
            assert not run.complete or run.unchanged == len(NAMES), (at, run.problems)


def test_a_description_beyond_all_measure_is_kept_and_stops_nothing(catalogue: Catalogue) -> None:
    """data.gov met 34,866 keywords in one dataset and 8,327 distributions in another (facts: R14)."""
    keywords = " ; dcat:keyword " + ", ".join(f'"word {n}"' for n in range(34_866))
    files = " ; dcat:distribution " + ", ".join(f"<https://node.example/file/{n}>" for n in range(8_327))
    with RdfNode(*NAMES) as node:
        answers(node, catalogue)
        text = (
            samples.catalogue(*NAMES) + samples.dataset("worded", more=keywords) + samples.dataset("wide", more=files)
        )
        node.serve("/catalog.ttl", text)
        run = catalogue.harvest(node)
        assert (run.outcome, run.new, run.unchanged) == (Outcome.OK, 2, len(NAMES)), run.problems
        again = catalogue.harvest(node)
        assert again.unchanged == len(NAMES) + 2


@pytest.mark.parametrize(
    ("kind", "trick"),
    [pytest.param(kind, trick, id=f"{kind.__name__}-{trick}") for kind in NODES for trick in kind.tricks],
)
def test_no_way_to_mislead_loses_a_record(kind: type[FaultyNode], trick: str, catalogue: Catalogue) -> None:
    with kind(*NAMES) as node:
        answers(node, catalogue)
        before = catalogue.listed()
        node.fail(trick)
        run = catalogue.harvest(node)
        check(run, catalogue, before)
        assert run.outcome in {Outcome.FAILED, Outcome.PARTIAL}, (run.outcome, run.problems)
        assert run.problems
        node.recover()
        healed = catalogue.harvest(node)
    assert (healed.outcome, healed.unchanged, healed.new) == (Outcome.OK, len(NAMES), 0), healed.problems
