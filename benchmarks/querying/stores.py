"""The same data three ways: behind our pool of workers, in the bare engine, and in a SPARQL server of others."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox
from synthetic.describing import Corpus
from synthetic.entries import Entries
from synthetic.rdf import as_ntriples, describe

from catalogue.entry import Entry
from catalogue.store.embedded import EmbeddedStore
from catalogue.store.graphs import Graphs
from catalogue.store.layout import Layout
from catalogue.store.pool import Budgets, Pool
from catalogue.store.port import Caller, SparqlQuery
from shapes.vocabulary import PREFIXES

LAYOUT: Final = Layout("https://catalogue.example.org")
JSON: Final = "application/sparql-results+json"


class Answering(Protocol):
    """One way to ask."""

    def ask(self, text: str) -> bytes:
        """Return the answer as SPARQL Results JSON."""
        ...

    def cpu(self) -> float:
        """Return the seconds used so far by whoever answers."""
        ...


def entries(count: int, seed: int) -> Iterator[Entry]:
    """Yield the corpus with its RDF as bodies: a store holds what the nodes said."""
    made = Entries()
    for facts in Corpus(seed)(count):
        entry = made.of(facts)
        body = as_ntriples(describe(facts)).encode()
        yield replace(entry, state=replace(entry.state, body=body))


def embedded(folder: Path, **budgets: float) -> EmbeddedStore:
    """Open our store over a folder; no answer is kept, so that every question is really asked."""

    def pool(snapshot: Callable[[], Path]) -> Pool:
        return Pool(snapshot, LAYOUT.base, size=2, budgets=replace(Budgets(), **budgets))  # type: ignore[arg-type]

    return EmbeddedStore(folder, Graphs(LAYOUT), dict, pool)


def build(folder: Path, count: int, seed: int) -> float | None:
    """Fill a store, unless the folder has one of this size and seed; return the seconds of CPU it took."""
    stamp = f"corpus {seed}"
    store = embedded(folder)
    if (store.cursor(), store.stamp()) == (count, stamp):
        return None
    begun = time.process_time()
    store.rebuild(entries(count, seed), count, stamp)
    return time.process_time() - begun


class Pooled:
    """Our store, asked as a caller."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    def ask(self, text: str) -> bytes:
        """Ask; see `Answering`."""
        return self._store.ask(SparqlQuery(text), caller=Caller("benchmark")).body

    def cpu(self) -> float:
        """See `Answering`."""
        return time.process_time() + sum(map(_seconds, children()))


class Bare:
    """The engine in this process, over the same snapshot, serialising the same format."""

    def __init__(self, snapshot: Path) -> None:
        self._store = ox.Store.read_only(str(snapshot))

    def ask(self, text: str) -> bytes:
        """Ask; see `Answering`."""
        found = self._store.query(text, prefixes=PREFIXES)
        return bytes(found.serialize(format=ox.QueryResultsFormat.JSON))  # type: ignore[union-attr]

    def cpu(self) -> float:
        """See `Answering`."""
        return time.process_time()


class Served:
    """A SPARQL endpoint over HTTP; `process` is the server's."""

    def __init__(self, address: str, process: int) -> None:
        self._address, self._process = address, process

    def ask(self, text: str) -> bytes:
        """Ask; see `Answering`."""
        prefixes = "".join(f"PREFIX {name}: <{base}>\n" for name, base in PREFIXES.items() if f"{name}:" in text)
        body = urlencode({"query": prefixes + text}).encode()
        with urlopen(Request(self._address, body, {"Accept": JSON}), timeout=600) as answer:
            return bytes(answer.read())

    def cpu(self) -> float:
        """See `Answering`."""
        return _seconds(self._process)


@contextmanager
def fuseki(jar: Path, snapshot: Path, folder: Path, heap: str) -> Iterator[Served]:
    """Load the union of the snapshot into Fuseki's TDB2 and serve it."""
    folder.mkdir(parents=True, exist_ok=True)
    dump, database = folder / "union.nt", folder / "tdb2"
    if not database.exists():
        store = ox.Store.read_only(str(snapshot))
        store.dump(str(dump), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        java = ["java", f"-Xmx{heap}", "-cp", str(jar), "tdb2.tdbloader", "--loader=phased", f"--loc={database}"]
        subprocess.run([*java, str(dump)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        dump.unlink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--localhost", f"--port={port}", "--tdb2", f"--loc={database}", "/ds"]
    command = ["java", f"-Xmx{heap}", "-jar", str(jar), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/$/ping")
            yield Served(f"http://127.0.0.1:{port}/ds/query", process.pid)
        finally:
            process.terminate()
    shutil.rmtree(folder / "run", ignore_errors=True)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")


def snapshot_of(folder: Path) -> Path:
    """Return the newest snapshot of a store's folder."""
    current = json.loads((folder / "current.json").read_text("utf-8"))
    return folder / f"generation-{current['generation']}" / f"snapshot-{current['number']}"


def children() -> list[int]:
    """Return the processes this one started."""
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(number) for task in tasks for number in task.read_text("ascii").split()]


def _seconds(process: int) -> float:
    """Return the CPU seconds of a process; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100  # user and system time, in hundredths (man 5 proc)


def comparable(body: bytes) -> list[Mapping[str, str]]:
    """Return an answer as something that two engines can be compared by."""
    rows = json.loads(body)["results"]["bindings"]
    plain = [{name: value["value"] for name, value in row.items()} for row in rows]
    return sorted(plain, key=lambda row: sorted(row.items()))
