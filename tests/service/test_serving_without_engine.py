"""A site whose engine is not there at the start, comes, goes in the middle, and comes back: in processes of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from nodes.samples import BASE
from program import get, run, serving
from real_servers import Elasticsearch, until

pytestmark = pytest.mark.service

SECONDS = 120.0
DATASETS = "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a dcat:Dataset }"
HTML = "text/html"


def ready(site: str) -> tuple[int, dict[str, object]]:
    status, body = get(f"{site}/ready")
    return status, json.loads(body)


def found(site: str, text: str) -> int | None:
    """How many datasets the API finds; None while it does not."""
    status, body = get(f"{site}/api/v1/datasets?q={text}")
    return json.loads(body)["total"] if status == 200 else None


def is_ready(site: str) -> Callable[[], bool]:
    return lambda: ready(site)[0] == 200 and ready(site)[1]["consistent"] is True


def test_a_site_stands_without_its_engine_and_catches_up_by_itself(
    engine: Elasticsearch, publish: Callable[..., Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    own = {"search": engine.url, "search_prefix": "serving", "profile": "gdi-core"}
    assert run(data, "sources", "add", "north", publish(20), **own).returncode == 0
    with serving(data, **own) as (site, _process):
        # Not there at the start.
        said = run(data, "harvest", "--json", **own)
        told = json.loads(said.stdout)
        assert (said.returncode, told["totals"]["new"]) == (3, 20)
        (problem,) = told["problems"]
        assert problem["detail"].startswith(f"The index is behind: {engine.url}: The search server cannot be reached")
        status, body = ready(site)
        assert (status, body["ready"], body["listed"], body["index"]) == (503, False, 20, None)
        (trouble,) = (each for each in body["troubles"] if not each["answers"])
        assert (trouble["part"], trouble["url"]) == ("index", engine.url)
        pages = ("/", "/nodes", "/node/north", "/node/north/datasets", f"/dataset/{_record(site)}", "/catalog.ttl")
        for path in (*pages, "/sitemap.xml", "/health", "/metrics"):
            assert get(f"{site}{path}", Accept=HTML)[0] == 200, path
        until(
            lambda: "20" in get(f"{site}/sparql?query={_quoted(DATASETS)}")[1], "the store has no 20 datasets", SECONDS
        )
        for path in ("/datasets?q=genomes", "/feed.atom"):
            assert get(f"{site}{path}", Accept=HTML)[0] == 503, path
        assert found(site, "genomes") is None

        # It comes.
        engine.start()
        until(is_ready(site), "the site is not ready after its engine came", SECONDS)
        hits = found(site, "genomes")
        assert hits

        # It goes, a harvest runs meanwhile, and it comes back.
        engine.kill()
        until(lambda: ready(site)[0] == 503, "nobody notices that the engine is gone", SECONDS)
        publish(30, "survey")
        assert run(data, "harvest", **own).returncode == 3
        assert get(f"{site}/dataset/{_record(site)}", Accept=HTML)[0] == 200
        engine.start()
        until(is_ready(site), "the site is not ready after its engine came back", SECONDS)
        assert found(site, "survey") == 30
    said = run(data, "doctor", "--json", **own)
    assert (said.returncode, json.loads(said.stdout)["consistent"]) == (0, True)


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


def _record(site: str) -> str:
    """Our identifier of the first dataset."""
    status, body = get(f"{site}/catalog.nt", Accept="application/n-triples")
    assert status == 200
    line = next(line for line in body.splitlines() if f"<{BASE}d0>" in line and "/record/" in line)
    return line.split("/record/")[1].split("#")[0]
