"""How fast records are validated, beside other SHACL engines: the same shapes, the same graph, equal findings first.

    python benchmarks/validation.py --shared ../shared
    python benchmarks/validation.py --shared ../shared --jena DIR --topbraid DIR

The whole of real-be-datagov goes the way of a harvest, and a dataset with 6,154 variables is judged. Then engines are
compared. Their graph is that of --records datasets, at even distances; the shapes are our DCAT-AP 3.0.1. Every engine
gets both without any background. `--jena` and `--topbraid` name folders with the jars of those engines and of all that
they need.
Figures are seconds of CPU, so that a busy machine matters little. Prints Markdown tables for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import lzma
import os
import platform
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from judges import Timing, compiled, java, pyshacl_per_record, pyshacl_whole
from measuring import HEAD, Row, memory

from shapes.collecting import seldom
from shapes.cut import cut
from shapes.engine.compiled.index import Index
from shapes.engine.engine import Engine
from shapes.media import NTRIPLES, TURTLE, Syntax
from shapes.parse import Document, read
from shapes.profiles import profile
from shapes.record import Kind, Record
from shapes.validate import Validator, own_bundle

SOURCE = Path("data") / "real-be-datagov" / "be-datagov-shared-2025-04-13.nt.xz"
PROFILE = "dcat-ap-3.0.1"
VARIABLES = 6154
_NO_BREAK_SPACE = "\u00a0".encode()


def records(data: bytes, syntax: Syntax = NTRIPLES) -> Iterator[Record]:
    """Cut a document into records, as a harvest does."""
    document = Document(data, "benchmark", "https://node.example/", syntax)
    return (part for part in cut(read(document)) if isinstance(part, Record))


def together(parts: Iterable[Record]) -> bytes:
    """Return the graph of several records; a blank node of one is none of another's."""
    lines: dict[bytes, None] = {}
    for number, part in enumerate(parts):
        for line in part.body.splitlines():
            subject, predicate, value = line.split(b" ", 2)
            subject, value = (
                term.replace(b"_:", b"_:r%d" % number, 1) if term.startswith(b"_:") else term
                for term in (subject, value)
            )
            lines[b" ".join((subject, predicate, value))] = None
    return b"\n".join(lines) + b"\n"


