"""The registry of committees, and how one is found in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from catalogue.dac.committee import Committee, Role

CENTRAL: Final = "central"
_EGA: Final = re.compile(r"(?<![A-Za-z0-9])EGA([CDP])(\d{11})(?!\d)", re.IGNORECASE | re.ASCII)


def ega_accessions(text: str, kinds: str = "CDP") -> tuple[str, ...]:
    """The EGA accessions in a text or IRI: C for committees, D for datasets, P for policies (EGAC00001000123)."""
    if "EGA" not in text.upper():  # hardly any text holds one; every identifier and address is looked at
        return ()
    found = (f"EGA{kind.upper()}{digits}" for kind, digits in _EGA.findall(text) if kind.upper() in kinds)
    return tuple(dict.fromkeys(found))


def _folded(identifier: str) -> str:
    return identifier.strip().casefold()


class Registry:
    """Committees by identifier, IRI, EGA accession, mailbox, and by what they govern. Immutable after making."""

    def __init__(self, committees: Iterable[Committee] = ()) -> None:
        self._by_id: dict[str, Committee] = {each.id: each for each in committees}
        self._by_iri: dict[str, Committee] = {}
        self._by_ega: dict[str, Committee] = {}
        self._by_email: dict[str, list[Committee]] = defaultdict(list)
        self._governed: dict[str, list[Committee]] = defaultdict(list)
        self._prefixes: list[tuple[str, Committee]] = []
        for each in self._by_id.values():
            self._enter(each)

    def _enter(self, committee: Committee) -> None:
        if committee.iri:
            self._by_iri.setdefault(committee.iri, committee)
        for accession in (a for text in (committee.id, *committee.identifiers) for a in ega_accessions(text, "C")):
            self._by_ega.setdefault(accession, committee)
        if committee.email:
            self._by_email[_folded(committee.email)].append(committee)
        for governed in committee.governs:
            if governed.endswith("*"):
                self._prefixes.append((_folded(governed[:-1]), committee))
            else:
                self._governed[_folded(governed)].append(committee)

    def __iter__(self) -> Iterator[Committee]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, committee_id: str) -> Committee | None:
        """The committee of this id."""
        return self._by_id.get(committee_id)

    def find(
        self, role: Role, *, iri: str | None = None, identifiers: Iterable[str] = (), emails: Iterable[str] = ()
    ) -> Committee | None:
        """The registered body a described one is: by IRI, else by EGAC accession, else by a mailbox only one has.

        A mailbox joins access bodies with access bodies and committees with committees only: an office may serve both.
        """
        if iri is not None and iri in self._by_iri:
            return self._by_iri[iri]
        accessions = (a for text in (*identifiers, iri or "") for a in ega_accessions(text, "C"))
        found = next((self._by_ega[a] for a in accessions if a in self._by_ega), None)
        if found is not None:
            return found
        for email in emails:
            same = [each for each in self._by_email.get(_folded(email), ()) if _alike(each.role, role)]
            if len(same) == 1:
                return same[0]
        return None

    def by_accession(self, accession: str) -> Committee | None:
        """The committee with this EGAC accession."""
        return self._by_ega.get(accession)

    def governing(self, identifier: str) -> tuple[Committee, ...]:
        """The committees that say they govern a dataset, policy or resource of this identifier. Case does not count."""
        folded = _folded(identifier) if self._governed or self._prefixes else ""
        if not folded:
            return ()
        exact = self._governed.get(folded, ())
        begun = (committee for prefix, committee in self._prefixes if prefix and folded.startswith(prefix))
        return tuple({each.id: each for each in (*exact, *begun)}.values())

    def central(self) -> tuple[Committee, ...]:
        """The central committees that recommend (the 1+MG Data Access Committee)."""
        return tuple(each for each in self if each.role is Role.RECOMMENDS and each.level == CENTRAL)


def _alike(one: Role, other: Role) -> bool:
    return (one is Role.HDAB) == (other is Role.HDAB)
