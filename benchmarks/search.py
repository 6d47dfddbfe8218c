r"""The search engines against each other: equal answers first, then how fast, how large, how much memory.

    python benchmarks/search.py --datasets 100000                             # embedded alone
    scripts/services run --only elasticsearch --heap 1g -- \
        python benchmarks/search.py --datasets 100000                         # both, in one run
    python benchmarks/search.py --datasets 1000000 --engine embedded          # memory at a million

Fills each index in a process of its own, compares all totals and counts, then asks every question once of each
engine in turn: some with a page of twelve facets, others with all of them. The address of Elasticsearch is
`--elasticsearch`, or TEST_ELASTICSEARCH. Prints Markdown for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from corpus import SEED, positive
from measuring import Resident, resident
from searching.comparing import Agreement, DifferentAnswers, compare
from searching.engines import Elastic, Embedded, Engine
from searching.loading import Load, load
from searching.questions import TWELVE, Question, Questions
from searching.timing import Times, time_all, time_updates
from synthetic.describing import Corpus
from synthetic.entries import Entries

from catalogue.search.port import SearchIndex

EACH: Final = 60  # questions of every kind
WARM: Final = 15  # other questions of every kind before
UPDATES: Final = 20


@dataclass(frozen=True, slots=True)
class Result:
    """Everything measured. `searching`: the memory of the process that asked, and of the embedded engine in it."""

    datasets: int
    loads: Mapping[str, Load]
    sizes: Mapping[str, float]
    agreement: Agreement | None
    twelve: Sequence[Times]
    all_facets: Sequence[Times]
    update: Times
    searching: Resident
    servers: Mapping[str, Resident]


def measure(engines: Sequence[Engine], seed: int, datasets: int, each: int) -> Result:
    """Load, compare and time. Raises `DifferentAnswers` before anything is timed."""
    loads = {engine.name: load(engine, seed, datasets) for engine in engines}
    for name, done in loads.items():
        _say(f"{name}: {datasets} datasets loaded in {done.seconds:.0f} s")
    sizes = {engine.name: engine.on_disk() for engine in engines}
    corpus = Corpus(seed)
    # Three sets of questions: no engine is asked the same twice, or it would be timed looking up its answer.
    warming, short, long = (
        list(Questions(corpus, datasets, name)(count))
        for name, count in (("warming", min(WARM, each)), ("twelve", each), ("all", each))
    )
    agreement = _agreement(engines, [*_twelve(short), *long])
    with ExitStack() as opened:
        indexes = _open(engines, opened)
        for some in (_twelve(warming), warming):
            time_all(indexes, some, seed)
        _say("warm")
        twelve = time_all(indexes, _twelve(short), seed)
        every = time_all(indexes, long, seed)
        searching = resident()
        update = time_updates(indexes, list(Entries()(corpus(min(UPDATES, datasets)))), datasets)
        servers = {e.name: resident(number) for e in engines if (number := e.process())}
    return Result(datasets, loads, sizes, agreement, twelve, every, update, searching, servers)


def _agreement(engines: Sequence[Engine], questions: Sequence[Question]) -> Agreement | None:
    if len(engines) == 1:
        return None
    with ExitStack() as opened:
        found = compare(_open(engines, opened), questions)
    for engine in engines:
        engine.forget()
    _say(f"equal answers to {found.questions} questions")
    return found


def _open(engines: Sequence[Engine], opened: ExitStack) -> dict[str, SearchIndex]:
    indexes = {engine.name: engine.open() for engine in engines}
    for index in indexes.values():
        opened.callback(index.close)
    return indexes


def _twelve(questions: Sequence[Question]) -> list[Question]:
    """Return those that come with facets, with twelve of them."""
    counting = (each for each in questions if each.query.with_facets and not each.values)
    return [replace(each, query=replace(each.query, counted=TWELVE)) for each in counting]


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def table(result: Result) -> Iterator[str]:
    """Yield the result as Markdown."""
    names = list(result.loads)
    yield f"| | {' | '.join(names)} |"
    yield f"|---|{'---|' * len(names)}"
    yield from _loading(result, names)
    yield ""
    head = " | ".join(f"{name} p50 / p95" for name in names)
    times, line = (" times p50 / p95 |", "---|") if len(names) > 1 else ("", "")
    yield f"| milliseconds, {result.datasets} datasets | hits | {head} |{times}"
    yield f"|---|---|{'---|' * len(names)}{line}"
    for label, some in (("12 facets", result.twelve), ("all facets", result.all_facets)):
        counted = {each.kind for each in result.twelve}
        for each in some:
            yield _row(f"{each.kind}, {label}" if each.kind in counted else each.kind, each, names)
    yield _row(result.update.kind, result.update, names)


def _loading(result: Result, names: Sequence[str]) -> Iterator[str]:
    loads = [result.loads[name] for name in names]
    servers = [result.servers.get(name) for name in names]
    rows = {
        "loaded, datasets a second": [f"{done.rate:.0f}" for done in loads],
        "loaded in": [f"{done.seconds:.0f} s, {done.making:.0f} s of it making the corpus" for done in loads],
        "index on disk": [f"{result.sizes[name]:.0f} MB" for name in names],
        "peak of the loading process": [f"{done.peak:.0f} MB, own {done.own:.0f} MB" for done in loads],
        "memory of the server": [f"{server.now:.0f} MB" if server else "no server" for server in servers],
    }
    for name, cells in rows.items():
        yield f"| {name} | {' | '.join(cells)} |"
    if result.agreement:
        found = result.agreement
        yield f"| first ten hits that both have, in the same place | {found.shared:.1%} | {found.ordered:.1%} |"
    yield ""
    yield (
        f"The process that asked held {result.searching.now:.0f} MB at the end, at most {result.searching.peak:.0f} MB "
        "(the embedded engine and the pages of its index included)."
    )


def _row(label: str, times: Times, names: Sequence[str]) -> str:
    cells = [f"{times.p50(name):.1f} / {times.p95(name):.1f}" for name in names]
    if len(names) > 1:
        one, other = names[:2]
        cells.append(f"{times.p50(other) / times.p50(one):.1f} / {times.p95(other) / times.p95(one):.1f}")
    return f"| {label} | {'' if times.hits is None else times.hits} | {' | '.join(cells)} |"


def as_json(result: Result) -> str:
    """Write everything measured, each single time included."""
    return json.dumps(asdict(result), indent=1)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--datasets", type=positive, default=10_000, help="size of the corpus (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the corpus (default: %(default)s)")
    parser.add_argument("--questions", type=positive, default=EACH, help="of every kind (default: %(default)s)")
    parser.add_argument("--engine", choices=("both", "embedded", "elasticsearch"), default="both", help="only that one")
    parser.add_argument(
        "--elasticsearch", metavar="URL", default=os.environ.get("TEST_ELASTICSEARCH", ""), help="where"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every single time there")
    parser.add_argument("--folder", type=Path, help="where the embedded index is made (default: a temporary folder)")
    return parser


def _engines(given: argparse.Namespace, folder: Path) -> list[Engine]:
    engines: list[Engine] = []
    if given.engine != "elasticsearch":
        engines.append(Embedded(folder / "index"))
    if given.engine != "embedded" and given.elasticsearch:
        engines.append(Elastic(given.elasticsearch, f"gdi-benchmark-{os.getpid()}"))
    return engines


def _busy() -> str:
    """The load averages of the last 1, 5 and 15 minutes."""
    return ", ".join(f"{figure:.1f}" for figure in os.getloadavg())


def main() -> None:
    parser = _arguments()
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl-C: the indexes are removed
    if given.engine == "elasticsearch" and not given.elasticsearch:
        parser.error("Elasticsearch needs an address: --elasticsearch URL")
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, load {_busy()}")
    if given.engine == "both" and not given.elasticsearch:
        print("Embedded alone: no address of Elasticsearch was given (--elasticsearch URL).")
    print(flush=True)
    with tempfile.TemporaryDirectory(prefix="gdi-benchmark-", dir=given.folder) as folder, ExitStack() as removed:
        engines = _engines(given, Path(folder))
        for engine in engines:
            removed.callback(engine.remove)
        try:
            result = measure(engines, given.seed, given.datasets, given.questions)
        except DifferentAnswers as error:
            sys.exit(f"The engines do not answer alike. {error}")
    print("\n".join(table(result)))
    print(f"\nLoad at the end: {_busy()}. What else runs on the machine is in the figures.")
    if given.json:
        given.json.write_text(as_json(result), "utf-8")


if __name__ == "__main__":
    main()
