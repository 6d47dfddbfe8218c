"""Beacon v2 (GA4GH): which datasets a Beacon answers questions about. It enriches what others list, and lists nothing.

Read from the Beacon v2 framework and default model, and from recorded answers of GDI's mini node 0.9.1, whose datasets
are asked for by POST alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from harvester.changes import Problem
from harvester.errors import BadAnswer, HttpStatus
from harvester.foreign_json import Dict
from harvester.protocols.beacon.api import Beacon, is_answer
from harvester.protocols.page import Page, Session
from harvester.protocols.telling import Telling, inner, items, json_of
from harvester.source import Source
from shapes.content import holds
from shapes.errors import Fault
from shapes.parse import Document
from shapes.record import Kind
from shapes.vocabulary import DCAT, DCT, FOAF, GDIX, OBO, RDF

_TERMS: Final = 200  # filtering terms told of with each dataset
_DUO: Final = "DUO:"
_ABSENT: Final = frozenset({404, 405, 410, 501})
_WITHHELD: Final = frozenset({401, 403})


def detects(document: Document) -> bool:
    """Whether a document is an answer of a Beacon: its `meta` names the Beacon and the version of its API."""
    if not holds(document.content, b'"beaconId"'):
        return False
    try:
        return is_answer(json_of(document, "a Beacon"))
    except BadAnswer:
        return False


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield one page of what a Beacon says of each of its datasets, with what it says of itself.

    The source's URL is the Beacon's root, or its /info. Where a Beacon has no /configuration or /filtering_terms, that
    is a remark. Where one did not come, or is withheld, what is told is not whole, and replaces nothing that was. A
    list of datasets that is cut short makes the run partial.
    """
    session.refuse_local("The protocol beacon asks a Beacon over http(s).")
    beacon = Beacon(source.url, session)
    about = _AboutBeacon(beacon)
    for address, datasets in beacon.datasets():
        documents = [about.tell(dataset).document() for dataset in datasets]
        yield Page(address, iter(documents), uncut=Kind.ENRICHMENT, doubt=lambda _: about.doubtful)


class _AboutBeacon:
    """What a Beacon says of itself, told with each of its datasets: who reads of one wants to know whom to ask.

    `doubtful`: some of it did not come.
    """

    def __init__(self, beacon: Beacon) -> None:
        self._root = beacon.root
        self._info = beacon.info
        self.doubtful = False
        self._configuration = self._asked(beacon, "configuration")
        terms = self._asked(beacon, "filtering_terms")
        self._terms = [each for each in items(terms.get("filteringTerms")) if isinstance(each.get("id"), str)]

    def _asked(self, beacon: Beacon, name: str) -> Dict:
        try:
            return beacon.ask(name)
        except Fault as error:
            status = error.answered if isinstance(error, HttpStatus) else None
            absent = status in _ABSENT
            self.doubtful = self.doubtful or not absent
            detail = f"The Beacon's /{name} is not told of: {error.detail}"
            code, url = "left-out" if absent else error.code, error.url or beacon.root
            partial = not absent and status not in _WITHHELD
            beacon.session.note(Problem(code, detail, url, remark=absent), partial=partial)
            return {}

    def tell(self, dataset: Dict) -> Telling:
        """Write down what is said of one dataset."""
        key = str(dataset["id"])
        said = Telling(f"{self._root}datasets/{quote(key, safe='')}", key, f"{self._root}datasets")
        me = said.subject
        said.text(me, DCT.title, dataset.get("name"))
        said.text(me, DCT.description, dataset.get("description"))
        said.date(me, DCT.issued, dataset.get("createDateTime"))
        said.date(me, DCT.modified, dataset.get("updateDateTime"))
        said.text(me, DCAT.version, dataset.get("version"))
        said.link(me, FOAF.page, dataset.get("externalUrl"))
        for use in items(inner({**dataset}, "dataUseConditions", "duoDataUse")):
            for code in str(use.get("id", "")).replace(" ", "").split(","):
                if code.upper().startswith(_DUO):
                    said.link(me, GDIX.duo, OBO.base + code.upper().replace(":", "_"))
        said.link(me, GDIX.beacon, self._root)
        self._of_itself(said)
        return said

    def _of_itself(self, said: Telling) -> None:
        root, info, configuration = self._root, dict(self._info), dict(self._configuration)
        said.link(root, RDF.type, GDIX.Beacon)
        said.text(root, DCT.identifier, info.get("id"))
        said.text(root, DCT.title, info.get("name"))
        said.text(root, DCT.description, info.get("description"))
        said.text(root, DCAT.version, info.get("apiVersion"))
        said.link(root, FOAF.page, info.get("alternativeUrl") or info.get("welcomeUrl"))
        said.text(root, GDIX.operatedBy, inner(info, "organization", "name"))
        said.text(root, GDIX.productionStatus, inner(configuration, "maturityAttributes", "productionStatus"))
        said.text(root, GDIX.granularity, inner(configuration, "securityAttributes", "defaultGranularity"))
        levels = inner(configuration, "securityAttributes", "securityLevels")
        for level in levels if isinstance(levels, list) else ():
            said.text(root, GDIX.securityLevel, level)
        for term in self._terms[:_TERMS]:
            said.text(root, GDIX.filteringTerm, term["id"])
