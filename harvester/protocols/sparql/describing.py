"""What an endpoint says of given nodes: their own statements and, as deep as they go, those of their blank nodes.

A blank node can only be asked for together with what leads to it, in one answer; so each node is fetched with its tree
of blank nodes, six deep (a Concise Bounded Description with a bound).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from harvester.errors import BadAnswer, HttpStatus, TimedOut
from harvester.protocols.sparql.endpoint import Endpoint, Pattern, Row, askable
from shapes.errors import Fault, Unreachable
from shapes.vocabulary import DCAT, DCT, FDP, FOAF, LDP, RDF

# Properties that list what belongs to their subject, often by the thousand. The members are records of their own.
LISTING: Final = tuple(
    f"<{iri}>"
    for iri in (
        DCAT.dataset,
        DCAT.service,
        DCAT.catalog,
        DCAT.record,
        DCAT.resource,
        DCAT.servesDataset,
        DCAT.seriesMember,
        DCT.hasPart,
        FDP.metadataCatalog,
        FOAF.made,
        LDP.contains,
    )
)

_DEPTH: Final = 6
# Nodes in a row that could not be asked for one by one, after which the endpoint is taken for down.
_TIRED: Final = 5
# Shared nodes (publishers, concepts, services) that are remembered from batch to batch.
_REMEMBERED: Final = 20_000
# Properties whose value is somewhere else on the web, not described here.
_ELSEWHERE: Final = frozenset({f"<{iri}>" for iri in (RDF.type, DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage)})


@dataclass(slots=True)
class Said:
    """What is said of one node: lines of N-Triples, the IRIs they lead to, and those of the members it lists.

    `fault`: why something is missing.
    """

    lines: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    members: dict[str, None] = field(default_factory=dict)
    fault: Fault | None = None


class Describer:
    """Fetches descriptions in batches, and smaller ones where an endpoint cannot answer or holds something back."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._known: OrderedDict[str, Said] = OrderedDict()
        self._failed = 0

    def remembered(self, nodes: Sequence[str]) -> Mapping[str, Said]:
        """Return what is said of nodes that many records share, without their members. Each is asked for once."""
        missing = [node for node in nodes if node not in self._known]
        found = self.described(missing, LISTING) | {node: self._known[node] for node in nodes if node in self._known}
        for node, said in found.items():
            self._known[node] = said
            self._known.move_to_end(node)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return found

    def described(self, nodes: Sequence[str], but: Sequence[str] = ()) -> dict[str, Said]:
        """Return what is said of each node, without its own statements of the properties in `but`.

        What cannot be had of one of them is told in its `fault`. Raises an `Unreachable` when one node after the other
        fails: the endpoint is down.
        """
        found = {node: Said() for node in nodes}

        def pattern(batch: Sequence[str]) -> Pattern:
            left_out = f"FILTER(?p0 NOT IN ({', '.join(but)}))" if but else ""
            return tree(f"VALUES ?n {{ {' '.join(batch)} }} ?n ?p0 ?o0 {left_out}")

        for batch in batches(nodes, self._endpoint, pattern):
            self._fetch(batch, pattern, found)
        return found

    def _fetch(self, batch: Sequence[str], pattern: Callable[[Sequence[str]], Pattern], found: dict[str, Said]) -> None:
        rows = self._attempt(batch, pattern(batch), found)
        if rows is not None:
            for row in rows:
                absorb(row, row["n"], found.get(row["n"], Said()))
        elif len(batch) > 1:
            self._fetch(batch[: len(batch) // 2], pattern, found)
            self._fetch(batch[len(batch) // 2 :], pattern, found)
        elif found[batch[0]].fault is None:
            self._by_property(batch[0], found[batch[0]])

    def _attempt(self, batch: Sequence[str], pattern: Pattern, found: dict[str, Said]) -> list[Row] | None:
        """Return the rows, or None: ask for less at once. The fault of a single node is written down."""
        try:
            rows = self._endpoint.all_rows(pattern)
        except (HttpStatus, TimedOut) as error:
            self._fail(batch, found, error)
            return None
        self._failed = 0
        return rows

    def _fail(self, batch: Sequence[str], found: dict[str, Said], error: Unreachable) -> None:
        if len(batch) == 1:
            self._failed += 1
            found[batch[0]].fault = error
            if self._failed >= _TIRED:
                raise error

    def _by_property(self, node: str, said: Said) -> None:
        """Ask for one property after the other of a node of which the endpoint held something back."""
        names = self._endpoint.distinct("p", f"{node} ?p ?o")
        for name in names or ():
            if not (askable(name) and self._by_value(node, name, said)):
                detail = f"The endpoint holds back some of the values of {name[1:-1]}."
                said.fault = BadAnswer(detail, record=node[1:-1])
        if names is None:
            said.fault = BadAnswer("The endpoint holds back some of its properties.", record=node[1:-1])

    def _by_value(self, node: str, name: str, said: Said) -> bool:
        """Take in the values of one property, in their order where there are many; whether they are all."""
        start = f"VALUES ?n {{ {node} }} VALUES ?p0 {{ {name} }} ?n ?p0 ?o0"
        rows = self._endpoint.all_rows(tree(start))
        if rows is None:
            values = self._endpoint.distinct("o0", f"{node} {name} ?o0 FILTER(!isBlank(?o0))")
            for value in values or ():
                absorb({"p0": name, "o0": value}, node, said)
            rows = self._endpoint.all_rows(tree(f"{start} FILTER(isBlank(?o0))"))
            if rows is None or values is None:
                return False
        for row in rows:
            absorb(row, node, said)
        return True


def batches(
    nodes: Sequence[str], endpoint: Endpoint, pattern: Callable[[Sequence[str]], Pattern]
) -> Iterator[Sequence[str]]:
    """Yield as many nodes at a time as a query about them has room for; a single one however long its name is."""
    batch: list[str] = []
    for node in nodes:
        if batch and not endpoint.fits(pattern([*batch, node]).select()):
            yield batch
            batch = []
        batch.append(node)
    if batch:
        yield batch


def tree(start: str, also: Sequence[str] = ()) -> Pattern:
    """Return the pattern of `?n ?p0 ?o0` as told in `start`, continued from blank node to blank node."""
    following = ""
    for level in range(_DEPTH - 1, 0, -1):
        before = f"?o{level - 1}"
        following = f" OPTIONAL {{ {before} ?p{level} ?o{level} FILTER(isBlank({before})){following} }}"
    names = [f"{letter}{level}" for level in range(_DEPTH) for letter in "po"]
    return Pattern(("n", *also, *names), start + following)


def absorb(row: Row, start: str, said: Said) -> None:
    """Take the statements of one row into what is said of the node it starts from."""
    subject = start
    for level in range(_DEPTH):
        predicate, value = row.get(f"p{level}"), row.get(f"o{level}")
        if predicate is None or value is None:
            return
        said.lines[f"{subject} {predicate} {value} ."] = None
        if predicate not in _ELSEWHERE and askable(value):
            (said.members if predicate in LISTING else said.links)[value] = None
        subject = value
    if subject.startswith("_:"):
        said.fault = BadAnswer(f"The description is nested more than {_DEPTH} blank nodes deep.", record=start[1:-1])
