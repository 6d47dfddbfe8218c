r"""The SPARQL endpoint: its cost beside the bare engine, a server of others, and what hostile queries do to pages.

    python benchmarks/sparql.py --datasets 100000                        # ours and the bare engine
    python benchmarks/sparql.py --datasets 100000 --fuseki JAR           # and Fuseki, on the same data
    python benchmarks/sparql.py --datasets 20000 --folder DIR            # keeps the stores there for the next run

JAR is `mvn dependency:copy -Dartifact=org.apache.jena:jena-fuseki-server:5.6.0`. Answers are compared before anything
is timed. Times are given as seen and as CPU, which others on the machine do not change. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from corpus import SEED, positive
from measuring import on_disk
from querying.questions import KINDS, questions
from querying.serving import Load, harvest, loads, median, served, stopped
from querying.stores import Answering, Bare, Pooled, build, comparable, embedded, fuseki, snapshot_of

EACH: Final = 40  # questions of every kind
ROW: Final = 10  # of them in a row, before the next way is asked the same
VIEWS: Final = 200  # page views of every load
BUDGET: Final = 5.0  # seconds a hostile query may run


def compare(ways: Mapping[str, Answering], seed: int) -> int:
    """Ask every way a few questions of each kind; end the run where answers differ. Returns how many were equal."""
    equal = 0
    for kind in KINDS:
        for text in questions(kind, 5, seed - 1):
            answers = {name: comparable(way.ask(text)) for name, way in ways.items()}
            first = next(iter(answers.values()))
            if any(answer != first for answer in answers.values()):
                sizes = {name: len(answer) for name, answer in answers.items()}
                raise SystemExit(f"The answers differ ({sizes}):\n{text}")
            equal += 1
    return equal


def timed(ways: Mapping[str, Answering], kind: str, each: int, seed: int) -> dict[str, tuple[list[float], float]]:
    """Ask every way the same questions, some in a row; milliseconds of each, and milliseconds of CPU on average."""
    seen: dict[str, list[float]] = {name: [] for name in ways}
    used = dict.fromkeys(ways, 0.0)
    asked = list(questions(kind, each, seed))
    for number, start in enumerate(range(0, each, ROW)):
        names = list(ways)
        for name in reversed(names) if number % 2 else names:  # each is as often the one that reads the files first
            cpu = ways[name].cpu()
            for text in asked[start : start + ROW]:
                begun = time.perf_counter()
                ways[name].ask(text)
                seen[name].append(1000 * (time.perf_counter() - begun))
            used[name] += 1000 * (ways[name].cpu() - cpu)
    return {name: (seen[name], used[name] / each) for name in ways}


def cost(ways: Mapping[str, Answering], each: int, seed: int) -> Iterator[str]:
    """Yield the table of typical queries."""
    names = list(ways)
    for kind in KINDS:  # caches warm, and other questions than those that count
        timed(ways, kind, max(3, each // 4), seed + 1)
    head = " | ".join(f"{name} p50 / p95 ms, CPU ms" for name in names)
    yield f"| query | {head} | ours / bare, p50 and CPU |"
    yield f"|---|{'---|' * len(names)}---|"
    for kind in KINDS:
        found = timed(ways, kind, each, seed)
        cells = [f"{median(ms):.1f} / {_p95(ms):.1f}, {cpu:.1f}" for ms, cpu in found.values()]
        (ours, ours_cpu), (bare, bare_cpu) = found["pool"], found["bare engine"]
        ratio = f"{median(ours) / median(bare):.2f}, {ours_cpu / max(bare_cpu, 0.01):.2f}"
        yield f"| {kind} | {' | '.join(cells)} | {ratio} |"


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]


def under_load(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Yield the tables of the program under load."""
    if not (folder / "data").exists():
        harvest(folder, given.harvested, given.seed)
    with served(folder / "data", BUDGET) as server:
        yield f"| hostile query, {BUDGET:g} s allowed | answered after | stopped by |"
        yield "|---|---|---|"
        for name, seconds, budget in stopped(server, BUDGET):
            yield f"| {name} | {seconds:.2f} s | {budget} |"
        yield ""
        yield "| asked meanwhile | page p50 / p95 | memory of all processes | answers by status |"
        yield "|---|---|---|---|"
        yield from map(_row, loads(server, given.views, given.callers, given.seed))


def _row(load: Load) -> str:
    answers = ", ".join(f"{status}: {number}" for status, number in sorted(load.answers.items())) or "none"
    return f"| {load.name} | {load.p(0.5):.0f} / {load.p(0.95):.0f} ms | {load.memory:.0f} MB | {answers} |"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--datasets", type=positive, default=20_000, help="size of the corpus (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the corpus (default: %(default)s)")
    parser.add_argument("--questions", type=positive, default=EACH, help="of every kind (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where stores are made and kept (default: a temporary folder)")
    parser.add_argument("--fuseki", type=Path, metavar="JAR", help="the server to compare with")
    parser.add_argument("--heap", default="2g", help="memory of that server (default: %(default)s)")
    parser.add_argument("--harvested", type=positive, default=500, help="datasets served (default: %(default)s)")
    parser.add_argument("--views", type=positive, default=VIEWS, help="page views of every load (default: %(default)s)")
    parser.add_argument("--callers", type=positive, default=50, help="asking at once (default: %(default)s)")
    parser.add_argument("--only", choices=("cost", "load"), help="one half of it")
    return parser


def _busy() -> str:
    return ", ".join(f"{figure:.1f}" for figure in os.getloadavg())


def measure_cost(given: argparse.Namespace, folder: Path) -> None:
    """Build the stores and print what typical queries cost."""
    target = folder / f"store-{given.datasets}"
    took = build(target, given.datasets, given.seed)
    made = f"built in {took:.0f} s CPU" if took is not None else "built before"
    print(f"{given.datasets} datasets, {made}, {on_disk(target):.0f} MB on disk.\n", flush=True)
    snapshot = snapshot_of(target)
    with ExitStack() as opened:
        store = embedded(target, seconds=600.0)
        opened.callback(store.close)
        ways: dict[str, Answering] = {"pool": Pooled(store), "bare engine": Bare(snapshot)}
        if given.fuseki:
            place = folder / f"fuseki-{given.datasets}"
            ways["Fuseki"] = opened.enter_context(fuseki(given.fuseki.resolve(), snapshot, place, given.heap))
        print(f"{compare(ways, given.seed)} questions answered alike.\n", flush=True)
        for line in cost(ways, given.questions, given.seed):
            print(line, flush=True)


def main() -> None:
    given = _arguments().parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, load {_busy()}\n")
    with tempfile.TemporaryDirectory(prefix="gdi-benchmark-") as temporary:
        folder = given.folder or Path(temporary)
        if given.only != "load":
            measure_cost(given, folder)
        if given.only != "cost":
            served_from = folder / f"served-{given.harvested}"
            served_from.mkdir(parents=True, exist_ok=True)
            print(flush=True)
            for line in under_load(given, served_from):
                print(line, flush=True)
    print(f"\nLoad at the end: {_busy()}.")


if __name__ == "__main__":
    main()
