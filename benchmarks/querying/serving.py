"""The real program under load: pages while queries are hostile, many callers at once, memory of all its processes."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from corpus import Writer, write
from measuring import memory, program, quiet_environment, timed
from synthetic.describing import Corpus

from querying.questions import HOSTILE, questions
from querying.stores import JSON

PAGES: Final = ("/", "/datasets?q=genome", "/nodes", "/dacs")
_PAUSE: Final = 0.02  # seconds between two page views


@dataclass(frozen=True, slots=True)
class Load:
    """Page views (milliseconds) and the highest memory (MB) while others asked, and their answers by status."""

    name: str
    pages: Sequence[float]
    memory: float
    answers: Counter[int]

    def p(self, share: float) -> float:
        """Return a percentile of page views."""
        return sorted(self.pages)[min(len(self.pages) - 1, int(share * len(self.pages)))]


def harvest(folder: Path, datasets: int, seed: int) -> None:
    """Make a catalogue of the corpus with the program itself."""
    (folder / "nodes").mkdir()
    write(Corpus(seed), datasets, Writer("turtle"), folder / "nodes")
    data = str(folder / "data")
    for path in sorted((folder / "nodes").glob("*.ttl")):
        timed("--data", data, "-q", "sources", "add", path.stem, str(path))
    timed("--data", data, "-q", "--no-progress", "harvest")


@contextmanager
def served(data: Path, budget: float) -> Iterator[tuple[str, int]]:
    """Serve a data folder with a time budget; give address and process."""
    command = [*program("--data", str(data), "serve", "--port", "0", "--no-schedule")]
    environment = quiet_environment() | {"GDI_SPARQL_TIMEOUT": str(budget)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as server:
        try:
            found = re.search(r"http://[^ ]+", server.stdout.readline() if server.stdout else "")
            if found is None:
                sys.exit("The server did not start.")
            yield found[0].rstrip("/"), server.pid
        finally:
            server.terminate()


def get(address: str, path: str, accept: str) -> tuple[int, bytes]:
    """Ask once, over a connection of its own; status 0 where nobody answers."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=120)
    try:
        connection.request("GET", path, headers={"Accept": accept})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()


def views(address: str, count: int) -> list[float]:
    """View pages in turn, one after the other; milliseconds of each."""
    taken = []
    for number in range(count):
        begun = time.perf_counter()
        status, _ = get(address, PAGES[number % len(PAGES)], "text/html")
        taken.append(1000 * (time.perf_counter() - begun))
        if status != 200:  # noqa: PLR2004 - OK
            sys.exit(f"{PAGES[number % len(PAGES)]} answered {status}")
        time.sleep(_PAUSE)
    return taken


def under(name: str, server: tuple[str, int], callers: Sequence[Sequence[str]], count: int) -> Load:
    """View pages while each caller asks its queries in turn, again and again until the pages are done."""
    address, process = server
    over, answers, peak = threading.Event(), Counter[int](), [0.0]

    def ask(queries: Sequence[str]) -> None:
        while not over.is_set():
            for text in queries:
                answers[get(address, f"/sparql?query={quote(text)}", JSON)[0]] += 1
                if over.is_set():
                    return

    def watch() -> None:
        while not over.wait(0.25):
            peak[0] = max(peak[0], memory(process)[1])

    threads = [threading.Thread(target=ask, args=(each,)) for each in callers] + [threading.Thread(target=watch)]
    for thread in threads:
        thread.start()
    time.sleep(1.0)  # until the callers are at it
    pages = views(address, count)
    over.set()
    for thread in threads:
        thread.join()
    return Load(name, pages, max(peak[0], memory(process)[1]), answers)


def stopped(server: tuple[str, int], budget: float) -> Iterator[tuple[str, float, str]]:
    """Ask every hostile query alone; yield its name, the seconds until it was answered and the budget it met."""
    for name, text in HOSTILE.items():
        begun = time.perf_counter()
        _, body = get(server[0], f"/sparql?query={quote(text)}&timeout={budget:g}", JSON)
        yield name, time.perf_counter() - begun, str(json.loads(body or b"{}").get("budget", "none"))


def loads(server: tuple[str, int], count: int, callers: int, seed: int) -> Iterator[Load]:
    """Yield page views at rest, beside hostile queries, and beside many callers of typical ones."""
    views(server[0], len(PAGES) * 3)  # warm
    yield under("nobody", server, [], count)
    yield under("two callers of endless queries", server, [[HOSTILE["cross product, counted"]]] * 2, count)
    typical = [list(questions(_NAME, 20, seed + number)) for number in range(callers)]
    yield under(f"{callers} callers of typical queries", server, typical, count)
    yield under("nobody, again", server, [], count)


_NAME: Final = "datasets and who decides, filtered"


def median(values: Sequence[float]) -> float:
    """Return the middle one."""
    return statistics.median(values)
