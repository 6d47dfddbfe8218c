"""Appending record states: the one way anything about a record enters the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyoxigraph as ox
import sqlalchemy as sa

from catalogue.identifiers import candidates, keys_of
from catalogue.journal.coding import clean, dump_findings, dump_names, pack
from catalogue.journal.schema import ALIAS, FINDINGS, GRAPH, HEAD, STATE
from catalogue.journal.state import Status
from catalogue.journal.states import alias_key, chunks, last_seq, unlisted
from shapes.errors import Missing
from shapes.graph import RecordGraph, node_of, text_of
from shapes.record import Record
from shapes.report import Report
from shapes.vocabulary import ADMS, SKOS

# States that say what the catalogue shows of a record; the others leave its current state as it is.
_SETTLED = frozenset({Status.LISTED, Status.WITHDRAWN})
_NOTATION = SKOS.notation.encode()
_NAMING = (f" <{ADMS.identifier}> ".encode(), f" <{_NOTATION.decode()}> ".encode())


@dataclass(frozen=True, slots=True)
class Draft:
    """A state to append. `id` None: a record never seen, which gets its permanent identifier now."""

    record: Record
    report: Report | None
    id: str | None = None
    status: Status = Status.LISTED


@dataclass(frozen=True, slots=True)
class _Row:
    """A draft with its record's identifier and its number."""

    draft: Draft
    id: str
    seq: int


def append(
    connection: sa.Connection, source: str, drafts: Sequence[Draft], run: int | None, now: datetime
) -> tuple[str, ...]:
    """Append states in order and return their records' identifiers. The caller's transaction is a writing one.

    Raises `Missing` for an identifier that is not of a record of this source: no source overwrites another's.
    """
    ids = tuple(_identified(connection, source, drafts))
    first = last_seq(connection) + 1
    rows = [_Row(draft, record, first + offset) for offset, (draft, record) in enumerate(zip(drafts, ids, strict=True))]
    heads = _heads(connection, source, [draft.id for draft in drafts if draft.id is not None])
    _put_graphs(connection, [draft.record for draft in drafts])
    _insert(connection, STATE, [_state_values(row, source, run, now) for row in rows])
    _insert(
        connection,
        FINDINGS,
        [
            {"seq": row.seq, "body": dump_findings(row.draft.report.findings)}
            for row in rows
            if row.draft.report is not None and row.draft.report.findings
        ],
    )
    _put_heads(connection, source, rows, heads, now)
    _put_aliases(connection, rows)
    return ids


def withdraw(connection: sa.Connection, records: Iterable[str], run: int | None, now: datetime) -> int:
    """Append a withdrawn state, with the last body, for each of these records that is listed; return how many were."""
    seq = first = last_seq(connection) + 1
    for chunk in chunks(sorted(set(records))):
        query = (
            sa.select(STATE)
            .join(HEAD, HEAD.c.current == STATE.c.seq)
            .where(HEAD.c.id.in_(chunk), HEAD.c.status == Status.LISTED)
            .order_by(STATE.c.id)
        )
        gone = dict.fromkeys(("profile", "release", "conforms", "violation", "warning", "info"))
        rows = [
            dict(row) | gone | {"seq": number, "status": Status.WITHDRAWN, "run": run, "time": now}
            for number, row in enumerate(connection.execute(query).mappings(), seq)
        ]
        _insert(connection, STATE, rows)
        _update_heads(
            connection,
            [
                {"b_id": r["id"], "latest": r["seq"], "current": r["seq"], "status": r["status"], "absent": 0}
                for r in rows
            ],
        )
        seq += len(rows)
    return seq - first


def _identified(connection: sa.Connection, source: str, drafts: Sequence[Draft]) -> Iterator[str]:
    """Yield every draft's identifier; new records get the first of their candidates that was never given."""
    offers = [iter(candidates(source, d.record.kind, keys_of(d.record))) for d in drafts if d.id is None]
    firsts = [next(offer) for offer in offers]
    free, given = set(unlisted(connection, firsts)), set[str]()
    pending = zip(firsts, offers, strict=True)
    for draft in drafts:
        if draft.id is not None:
            yield draft.id
            continue
        offered, more = next(pending)
        while offered in given or not (offered in free or unlisted(connection, [offered])):
            offered = next(more)
        given.add(offered)
        yield offered


def _heads(connection: sa.Connection, source: str, ids: Sequence[str]) -> dict[str, sa.Row[Any]]:
    heads: dict[str, sa.Row[Any]] = {}
    for chunk in chunks(ids):
        query = sa.select(HEAD).where(HEAD.c.id.in_(chunk), HEAD.c.source == source)
        heads.update((row.id, row) for row in connection.execute(query))
    for record in ids:
        if record not in heads:
            raise Missing(f"The source {source} has no record {record}.", record=record)
    return heads


