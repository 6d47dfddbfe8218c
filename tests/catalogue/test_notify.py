"""Who runs the catalogue is told when a source fails, waits for them, or works again; and only then."""

from __future__ import annotations

import json
import socketserver
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nodes.fake_node import FakeNode, Reply
from nodes.samples import catalogue

from catalogue.assemble import House, open_house
from catalogue.errors import BadSetting
from catalogue.journal.run import Outcome, Run
from catalogue.notify import Event, event_of, last_ended
from catalogue.settings import Value, read_settings
from harvester.source import Source

_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def ran(outcome: Outcome, number: int = 1) -> Run:
    return Run(id=number, source="north", started=_NOW, finished=_NOW, outcome=outcome, complete=True)


@pytest.mark.parametrize(
    ("before", "now", "event"),
    [
        (None, Outcome.OK, None),
        (None, Outcome.FAILED, Event.FAILED),
        (Outcome.OK, Outcome.FAILED, Event.FAILED),
        (Outcome.FAILED, Outcome.FAILED, None),
        (Outcome.FAILED, Outcome.PARTIAL, Event.PARTIAL),
        (Outcome.WARNINGS, Outcome.HELD, Event.HELD),
        (Outcome.HELD, Outcome.HELD, None),
        (Outcome.HELD, Outcome.OK, Event.RECOVERED),
        (Outcome.FAILED, Outcome.WARNINGS, Event.RECOVERED),
        (Outcome.OK, Outcome.WARNINGS, None),
        (Outcome.FAILED, Outcome.INTERRUPTED, None),
    ],
)
def test_a_change_is_told_once(before: Outcome | None, now: Outcome, event: Event | None) -> None:
    assert event_of(ran(now), None if before is None else ran(before)) is event


def test_a_run_that_was_cut_short_says_nothing_of_the_state_of_a_source() -> None:
    runs = [ran(Outcome.OK, 4), ran(Outcome.INTERRUPTED, 3), ran(Outcome.FAILED, 2), ran(Outcome.OK, 1)]
    assert last_ended(runs, runs[0]) == runs[2]
    assert last_ended(runs[3:], runs[3]) is None


