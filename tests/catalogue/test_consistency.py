"""How the whole house is: what answers, what is behind, since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from engine_down import WHERE, engine_down
from sample_catalogue import Sample, full_sample

from catalogue.consistency import look
from catalogue.trouble import Trouble
from shapes.errors import CannotWork

NOON = datetime(2020, 5, 1, 12, tzinfo=UTC)
SILENT = Trouble("index", NOON, "search-unavailable", "Away.")
BEHIND = Trouble("index", NOON, "search-unavailable", "Read-only.", answers=True)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    made = full_sample(tmp_path_factory.mktemp("sample"))
    yield made
    made.index.close()
    made.journal.close()


def test_what_answers_and_cannot_be_written_is_told_and_still_answers(sample: Sample) -> None:
    found = look(sample.journal, sample.store, sample.index, [BEHIND])
    assert (found.answers, found.consistent, found.troubles) == (True, True, (BEHIND,))


def test_a_trouble_that_is_over_is_not_told(sample: Sample) -> None:
    assert look(sample.journal, sample.store, sample.index, [SILENT]).troubles == ()


def test_what_does_not_answer_says_since_when_it_is_known_not_to(sample: Sample) -> None:
    with engine_down() as calls:
        found = look(sample.journal, sample.store, sample.index, [SILENT, BEHIND])
        assert calls == ["cursor"], "one who is silent is not asked twice"
    (trouble,) = found.troubles
    assert (trouble.part, trouble.since, trouble.url, trouble.answers) == ("index", NOON, WHERE, False)
    assert (found.answers, found.consistent, found.index, found.indexed, found.listed) == (False, False, None, None, 5)


def test_a_journal_that_is_away_is_a_trouble_like_any_other(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> int:
        raise CannotWork("The journal's server is down.", url="postgresql://db.internal/gdi")

    monkeypatch.setattr(sample.journal, "last_seq", away)
    found = look(sample.journal, sample.store, sample.index)
    (trouble,) = found.troubles
    assert (trouble.part, trouble.detail, trouble.answers) == ("journal", "The journal's server is down.", False)
    assert (found.journal, found.listed, found.consistent) == (None, None, False)
    assert found.index is not None
