"""The corpus: for a seed, the facts of the dataset of any number, without looking at any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Final

from catalogue.dataset import Texts
from catalogue.text import Text
from shapes.vocabulary import EU
from synthetic.bodies import SERIES, Node, nodes
from synthetic.facts import Access, Decided, Extent, Facts, Subject, Variable
from synthetic.languages import LANGUAGES
from synthetic.pools import Pool, concept_iri, concepts
from synthetic.vocabulary import Vocabulary, code

KEYWORDS: Final = 5_000
DESCRIPTION: Final = (60, 150)  # words
_ENGLISH_KEYWORDS: Final = 2_600  # the other languages share the rest
_FIRST: Final = date(2012, 1, 1)
_TODAY: Final = date(2026, 10, 31)
# When nodes wrote all their descriptions anew: a quarter of all datasets were last modified on one of these days.
_EXPORTS: Final = (date(2026, 9, 30), date(2026, 3, 31), date(2025, 9, 30))
_RIGHTS: Final = Pool([f"{EU.base}access-right/{code}" for code in ("NON_PUBLIC", "RESTRICTED", "PUBLIC")])
_DECIDED: Final = Pool(
    [
        *(Decided.ATTRIBUTION, Decided.POLICY, Decided.ACCESS_BODY),
        *(Decided.CONTACT, Decided.ATTRIBUTION, Decided.ACCESS_BODY, Decided.NOTHING),
    ]
)
_PERMISSIONS: Final = Pool(["DUO:0000042", "DUO:0000006", "DUO:0000007", "DUO:0000004", "DUO:0000011"])
_MODIFIERS: Final = Pool([f"DUO:00000{number}" for number in (21, 45, 28, 20, 19, 26, 27, 29, 18, 22, 24, 46, 12, 16)])
_LABELS: Final = ("age", "sex", "bmi", "icd10", "sample_id", "coverage", "platform", "visit", "country", "outcome")
_DATATYPES: Final = (
    "integer",
    "string",
    "decimal",
    "string",
    "string",
    "decimal",
    "string",
    "date",
    "string",
    "string",
)


class Corpus:
    """All datasets of a seed; equal seeds give equal facts on every machine."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.vocabularies: Mapping[str, Vocabulary] = {
            tag: Vocabulary(language, seed) for tag, language in LANGUAGES.items()
        }
        self.nodes = nodes(seed, self.vocabularies)
        self._shares = list(accumulate(node.share for node in self.nodes))
        self._places = Pool([node.place for node in self.nodes])
        self._publishers = {node.base: Pool(node.publishers) for node in self.nodes}
        self._committees = {node.base: Pool(node.committees) for node in self.nodes}

    def facts(self, number: int) -> Facts:
        """Return the facts of one dataset, by its number from 0."""
        chance = Random(f"{self.seed} dataset {number}")  # noqa: S311 - repeatable, not secret
        node = chance.choices(self.nodes, cum_weights=self._shares)[0]
        right = _RIGHTS.one(chance)
        publishers = self._publishers[node.base]
        return Facts(
            number=number,
            node=node,
            identifier=f"{node.source.country}-{number:07d}",
            accession=f"EGAD5{number:010d}" if likely(chance, 0.2) else None,
            **self._texts(node, chance),
            publisher=publishers.one(chance),
            holder=publishers.one(chance),
            subject=self._subject(node, chance),
            access=self._access(node, right, chance),
            extent=_extent(chance),
            variables=self._variables(node, chance) if likely(chance, 0.1) else (),
            lawful=likely(chance, 0.9),
        )

    def __call__(self, count: int, first: int = 0) -> Iterator[Facts]:
        """Yield `count` datasets, one at a time."""
        return (self.facts(number) for number in range(first, first + count))

    @cached_property
    def _keywords(self) -> Mapping[str, Pool[Text]]:
        others = (KEYWORDS - _ENGLISH_KEYWORDS) // (len(LANGUAGES) - 1)
        return {tag: Pool(self._keyword_list(tag, _ENGLISH_KEYWORDS if tag == "en" else others)) for tag in LANGUAGES}

    def _keyword_list(self, tag: str, count: int) -> list[Text]:
        """Terms alone, then codes, then terms with a made word."""
        chance = Random(f"{self.seed} keywords {tag}")  # noqa: S311 - repeatable, not secret
        terms, made = LANGUAGES[tag].terms, self.vocabularies[tag].made
        found = dict.fromkeys(terms)
        found |= dict.fromkeys(code(chance) for _ in range(count // 10))
        while len(found) < count:
            found[f"{chance.choice(terms)} {chance.choice(made)}"] = None
        return [Text(value, tag) for value in list(found)[:count]]

    def _texts(self, node: Node, chance: Random) -> Mapping[str, Texts | Text | None]:
        """Everything in words, in the language of the node; in English too, by people or by a machine, at times."""
        tags = _tags(node.language, chance)
        size = DESCRIPTION[0] + int((DESCRIPTION[1] - DESCRIPTION[0]) * chance.random())
        words = {tag: self.vocabularies[tag.partition("-")[0]] for tag in tags}
        first = words[tags[0]]
        keywords = [word for tag in tags if "-t-" not in tag for word in self._keywords[tag].some(chance, 3, 8)]
        return {
            "titles": _in_order(Text(_title(vocabulary, chance), tag) for tag, vocabulary in words.items()),
            "descriptions": _in_order(Text(vocabulary.text(chance, size), tag) for tag, vocabulary in words.items()),
            "keywords": _in_order(keywords),
            "population": Text(first.text(chance, 8), tags[0]) if likely(chance, 0.6) else None,
            "provenance": Text(first.text(chance, 15), tags[0]),
        }

    def _subject(self, node: Node, chance: Random) -> Subject:
        def some(name: str, low: int, high: int) -> tuple[str, ...]:
            return tuple(sorted(concepts(name).some(chance, low, high)))

        health = concept_iri("data-theme", "HEAL")
        synthetic = (f"{EU.base}dataset-type/SYNTHETIC_DATA",) if likely(chance, 0.04) else ()
        wide = self._places.some(chance, 1, 5) if likely(chance, 0.15) else ()
        language = concept_iri("language", LANGUAGES[node.language].code)
        return Subject(
            themes=tuple(sorted({health, *some("data-theme", 0, 2)})),
            categories=some("healthcategories", 1, 4),
            health_themes=some("health-theme", 0, 3),
            types=tuple(sorted({*some("dataset-type", 1, 1), *synthetic})),
            coding_systems=some("coding-system", 0, 3),
            codes=tuple(sorted({code(chance) for _ in range(int(4 * chance.random()))})),
            standards=some("standard", 0, 1),
            languages=tuple(sorted({language, concept_iri("language", "ENG")})),
            places=tuple(sorted({node.place, *wide})),
            personal_data=some("personal-data", 0, 5),
            legal_bases=some("legal-basis", 1, 2),
            purposes=some("purpose", 1, 2),
            series=f"{node.base}/series/{1 + int(SERIES * chance.random())}" if likely(chance, 0.06) else None,
        )

    def _access(self, node: Node, right: str, chance: Random) -> Access:
        public = right.endswith("/PUBLIC")
        uses = (_PERMISSIONS.one(chance), *_MODIFIERS.some(chance, 0, 3)) if likely(chance, 0.7) else ()
        return Access(
            right=right,
            decided=_DECIDED.one(chance),
            committee=self._committees[node.base].one(chance),
            data_uses=() if public else tuple(sorted(uses)),
            files=concepts("file-type").some(chance, 1, 3) if public or likely(chance, 0.3) else (),
            licence=concepts("licence").one(chance) if public else None,
            beacon=likely(chance, 0.08),
        )

    def _variables(self, node: Node, chance: Random) -> tuple[Variable, ...]:
        vocabulary = self.vocabularies[node.language]
        columns = range(3 + int(9 * chance.random()))
        return tuple(
            Variable(
                f"{_LABELS[column % len(_LABELS)]}_{column:02d}",
                Text(" ".join(vocabulary.words(chance, 3)), node.language),
                Text(vocabulary.text(chance, 6), node.language),
                _DATATYPES[column % len(_DATATYPES)],
            )
            for column in columns
        )


def ntriples_order(text: Text) -> str:
    """What puts literals in the order in which the canonical form of a record has them."""
    return f'"{text.value}"@{text.language}'


def _in_order(texts: Iterator[Text] | list[Text]) -> Texts:
    return tuple(sorted(texts, key=ntriples_order))


def likely(chance: Random, share: float) -> bool:
    """Draw yes with a likelihood."""
    return chance.random() < share


def _tags(own: str, chance: Random) -> tuple[str, ...]:
    """Most describe in their own language alone, some in English alone, some in both, a few by a machine's help."""
    if own == "en":
        return ("en",)
    both, machine = (own, "en"), (own, f"en-t-{own}")
    return chance.choices(((own,), ("en",), both, machine), (50, 10, 30, 10))[0]


def _title(vocabulary: Vocabulary, chance: Random) -> str:
    """A term, a made word or two, another term and a place; at times with a gene."""
    terms, small = vocabulary.language.terms, vocabulary.language.small
    made = vocabulary.made[int(len(vocabulary.made) * chance.random() ** 3)]
    words = [
        terms[int(len(terms) * chance.random() ** 2)],
        small[int(len(small) * chance.random())],
        terms[int(len(terms) * chance.random() ** 2)],
        made,
        *([code(chance)] if likely(chance, 0.3) else ()),
        vocabulary.name(chance),
    ]
    title = " ".join(words)
    return title[:1].upper() + title[1:]


def _extent(chance: Random) -> Extent:
    issued = _FIRST + timedelta(int((_TODAY - _FIRST).days * chance.random() ** 0.7))
    later = issued + timedelta(int((_TODAY - issued).days * chance.random()))
    exported = _EXPORTS[int(len(_EXPORTS) * chance.random() ** 2)]
    modified = max(issued, exported) if likely(chance, 0.25) else later
    individuals = int(10 ** (1 + 5 * chance.random()))
    end = issued - timedelta(int(1000 * chance.random()))
    start = end - timedelta(int(12_000 * chance.random() ** 2))
    low = int(60 * chance.random() ** 2)
    return Extent(
        individuals=individuals if likely(chance, 0.85) else None,
        records=int(individuals * (1 + 9 * chance.random())) if likely(chance, 0.7) else None,
        ages=(low, low + 1 + int(40 * chance.random())) if likely(chance, 0.75) else None,
        period=(start, end) if likely(chance, 0.8) else None,
        issued=issued,
        modified=modified if likely(chance, 0.95) else None,
    )
