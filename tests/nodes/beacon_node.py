"""A Beacon v2.

The shape of its answers is that of GDI's mini node 0.9.1 as recorded (recorded-nodes/gdi-mini-node 101-132), whose
datasets are asked for by POST alone; of the Beacon framework's own examples (beacon-v2/framework) for a list by GET.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from nodes.fake_node import Made, Reply, Seen
from nodes.faulty_node import FaultyNode

from shapes.record import Kind

_JSON = "application/json"
_MOST = 2  # datasets of a page, whatever is asked for
ROOT = "/beacon/v2/"


class BeaconNode(FaultyNode):
    """A Beacon whose pages hold two datasets; `skip` counts pages, as the specification has it."""

    protocol: ClassVar[str] = "beacon"
    gives: ClassVar[Kind] = Kind.ENRICHMENT
    tricks: ClassVar[tuple[str, ...]] = (
        "lying-count",
        "repeated-page",
        "counts-only",
        "error-with-200",
        "nameless",
        "withheld-configuration",
    )
    # Where the root does not answer, /info says the same.
    survives: ClassVar[frozenset[str]] = frozenset(
        {"500", "503", "403", "empty", "other-rdf", "html", "doctype", "remote-context"}
    )

    def fill(self, names: tuple[str, ...]) -> str:
        self.datasets: list[dict[str, Any]] = [self.dataset(name) for name in names]
        info = {
            "id": "org.example.beacon",
            "name": "A Beacon",
            "apiVersion": "v2.1.0",
            "environment": "prod",
            "welcomeUrl": "https://beacon.example/",
            "organization": {"id": "org.example", "name": "An institute"},
        }
        for path in (ROOT, f"{ROOT}info"):
            self.routes[path] = self.answer(response=info)
        security = {"defaultGranularity": "boolean", "securityLevels": ["PUBLIC", "REGISTERED"]}
        configured = {"maturityAttributes": {"productionStatus": "PROD"}, "securityAttributes": security}
        self.routes[f"{ROOT}configuration"] = self.answer(response=configured)
        terms = [{"type": "ontology", "id": "NCIT:C16576", "label": "female"}, {"type": "alphanumeric", "id": "age"}]
        self.routes[f"{ROOT}filtering_terms"] = self.answer(response={"filteringTerms": terms})
        self.behave(f"{ROOT}datasets", Made(self.listed))
        return self.url(ROOT)

    def dataset(self, name: str) -> dict[str, Any]:
        uses = [{"id": "DUO:0000042", "label": "general research use", "version": "2021-02-23"}]
        return {
            "id": f"id-{name}",
            "name": f"Dataset {name} in the Beacon",
            "updateDateTime": "2025-11-01T10:00:00Z",
            "externalUrl": f"https://beacon.example/{name}",
            "dataUseConditions": {"duoDataUse": uses},
        }

    def answer(self, **said: Any) -> Reply:
        meta = {"beaconId": "org.example.beacon", "apiVersion": "v2.1.0", "returnedSchemas": []}
        return Reply(200, json.dumps({"meta": meta, **said}).encode(), _JSON)

    def page(self, datasets: Sequence[dict[str, Any]], total: int | None) -> Reply:
        summary = {"exists": bool(datasets)} | ({} if total is None else {"numTotalResults": total})
        return self.answer(responseSummary=summary, response={"collections": list(datasets)})

    def listed(self, seen: Seen) -> Reply:
        start = self.skip(seen) * _MOST
        return self.page(self.datasets[start : start + _MOST], len(self.datasets))

    def skip(self, seen: Seen) -> int:
        return int(parse_qs(urlsplit(seen.path).query)["skip"][0])

    def lying_count(self) -> None:
        """More are announced than come."""
        self.behave(f"{ROOT}datasets", Made(lambda _: self.page(self.datasets[:3], 9)))

    def repeated_page(self) -> None:
        """Whatever is asked for, the first page comes."""
        self.behave(f"{ROOT}datasets", Made(lambda _: self.page(self.datasets[:_MOST], len(self.datasets))))

    def counts_only(self) -> None:
        """It says how many there are, and not which (recorded-nodes/gdi-mini-node 130)."""
        self.routes[f"{ROOT}datasets"] = self.answer(responseSummary={"exists": True, "numTotalResults": 5})

    def error_with_200(self) -> None:
        """An error with status 200."""
        self.routes[f"{ROOT}datasets"] = self.answer(error={"errorCode": 500, "errorMessage": "No database"})

    def nameless(self) -> None:
        """A dataset without an id."""
        del self.datasets[1]["id"]

    def withheld_configuration(self) -> None:
        """What it says of itself is held back: what is known is kept."""
        self.routes[f"{ROOT}configuration"] = Reply(403, b"no", "text/plain")
