"""What an application for data has to say under the European Health Data Space, and what metadata can say already.

Regulation (EU) 2025/327, Article 67(2), points (a) to (k). Chapter IV applies from 26 March 2029, to genomic data
(Article 51(1), point (f)) from 26 March 2031 (Article 105). Until then each body asks for what it asks for; the
headings are what they will have in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

REGULATION: Final = "http://data.europa.eu/eli/reg/2025/327/oj"
CHAPTER_APPLIES: Final = date(2029, 3, 26)
GENOMIC_APPLIES: Final = date(2031, 3, 26)
PREFILLED: Final = "d"


@dataclass(frozen=True, slots=True)
class Heading:
    """One point of Article 67(2): its letter, what to call it, and what the law asks, in plain words."""

    point: str
    title: str
    asks: str


HEADINGS: Final = (
    Heading(
        "a",
        "Who applies",
        "Your identity, what you do professionally, and every person who would have access to the data. Later changes "
        "of that list are to be told to the access body.",
    ),
    Heading("b", "For which purpose", "Which of the purposes of Article 53(1) you want the data for."),
    Heading(
        "c",
        "Intended use and benefit",
        "What you will do with the data in detail, what benefit you expect, and how it serves the purposes of (b).",
    ),
    Heading(
        PREFILLED,
        "The data asked for",
        "Their scope, time range, format and sources and, where data come from several countries, the geographical "
        "coverage.",
    ),
    Heading(
        "e",
        "Anonymised or pseudonymised",
        "In which form you need the data. If pseudonymised: why anonymised data will not do; and, by Article 67(4), "
        "how the processing complies with data protection law, in particular Article 6(1) of the GDPR.",
    ),
    Heading(
        "f",
        "Data of your own",
        "Datasets you hold already and want to bring into the secure processing environment, if any.",
    ),
    Heading(
        "g",
        "Safeguards",
        "How you prevent misuse and re-identification, and protect the rights of the data holder and of the people "
        "concerned; in proportion to the risks.",
    ),
    Heading("h", "For how long", "How long you need the data in a secure processing environment, and why so long."),
    Heading("i", "Tools", "The tools and computing resources you need in the secure processing environment."),
    Heading(
        "j",
        "Ethics",
        "Any assessment of ethical aspects that national law requires, where it applies. It may take the place of your "
        "own.",
    ),
    Heading(
        "k",
        "Exceptions to the opt-out",
        "If you want to use data of people who opted out, under an exception of Article 71(4): the justification that "
        "national law asks for.",
    ),
)
