"""A search server that is away, old, locked, full or something else: what a person is told. No server is needed."""

from __future__ import annotations

import logging
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elastic_transport import Urllib3HttpNode
from nodes.fake_search import FakeSearch, Say, failure, page, silent

from catalogue.errors import BadSetting, SearchUnavailable
from catalogue.search.elastic import ElasticIndex, Place, read_place
from catalogue.search.elastic.mapping import elastic_layout
from catalogue.search.query import Query
from catalogue.settings import read_settings
from shapes.errors import BadQuery

SECRET = "c2VjcmV0LWtleQ=="  # noqa: S105 - looked for in everything that is said
GENERATION = "gdi-catalogue-g1"
PROGRESS = {"progress": {"cursor": 7, "stamp": "s", "layout": elastic_layout(), "languages": ["en"], "naming": 0}}
STANDING = {"_index": f"{GENERATION}-labels", "_id": "progress", "_seq_no": 3, "_primary_term": 1, "_source": PROGRESS}

NOTHING = {"hits": {"total": {"value": 0}, "hits": []}}


@pytest.fixture
def server() -> Iterator[FakeSearch]:
    """A server whose index is there and has no datasets."""
    with FakeSearch() as server:
        server.on("GET", "/gdi-catalogue-labels/_doc/progress", Say(body=STANDING | {"found": True}))
        server.on("POST", "/_msearch", answers(NOTHING, NOTHING))
        yield server


def answers(*several: dict[str, object]) -> Say:
    """What a search gets: its progress, then answers."""
    return Say(body={"responses": [{"hits": {"hits": [STANDING]}}, *several]})


def place(*hosts: str, timeout: float = 30.0) -> Place:
    return Place(hosts, api_key=SECRET, timeout=timeout)


def told(server: FakeSearch, *, timeout: float = 30.0) -> str:
    """What a search is told that cannot be answered."""
    index = ElasticIndex(place(server.base, timeout=timeout))
    with pytest.raises(SearchUnavailable) as caught:
        index.search(Query("cancer", with_facets=False))
    index.close()
    assert caught.value.url == server.base
    assert "the engine's own words" not in str(caught.value)
    assert caught.value.problem()["code"] == "search-unavailable"
    return caught.value.detail


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_nothing_is_asked_before_something_is_wanted() -> None:
    with FakeSearch() as server:
        index = ElasticIndex(place(server.base))
        assert server.requests == []
        assert index.cursor() == 0  # nothing was ever written there
        index.close()


def test_a_default_installation_never_imports_the_client() -> None:
    looked = "import sys, catalogue.assemble; print(sorted({m.split('.')[0] for m in sys.modules if 'elastic' in m}))"
    done = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_hosts_that_are_all_away_are_named_with_the_reason() -> None:
    hosts = tuple(f"http://127.0.0.1:{closed_port()}" for _ in range(2))
    index = ElasticIndex(place(*hosts))
    with pytest.raises(SearchUnavailable) as caught:
        index.count()
    index.close()
    said = "The search server cannot be reached: Connection refused. It is down, or `search` is wrong."
    assert str(caught.value) == f"{', '.join(hosts)}: {said}"


def test_one_host_of_several_is_enough(server: FakeSearch) -> None:
    index = ElasticIndex(place(f"http://127.0.0.1:{closed_port()}", server.base))
    assert [index.cursor() for _ in range(3)] == [7, 7, 7]
    index.close()


def test_a_server_that_says_nothing(server: FakeSearch) -> None:
    server.on("POST", "/_msearch", silent)
    assert told(server, timeout=0.2) == "The search server did not answer within 0.2 seconds."


