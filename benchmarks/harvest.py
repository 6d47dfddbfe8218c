"""Times the whole program on real files: harvest, harvest again, start, pages, search, SPARQL, memory.

    python benchmarks/harvest.py [--shared ../shared]

Prints a Markdown table for docs/benchmarks.md. It uses a fresh data folder; nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "a": "node-a-sciensano-2025-04-13.ttl",
    "b": "node-b-health-authorities-2025-04-13.rdf",
    "c": "node-c-other-2025-04-13.jsonld",
}
WORDS = (
    "cancer",
    "rare disease",
    "registry",
    "vaccination",
    "hospital",
    "santé",
    "gezondheid",
    "infectious",
    "diabetes",
)
SPARQL = "SELECT (COUNT(?d) AS ?n) { ?d a <http://www.w3.org/ns/dcat#Dataset> }"
PAGES = ("/", "/datasets", "/nodes", "/dacs", "/about", "/sparql", "/validate")


def gdi(data: Path, *arguments: str) -> str:
    """Run the program and return what it prints."""
    command = [sys.executable, "-m", "ui.cli.main", "--data", str(data), *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def timed(run: Callable[[], object]) -> float:
    """Return how long a call takes, in seconds."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def harvest(data: Path) -> tuple[float, dict[str, int]]:
    """Harvest everything; return the seconds of the whole process and the totals."""
    begun = time.perf_counter()
    answer = json.loads(gdi(data, "harvest", "--json"))
    return time.perf_counter() - begun, answer["totals"]


def get(url: str) -> bytes:
    """Fetch an address."""
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
    return body


def memory(process: subprocess.Popen[str]) -> float:
    """Return the resident memory of a process in MB, without its children."""
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def serve(data: Path) -> dict[str, str]:
    """Start the server and measure it as a visitor sees it."""
    command = [sys.executable, "-m", "ui.cli.main", "--data", str(data), "serve", "--port", "0"]
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the server has no output")
        found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
        if found is None:
            raise RuntimeError("the server told no address")
        site = found[0]
        get(f"{site}/health")
        ready = time.perf_counter() - begun
        first = timed(lambda: get(f"{site}/"))
        for page in PAGES:
            get(site + page)
        words = [urllib.parse.quote(word) for word in WORDS]
        searches = [timed(lambda w=w: get(f"{site}/api/v1/datasets?q={w}")) for w in words * 20]
        query = urllib.parse.quote(SPARQL)
        queries = [timed(lambda: get(f"{site}/sparql?query={query}&format=json")) for _ in range(50)]
        figures = {
            "server ready (first 200 on /health)": f"{ready:.2f} s",
            "first page": f"{first * 1000:.0f} ms",
            "search with all facets over HTTP, p50 / p95": _spread(searches),
            "SPARQL count of datasets over HTTP, p50 / p95": _spread(queries),
            "server's resident memory after these": f"{memory(process):.0f} MB",
        }
        process.terminate()
        process.wait(timeout=30)
    return figures


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"{statistics.median(ordered) * 1000:.1f} / {ordered[int(len(ordered) * 0.95)] * 1000:.1f} ms"


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    folder = parser.parse_args().shared / "data" / "real-be-health"
    with tempfile.TemporaryDirectory(prefix="gdi-bench-") as name:
        data = Path(name)
        for source, file in FILES.items():
            gdi(data, "sources", "add", source, str(folder / file), "--country", "BE")
        first, totals = harvest(data)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        again, repeated = harvest(data)
        rows = {
            f"first harvest: {totals['new']} datasets, judged, stored, indexed": f"{first:.1f} s",
            "largest process of it": f"{peak:.0f} MB",
            f"second harvest: {repeated['unchanged']} unchanged": f"{again:.1f} s",
            **serve(data),
        }
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}\n")
    print("| what | measured |\n|---|---|")
    for what, figure in rows.items():
        print(f"| {what} | {figure} |")


if __name__ == "__main__":
    main()
