"""One document per record of an endpoint: the resource, what its description leads to, and what describes it.

Which other records happen to be asked for at the same time never shows: another dataset, series or catalogue met on the
way enters with its class alone, shared nodes are followed to the same depth from every record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from harvester.changes import Problem
from harvester.errors import BadAnswer
from harvester.protocols.page import Missing, Session
from harvester.protocols.sparql.describing import Describer, Said, absorb, batches, tree
from harvester.protocols.sparql.endpoint import Endpoint, Pattern, Row, askable
from shapes.media import NTRIPLES
from shapes.parse import Document
from shapes.record import Kind, Record
from shapes.vocabulary import DCAT, DQV, FOAF, OA, ODRL, RDF, SKOS

# From IRI to IRI: dataset -> distribution -> access service -> its publisher -> that one's address.
_STEPS: Final = 4

# What a resource of several classes is (`shapes.cut`).
_KINDS: Final = {
    DCAT.Catalog: Kind.CATALOGUE,
    DCAT.DatasetSeries: Kind.SERIES,
    DCAT.Dataset: Kind.DATASET,
    DCAT.DataService: Kind.SERVICE,
}
# What points at a resource and describes it.
_DESCRIBES: Final = tuple(
    f"<{iri}>" for iri in (FOAF.primaryTopic, DCAT.servesDataset, DQV.computedOn, OA.hasTarget, ODRL.target)
)
# Records of their own that are a part of another's description all the same, and what is a part only.
_ENTERING: Final = frozenset({DCAT.DataService, DCAT.CatalogRecord})
_RULES: Final = " ".join(f"<{iri}>" for iri in (ODRL.permission, ODRL.prohibition, ODRL.obligation))
_CONCEPT: Final = f"<{RDF.type}> <{SKOS.Concept}> ."


class Gatherer:
    """Puts records together, batch by batch. `kinds`: every resource that is a record, with its classes."""

    def __init__(self, endpoint: Endpoint, session: Session, kinds: Mapping[str, frozenset[str]]) -> None:
        self._endpoint = endpoint
        self._session = session
        self._kinds = kinds
        self._describer = Describer(endpoint)
        self._lost: set[str] = set()
        self._used = self._found(_DESCRIBES, "")
        self._blank = self._found(self._used, "FILTER(isBlank(?r))")

    def batches(self) -> Iterator[Sequence[str]]:
        """Yield the resources that are records, as many at a time as one query has room for."""
        records = [node for node, classes in self._kinds.items() if classes != {DCAT.CatalogRecord}]
        return batches(records, self._endpoint, lambda batch: tree(f"VALUES ?n {{ {' '.join(batch)} }} ?n ?p0 ?o0"))

    def documents(self, batch: Sequence[str]) -> Iterator[Document]:
        """Yield a document for every resource of a batch."""
        said = self._described(batch)
        around = self._around(tuple(said))
        held = self._held([*said.values(), *around.values()])
        for node in said:
            lines = dict(said[node].lines)
            self._spread([*said[node].links, *around[node].links], held, lines)
            lines.update(around[node].lines)
            lines.update((line, None) for member in said[node].members for line in self._classes(member))
            yield _document(node, lines)

    def doubts(self, record: Record) -> bool:
        """Whether something of a record was held back."""
        return bool(self._lost) and any(str(node) in self._lost for node in record.graph().nodes())

    def _found(self, properties: Sequence[str], where: str) -> Sequence[str]:
        """Return which of these properties the endpoint has at all, so that the others need not be asked for."""
        if not properties:
            return ()
        found = self._endpoint.distinct("q", f"VALUES ?q {{ {' '.join(properties)} }} ?r ?q ?n {where}")
        return properties if found is None else found

    def _described(self, batch: Sequence[str]) -> Mapping[str, Said]:
        """Return what is said of the resources of a batch. Those of which nothing could be had are missing ones."""
        found = self._describer.described(batch)
        for node in [node for node, said in found.items() if not said.lines]:
            fault = found.pop(node).fault or BadAnswer("It was listed, but nothing is said of it.")
            problem = Problem(fault.code, fault.detail, self._session.source.url, node[1:-1])
            kind = next(kind for iri, kind in _KINDS.items() if iri in self._kinds[node])
            self._session.miss(Missing(kind, node[1:-1], problem))
        return self._checked(found)

    def _checked(self, found: Mapping[str, Said]) -> Mapping[str, Said]:
        """Write down, once, what could not be had of a node."""
        for node, said in found.items():
            if said.fault is not None and node not in self._lost:
                self._lost.add(node)
                said.fault.record = node[1:-1]
                self._session.blame(said.fault, self._session.source.url)
        return found

    def _held(self, start: Iterable[Said]) -> Mapping[str, Said]:
        """Return what is said of every node that the descriptions of a batch lead to."""
        held: dict[str, Said] = {}
        links = {link: None for said in start for link in said.links}
        for _ in range(_STEPS):
            wanted = [node for node in links if node not in held and self._enters(node)]
            if not wanted:
                break
            found = self._checked(self._describer.remembered(wanted))
            held |= found
            links = {link: None for said in found.values() if not _ends(said) for link in said.links}
        return held

    def _enters(self, node: str) -> bool:
        """Whether a node met on the way is a part of the description rather than a record of its own."""
        return self._kinds.get(node, _ENTERING) <= _ENTERING

    def _spread(self, links: Iterable[str], held: Mapping[str, Said], lines: dict[str, None]) -> None:
        """Add what can be reached over these links, in so many steps."""
        seen: set[str] = set()
        level = dict.fromkeys(links)
        for _ in range(_STEPS):
            following: dict[str, None] = {}
            for node in level:
                if node in seen:
                    continue
                seen.add(node)
                if node in held:
                    lines.update(held[node].lines)
                    following.update({} if _ends(held[node]) else held[node].links)
                else:
                    lines.update(dict.fromkeys(self._classes(node)))
            level = following

    def _classes(self, node: str) -> Iterator[str]:
        return (f"{node} <{RDF.type}> <{kind}> ." for kind in sorted(self._kinds.get(node, ())))

    def _around(self, batch: Sequence[str]) -> Mapping[str, Said]:
        """Return for each resource what is said of it by others: records, services, policies, measurements."""
        found: dict[str, Said] = defaultdict(Said, {node: Said() for node in batch})
        if self._used:
            about = f"VALUES ?q {{ {' '.join(self._used)} }} ?r ?q ?n"
            for row in self._asked(batch, ("n", "q", "r"), f"{about} FILTER(isIRI(?r))"):
                if askable(row["r"]) and self._enters(row["r"]):
                    found[row["n"]].lines[f"{row['r']} {row['q']} {row['n']} ."] = None
                    found[row["n"]].links[row["r"]] = None
        if self._blank:
            about = f"VALUES ?q {{ {' '.join(self._blank)} }} ?r ?q ?n FILTER(isBlank(?r))"
            alone = f"{about} FILTER NOT EXISTS {{ ?above ?holds ?r }}"
            for row in self._asked(batch, ("n", "r"), alone, " ?r ?p0 ?o0"):
                absorb(row, row["r"], found[row["n"]])
        if f"<{ODRL.target}>" in self._blank:
            about = f"?x <{ODRL.target}> ?n . VALUES ?rule {{ {_RULES} }} ?r ?rule ?x FILTER(isIRI(?r))"
            for row in self._asked(batch, ("n", "r"), about):
                found[row["n"]].links[row["r"]] = None
        return found

    def _asked(
        self, batch: Sequence[str], variables: Sequence[str], about: str, more: str | None = None
    ) -> Iterator[Row]:
        """Yield the rows about a batch, in parts small enough for the endpoint to give whole."""

        def pattern(part: Sequence[str]) -> Pattern:
            where = f"VALUES ?n {{ {' '.join(part)} }} {about}"
            return Pattern(tuple(variables), where) if more is None else tree(where + more, variables[1:])

        for part in batches(batch, self._endpoint, pattern):
            rows = self._endpoint.all_rows(pattern(part))
            if rows is not None:
                yield from rows
            elif len(part) > 1:
                half = len(part) // 2
                yield from self._asked(part[:half], variables, about, more)
                yield from self._asked(part[half:], variables, about, more)
            else:
                self._lost.add(part[0])
                detail = "The endpoint holds back some of what points to this resource."
                self._session.blame(BadAnswer(detail, record=part[0][1:-1]), self._session.source.url)


def _ends(said: Said) -> bool:
    """Whether a description is a concept's, where the way ends: its neighbours belong to the vocabulary."""
    return any(line.endswith(_CONCEPT) for line in said.lines)


def _document(node: str, lines: Iterable[str]) -> Document:
    return Document("".join(f"{line}\n" for line in lines).encode(), node[1:-1], node[1:-1], NTRIPLES)
