from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from nodes.fake_node import CutOff, Drip, Endless, FakeNode, Garbage, HangUp, Reply, Silent, Stall, bomb, redirect

from harvester.address import AddressPolicy
from harvester.errors import (
    BadAddress,
    BadEncoding,
    BadRedirect,
    ConnectionFailed,
    ConnectionLost,
    HostUnknown,
    HttpStatus,
    NameServiceFailed,
    OutOfTime,
    TimedOut,
    Truncated,
)
from harvester.http import ACCEPT_RDF, Door, Outside, user_agent
from harvester.source import Source
from shapes.errors import AddressBlocked, Fault, TooLarge, Unreachable

DATA = b"<http://example.org/s> <http://example.org/p> 'value' .\n" * 100
MakeDoor = Callable[..., Door]


def test_a_document_comes_with_all_that_was_said_of_it(node: FakeNode, door: Door) -> None:
    kind = 'Text/Turtle; charset="ISO-8859-1"'
    url = node.serve("/a.ttl", DATA, kind, ETag='"v1"', Last_Modified="Fri, 20 Nov 2026 12:00:00 GMT")
    answer = door.get(url + "#part")
    assert (answer.url, answer.status, answer.data) == (url, 200, DATA)
    assert (answer.media_type, answer.charset) == ("text/turtle", "iso-8859-1")
    assert (answer.etag, answer.modified) == ('"v1"', "Fri, 20 Nov 2026 12:00:00 GMT")
    assert answer.headers["CONTENT-TYPE"] == kind
    assert (door.requests, door.bytes) == (1, len(DATA))


def test_a_request_says_who_asks_and_never_for_html(node: FakeNode, door: Door) -> None:
    door.get(node.serve("/a.ttl", DATA))
    headers = node.requests[0].headers
    assert headers["Accept"] == ACCEPT_RDF
    assert "html" not in headers["Accept"]
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert headers["User-Agent"] == "gdi-catalogue"
    assert "Cookie" not in headers


def test_the_user_agent_names_product_and_contact() -> None:
    assert user_agent().startswith("gdi-catalogue")
    assert user_agent("mailto:ops@example.org").endswith(" (+mailto:ops@example.org)")


def test_an_unchanged_document_is_not_sent_again(node: FakeNode, door: Door) -> None:
    url = node.serve("/a.ttl", DATA, ETag='"v1"')
    answer = door.get(url, etag='"v1"', modified="Fri, 20 Nov 2026 12:00:00 GMT")
    assert (answer.status, answer.data, answer.etag) == (304, b"", '"v1"')
    assert node.requests[0].headers["If-Modified-Since"] == "Fri, 20 Nov 2026 12:00:00 GMT"
    assert door.get(url, etag='"v0"').data == DATA


def test_304_to_an_unconditional_request_is_an_error(node: FakeNode, door: Door) -> None:
    with pytest.raises(HttpStatus):
        door.get(node.behave("/a.ttl", Reply(304)))


