"""A site whose SPARQL server is not there at the start, comes, is killed, and comes back; servers set up wrongly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from program import get, run, serving
from real_servers import Fuseki, NotInstalled, until

from catalogue.assemble import open_house
from catalogue.behind import ProjectionsBehind
from catalogue.settings import read_settings
from harvester.source import Source

pytestmark = pytest.mark.service

SECONDS = 120.0
COUNT = "SELECT (COUNT(*) AS ?n) { ?d a dcat:Dataset }"
HTML = "text/html"


def fuseki(*options: str) -> Fuseki:
    try:
        return Fuseki(*options)
    except NotInstalled as error:
        pytest.skip(str(error))


@pytest.fixture
def server() -> Iterator[Fuseki]:
    """A server that is not started yet."""
    made = fuseki("--update")
    yield made
    made.kill()
    made.close()


def counted(site: str) -> str:
    """How many datasets SPARQL finds; the status where it does not answer."""
    status, body = get(f"{site}/sparql?query={quote(COUNT)}", Accept="application/sparql-results+json")
    return str(json.loads(body)["results"]["bindings"][0]["n"]["value"]) if status == 200 else f"status {status}"


def test_a_site_stands_without_its_sparql_server_and_catches_up_by_itself(
    server: Fuseki, publish: Callable[..., Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    own = {"store": server.url, "profile": "gdi-core"}
    assert run(data, "sources", "add", "north", publish(20), **own).returncode == 0
    with serving(data, **own) as (site, _process):
        said = run(data, "harvest", "--json", **own)
        told = json.loads(said.stdout)
        assert (said.returncode, told["totals"]["new"]) == (3, 20)
        (problem,) = told["problems"]
        assert problem["detail"].startswith(f"The store is behind: {server.url}: The SPARQL server cannot be reached")
        status, body = get(f"{site}/ready")
        (trouble,) = (each for each in json.loads(body)["troubles"] if not each["answers"])
        assert (status, trouble["part"], trouble["url"]) == (503, "store", server.url)
        for path in ("/", "/nodes", "/node/north", "/datasets?q=genomes", "/catalog.ttl", "/health", "/metrics"):
            assert get(f"{site}{path}", Accept=HTML)[0] == 200, path
        assert counted(site) == "status 503"

        server.start()
        until(lambda: counted(site) == "20", "the store has no 20 datasets", SECONDS)

        server.kill()
        until(lambda: get(f"{site}/ready")[0] == 503, "nobody notices that the server is gone", SECONDS)
        publish(30, "survey")
        assert run(data, "harvest", **own).returncode == 3
        assert counted(site) == "status 503"
        server.start()
        until(lambda: counted(site) == "30", "the store has no 30 datasets", SECONDS)
    said = run(data, "doctor", "--json", **own)
    assert (said.returncode, json.loads(said.stdout)["consistent"]) == (0, True)


def test_a_server_that_lost_everything_is_filled_again(
    server: Fuseki, publish: Callable[..., Path], tmp_path: Path
) -> None:
    server.start()
    flags = {"data": tmp_path / "data", "profile": "gdi-core", "store": server.url}
    with open_house(read_settings(environment={}, flags=flags)) as house:
        house.journal.add_source(Source("north", str(publish(12))))
        house.harvest(house.journal.source("north"))
        house.settle()
        server.kill()
        server.forget()
        server.start()
        found = house.diagnose()
        assert (found.consistent, len(found.missing)) == (False, 12)
        assert house.diagnose(repair=True).consistent


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--update", "--set=tdb2:unionDefaultGraph=true"), "The server shows the statements of every graph in its"),
        ((), "The SPARQL server takes no update of this program (400): the dataset is read only, or store_update"),
    ],
    ids=["union", "read-only"],
)
def test_a_server_that_cannot_be_used_as_it_is_set_up_says_what_to_change(
    publish: Callable[..., Path], tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    server = fuseki(*options)
    try:
        server.start()
        flags = {"data": tmp_path / "data", "profile": "gdi-core", "store": server.url}
        with open_house(read_settings(environment={}, flags=flags)) as house:
            house.journal.add_source(Source("north", str(publish(1))))
            house.harvest(house.journal.source("north"))
            with pytest.raises(ProjectionsBehind) as behind:
                house.settle()
        assert [(each.part, each.detail.startswith(said)) for each in behind.value.troubles] == [("store", True)], (
            behind
        )
    finally:
        server.close()
