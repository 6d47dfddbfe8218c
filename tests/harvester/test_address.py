from __future__ import annotations

import pytest

from harvester.address import AddressPolicy, Endpoint, endpoint_of, origin_of, split, without_password
from harvester.errors import BadAddress
from shapes.errors import AddressBlocked

NODE = Endpoint("node.example", 443)

PUBLIC = ("8.8.8.8", "193.190.1.1", "2001:4860:4860::8888", "2a00:1450:4001:800::200e", "64:ff9b::808:808")

PRIVATE = {
    "127.0.0.1": "a loopback address",
    "127.255.255.254": "a loopback address",
    "10.1.2.3": "a private address",
    "172.16.0.1": "a private address",
    "172.31.255.255": "a private address",
    "192.168.1.1": "a private address",
    "100.64.0.1": "a carrier's shared address",
    "192.0.0.9": "a protocol-assignment address",
    "198.18.0.1": "a benchmarking address",
    "203.0.113.7": "a documentation address",
    "::1": "a loopback address",
    "fd12:3456::1": "a private address",
    "fec0::1": "a site-local address",
    "2001:db8::1": "a documentation address",
    "2001:20::1": "a protocol-assignment address",
    "64:ff9b:1::1": "a local translation address",
    "4000::1": "not a global unicast address",
    # An IPv4 address in disguise.
    "::ffff:127.0.0.1": "a loopback address",
    "::ffff:10.0.0.1": "a private address",
    "::127.0.0.1": "a loopback address",
    "64:ff9b::7f00:1": "a loopback address",
    "64:ff9b::a00:1": "a private address",
    "2002:7f00:1::": "a loopback address",
    "2002:c0a8:101::1": "a private address",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": "a protocol-assignment address",
    "2a00::5efe:10.0.0.1": "a private address",
    "2a00::200:5efe:192.168.0.1": "a private address",
}

NEVER = {
    "169.254.169.254": "a cloud metadata service",
    "169.254.170.2": "a cloud metadata service",
    "100.100.100.200": "a cloud metadata service",
    "168.63.129.16": "a cloud metadata service",
    "fd00:ec2::254": "a cloud metadata service",
    "169.254.1.1": "a link-local address",
    "0.0.0.0": "an unspecified address",  # noqa: S104 - an address to refuse
    "224.0.0.1": "a multicast address",
    "240.0.0.1": "a reserved address",
    "255.255.255.255": "a reserved address",
    "::": "an unspecified address",
    "fe80::1": "a link-local address",
    "fe80::1%eth0": "a link-local address",
    "ff02::1": "a multicast address",
    "::ffff:169.254.169.254": "a cloud metadata service",
    "64:ff9b::a9fe:a9fe": "a cloud metadata service",
    "2002:a9fe:a9fe::": "a cloud metadata service",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_open(address: str) -> None:
    AddressPolicy().check_address(address, NODE)


@pytest.mark.parametrize(("address", "what"), (PRIVATE | NEVER).items())
def test_every_other_address_is_closed_and_named(address: str, what: str) -> None:
    with pytest.raises(AddressBlocked) as caught:
        AddressPolicy().check_address(address, NODE)
    assert caught.value.detail == f"node.example has the address {address}, which is {what} and not public."


@pytest.mark.parametrize("address", PRIVATE)
def test_a_source_may_open_private_addresses_of_its_own_endpoint_only(address: str) -> None:
    policy = AddressPolicy().opened_for(NODE, private=True)
    policy.check_address(address, NODE)
    for other in (Endpoint("node.example", 80), Endpoint("other.example", 443)):
        with pytest.raises(AddressBlocked):
            policy.check_address(address, other)


@pytest.mark.parametrize("address", NEVER)
def test_metadata_services_and_the_like_stay_closed_whatever_is_allowed(address: str) -> None:
    for policy in (AddressPolicy().opened_for(NODE, private=True), AddressPolicy(anywhere=True)):
        with pytest.raises(AddressBlocked):
            policy.check_address(address, NODE)


def test_the_setting_allow_private_opens_private_addresses_and_ports_of_every_host() -> None:
    policy = AddressPolicy(anywhere=True)
    policy.check_address("127.0.0.1", NODE)
    policy.check_port(Endpoint("node.example", 6379))


def test_only_ports_of_the_web_are_open_and_the_source_s_own() -> None:
    policy = AddressPolicy()
    policy.check_port(Endpoint("node.example", 8080))
    smtp = Endpoint("node.example", 25)
    with pytest.raises(AddressBlocked) as caught:
        policy.check_port(smtp)
    assert caught.value.detail == (
        "Port 25 of node.example is neither a usual port of a web server nor the source's own."
    )
    opened = policy.opened_for(smtp, private=False)
    opened.check_port(smtp)
    with pytest.raises(AddressBlocked):
        opened.check_port(Endpoint("other.example", 25))
    with pytest.raises(AddressBlocked):
        opened.check_address("10.0.0.1", smtp)


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("file:///etc/passwd", "Only http and https addresses can be fetched."),
        ("ftp://node.example/x", "Only http and https addresses can be fetched."),
        ("gopher://node.example:70/", "Only http and https addresses can be fetched."),
        ("catalog.ttl", "Only http and https addresses can be fetched."),
        ("http:///catalog.ttl", "The URL names no host."),
        ("http://node.example:0/", "The URL names no host."),
        ("http://no de.example/", "The URL names no host."),
        ("http://node.example:99999/", "This is not a URL: Port out of range 0-65535."),
        ("http://[::1/", "This is not a URL: Invalid IPv6 URL."),
    ],
)
def test_what_is_no_http_address_is_refused_in_words(url: str, detail: str) -> None:
    with pytest.raises(BadAddress) as caught:
        split(url)
    assert caught.value.detail == detail
    assert caught.value.url == url


def test_a_password_in_an_address_is_refused_and_never_repeated() -> None:
    with pytest.raises(BadAddress) as caught:
        split("https://me:secret@node.example/catalog?mail=a@b.example")
    assert caught.value.url == "https://node.example/catalog?mail=a@b.example"
    assert "secret" not in str(caught.value)


def test_a_sign_at_in_a_path_is_no_password() -> None:
    assert without_password("https://node.example/@me/data") == "https://node.example/@me/data"


def test_an_endpoint_is_the_same_however_it_is_written() -> None:
    assert endpoint_of("HTTPS://Node.Example./a") == endpoint_of("https://node.example:443/b") == NODE
    assert endpoint_of("http://münchen.example/") == Endpoint("xn--mnchen-3ya.example", 80)
    assert origin_of("http://node.example:443/") != origin_of("https://node.example/")
