"""Store and index follow a long harvest from a process of their own, which may be ended anywhere."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from journal_samples import SOURCE, fill, record
from program import ROOT, SECONDS

from catalogue.assemble import House, open_house
from catalogue.following import Follower, settle_apart
from catalogue.settings import read_settings

MANY = 20
# A harvest that is killed while a process follows it: that process has the standard output, too.
KILLED = """\
import os, signal, sys
from journal_samples import SOURCE, fill, record
from catalogue.assemble import open_house
from catalogue.following import Follower, settle_apart
from catalogue.settings import read_settings

if __name__ == "__main__":
    with open_house(read_settings(environment={}, flags={"data": sys.argv[1]})) as house:
        house.journal.add_source(SOURCE)
        fill(house.journal, record("a"))
        with Follower(house, far=1) as follower:
            while not follower.began:
                pass
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(read_settings(environment={}, flags={"data": tmp_path / "data"})) as opened:
        opened.journal.add_source(SOURCE)
        opened.settle()
        fill(opened.journal, *(record(f"d{number}") for number in range(MANY)))
        yield opened


def process() -> BaseProcess:
    """The process that follows, as soon as there is one."""
    for thread in threading.enumerate():
        if thread.name == "follower":
            thread.join(SECONDS)
    (found,) = multiprocessing.active_children()
    return found


def assert_equal(house: House, datasets: int) -> None:
    """Store and index hold what the journal does."""
    listed = {state.id: state.digest for state in house.journal.heads()}
    assert len(listed) == datasets
    assert [dict(each.digests()) for each in house.projector.projections] == [listed, listed]


def test_what_is_appended_is_applied_by_another_process(house: House) -> None:
    with Follower(house, far=MANY) as follower:
        process()
        fill(house.journal, record("another"))
        follower.finish()
        assert house.projector.behind() == 0
        assert not multiprocessing.active_children()
    assert_equal(house, MANY + 1)
    house.settle()
    assert_equal(house, MANY + 1)


def test_a_short_harvest_begins_no_process(house: House) -> None:
    with Follower(house, far=MANY + 1) as follower:
        follower.finish()
        assert not follower.began
    assert house.projector.behind() == MANY
    house.settle()
    assert_equal(house, MANY)


def test_a_process_that_dies_leaves_the_rest_to_who_settles(house: House) -> None:
    with Follower(house, far=1) as follower:
        process().kill()
        follower.finish()
    house.settle()
    assert_equal(house, MANY)


def test_an_interrupted_harvest_ends_the_process_with_it(house: House) -> None:
    def interrupted() -> None:
        with Follower(house, far=1):
            process()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not multiprocessing.active_children()
    house.settle()
    assert_equal(house, MANY)


def test_a_harvest_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": ""}
    command = [sys.executable, str(script), str(tmp_path / "data")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.read() == b"", "the end comes when both processes are gone"
        assert killed.wait(SECONDS) == -signal.SIGKILL
    with open_house(read_settings(environment={}, flags={"data": tmp_path / "data"})) as house:
        house.settle()
        assert_equal(house, 1)


def test_a_server_has_it_all_applied_by_another_process(house: House) -> None:
    settle_apart(house, threading.Event())
    assert house.projector.behind() == 0
    assert not multiprocessing.active_children()
    assert_equal(house, MANY)


def test_a_server_that_ends_does_not_wait_for_it(house: House) -> None:
    stop = threading.Event()
    stop.set()
    settle_apart(house, stop)
    assert not multiprocessing.active_children()
    house.settle()
    assert_equal(house, MANY)
