"""A made-up catalogue of any size, to search, harvest or validate: as RDF, or as the documents of a search index.

    python benchmarks/corpus.py --datasets 1000 --as turtle -o corpus/        # one file per node
    python benchmarks/corpus.py --datasets 100000 --as documents -o corpus.jsonl

Thirty nodes describe their datasets in nine languages. The same number and seed give the same bytes on every machine;
a larger number only adds datasets. Nothing is kept in memory: a million datasets need no more than a thousand.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final, TextIO

from measuring import resident
from synthetic.bodies import Node
from synthetic.describing import Corpus
from synthetic.entries import Entries
from synthetic.facts import Facts
from synthetic.rdf import Statement, as_ntriples, as_turtle, common, describe, turtle_head

from catalogue.entry import Entry
from catalogue.search.analysis import Analyzer
from catalogue.search.document import document_of

SEED: Final = 20261120
_EXTENSIONS: Final = {"ntriples": ".nt", "turtle": ".ttl", "documents": ".jsonl"}


class Writer:
    """Writes datasets in one of the three forms: what comes at the head of a file, and each dataset."""

    def __init__(self, form: str) -> None:
        self.extension = _EXTENSIONS[form]
        self._analyzer, self._entries = Analyzer(), Entries()
        self._say: Callable[[Iterable[Statement]], str] = as_turtle if form == "turtle" else as_ntriples
        self._rdf = form != "documents"
        self._prefixes = turtle_head() if form == "turtle" else ""

    def head(self, nodes: Iterable[Node]) -> str:
        """Return what the datasets of these nodes share."""
        return self._prefixes + self._say(common(nodes)) if self._rdf else ""

    def dataset(self, facts: Facts) -> str:
        """Return one dataset."""
        return self._say(describe(facts)) if self._rdf else as_document(self._entries.of(facts), self._analyzer)


def as_document(entry: Entry, analyzer: Analyzer) -> str:
    """Return the index document of an entry as one line of JSON, without the labels of its facet values."""
    bare = replace(document_of(entry, analyzer), labels=())
    return json.dumps(asdict(bare), ensure_ascii=False, default=sorted) + "\n"


def entries(count: int, seed: int = SEED) -> Iterator[Entry]:
    """Yield the corpus as entries of the catalogue, for an index."""
    return Entries()(Corpus(seed)(count))


def write(corpus: Corpus, count: int, writer: Writer, target: Path | None) -> None:
    """Write `count` datasets: into a file, into a folder with a file per node, or (None) to standard output."""
    with ExitStack() as open_files:
        if target is not None and target.is_dir():
            files = {node.base: open_files.enter_context(_file(_in(target, node, writer))) for node in corpus.nodes}
            for node in corpus.nodes:
                files[node.base].write(writer.head((node,)))
            for facts in corpus(count):
                files[facts.node.base].write(writer.dataset(facts))
            return
        file = open_files.enter_context(_file(target)) if target else sys.stdout
        file.write(writer.head(corpus.nodes))
        file.writelines(writer.dataset(facts) for facts in corpus(count))


def _in(folder: Path, node: Node, writer: Writer) -> Path:
    return folder / f"{node.source.name}{writer.extension}"


@contextmanager
def _file(path: Path) -> Iterator[TextIO]:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        yield file


def positive(text: str) -> int:
    """Read a number of things. Raises what argparse makes a message of."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--datasets", type=positive, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed, another corpus (default: %(default)s)")
    parser.add_argument("--as", dest="form", choices=sorted(_EXTENSIONS), default="turtle", help="default: %(default)s")
    parser.add_argument("-o", "--output", help="a file; a folder (or a name that ends in /) for one file per node")
    given = parser.parse_args()
    target = Path(given.output) if given.output else None
    if target is not None and given.output.endswith("/"):
        target.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    try:
        write(Corpus(given.seed), given.datasets, Writer(given.form), target)
    except OSError as error:
        parser.error(f"{given.output} cannot be written: {error.strerror}")
    seconds = time.perf_counter() - started
    rate = given.datasets / seconds
    print(
        f"{given.datasets} datasets in {seconds:.1f} s, {rate:.0f} a second, at most {resident().peak:.0f} MB",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
