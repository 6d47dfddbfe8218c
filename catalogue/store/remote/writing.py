"""Writes graphs into a dataset whose default graph is the union of them, by SPARQL 1.1 Update.

One request replaces some graphs and says so in the dataset's progress. Servers take a request as one transaction; on
one that does not, the order of its steps makes a crash anywhere leave what applying the same again completes: a
statement leaves the union before its graph is dropped, and comes back with the new graph.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from catalogue.errors import StoreUnavailable
from catalogue.store.layout import Layout
from catalogue.store.remote.faults import NoSuchWay, Refused
from catalogue.store.remote.progress import Progress, written
from catalogue.store.remote.server import Server

Texts: TypeAlias = Mapping[str, bytes]  # the IRI of a graph, and its N-Triples with one statement a line

_AT_ONCE: Final = 2 * 1024 * 1024  # bytes of graphs in one request: some fifty records
_FEW: Final = 3  # records refused before any was taken: then it is not the records
_DECIMAL: Final = re.compile(
    rb'(?<= )"([+-]?)0*([0-9]*)(?:\.([0-9]*?)0*)?"(?=\^\^<http://www\.w3\.org/2001/XMLSchema#decimal>)'
)
_ESCAPED: Final = re.compile(rb"\\(?:\\([uU])?|.)", re.DOTALL)
_log = logging.getLogger(__name__)


class Writer:
    """Writes to one server. Not safe between threads: whoever holds the projector's lock writes."""

    def __init__(self, server: Server, layout: Layout) -> None:
        self._server = server
        self._graphs = f"{layout.base}/graph/"
        self._apart = layout.history.value  # the graph that is not part of the union
        self._loads = True  # until the server is known to have no such way
        self._taken = False
        self._left_out = 0

    def write(self, graphs: Texts, progress: Progress, *, empty: bool = False) -> Progress:
        """Give each graph exactly these statements; return the progress as the dataset says it then.

        `progress` is to be one that also holds while only some of them are written. `empty`: the dataset is known to
        have none of the graphs. A record whose graphs the server does not take is left out and logged; `doctor` shows
        it.
        """
        graphs = {name: _with_plain_decimals(text) for name, text in graphs.items()}
        known = set() if empty else self._known(graphs)
        fresh = {name: text for name, text in graphs.items() if text and name not in known}
        stale = {name: text for name, text in graphs.items() if name in known}
        if fresh and not self._loaded(fresh):
            stale |= fresh
        progress = progress.moved()
        self._replace(stale, known, progress)
        return progress

    def say(self, progress: Progress) -> None:
        """Let the dataset say a progress."""
        self._replace({}, set(), progress)

    def names(self) -> Iterator[str]:
        """Return the graphs of ours that the dataset has."""
        ours = f'FILTER(STRSTARTS(STR(?g), "{self._graphs}"))'
        rows = self._server.rows(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} {ours} }}", long=True)
        return (row[0] for row in rows)

    def sweep(self) -> None:
        """Take out of the union what no graph of ours holds."""
        self._server.update(f"DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o {self._elsewhere(())} }}".encode(), long=True)

    def _elsewhere(self, but: Iterable[str]) -> str:
        """Return the condition that no graph of the union holds a statement, save perhaps some."""
        ours = f'STRSTARTS(STR(?other), "{self._graphs}")'
        apart = ", ".join(f"<{name}>" for name in (self._apart, *but))
        return f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER({ours} && ?other NOT IN ({apart})) }}"

    def _known(self, graphs: Iterable[str]) -> set[str]:
        """Return those of some graphs that the dataset has."""
        some = " ".join(f"<{name}>" for name in graphs)
        if not some:
            return set()
        there = f"SELECT ?g {{ VALUES ?g {{ {some} }} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
        return {row[0] for row in self._server.rows(there, long=True)}

    def _loaded(self, fresh: Texts) -> bool:
        """Hand in graphs the dataset does not have as quads; return whether the server takes them so.

        The union first: what a crash leaves is then completed by applying the same again.
        """
        if not self._loads:
            return False
        union = b"".join(text for name, text in fresh.items() if name != self._apart)
        named = b"".join(text.replace(b" .\n", f" <{name}> .\n".encode()) for name, text in fresh.items())
        try:
            self._server.load(union + named)
        except NoSuchWay as error:
            _log.info("the SPARQL server takes no quads (%s); its updates are used", error)
            self._loads = False
        else:
            self._loads = self._known(fresh) == fresh.keys()
            self._taken = self._taken or self._loads
        return self._loads

    def _replace(self, graphs: Texts, known: set[str], progress: Progress) -> None:
        try:
            self._server.update(self._request(graphs, known, progress))
        except Refused as error:
            if not graphs:
                raise StoreUnavailable(
                    f"The SPARQL server takes no update of this program ({error}): the dataset is read only, or "
                    "store_update has to name its address for updates.",
                    url=self._server.place.update,
                ) from error
        else:
            self._taken = self._taken or bool(graphs)
            return
        records = list(dict.fromkeys(_record(name) for name in graphs))
        if len(records) == 1:
            self._leave_out(records[0])
            self._replace({}, known, progress)
            return
        first = set(records[: len(records) // 2])
        for half in (True, False):
            some = {name: text for name, text in graphs.items() if (_record(name) in first) is half}
            self._replace(some, known, progress)

    def _leave_out(self, record: str) -> None:
        self._left_out += 1
        self._loads = True  # quads may have been refused for this record alone
        if not self._taken and self._left_out >= _FEW:
            raise StoreUnavailable(
                "The SPARQL server refuses every record: it does not understand the updates of this program.",
                url=self._server.place.update,
            )
        _log.error("the SPARQL server does not take the record %s, which is left out", record)

    def _request(self, graphs: Texts, known: set[str], progress: Progress) -> bytes:
        """Return the update that replaces graphs, of which some are known to be there."""
        steps: list[bytes] = []
        there = [name for name in graphs if name in known]
        if there:
            leaving = f"{_each(there, self._apart)} {self._elsewhere(there)}"
            steps.append(f"DELETE {{ ?s ?p ?o }} WHERE {{ {leaving} }}".encode())
            steps += [f"DROP SILENT GRAPH <{name}>".encode() for name in there]
        come = {name: text for name, text in graphs.items() if text}
        if come:
            data = (b"GRAPH <%b> {\n%b}\n" % (name.encode(), _in_sparql(text)) for name, text in come.items())
            steps.append(b"INSERT DATA {\n" + b"".join(data) + b"}")
            steps.append(f"INSERT {{ ?s ?p ?o }} WHERE {{ {_each(come, self._apart)} }}".encode())
        return b" ;\n".join((*steps, written(progress)))


def in_parts(graphs: Iterable[tuple[str, bytes]]) -> Iterator[dict[str, bytes]]:
    """Yield graphs some at a time, those of one record together; the last part may have none."""
    some: dict[str, bytes] = {}
    size = 0
    before = ""
    for name, text in graphs:
        if size >= _AT_ONCE and _record(name) != before:
            yield some
            some, size = {}, 0
        some[name] = text
        size += len(text)
        before = _record(name)
    yield some


def _each(names: Iterable[str], but: str) -> str:
    """Return the pattern of every statement of some graphs, save one."""
    some = " ".join(f"<{name}>" for name in names if name != but)
    return f"VALUES ?g {{ {some} }} GRAPH ?g {{ ?s ?p ?o }}"


def _record(name: str) -> str:
    return name.rpartition("/")[2]


def _with_plain_decimals(text: bytes) -> bytes:
    """Return N-Triples with every xsd:decimal in its canonical form (XML Schema 1.0 part 2, section 3.2.3.2).

    TDB2 keeps `100` and `100.0` as two terms that it shows as one: what was written as the first is then found, and
    deleted, by no pattern, not even by DROP.
    """
    return _DECIMAL.sub(_plain, text) if b"#decimal>" in text else text


def _plain(found: re.Match[bytes]) -> bytes:
    sign, whole, part = found[1], found[2], found[3] or b""
    if not whole and not part:
        return b'"0.0"' if re.search(rb"[0-9]", found[0]) else found[0]
    return b'"%b%b.%b"' % (b"-" if sign == b"-" else b"", whole or b"0", part or b"0")


def _in_sparql(text: bytes) -> bytes:
    r"""Return N-Triples as they may stand in an update.

    SPARQL reads \u escapes before anything else (SPARQL 1.1 Query, section 19.2), so that a literal with a backslash
    and `u0022` in it could end the literal, and bring statements or updates of its own: such a `u` is written as one.
    """
    if b"\\\\u" not in text and b"\\\\U" not in text:
        return text
    return _ESCAPED.sub(lambda found: b"\\\\\\u%04X" % ord(found[1]) if found[1] else found[0], text)
