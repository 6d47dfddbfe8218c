from __future__ import annotations

from harvester.compare import AMBIGUOUS, CONTESTED, DUPLICATE, Comparison, Key, KnownIndex, Match, compare, lasting
from harvester.known import KnownRecord
from shapes.record import Kind

GENID = "https://node.example/.well-known/genid/"


def iri(name: str) -> str:
    return name if name.startswith(("_:", "http")) else f"https://node.example/{name}"


def came(
    subject: str, *identifiers: str, digest: str | None = None, kind: Kind = Kind.DATASET, complete: bool = True
) -> Key:
    return Key(kind, iri(subject), identifiers, digest or f"new content of {subject}", complete)


def knew(number: str, subject: str, *identifiers: str, kind: Kind = Kind.DATASET, listed: bool = True) -> KnownRecord:
    return KnownRecord(number, kind, iri(subject), identifiers, f"content of {number}", listed)


def compared(keys: list[Key], known: list[KnownRecord]) -> Comparison:
    return compare(keys, KnownIndex(known))


def ids(comparison: Comparison) -> list[str | None]:
    return [match.known.id if match.known and not match.refused else None for match in comparison.matches]


def codes(comparison: Comparison) -> list[str]:
    return [problem.code for problem in comparison.problems]


def test_a_record_is_known_by_its_identifier_whatever_its_iri() -> None:
    found = compared([came("b", "X"), came(GENID + "9-b0", "Y")], [knew("1", "a", "X"), knew("2", GENID + "1-b7", "Y")])
    assert (ids(found), codes(found)) == (["1", "2"], [])


def test_a_record_without_a_known_identifier_is_known_by_its_iri() -> None:
    found = compared([came("a", "new"), came("b")], [knew("1", "a", "old"), knew("2", "b")])
    assert (ids(found), codes(found)) == (["1", "2"], [])


def test_the_identifier_goes_before_the_iri() -> None:
    found = compared([came("a", "Y"), came("b", "X")], [knew("1", "a", "X"), knew("2", "b", "Y")])
    assert (ids(found), codes(found)) == (["2", "1"], [])


def test_skolem_iris_and_blank_nodes_are_no_identity_but_equal_content_is() -> None:
    assert [lasting(s) for s in (iri("a"), GENID + "1", "_:b0")] == [True, False, False]
    known = [knew("1", GENID + "1"), knew("2", "_:b0")]
    assert ids(compared([came(GENID + "1"), came("_:b0")], known)) == [None, None]
    same = [came(GENID + "1", digest="content of 1"), came("_:b7", digest="content of 2")]
    assert ids(compared(same, known)) == ["1", "2"]


def test_kinds_are_never_mixed() -> None:
    found = compared([came("a", "X", kind=Kind.SERIES)], [knew("1", "a", "X")])
    assert ids(found) == [None]


def test_two_records_with_one_identifier_are_told_apart_by_their_iris_and_reported() -> None:
    found = compared([came("a", "X"), came("b", "X"), came("c", "X")], [knew("1", "a", "X"), knew("2", "b", "X")])
    assert (ids(found), codes(found)) == (["1", "2", None], [DUPLICATE])
    assert found.problems[0].detail == (
        "The identifier 'X' is borne by 3 dataset records: https://node.example/a, https://node.example/b, "
        "https://node.example/c. Each needs its own; their IRIs tell them apart until then."
    )
    assert found.problems[0].record == "https://node.example/a"


def test_a_newcomer_with_a_used_identifier_takes_nobody_s_page() -> None:
    found = compared([came("b", "X"), came("a", "X")], [knew("1", "a", "X")])
    assert ids(found) == [None, "1"]


def test_a_record_that_comes_under_its_own_iri_keeps_its_page_when_another_bears_its_identifier() -> None:
    found = compared([came("c", "X"), came("a")], [knew("1", "a", "X")])
    assert (ids(found), codes(found)) == ([None, "1"], [CONTESTED])
    assert found.problems[0].record == "https://node.example/c"
    assert found.problems[0].detail == (
        "Its identifier 'X' leads to the record known as https://node.example/a, which another record of this delivery "
        "is as well; only its IRI was used."
    )


def test_a_record_that_loses_a_page_falls_back_to_that_of_its_own_iri() -> None:
    found = compared([came("a", "Y"), came("b")], [knew("1", "a", "X"), knew("2", "b", "Y")])
    assert (ids(found), codes(found)) == (["1", "2"], [CONTESTED])


def test_falling_back_may_set_off_another_contest_and_still_ends() -> None:
    known = [knew("1", "a", "X"), knew("2", "b", "Y"), knew("3", "c", "Z")]
    found = compared([came("a", "Y"), came("b"), came("d", "X")], known)
    assert ids(found) == ["1", "2", None]


def test_two_identifiers_of_one_page_on_two_records_leave_it_alone() -> None:
    found = compared([came("b", "X"), came("c", "Y")], [knew("1", "a", "X", "Y")])
    assert (ids(found), codes(found)) == ([None, None], [CONTESTED, CONTESTED])


def test_identifiers_that_lead_to_several_known_records_lead_nowhere() -> None:
    found = compared([came("c", "X", "Y")], [knew("1", "a", "X"), knew("2", "b", "Y")])
    assert (ids(found), codes(found)) == ([None], [AMBIGUOUS])
    assert "lead to 2 known records (https://node.example/a, https://node.example/b)" in found.problems[0].detail
    settled = compared([came("a", "X", "Y")], [knew("1", "a", "X"), knew("2", "b", "Y")])
    assert (ids(settled), codes(settled)) == (["1"], [])


def test_a_withdrawn_record_comes_back_unless_a_listed_one_took_over_its_identifier() -> None:
    gone, here = knew("1", "a", "X", listed=False), knew("2", "b", "X")
    assert ids(compared([came("c", "X")], [gone])) == ["1"]
    assert ids(compared([came("c", "X")], [gone, here])) == ["2"]


def test_what_cannot_be_told_apart_at_all_is_refused_and_the_known_ones_stay() -> None:
    known = [knew("1", GENID + "1", "X"), knew("2", GENID + "2", "X")]
    found = compared([came(GENID + "8", "X"), came(GENID + "9", "X"), came("_:b0", "X"), came("_:b1")], known)
    assert codes(found) == [DUPLICATE]
    assert [match.known.id if match.known else None for match in found.matches] == ["1", "2", None, None]
    assert [match.refused is not None for match in found.matches] == [True, True, True, False]
    refused = found.matches[0].refused
    assert refused is not None
    assert refused.detail == (
        "It has no lasting IRI, and its identifier 'X' fits more than one record: it cannot be told which it is. "
        "What is known stays as it was."
    )


def test_duplicates_nobody_knows_yet_are_new() -> None:
    found = compared([came(GENID + "8", "X"), came(GENID + "9", "X")], [])
    assert found.matches == (Match(), Match())


def test_nothing_delivered_matches_nothing() -> None:
    assert compared([], [knew("1", "a", "X")]) == Comparison((), ())


def test_exactly_the_same_means_listed_and_no_less_whole() -> None:
    index = KnownIndex([knew("1", "a"), knew("2", "b", listed=False)])
    assert index.same(came("a", digest="content of 1")) is not None
    assert index.same(came("a", digest="content of 1", complete=False)) is not None
    assert index.same(came("b", digest="content of 2")) is None
    unsure = KnownIndex([KnownRecord("3", Kind.DATASET, iri("c"), (), "content of 3", complete=False)])
    assert unsure.same(came("c", digest="content of 3")) is None
    assert unsure.same(came("c", digest="content of 3", complete=False)) is not None
