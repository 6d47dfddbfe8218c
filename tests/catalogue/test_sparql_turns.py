"""Callers share the workers: in turn, none all of them, nobody without end."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from catalogue.errors import Abandoned, NoTurn, TooManyQueries
from catalogue.store.answers import Answers
from catalogue.store.port import Caller, SparqlAnswer, SparqlQuery
from catalogue.store.turns import Turns

ANN, BOB, EVE = (Caller(name) for name in ("ann", "bob", "eve"))


class Queue:
    """Callers who wait in threads, in the order they came; each tells when its turn came."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.served: list[str] = []
        self._threads: list[threading.Thread] = []

    def join(self, name: str) -> None:
        stands = threading.Event()

        def looked() -> bool:  # asked only of one who waits
            stands.set()
            return False

        def wait() -> None:
            with self._turns.turn(Caller(name, looked), 60):
                self.served.append(name)

        thread = threading.Thread(target=wait)
        thread.start()
        self._threads.append(thread)
        assert stands.wait(30)

    def end(self) -> None:
        for thread in self._threads:
            thread.join(30)


def test_one_caller_never_has_the_last_free_worker() -> None:
    turns = Turns(2)
    with turns.turn(EVE, 1):
        with pytest.raises(NoTurn, match=r"busy for 0\.01 seconds"), turns.turn(EVE, 0.01):
            pass
        with turns.turn(ANN, 1):
            pass


def test_callers_take_turns_however_many_questions_one_has() -> None:
    turns = Turns(1)
    queue = Queue(turns)
    with turns.turn(ANN, 1):
        for name in ("eve", "eve", "eve", "bob", "ann"):
            queue.join(name)
    queue.end()
    assert queue.served == ["eve", "bob", "ann", "eve", "eve"]


@pytest.mark.parametrize(
    ("limits", "caller", "fault", "sentence"),
    [
        ({"each": 1}, "eve", TooManyQueries, "1 queries from your address are waiting already"),
        ({"waiting": 1}, "bob", NoTurn, "the queue is full"),
    ],
)
def test_a_queue_has_an_end(limits: dict[str, int], caller: str, fault: type[NoTurn], sentence: str) -> None:
    turns = Turns(1, **limits)
    queue = Queue(turns)
    with turns.turn(ANN, 1):
        queue.join("eve")
        with pytest.raises(fault, match=sentence), turns.turn(Caller(caller), 60):
            pass
    queue.end()
    assert queue.served == ["eve"]


def test_who_goes_away_leaves_the_queue_and_hands_the_turn_on() -> None:
    turns = Turns(1, each=1)
    with turns.turn(ANN, 1), pytest.raises(Abandoned), turns.turn(Caller("eve", lambda: True), 60):
        pass
    with ExitStack() as again:  # neither a place in the queue nor a turn is left taken
        again.enter_context(turns.turn(Caller("eve"), 1))


def test_a_turn_is_given_back_when_the_work_fails() -> None:
    turns = Turns(1)
    with pytest.raises(ValueError, match="work"), turns.turn(ANN, 1):
        raise ValueError("work")
    with turns.turn(ANN, 1):
        pass


def _answer(size: int) -> SparqlAnswer:
    return SparqlAnswer("select", "json", "application/json", b"x" * size, 0.1)


def test_answers_are_kept_up_to_their_bytes_and_the_longest_unasked_goes_first() -> None:
    answers = Answers(4000)
    one, two, three, big = (SparqlQuery(f"ASK {{ {n} }}") for n in range(4))
    for query in (one, two):
        answers.put(("snapshot-1", query), _answer(900))
    answers.put(("snapshot-1", big), _answer(1001))  # more than its share of the room
    assert answers.get(("snapshot-1", big)) is None
    for n in range(4, 6):
        answers.put(("snapshot-1", SparqlQuery(f"ASK {{ {n} }}")), _answer(900))
    assert answers.get(("snapshot-1", one))
    answers.put(("snapshot-1", three), _answer(900))
    assert (answers.get(("snapshot-1", one)) is None, answers.get(("snapshot-1", two)) is None) == (False, True)


def test_nothing_of_an_older_snapshot_is_answered() -> None:
    answers = Answers(4000)
    query = SparqlQuery("ASK {}")
    answers.put(("snapshot-1", query), _answer(10))
    assert answers.get(("snapshot-2", query)) is None
    answers.put(("snapshot-2", query), _answer(20))
    assert answers.get(("snapshot-1", query)) is None
    assert len((answers.get(("snapshot-2", query)) or _answer(0)).body) == 20


def test_a_memory_of_no_bytes_keeps_nothing() -> None:
    answers = Answers(0)
    answers.put(("snapshot-1", SparqlQuery("ASK {}")), _answer(1))
    assert answers.get(("snapshot-1", SparqlQuery("ASK {}"))) is None
