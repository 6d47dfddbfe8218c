"""Lines by subject: what is told apart without parsing is what a parser would tell apart."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shapes import amended as amending
from shapes import content as contents
from shapes.amended import Amended
from shapes.content import Stored
from shapes.cut import cut_texts
from shapes.errors import Fault
from shapes.grounds import Grounds, Tracing
from shapes.media import NQUADS, NTRIPLES
from shapes.parse import Document, read
from shapes.record import Record, Refusal
from shapes.runs import NotInLines, Run, Runs
from shapes.vocabulary import DCAT, DCT, FDP, RDF

A = f"<{RDF.type}>"
P = f"<{DCT.title}>"


def runs(text: bytes) -> list[tuple[str, str]]:
    return [(run.subject.decode(), text[run.place : run.place + run.size].decode()) for run in Runs(text)]


def test_lines_about_one_subject_are_one_run() -> None:
    text = b'# of today\n\n<u:a> <u:p> "x" .\n<u:a>\t<u:p> <u:b> .\n_:b <u:p> "\xc3\xa9" .\r\n<u:a> <u:q> "y" .\n\n'
    assert runs(text) == [
        ("<u:a>", '<u:a> <u:p> "x" .\n<u:a>\t<u:p> <u:b> .\n'),
        ("_:b", '_:b <u:p> "é" .\r\n'),
        ("<u:a>", '<u:a> <u:q> "y" .\n'),
    ]


def test_a_last_line_may_lack_its_end_and_lines_are_counted() -> None:
    text = b'# of today\n<u:a> <u:p> "x" .\n<u:b> <u:p> "x" .'
    of_text = Runs(text)
    first, last = of_text
    assert of_text.lines == 2
    assert (last.subject, text[last.place :]) == (b"<u:b>", b'<u:b> <u:p> "x" .')
    assert last.print == next(iter(Runs(text[last.place :] + b"\n"))).print != first.print


def test_a_stored_document_is_looked_through_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"".join(b'<u:s%d> <u:p> "%s" .\n' % (number // 7, b"x" * (number % 50)) for number in range(500))
    for size in (1, 37, 1000):
        monkeypatch.setattr(contents, "_PIECE", size)
        stored = Stored()
        stored.put(text)
        found = list(Runs(stored))
        assert found == list(Runs(text))
        assert [type(each) for each in found[:1]] == [Run]
        assert b"".join(text[run.place : run.place + run.size] for run in found) == text


@pytest.mark.parametrize(
    "text",
    [
        b'<u:a> <u:p> "x\ny" .\n',  # a line break in a text
        b'<u:a> <u:p> "x" .\n# comment\n<u:a> <u:p> "y" .\n',  # or this may be the inside of one
        b'<u:a> <u:p> "x" .\n\n<u:a> <u:p> "y" .\n',
        b'<u:a> <u:p> "x" .\r<u:a> <u:p> "y" .\n',  # two lines to a parser
        b' <u:a> <u:p> "x" .\n',
        b'<u:a><u:p> "x" .\n',
        b'<u:\\u0061> <u:p> "x" .\n',  # another name for <u:a>
        b"@prefix u: <u:> .\n",
        b"<" * 3_000_000 + b"\n",  # in which nothing is looked for
        b"_:" * 3_000_000 + b"\n",
    ],
)
def test_what_may_be_written_otherwise_is_for_a_parser(text: bytes) -> None:
    with pytest.raises(NotInLines):
        list(Runs(text))


def test_a_line_without_an_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shapes.runs._LONGEST", 100)
    with pytest.raises(NotInLines):
        list(Runs(b'<u:a> <u:p> "' + b"x" * 200))


def given_as(text: str, *, quads: bool = False) -> Document:
    return Document(text.encode(), "http://example.org/d", "http://example.org/d", NQUADS if quads else NTRIPLES)


def whole(document: Document) -> tuple[list[Record | Refusal], Grounds | None] | None:
    """What reading all of a document gives; None where anything is wrong with it."""
    trace = Tracing()
    try:
        reading = read(document, labels=True)
        trace.lines = reading.lines
        found = list(cut_texts((texts for _, texts in reading.pieces()), trace))
    except Fault:
        return None
    return (found, trace.grounds()) if reading.complete else None


DATASET = f'<u:d> {A} <{DCAT.Dataset}> .\n<u:d> {P} "D" .\n<u:d> {P} "E" .\n'


@pytest.mark.parametrize(
    ("former", "text"),
    [
        (DATASET + f'<u:d> {P} "a\n# b" .\n', None),  # a statement of two lines, of which one looks like a comment
        (DATASET + f"<u:f> {A} <{FDP.FAIRDataPoint}> .\n", None),
        (DATASET, DATASET + f"<u:f> {A} <{FDP.FAIRDataPoint}> .\n"),
        (DATASET, DATASET + f"<u:f> {P} <not an iri> .\n"),
        (DATASET, DATASET + f'<u:f> {P} "cut o'),
        (DATASET, DATASET + f'<u:f> {P} "a" . <u:d> {P} "b" .\n'),
        (DATASET, DATASET + f'<u:f> {P} "a" .\n# {P} "b" .\n'),
        (DATASET, f'<u:f> {P} "{"much " * 99}" .\n' + DATASET),
        (DATASET, "# nothing\n"),
    ],
)
def test_what_lines_do_not_tell_is_read_as_a_whole(former: str, text: str | None) -> None:
    first = whole(given_as(former))
    assert first is not None
    if text is None:
        assert first[1] is None
    else:
        assert first[1] is not None
        assert Amended.of(given_as(text), first[1]) is None


def test_a_document_of_bytes_that_are_no_text_is_read_as_a_whole() -> None:
    first = whole(given_as(DATASET))
    assert first is not None
    assert first[1] is not None
    spoilt = given_as("")
    for data in (DATASET.encode() + b'<u:f> <u:p> "\xff" .\n', b"\xff" + DATASET.encode()):
        assert Amended.of(Document(data, spoilt.name, spoilt.base, NTRIPLES), first[1]) is None


parts = st.lists(
    st.sampled_from(
        [
            f"<u:d> {A} <{DCAT.Dataset}> .\n",
            f'<u:d> {P} "D" .\n',
            f"<u:d> <{DCAT.distribution}> _:x .\n",
            f"_:x {P} <u:e> .\n",
            f'<u:e> {P} "E"@EN-gb .\n',
            f'<u:e> {P} "E" <u:graph> .\n',
            f'<u:\\u0065> {P} "F" .\n',
            f"<u:d>\t{P}\t<u:\\u0065>\t.\r\n",
            *("<u:d> ", "<u:e> ", f"{P} ", '"', "\\", "# ", ".", " .\n", "\n", "\r", "\r\n", "x", "é", "\\u000A"),
        ]
    ),
    max_size=12,
)


@settings(max_examples=500, deadline=None)
@example(before=[f'<u:d> {P} "a\n', f'<u:d> {P} "b\n'], more=["x"], at=1, quads=True)
@given(before=parts, more=parts, at=st.integers(0, 12), quads=st.booleans())
def test_however_it_is_written_it_gives_what_reading_all_gives(
    *, before: list[str], more: list[str], at: int, quads: bool
) -> None:
    first, second = ("".join(each) for each in (before, [*before[:at], *more, *before[at + len(more) // 2 :]]))
    former, now = whole(given_as(first, quads=quads)), whole(given_as(second, quads=quads))
    if former is None or former[1] is None:
        return
    with patch.object(amending, "_MOST", 0):
        amended = Amended.of(given_as(second, quads=quads), former[1])
    if amended is None:
        return
    assert now is not None
    records = [each for each in former[0] if isinstance(each, Record)]
    standing = {f"<{each.subject}>": (each.kind, at) for at, each in enumerate(records)}
    assert [records[each] if isinstance(each, int) else each for each in amended.found(standing)] == now[0]
    assert now[1] is not None
    assert amended.grounds().rows == now[1].rows


def test_grounds_are_read_back_and_nothing_else_is() -> None:
    first = whole(given_as(DATASET))
    assert first is not None
    assert first[1] is not None
    packed = b"".join(first[1].packed())
    assert Grounds.unpacked(packed) == first[1]
    for damaged in (b"", packed[:-1], packed[:5], packed + b"x", b"9999999999" + packed, packed[:-4] + b"\0\0\0\0"):
        with pytest.raises(ValueError, match=r".*"):
            Grounds.unpacked(damaged)
