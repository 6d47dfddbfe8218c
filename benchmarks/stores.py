r"""The RDF store on a SPARQL server beside the embedded one: filling, changing, and five questions.

    scripts/services run --only fuseki --heap 2g -- python benchmarks/stores.py --datasets 10000
    scripts/services run --only fuseki -- python benchmarks/stores.py FILE...    # what these files give, harvested

The server's dataset is TEST_SPARQL, and is emptied. Answers are compared before anything is timed. Times are given as
seen and as CPU of this program, its workers and the server, which others on the machine do not change. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from corpus import SEED, positive
from querying.questions import KINDS, questions
from querying.stores import LAYOUT, children, comparable, embedded, entries

from catalogue.assemble import open_house
from catalogue.describe import Describer
from catalogue.entry import Entry
from catalogue.settings import read_settings
from catalogue.store.embedded import EmbeddedStore
from catalogue.store.graphs import Graphs
from catalogue.store.pool import Budgets
from catalogue.store.port import Caller, SparqlQuery
from catalogue.store.remote import Place, RemoteStore
from harvester.source import Source
from shapes.vocabulary import DCT

Store: TypeAlias = EmbeddedStore | RemoteStore
Entries: TypeAlias = Callable[[], Iterator[Entry]]

ASKED: Final = 10  # questions of every kind
CHANGED: Final = 100  # records that change
OVERALL: Final = {
    "statements by property": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) ?p",
    "people in all": """SELECT (SUM(?most) AS ?all) { SELECT ?d (MAX(?n) AS ?most) {
        ?d a dcat:Dataset ; healthdcatap:numberOfUniqueIndividuals ?n } GROUP BY ?d }""",
}


class Meter:
    """The seconds since it was made: as seen, and of CPU."""

    def __init__(self, server: int | None) -> None:
        self._server = server
        self._seen, self._used = time.perf_counter(), self._cpu()

    def read(self) -> str:
        """Return both."""
        return f"{time.perf_counter() - self._seen:.1f} s, {self._cpu() - self._used:.1f} s"

    def _cpu(self) -> float:
        others = [*children(), *([self._server] if self._server else [])]
        return time.process_time() + sum(map(_seconds, others))


def _seconds(process: int) -> float:
    """Return the CPU seconds of a process; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def server_process(address: str) -> int | None:
    """Return the process of the server, where it runs on this machine and its port stands in its command."""
    wanted = f"--port={urlsplit(address).port}".encode()
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = file.read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in command and command[0].endswith(b"java"):
            return int(file.parent.name)
    return None


def harvested(files: Sequence[Path], folder: Path) -> list[Entry]:
    """Harvest files and return the entries of what they list."""
    settings = read_settings(environment={}, flags={"data": folder, "base_url": LAYOUT.base})
    with open_house(settings) as house:
        for number, file in enumerate(files):
            source = Source(f"node-{number}", str(file.resolve()))
            house.journal.add_source(source)
            house.harvest(source)
        describer = Describer(house.journal)
        return [describer.entry(state) for state in house.journal.heads()]


def changed(entry: Entry) -> Entry:
    """Return an entry of which one statement is new."""
    line = f'<{entry.state.subject}> <{DCT.description}> "Another word." .\n'.encode()
    return replace(entry, state=replace(entry.state, body=entry.state.body + line))


@contextmanager
def on_server(address: str) -> Iterator[RemoteStore]:
    """Open an empty store on the server."""
    request = urllib.request.Request(address, b"DROP ALL", {"Content-Type": "application/sparql-update"})
    urllib.request.urlopen(request, timeout=600).close()
    budgets = replace(Budgets(), seconds=600.0)
    store = RemoteStore(Place(address, address, address), Graphs(LAYOUT), dict, size=2, budgets=budgets)
    try:
        yield store
    finally:
        store.close()


def written(stores: dict[str, Store], made: Entries, server: int | None) -> Iterator[str]:
    """Fill the stores, make them anew, change some records; yield the table."""
    some = [changed(entry) for entry, _ in zip(made(), range(CHANGED), strict=False)]
    steps: dict[str, Callable[[Store], None]] = {
        "filled": lambda store: store.rebuild(made(), 1, "first"),
        "made anew over itself": lambda store: store.rebuild(made(), 1, "second"),
        f"{len(some)} records changed in one statement": lambda store: store.apply(some, 2),
    }
    yield f"| written | {' | '.join(f'{name}: seen, CPU' for name in stores)} |"
    yield f"|---|{'---|' * len(stores)}"
    for step, work in steps.items():
        cells = []
        for store in stores.values():
            meter = Meter(server)
            work(store)
            cells.append(meter.read())
        yield f"| {step} | {' | '.join(cells)} |"


def asked(stores: dict[str, Store], each: int, seed: int) -> Iterator[str]:
    """Ask the stores the same; yield the table. Ends the run where answers differ."""
    kinds = {kind: list(questions(kind, each, seed)) for kind in KINDS}
    kinds |= {kind: [text] * each for kind, text in OVERALL.items()}
    yield f"| asked | {' | '.join(f'{name} p50' for name in stores)} |"
    yield f"|---|{'---|' * len(stores)}"
    for kind, texts in kinds.items():
        answers = [[comparable(_ask(store, text)) for text in texts[:2]] for store in stores.values()]
        if any(answer != answers[0] for answer in answers):
            raise SystemExit(f"The answers differ:\n{texts[0]}")
        seen: dict[str, list[float]] = {name: [] for name in stores}
        for text in texts:
            for name, store in stores.items():
                begun = time.perf_counter()
                _ask(store, text)
                seen[name].append(1000 * (time.perf_counter() - begun))
        yield f"| {kind} | {' | '.join(f'{statistics.median(times):.0f} ms' for times in seen.values())} |"


def _ask(store: Store, text: str) -> bytes:
    return store.ask(SparqlQuery(text), caller=Caller("benchmark")).body


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path, help="harvested in place of the corpus")
    parser.add_argument("--datasets", type=positive, default=1000, help="size of the corpus (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the corpus (default: %(default)s)")
    parser.add_argument("--questions", type=positive, default=ASKED, help="of every kind (default: %(default)s)")
    return parser


def main() -> None:
    given = _arguments().parse_args()
    address = os.environ.get("TEST_SPARQL") or _arguments().error("TEST_SPARQL names no dataset")
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}\n")
    with tempfile.TemporaryDirectory(prefix="gdi-benchmark-") as folder, ExitStack() as opened:
        found = harvested(given.files, Path(folder) / "data") if given.files else []
        made: Entries = (lambda: iter(found)) if found else lambda: entries(given.datasets, given.seed)
        store = embedded(Path(folder) / "store", seconds=600.0)
        opened.callback(store.close)
        stores: dict[str, Store] = {"embedded": store, "server": opened.enter_context(on_server(address))}
        for line in written(stores, made, server_process(address)):
            print(line, flush=True)
        print(f"\n{len(store.digests())} datasets.\n", flush=True)
        for line in asked(stores, given.questions, given.seed):
            print(line, flush=True)


if __name__ == "__main__":
    main()
