"""Words in one language, as frequent as words are: few are everywhere (Zipf), and every text brings new codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from random import Random
from typing import Final, TypeVar

from synthetic.languages import Language

Value = TypeVar("Value")

MADE: Final = 14_000  # made words of a language, with their endings
SMALL_SHARE: Final = 0.34  # of the words of a text
TERM_SHARE: Final = 0.20
_FLAT: Final = 2.7  # Zipf and Mandelbrot: the first ranks are a little less frequent than 1/rank
_LOTS: Final = 9  # for each word; enough that most words differ in frequency
_SENTENCE: Final = (7, 19)  # words
_ORDINARY: Final = 1.35  # how fast numbers of codes grow rare: low numbers are cited often, most of them once

# Symbols of genes that descriptions of such data name.
GENES: Final = (
    "BRCA1", "BRCA2", "TP53", "EGFR", "KRAS", "APOE", "CFTR", "HTT", "LDLR", "MYH7", "MYBPC3", "TTN", "SCN5A", "RYR1",
    "DMD", "FMR1", "PTEN", "APC", "MLH1", "MSH2", "VHL", "RB1", "NF1", "PALB2", "ATM", "CHEK2", "BRAF", "ALK", "RET",
    "KIT", "JAK2", "FLT3", "NPM1", "IDH1", "HBB", "G6PD", "CYP2D6", "CYP2C19", "TPMT", "DPYD", "HLA-B", "HLA-DRB1",
    "SMN1", "GBA", "LRRK2", "SNCA", "PARK7", "APP", "PSEN1", "MAPT", "SOD1", "C9orf72",
)  # fmt: skip
# Code systems descriptions cite, and how many codes each has here.
CODES: Final = (("ORPHA:{}", 9_000), ("MONDO:00{:05d}", 40_000), ("HP:00{:05d}", 17_000), ("OMIM:{}", 99_000))


class Vocabulary:
    """The words of one language. The same for the same seed; reads nothing but its arguments."""

    def __init__(self, language: Language, seed: int) -> None:
        self.language = language
        chance = Random(f"{seed} words {language.tag}")  # noqa: S311 - repeatable, not secret
        self.made = tuple(islice(_words(language, chance), MADE))
        rest = 1 - SMALL_SHARE - TERM_SHARE
        shares = ((SMALL_SHARE, language.small), (TERM_SHARE, language.terms), (rest, self.made))
        self._lots = [lot for share, group in shares for lot in lots(group, int(_LOTS * MADE * share))]

    def words(self, chance: Random, count: int) -> list[str]:
        """Draw words of a running text."""
        lots_, draw, many = self._lots, chance.random, len(self._lots)
        return [lots_[int(many * draw())] for _ in range(count)]

    def text(self, chance: Random, count: int) -> str:
        """Write sentences of about `count` words, with a few genes and codes among them."""
        words, sentences = self.words(chance, count), []
        for _ in range(1 + int(3 * chance.random())):
            words[int(chance.random() * count)] = code(chance)
        start = 0
        while start < count:
            stop = start + _SENTENCE[0] + int((_SENTENCE[1] - _SENTENCE[0]) * chance.random())
            sentence = " ".join(words[start:stop])
            sentences.append(sentence[:1].upper() + sentence[1:])
            start = stop
        return ". ".join(sentences) + "."

    def name(self, chance: Random) -> str:
        """Make up the name of a place."""
        return _stem(self.language, chance, 2).capitalize()


def code(chance: Random) -> str:
    """Draw a gene, or a code of an ontology; low numbers are drawn far more often."""
    if chance.random() < 0.4:  # noqa: PLR2004 - a share
        return GENES[int(len(GENES) * chance.random() ** 2)]
    form, most = CODES[int(len(CODES) * chance.random())]
    return form.format(1 + int(most ** (chance.random() ** (1 / _ORDINARY))))


def lots(values: Sequence[Value], many: int) -> list[Value]:
    """Return about `many` lots to draw from: the first values have most of them, the last ones one each (Zipf)."""
    whole = sum(1 / (rank + _FLAT) for rank in range(len(values)))
    shares = (max(1, round(many / whole / (rank + _FLAT))) for rank in range(len(values)))
    return [value for value, share in zip(values, shares, strict=True) for _ in range(share)]


def _words(language: Language, chance: Random) -> Iterator[str]:
    """Make words without end, each with all the endings of its kind; no word twice."""
    made: set[str] = {*language.small, *language.terms}
    for endings in cycle(language.endings):
        stem = _stem(language, chance, 1 + chance.choice((0, 1, 1, 1, 2)))
        forms = [stem + ending for ending in endings]
        if len(stem) > 2 and made.isdisjoint(forms):  # noqa: PLR2004 - letters; shorter stems are no words
            made.update(forms)
            yield from forms


def _stem(language: Language, chance: Random, syllables: int) -> str:
    return "".join(_syllable(language, chance) for _ in range(syllables))


def _syllable(language: Language, chance: Random) -> str:
    parts: tuple[Sequence[str], ...] = (language.onsets, language.nuclei, language.codas)
    return "".join(chance.choice(part) for part in parts)
