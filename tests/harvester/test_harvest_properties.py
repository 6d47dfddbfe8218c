"""Whatever bytes a node sends, a harvest ends, its sums match, and nothing whole is replaced by a part."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nodes.samples import BASE, catalogue, dataset, run

from harvester.changes import Changed, Failed, New, Rejected, Unchanged
from harvester.http import Door

GOOD = (catalogue("a", "b", "c") + dataset("d", identifier="id-d") + dataset("e")).encode()
edits = st.lists(
    st.tuples(
        st.integers(0, len(GOOD)),
        st.integers(0, 40),
        st.one_of(st.binary(max_size=12), st.sampled_from([b"<", b'"', b" .\n"])),
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutated") / "catalog.ttl"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits)
def test_no_mutation_of_a_catalogue_crashes_a_harvest_or_spoils_what_is_known(
    place: Path, changes: list[tuple[int, int, bytes]]
) -> None:
    place.write_bytes(GOOD)
    with Door() as door:
        known = run(door, str(place)).known()
        data = GOOD
        for start, length, inserted in changes:
            data = data[:start] + inserted + data[start + length :]
        place.write_bytes(data)
        ledger = run(door, str(place), known)
    told = [e.id for kind in (Changed, Unchanged, Rejected, Failed) for e in ledger.of(kind) if e.id]  # type: ignore[attr-defined]
    assert all(count == 1 for count in Counter(told).values())
    assert all(event.record.complete for event in ledger.of(Changed))
    assert ledger.complete or ledger.problems
    assert all(problem.url for problem in ledger.problems if problem.code != "duplicate-identifier")
    subjects = [e.record.subject for e in ledger.of(New)]
    assert len(subjects) == len(set(subjects))
    assert not {f"{BASE}{name}" for name in "abcde"} & set(subjects)
