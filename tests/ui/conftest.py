"""The application over the sample catalogue, and over an empty one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from threading import Thread

import pytest
from flask.testing import FlaskClient
from nodes.samples import Ledger, run
from sample_catalogue import Sample, empty_sample, full_sample
from werkzeug.serving import make_server

from harvester.address import AddressPolicy
from harvester.http import Door, DoorSettings
from harvester.patience import Patience
from ui.app import create_app

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "en"}


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    made = full_sample(tmp_path_factory.mktemp("sample"))
    yield made
    made.index.close()
    made.journal.close()


@pytest.fixture(scope="session")
def web(sample: Sample) -> FlaskClient:
    return create_app(sample.catalogue, sample.settings).test_client()


@pytest.fixture
def harvested(sample: Sample) -> Iterator[Callable[[str, str], Ledger]]:
    """What our own harvester finds at an address of the site, by a protocol.

    The names there are those of the public address, as behind a proxy.
    """
    server = make_server("127.0.0.1", 0, create_app(sample.catalogue, sample.settings), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    door = Door(DoorSettings(), policy=AddressPolicy(anywhere=True), patience=Patience(retries=0))
    yield lambda path, protocol: run(door, f"http://127.0.0.1:{server.port}{path}", protocol=protocol)
    door.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The application over a catalogue with nothing in it."""
    made = empty_sample(tmp_path_factory.mktemp("bare"))
    yield create_app(made.catalogue, made.settings).test_client()
    made.index.close()
    made.journal.close()


@dataclass
class Tag:
    name: str
    attributes: dict[str, str]
    text: str = ""


class Outline(HTMLParser):
    """The tags of a page in order, each with its attributes and the text that follows it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Tag] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.tags:
            self.tags[-1].text += data

    def all(self, *names: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name in names]

    def ids(self) -> list[str]:
        return [tag.attributes["id"] for tag in self.tags if "id" in tag.attributes]


@pytest.fixture(scope="session")
def outline() -> type[Outline]:
    return Outline


@pytest.fixture(scope="session")
def browser() -> dict[str, str]:
    """The headers a browser sends."""
    return dict(BROWSER)
