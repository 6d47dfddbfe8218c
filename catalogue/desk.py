"""The desk at which one asks how to apply: baskets, routes, and what application systems tell."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from catalogue.access.addresses import front_page, recognised
from catalogue.access.basket import Basket, Line, fill, line_of
from catalogue.access.kept import KeptReadings
from catalogue.access.reading import Reading
from catalogue.access.route import RouteKind
from catalogue.catalogue import Catalogue
from catalogue.dac.systems import SystemKind
from catalogue.entry import Entry
from catalogue.store.port import SparqlQuery
from shapes.errors import Fault
from shapes.vocabulary import GDIX

_log = logging.getLogger(__name__)
FOLDER: Final = "access"
MOST_STATED: Final = 100  # systems named by records: no node sends this catalogue out to thousands of hosts
_SECONDS: Final = 10.0
_SYSTEMS: Final = f"""
SELECT ?system WHERE {{
  ?route a <{GDIX.AccessRoute}> ; <{GDIX.routeKind}> "{RouteKind.REMS.value}" ; <{GDIX.system}> ?system .
}} GROUP BY ?system ORDER BY DESC(COUNT(?route)) ?system LIMIT {MOST_STATED}"""


class Desk:
    """Answers from the catalogue, and from what application systems told when they were last asked."""

    def __init__(self, catalogue: Catalogue, data: Path) -> None:
        """`data` is the data folder; readings stand below it."""
        self._catalogue = catalogue
        self.kept = KeptReadings(data / FOLDER)

    def basket(self, asked: Iterable[str]) -> Basket:
        """Return a basket of what was put in. Raises `BasketFull`."""
        return fill(self._catalogue, asked, self.kept.of)

    def line(self, entry: Entry) -> Line | None:
        """Return the routes to a dataset and what its system told; None of what is no dataset."""
        return line_of(entry, self.kept.of)

    def readings(self) -> tuple[Reading, ...]:
        """Return what systems told."""
        return self.kept.all()

    def systems(self) -> tuple[str, ...]:
        """Return the installations of REMS that committees of the registry or listed datasets lead to.

        Of those that only records name, the ones of most datasets. Without the RDF store, those of the registry alone.
        """
        return tuple(dict.fromkeys((*self._registered(), *self._stated())))

    def _registered(self) -> Iterator[str]:
        for committee in (row.committee for row in self._catalogue.deciding.registered()):
            named = (front_page(each.url) for each in committee.systems if each.kind is SystemKind.REMS)
            yield from (system for system in named if system is not None)
            place = recognised(committee.apply_url or "")
            if place is not None and place.kind is RouteKind.REMS:
                yield place.system

    def _stated(self) -> Iterator[str]:
        try:
            answer = self._catalogue.sparql(SparqlQuery(_SYSTEMS), seconds=_SECONDS)
            rows = json.loads(answer.body)["results"]["bindings"]
        except Fault as fault:
            _log.info("the application systems that records name are not known now: %s", fault)
            return
        yield from (row["system"]["value"] for row in rows if "system" in row)
