"""How long harvesting real descriptions takes, then what the catalogue costs that holds them.

    python benchmarks/harvest.py --shared ../shared

Harvests the three files of real-be-health (489 datasets) into a fresh folder, validation, journal, store and index
included; harvests them again; then serves the folder. Prints a Markdown table for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

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
    yield Row("a command that only reads (`runs list`)", f"{timed('runs', 'list', *data).seconds:.2f} s")
    anew = timed("reindex", *data)
    yield Row("store and index made anew (`reindex`)", f"{anew.seconds:.1f} s")
    yield Row("the data folder", f"{on_disk(folder):.0f} MB")
    yield from measure(folder, requests)


def _figure(run: Timed, name: str) -> int:
    return int(json.loads(run.output)["totals"][name])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder of the shared test data")
    parser.add_argument("--file", type=Path, action="append", help="harvest this instead; repeatable")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="how many searches (default: %(default)s)")
    given = parser.parse_args()
    files = given.file or [given.shared / "data" / "real-be-health" / name for name in FILES]
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        parser.error(f"there is no file {', '.join(missing)}")
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}\n")
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="gdi-benchmark-") as folder:
        for row in rows(files, Path(folder) / "data", given.requests):
            print(row)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