@pytest.mark.parametrize(("coding", "packer"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_compressed_answers_are_undone(
    node: FakeNode, door: Door, coding: str, packer: Callable[[bytes], bytes]
) -> None:
    url = node.serve("/a.ttl", packer(DATA), Content_Encoding=coding)
    assert door.get(url).data == DATA


def test_a_plain_body_that_claims_to_be_gzip_is_refused(node: FakeNode, door: Door) -> None:
    with pytest.raises(BadEncoding):
        door.get(node.serve("/a.ttl", DATA, Content_Encoding="gzip"))


# -- trying again ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_with_growing_waits(
    node: FakeNode, door: Door, waits: list[float], status: int
) -> None:
    url = node.behave("/a.ttl", Reply(status), Reply(status), Reply(200, DATA))
    assert door.get(url).data == DATA
    assert waits == [1.0, 2.0]
    assert door.requests == 3


def test_a_lost_connection_is_tried_again(node: FakeNode, door: Door, waits: list[float]) -> None:
    url = node.behave("/a.ttl", HangUp(), CutOff(DATA, 50), Reply(200, DATA))
    assert door.get(url).data == DATA
    assert waits == [1.0, 2.0]


def test_a_server_that_stays_down_is_given_up_with_its_last_word(
    node: FakeNode, door: Door, waits: list[float]
) -> None:
    url = node.behave("/a.ttl", Reply(503, headers={"Retry-After": "7"}))
    with pytest.raises(HttpStatus) as caught:
        door.get(url)
    assert caught.value.detail == "The server answered 503 Service Unavailable and asked to wait 7 s."
    assert (caught.value.code, caught.value.url, caught.value.answered) == ("http-status", url, 503)
    assert waits == [7.0, 7.0, 7.0]
    assert node.asked("/a.ttl") == 4


@pytest.mark.parametrize("after", ["9" * 400, "Wed, 21 Oct 9999 07:28:00 GMT", "31536000"])
def test_a_wait_beyond_all_patience_is_said_in_seconds_of_a_year(node: FakeNode, door: Door, after: str) -> None:
    node.behave("/x", Reply(429, b"", "text/plain", {"Retry-After": after}))
    with pytest.raises(HttpStatus) as caught:
        door.get(node.url("/x"))
    assert caught.value.detail == "The server answered 429 Too Many Requests and asked to wait 31,536,000 s."
    assert node.asked("/x") == 1


def test_a_server_that_asks_for_more_time_than_there_is_is_not_asked_again(
    node: FakeNode, make_door: MakeDoor, waits: list[float]
) -> None:
    with pytest.raises(HttpStatus):
        make_door(total=60.0).get(node.behave("/a.ttl", Reply(429, headers={"Retry-After": "90"})))
    assert waits == []


@pytest.mark.parametrize("status", [202, 204, 206, 400, 401, 403, 404, 410, 501])
def test_an_answer_that_is_no_document_is_an_error_at_once(
    node: FakeNode, door: Door, waits: list[float], status: int
) -> None:
    with pytest.raises(HttpStatus, match=f"The server answered {status}"):
        door.get(node.behave("/a.ttl", Reply(status, DATA)))
    assert waits == []


# -- the network ----------------------------------------------------------------------------------------------------


def unused_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def test_nobody_at_home(door: Door) -> None:
    url = f"http://127.0.0.1:{unused_port()}/a.ttl"
    with pytest.raises(ConnectionFailed, match="took no connection: Connection refused") as caught:
        door.get(url)
    assert caught.value.url == url


@pytest.mark.parametrize(
    ("number", "error", "detail"),
    [
        (socket.EAI_NONAME, HostUnknown, "The host name node.example is not known."),
        (socket.EAI_AGAIN, NameServiceFailed, "The host name node.example could not be looked up now."),
    ],
)
def test_a_name_that_is_not_known(make_door: MakeDoor, number: int, error: type[Fault], detail: str) -> None:
    def resolve(*_: object) -> Any:
        raise socket.gaierror(number, "no")

    with pytest.raises(error) as caught:
        make_door(outside=Outside(resolve=resolve)).get("http://node.example/a.ttl")
    assert (caught.value.detail, caught.value.url) == (detail, "http://node.example/a.ttl")


@pytest.mark.parametrize("behaviour", [HangUp(), Garbage()])
def test_what_is_no_http_answer_is_a_lost_connection(
    node: FakeNode, make_door: MakeDoor, behaviour: HangUp | Garbage
) -> None:
    with pytest.raises(ConnectionLost, match="The connection ended without an HTTP answer"):
        make_door(retries=0).get(node.behave("/a.ttl", behaviour))


@pytest.mark.parametrize("behaviour", [Silent(), Stall()])
def test_a_server_that_stops_talking_is_left(node: FakeNode, make_door: MakeDoor, behaviour: Silent | Stall) -> None:
    with pytest.raises(TimedOut) as caught:
        make_door(retries=0, read=0.1).get(node.behave("/a.ttl", behaviour))
    assert caught.value.detail == "No bytes came for 0.1 s."


@pytest.mark.parametrize("headers", [True, False])
def test_a_server_that_drips_is_left_at_the_total_deadline(node: FakeNode, make_door: MakeDoor, headers: bool) -> None:  # noqa: FBT001
    with pytest.raises(OutOfTime) as caught:
        make_door(total=0.2).get(node.behave("/a.ttl", Drip(headers=headers)))
    assert caught.value.detail == "There was no whole answer within 0.2 s."


def test_the_deadline_holds_on_a_connection_kept_from_an_earlier_request(node: FakeNode, make_door: MakeDoor) -> None:
    door = make_door(total=0.3)
    door.get(node.serve("/a.ttl", DATA))
    with pytest.raises(OutOfTime):
        door.get(node.behave("/b.ttl", Drip(headers=True)))


@pytest.mark.parametrize("behaviour", [CutOff(DATA, 70), CutOff(DATA, 70, chunked=True), Reply(200, DATA, length=9999)])
def test_an_answer_without_its_end_is_truncated(node: FakeNode, make_door: MakeDoor, behaviour: CutOff | Reply) -> None:
    with pytest.raises(Truncated) as caught:
        make_door(retries=0).get(node.behave("/a.ttl", behaviour))
    assert caught.value.detail == "The connection ended before the whole document had come."


def test_no_more_is_read_than_was_announced(node: FakeNode, door: Door) -> None:
    assert door.get(node.behave("/a.ttl", Reply(200, DATA, length=56))).data == DATA[:56]


# -- size -----------------------------------------------------------------------------------------------------------


def test_a_document_announced_too_large_is_not_read(node: FakeNode, make_door: MakeDoor) -> None:
    door = make_door(max_bytes=1000)
    with pytest.raises(TooLarge) as caught:
        door.get(node.serve("/a.ttl", DATA))
    assert caught.value.detail == "The document is announced with 5,600 bytes; 1,000 are allowed."
    assert door.bytes == 0


def test_an_endless_document_is_left_at_the_cap(node: FakeNode, door: Door) -> None:
    url = node.behave("/a.ttl", Endless())
    with pytest.raises(TooLarge) as caught:
        door.get(url, max_bytes=300_000)
    assert (caught.value.detail, caught.value.url) == ("The document is larger than the 300,000 bytes allowed.", url)
    assert door.bytes < 1_000_000


def test_a_gzip_bomb_is_left_at_the_cap(node: FakeNode, make_door: MakeDoor) -> None:
    with pytest.raises(TooLarge):
        make_door(max_bytes=1_000_000).get(node.behave("/a.ttl", bomb(100_000_000)))


# -- redirects ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_answer_bears_the_last_address(node: FakeNode, door: Door, status: int) -> None:
    url = node.serve("/new/b.ttl", DATA)
    node.behave("/old", redirect("new/b.ttl", status))
    assert door.get(node.url("/old")).url == url


def test_redirects_in_a_circle_are_noticed(node: FakeNode, door: Door) -> None:
    node.behave("/a", redirect("/b"))
    node.behave("/b", redirect("/a"))
    with pytest.raises(BadRedirect) as caught:
        door.get(node.url("/a"))
    assert caught.value.detail == "The redirects lead round in a circle."
    assert len(node.requests) == 2


def test_redirects_without_end_are_left(node: FakeNode, door: Door) -> None:
    for n in range(9):
        node.behave(f"/{n}", redirect(f"/{n + 1}"))
    with pytest.raises(BadRedirect, match="More than 5 redirects in a row"):
        door.get(node.url("/0"))
    assert len(node.requests) == 6


@pytest.mark.parametrize(
    ("target", "detail"),
    [
        ("file:///etc/passwd", "The redirect points to an address that cannot be asked for"),
        ("ftp://127.0.0.1/x", "The redirect points to an address that cannot be asked for"),
        ("http://[::1/", "The redirect points to an address that cannot be asked for"),
        ("", "The server answered 302 without saying where to."),
    ],
)
def test_a_redirect_to_nowhere_is_refused(node: FakeNode, door: Door, target: str, detail: str) -> None:
    with pytest.raises(BadRedirect, match=detail) as caught:
        door.get(node.behave("/a", redirect(target)))
    assert caught.value.url == node.url("/a")


def test_the_body_of_a_redirect_is_never_read(node: FakeNode, door: Door) -> None:
    node.behave("/a", Endless(302, {"Location": "/b"}))
    node.serve("/b", DATA)
    assert door.get(node.url("/a")).data == DATA
    assert door.bytes == len(DATA)


def test_secrets_stay_with_the_origin_they_were_given_for(node: FakeNode, door: Door) -> None:
    with FakeNode() as other:
        target = other.serve("/b", DATA)
        node.behave("/a", redirect("/c"))
        node.behave("/c", redirect(target.replace("http://", "http://me:secret@")))
        door.get(node.url("/a"), headers={"Authorization": "Bearer x", "X-Api-Key": "y"})
        assert [seen.headers.get("Authorization") for seen in node.requests] == ["Bearer x", "Bearer x"]
        assert not {"Authorization", "X-Api-Key"} & other.requests[0].headers.keys()


# -- where it may go ------------------------------------------------------------------------------------------------


def test_a_private_address_is_refused_before_a_byte_is_sent(node: FakeNode, make_door: MakeDoor) -> None:
    door = make_door(policy=AddressPolicy(ports=frozenset({node.port})))
    with pytest.raises(AddressBlocked) as caught:
        door.get(node.serve("/a.ttl", DATA))
    assert caught.value.detail == "127.0.0.1 has the address 127.0.0.1, which is a loopback address and not public."
    assert node.requests == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.1", "localhost"])
def test_other_spellings_of_loopback_lead_nowhere_else(node: FakeNode, make_door: MakeDoor, host: str) -> None:
    door = make_door(policy=AddressPolicy(ports=frozenset({node.port})))
    node.serve("/a.ttl", DATA)
    with pytest.raises(AddressBlocked):
        door.get(f"http://{host}:{node.port}/a.ttl")
    assert node.requests == []


def test_a_port_that_is_not_the_web_s_is_refused_without_a_look_up(make_door: MakeDoor) -> None:
    def resolve(*_: object) -> Any:
        raise AssertionError

    with pytest.raises(AddressBlocked, match=r"Port 6379 of node\.example"):
        make_door(policy=AddressPolicy(), outside=Outside(resolve=resolve)).get("http://node.example:6379/")


def test_a_name_that_answers_differently_the_second_time_gains_nothing(node: FakeNode, make_door: MakeDoor) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def resolve(_: str, port: int) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    policy = AddressPolicy(ports=frozenset({node.port}))
    assert resolve("", 0)[0][4][0] == "93.184.216.34"  # what a check before the connection would have seen
    with pytest.raises(AddressBlocked, match=r"rebinding\.example has the address 127\.0\.0\.1"):
        make_door(policy=policy, outside=Outside(resolve=resolve)).get(f"http://rebinding.example:{node.port}/a.ttl")
    assert node.requests == []


def test_of_several_addresses_the_first_allowed_one_is_taken(node: FakeNode, make_door: MakeDoor) -> None:
    def resolve(_: str, port: int) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("169.254.169.254", "127.0.0.1")]

    node.serve("/a.ttl", DATA)
    assert make_door(outside=Outside(resolve=resolve)).get(f"http://two.example:{node.port}/a.ttl").data == DATA


