"""What the journal writes in its own form reads back as it was, in the form of earlier programs too."""

from __future__ import annotations

import json
import zlib

from hypothesis import given
from hypothesis import strategies as st
from journal_samples import finding

from catalogue.journal.append import _lines_with
from catalogue.journal.coding import dump_findings, load_findings
from shapes.report import Finding

_TEXT = st.none() | st.text(max_size=5)
_FINDING = st.builds(
    Finding,
    *(st.text(max_size=5), st.text(max_size=5), _TEXT, _TEXT, st.sampled_from("ab"), _TEXT, st.text(max_size=5)),
    *(_TEXT, _TEXT, st.none() | st.integers(1, 9), _TEXT, _TEXT),
)


@given(st.lists(_FINDING, max_size=6), st.lists(_FINDING, max_size=2))
def test_findings_read_back_as_they_were(findings: list[Finding], below: list[Finding]) -> None:
    given = (*findings, Finding("violation", "x", None, None, "c", None, "m", detail=tuple(below)))
    assert load_findings(dump_findings(given)) == given


def test_findings_of_earlier_programs_are_read() -> None:
    given = (finding("violation"), Finding("info", "b", None, None, "c", None, "Say it."))

    def written(entry: Finding) -> dict[str, object]:
        said = {name: value for name, value in entry._asdict().items() if value is not None and name != "detail"}
        return {**said, "detail": [written(each) for each in entry.detail]} if entry.detail else said

    stored = zlib.compress(json.dumps([written(each) for each in given]).encode())
    assert load_findings(stored) == given


def test_words_that_many_findings_share_are_written_once() -> None:
    one, many = dump_findings((finding("violation"),)), dump_findings((finding("violation"),) * 100)
    assert zlib.decompress(many).count(b"Add one.") == zlib.decompress(one).count(b"Add one.") == 1


@given(st.lists(st.sampled_from([b"a", b"ab", b"x ab", b"", b"aab a"]), max_size=8))
def test_the_lines_with_a_word_come_in_their_order_and_once(lines: list[bytes]) -> None:
    body = b"".join(line + b"\n" for line in lines)
    assert list(_lines_with(body, (b"ab", b"aa"))) == [line + b"\n" for line in lines if b"ab" in line or b"aa" in line]
