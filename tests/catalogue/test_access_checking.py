"""What application systems hold: asked, remembered, told, and our links opened in a REMS."""

from __future__ import annotations

import http.client
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from basket_shelf import Shelf, names, request_at
from nodes.fake_node import Reply
from nodes.rems_node import SESSION, Item, Options, RemsNode

from catalogue.access.asking import SystemCheck
from catalogue.access.handover import links
from catalogue.access.kept import KeptReadings
from catalogue.access.reading import Checked, Standing
from harvester.http import Door
from harvester.patience import Patience
from shapes.errors import CannotWork

START = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


class Day:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def rems() -> Iterator[RemsNode]:
    items = (Item(1, "A", workflow=1), Item(2, "B", workflow=1), Item(3, "C", workflow=2))
    with RemsNode(*items, options=Options(older=True)) as node:
        yield node


@pytest.fixture
def kept(tmp_path: Path) -> KeptReadings:
    return KeptReadings(tmp_path / "access")


@pytest.fixture
def clock() -> Day:
    return Day()


@pytest.fixture
def check(kept: KeptReadings, clock: Day) -> Iterator[SystemCheck]:
    with Door(patience=Patience(retries=0)) as door:
        yield SystemCheck(door, kept, clock)


def shelf_of(node: RemsNode, *resources: str) -> Shelf:
    """Datasets a, b, ... whose records link to a REMS; all of one committee."""
    shelf = Shelf()
    for resource in resources:
        shelf.put(resource.lower(), request_at(f"{node.address}/apply-for?resource={resource}"), committee="fi")
    return shelf


def told(node: RemsNode, kept: KeptReadings, resource: str) -> Checked:
    basket = shelf_of(node, resource).basket(reading=kept.of)
    found = basket.groups[0].lines[0].checked
    assert found is not None
    return found


def opened(address: str) -> tuple[int, str]:
    """Open a link as a person who is logged in does; the last status and text."""
    for _ in range(3):
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc)
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Cookie": SESSION})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        if answer.status != 302:
            break
        address = f"http://{parts.netloc}{answer.headers['Location']}"
    return answer.status, body


def test_datasets_of_two_workflows_become_two_links_and_both_open(
    rems: RemsNode, check: SystemCheck, kept: KeptReadings
) -> None:
    shelf = shelf_of(rems, "A", "B", "C")
    assert names(shelf.basket()) == [("a", "b", "c")]  # as long as nobody asked
    check.ask(rems.address, allow_private=True)
    basket = shelf.basket(reading=kept.of)
    assert names(basket) == [("a", "b"), ("c",)]
    assert [group.workflow for group in basket.groups] == ["1", "2"]
    for group in basket.groups:
        (link,) = links(group, "X")
        assert opened(link.address) == (200, "<h1>Draft application</h1>")
    assert rems.drafts == [(1, 2), (3,)]


def test_one_link_for_all_would_have_been_refused(rems: RemsNode) -> None:
    (group,) = shelf_of(rems, "A", "B", "C").basket().groups
    (link,) = links(group, "X")
    assert opened(link.address) == (400, "Unbundlable catalogue items: workflows don't match")


@pytest.mark.parametrize(
    ("items", "standing", "sentence", "answer"),
    [
        ([Item(9, "Z", enabled=False)], "closed", "The application form is closed.", (404, "Resource not found")),
        (
            [Item(9, "Z", archived=True)],
            "not-listed",
            (
                "The application system lists no such resource: it does not know the dataset, or does not take requests"
                " now."
            ),
            (404, "Resource not found"),
        ),
        (
            [Item(9, "Z"), Item(10, "Z")],
            "not-unique",
            "The application system has 2 forms for it (items 9, 10) and takes no direct link.",
            (400, "Catalogue item is not unique"),
        ),
        ([Item(9, "Z", expired=True)], "expired", "The application form has expired.", (200, None)),
        ([Item(9, "Z"), Item(10, "Z", enabled=False)], "open", "The application form is open.", (200, None)),
    ],
)
def test_what_would_fail_is_said_before_and_left_out_of_the_link(
    rems: RemsNode,
    check: SystemCheck,
    kept: KeptReadings,
    items: list[Item],
    standing: str,
    sentence: str,
    answer: tuple[int, str | None],
) -> None:
    rems.items += items
    check.ask(rems.address, allow_private=True)
    found = told(rems, kept, "Z")
    assert (found.standing.value, found.sentence, found.time) == (standing, sentence, START)
    status, text = opened(f"{rems.address}/apply-for?resource=Z")
    assert (status, text) == (answer[0], answer[1] or text)
    for group in shelf_of(rems, "A", "Z").basket(reading=kept.of).groups:
        for link in links(group, "X"):
            assert (standing == "open") == ("resource=Z" in link.address) or "resource=A" in link.address
            assert opened(link.address)[0] == 200


