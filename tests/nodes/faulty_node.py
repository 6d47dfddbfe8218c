"""A node of some protocol that answers as its specification says, until it is told to fail at one of its answers.

One module per protocol, `tests/nodes/<protocol>_node.py`, with one class `<Protocol>Node(FaultyNode)`:

- `protocol` names the harvest protocol; the class's docstring cites where its behaviour comes from;
- `fill(names)` lays out the paths for datasets of these names (`self.serve`, `self.behave`) and returns what a
  source's URL is; it is called once, when the node starts;
- `tricks` are the ways to mislead that only this protocol has (a paging that loops, a count that lies ...): each is a
  method that lays the paths out anew;
- `gives` is the kind of records it gives, datasets unless it says otherwise;
- `survives` are the faults that its protocol may get over, where an answer is not needed or can be had otherwise.

    with HydraNode("a", "b", "c") as node:
        node.fail("cut-off", at=2)      # the second address asked for from now on, every time it is asked for
        node.fail("lying-count")        # one of its tricks
        node.recover()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import ClassVar, Final, Self

from nodes.fake_node import Behaviour, CutOff, Drip, FakeNode, Made, Reply, Seen, Silent, bomb, redirect

from shapes.record import Kind

BOMB: Final = 4 * 1024 * 1024  # bytes it unfolds to: more than the suite's door lets in
_HTML: Final = b"<!DOCTYPE html><html><body><h1>Please log in</h1></body></html>"
_OTHER: Final = b'<https://elsewhere.example/x> <http://purl.org/dc/terms/title> "Something else" .\n'
_ENTITIES: Final = (
    b'<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>&b;</rdf:Description></rdf:RDF>'
)
_REMOTE: Final = (
    b'{"@context": "http://169.254.169.254/latest/context.jsonld", "@id": "https://node.example/a",'
    b' "@type": "Dataset", "title": "x"}'
)

Fault = Callable[[Seen, Reply], Behaviour]


def _cut_off(_: Seen, honest: Reply) -> Behaviour:
    return CutOff(honest.body, len(honest.body) // 2)


def _circle(seen: Seen, _: Reply) -> Behaviour:
    return redirect(seen.path)


def _mislabelled(_: Seen, honest: Reply) -> Behaviour:
    return replace(honest, media_type="image/png")


# What can go wrong with any answer over HTTP. Each is told the request and what the honest answer would have been.
FAULTS: Final[Mapping[str, Fault]] = {
    "500": lambda *_: Reply(500, b"Internal Server Error", "text/plain"),
    "503": lambda *_: Reply(503, b"", "text/plain", {"Retry-After": "3600"}),
    "403": lambda *_: Reply(403, b"You are not allow to view this record in state DRAFT"),
    "timeout": lambda *_: Silent(),
    "slow-drip": lambda *_: Drip(),
    "cut-off": _cut_off,
    "empty": lambda *_: Reply(200, b""),
    "other-rdf": lambda *_: Reply(200, _OTHER),
    "html": lambda *_: Reply(200, _HTML, "text/html"),
    "wrong-type": _mislabelled,
    "redirect-circle": _circle,
    "redirect-private": lambda *_: redirect("http://10.0.0.1/metadata"),
    "redirect-cloud": lambda *_: redirect("http://169.254.169.254/latest/meta-data"),
    "gzip-bomb": lambda *_: bomb(BOMB),
    "doctype": lambda *_: Reply(200, _ENTITIES, "application/rdf+xml"),
    "remote-context": lambda *_: Reply(200, _REMOTE, "application/ld+json"),
}


class FaultyNode(FakeNode):
    """A server of datasets of the given names. `start` is the URL that a source is registered with."""

    protocol: ClassVar[str]
    tricks: ClassVar[tuple[str, ...]] = ()
    survives: ClassVar[frozenset[str]] = frozenset()
    gives: ClassVar[Kind] = Kind.DATASET

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = names
        self.start = ""
        self._fault: Fault | None = None
        self._at = 0
        self._asked: list[str] = []

    def fill(self, names: tuple[str, ...]) -> str:
        """Lay out the paths; return the source's URL."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        super().__enter__()
        self.recover()
        return self

    def recover(self) -> None:
        """Be honest again."""
        self._fault, self._asked = None, []
        self.routes.clear()
        self.start = self.fill(self.names)

    def fail(self, fault: str, at: int = 1) -> None:
        """Fail: at the `at`-th address asked for from now on (from 1), or in a way of this protocol's own."""
        self.recover()
        if fault in FAULTS:
            self._fault, self._at = FAULTS[fault], at
        else:
            getattr(self, fault.replace("-", "_"))()

    def choose(self, seen: Seen) -> Behaviour:
        honest = _reply(super().choose(seen), seen)
        if honest.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
            return honest  # a draft, a probe of what is not there: not an answer that could fail
        if seen.path not in self._asked:
            self._asked.append(seen.path)
        at = self._asked.index(seen.path) + 1
        return honest if self._fault is None or at != self._at else self._fault(seen, honest)

    @property
    def answers(self) -> int:
        """How many addresses answered since the node last became honest or was told to fail."""
        return len(self._asked)


def _reply(behaviour: Behaviour, seen: Seen) -> Reply:
    """Return the plain answer a behaviour comes down to."""
    while isinstance(behaviour, Made):
        behaviour = behaviour.make(seen)
    return behaviour if isinstance(behaviour, Reply) else Reply(404, b"not here", "text/plain")