def test_hosts_that_say_nothing_take_one_time_together(server: FakeSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    plain = Urllib3HttpNode.perform_request

    def timed(self: Urllib3HttpNode, *asked: Any) -> Any:
        waited.append(asked[-1])
        return plain(self, *asked)

    monkeypatch.setattr(Urllib3HttpNode, "perform_request", timed)
    with FakeSearch() as other:
        for each in (server, other):
            each.on("GET", "/_cluster/health", silent)
        index = ElasticIndex(place(server.base, other.base, timeout=0.8))
        with pytest.raises(SearchUnavailable) as caught:
            index.search(Query("cancer", with_facets=False))
        index.close()
    assert caught.value.detail == "The search server did not answer within 0.8 seconds."
    assert len(waited) == 3
    assert waited[0] <= 0.4
    assert waited[1] <= 0.2
    assert waited[2] <= 0.2


def test_a_host_that_says_nothing_leaves_time_for_another(server: FakeSearch) -> None:
    with FakeSearch() as other:
        other.on("GET", "/", silent)
        index = ElasticIndex(place(other.base, server.base, timeout=2.0))
        assert [index.cursor() for _ in range(3)] == [7, 7, 7]
        index.close()


def test_a_search_that_a_lost_node_was_at_is_asked_again_where_there_are_others(server: FakeSearch) -> None:
    lost = {"error": {"type": "node_disconnected_exception"}, "status": 502}
    server.on("POST", "/_msearch", answers(lost, NOTHING), answers(NOTHING, NOTHING))
    index = ElasticIndex(place(server.base, server.base.replace("127.0.0.1", "localhost")))
    assert index.search(Query(with_facets=False)).total == 0
    server.on("POST", "/_msearch", answers(lost, NOTHING))
    with pytest.raises(SearchUnavailable, match="502: node_disconnected_exception"):
        index.search(Query(with_facets=False))
    index.close()
    assert len(server.asked("POST", "/_msearch")) == 2 + 2


@pytest.mark.parametrize("status", [200, 404, 405])
def test_another_web_server(server: FakeSearch, status: int) -> None:
    server.on("GET", "/_cluster/health", page(status))
    assert told(server) == (
        "What answers there is not Elasticsearch 7.17 or newer; the setting `search` names addresses."
    )


def test_a_server_that_is_too_old(server: FakeSearch) -> None:
    server.version("7.16.3")
    assert told(server) == "The search server is Elasticsearch 7.16.3; 7.17 is the oldest."


@pytest.mark.parametrize("number", ["7.17.0", "8.19.21", "9.5.3", "10.0.0-SNAPSHOT"])
def test_versions_that_serve(server: FakeSearch, number: str) -> None:
    server.version(number)
    index = ElasticIndex(place(server.base))
    assert index.cursor() == 7
    index.close()


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (
            failure(401, "security_exception"),
            ("The search server does not accept the credentials: check search_api_key, or search_user and "
            "search_password (401)."),
        ),
        (
            failure(403, "security_exception"),
            ("The search server does not allow this: the user or key needs the cluster privilege `monitor` "
            "and all privileges on the indices gdi-catalogue* (403)."),
        ),
        (
            failure(503, "cluster_block_exception"),
            ("The search cluster cannot answer now; a part of it may be starting or lost "
            "(503: cluster_block_exception)."),
        ),
        (failure(429, "circuit_breaking_exception"), "The search server is too busy to take requests (429)."),
        (
            failure(400, "parsing_exception"),
            "The search server did not understand a request of this program (400: parsing_exception).",
        ),
        (
            failure(400, "too_many_buckets_exception"),
            ("The facets have more values than the search server counts at once; "
            "raise its setting search.max_buckets."),
        ),
        (Say(502, "Bad gateway", product=False, media_type="text/plain"),
         "The search cluster cannot answer now; a part of it may be starting or lost (502)."),
    ],
)  # fmt: skip
def test_what_a_refusal_means(server: FakeSearch, said: Say, detail: str) -> None:
    server.on("POST", "/_msearch", said)
    assert told(server) == detail