def spread(parts: list[Record], number: int) -> list[Record]:
    """Return so many records at even distances; none with a no-break space, which rdflib's parser refuses in an IRI."""
    readable = [part for part in parts if _NO_BREAK_SPACE not in part.body]
    return readable[:: max(1, len(readable) // number)][:number]


def compare(parts: list[Record], jars: dict[str, Path], folder: Path) -> Iterator[Timing]:
    """Yield every engine's figures for one graph, pySHACL's first. Raises ValueError where findings differ."""
    shapes, data = folder / "shapes.ttl", folder / "data.nt"
    shapes.write_bytes(profile(PROFILE).shapes())
    data.write_bytes(together(parts))
    ours = compiled(shapes, data)
    for timing in (pyshacl_whole(shapes, data), ours, *(java(name, jars[name], shapes, data, folder) for name in jars)):
        if timing.findings != ours.findings:
            some = list(((timing.findings - ours.findings) + (ours.findings - timing.findings)).items())[:5]
            raise ValueError(f"{timing.name} finds something else, for example {some}")
        yield timing


def table(timings: Iterable[Timing]) -> Iterator[str]:
    """Yield the comparison as a Markdown table; the first timing is what the others are measured by."""
    yield "| engine | parse | validate | times as fast | findings |"
    yield "|---|---|---|---|---|"
    first = None
    for each in timings:
        first = first or each
        ratio, count = first.validate / each.validate, sum(each.findings.values())
        yield f"| {each.name} | {each.parse:.2f} s | {each.validate:.2f} s | {ratio:.0f} | {count:,} |"


def harvest_way(data: bytes) -> Iterator[Row]:
    """Yield the figures of the whole catalogue: each record cut out, judged with its background, and put into words."""
    validator = Validator(profile(PROFILE))
    begun, judging, count, findings = time.process_time(), 0.0, 0, 0
    megabytes: list[str] = []
    for record in records(data):
        started = time.process_time()
        findings += len(validator.judge(record).findings)
        judging += time.process_time() - started
        count += 1
        if count in (1000, 12_000):
            megabytes.append(f"{memory(os.getpid())[0]:.0f} MB")
    total = time.process_time() - begun
    yield Row(f"{count:,} records of real-be-datagov parsed, cut and judged", f"{total:.1f} s CPU", "10 s")
    yield Row(f"of that, judging ({findings:,} findings in words)", f"{judging:.1f} s CPU")
    yield Row("one record", f"{judging / count * 1000:.2f} ms CPU")
    yield Row("memory after 1,000 and after 12,000 records", ", ".join(megabytes))


def graph_way(data: bytes) -> Iterator[Row]:
    """Yield the figures of the same catalogue as one graph, without background."""
    engine = Engine(own_bundle(profile(PROFILE), ""))
    begun = time.process_time()
    index = Index.of_triples(quad.triple for quad in read(Document(data, "be-datagov", "", NTRIPLES)))
    parsed = time.process_time()
    count = len(engine.hits(index))
    done = time.process_time()
    yield Row("the same as one graph: parsed and indexed", f"{parsed - begun:.1f} s CPU")
    yield Row(f"judged ({count:,} results)", f"{done - parsed:.1f} s CPU")
    yield Row("together", f"{done - begun:.1f} s CPU", "10 s")


def many_variables() -> Iterator[Row]:
    """Yield the figures of one dataset with as many variables as the largest example of HealthDCAT-AP Release 8."""
    (record,) = records(_variables(), TURTLE)
    validator = Validator(profile("healthdcat-ap-r8"))
    validator.judge(record)
    begun = time.process_time()
    count = len(validator.judge(record).findings)
    spent = time.process_time() - begun
    yield Row(f"a dataset with {VARIABLES:,} variables ({count:,} findings)", f"{spent:.2f} s CPU", "1 s")


def _variables() -> bytes:
    """A dataset with a table of variables, one in ten without a description."""
    head = (
        "PREFIX dcat: <http://www.w3.org/ns/dcat#>\nPREFIX dct: <http://purl.org/dc/terms/>\n"
        "PREFIX csvw: <http://www.w3.org/ns/csvw#>\nPREFIX h: <http://healthdataportal.eu/ns/health#>\n"
        "PREFIX : <https://node.example/>\n"
        ":d a dcat:Dataset ; dct:title 'Many variables'@en ; h:hasVariables :group .\n"
        ":group a csvw:TableGroup ; csvw:table :table .\n:table a csvw:Table ; csvw:url :file .\n"
    )
    each = (
        f":table csvw:column :c{n} .\n:c{n} a csvw:Column ; csvw:name 'v{n}' ; csvw:title 'Variable {n}'@en ; "
        f"csvw:datatype 'string' ; csvw:propertyUrl :p{n}{f' ; dct:description {n}' if n % 10 else ''} .\n"
        for n in range(VARIABLES)
    )
    return (head + "".join(each)).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder of the shared test data")
    parser.add_argument(
        "--records", type=int, default=1000, help="how many to compare engines with; 0: none (default: %(default)s)"
    )
    parser.add_argument("--jena", type=Path, help="folder with the jars of jena-shacl and what it needs")
    parser.add_argument("--topbraid", type=Path, help="folder with the jars of TopBraid's shacl and what it needs")
    given = parser.parse_args()
    source = given.shared / SOURCE
    if not source.exists():
        parser.error(f"there is no file {source}")
    data = lzma.decompress(source.read_bytes())
    jars = {name: path for name, path in (("Jena", given.jena), ("TopBraid", given.topbraid)) if path}
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}\n")
    print(HEAD)
    for figures in (harvest_way(data), graph_way(data), many_variables()):
        with seldom():  # as a harvest and the command do
            for row in figures:
                print(row, flush=True)
    if not given.records:
        return
    parts = spread([part for part in records(data) if part.kind is Kind.DATASET], given.records)
    print()
    with tempfile.TemporaryDirectory(prefix="gdi-benchmark-") as folder:
        for line in table(compare(parts, jars, Path(folder))):
            print(line, flush=True)
    print(f"\npySHACL record by record: {pyshacl_per_record(parts[:100], PROFILE) * 1000:.0f} ms CPU each")


if __name__ == "__main__":
    main()
