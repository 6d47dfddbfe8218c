"""Whatever a node sends, identities stay sound."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harvester.compare import Key, KnownIndex, compare, lasting
from harvester.known import KnownRecord
from shapes.record import Kind

SUBJECTS = [f"https://node.example/{n}" for n in range(5)] + [
    f"https://node.example/.well-known/genid/{n}" for n in "ab"
]
identifiers = st.lists(st.sampled_from("XYZ"), max_size=2, unique=True).map(lambda names: tuple(sorted(names)))
delivered = st.lists(
    st.builds(
        Key,
        kind=st.just(Kind.DATASET),
        subject=st.sampled_from(SUBJECTS),
        identifiers=identifiers,
        digest=st.sampled_from(["1", "2", "3"]),
    ),
    unique_by=lambda key: key.subject,
    max_size=7,
).map(lambda keys: [Key(k.kind, k.subject, k.identifiers, f"{k.subject}{k.identifiers}{k.digest}") for k in keys])
known_records = st.lists(
    st.builds(
        KnownRecord,
        id=st.uuids().map(str),
        kind=st.just(Kind.DATASET),
        subject=st.sampled_from(SUBJECTS),
        identifiers=identifiers,
        digest=st.sampled_from(["1", "2", "3"]),
        listed=st.booleans(),
    ),
    unique_by=(lambda known: known.id, lambda known: known.subject),
    max_size=7,
).map(
    lambda records: [
        KnownRecord(r.id, r.kind, r.subject, r.identifiers, f"{r.subject}{r.identifiers}{r.digest}", r.listed)
        for r in records
    ]
)


@given(delivered, known_records)
def test_no_page_is_given_to_two_records(keys: list[Key], known: list[KnownRecord]) -> None:
    matched = [match.known.id for match in compare(keys, KnownIndex(known)).matches if match.known]
    assert len(matched) == len(set(matched))


@given(delivered, known_records)
def test_a_page_is_never_taken_from_a_record_that_comes_under_its_lasting_iri_without_being_named_elsewhere(
    keys: list[Key], known: list[KnownRecord]
) -> None:
    found = compare(keys, KnownIndex(known)).matches
    by_subject = {k.subject: k for k in known}
    for key, match in zip(keys, found, strict=True):
        own = by_subject.get(key.subject)
        if own is not None and lasting(key.subject) and (match.known is None or match.known.id != own.id):
            assert match.known is not None, "a record under a known IRI is never new"
            assert set(key.identifiers) & set(match.known.identifiers)


@given(delivered, known_records, st.randoms(use_true_random=False))
def test_the_order_of_delivery_does_not_matter(keys: list[Key], known: list[KnownRecord], random: object) -> None:
    mixed = list(keys)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    index = KnownIndex(known)

    def settled(order: list[Key]) -> dict[str, str | None]:
        found = compare(order, index).matches
        return {k.subject: m.known.id if m.known and not m.refused else None for k, m in zip(order, found, strict=True)}

    assert settled(keys) == settled(mixed)


@given(known_records)
def test_what_comes_again_just_as_it_was_is_known_as_it_was(known: list[KnownRecord]) -> None:
    keys = [Key(k.kind, k.subject, k.identifiers, k.digest) for k in known if k.listed]
    found = compare(keys, KnownIndex(known)).matches
    assert [m.known.id if m.known else None for m in found] == [k.id for k in known if k.listed]