@pytest.fixture
def node() -> Iterator[FakeNode]:
    with FakeNode() as node:
        yield node


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail as RFC 5321 says. `lines` is everything a client said."""

    daemon_threads = True

    def __init__(self) -> None:
        self.lines: list[str] = []
        super().__init__(("127.0.0.1", 0), _Mail)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    @property
    def mail(self) -> str:
        start = self.lines.index("data")
        return "\n".join(self.lines[start + 1 : self.lines.index(".")])


class _Mail(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 mail.example.org")
        data = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            self.server.lines.append(line)
            verb = line[:4].upper()
            if data:
                data = line != "."
                if not data:
                    self.say("250 taken")
            elif verb == "EHLO":
                self.say("250-mail.example.org\r\n250 AUTH PLAIN")
            elif verb == "AUTH":
                self.say("235 welcome")
            elif verb == "DATA":
                data = True
                self.say("354 go on")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def opened(tmp_path: Path, node: FakeNode) -> Iterator[Callable[..., House]]:
    """Open a house with one source that tells as the settings say."""
    with ExitStack() as houses:

        def opened(**settings: Value) -> House:
            flags = {"data": tmp_path / "data", "allow_private": True, "harvest_retries": 0, **settings}
            house = houses.enter_context(open_house(read_settings(environment={}, flags=flags)))
            house.journal.add_source(Source("north", node.url("/catalog.ttl"), title="North node"))
            return house

        yield opened


def test_a_webhook_is_told_of_a_failure_and_of_the_recovery(node: FakeNode, opened: Callable[..., House]) -> None:
    house = opened(notify_webhook=node.behave("/hook", Reply(204)), base_url="https://catalogue.example.org")
    source = house.journal.source("north")
    node.serve("/catalog.ttl", catalogue("a"))
    house.harvest(source)
    assert node.forms == []
    node.behave("/catalog.ttl", Reply(503))
    house.harvest(source)
    house.harvest(source)
    house.harvest(source, foresee=[].append)
    node.serve("/catalog.ttl", catalogue("a"))
    house.harvest(source)
    failed, recovered = (json.loads(body) for body in node.forms)
    assert (failed["event"], failed["before"], failed["source"]) == ("failed", "ok", "north")
    assert failed["page"] == "https://catalogue.example.org/node/north"
    assert failed["text"].startswith("[GDI Catalogue] north: failed\nNorth node: nothing could be read;")
    assert "The server answered 503 Service Unavailable." in failed["text"]
    assert failed["run"]["outcome"] == "failed"
    assert failed["run"]["problems"][0]["url"] == node.url("/catalog.ttl")
    assert (recovered["event"], recovered["before"], recovered["run"]["unchanged"]) == ("recovered", "failed", 1)
    posted = [seen for seen in node.requests if seen.path == "/hook"]
    assert posted[0].headers["Content-Type"] == "application/json"


def test_a_held_run_says_how_to_decide_by_mail(
    node: FakeNode, opened: Callable[..., House], mail_server: MailServer, tmp_path: Path
) -> None:
    file = tmp_path / "credentials.toml"
    file.write_text('[notify-smtp]\nscheme = "basic"\nuser = "us"\npassword = "secret"\n')
    file.chmod(0o600)
    house = opened(
        notify_mail=("ops@example.org", "node@example.org"),
        notify_smtp=mail_server.url,
        credentials=str(file),
        harvest_grace_runs=1,
        base_url="https://catalogue.example.org",
    )
    source = house.journal.source("north")
    node.serve("/catalog.ttl", catalogue(*"abcdefghij"))
    house.harvest(source)
    node.serve("/catalog.ttl", catalogue("a"))
    run = house.harvest(source)
    assert run.outcome is Outcome.HELD
    assert "AUTH PLAIN " + b64encode(b"\0us\0secret").decode() in mail_server.lines
    assert [line for line in mail_server.lines if line.startswith("rcpt")] == [
        "rcpt TO:<ops@example.org>",
        "rcpt TO:<node@example.org>",
    ]
    assert "Subject: [GDI Catalogue] north: held" in mail_server.mail
    assert "From: gdi-catalogue@catalogue.example.org" in mail_server.mail
    assert f"gdi-catalogue runs show north {run.id}" in mail_server.mail.replace("=\n", "")
    assert "secret" not in mail_server.mail


def test_a_hook_that_does_not_take_it_stops_nothing(
    node: FakeNode, opened: Callable[..., House], caplog: pytest.LogCaptureFixture
) -> None:
    house = opened(
        notify_webhook=node.behave("/hook", Reply(500)),
        notify_mail=("ops@example.org",),
        notify_smtp="smtp://127.0.0.1:1",
    )
    node.behave("/catalog.ttl", Reply(404))
    assert house.harvest(house.journal.source("north")).outcome is Outcome.FAILED
    assert "north: failed could not be told by webhook: " in caplog.text
    assert "The server answered 500 Internal Server Error." in caplog.text
    assert "north: failed could not be told by mail: " in caplog.text


@pytest.mark.parametrize(
    ("settings", "detail"),
    [
        (
            {"notify_webhook": "chat.example.org/x"},
            "notify_webhook cannot be 'chat.example.org/x': Only http and https",
        ),
        (
            {"notify_webhook": "https://us:secret@chat.example.org/"},
            "notify_webhook cannot be 'https://chat.example.org/'",
        ),
        ({"notify_mail": ("ops@example.org",)}, "notify_smtp must be smtp://HOST"),
        (
            {"notify_mail": ("ops@example.org",), "notify_smtp": "smtp://us:secret@mail"},
            "notify_smtp must be smtp://HOST",
        ),
    ],
)
def test_an_address_that_cannot_be_used_is_told_at_once(
    opened: Callable[..., House], settings: dict[str, Value], detail: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        opened(**settings)
    assert detail in caught.value.detail
    assert "secret@" not in caught.value.detail
