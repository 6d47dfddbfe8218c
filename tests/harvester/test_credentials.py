"""Sources that ask who we are: what is sent, to whom, and that no secret comes out anywhere."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from nodes.fake_node import FakeNode, Made, Reply, Seen, redirect
from nodes.samples import Ledger, catalogue, no_findings

from harvester.address import AddressPolicy
from harvester.admission import Admission
from harvester.credentials import Basic, Bearer, ClientCredentials, CredentialFile, Header
from harvester.errors import BadCredential, NotAdmitted
from harvester.harvest import harvest
from harvester.http import Door
from harvester.source import Source

SECRET = "s3cr3t-0123456789"  # noqa: S105 - the secret that must not come out


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., CredentialFile]:
    """Write the file of credentials, for its owner's eyes."""

    def write(text: str, mode: int = 0o600, **environment: str) -> CredentialFile:
        file = tmp_path / "credentials.toml"
        file.write_text(text, "utf-8")
        file.chmod(mode)
        return CredentialFile(file, environment)

    return write


def run(node: FakeNode, credentials: CredentialFile, path: str = "/catalog.ttl") -> Ledger:
    with Door(policy=AddressPolicy(anywhere=True), credentials=credentials.of) as door:
        source = Source("north", node.url(path))
        return Ledger(list(harvest(source, (), door=door, judge=no_findings)))


def guarded(node: FakeNode, wanted: str, header: str = "Authorization") -> None:
    """Let the catalogue be read by those who send what is wanted."""

    def answer(seen: Seen) -> Reply:
        if seen.headers.get(header) == wanted:
            return Reply(200, catalogue("a").encode())
        return Reply(401, b"who are you?", "text/plain")

    node.behave("/catalog.ttl", Made(answer))


@pytest.mark.parametrize(
    ("table", "header", "sent"),
    [
        (
            'scheme = "basic"\nuser = "harvester"\npassword = "pass:word"',
            "Authorization",
            f"Basic {b64encode(b'harvester:pass:word').decode()}",
        ),
        ('scheme = "bearer"\ntoken = { env = "NORTH" }', "Authorization", f"Bearer {SECRET}"),
        (f'scheme = "header"\nname = "X-Api-Key"\nvalue = "{SECRET}"', "X-Api-Key", SECRET),
    ],
)
def test_a_source_lets_us_in(
    node: FakeNode, write: Callable[..., CredentialFile], table: str, header: str, sent: str
) -> None:
    guarded(node, sent, header)
    ledger = run(node, write(f"[north]\n{table}\n[other]\nscheme = 'bearer'\ntoken = 'another'", NORTH=SECRET))
    assert (ledger.new, ledger.problems, ledger.complete) == (["a"], [], True)


