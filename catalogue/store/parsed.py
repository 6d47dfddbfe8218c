"""Whether a query parses, and what is said of one that does not. The embedded engine's parser is the judge."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from catalogue.errors import QuerySyntax
from catalogue.store.workers import Workers
from shapes.errors import BadQuery
from shapes.vocabulary import GDIX, PREFIXES

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_NEAR: Final = 30  # characters of the query shown where it does not parse
_SHORT: Final = 80  # characters of a list of what was expected that still helps
_SECONDS: Final = 2.0  # what does not parse is known at once; the rest of the time goes by in evaluating


class Parser:
    """Lets processes of the embedded engine parse queries that another engine is to answer. Safe for many threads.

    They have an empty store, no sockets and `memory` bytes. The engine has no way to parse alone: it evaluates, too,
    and a query of values alone may take it long. Such a one has parsed; its process is killed and replaced.
    """

    def __init__(self, base: str, memory: int) -> None:
        self._base = base
        self._workers = Workers(memory, 0, 0)

    def check(self, text: str, gone: Callable[[], bool]) -> None:
        """Raise `QuerySyntax` for a query that does not parse, `BadQuery` for one with functions no standard knows.

        Raises `Abandoned` when whoever asked is gone.
        """
        request = {"parse": True, "text": text, "base": self._base + "/", "prefixes": PREFIXES}
        try:
            outcome = self._workers.run(request, _SECONDS, gone)
        except TimeoutError:
            return
        if outcome is not None:
            _judge(outcome[0], text)

    def close(self) -> None:
        """Kill the processes."""
        self._workers.close()


def _judge(head: dict[str, object], text: str) -> None:
    error, detail = head.get("error"), str(head.get("detail"))
    if error == "syntax":
        raise not_parsed(detail, text)
    if error and GDIX.median in detail:
        raise BadQuery(
            "gdix:median is not there: the graph of this catalogue is on a SPARQL server, which knows the aggregates "
            "of the standard only."
        )
    if error:
        raise BadQuery(f"The query cannot be answered: {detail}")


def not_parsed(said: str, text: str) -> QuerySyntax:
    """Return the error of a query that does not parse, from what the engine said of it.

    The engine lists what it would have taken there, character by character; only a short list helps anybody.
    """
    found = _PLACE.fullmatch(said)
    if found is None:
        return QuerySyntax(f"The query does not parse: {said}")
    line, column = int(found[1]), int(found[2])
    lines = text.splitlines()
    rest = lines[line - 1][column - 1 :][:_NEAR].strip() if line <= len(lines) else ""
    near = f', near "{rest}"' if rest else ", at its end" if line >= len(lines) else ""
    reason = ""
    if "Prefix not found" in found[3]:
        reason = ": a prefix is not declared"
    elif len(found[3]) <= _SHORT and "SERVICE" not in found[3]:
        reason = f": {found[3]}"
    detail = f"The query does not parse at line {line}, column {column}{near}{reason}."
    return QuerySyntax(detail, line=line, column=column)
