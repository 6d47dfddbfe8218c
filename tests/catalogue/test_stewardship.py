"""What stewards look at: a node's findings, its course from run to run, and its records to be judged anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sample_catalogue import FREQUENCIES, RARE, Clock, record_of

from catalogue.journal.append import Draft
from catalogue.journal.errors import NoSuchSource
from catalogue.journal.journal import Journal
from catalogue.journal.opening import open_journal
from catalogue.journal.run import Counts, Outcome
from catalogue.journal.runs import Ending, Ledger
from catalogue.stewardship import Milestone, Stewardship
from harvester.source import Source
from shapes.record import Kind
from shapes.report import Finding, Report

BAD = Finding("violation", "f", None, None, "C", "s:p", "Bad.")
ODD = Finding("warning", "f", None, None, "C", "s:k", "Odd.")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = open_journal(tmp_path / "journal.sqlite", Clock())
    made.add_source(Source("north", "https://north.example.org/", "Node North", "NL", "rdf"))
    yield made
    made.close()


def put(
    journal: Journal,
    run: int,
    turtle: str,
    findings: Sequence[Finding],
    known: str | None = None,
    *,
    judged: bool = True,
) -> str:
    report = Report("dcat-ap-3.0.1", "3.0.1", 1, tuple(findings)) if judged else None
    (found,) = journal.append("north", [Draft(record_of(Kind.DATASET, turtle), report, known)], run=run)
    return found


def end(journal: Journal, run: int, withdraw: Sequence[str] = ()) -> None:
    ledger = Ledger({Kind.DATASET: Counts(new=1)}, [], {}, requests=1, bytes=1)
    journal.finish_run(run, ledger, Ending(Outcome.OK, complete=True, withdraw=list(withdraw)))


def figures(milestone: Milestone) -> tuple[int, ...]:
    return (milestone.run, milestone.datasets, milestone.valid, milestone.violations, milestone.warnings)


def test_each_run_shows_how_the_datasets_stood_after_it(journal: Journal) -> None:
    first = journal.begin_run("north")
    rare = put(journal, first, RARE, [BAD, BAD, ODD])
    end(journal, first)
    second = journal.begin_run("north")
    goe = put(journal, second, FREQUENCIES, [ODD])
    put(journal, second, RARE.replace("@fr-t-nl", "@fr"), [ODD], rare)
    end(journal, second)
    third = journal.begin_run("north")
    end(journal, third, withdraw=[goe])
    course = Stewardship(journal).course("north")
    assert course.scored
    assert [figures(each) for each in course.milestones] == [(1, 1, 0, 2, 1), (2, 2, 2, 0, 2), (3, 1, 1, 0, 1)]
    assert [each.share for each in course.milestones] == [0.0, 100.0, 100.0]
    one, both, last = (each.percents for each in course.milestones)
    assert set(one) == {"mqa", "mqa-controlled", "completeness", "fair"}
    assert one["mqa"] < last["mqa"], "a valid description wins the points for compliance"
    assert one["mqa"] != both["mqa"]


def test_a_run_that_goes_on_and_a_dataset_nobody_judged_spoil_nothing(journal: Journal) -> None:
    first = journal.begin_run("north")
    put(journal, first, RARE, [], judged=False)
    end(journal, first)
    journal.begin_run("north")
    (milestone,) = Stewardship(journal).course("north").milestones
    assert (milestone.datasets, milestone.judged, milestone.share) == (1, 0, None)


def test_the_course_follows_the_journal(journal: Journal) -> None:
    stewardship = Stewardship(journal)
    assert stewardship.course("north").milestones == ()
    run = journal.begin_run("north")
    put(journal, run, RARE, [])
    end(journal, run)
    assert [each.datasets for each in stewardship.course("north").milestones] == [1]
    assert stewardship.course("north") is stewardship.course("north")
    with pytest.raises(NoSuchSource):
        stewardship.course("south")


def test_a_node_with_very_many_states_goes_without_scores(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.stewardship.MOST_SCORED", 1)
    run = journal.begin_run("north")
    put(journal, run, RARE, [])
    put(journal, run, FREQUENCIES, [])
    end(journal, run)
    course = Stewardship(journal).course("north")
    assert (course.scored, course.milestones[0].datasets, dict(course.milestones[0].percents)) == (False, 2, {})


def test_findings_stand_under_our_identifiers_and_name_the_one_profile(journal: Journal) -> None:
    run = journal.begin_run("north")
    rare = put(journal, run, RARE, [BAD])
    put(journal, run, FREQUENCIES, [])
    report = Stewardship(journal).findings("north")
    assert (report.profile, report.datasets, [each.record for each in report.findings]) == ("dcat-ap-3.0.1", 2, [rare])


def test_records_come_as_they_were_delivered_and_one_more_than_wanted_tells_that_there_are(journal: Journal) -> None:
    run = journal.begin_run("north")
    rare = put(journal, run, RARE, [])
    put(journal, run, FREQUENCIES, [])
    records = dict(Stewardship(journal).records("north", 5))
    assert records[rare] == record_of(Kind.DATASET, RARE)
    assert len(Stewardship(journal).records("north", 1)) == 2