def test_a_server_that_wants_credentials_where_none_are_set(server: FakeSearch) -> None:
    server.on("GET", "/_cluster/health", failure(401, "security_exception"))
    index = ElasticIndex(Place((server.base,)))
    with pytest.raises(SearchUnavailable) as caught:
        index.cursor()
    index.close()
    assert caught.value.detail == (
        "The search server asks for credentials: set search_api_key, or search_user and search_password (401)."
    )


def test_a_part_of_an_answer_that_failed_is_no_answer(server: FakeSearch) -> None:
    lost = {"error": {"type": "search_phase_execution_exception"}, "status": 503}
    server.on("POST", "/_msearch", answers(lost, NOTHING))
    assert told(server) == (
        "The search cluster cannot answer now; a part of it may be starting or lost "
        "(503: search_phase_execution_exception)."
    )
    heads = [line for asked in server.asked("POST", "/_msearch") for line in asked.lines if "index" in line]
    assert {head["allow_partial_search_results"] for head in heads} == {False}


def test_more_words_than_the_server_takes_are_the_questions_fault(server: FakeSearch) -> None:
    server.on("POST", "/_msearch", answers(NOTHING, {"error": {"type": "too_many_nested_clauses"}, "status": 400}))
    index = ElasticIndex(place(server.base))
    with pytest.raises(BadQuery, match=r"^The search has more words and ranges than the search server takes at once"):
        index.search(Query("cancer", with_facets=False))
    index.close()


def test_an_index_of_another_version_of_this_program(server: FakeSearch) -> None:
    old = {"progress": PROGRESS["progress"] | {"layout": "older"}}
    server.on("GET", "/gdi-catalogue-labels/_doc/progress", Say(body=STANDING | {"found": True, "_source": old}))
    assert (
        told(server) == "The search index was made by another version of this program; make it anew: reindex --index."
    )
    index = ElasticIndex(place(server.base))
    assert (index.cursor(), index.stamp()) == (0, "")
    index.close()


def test_a_name_that_somebody_else_uses(server: FakeSearch) -> None:
    server.on(
        "GET",
        "/gdi-catalogue-labels/_doc/progress",
        Say(body=STANDING | {"found": True, "_index": "library-books"}),
    )
    assert told(server) == (
        "The name gdi-catalogue is in use on the search server for something else (library-books), which is left "
        "alone: choose another search_prefix."
    )


def test_an_index_that_was_there_and_is_gone_is_not_an_empty_one(server: FakeSearch) -> None:
    index = ElasticIndex(place(server.base))
    assert index.search(Query(with_facets=False)).total == 0
    gone = failure(404, "index_not_found_exception")
    server.on("GET", "/gdi-catalogue-labels/_doc/progress", gone)
    server.on("POST", "/_msearch", Say(body={"responses": [gone.body, gone.body, gone.body]}))
    with pytest.raises(SearchUnavailable) as caught:
        index.search(Query(with_facets=False))
    index.close()
    assert caught.value.detail == (
        "The search index gdi-catalogue is no longer on the server; make it anew: reindex --index."
    )


def test_secrets_are_said_nowhere(server: FakeSearch, caplog: pytest.LogCaptureFixture) -> None:
    settings = read_settings(environment={"GDI_SEARCH": server.base, "GDI_SEARCH_API_KEY": SECRET})
    server.on("POST", "/_msearch", failure(401, "security_exception"))
    with caplog.at_level(logging.DEBUG):
        detail = told(server)
    where = read_place(settings)
    (asked, *_) = server.requests
    assert asked.headers["authorization"] == f"ApiKey {SECRET}"
    assert SECRET not in f"{detail} {caplog.text} {settings} {settings!r} {where} {where!r}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of 127.0.0.1, its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate to test TLS with")
    made = tmp_path_factory.mktemp("tls") / "both.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=fake -addext subjectAltName=IP:127.0.0.1"
    done = subprocess.run(
        [*command.split(), "-keyout", "/dev/stdout", "-out", "/dev/stdout"], check=True, capture_output=True
    )
    made.write_bytes(done.stdout)
    return made


