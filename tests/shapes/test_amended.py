"""A document that changed in places gives what reading all of it gives: same records, same order, same grounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapes import amended as amending
from shapes import cut as cutting
from shapes.amended import Amended
from shapes.cut import Caps, cut_texts
from shapes.grounds import Grounds, Tracing
from shapes.parse import Document, read
from shapes.record import Record, Refusal
from shapes.vocabulary import DCAT, DCT, DQV, FOAF, ODRL, RDF, SKOS

EX = "http://example.org/"
A = f"<{RDF.type}>"
TITLE = f"<{DCT.title}>"


@dataclass(frozen=True)
class Full:
    """What reading a whole document gives."""

    found: Sequence[Record | Refusal]
    grounds: Grounds | None


def document(*lines: str, name: str = "http://example.org/dump.nt") -> Document:
    return Document("".join(f"{line}\n" for line in lines).encode(), name, name)


def full(given: Document) -> Full:
    trace, reading = Tracing(), read(given, labels=True)
    trace.lines = reading.lines
    found = list(cut_texts((texts for _, texts in reading.pieces()), trace))
    assert reading.complete
    return Full(found, trace.grounds())


def again(given: Document, former: Full) -> tuple[Amended, list[Record | Refusal], int]:
    """What a document gives after a former one, and how many records of it were not cut."""
    assert former.grounds is not None
    amended = Amended.of(given, former.grounds)
    assert amended is not None
    records = [each for each in former.found if isinstance(each, Record)]
    standing = {f"<{each.subject}>": (each.kind, at) for at, each in enumerate(records) if each.subject[0] != "_"}
    found = list(amended.found(standing))
    return amended, [records[each] if isinstance(each, int) else each for each in found], sum(map(_stood, found))


def _stood(found: Record | Refusal | int) -> bool:
    return isinstance(found, int)


def same_grounds(one: Grounds, other: Grounds) -> bool:
    """Whether two say the same; the order of numbers tells nothing."""
    ones, others = ([(set(each.numbers), each.lines, each.brief) for each in given.records] for given in (one, other))
    groups = [{(head, frozenset(numbers)) for head, numbers in given.groups} for given in (one, other)]
    return one.rows == other.rows and ones == others and groups[0] >= groups[1]


def dataset(name: str, *more: str) -> tuple[str, ...]:
    about = f"<{EX}{name}>"
    return (
        f"{about} {A} <{DCAT.Dataset}> .",
        f'{about} {TITLE} "Dataset {name}" .',
        f"{about} <{DCAT.distribution}> <{EX}{name}/file> .",
        *(f"{about} {rest} ." for rest in more),
        f"<{EX}{name}/file> {A} <{DCAT.Distribution}> .",
        f'<{EX}{name}/file> {TITLE} "File of {name}" .',
    )


LINES = (*dataset("a"), *dataset("b", f"<{DCT.publisher}> <{EX}org>"), *dataset("c", f"<{DCT.relation}> <{EX}a>"))


@pytest.mark.parametrize(
    ("lines", "stood"),
    [
        (LINES, 3),
        ((*LINES, '<urn:x-nobody:s> <urn:p> "One more" .'), 3),
        ((*LINES[5:], *LINES[:5]), 3),
        ((LINES[1], LINES[0], *LINES[2:]), 2),  # whose lines stand otherwise is cut; c tells of a in brief, as before
        ((*LINES, f'<{EX}org> <{FOAF.name}> "Organisation" .'), 2),  # what b leads to is described now
        ((*LINES, f'<{EX}a/file> <{DCT.license}> "free" .'), 2),
        ((*LINES, f'<{EX}a> <{DCT.description}> "A long one" .'), 2),  # c tells of a in brief, which stayed
        ((*LINES, f'<{EX}a> {TITLE} "Other" .'), 1),  # c tells a's titles
        (LINES[5:], 1),  # a is gone: c leads to nothing
        ((*LINES, f"<{EX}service> <{DCAT.servesDataset}> <{EX}b> ."), 2),  # points at b
        ((*LINES, *dataset("d")), 3),
    ],
)
def test_only_records_that_a_change_concerns_are_cut(lines: Sequence[str], stood: int) -> None:
    former = full(document(*LINES))
    _, found, number = again(document(*lines), former)
    assert found == full(document(*lines)).found
    assert number == stood


def test_a_new_dataset_of_a_catalogue_and_its_service_leaves_others_but_the_served_ones() -> None:
    def catalogue(*names: str) -> tuple[str, ...]:
        return (
            *(line for name in names for line in dataset(name)),
            f"<{EX}catalogue> {A} <{DCAT.Catalog}> .",
            *(f"<{EX}catalogue> <{DCAT.dataset}> <{EX}{name}> ." for name in names),
            f"<{EX}api> {A} <{DCAT.DataService}> .",
            f'<{EX}api> {TITLE} "API" .',
            *(f"<{EX}api> <{DCAT.servesDataset}> <{EX}{name}> ." for name in names if name > "b"),
        )

    former = full(document(*catalogue("a", "b", "c")))
    amended, found, stood = again(document(*catalogue("a", "b", "c", "d")), former)
    assert found == full(document(*catalogue("a", "b", "c", "d"))).found
    assert stood == 2
    assert [each.subject.removeprefix(EX) for each in found] == ["a", "b", "c", "d", "api", "catalogue"]
    assert same_grounds(amended.grounds(), full(document(*catalogue("a", "b", "c", "d"))).grounds or former.grounds)


def test_records_that_stand_are_counted_towards_what_a_document_may_cost() -> None:
    former, more = full(document(*LINES)), document(*LINES, *dataset("d"))
    for free in range(9, 30):
        caps = Caps(growth=0, free=free)
        with patch.object(amending, "DEFAULT_CAPS", caps), patch.object(cutting, "DEFAULT_CAPS", caps):
            _, found, _ = again(more, former)
            assert found == full(more).found
        assert {type(each) for each in found} >= ({Refusal} if free < 20 else {Record})


def served(*names: str) -> tuple[str, ...]:
    return (
        f"<{EX}api> {A} <{DCAT.DataService}> .",
        f'<{EX}api> {TITLE} "API" .',
        *(f"<{EX}api> <{DCAT.servesDataset}> <{EX}{name}> ." for name in names),
    )


def policy(name: str, rule: str, target: str) -> tuple[str, ...]:
    return (
        f"<{EX}{name}> <{ODRL.permission}> <{EX}{rule}> .",
        f'<{EX}{name}> {TITLE} "Policy {name}" .',
        f"<{EX}{rule}> <{ODRL.target}> <{EX}{target}> .",
    )


def duties(rule: str, duty: str) -> tuple[str, ...]:
    return (f"<{EX}{rule}> <{ODRL.duty}> <{EX}{duty}> .",)


def target(rule: str, name: str) -> tuple[str, ...]:
    return (f"<{EX}{rule}> <{ODRL.target}> <{EX}{name}> .",)


CONCEPT = (*dataset("a"), f"<{EX}p> {A} <{SKOS.Concept}> .", *policy("p", "r", "z"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A service names what is no dataset any more: in the record of x it is then told as of nobody in particular.
        ((*dataset("a"), *dataset("x"), *served("a", "x")), (*dataset("x"), *served("a", "x"))),
        ((*dataset("x"), *served("a", "x")), (*dataset("x"), *served("a", "x"), *dataset("a"))),
        # A policy of two rules, of which one is about another dataset, or about none.
        (
            (*dataset("a"), *dataset("x"), *policy("p", "r", "a"), *policy("p", "s", "x")),
            (*dataset("a"), *dataset("x"), *policy("p", "r", "a"), *policy("p", "s", "z")),
        ),
        (
            (*dataset("a"), *dataset("x"), *policy("p", "r", "a"), *policy("p", "s", "x")),
            (*dataset("a"), *policy("p", "r", "a"), *policy("p", "s", "x")),
        ),
        # A policy that is a concept brings itself and no rule: what led to it is not in the record.
        ((*CONCEPT, *duties("r", "s"), *target("s", "a")), (*CONCEPT, *duties("r", "s"), *target("s", "z"))),
        (
            (*CONCEPT, *duties("r", "s"), *duties("s", "t"), *target("t", "a")),
            (*CONCEPT, *duties("r", "s"), *duties("s", "u"), *target("t", "a")),
        ),
        # A rule of two policies: the first of them has a say.
        (
            (*dataset("a"), *policy("p", "r", "a"), f"<{EX}q> <{ODRL.permission}> <{EX}r> ."),
            (f"<{EX}q> <{ODRL.permission}> <{EX}r> .", *dataset("a"), *policy("p", "r", "a")),
        ),
        (
            (*dataset("a"), *policy("p", "r", "a"), *dataset("x")),
            (*dataset("a"), *policy("p", "r", "a"), *dataset("x"), f"<{EX}q> <{ODRL.permission}> <{EX}r> ."),
        ),
    ],
)
def test_what_records_share_is_shared_as_it_is_then(before: Sequence[str], after: Sequence[str]) -> None:
    for one, other in ((before, after), (after, before)):
        _, found, _ = again(document(*one, *LINES[5:]), full(document(*other, *LINES[5:])))
        assert found == full(document(*one, *LINES[5:])).found


NODES = [f"<{EX}{name}>" for name in "abcdefgh"] + [f"_:b{number}" for number in range(4)]
LINKS = (
    DCAT.dataset,
    DCAT.distribution,
    DCAT.servesDataset,
    DCT.hasPart,
    DCT.relation,
    DQV.computedOn,
    FOAF.primaryTopic,
    ODRL.duty,
    ODRL.permission,
    ODRL.target,
)
CLASSES = (
    *(DCAT.Catalog, DCAT.Dataset, DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService, DCAT.CatalogRecord),
    *(SKOS.Concept, ODRL.Policy),
)
nodes = st.sampled_from(NODES)
statements = st.one_of(
    st.builds("{} {} <{}> .".format, nodes, st.just(A), st.sampled_from(CLASSES)),
    st.builds("{} <{}> {} .".format, nodes, st.sampled_from(LINKS), nodes),
    st.builds("{} <{}> {} .".format, nodes, st.sampled_from(LINKS), nodes),
    st.builds(
        '{} <{}> "{}" .'.format,
        nodes,
        st.sampled_from([DCT.title, DCT.identifier, DCT.description]),
        st.sampled_from(["x", "é", "\\u00e9", 'say \\"hi\\"']),
    ),
)
typed = st.lists(st.tuples(nodes, st.sampled_from(CLASSES)), min_size=3, max_size=8).map(
    lambda pairs: [f"{node} {rest} ." for node, its in pairs for rest in (f"{A} <{its}>", f'{TITLE} "{node[-2]}"')]
)
documents = st.tuples(typed, st.lists(statements, min_size=5, max_size=40)).map(lambda parts: parts[0] + parts[1])


@st.composite
def edits(draw: st.DrawFn) -> list[list[str]]:
    """Several documents, each the one before with a few lines more, fewer or elsewhere."""
    lines = draw(documents)
    if draw(st.booleans()):
        lines.sort()
    every = [lines]
    for _ in range(draw(st.integers(1, 3))):
        lines = list(every[-1])
        for _ in range(draw(st.integers(0, 3))):
            if lines and draw(st.booleans()):
                del lines[draw(st.integers(0, len(lines) - 1))]
        for line in draw(st.lists(statements, max_size=2)):
            lines.insert(draw(st.integers(0, len(lines))), line)
        every.append(lines)
    return [each for each in every if each]


@settings(max_examples=400, deadline=None)
@given(edits())
def test_any_change_gives_what_reading_all_gives(every: list[list[str]]) -> None:
    with patch.object(amending, "_MOST", 0):  # however much is new
        _compare(every)


def _compare(every: list[list[str]]) -> None:
    former = full(document(*every[0]))
    for lines in every[1:]:
        whole = full(document(*lines))
        assert former.grounds is not None
        amended, found, _ = again(document(*lines), former)
        assert found == whole.found
        grounds = amended.grounds()
        assert whole.grounds is not None
        assert same_grounds(grounds, whole.grounds)
        former = Full(found, Grounds.unpacked(b"".join(grounds.packed())))
