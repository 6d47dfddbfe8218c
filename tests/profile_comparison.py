"""Our profiles beside the official files, over the official and real examples: where they differ, and who is right.

`python tests/profile_comparison.py` prints the page docs/profile-differences.md; `--write` writes it. The examples and
the official files are read from `shared/data` beside the checkout, or from `TEST_SHARED`.

Both sides judge the same graph with the same background, as a whole, by the same engine; the official files as they are
published, one by one, because they give different shapes the same IRI. So every difference is one of the rules. A
difference is explained in tests/shapes/profile_differences.tsv, by hand; a test asks that each has its line.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from shapes.errors import BadShapes, Fault
from shapes.parse import Document, read
from shapes.profiles import background, profile
from shapes.report import Report
from shapes.validate import GraphValidator, read_shapes
from shapes.wording import path_name

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "profile-differences.md"
EXPLANATIONS: Final = Path(__file__).parent / "shapes" / "profile_differences.tsv"
OFFICIAL: Final = "official"
OURS: Final = "ours"

_AP_211: Final = tuple(
    f"shapes-dcat-ap-2.1.1/dcat-ap_2.1.1_shacl_{name}.ttl"
    for name in ("shapes", "range", "mdr-vocabularies.shape", "shapes_recommended")
)
_AP_301: Final = tuple(
    f"shapes-dcat-ap-3.0.1/html/shacl/{name}.ttl"
    for name in ("shapes", "range", "mdr-vocabularies.shape", "shapes_recommended")
)
_GDI: Final = "shapes-gdi-metadata/Formulasation(shacl)/core/PiecesShape"
_VOCABULARIES: Final = ("types-subset.ttl", "eu-nal-subset.ttl", "hdeu-vocab-subset.ttl", "adms-skos.rdf")


def _release_8(level: str) -> tuple[str, ...]:
    parts = (
        f"shapes/{level}-shapes",
        "ranges/range",
        "controlled-vocabularies/mdr-vocabularies.shape",
        f"recommended/{level}-shapes_recommended",
    )
    return (*_AP_301, *(f"shapes-healthdcat-ap-r8/{part}.ttl" for part in parts))


def _draft(level: str) -> tuple[str, ...]:
    """The files of the draft of April 2025: the last that were published before Release 8."""
    parts = (f"{level}-shapes", "ranges", "mdr-vocabularies-shapes")
    return (*_AP_301, *(f"shapes-healthdcat-ap-draft-2025-04/HealthDCAT-AP_{part}.ttl" for part in parts))


@dataclass(frozen=True)
class Pair:
    """One of our profiles at a level, the official files that say the same, and the examples to judge by both."""

    profile: str
    level: str
    files: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.profile} {self.level}".strip()


_EVERYWHERE: Final = (
    "examples-*/*.ttl", "examples-*/*.rdf", "examples-*/*.xml", "examples-*/*.jsonld", "mutated/*.ttl",
    "shapes-dcat-ap-2.1.1/examples/*.nt", "shapes-healthdcat-ap-r8/examples/*.ttl",
)  # fmt: skip
_REAL: Final = ("real-govdata-de/*-original-input.rdf",)
_HEALTH: Final = (
    "examples-health*/*.ttl", "examples-dac/*.ttl", "examples-ckan/*.ttl", "examples-fdp*/*.ttl",
    "shapes-healthdcat-ap-r8/examples/*.ttl",
)  # fmt: skip

PAIRS: Final = (
    Pair("dcat-ap-2.1.1", "", _AP_211, (*_EVERYWHERE, *_REAL)),
    Pair("dcat-ap-3.0.1", "", _AP_301, (*_EVERYWHERE, *_REAL)),
    *(
        Pair("healthdcat-ap-r6", ours, _draft(theirs), _HEALTH)
        for ours, theirs in (("public", "opendata"), ("restricted", "protected"), ("non-public", "sensitive"))
    ),
    *(Pair("healthdcat-ap-r8", level, _release_8(level), _HEALTH) for level in ("public", "restricted", "non-public")),
    Pair("gdi-core", "", (f"{_GDI}/*.ttl",), _HEALTH),
    Pair("fdp", "", ("shapes-fdp/FAIRDataPointShape.ttl", "shapes-fdp/CatalogShape.ttl"), ("examples-fdp*/*.ttl",)),
)


@dataclass(frozen=True, order=True)
class Found:
    """One fault, by what both sides can agree on."""

    severity: str
    path: str
    component: str
    file: str
    focus: str

    @property
    def what(self) -> tuple[str, str, str]:
        return (self.severity, self.path, self.component)

    @property
    def place(self) -> tuple[str, str, str, str]:
        return (self.file, self.focus, self.path, self.severity)


@dataclass
class Compared:
    """What both sides found, what both found by another constraint, and what only one did."""

    pair: Pair
    examples: int
    unread: int
    notes: tuple[str, ...]
    both: int = 0
    otherwise: int = 0
    only: Mapping[str, Counter[tuple[str, str, str]]] = field(default_factory=dict)


def compare(data: Path, pair: Pair) -> Compared:
    """Judge all examples of a pair by both sides."""
    graphs = dict(_graphs(data, pair.examples))
    readable = {name: graph for name, graph in graphs.items() if graph}
    known = tuple(_known(data, readable.values()))
    turtle = Document(profile(pair.profile).shapes(pair.level), name="ours.ttl", base="")
    ours = [GraphValidator(read_shapes([turtle]), OURS, known)]
    theirs = list(_published(data, pair.files, known))
    found = {
        OURS: set(_found(ours, readable)),
        OFFICIAL: set(_found([each for each in theirs if isinstance(each, GraphValidator)], readable)),
    }
    notes = tuple(each if isinstance(each, str) else note for each in theirs for note in _notes(each))
    result = Compared(pair, len(readable), len(graphs) - len(readable), tuple(dict.fromkeys(notes)))
    result.both = len(found[OURS] & found[OFFICIAL])
    only = {}
    for side, other in ((OURS, OFFICIAL), (OFFICIAL, OURS)):
        places = {each.place for each in found[other]}
        alone = found[side] - found[other]
        result.otherwise += sum(each.place in places for each in alone)
        only[side] = Counter(each.what for each in alone if each.place not in places)
    result.only = only
    return result


def _notes(judge: GraphValidator | str) -> tuple[str, ...]:
    return (judge,) if isinstance(judge, str) else judge.notes


def _graphs(data: Path, patterns: Iterable[str]) -> Iterator[tuple[str, tuple[ox.Triple, ...]]]:
    """Yield every example with its statements; none where it cannot be read."""
    for pattern in patterns:
        for path in sorted(data.glob(pattern)):
            yield str(path.relative_to(data)), _triples(path)


@cache
def _triples(path: Path) -> tuple[ox.Triple, ...]:
    try:
        return tuple(dict.fromkeys(quad.triple for quad in read(_document(path))))
    except Fault:
        return ()


def _document(path: Path) -> Document:
    return Document(path.read_bytes(), name=path.name, base="https://base.example/")


def _known(data: Path, graphs: Iterable[tuple[ox.Triple, ...]]) -> Iterator[ox.Triple]:
    """Our background and the official vocabularies, for both sides."""
    iris = {
        term.value
        for graph in graphs
        for triple in graph
        for term in (triple.subject, triple.object)
        if isinstance(term, ox.NamedNode)
    }
    yield from background(sorted(iris))
    for name in _VOCABULARIES:
        yield from _triples(data / "vocab-background" / name)


def _published(data: Path, patterns: Iterable[str], known: tuple[ox.Triple, ...]) -> Iterator[GraphValidator | str]:
    """Yield a judge for each official file; a sentence for one that cannot be used."""
    for pattern in patterns:
        for path in sorted(data.glob(pattern)) if "*" in pattern else [data / pattern]:
            document = Document(_whole_prefixes(path), name=path.name, base="https://base.example/")
            try:
                yield GraphValidator(read_shapes([document]), path.name, known)
            except BadShapes as fault:
                yield str(fault)


def _whole_prefixes(path: Path) -> bytes:
    """The FAIR Data Point's files leave `vcard:` unbound; without it they could not be read at all."""
    text = path.read_bytes()
    bound = b"@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .\n"
    return text if b"prefix vcard:" in text or path.parent.name != "shapes-fdp" else bound + text