def test_a_secret_may_stand_in_a_file(write: Callable[..., CredentialFile], tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{SECRET}\n")
    found = write(f'[north]\nscheme = "bearer"\ntoken = {{ file = "{tmp_path / "token"}" }}').of("north")
    assert found == Bearer(SECRET)


def test_a_source_without_a_credential_sends_none(node: FakeNode, write: Callable[..., CredentialFile]) -> None:
    guarded(node, "Bearer x")
    ledger = run(node, write("[other]\nscheme = 'bearer'\ntoken = 'x'"))
    assert [p.detail for p in ledger.problems] == ["The server answered 401 Unauthorized."]
    assert "Authorization" not in node.requests[0].headers


def test_a_credential_goes_to_the_source_s_own_origin_only(write: Callable[..., CredentialFile]) -> None:
    credentials = write(f"[north]\nscheme = 'bearer'\ntoken = '{SECRET}'")
    with FakeNode() as node, FakeNode() as stranger:
        onward = f"<{node.url('/catalog.ttl')}> a hydra:PartialCollectionView ; hydra:next <{node.url('/p2')}> .\n"
        node.serve("/catalog.ttl", catalogue("a") + onward)
        node.behave("/p2", redirect(stranger.serve("/p2", catalogue("b"))))
        assert run(node, credentials).new == ["a", "b"]
        assert [seen.headers.get("Authorization") for seen in node.requests] == [f"Bearer {SECRET}"] * 2
        assert [seen.headers.get("Authorization") for seen in stranger.requests] == [None]


def provider(node: FakeNode, *answers: Reply) -> str:
    return node.behave("/token", *answers)


def token(value: str, *, kind: str = "Bearer") -> Reply:
    said = {"access_token": value, "token_type": kind, "expires_in": 300}
    return Reply(200, json.dumps(said).encode(), "application/json")


def account(url: str) -> str:
    return (
        f'[north]\nscheme = "client-credentials"\ntoken_url = "{url}"\nclient_id = "gdi catalogue"\n'
        f'client_secret = "{SECRET}"\nscope = "catalogue.read"\n'
    )


def test_a_token_is_asked_for_once_and_sent_with_every_page(
    node: FakeNode, write: Callable[..., CredentialFile]
) -> None:
    url = provider(node, token("t-1"), token("t-2"))
    onward = f"<{node.url('/catalog.ttl')}> a hydra:PartialCollectionView ; hydra:next <{node.url('/p2')}> .\n"
    node.serve("/catalog.ttl", catalogue("a") + onward)
    node.serve("/p2", catalogue("b"))
    assert run(node, write(account(url))).new == ["a", "b"]
    asked, *pages = node.requests
    assert parse_qs(node.forms[0].decode()) == {"grant_type": ["client_credentials"], "scope": ["catalogue.read"]}
    assert asked.headers["Authorization"] == f"Basic {b64encode(f'gdi+catalogue:{SECRET}'.encode()).decode()}"
    assert [seen.headers["Authorization"] for seen in pages] == ["Bearer t-1"] * 2


def test_a_token_the_source_does_not_take_is_renewed_once(node: FakeNode, write: Callable[..., CredentialFile]) -> None:
    url = provider(node, token("old"), token("fresh"))
    guarded(node, "Bearer fresh")
    assert run(node, write(account(url))).new == ["a"]
    guarded(node, "Bearer something else")
    ledger = run(node, write(account(url)))
    assert [p.detail for p in ledger.problems] == ["The server answered 401 Unauthorized."]
    assert len(node.forms) == 4


def test_a_token_is_renewed_before_it_ends() -> None:
    times = iter([0.0, 269.0, 271.0, 271.0])
    said = iter([b'{"access_token": "one", "expires_in": 300}', b'{"access_token": "two", "expires_in": 300}'])
    account = ClientCredentials("https://login.example.org/token", "us", SECRET)
    admission = Admission(account, lambda *_, **__: next(said), clock=lambda: next(times))
    sent = [admission.headers()["Authorization"] for _ in range(3)]
    assert sent == ["Bearer one", "Bearer one", "Bearer two"]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (Reply(400, b'{"error": "invalid_client"}'), "gave no token. The server answered 400 Bad Request."),
        (Reply(200, b"<html>", "text/html"), "'s answer holds no token."),
        (Reply(200, b'{"token_type": "Bearer"}'), "'s answer holds no token."),
        (token("two words"), "'s token is of a kind we cannot send."),
        (token("t", kind="mac"), "'s token is of a kind we cannot send."),
        (
            redirect("/elsewhere"),
            "gave no token. The server redirects what was sent to it, which is sent on to nowhere.",
        ),
    ],
)
def test_a_provider_that_gives_no_token_is_told_by_its_address(
    node: FakeNode, write: Callable[..., CredentialFile], answer: Reply, detail: str
) -> None:
    url = provider(node, answer)
    ledger = run(node, write(account(url)))
    (problem,) = ledger.problems
    assert (problem.code, problem.url) == (NotAdmitted.code, url)
    assert problem.detail in (f"The identity provider{detail}", f"The identity provider {detail}")
    assert not ledger.complete


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("north = 1", "The credential of 'north' is no table: write [name of the source] and its keys below."),
        ("[north]", "The credential of 'north' needs a scheme: basic, bearer, header, client-credentials."),
        ("[north]\nscheme = 'magic'", "The credential of 'north' needs a scheme: "),
        ("[north]\nscheme = 'bearer'", "The credential of 'north' needs token as text."),
        ("[north]\nscheme = 'bearer'\ntoken = ''", "The credential of 'north' needs token as text."),
        (f"[north]\nscheme = 'bearer'\ntoken = '{SECRET}'\nuser = 'x'", "keys that mean nothing with bearer: user."),
        (f"[north]\nscheme = 'bearer'\ntoken = '{SECRET} '", "has a token with characters that HTTP cannot send."),
        (f"[north]\nscheme = 'bearer'\ntoken = '{SECRET}é'", "has a token with characters"),
        ("[north]\nscheme = 'bearer'\ntoken = { env = 'NONE' }", "the environment variable NONE, which is not set."),
        ("[north]\nscheme = 'bearer'\ntoken = { file = '/no/such' }", "the file /no/such, which cannot be read."),
        ("[north]\nscheme = 'bearer'\ntoken = { vault = 'x' }", 'as text, { env = "NAME" } or { file = "PATH" }.'),
        (f"[north]\nscheme = 'basic'\nuser = 'a:b'\npassword = '{SECRET}'", "has a user with a colon in it"),
        (f"[north]\nscheme = 'header'\nname = 'X Key'\nvalue = '{SECRET}'", "has a name that no header can have."),
        (
            f"[north]\nscheme='client-credentials'\ntoken_url='ftp://x/'\nclient_id='x'\nclient_secret='{SECRET}'",
            "has a token_url that cannot be used: Only http and https addresses can be fetched.",
        ),
        (f"[north]\ntoken = {SECRET}", "The file of credentials is not TOML (line 2)."),
    ],
)
def test_a_file_that_is_wrong_names_source_and_key_and_never_a_value(
    node: FakeNode, write: Callable[..., CredentialFile], text: str, detail: str
) -> None:
    ledger = run(node, write(text))
    (problem,) = ledger.problems
    assert problem.code == BadCredential.code
    assert detail in problem.detail
    assert SECRET not in problem.detail
    assert node.requests == []


def test_a_file_that_others_may_read_is_refused(node: FakeNode, write: Callable[..., CredentialFile]) -> None:
    ledger = run(node, write(f"[north]\nscheme = 'bearer'\ntoken = '{SECRET}'", mode=0o644))
    (problem,) = ledger.problems
    assert problem.detail.startswith("Others than its owner may read the file: chmod 600 ")


def test_no_record_shows_its_secret() -> None:
    credentials = (
        Basic("us", SECRET),
        Bearer(SECRET),
        Header("X-Api-Key", SECRET),
        ClientCredentials("https://login.example.org/token", "us", SECRET),
    )
    assert not any(SECRET in repr(credential) for credential in credentials)