def _put_graphs(connection: sa.Connection, records: Sequence[Record]) -> None:
    """Store every body that is not stored yet, once."""
    bodies = {record.digest: record.body for record in records}
    for chunk in chunks(tuple(bodies)):
        for digest in connection.scalars(sa.select(GRAPH.c.digest).where(GRAPH.c.digest.in_(chunk))):
            del bodies[digest]
    rows = [{"digest": digest, "size": len(body), "body": pack(body)} for digest, body in bodies.items()]
    _insert(connection, GRAPH, rows)


def _state_values(row: _Row, source: str, run: int | None, now: datetime) -> dict[str, Any]:
    record = row.draft.record
    verdict = None if row.draft.report is None else row.draft.report.verdict()
    return {
        "seq": row.seq,
        "id": row.id,
        "source": source,
        "kind": record.kind,
        "subject": clean(record.subject),
        "identifiers": dump_names(record.identifiers),
        "digest": record.digest,
        "status": row.draft.status,
        "run": run,
        "time": now,
        "complete": record.complete,
        "profile": verdict and verdict.profile,
        "release": verdict and verdict.release,
        "conforms": verdict and verdict.conforms,
        "violation": verdict and verdict.violation,
        "warning": verdict and verdict.warning,
        "info": verdict and verdict.info,
    }


def _put_heads(
    connection: sa.Connection, source: str, rows: Sequence[_Row], heads: dict[str, sa.Row[Any]], now: datetime
) -> None:
    """Point every record's head at its new state."""
    made: dict[str, dict[str, Any]] = {}
    moved: dict[str, dict[str, Any]] = {}
    for row in rows:
        status, head = row.draft.status, heads.get(row.id)
        if head is None:
            made[row.id] = {
                "id": row.id,
                "source": source,
                "kind": row.draft.record.kind,
                "latest": row.seq,
                "current": row.seq,
                "status": status,
                "issued": now,
                "absent": 0,
            }
            continue
        before = moved.get(row.id) or {"current": head.current, "status": head.status, "issued": head.issued}
        settles = status in _SETTLED or before["status"] not in _SETTLED
        first_listing = status is Status.LISTED and before["status"] not in _SETTLED
        moved[row.id] = {
            "b_id": row.id,
            "latest": row.seq,
            "current": row.seq if settles else before["current"],
            "status": status if settles else before["status"],
            "issued": now if first_listing else before["issued"],
            "absent": 0,
        }
    _insert(connection, HEAD, list(made.values()))
    _update_heads(connection, list(moved.values()))


def _update_heads(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "b_id"}
        connection.execute(sa.update(HEAD).where(HEAD.c.id == sa.bindparam("b_id")).values(values), rows)


def _put_aliases(connection: sa.Connection, rows: Sequence[_Row]) -> None:
    """Remember every name met. Names are only ever added."""
    names: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        for form, text in _names(row.draft.record):
            key = alias_key(text)
            names.setdefault((key, row.id), {"key": key, "id": row.id, "form": form, "since": row.seq})
    for chunk in chunks(sorted({record for _, record in names})):
        query = sa.select(ALIAS.c.key, ALIAS.c.id).where(ALIAS.c.id.in_(chunk))
        for key, record in connection.execute(query):
            names.pop((key, record), None)
    _insert(connection, ALIAS, list(names.values()))


def _names(record: Record) -> Iterator[tuple[str, str]]:
    """Yield what a record is called: its IRI, its dct:identifiers, the skos:notation of its adms:identifiers."""
    if not record.subject.startswith("_:"):
        yield "iri", record.subject
    for identifier in record.identifiers:
        yield "identifier", identifier
    if _NOTATION in record.body:  # most have none, and parsing costs more than looking
        graph = RecordGraph.from_ntriples(b"".join(_lines_with(record.body, _NAMING)))
        for other in graph.values(node_of(record.subject), ADMS.identifier):
            if not isinstance(other, ox.Literal):
                for notation in graph.values(other, SKOS.notation):
                    yield "notation", text_of(notation)


def _lines_with(body: bytes, words: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines in which one of the words stands, in their order. Most lines are not even looked at."""
    starts: set[int] = set()
    for word in words:
        place = body.find(word)
        while place >= 0:
            starts.add(body.rfind(b"\n", 0, place) + 1)
            place = body.find(word, place + 1)
    for start in sorted(starts):
        yield body[start : body.index(b"\n", start) + 1]


def _insert(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)
