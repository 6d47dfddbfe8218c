"""EGA's public metadata API: bare JSON lists with status 206, policies and committees by accession.

Fields and statuses are those that clients of the API describe: a dataset names its policy by `policy_accession_id`, a
policy its committee by `dac_accession_id`; 206 is the status of a page.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from nodes.fake_node import Made, Reply, Seen
from nodes.faulty_node import FaultyNode

from shapes.record import Kind

_JSON = "application/json"


def accession(kind: str, name: str) -> str:
    """An accession made of the first letter of a name."""
    return f"EGA{kind}{ord(name[0]):011}"


class EgaNode(FaultyNode):
    """Datasets that share two policies of one committee."""

    protocol: ClassVar[str] = "ega"
    gives: ClassVar[Kind] = Kind.ENRICHMENT
    most: ClassVar[int] = 1_000  # datasets it gives at a time, however many it is asked for
    # The answer that ends the list has two bytes, which come in time however slowly.
    survives: ClassVar[frozenset[str]] = frozenset({"slow-drip"})
    tricks: ClassVar[tuple[str, ...]] = ("another-policy", "no-committee", "other-json")

    def fill(self, names: tuple[str, ...]) -> str:
        self.datasets: list[dict[str, Any]] = [
            self.dataset(name, "even" if n % 2 else "odd") for n, name in enumerate(names)
        ]
        self.datasets.append(self.dataset("z", "odd") | {"is_released": False})
        self.behave("/datasets", Made(self.listed))
        for name in ("even", "odd"):
            told = {"accession_id": accession("P", name), "title": f"Policy {name}", "content": "Ask the committee."}
            self.put(f"/policies/{accession('P', name)}", told | {"dac_accession_id": accession("C", "committee")})
        contact = {"email": "dac@institute.example"}
        committee = {
            "accession_id": accession("C", "committee"),
            "title": "The institute's committee",
            "contacts": [contact],
        }
        self.put(f"/dacs/{accession('C', 'committee')}", committee)
        return self.url("/datasets")

    def dataset(self, name: str, policy: str) -> dict[str, Any]:
        return {
            "accession_id": accession("D", name),
            "title": f"Dataset {name} in the EGA",
            "access_type": "controlled",
            "is_released": True,
            "policy_accession_id": accession("P", policy),
        }

    def put(self, path: str, said: Any) -> None:
        self.routes[path] = Reply(200, json.dumps(said).encode(), _JSON)

    def listed(self, seen: Seen) -> Reply:
        asked = {name: int(values[0]) for name, values in parse_qs(urlsplit(seen.path).query).items()}
        part = self.datasets[asked["offset"] : asked["offset"] + min(asked["limit"], self.most)]
        return Reply(206, json.dumps(part).encode(), _JSON)

    def another_policy(self) -> None:
        """A policy answers with another's description."""
        self.put(f"/policies/{accession('P', 'odd')}", {"accession_id": accession("P", "x")})

    def no_committee(self) -> None:
        """The committee is not to be had."""
        self.routes[f"/dacs/{accession('C', 'committee')}"] = Reply(404, b"not here", "text/plain")

    def other_json(self) -> None:
        """JSON of something else."""
        self.put("/datasets", [{"message": "hello"}])