def _found(judges: Iterable[GraphValidator], graphs: Mapping[str, tuple[ox.Triple, ...]]) -> Iterator[Found]:
    for judge in judges:
        for name, graph in graphs.items():
            yield from _of_report(name, judge.judge_graph(graph))


def _of_report(name: str, report: Report) -> Iterator[Found]:
    for each in report.findings:
        yield Found(each.severity, path_name(each.path), each.component, name, each.focus)


@dataclass(frozen=True)
class Explanation:
    """Why one side finds what the other does not, and which is right; `profiles` is empty for all."""

    profiles: tuple[str, ...]
    side: str
    path: str
    component: str
    right: str
    reason: str

    def explains(self, pair: Pair, side: str, what: tuple[str, str, str]) -> bool:
        _, path, component = what
        return (
            side == self.side
            and self.path in ("*", path)
            and self.component in ("*", component)
            and (not self.profiles or pair.profile in self.profiles)
        )


@cache
def explanations() -> tuple[Explanation, ...]:
    with EXPLANATIONS.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            Explanation(
                tuple(row["profiles"].split()), row["side"], row["path"], row["component"], row["right"], row["reason"]
            )
            for row in rows
        )


def explanation(pair: Pair, side: str, what: tuple[str, str, str]) -> Explanation | None:
    """Return the first line that explains a difference: put narrow lines before wide ones."""
    return next((each for each in explanations() if each.explains(pair, side, what)), None)


