"""How long harvesting real descriptions takes, then what the catalogue costs that holds them.

    python benchmarks/harvest.py --shared ../shared
    python benchmarks/harvest.py --shared ../shared --large --lengths

Harvests the three files of real-be-health (489 datasets) into a fresh folder, validation, journal, store and index
included; harvests them again; then serves the folder. Prints a Markdown table for docs/benchmarks.md.

With `--large` it harvests the 12,076 datasets of real-be-datagov instead, from a server on loopback: first, again, with
one statement more, all of it read, with every hundredth dataset changed, and again with an ETag. With `--lengths` also
the same catalogue halved and doubled.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from large import NAME, prolonged, resized, retitled, served, unpack
from measuring import HEAD, Row, Timed, on_disk, timed
from startup import REQUESTS, measure

FILES = (
    "node-a-sciensano-2025-04-13.ttl",
    "node-b-health-authorities-2025-04-13.rdf",
    "node-c-other-2025-04-13.jsonld",
)


def rows(files: Sequence[Path], folder: Path, requests: int) -> Iterator[Row]:
    """Yield every figure for a fresh data folder."""
    data = ("--data", str(folder), "--quiet")
    for number, file in enumerate(files):
        timed("sources", "add", f"node-{number}", str(file), *data)
    first, second = (timed("harvest", "--json", *data) for _ in range(2))
    yield Row(f"first harvest of {_figure(first, 'new')} datasets", f"{first.seconds:.1f} s", "30 s")
    yield Row("its highest memory, all its processes", f"{first.peak:.0f} MB")
    yield Row(f"second harvest, {_figure(second, 'unchanged')} unchanged", f"{second.seconds:.1f} s", "5 s")
    yield Row("its highest memory, all its processes", f"{second.peak:.0f} MB")
    reading = timed("runs", "list", *data)
    yield Row("a command that only reads (`runs list`)", f"{reading.seconds:.2f} s, {reading.cpu:.2f} s of it CPU")
    anew = timed("reindex", *data)
    yield Row("store and index made anew (`reindex`)", f"{anew.seconds:.1f} s")
    yield Row("the data folder", f"{on_disk(folder):.0f} MB")
    yield from measure(folder, requests)


def large_rows(packed: Path, folder: Path, *, lengths: bool) -> Iterator[Row]:
    """Yield the figures of a catalogue of national size; with `lengths` also of half of it and twice as much."""
    file = unpack(packed, folder)
    data = ("--data", str(folder / "whole"), "--quiet")
    with served(file, etag=False) as server:
        _add(server.server_address[1], data)
        first, again = (timed("harvest", "--json", *data) for _ in range(2))
        server.file = prolonged(file, folder)
        longer = timed("harvest", "--json", *data)
        shutil.rmtree(folder / "whole" / "answers")  # what is remembered of the document
        read = timed("harvest", "--json", *data)
        server.file = retitled(file, 100, folder)
        changed = timed("harvest", "--json", *data)
    yield from _rated("first harvest", first, "new", 300)
    yield from _rated("the same again, equal to the byte", again, "unchanged", 3000)
    yield from _rated("with one statement more, unchanged", longer, "unchanged", 3000)
    yield from _rated("all of it read, unchanged by digest", read, "unchanged", 3000)
    yield from _rated(f"{_figure(changed, 'changed')} datasets changed, others unchanged", changed, "seen", 3000)
    with served(file, etag=True) as server:
        _add(server.server_address[1], data)
        timed("harvest", "--json", *data)
        server.asked = 0
        confirmed = timed("harvest", "--json", *data)
        yield Row("requests where the server confirms the ETag", str(server.asked), "2")
    yield from _rated("the same again, unchanged by ETag", confirmed, "unchanged", 3000)
    for times in (0.5, 2.0) if lengths else ():
        other = ("--data", str(folder / f"times-{times:g}"), "--quiet")
        with served(resized(file, times, folder), etag=False) as server:
            _add(server.server_address[1], other)
            yield from _rated(
                f"first harvest of {times:g} times the catalogue", timed("harvest", "--json", *other), "new"
            )


def _add(port: int, data: Sequence[str]) -> None:
    timed("sources", "add", "be", f"http://127.0.0.1:{port}/catalog.nt", "--allow-private", "--protocol", "rdf", *data)


def _rated(name: str, run: Timed, counted: str, asked: int = 0) -> Iterator[Row]:
    number = _figure(run, counted)
    wanted = f"{number / asked:.0f} s" if asked else ""
    yield Row(f"{name}: {number} datasets", f"{run.seconds:.1f} s, {number / run.seconds:.0f} a second", wanted)
    yield Row("its processor time, all processes", f"{run.cpu:.1f} s, {number / run.cpu:.0f} a second")
    yield Row("its highest memory, all its processes", f"{run.peak:.0f} MB", "500 MB")


def _figure(run: Timed, name: str) -> int:
    return int(json.loads(run.output)["totals"][name])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder of the shared test data")
    parser.add_argument("--file", type=Path, action="append", help="harvest this instead; repeatable")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="how many searches (default: %(default)s)")
    parser.add_argument("--large", action="store_true", help="harvest real-be-datagov instead (12,076 datasets)")
    parser.add_argument("--lengths", action="store_true", help="with --large: also half of it, and twice as much")
    given = parser.parse_args()
    large = given.shared / "data" / NAME
    files = (
        [large] if given.large else given.file or [given.shared / "data" / "real-be-health" / name for name in FILES]
    )
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        parser.error(f"there is no file {', '.join(missing)}")
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}\n")
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="gdi-benchmark-") as folder:
        measured = rows(files, Path(folder) / "data", given.requests)
        for row in large_rows(large, Path(folder), lengths=given.lengths) if given.large else measured:
            print(row)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
