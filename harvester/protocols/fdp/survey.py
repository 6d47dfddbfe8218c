"""What one document of a FAIR Data Point says of the others: which records belong to which, and by whose word.

FAIR Data Point specification 1.2, section "Navigation": every record that leads to others carries an LDP direct
container (W3C Linked Data Platform 1.0, section 5.4) or the membership relation itself. Programs differ in which:

- the reference implementation sends both; its containers also list drafts, the relation does not, and all catalogues
  share one container IRI;
- the mini node of GDI sends a container of catalogues only, and lists datasets by dcat:dataset;
- MOLGENIS puts a class where the membership relation should be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from shapes.vocabulary import ADMS, DCAT, DCT, FDP, LDP, RDF, RDFS, Namespace

# Before 2021 the ontology lived here; the specification's own example spells one class differently.
OLD_FDP: Final = Namespace("http://rdf.biosemantics.org/ontologies/fdp-o#")
R3D: Final = Namespace("http://www.re3data.org/schema/3-0#")
ROOTS: Final = frozenset(
    {
        FDP.FAIRDataPoint,
        FDP.FairDataPoint,
        FDP.MetadataService,
        OLD_FDP.FAIRDataPoint,
        OLD_FDP.MetadataService,
        R3D.Repository,
    }
)
_CATALOGUES: Final = frozenset({FDP.metadataCatalog, OLD_FDP.metadataCatalog, R3D.dataCatalog, DCAT.catalog})
_PARTS: Final = frozenset({DCAT.distribution, DCAT.accessService, ADMS.sample})
_RECORDS: Final = frozenset({DCAT.dataset, DCAT.service, DCAT.resource, DCT.hasPart})
_CLASS_OF_PARTS: Final = frozenset({DCAT.Distribution})
_MEMBERSHIP: Final = frozenset({LDP.membershipResource, LDP.hasMemberRelation, LDP.contains})
# What a list says of its members in passing. A record of which no more is said has a document of its own.
_IN_PASSING: Final = frozenset({RDF.type, RDFS.label, DCT.title, DCT.identifier, DCT.modified, DCT.issued})


@dataclass(frozen=True, slots=True)
class Link:
    """`holder` leads to `target`.

    `part`: it belongs to the holder's own description (a distribution, the service that gives access to it).
    `stated`: the holder's own relation says so; if not, only a container does, which may list drafts as well.
    `leads_on`: it is a catalogue.
    """

    holder: str
    target: str
    part: bool
    stated: bool
    leads_on: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """One document.

    `roots`: the FAIR Data Points it describes. `described`: the resources of which it says more than in passing.
    `mentioned`: those with a type of which it does not. `containers`: the last step of the path of each holder's
    container, which names the kind of its members. `software`: what the FAIR Data Point says it runs on. `modified`:
    when each resource, or anything below it, was last stored (fdp-o:metadataModified).
    """

    roots: tuple[str, ...]
    links: tuple[Link, ...]
    described: frozenset[str]
    mentioned: frozenset[str]
    containers: Mapping[str, str]
    software: str | None
    modified: Mapping[str, str]


def survey(quads: Iterable[ox.Quad]) -> Survey:
    """Go through the statements of one document. Raises what reading them raises."""
    seen = _Surveyor()
    for quad in quads:
        seen.see(quad)
    return seen.survey()


class _Surveyor:
    """Gathers what matters while the statements go by."""

    def __init__(self) -> None:
        self._types: dict[str, set[str]] = defaultdict(set)
        self._described: set[str] = set()
        self._stated: dict[tuple[str, str], str] = {}
        self._about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._software: str | None = None
        self._modified: dict[str, str] = {}

    def see(self, quad: ox.Quad) -> None:
        """Look at one statement."""
        if not isinstance(quad.subject, ox.NamedNode):
            return
        subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object
        if predicate not in _IN_PASSING:
            self._described.add(subject)
        if predicate in (FDP.fdpSoftwareVersion, OLD_FDP.fdpSoftwareVersion) and isinstance(value, ox.Literal):
            self._software = value.value
        if predicate in (FDP.metadataModified, OLD_FDP.metadataModified) and isinstance(value, ox.Literal):
            self._modified[subject] = value.value
        if not isinstance(value, ox.NamedNode):
            return
        if predicate == RDF.type:
            self._types[subject].add(value.value)
        elif predicate in _MEMBERSHIP:
            self._about[subject][predicate].append(value.value)
        elif predicate in _CATALOGUES | _PARTS | _RECORDS:
            self._stated[(subject, value.value)] = predicate

    def survey(self) -> Survey:
        """Return what was gathered."""
        return Survey(
            roots=tuple(subject for subject, types in self._types.items() if types & ROOTS),
            links=tuple(self._links()),
            described=frozenset(self._described - self._about.keys()),
            mentioned=frozenset(self._types.keys() - self._described),
            containers=self._containers(),
            software=self._software,
            modified=self._modified,
        )

    def _links(self) -> Iterable[Link]:
        """Return the links, those that the holders state themselves first; each pair once."""
        done = set()
        for (holder, target), relation in self._stated.items():
            done.add((holder, target))
            yield Link(holder, target, relation in _PARTS, stated=True, leads_on=relation in _CATALOGUES)
        for container, about in self._about.items():
            relations = set(about[LDP.hasMemberRelation])
            part = bool(relations & (_PARTS | _CLASS_OF_PARTS))
            for holder in about[LDP.membershipResource] or [container]:
                for target in about[LDP.contains]:
                    if (holder, target) not in done:
                        done.add((holder, target))
                        yield Link(holder, target, part, stated=False, leads_on=bool(relations & _CATALOGUES))

    def _containers(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for container, about in self._about.items():
            for holder in about[LDP.membershipResource]:
                if not set(about[LDP.hasMemberRelation]) & (_PARTS | _CLASS_OF_PARTS):
                    found[holder] = container.rstrip("/").rpartition("/")[2]
        return found
