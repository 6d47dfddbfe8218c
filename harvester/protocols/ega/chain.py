"""Dataset, policy, committee: the chain by which the EGA says who decides, from either of its forms of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from harvester.foreign_json import Dict, Json
from harvester.protocols.telling import Telling, inner, items
from shapes.vocabulary import DCT, FOAF, GDIX, OBO, ODRL, RDF

# Resolvable names of what has an accession (identifiers.org's registry).
NAMES: Final[Mapping[str, str]] = {
    "D": "https://identifiers.org/ega.dataset:",
    "P": "https://ega-archive.org/policies/",
    "C": "https://ega-archive.org/dacs/",
}
_ACCESSION: Final = re.compile(r"EGA([DPC])(\d{11})\Z", re.ASCII)
_DUO: Final = re.compile(r"DUO[:_](\d{7})\Z", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Chain:
    """What is said of one dataset.

    Schema objects and answers of the API are brought to one form: accession, title, description, page, duo, email.
    """

    dataset: Dict
    policy: Dict
    committee: Dict

    def tell(self, address: str) -> Telling:
        """Write it down as a policy (ODRL) that the committee assigns."""
        key = str(self.dataset["accession"])
        said = Telling(NAMES["D"] + key, key, address)
        said.text(said.subject, DCT.title, self.dataset.get("title"))
        said.text(said.subject, GDIX.accessType, self.dataset.get("access"))
        policy = accession(self.policy.get("accession"), "P")
        if not any(self.policy.values()):
            return said
        name = NAMES["P"] + policy if policy else f"{said.subject}#policy"
        said.link(said.subject, ODRL.hasPolicy, name)
        said.text(name, DCT.identifier, policy)
        said.text(name, DCT.title, self.policy.get("title"))
        said.text(name, DCT.description, self.policy.get("description"))
        said.link(name, FOAF.page, self.policy.get("page"))
        for code in self.policy.get("duo") or ():  # type: ignore[union-attr]
            said.link(name, GDIX.duo, str(code))
        self._assigner(said, name)
        return said

    def _assigner(self, said: Telling, policy: str) -> None:
        committee = accession(self.committee.get("accession"), "C")
        if committee is None:
            return
        name = NAMES["C"] + committee
        said.link(policy, ODRL.assigner, name)
        said.link(name, RDF.type, GDIX.DataAccessCommittee)
        said.text(name, DCT.identifier, committee)
        said.text(name, FOAF.name, self.committee.get("title"))
        said.text(name, DCT.description, self.committee.get("description"))
        email = self.committee.get("email")
        if isinstance(email, str) and "@" in email:
            said.link(name, FOAF.mbox, f"mailto:{email.strip()}")


def accession(value: Json, kind: str) -> str | None:
    """Return an accession of this kind (D dataset, P policy, C committee), None where the value is none."""
    match = _ACCESSION.match(value.strip()) if isinstance(value, str) else None
    return match[0] if match and match[1] == kind else None


def duo_iris(codes: Iterable[Json]) -> list[Json]:
    """Return the IRIs of DUO's terms."""
    found = (_DUO.match(code.strip()) for code in codes if isinstance(code, str))
    return [f"{OBO.base}DUO_{match[1]}" for match in found if match]


# The objects of EGA's metadata schema. -----------------------------------------------------------------------------


def is_object(value: Json) -> bool:
    """Whether JSON is an object of EGA's metadata schema."""
    return isinstance(inner(_data(value), "schemaDescriptor", "objectType"), str)


def chains_of_objects(values: Iterable[Json]) -> Iterator[Chain]:
    """Yield the chain of every dataset that an object is, or that a policy refers to."""
    by_kind: dict[str, list[Dict]] = {}
    for value in values:
        kind = inner(_data(value), "schemaDescriptor", "objectType")
        if isinstance(kind, str):
            by_kind.setdefault(kind, []).append(_data(value))
    policies, committees = by_kind.get("policy", []), by_kind.get("DAC", [])
    titles = {key: each.get("objectTitle") for each in by_kind.get("dataset", []) if (key := _own(each, "D"))}
    under = {dataset: each for each in policies for dataset in _referred(each, "policyRelationships", "D")}
    for key in dict.fromkeys((*titles, *under)):
        policy = under.get(key, {})
        committee = next((each for each in committees if _governs(each, policy)), {})
        yield Chain({"accession": key, "title": titles.get(key)}, _policy(policy, committee), _committee(committee))


def _data(value: Json) -> dict[str, Json]:
    found = inner(value, "data") if inner(value, "data") is not None else value
    return found if isinstance(found, dict) else {}


def _own(data: Dict, kind: str) -> str | None:
    return accession(inner(dict(data), "objectId", "egaAccession"), kind)


def _referred(data: Dict, key: str, kind: str) -> list[str]:
    """The accessions an object refers to, in its relationships' targets and sources."""
    found = (
        accession(inner(dict(each), end, "objectId", "egaAccession"), kind)
        for each in items(data.get(key))
        if each.get("rType") == "referencedBy"
        for end in ("rTarget", "rSource")
    )
    return [each for each in found if each is not None]


def _governs(committee: Dict, policy: Dict) -> bool:
    """Whether a committee refers to a policy, or a policy to it."""
    own, other = _own(policy, "P"), _own(committee, "C")
    refers = own is not None and own in _referred(committee, "dacRelationships", "P")
    return refers or (other is not None and other in _referred(policy, "policyRelationships", "C"))


def _policy(data: Dict, committee: Dict) -> Dict:
    """A policy that was not given its accession yet has that by which its committee refers to it, if to one alone."""
    referred = _referred(committee, "dacRelationships", "P")
    own = _own(data, "P") or (referred[0] if data and len(referred) == 1 else None)
    return {
        "accession": own,
        "title": data.get("objectTitle"),
        "description": inner(dict(data), "policyDescriptor", "policyText"),
        "page": inner(dict(data), "policyDescriptor", "policyReference"),
        "duo": duo_iris(each.get("termId") for each in items(data.get("duoCodes"))),
    }


def _committee(data: Dict) -> Dict:
    return {
        "accession": _own(data, "C"),
        "title": data.get("objectTitle"),
        "description": data.get("objectDescription"),
        "email": inner(dict(data), "dacContacts", "mainContact", "emailAddress"),
    }
