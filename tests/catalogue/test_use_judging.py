"""Yes, no or ask: each rule against each answer, and the sentences people read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.use.judging import judge_signature
from catalogue.use.purpose import QUESTIONS, Aim, Purpose, purpose_parameters, read_purpose
from catalogue.use.reasons import Answer
from shapes.errors import BadQuery

HEALTH = Purpose(aim=Aim.HEALTH)


def answer(signature: str, purpose: Purpose) -> str:
    return judge_signature(signature, purpose).answer.value


def rules(signature: str, purpose: Purpose) -> list[str]:
    return [reason.rule for reason in judge_signature(signature, purpose).decided]


# What each main permission says to each aim; the disease is the one of DS.
AIMS = ("disease", "health", "ancestry", "research", "care", "policy", "teaching")
MATRIX = {
    "NRES": "yes yes yes yes yes yes yes",
    "GRU": "yes yes yes yes ask ask ask",
    "HMB": "yes yes no no ask ask ask",
    "DS(MONDO:1)": "yes yes no no ask ask ask",
    "POA": "no no yes no no ask ask",
    "GRU+CC": "yes yes yes yes yes ask ask",
}


@pytest.mark.parametrize(("permission", "expected"), MATRIX.items())
def test_what_a_permission_says_to_each_aim(permission: str, expected: str) -> None:
    assert [each.value for each in Aim] == list(AIMS)
    said = [answer(permission, Purpose(aim=aim, disease="MONDO:1")) for aim in Aim]
    assert " ".join(said) == expected


@pytest.mark.parametrize(
    ("disease", "expected"),
    [(None, "ask"), ("MONDO:1", "yes"), ("MONDO:2", "yes"), ("MONDO:9", "ask")],
)
def test_a_disease_is_matched_by_itself_or_by_what_the_record_puts_under_it(disease: str | None, expected: str) -> None:
    assert answer("DS(MONDO:1,MONDO:2)", Purpose(aim=Aim.DISEASE, disease=disease)) == expected


@pytest.mark.parametrize(
    ("modifier", "field", "values"),
    [
        ("NCU", "commercial", {None: "ask", True: "no", False: "yes"}),
        ("NPU", "profit", {None: "ask", True: "no", False: "yes"}),
        ("NMDS", "methods", {None: "ask", True: "no", False: "yes"}),
        ("GSO", "genetic", {None: "ask", True: "yes", False: "no"}),
        ("IRB", "ethics", {None: "ask", True: "yes", False: "no"}),
        ("PUB", "publish", {None: "ask", True: "yes", False: "no"}),
        ("RTN", "give_back", {None: "ask", True: "yes", False: "no"}),
        ("COL", "collaborate", {None: "ask", True: "yes", False: "no"}),
        ("GS(BE,FI)", "country", {None: "ask", "BE": "yes", "FR": "no"}),
        ("GS(Benelux)", "country", {"BE": "ask"}),
        ("GS", "country", {"BE": "ask"}),
        ("TS(24)", "months", {None: "ask", 24: "yes", 25: "no"}),
        ("TS", "months", {1: "ask"}),
        ("MOR(2027-01-01)", "publish", {None: "yes", True: "yes"}),
        ("US", "profit", {False: "ask"}),
        ("PS", "profit", {False: "ask"}),
        ("IS", "profit", {False: "ask"}),
        ("RS(genetic%20research)", "genetic", {True: "ask"}),
        ("CC", "profit", {None: "yes"}),
        ("DUO:0009999", "profit", {None: "ask"}),
        ("DUO:0000017", "profit", {None: "ask"}),
    ],
)
def test_what_a_modifier_says(modifier: str, field: str, values: dict[object, str]) -> None:
    said = {value: answer(f"HMB+{modifier}", Purpose(aim=Aim.HEALTH, **{field: value})) for value in values}  # type: ignore[arg-type]
    assert said == values


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        (HEALTH, "ask"),
        (Purpose(aim=Aim.HEALTH, commercial=False), "ask"),
        (Purpose(aim=Aim.HEALTH, commercial=False, profit=False), "yes"),
        (Purpose(aim=Aim.HEALTH, commercial=True), "no"),
        (Purpose(aim=Aim.HEALTH, profit=True), "no"),
    ],
)
def test_neither_profit_nor_commerce(purpose: Purpose, expected: str) -> None:
    assert answer("GRU+NPUNCU", purpose) == expected


def test_a_refusal_wins_over_a_question_and_names_its_rule_alone() -> None:
    verdict = judge_signature("HMB+IRB+NCU", Purpose(aim=Aim.HEALTH, commercial=True))
    assert verdict.answer is Answer.NO
    assert [(reason.rule, reason.sentence) for reason in verdict.decided] == [
        ("NCU", "Only non-commercial use is allowed.")
    ]


def test_an_open_question_names_the_parameter_that_settles_it() -> None:
    (reason,) = judge_signature("HMB+IRB", HEALTH).decided
    assert reason.question == "use.ethics"
    assert reason.sentence == "You must show an approval of an ethics committee. Say whether you have one."


def test_a_yes_tells_what_the_user_promises() -> None:
    verdict = judge_signature("HMB+PUB+NPU", Purpose(aim=Aim.HEALTH, publish=True, profit=False))
    assert [reason.rule for reason in verdict.decided] == ["HMB", "NPU"]
    assert [reason.rule for reason in verdict.duties] == ["PUB"]


def test_nothing_stated_is_to_be_asked() -> None:
    (reason,) = judge_signature("none", HEALTH).decided
    assert reason.sentence == "The record states no conditions in a form we can read."
    assert answer("none", HEALTH) == "ask"


@pytest.mark.parametrize(
    ("signature", "commercial", "expected"),
    [
        ("open", True, "yes"),
        ("open(NC)", True, "no"),
        ("open(NC)", False, "yes"),
        ("open(NC)", None, "ask"),
        ("open(unlicensed)", False, "ask"),
    ],
)
def test_open_data_go_by_their_licence(signature: str, expected: str, *, commercial: bool | None) -> None:
    assert answer(signature, Purpose(commercial=commercial)) == expected


def test_contradictions_are_asked_about_unless_they_agree() -> None:
    assert answer("GRU+DS(MONDO:1)", HEALTH) == "ask"
    assert rules("GRU+DS(MONDO:1)", HEALTH) == ["permission"]
    assert answer("GRU+HMB", HEALTH) == "yes"
    assert answer("GRU|POA", HEALTH) == "ask"
    assert rules("GRU|POA", HEALTH)[0] == "policies-differ"
    assert answer("GRU|HMB", HEALTH) == "yes"


def test_a_policy_without_a_permission_is_asked_about() -> None:
    assert rules("PUB", Purpose(aim=Aim.HEALTH, publish=True)) == ["permission"]


def test_without_an_aim_only_any_use_is_a_yes() -> None:
    assert answer("NRES", Purpose(commercial=True)) == "yes"
    assert judge_signature("GRU", Purpose(commercial=False)).decided[0].question == "use.purpose"


_PURPOSES = st.builds(
    Purpose,
    aim=st.none() | st.sampled_from(Aim),
    disease=st.none() | st.sampled_from(["MONDO:0018940", "ORPHA:590"]),
    country=st.none() | st.sampled_from(["BE", "JP"]),
    months=st.none() | st.integers(1, 9999),
    commercial=st.none() | st.booleans(),
    profit=st.none() | st.booleans(),
    ethics=st.none() | st.booleans(),
    methods=st.none() | st.booleans(),
    genetic=st.none() | st.booleans(),
    publish=st.none() | st.booleans(),
    give_back=st.none() | st.booleans(),
    collaborate=st.none() | st.booleans(),
)


@given(_PURPOSES)
def test_a_purpose_is_read_back_from_its_parameters(purpose: Purpose) -> None:
    assert read_purpose(purpose_parameters(purpose)) == purpose


@given(_PURPOSES, st.sampled_from(["HMB+NPU+IRB", "DS(MONDO:0018940)+GS(BE)", "GRU|POA+PUB", "none", "open(NC)"]))
def test_saying_nothing_is_never_answered_better_than_saying_something(purpose: Purpose, signature: str) -> None:
    verdict = judge_signature(signature, purpose)
    assert verdict.decided
    assert all(reason.sentence.endswith(".") for reason in verdict.decided)
    if verdict.answer is Answer.YES:
        assert all(reason.answer is Answer.YES for reason in (*verdict.decided, *verdict.duties))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([("use.aim", "x")], "There is no question 'use.aim' about a use. The questions are: use.purpose, use.disease"),
        ([("use.purpose", "fun")], "use.purpose cannot be 'fun': it is one of disease, health, ancestry, research"),
        ([("use.disease", "flu")], "use.disease cannot be 'flu': it is a concept of MONDO"),
        ([("use.country", "Belgium")], "use.country cannot be 'Belgium': it is the code of a country, two letters"),
        ([("use.ethics", "maybe")], "use.ethics cannot be 'maybe': it is yes or no."),
        ([("use.months", "0")], "use.months cannot be '0': it is a whole number of months from 1 to 9999."),
        ([("use.ethics", "yes"), ("use.ethics", "no")], "The parameter use.ethics was given twice"),
    ],
)
def test_an_answer_that_is_none_is_refused(parameters: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(BadQuery) as caught:
        read_purpose(parameters)
    assert str(caught.value).startswith(message)


def test_an_empty_answer_leaves_a_question_open() -> None:
    assert not read_purpose((f"use.{name}", " ") for name in QUESTIONS)