def test_tls_is_always_verified_and_an_own_authority_can_be_trusted(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with FakeSearch(tls=context) as server:
        server.on("GET", "/gdi-catalogue-labels/_doc/progress", Say(body=STANDING | {"found": True}))
        stranger = ElasticIndex(place(server.base))
        with pytest.raises(SearchUnavailable) as caught:
            stranger.cursor()
        stranger.close()
        assert caught.value.detail == (
            "No trusted TLS connection to the search server (certificate verify failed: self-signed certificate); "
            "search_ca names its authority's certificate."
        )
        assert server.requests == []
        friend = ElasticIndex(Place((server.base,), ca=certificate))
        assert friend.cursor() == 7
        friend.close()


# Settings


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"GDI_SEARCH": ""}, "search cannot be used (the environment variable GDI_SEARCH). It names no engine"),
        ({"GDI_SEARCH": "elastic"}, "'elastic' is no http(s) address, and `embedded` stands alone."),
        ({"GDI_SEARCH": "embedded,http://a.example:9200"}, "'embedded' is no http(s) address, and"),
        ({"GDI_SEARCH": "https://a.example"}, "'https://a.example' names no port; write for example https://a.exam"),
        ({"GDI_SEARCH": "http://a.example:many"}, "'http://a.example:many' is no address."),
        ({"GDI_SEARCH": "http://a.example:9200/?x=1"}, "has more than host, port and path."),
        ({"GDI_SEARCH_PREFIX": "My Index"}, "search_prefix cannot be used (the environment variable GDI_SEARCH_PREFIX"),
        ({"GDI_SEARCH_PREFIX": "gdi-g7"}, "It cannot end in -labels, -write or -g and a number"),
        ({"GDI_SEARCH_TIMEOUT": "0"}, "search_timeout cannot be used (the environment variable GDI_SEARCH_TIMEOUT)"),
        ({"GDI_SEARCH_TIMEOUT": "soon"}, "search_timeout cannot be 'soon' (the environment variable"),
        ({"GDI_SEARCH_SHARDS": "0"}, "It is a whole number from 1 to 1024."),
        ({"GDI_SEARCH_API_KEY": SECRET, "GDI_SEARCH_USER": "u"}, "search_api_key cannot be given together with"),
        ({"GDI_SEARCH_USER": "u"}, "search_user and search_password must be given together."),
        ({"GDI_SEARCH_CA": "/no/such.pem"}, "/no/such.pem: search_ca cannot be used: there is no such file."),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(settings: dict[str, str], said: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_place(read_settings(environment=settings))
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)


def test_an_address_with_a_password_is_refused_and_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'search = ["https://a.example:9200", "https://me:{SECRET}@b.example:9200"]\n')
    with pytest.raises(BadSetting) as caught:
        read_settings(config=file, environment={})
    assert str(caught.value) == (
        f"search cannot be used ({file}). An address cannot hold a user or password: they have settings of their own."
    )
    file.write_text("search_password = 5\n")
    with pytest.raises(BadSetting, match=r"^search_password cannot be what it was set to \("):
        read_settings(config=file, environment={})


def test_several_addresses_come_as_an_array_or_with_commas(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('search = ["http://a.example:9200", "http://b.example:9200"]\nsearch_shards = 3\n')
    read = read_place(read_settings(config=file, environment={}))
    assert (read.hosts, read.shards) == (("http://a.example:9200", "http://b.example:9200"), 3)
    read = read_place(read_settings(environment={"GDI_SEARCH": "http://a.example:9200, http://b.example:9200"}))
    assert read.shown == "http://a.example:9200, http://b.example:9200"
    file.write_text('search = "http://a.example:9200"\n')
    assert read_settings(config=file, environment={}).search == ("http://a.example:9200",)
