"""The made-up catalogue of the benchmarks: repeatable, and the same datasets whether harvested or indexed directly."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from corpus import Writer, write
from synthetic.describing import Corpus
from synthetic.entries import Entries
from synthetic.facts import Decided
from synthetic.languages import LANGUAGES

from catalogue.assemble import open_house
from catalogue.dac.naming import committee_language
from catalogue.describe import Describer
from catalogue.entry import Entry
from catalogue.facets import FACETS, INDEXED
from catalogue.journal.run import Outcome
from catalogue.search.analysis import Analyzer
from catalogue.search.document import document_of
from catalogue.search.query import Query
from catalogue.settings import read_settings
from shapes.cut import cut
from shapes.parse import Document, read
from shapes.record import Kind, Record

SCRIPT = Path(__file__).resolve().parent.parent / "benchmarks" / "corpus.py"
SEED = 7
SAMPLE = 120
FORMS = ("ntriples", "turtle", "documents")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(SEED)


def written(seed: int, count: int, form: str, target: Path) -> bytes:
    write(Corpus(seed), count, Writer(form), target)
    return target.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(form: str, tmp_path: Path) -> None:
    first = written(SEED, 30, form, tmp_path / "first")
    assert written(SEED, 30, form, tmp_path / "again") == first
    assert written(SEED + 1, 30, form, tmp_path / "other") != first


@pytest.mark.parametrize("form", FORMS)
def test_a_larger_corpus_begins_with_the_smaller_one(form: str, tmp_path: Path) -> None:
    assert written(SEED, 40, form, tmp_path / "large").startswith(written(SEED, 30, form, tmp_path / "small"))


def records(data: bytes) -> dict[str, Record]:
    reading = read(Document(data, "corpus", "https://corpus.example/"))
    found = {each.subject: each for each in cut(reading) if isinstance(each, Record)}
    assert reading.defects == ()
    return found


def test_ntriples_and_turtle_say_the_same(tmp_path: Path) -> None:
    triples = records(written(SEED, SAMPLE, "ntriples", tmp_path / "corpus.nt"))
    turtle = records(written(SEED, SAMPLE, "turtle", tmp_path / "corpus.ttl"))
    assert {name: record.digest for name, record in turtle.items()} == {n: r.digest for n, r in triples.items()}
    assert Counter(record.kind for record in turtle.values())[Kind.DATASET] == SAMPLE


@dataclass(frozen=True)
class Harvested:
    """The entries of a harvest, and those made directly, by id."""

    harvested: dict[str, Entry]
    direct: dict[str, Entry]


@pytest.fixture(scope="module")
def both(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Harvested:
    """Harvest what three nodes publish, each with a file of its own."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "nodes").mkdir()
    write(corpus, SAMPLE, Writer("turtle"), folder / "nodes")
    nodes = [node for node in corpus.nodes if node.source.country in {"FR", "BE", "GB"}]
    with open_house(read_settings(environment={}, flags={"data": folder / "data"})) as house:
        for node in nodes:
            source = replace(node.source, url=(folder / "nodes" / f"{node.source.name}.ttl").as_uri())
            house.journal.add_source(source)
            run = house.harvest(source)
            assert (run.outcome, run.rejected, run.failed) == (Outcome.OK, 0, 0)
        house.settle()
        describer = Describer(house.journal)
        harvested = {state.id: describer.entry(state) for state in house.journal.heads(Kind.DATASET)}
        assert house.catalogue.search(Query()).total == len(harvested)
    direct = Entries()(each for each in corpus(SAMPLE) if each.node in nodes)
    return Harvested(harvested, {entry.state.id: entry for entry in direct})


def test_what_is_harvested_has_the_pages_of_what_is_made_directly(both: Harvested) -> None:
    assert both.direct.keys() == both.harvested.keys()
    assert len(both.direct) > 15
    for name, entry in both.direct.items():
        assert both.harvested[name].dataset == entry.dataset
        assert both.harvested[name].access == entry.access


