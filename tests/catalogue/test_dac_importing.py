"""Committees from files: whole or not at all, every refusal naming entry, field and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.dac.access_graph import committee_triples
from catalogue.dac.committee import Committee, Observed, Role
from catalogue.dac.entries import KEYS
from catalogue.dac.errors import BadRegistry
from catalogue.dac.importing import read_committees
from catalogue.dac.systems import Binding, System, SystemKind
from catalogue.text import Text
from shapes.checks.mailbox import looks_personal
from shapes.errors import Fault

DOCS = Path(__file__).resolve().parents[2] / "docs"

TOML = """
[[committee]]
id = "fi-gdi"
name = { en = "GDI Finland DAC", fi = "GDI Suomen toimikunta" }
role = "decides"
level = "national"
country = "FIN"
email = "dac@gdi.example"
contact_page = "https://gdi.example/dac"
remit = "Genomes of Finland"
documents = ["Ethics approval", "Project plan"]
response_days = 30
fee = "none"
apply_url = "https://rems.example/apply-for"
identifiers = ["EGAC00001000001"]
governs = ["EGAD00001000003", "GDI-FI-*"]
confirmed = 2026-01-31
"""


def toml(text: str) -> tuple[Committee, ...]:
    return read_committees(text.encode(), "toml", name="dacs.toml").committees


def test_a_toml_entry_is_read_with_every_field() -> None:
    assert toml(TOML) == (
        Committee(
            id="fi-gdi",
            names=(Text("GDI Finland DAC", "en"), Text("GDI Suomen toimikunta", "fi")),
            level="national",
            country="FI",
            email="dac@gdi.example",
            contact_page="https://gdi.example/dac",
            remit=(Text("Genomes of Finland"),),
            documents=("Ethics approval", "Project plan"),
            response_days=30,
            fee="none",
            apply_url="https://rems.example/apply-for",
            identifiers=("EGAC00001000001",),
            confirmed="2026-01-31",
            governs=("EGAD00001000003", "GDI-FI-*"),
        ),
    )


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ('[[committee]]\nid = "a"\nname = "A"\nresponse_days = "soon"', 4,
         'Committee 1 ("a"): response_days must be a whole number of days from 1 to 3650, not \'soon\'.'),
        ('[[committee]]\nid = "a"\nname = "A"\n\n[[committee]]\nid = "b"\nname = "B"\nemail = "b at b"', 8,
         'Committee 2 ("b"): email must be an e-mail address, not \'b at b\'.'),
        ('[[committee]]\nid = "a"\nname = "A"\nrole = "rules"', 4,
         'Committee 1 ("a"): role must be one of decides, recommends, may-veto, hdab, contact, not \'rules\'.'),
        ('[[committee]]\nid = "a"\nname = "A"\ncountry = "Finland"', 4,
         'Committee 1 ("a"): country must be an ISO 3166-1 country code of two letters, not \'Finland\'.'),
        ('[[committee]]\nid = "a"\nname = "A"\ncontact_page = "javascript:alert(1)"', 4,
         'Committee 1 ("a"): contact_page must be an http or https address, not \'javascript:alert(1)\'.'),
        ('[[committee]]\nid = "a/b"\nname = "A"', 2,
         ('Committee 1 ("a/b"): id must be 1 to 80 letters, digits, points, hyphens or underscores, beginning with a '
          "letter or digit, not 'a/b'.")),
        ('[[committee]]\nid = "a"\nname = "A"\nconfirmed = "yesterday"', 4,
         'Committee 1 ("a"): confirmed must be a date such as 2026-01-31, not \'yesterday\'.'),
        ('[[committee]]\nid = "a"\n[committee.name]\n"not a tag" = "A"', 3,
         "Committee 1 (\"a\"): name must be a text, or texts by language tag (en, fr, de-CH), not {'not a tag': 'A'}."),
        ('[[committee]]\nname = "A"', 1, "Committee 1: id is missing."),
        ('[[committee]]\nid = "a"', 1, 'Committee 1 ("a"): name is missing.'),
        ("[[committee]]\nid = \n", 2, "This is not TOML: Invalid value (at line 2, column 6)."),
        ('[committee]\nid = "a"', None, "Committees are a list: write [[committee]], not [committee]."),
        ("[[dac]]\nid = 1", None, "'dac' is no table of this file; committees are [[committee]]."),
        ("", None, "There is no committee in it."),
        ('[[committee]]\nid="a"\nname="A"\n[[committee]]\nid="a"\nname="B"', None, "Two committees have the id 'a'."),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_entry_field_and_line(text: str, line: int | None, sentence: str) -> None:
    with pytest.raises(BadRegistry) as refused:
        toml(text)
    assert (refused.value.detail, refused.value.line, refused.value.url) == (sentence, line, "dacs.toml")


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadRegistry) as refused:
        toml('[[committee]]\nid = "a"\nname = "A"\nmail = "a@b.example"')
    assert refused.value.detail == f'Committee 1 ("a"): mail is no key of a committee; the keys are {", ".join(KEYS)}.'
    assert refused.value.line == 4


@pytest.mark.parametrize("wrap", [lambda e: e, lambda e: {"committee": e}, lambda e: {"committees": e}])
def test_json_holds_the_same_entries(wrap: object) -> None:
    assert callable(wrap)
    document = wrap([{"id": "a", "name": {"en": "A"}, "role": "recommends", "level": "central"}])
    (read,) = read_committees(json.dumps(document).encode(), "json").committees
    assert read == Committee("a", (Text("A", "en"),), role=Role.RECOMMENDS, level="central")


@pytest.mark.parametrize(
    ("data", "line", "sentence"),
    [
        (b'[\n{"id": }]', 2, "This is not JSON: Expecting value: line 2 column 8 (char 9)."),
        (b'"text"', None, 'Expected a list of committees, or {"committee": [...]}.'),
        (b"[1]", None, "Committee 1 is not a table of keys and values."),
        (b"[]", None, "There is no committee in it."),
    ],
)
def test_wrong_json_is_refused(data: bytes, line: int | None, sentence: str) -> None:
    with pytest.raises(BadRegistry) as refused:
        read_committees(data, "json")
    assert (refused.value.detail, refused.value.line) == (sentence, line)


def test_deeply_nested_json_is_refused_and_does_not_end_the_program() -> None:
    with pytest.raises(BadRegistry):
        read_committees(b"[" * 100_000, "json")


def test_a_file_that_is_not_there_and_a_format_nobody_knows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRegistry, match="The file cannot be read: No such file or directory"):
        read_committees(tmp_path / "none.toml")
    with pytest.raises(BadRegistry, match="'xlsx' is no format of committees: give toml, yaml, json, or"):
        read_committees(b"a: b", name="dacs.xlsx")


def test_the_format_follows_the_extension(tmp_path: Path) -> None:
    file = tmp_path / "dacs.toml"
    file.write_text(TOML)
    assert read_committees(file).committees == toml(TOML)
    assert read_committees(TOML.encode(), name="dacs.toml").committees == toml(TOML)


@pytest.mark.parametrize(
    ("email", "personal"),
    [
        ("jane.doe@umc.example", True),
        ("j_smith@umc.example", True),
        ("anna-maria.berg2@umc.example", True),
        ("biobank@gmail.com", True),
        ("dac@umc.example", False),
        ("data.access@umc.example", False),
        ("dac-office@umc.example", False),
        ("genome.helsinki.team@umc.example", False),
    ],
)
def test_mailboxes_of_persons_are_told_from_those_of_offices(email: str, *, personal: bool) -> None:
    assert looks_personal(email) is personal


def test_what_a_curator_should_look_at_comes_with_the_import() -> None:
    read = read_committees(
        b'[[committee]]\nid = "a"\nname = "A"\nemail = "jane.doe@umc.example"\n'
        b'[[committee]]\nid = "b"\nname = "B"\nrole = "recommends"',
        "toml",
    )
    assert read.warnings == (
        "a: jane.doe@umc.example looks like a person's mailbox; publish one that an office reads.",
        "b: it has no mailbox, contact page or application page; nobody can reach it.",
        "b: it recommends, but its level is not stated; only a central one is linked by rule.",
    )


def test_the_example_of_the_documentation_imports_without_a_warning() -> None:
    page = (DOCS / "dac.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    read = read_committees(example.encode(), "toml")
    assert len(read.committees) >= 2
    assert read.warnings == ()


def test_every_key_of_a_committee_is_in_the_documentation() -> None:
    page = (DOCS / "dac.md").read_text("utf-8")
    assert [key for key in KEYS if f"`{key}`" not in page] == []


# EGA's objects. --------------------------------------------------------------------------------------------------


def ega(kind: str, accession: str, title: str, **more: object) -> dict[str, object]:
    return {"data": {"objectId": {"egaAccession": accession}, "objectTitle": title,
                     "schemaDescriptor": {"objectType": kind}, **more}}  # fmt: skip


def refers(accession: str) -> dict[str, object]:
    return {"rType": "referencedBy", "rTarget": {"objectId": {"egaAccession": accession}}}


def test_ega_objects_chain_datasets_to_policies_to_committees() -> None:
    documents = [
        ega("DAC", "EGAC00001000001", "DAC X", dacRelationships=[refers("EGAP00001000002")]),
        ega("policy", "EGAP00001000002", "Policy", policyRelationships=[refers("EGAD00001000003")]),
    ]
    (read,) = read_committees(json.dumps(documents).encode(), "json").committees
    assert (read.id, read.names) == ("EGAC00001000001", (Text("DAC X"),))
    assert read.governs == ("EGAP00001000002", "EGAD00001000003")


def test_an_ega_object_without_accession_is_refused() -> None:
    with pytest.raises(BadRegistry, match=r"^EGA object 1: objectId\.egaAccession .* is missing\.$"):
        read_committees(json.dumps(ega("DAC", "alias", "DAC X")).encode(), "json")


def test_the_official_example_of_ega_is_read(shared_data: Path) -> None:
    file = shared_data / "ega-metadata" / "examples" / "json_validation_tests" / "DAC_valid-1.json"
    (read,) = read_committees(file).committees
    assert (read.id, read.names, read.email) == ("EGAC00000000001", (Text("EBI test DAC"),), "myname@ebi.ac.uk")
    assert read.governs == ("EGAP00002045411",)


# RDF. ------------------------------------------------------------------------------------------------------------


def test_the_committee_of_the_recommended_modelling_is_read_from_turtle(shared_data: Path) -> None:
    read = read_committees(shared_data / "examples-dac" / "gdi-dataset-with-dac.ttl").committees
    assert [each.id for each in read] == ["EGAC00000000001"]
    assert read[0].contact_page == "https://umc-x.example.org/dac/apply"


def test_rdf_that_is_broken_is_refused_with_its_line() -> None:
    data = b"<https://x.example/d> a <https://w3id.org/gdi-catalogue/ns#DataAccessCommittee> ;\n  <broken .\n"
    with pytest.raises(Fault) as refused:
        read_committees(data, "turtle", name="dacs.ttl")
    assert refused.value.line == 2


def test_a_committee_without_a_name_is_refused() -> None:
    data = b"<https://x.example/d> a <https://w3id.org/gdi-catalogue/ns#DataAccessCommittee> ."
    with pytest.raises(BadRegistry, match=r"^The committee https://x\.example/d has no name \(foaf:name\)\.$"):
        read_committees(data, "turtle")


_WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
_NAMES = st.lists(
    st.builds(Text, _WORDS, st.sampled_from(["en", "fr", "de-ch", None])), min_size=1, max_size=3, unique=True
)
_BINDINGS = st.builds(
    Binding, _WORDS, st.none() | _WORDS, item=st.none() | st.integers(0, 99), workflow=st.none() | st.integers(0, 9)
)
_SYSTEMS = st.builds(
    System,
    st.sampled_from(SystemKind),
    st.just("https://rems.example/"),
    st.lists(_BINDINGS, max_size=12).map(tuple),
    own_ids=st.booleans(),
    workflow=st.none() | st.integers(0, 9),
)
_COMMITTEES = st.builds(
    Committee,
    id=st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True),
    names=_NAMES.map(tuple),
    iri=st.sampled_from([None, "https://n.example/dac"]),
    role=st.sampled_from(Role),
    level=st.sampled_from([None, "local", "national", "central"]),
    country=st.sampled_from([None, "FI", "GR", "GB"]),
    email=st.sampled_from([None, "dac@x.example"]),
    contact_page=st.sampled_from([None, "https://x.example/dac"]),
    homepage=st.sampled_from([None, "https://x.example/"]),
    remit=_NAMES.map(tuple),
    documents=st.lists(_WORDS, max_size=2, unique=True).map(lambda words: tuple(sorted(words))),
    response_days=st.none() | st.integers(1, 3650),
    fee=st.none() | _WORDS,
    apply_url=st.sampled_from([None, "https://x.example/apply?resource="]),
    identifiers=st.sampled_from([(), ("EGAC00001000001",)]),
    confirmed=st.sampled_from([None, "2026-01-31"]),
    governs=st.sampled_from([(), ("EGAD00001000003", "GDI-FI-*")]),
    may_apply=_NAMES.map(tuple),
    environment=_NAMES.map(tuple),
    opening_hours=st.none() | _WORDS,
    observed=st.none() | st.just(Observed(41, "2025-01-01", "2025-12-31", 17)) | st.just(Observed(9)),
    systems=st.lists(_SYSTEMS, max_size=2).map(tuple),
)


@given(_COMMITTEES)
def test_what_is_written_as_rdf_is_read_back_the_same(committee: Committee) -> None:
    iri = f"https://catalogue.example/dac/{committee.id}"
    data = "".join(f"{triple} .\n" for triple in committee_triples(committee, iri)).encode()
    (read,) = read_committees(data, "ntriples").committees
    for name in ("names", "remit", "may_apply", "environment"):
        assert set(getattr(read, name)) == set(getattr(committee, name))
    same = {name: getattr(committee, name) for name in ("names", "remit", "may_apply", "environment")}
    assert Committee(**{**{f: getattr(read, f) for f in Committee.__slots__}, **same}) == committee
