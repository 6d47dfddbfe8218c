"""Who publishes, holds and decides: thirty national nodes, six hundred publishers, the committees of each node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from catalogue.countries import country_iri
from harvester.source import Source, Stage
from synthetic.languages import LANGUAGES
from synthetic.vocabulary import Vocabulary

PUBLISHERS: Final = 600
COMMITTEES: Final = 4  # of each node, on average
SERIES: Final = 2  # of each node

# Country, language of its descriptions, share of the datasets (per mille).
_NODES: Final = (
    ("FR", "fr", 110), ("DE", "de", 105), ("ES", "es", 90), ("IT", "it", 80), ("NL", "nl", 75), ("FI", "fi", 70),
    ("SE", "sv", 65), ("GB", "en", 60), ("BE", "nl", 50), ("PT", "pt", 40), ("EE", "en", 35), ("DK", "en", 30),
    ("NO", "en", 30), ("AT", "de", 25), ("CH", "de", 20), ("IE", "en", 18), ("CZ", "en", 15), ("PL", "en", 12),
    ("GR", "en", 10), ("HU", "en", 10), ("LU", "fr", 8), ("SI", "en", 8), ("LT", "en", 6), ("LV", "en", 6),
    ("HR", "en", 5), ("BG", "en", 5), ("SK", "en", 4), ("RO", "en", 4), ("CY", "en", 2), ("MT", "en", 2),
)  # fmt: skip
_TYPES: Final = (
    "university", "inpatient-institute", "research-institute-org", "biobank", "public-health-institute",
    "public-health-registry", "quality-registry", "pathology-registry", "gov-public-sector-org", "laboratory",
)  # fmt: skip
_STAGES: Final = (Stage.OPERATIONAL, Stage.OPERATIONAL, Stage.DEPLOYMENT, Stage.OPERATIONAL, Stage.ONBOARDING)


@dataclass(frozen=True, slots=True)
class Body:
    """A publisher, a committee or an access body: its IRI, its name and language, its type in our list or None."""

    iri: str
    name: str
    language: str
    host: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A national node: how it is registered, where its descriptions live, and its bodies."""

    source: Source
    base: str
    language: str
    place: str
    publishers: tuple[Body, ...]
    committees: tuple[Body, ...]
    access_body: Body
    share: int

    @property
    def bodies(self) -> tuple[Body, ...]:
        """All bodies of the node."""
        return (*self.publishers, *self.committees, self.access_body)


def nodes(seed: int, vocabularies: Mapping[str, Vocabulary]) -> tuple[Node, ...]:
    """Make the nodes; the larger ones have more publishers and committees."""
    shares = list(accumulate(share for _, _, share in _NODES))
    edges = [0, *(round(PUBLISHERS * share / shares[-1]) for share in shares)]
    return tuple(
        _node(seed, number, vocabularies[_NODES[number][1]], edges[number + 1] - edges[number])
        for number in range(len(_NODES))
    )


def _node(seed: int, number: int, vocabulary: Vocabulary, publishers: int) -> Node:
    country, language, share = _NODES[number]
    chance = Random(f"{seed} node {country}")  # noqa: S311 - repeatable, not secret
    host = f"{country.lower()}.node.example"
    base = f"https://{host}"
    place = country_iri(country)
    if place is None:
        raise ValueError(f"{country} is no country of the list")

    def body(kind: str, count: int, name: str, type_: str | None = None) -> Body:
        return Body(f"{base}/{kind}/{count}", name, language, host, type_)

    kinds, committee = LANGUAGES[language].bodies, LANGUAGES[language].committee
    names = dict.fromkeys(chance.choice(kinds).replace("*", vocabulary.name(chance)) for _ in range(3 * publishers + 9))
    return Node(
        source=Source(
            f"{country.lower()}-node",
            f"{base}/catalogue.ttl",
            title=f"Synthetic node of {country}",
            country=country,
            stage=_STAGES[number % len(_STAGES)],
        ),
        base=base,
        language=language,
        place=place,
        publishers=tuple(
            body("org", count, name, chance.choice(_TYPES))
            for count, name in zip(range(publishers), names, strict=False)
        ),
        committees=tuple(
            body("dac", count, f"{committee} {vocabulary.name(chance)}")
            for count in range(1 + round(COMMITTEES * share * len(_NODES) / 1000))
        ),
        access_body=body("hdab", 1, f"Health Data Access Body {country}", "national-authority"),
        share=share,
    )
