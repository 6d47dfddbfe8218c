"""What is remembered of a node's documents never covers up a fault of the node: the ledger is that of a reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fault_trials import NAMES, SLOW
from nodes.faulty_node import FAULTS, FaultyNode
from nodes.hydra_node import HydraNode
from nodes.rdf_node import RdfNode
from nodes.samples import Ledger, no_findings

from harvester.answers import Answers
from harvester.harvest import harvest
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.limits import HarvestLimits
from harvester.recollections import Recollections
from harvester.source import Source

KINDS: tuple[type[FaultyNode], ...] = (RdfNode, HydraNode)
TRIALS = [(kind, fault) for kind in KINDS for fault in (*(FAULTS.keys() - SLOW), *kind.tricks)]

Run = Callable[..., Ledger]


@pytest.fixture(params=["its own", "auto"])
def run(request: pytest.FixtureRequest, make_door: Callable[..., Door], tmp_path: Path) -> Run:
    door = make_door(retries=0, max_bytes=1024 * 1024)

    def run(node: FaultyNode, known: Sequence[KnownRecord] = (), *, remembering: bool = True) -> Ledger:
        protocol = node.protocol if request.param == "its own" else "auto"
        folder = tmp_path / ("kept" if remembering else "unused")
        kept = Recollections(folder, protocol, room=1 << 20, ask=remembering)
        answers = Answers(folder, room=1 << 20, recollections=kept)
        source, limits = Source("node", node.start, protocol=protocol), HarvestLimits(pages=60)
        return Ledger(list(harvest(source, known, door=door, judge=no_findings, limits=limits, answers=answers)))

    return run


@pytest.mark.parametrize(("kind", "fault"), sorted(TRIALS, key=str), ids=lambda each: getattr(each, "protocol", each))
def test_a_fault_is_told_as_ever_and_what_follows_too(kind: type[FaultyNode], fault: str, run: Run) -> None:
    with kind(*NAMES) as node:
        known = run(node).known()
        assert len(run(node, known).unchanged) == len(NAMES)
        for at in range(1, node.answers + 1 if fault in FAULTS else 2):
            ledgers = []
            for remembering in (True, False):
                node.fail(fault, at)
                ledgers.append(run(node, known, remembering=remembering).events)
            assert ledgers[0] == ledgers[1]
            node.recover()
            assert run(node, known).events == run(node, known, remembering=False).events
