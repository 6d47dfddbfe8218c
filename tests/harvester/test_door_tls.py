from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodes.fake_node import Drip, FakeNode, redirect

from harvester.address import AddressPolicy
from harvester.errors import BadRedirect, OutOfTime, TlsFailed
from harvester.http import Door, DoorSettings
from harvester.patience import Patience

DATA = b"<http://example.org/s> <http://example.org/p> 'value' .\n"


@pytest.fixture
def secure_node(certificate: Path) -> Iterator[FakeNode]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with FakeNode(tls=context) as node:
        yield node


def door(*, trusted: Path | None = None, total: float = 30.0) -> Door:
    settings = DoorSettings(total=total, ca_file=str(trusted) if trusted else None)
    return Door(settings, policy=AddressPolicy(anywhere=True), patience=Patience(retries=0))


def test_a_certificate_nobody_vouches_for_is_refused(secure_node: FakeNode) -> None:
    url = secure_node.serve("/a.ttl", DATA)
    with door() as stranger, pytest.raises(TlsFailed) as caught:
        stranger.get(url)
    said = "The secure connection failed: certificate verify failed: self-signed certificate."
    assert (caught.value.url, caught.value.detail) == (url, said)
    assert secure_node.requests == []


def test_a_certificate_of_an_own_authority_can_be_trusted(secure_node: FakeNode, certificate: Path) -> None:
    with door(trusted=certificate) as friend:
        assert friend.get(secure_node.serve("/a.ttl", DATA)).data == DATA
        with pytest.raises(TlsFailed, match=r"(?i)doesn't match|mismatch"):
            friend.get(secure_node.url("/a.ttl").replace("127.0.0.1", "localhost"))


def test_the_deadline_holds_inside_tls(secure_node: FakeNode, certificate: Path) -> None:
    with door(trusted=certificate, total=0.3) as friend, pytest.raises(OutOfTime):
        friend.get(secure_node.behave("/a.ttl", Drip()))


def test_no_redirect_leads_out_of_tls(secure_node: FakeNode, certificate: Path, node: FakeNode) -> None:
    target = node.serve("/a.ttl", DATA)
    with door(trusted=certificate) as friend, pytest.raises(BadRedirect) as caught:
        friend.get(secure_node.behave("/a", redirect(target)))
    assert caught.value.detail == f"The redirect leads from https to unprotected http ({target})."
    assert node.requests == []
