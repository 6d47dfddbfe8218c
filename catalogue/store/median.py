"""The median as an aggregate of SPARQL, which has none: `gdix:median(?n)` (SPARQL 1.1 Query, section 11.2)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

from shapes.vocabulary import GDIX, XSD

_NUMBERS: Final = frozenset({XSD.integer, XSD.decimal, XSD.double, XSD.float})


class Median:
    """The middle of the numbers of a group; of an even number of them, the mean of the two in the middle.

    As with AVG, a group with anything but finite numbers has no result; nor has an empty one.
    """

    def __init__(self) -> None:
        self._numbers: list[Decimal] = []
        self._numeric = True

    def accumulate(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> None:
        """Take one value of the group."""
        try:
            number = Decimal(term.value) if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS else None
        except InvalidOperation:  # INF, which Decimal spells otherwise
            number = None
        if number is None or not number.is_finite():
            self._numeric = False
        else:
            self._numbers.append(number)

    def finish(self) -> ox.Literal | None:
        """Return the median: an integer where it is whole, else a decimal."""
        if not self._numeric or not self._numbers:
            return None
        ordered, half = sorted(self._numbers), len(self._numbers) // 2
        middle = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
        whole = middle == middle.to_integral_value()
        datatype = XSD.integer if whole else XSD.decimal
        return ox.Literal(str(int(middle)) if whole else f"{middle:f}", datatype=ox.NamedNode(datatype))


AGGREGATES: Final = {ox.NamedNode(GDIX.median): Median}