def test_what_is_harvested_has_the_facets_and_words_of_what_is_made_directly(both: Harvested) -> None:
    analyzer = Analyzer()
    for name, entry in both.direct.items():
        made, found = document_of(entry, analyzer), document_of(both.harvested[name], analyzer)
        assert replace(made, digest=found.digest, labels=found.labels) == found
        assert set(made.labels) == set(found.labels)


def test_some_descriptions_break_rules_and_the_entries_know_it(both: Harvested) -> None:
    verdicts: Counter[bool] = Counter()
    for name, entry in both.direct.items():
        made, found = entry.state.verdict, both.harvested[name].state.verdict
        assert made is not None
        assert found is not None
        assert (made.profile, made.release, made.violation) == (found.profile, found.release, found.violation)
        assert (made.conforms, made.warning > 0) == (found.conforms, found.warning > 0)
        verdicts[made.valid] += 1
    assert min(verdicts[True], verdicts[False]) > 0


def test_every_facet_has_values_and_most_are_missing_at_times(corpus: Corpus) -> None:
    analyzer = Analyzer()
    documents = [document_of(entry, analyzer) for entry in Entries()(corpus(400))]
    values = {facet.name: {v for d in documents for v in d.values[facet.name]} for facet in FACETS}
    assert [name for name, some in values.items() if not some] == []
    assert len(values["country"]) > 20
    assert len(values["keyword"]) > 500
    assert len(values["publisher"]) > 150
    absent = Counter(name for document in documents for name in document.absent)
    assert {"individuals", "age", "licence", "dac", "hdab", "health_theme", "data_use"} <= absent.keys()


def test_texts_are_of_the_length_and_in_the_languages_that_were_promised(corpus: Corpus) -> None:
    descriptions = [text for facts in corpus(400) for text in facts.descriptions]
    assert {text.language for text in descriptions if not text.machine} == set(LANGUAGES)
    assert any(text.machine for text in descriptions)
    lengths = [len(text.value.split()) for text in descriptions]
    assert (min(lengths) >= 60, max(lengths) <= 150) == (True, True)


def test_few_words_are_frequent_and_most_are_rare(corpus: Corpus) -> None:
    found = Counter(w.strip(".").lower() for f in corpus(600) for t in f.descriptions for w in set(t.value.split()))
    once = sum(count == 1 for count in found.values())
    assert found["the"] > 150
    assert found["data"] > 200
    assert once > len(found) / 4


def test_a_committee_is_called_one_in_every_language(corpus: Corpus) -> None:
    called = {node.language: node.committees[0].name for node in corpus.nodes}
    assert [name for name in called.values() if committee_language(name) is None] == []


def test_every_way_to_say_who_decides_is_there(corpus: Corpus) -> None:
    assert {facts.access.decided for facts in corpus(SAMPLE)} == set(Decided)


def run(arguments: Sequence[object]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def lines(path: Path) -> Iterator[dict[str, object]]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines())


def test_the_command_writes_documents_and_says_how_long_it_took(tmp_path: Path) -> None:
    target = tmp_path / "corpus.jsonl"
    done = run(["--datasets", 5, "--as", "documents", "-o", target])
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("5 datasets in ")
    assert [sorted(line["values"]) for line in lines(target)] == [sorted(facet.name for facet in INDEXED)] * 5


def test_the_command_writes_a_file_per_node_into_a_folder(tmp_path: Path) -> None:
    done = run(["--datasets", 3, "-o", f"{tmp_path}/nodes/"])
    assert done.returncode == 0
    assert len(list((tmp_path / "nodes").glob("*-node.ttl"))) == 30


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--datasets", "0"], "argument --datasets: '0' is no whole number from 1"),
        (
            ["--datasets", "1", "-o", "/there/is/no/such"],
            "/there/is/no/such cannot be written: No such file or directory",
        ),
    ],
)
def test_the_command_refuses_what_it_cannot_do(arguments: list[str], message: str) -> None:
    done = run(arguments)
    assert done.returncode == 2
    assert done.stderr.endswith(f"error: {message}\n")
