"""A Linked Data Event Stream as DCAT-AP Feeds are published: TREE fragments in TriG, members as activities.

The shape of a fragment (an event stream on top, `tree:member` of activities, the payload in the named graph of each,
relations `tree:GreaterThanOrEqualToRelation` on `as:published`) is that of the recorded fragments of data.gov.be in
real-be-ldes; `ldes:timestampPath`, `ldes:versionOfPath`, retention and `tree:remainingItems` follow LDES 1.0 and TREE
(w3id.org/ldes/specification, w3id.org/tree/specification).
"""

from __future__ import annotations

from typing import ClassVar

from nodes.fake_node import Made, Reply, Seen
from nodes.faulty_node import FaultyNode
from nodes.samples import BASE

PREFIXES = """\
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ldes: <https://w3id.org/ldes#> .
@prefix tree: <https://w3id.org/tree#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TRIG = "application/trig"
_SIZE = 2


def activity(name: str, day: int, *, kind: str = "Create", title: str | None = None, more: str = "") -> str:
    """Return a member: what happened to a dataset on a day of November, and what it has said since."""
    event = f"<stream#{name}-{day}-{kind}>"
    said = f"<stream> tree:member {event} .\n{event} a as:{kind} ; as:object <{BASE}{name}> ;"
    said += f' as:published "2026-11-{day:02}T08:00:00Z"^^xsd:dateTime .\n'
    if kind == "Delete":
        return said
    payload = f'<{BASE}{name}> a dcat:Dataset ; dct:identifier "id-{name}" ; dct:title "{title or name}"@en{more} .'
    return f"{said}{event} {{ {payload} }}\n"


def relation(
    target: str, day: int = 1, kind: str = "GreaterThanOrEqualToRelation", remaining: int | None = None
) -> str:
    """Return a relation of the fragment it stands in."""
    count = "" if remaining is None else f" ; tree:remainingItems {remaining}"
    return (
        f"<> tree:relation [ a tree:{kind} ; tree:node <{target}> ; tree:path as:published ;"
        f' tree:value "2026-11-{day:02}T00:00:00Z"^^xsd:dateTime{count} ] .\n'
    )


def stream(*parts: str) -> str:
    """Return a fragment in TriG."""
    return PREFIXES + "<stream> a ldes:EventStream .\n<> a tree:Node .\n" + "".join(parts)


class LdesNode(FaultyNode):
    """A root without members that leads to the first fragment, each fragment to the next; two members each."""

    protocol: ClassVar[str] = "ldes"
    tricks: ClassVar[tuple[str, ...]] = (
        "lying-count",
        "paging-loop",
        "repeated-page",
        "reordered-page",
        "endless-paging",
        "forgetful",
        "retired-page",
    )

    def fill(self, names: tuple[str, ...]) -> str:
        groups = [names[start : start + _SIZE] for start in range(0, len(names), _SIZE)]
        for number, held in enumerate(groups, 1):
            self._fragment(number, held, number + 1 if number < len(groups) else None)
        self._root(len(names))
        return self.url("/feed/root")

    def _root(self, count: int, more: str = "") -> None:
        rules = "<stream> tree:view <> ; ldes:timestampPath as:published ; ldes:versionOfPath as:object .\n"
        self.serve("/feed/root", stream(rules, relation("1", 1, remaining=count), more), TRIG)

    def _fragment(self, number: int, held: tuple[str, ...], following: int | None) -> None:
        members = [activity(name, self.names.index(name) + 1) for name in held]
        onward = [relation(str(following), number)] if following else []
        self.serve(f"/feed/{number}", stream(*members, *onward), TRIG)

    def lying_count(self) -> None:
        """The root promises more members than there are."""
        self._root(len(self.names) + 7)

    def paging_loop(self) -> None:
        """The second fragment leads back to the first, and the third is lost."""
        self._fragment(2, self.names[_SIZE : 2 * _SIZE], 1)

    def repeated_page(self) -> None:
        """Every fragment is the first one over again."""
        for number in (2, 3):
            self.routes[f"/feed/{number}"] = self.routes["/feed/1"]

    def reordered_page(self) -> None:
        """Between two requests the order changed: a member moved on to a fragment that had been read."""
        self._fragment(2, self.names[1 : 1 + _SIZE], 3)

    def endless_paging(self) -> None:
        """There is always a further fragment."""

        def forever(seen: Seen) -> Reply:
            number = int(seen.path.rpartition("/")[2])
            text = stream(activity(self.names[0], number % 28 + 1), relation(str(number + 1)))
            return Reply(200, text.encode(), TRIG)

        for number in range(1, 90):
            self.behave(f"/feed/{number}", Made(forever))

    def forgetful(self) -> None:
        """Only what is younger than a month is kept, and one entity is older."""
        policy = '<> ldes:retentionPolicy [ ldes:fullLogDuration "P1M"^^xsd:duration ] .\n'
        self._root(0, policy)
        self._fragment(1, self.names[:1], 2)

    def retired_page(self) -> None:
        """A fragment is gone for good (LDES 1.0: 410)."""
        self.behave("/feed/2", Reply(410, b"", "text/plain"))
