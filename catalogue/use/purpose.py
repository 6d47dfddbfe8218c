"""The use somebody has in mind: a short form, as parameters of an address and as a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalogue.use.concepts import disease_key, is_country, region_key
from shapes.errors import BadQuery

PREFIX: Final = "use."
_MONTHS: Final = re.compile(r"^[0-9]{1,4}$", re.ASCII)
_YES: Final = frozenset({"yes", "true", "1", "on"})
_NO: Final = frozenset({"no", "false", "0", "off"})


class Aim(StrEnum):
    """What for: four kinds of research as DUO tells them apart, and three purposes of Article 53(1) of the EHDS.

    `disease`, `health`, `ancestry` and `research` are Article 53(1)(e); `care` is (f), `policy` (a) to (c), `teaching`
    (d).
    """

    DISEASE = "disease"
    HEALTH = "health"
    ANCESTRY = "ancestry"
    RESEARCH = "research"
    CARE = "care"
    POLICY = "policy"
    TEACHING = "teaching"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A use somebody has in mind. None: not said.

    `aim`: what for. `disease`: the key of the disease studied. `country`: of the user's institution, two letters.
    `months`: for how long. Yes or no: `commercial`: the use is commercial; `profit`: the organisation makes profit;
    `ethics`: an approval of an ethics committee is at hand; `methods`: only methods or software are developed;
    `genetic`: it is a genetic study; `publish`, `give_back`, `collaborate`: the user is willing to publish the
    results, to give derived data back, to work together with those who made the study.
    """

    aim: Aim | None = None
    disease: str | None = None
    country: str | None = None
    months: int | None = None
    commercial: bool | None = None
    profit: bool | None = None
    ethics: bool | None = None
    methods: bool | None = None
    genetic: bool | None = None
    publish: bool | None = None
    give_back: bool | None = None
    collaborate: bool | None = None

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return self != Purpose()


def _aim(text: str) -> Aim:
    if text.lower() in set(Aim):
        return Aim(text.lower())
    raise BadQuery(f"use.purpose cannot be {text!r}: it is one of {', '.join(Aim)}.")


def _disease(text: str) -> str:
    key = disease_key(text)
    if key is None:
        raise BadQuery(
            f"use.disease cannot be {text!r}: it is a concept of MONDO, Orphanet, DOID, HPO, NCIT, MeSH, OMIM, "
            "SNOMED CT, ICD or Wikidata, for example MONDO:0018940 or its IRI."
        )
    return key


def _country(text: str) -> str:
    key = region_key(text)
    if is_country(key):
        return key
    raise BadQuery(f"use.country cannot be {text!r}: it is the code of a country, two letters, such as BE.")


def _months(text: str) -> int:
    if _MONTHS.match(text) and int(text):
        return int(text)
    raise BadQuery(f"use.months cannot be {text!r}: it is a whole number of months from 1 to 9999.")


def _flag(name: str) -> Callable[[str], bool]:
    def read(text: str) -> bool:
        if text.lower() in _YES | _NO:
            return text.lower() in _YES
        raise BadQuery(f"use.{name} cannot be {text!r}: it is yes or no.")

    return read


# The questions of the form in their order: the parameter (after `use.`), the field it fills, and how it is read.
QUESTIONS: Final[Mapping[str, tuple[str, Callable[[str], object]]]] = {
    "purpose": ("aim", _aim),
    "disease": ("disease", _disease),
    "commercial": ("commercial", _flag("commercial")),
    "profit": ("profit", _flag("profit")),
    "country": ("country", _country),
    "ethics": ("ethics", _flag("ethics")),
    "methods": ("methods", _flag("methods")),
    "genetic": ("genetic", _flag("genetic")),
    "publish": ("publish", _flag("publish")),
    "return": ("give_back", _flag("return")),
    "collaborate": ("collaborate", _flag("collaborate")),
    "months": ("months", _months),
}
_FIELDS: Final = {field: name for name, (field, _) in QUESTIONS.items()}


def question_of(field: str) -> str:
    """Return the parameter that fills a field: `use.return` of `give_back`."""
    return PREFIX + _FIELDS[field]


def read_purpose(parameters: Iterable[tuple[str, str]]) -> Purpose:
    """Return the purpose that parameters say (`use.purpose`, `use.disease`, ...). Empty ones are questions left open.

    Raises `BadQuery` for one that is no question, one answered twice in different ways, and an answer that is none.
    """
    said: dict[str, str] = {}
    for name, value in parameters:
        question = name.removeprefix(PREFIX)
        if question not in QUESTIONS:
            known = ", ".join(PREFIX + each for each in QUESTIONS)
            raise BadQuery(f"There is no question {name!r} about a use. The questions are: {known}.")
        text = value.strip()
        if text and said.setdefault(question, text) != text:
            raise BadQuery(f"The parameter {PREFIX}{question} was given twice, with different values.")
    values = {QUESTIONS[name][0]: QUESTIONS[name][1](text) for name, text in said.items()}
    return Purpose(**values)  # type: ignore[arg-type]


def purpose_parameters(purpose: Purpose) -> list[tuple[str, str]]:
    """Return the parameters that say a purpose, in the order of the questions; what is not said is left out."""
    found = ((name, getattr(purpose, field)) for name, (field, _) in QUESTIONS.items())
    return [(PREFIX + name, _said(value)) for name, value in found if value is not None]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
