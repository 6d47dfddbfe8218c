"""The doctor says what differs, and mends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from journal_samples import SOURCE, ListProjection, PlainDescriber, fill, opened, record

from catalogue.doctor import Diagnosis, examine, repair
from catalogue.errors import SearchUnavailable, StoreLocked
from catalogue.journal.journal import Journal
from catalogue.locks import FileLock
from catalogue.projector import LOCK_NAME, Projector
from catalogue.settings import Settings, read_settings
from shapes.record import Kind


@dataclass
class Ward:
    """A journal with three datasets and a service, and two projections that hold them."""

    journal: Journal
    store: ListProjection
    index: ListProjection
    describer: PlainDescriber
    projector: Projector
    settings: Settings
    ids: tuple[str, ...]

    def examined(self) -> Diagnosis:
        return examine(self.journal, self.projector, self.settings)

    def repaired(self) -> Diagnosis:
        return repair(self.journal, self.projector, self.settings)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    with opened(tmp_path) as journal:
        journal.add_source(SOURCE)
        ids = fill(journal, record("a"), record("b"), record("c"), record("s", kind=Kind.SERVICE))
        store, index, describer = ListProjection("store"), ListProjection("index"), PlainDescriber(journal)
        projector = Projector(journal, [store, index], describer, tmp_path)
        projector.catch_up()
        settings = read_settings(environment={}, flags={"data": tmp_path, "profile": "dcat-ap-3.0.1"})
        yield Ward(journal, store, index, describer, projector, settings, ids)


def failed(found: Diagnosis) -> dict[str, str]:
    return {check.name: check.detail for check in found.checks if not check.ok}


def test_all_well(ward: Ward) -> None:
    found = ward.examined()
    assert (found.consistent, found.journal, found.missing, found.extra) == (True, 3, (), ())
    assert failed(found) == {}
    told = found.as_json()
    assert {k: told[k] for k in ("consistent", "journal", "store", "index", "missing", "extra")} == {
        "consistent": True, "journal": 3, "store": 4, "index": 4, "missing": [], "extra": [],
    }  # fmt: skip
    names = [check.name for check in found.checks]
    assert names == ["settings", "disk", "lock", "journal", "schema", "heads", "bodies", "store", "index"]


def test_a_projection_need_not_hold_services_but_every_dataset(ward: Ward) -> None:
    del ward.index.held[ward.ids[3]]
    assert ward.examined().consistent


@pytest.mark.parametrize("where", ["store", "index"])
def test_what_is_missing_extra_or_different_is_named_and_mended(ward: Ward, where: str) -> None:
    projection = getattr(ward, where)
    del projection.held[ward.ids[0]]
    projection.held[ward.ids[1]] = "another digest"
    projection.held["stranger"] = "x"
    found = ward.examined()
    assert not found.consistent
    assert (found.missing, found.extra) == (tuple(sorted(ward.ids[:2])), ("stranger",))
    assert found.drifts[where].differing == (ward.ids[1],)
    mended = ward.repaired()
    assert mended.consistent
    assert projection.rebuilt == 2  # the journal knows no stranger: only making it anew removes it


def test_a_few_records_are_applied_again_without_making_all_of_it_anew(ward: Ward) -> None:
    del ward.index.held[ward.ids[0]]
    assert ward.repaired().consistent
    assert ward.index.rebuilt == 1


def test_a_tombstone_that_is_still_held_is_taken_out(ward: Ward) -> None:
    ward.journal.remove_source("be")
    ward.projector.catch_up()
    ward.store.held[ward.ids[0]] = record("a").digest
    found = ward.examined()
    assert (found.journal, found.extra) == (0, (ward.ids[0],))
    assert ward.repaired().consistent
    assert ward.store.rebuilt == 1


def test_what_was_never_applied_is_said_and_applied(ward: Ward) -> None:
    fill(ward.journal, record("d"))
    found = ward.examined()
    assert not found.consistent
    assert failed(found) == {
        "store": "The store has applied 4 of 5 states.",
        "index": "The index has applied 4 of 5 states.",
    }
    assert len(found.missing) == 1
    assert ward.repaired().consistent


def test_a_projection_made_by_other_rules_is_not_consistent(ward: Ward) -> None:
    ward.journal.update_source(replace(SOURCE, country="FR"))
    assert failed(ward.examined())["index"] == "The index was made by other rules than today's."
    assert ward.repaired().consistent


def test_a_catalogue_that_never_held_anything_is_consistent(tmp_path: Path, ward: Ward) -> None:
    (tmp_path / "new").mkdir()
    with opened(tmp_path / "new") as journal:
        journal.add_source(SOURCE)
        projector = Projector(journal, [ListProjection("store")], PlainDescriber(journal), tmp_path / "new")
        found = examine(journal, projector, ward.settings)
        assert found.consistent
        assert found.checks[-1].detail == "The store has nothing to apply yet."
        fill(journal, record("a"))
        assert failed(examine(journal, projector, ward.settings)) == {"store": "The store has applied 0 of 1 states."}


def test_a_projection_that_does_not_answer_is_a_failed_check(ward: Ward) -> None:
    ward.index.error = SearchUnavailable("Away.")
    found = ward.examined()
    assert (found.consistent, found.store, found.index) == (False, 4, None)
    assert failed(found) == {"index": "The index does not answer: Away."}
    ward.index.made_with = "older rules"
    fill(ward.journal, record("late"))
    mended = ward.repaired()
    assert failed(mended) == {"index": "The index does not answer: Away."}
    assert (mended.consistent, mended.journal, mended.store) == (False, 4, 5)


def test_a_record_left_out_by_a_mistake_of_ours_shows_until_it_can_be_described(ward: Ward) -> None:
    ward.describer.broken = {"d"}
    (given,) = fill(ward.journal, record("d"))
    ward.projector.catch_up()
    assert ward.examined().missing == (given,)
    assert not ward.repaired().consistent
    ward.describer.broken = set()
    assert ward.repaired().consistent


def test_a_wrong_pointer_in_the_journal_is_mended(ward: Ward) -> None:
    with ward.journal.database.writing() as connection:
        connection.execute(sa.text("UPDATE head SET status = 'withdrawn' WHERE id = :i"), {"i": ward.ids[0]})
    found = ward.examined()
    assert (found.consistent, found.journal, found.extra) == (False, 2, (ward.ids[0],))
    assert failed(found) == {"heads": f"1 records point at a wrong state: {ward.ids[0]}"}
    assert ward.repaired().consistent


def test_settings_and_disk_are_told_without_making_the_sets_unequal(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.doctor._LEAST_FREE", 1 << 62)
    ward.settings = replace(ward.settings, base_url="catalogue.example", profile="no-such")
    found = ward.examined()
    assert found.consistent
    assert failed(found).keys() == {"settings", "disk"}
    assert failed(found)["settings"].startswith("base_url is 'catalogue.example', not an http(s) address.")
    assert "There is no profile 'no-such'" in failed(found)["settings"]


def test_a_lock_that_is_held_is_told_and_hinders_mending(ward: Ward, tmp_path: Path) -> None:
    with FileLock(tmp_path / LOCK_NAME, "a test").taken():
        found = ward.examined()
        assert found.consistent
        assert "is applying states now" in next(check.detail for check in found.checks if check.name == "lock")
        with pytest.raises(StoreLocked):
            ward.repaired()