def test_allow_private_opens_the_source_s_own_host_and_port_alone(node: FakeNode, make_door: MakeDoor) -> None:
    url = node.serve("/a.ttl", DATA)
    door = make_door(policy=AddressPolicy())
    with door.for_source(Source("here", url, allow_private=True)) as own, FakeNode() as other:
        assert own.get(url).data == DATA
        node.behave("/out", redirect(other.serve("/b", DATA)))
        with pytest.raises(AddressBlocked):
            own.get(node.url("/out"))
        assert other.requests == []
        with pytest.raises(AddressBlocked):
            own.get(url.replace("127.0.0.1", "localhost"))
    with door.for_source(Source("there", url)) as own, pytest.raises(AddressBlocked):
        own.get(url)
    with pytest.raises(AddressBlocked):
        door.get(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://", "https://me:secret@node.example/", "http://a b/"])
def test_an_address_that_cannot_be_asked_for_is_the_caller_s_mistake(door: Door, url: str) -> None:
    with pytest.raises(BadAddress):
        door.get(url)


def test_proxies_of_the_environment_take_no_part(node: FakeNode, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert door.get(node.serve("/a.ttl", DATA)).data == DATA


def test_every_error_of_the_door_is_one_the_user_can_be_told(node: FakeNode, make_door: MakeDoor) -> None:
    with pytest.raises(Unreachable) as caught:
        make_door(retries=0).get(node.url("/missing"))
    assert str(caught.value) == f"{node.url('/missing')}: The server answered 404 Not Found."
    assert (caught.value.exit_code, caught.value.status) == (1, 502)