def test_an_installation_without_a_cart_gets_one_link_for_each(
    rems: RemsNode, check: SystemCheck, kept: KeptReadings
) -> None:
    rems.options = Options(cart=False)
    check.ask(rems.address, allow_private=True)
    (group,) = shelf_of(rems, "A", "B").basket(reading=kept.of).groups
    assert [link.address for link in links(group, "X")] == [
        f"{rems.address}/apply-for?resource=A",
        f"{rems.address}/apply-for?resource=B",
    ]


def test_an_installation_that_shows_nothing_leaves_the_link_and_says_so(
    rems: RemsNode, check: SystemCheck, kept: KeptReadings
) -> None:
    rems.options = Options(public=False)
    check.ask(rems.address, allow_private=True)
    found = told(rems, kept, "A")
    assert (found.standing, found.sentence) == (
        Standing.UNKNOWN,
        "The application system does not show its catalogue to the public; what it holds is not known.",
    )
    (group,) = shelf_of(rems, "A").basket(reading=kept.of).groups
    assert opened(links(group, "X")[0].address)[0] == 200


def test_the_name_a_system_knows_is_chosen_among_those_of_the_dataset(
    rems: RemsNode, check: SystemCheck, kept: KeptReadings
) -> None:
    rems.items = [Item(1, "https://node.example/dataset/1")]
    check.ask(rems.address, allow_private=True)
    shelf = Shelf().put("a", request_at(f"{rems.address}/apply-for"), committee="fi")
    line = shelf.basket(reading=kept.of).groups[0].lines[0]
    assert line.resource == "https://node.example/dataset/1"
    assert opened(links(shelf.basket(reading=kept.of).groups[0], "X")[0].address)[0] == 200


def test_a_workflow_that_changed_is_noticed_and_stays_known(
    rems: RemsNode, check: SystemCheck, kept: KeptReadings, clock: Day, caplog: pytest.LogCaptureFixture
) -> None:
    check.ask(rems.address, allow_private=True)
    rems.items[0] = Item(1, "A", workflow=7)
    clock.now += timedelta(days=1)
    with caplog.at_level(logging.WARNING):
        check.ask(rems.address, allow_private=True)
    assert caplog.messages == [f"{rems.address}: applications for A go to workflow 7, before to 1"]
    clock.now += timedelta(days=1)
    check.ask(rems.address, allow_private=True)
    moved = told(rems, kept, "A").moved
    assert moved is not None
    assert (moved.before, moved.after, moved.time) == (1, 7, START + timedelta(days=1))
    assert told(rems, kept, "B").moved is None


def test_a_failure_keeps_what_was_known_and_names_what_went_wrong(
    rems: RemsNode, check: SystemCheck, kept: KeptReadings, clock: Day
) -> None:
    check.ask(rems.address, allow_private=True)
    rems.behave("/api/config", Reply(500, b"", "text/plain"))
    clock.now += timedelta(days=2)
    reading = check.ask(rems.address, allow_private=True)
    assert (reading.time, reading.tried) == (START, START + timedelta(days=2))
    assert reading.failure is not None
    assert "500" in reading.failure
    assert told(rems, kept, "A").standing is Standing.OPEN
    assert told(rems, kept, "A").time == START


def test_a_system_that_never_answered_is_unknown_with_the_reason(
    check: SystemCheck, kept: KeptReadings, rems: RemsNode
) -> None:
    check.ask(rems.address)  # a loopback address, and nobody opened it
    found = told(rems, kept, "A")
    assert found.standing is Standing.UNKNOWN
    assert found.sentence.startswith("The application system could not be asked. ")
    assert "loopback" in found.sentence
    assert rems.requests == []


def test_a_reading_survives_the_process_whole(rems: RemsNode, check: SystemCheck, kept: KeptReadings) -> None:
    reading = check.ask(rems.address, allow_private=True)
    assert KeptReadings(kept._folder).all() == (reading,)


def test_what_another_process_wrote_is_seen(rems: RemsNode, check: SystemCheck, kept: KeptReadings) -> None:
    reader = KeptReadings(kept._folder)
    assert reader.of(rems.address) is None
    check.ask(rems.address, allow_private=True)
    assert reader.of(rems.address) is not None


def test_a_file_that_is_damaged_counts_as_never_asked_and_is_logged(
    rems: RemsNode, check: SystemCheck, kept: KeptReadings, caplog: pytest.LogCaptureFixture
) -> None:
    check.ask(rems.address, allow_private=True)
    (file,) = kept._folder.glob("*.json")
    file.write_text(json.dumps({"system": "x"}), "utf-8")
    assert KeptReadings(kept._folder).of(rems.address) is None
    assert str(file) in caplog.text


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, rems: RemsNode) -> None:
    (tmp_path / "access").write_text("a file", "utf-8")
    with Door() as door, pytest.raises(CannotWork, match="cannot be kept"):
        SystemCheck(door, KeptReadings(tmp_path / "access")).ask(rems.address, allow_private=True)


def test_only_what_was_not_asked_today_is_due(rems: RemsNode, check: SystemCheck, clock: Day) -> None:
    other = "https://rems.example"
    check.ask(rems.address, allow_private=True)
    assert check.due((rems.address, other, other)) == (other,)
    clock.now += timedelta(days=1)
    assert check.due((rems.address,)) == (rems.address,)
