"""How long the server of a filled data folder takes to start and to answer, and how much memory it holds.

    python benchmarks/startup.py --data DIR

Prints rows of a Markdown table. `benchmarks/harvest.py` fills a folder and prints these rows too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote, urlencode

from measuring import Row, memory, program, quiet_environment

PATIENCE = 60.0  # seconds after which a server that does not answer is given up
LOOK = 0.005  # seconds between two looks
REQUESTS = 200
SEARCHES: tuple[dict[str, str], ...] = (
    {"q": "registry"},
    {"q": "cancer"},
    {"q": "rare disease"},
    {"q": "vaccination belgium"},
    {"q": "maladies rares"},
    {"q": "ziekenhuis"},
    {"q": "cancr"},  # a typing mistake: nothing matches exactly
    {"q": '"health interview survey"'},
    {"theme": "HEAL", "country": "BE"},
    {"q": "hospital", "access_rights": "PUBLIC", "sort": "modified"},
    {},
)
SIMPLE = "SELECT ?d ?title WHERE { ?d a dcat:Dataset ; dct:title ?title } LIMIT 20"
COUNTING = "SELECT ?p (COUNT(?d) AS ?n) WHERE { ?d a dcat:Dataset ; dct:publisher ?p } GROUP BY ?p ORDER BY DESC(?n)"


@contextmanager
def server(data: Path) -> Iterator[tuple[subprocess.Popen[str], HTTPConnection, float]]:
    """Start a server on a free port; give its process, a connection, and the moment it was started (seconds)."""
    started = time.perf_counter()
    command = program("serve", "--port", "0", "--no-schedule", "--quiet", "--data", str(data))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=quiet_environment()) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the server has no output")
            said = process.stdout.readline()
            address = said.partition("http://")[2].partition("/")[0]
            if not address:
                raise RuntimeError(f"the server did not start; it said {said!r}")
            connection = HTTPConnection(address, timeout=PATIENCE)
            yield process, connection, started
            connection.close()
        finally:
            process.terminate()


def ask(connection: HTTPConnection, path: str, accept: str = "text/html") -> tuple[float, bytes]:
    """Ask for a path; return the seconds it took and the body. Raises RuntimeError for anything but 200."""
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Accept": accept})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
        raise RuntimeError(f"{path} answered {answer.status}")
    return time.perf_counter() - begun, body


def until_answered(connection: HTTPConnection, path: str, started: float) -> float:
    """Ask until a path answers 200; return the seconds since the start."""
    while True:
        try:
            ask(connection, path)
            return time.perf_counter() - started
        except (OSError, RuntimeError):
            connection.close()
            if time.perf_counter() - started > PATIENCE:
                raise
            time.sleep(LOOK)


def spread(seconds: Sequence[float]) -> str:
    """Median and 95th percentile, in milliseconds."""
    cuts = quantiles(seconds, n=20, method="inclusive")
    return f"{cuts[9] * 1000:.0f} ms / {cuts[18] * 1000:.0f} ms"


def measure(data: Path, requests: int = REQUESTS) -> Iterator[Row]:
    """Yield the rows, best read in this order."""
    with server(data) as (process, connection, started):
        yield Row("server start to the first 200 on /health", f"{until_answered(connection, '/health', started):.2f} s")
        home = until_answered(connection, "/", started)
        yield Row("server start to the first 200 on the home page", f"{home:.2f} s", "3 s")
        hits = json.loads(ask(connection, "/api/v1/datasets?size=20", "application/json")[1])["hits"]
        pages = ["/", "/datasets", "/nodes", "/dacs", *(f"/dataset/{hit['id']}" for hit in hits)]
        walked = [ask(connection, page)[0] for page in pages for _ in range(2)]
        yield Row("a page, median / 95th percentile", spread(walked))
        addresses = [f"/api/v1/datasets?{urlencode(SEARCHES[n % len(SEARCHES)])}" for n in range(requests)]
        searched = [ask(connection, address, "application/json")[0] for address in addresses]
        yield Row(f"a search with all facets ({requests} requests), median / 95th percentile", spread(searched))
        for name, query in (("a simple SPARQL query", SIMPLE), ("a counting SPARQL query", COUNTING)):
            address = f"/sparql?query={quote(query)}"
            asked = [
                ask(connection, address, "application/sparql-results+json")[0] for _ in range(max(requests // 4, 2))
            ]
            yield Row(f"{name}, median / 95th percentile", spread(asked))
        own, whole = memory(process.pid)
        yield Row("memory of the server after all that", f"{own:.0f} MB", "300 MB")
        yield Row("memory of the server and its SPARQL workers", f"{whole:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="a data folder that was harvested into")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="how many searches (default: %(default)s)")
    given = parser.parse_args()
    for row in measure(given.data, given.requests):
        print(row)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
