"""Every protocol against everything that can go wrong: the ledger adds up, and no record is ever taken for gone.

The table and the way of a trial are in `tests/fault_trials.py`; what came of each is in docs/harvest-matrix.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from fault_trials import (
    CODES,
    NAMES,
    NODES,
    SLOW,
    Catalogue,
    answers,
    check,
    doors,
    fault_trial,
    figures,
    trick_trial,
)
from fault_trials_page import PAGE, cell, cells
from nodes import samples
from nodes.beacon_node import BeaconNode
from nodes.ckan_node import CkanNode
from nodes.faulty_node import FAULTS, FaultyNode
from nodes.fdp_node import ReferenceFdpNode
from nodes.hydra_node import HydraNode
from nodes.ldes_node import LdesNode
from nodes.oaipmh_node import OaipmhNode
from nodes.rdf_node import RdfNode
from nodes.schemaorg_node import SchemaorgNode
from nodes.sparql_node import SparqlNode

from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal
from catalogue.journal.run import Outcome
from harvester.http import Door


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    journal = open_journal(tmp_path_factory.mktemp("matrix") / "journal.sqlite")
    yield journal
    journal.close()


@pytest.fixture
def catalogue(journal: Journal, make_door: Callable[..., Door], request: pytest.FixtureRequest) -> Catalogue:
    """A journal, and doors that open nothing but the node's own host and port."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")
    return Catalogue(journal, name, doors(make_door))


@cache
def written() -> dict[tuple[str, str], str]:
    """What docs/harvest-matrix.md says of each trial."""
    return cells(PAGE.read_text("utf-8"))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", NODES, ids=lambda kind: kind.__name__)
def test_no_fault_at_any_answer_loses_a_record(kind: type[FaultyNode], fault: str, catalogue: Catalogue) -> None:
    runs = fault_trial(kind, fault, catalogue)
    # What a time limit ends, and where, hangs on how busy the machine is: only that nothing is lost is certain.
    assert fault in SLOW or written()[kind.__name__, fault] == cell(fault, runs)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "kind",
    [HydraNode, ReferenceFdpNode, CkanNode, OaipmhNode, LdesNode, SparqlNode, SchemaorgNode, BeaconNode],
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
            assert figures(run, kind).new == 0
            # Some have another question to ask where the first answer tells nothing: then the run is a whole one.
            assert run.complete or CODES[fault] is not None, (at, run.problems)
            assert not run.complete or figures(run, kind).unchanged == len(NAMES), (at, run.problems)


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
    assert written()[kind.__name__, trick] == cell(trick, trick_trial(kind, trick, catalogue))


def test_the_page_tells_of_every_trial_and_no_other() -> None:
    assert set(written()) == {(kind.__name__, name) for kind in NODES for name in (*FAULTS, *kind.tricks)}