def unexplained(compared: Compared) -> list[str]:
    return [
        "\t".join((compared.pair.name, side, *what, str(count)))
        for side, counted in compared.only.items()
        for what, count in sorted(counted.items())
        if explanation(compared.pair, side, what) is None
    ]


def stale(compared: Iterable[Compared]) -> list[str]:
    """Return the explanations that explain nothing any more."""
    used = {
        explanation(each.pair, side, what)
        for each in compared
        for side, counted in each.only.items()
        for what in counted
    }
    return [f"{each.side} {each.path} {each.component}" for each in explanations() if each not in used]


def page(compared: list[Compared]) -> str:
    """Return docs/profile-differences.md."""
    together: dict[str, list[Compared]] = defaultdict(list)
    for each in compared:
        together[each.pair.profile].append(each)
    return "\n".join(
        [_INTRODUCTION, *_summary(compared), *(line for each in together.values() for line in _section(each))]
    )


_INTRODUCTION: Final = """# Our profiles beside the official files

Made by `python tests/profile_comparison.py --write`; the reasons come from `tests/shapes/profile_differences.tsv`, and
a test asks that every difference has one. Both sides judge the same examples, each as one graph, with the same
background vocabulary, by the same engine; the official files as they are published. A fault counts once per example,
node, property and constraint.

*Both*: found by both. *Otherwise*: both find the same node at fault at the same property with the same severity, by
another constraint (a value of no list: `sh:node` there, `sh:class` here). *Only* one side: explained below. Of
Release 6 no official file was at hand: the published shapes of Release 5 for non-public data stood in for its text.
Ours is compared with the draft of April 2025, whose levels opendata, protected and sensitive became public, restricted
and non-public: the draft is older, so where the two differ on purpose Release 6 is right.
"""


def _summary(compared: Iterable[Compared]) -> Iterator[str]:
    yield "| profile | examples | not readable | both | otherwise | only ours | only official |"
    yield "|---|---|---|---|---|---|---|"
    for each in compared:
        only = {side: counted.total() for side, counted in each.only.items()}
        yield (
            f"| {each.pair.name} | {each.examples} | {each.unread} | {each.both} | {each.otherwise} "
            f"| {only[OURS]} | {only[OFFICIAL]} |"
        )


def _section(compared: list[Compared]) -> Iterator[str]:
    first = compared[0].pair
    yield f"\n## {first.profile}\n"
    for note in dict.fromkeys(note for each in compared for note in each.notes):
        yield f"- The official files: {note}"
    levels = [each.pair.level for each in compared if each.pair.level]
    times = f"times ({' / '.join(levels)})" if levels else "times"
    yield f"\n| found by | severity | property | constraint | {times} | right | why |\n|---|---|---|---|---|---|---|"
    for side in (OURS, OFFICIAL):
        for what in sorted({what for each in compared for what in each.only[side]}):
            why = explanation(first, side, what)
            counts = " / ".join(str(each.only[side][what]) for each in compared)
            severity, path, component = what
            shown = path.replace("|", "\\|")
            name = component.removesuffix("ConstraintComponent")
            right, reason = (why.right, why.reason) if why else ("?", "not explained yet")
            yield f"| {side} | {severity} | `{shown}` | {name} | {counts} | {right} | {reason} |"


def main(arguments: list[str]) -> int:
    """Compare everything; exit 1 when a difference has no explanation, or an explanation no difference."""
    data = Path(os.environ.get("TEST_SHARED", ROOT.parent / "shared")) / "data"
    compared = [compare(data, pair) for pair in PAIRS]
    text = page(compared) + "\n"
    if "--write" in arguments:
        PAGE.write_text(text, "utf-8", newline="\n")
    else:
        sys.stdout.write(text)
    faults = [line for each in compared for line in unexplained(each)]
    faults += [f"unused: {line}" for line in stale(compared)]
    sys.stderr.write("".join(f"{line}\n" for line in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
