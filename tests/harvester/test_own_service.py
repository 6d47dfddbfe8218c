"""HTTP to a service of one's own: it may be anywhere, and every wait has an end all the same."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodes.fake_node import CutOff, FakeNode, Garbage, HangUp, Reply, Silent, Stall, redirect

from harvester.errors import BadAddress, ConnectionFailed, ConnectionLost, OutOfTime, TlsFailed, Truncated
from harvester.own_service import Access, Message, OwnService
from harvester.stop import Stop
from shapes.errors import AddressBlocked, Unreachable

SECONDS = 20.0


@pytest.fixture
def service() -> Iterator[OwnService]:
    made = OwnService(Access(headers={"Authorization": "Bearer of-ours"}, agent="tests"))
    yield made
    made.close()


def message(url: str, seconds: float = SECONDS) -> Message:
    return Message(url, b"ASK {}", "application/sparql-query", "text/plain", seconds)


def body(service: OwnService, sent: Message) -> tuple[int, bytes]:
    with service.sent(sent) as reply:
        return reply.status, b"".join(reply.pieces())


def test_a_message_brings_what_lets_us_in_and_nothing_of_the_environment(
    service: OwnService, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    url = node.serve("/ds", "yes", "text/plain")
    assert body(service, message(url)) == (200, b"yes")
    headers = node.requests[0].headers
    assert [headers[name] for name in ("Authorization", "Accept", "Content-Type", "User-Agent")] == [
        "Bearer of-ours",
        "text/plain",
        "application/sparql-query",
        "tests",
    ]
    assert node.forms == [b"ASK {}"]
    assert "of-ours" not in repr(service._access)


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
def test_an_error_is_an_answer_whose_words_can_be_read(service: OwnService, node: FakeNode, status: int) -> None:
    url = node.behave("/ds", Reply(status, b"because", "text/plain"))
    assert body(service, message(url)) == (status, b"because")


def test_no_redirect_is_followed(service: OwnService, node: FakeNode) -> None:
    target = node.serve("/elsewhere", "no", "text/plain")
    with service.sent(message(node.behave("/ds", redirect(target)))) as reply:
        assert reply.status == 302
    assert node.asked("/elsewhere") == 0


def test_what_happened_on_the_line_is_told_apart(service: OwnService, node: FakeNode) -> None:
    for behaviour, error in (
        (HangUp(), ConnectionLost),
        (Garbage(), ConnectionLost),
        (CutOff(b"0123456789", 5), Truncated),
        (CutOff(b"0123456789", 5, chunked=True), Truncated),
    ):
        with pytest.raises(error):
            body(service, message(node.behave("/ds", behaviour)))
    with pytest.raises(ConnectionFailed, match="took no connection"):
        body(service, message("http://127.0.0.1:1/ds"))
    with pytest.raises(BadAddress):
        body(service, message("http://[/ds"))
    with pytest.raises(AddressBlocked, match="cloud metadata"):
        body(service, message("http://169.254.169.254/ds"))


@pytest.mark.parametrize("behaviour", [Silent(), Stall()], ids=["silent", "stalled"])
def test_the_time_is_for_all_of_it(service: OwnService, node: FakeNode, behaviour: Silent | Stall) -> None:
    url = node.behave("/ds", behaviour)
    with pytest.raises(Unreachable) as caught:
        body(service, message(url, 0.3))
    assert isinstance(caught.value, OutOfTime)
    assert caught.value.detail == "There was no whole answer within 0.3 s."


def test_another_thread_ends_the_wait(service: OwnService, node: FakeNode) -> None:
    stop = Stop()
    timer = threading.Timer(0.1, stop.ask, ["enough"])
    timer.start()
    with pytest.raises(OutOfTime), service.sent(message(node.behave("/ds", Silent())), stop):
        pytest.fail("there is no answer")
    timer.join()


def test_a_connection_that_was_lost_is_tried_once_more(service: OwnService, node: FakeNode) -> None:
    url = node.behave("/ds", HangUp(), Reply(200, b"yes"))
    assert body(service, message(url)) == (200, b"yes")
    assert node.asked("/ds") == 2
    node.behave("/ds", HangUp(), HangUp(), Reply(200, b"yes"))
    with pytest.raises(ConnectionLost):
        body(service, message(url))


def test_whether_an_answer_says_where_it_ends(service: OwnService, node: FakeNode) -> None:
    with service.sent(message(node.serve("/ds", "yes"))) as reply:
        assert (reply.ends, reply.media_type) == (True, "text/turtle")


def test_a_certificate_is_checked_with_the_authority_that_was_named(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with FakeNode(tls=context) as node:
        url = node.serve("/ds", "yes")
        stranger, friend = OwnService(Access()), OwnService(Access(ca_file=str(certificate)))
        with pytest.raises(TlsFailed, match="certificate verify failed"):
            body(stranger, message(url))
        assert body(friend, message(url)) == (200, b"yes")
        stranger.close()
        friend.close()
