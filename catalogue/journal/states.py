"""Reading record states, heads and names from the journal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from catalogue.journal.coding import load_findings, load_names, unpack
from catalogue.journal.schema import ALIAS, FINDINGS, GRAPH, HEAD, STATE
from catalogue.journal.state import State, Status
from harvester.known import KnownRecord
from shapes.record import Kind
from shapes.report import Report, Verdict

CHUNK: Final = 500  # values in one IN (...): well under the limits of both databases
_KEY_LIMIT: Final = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing:
    """A listed record: how many complete runs it has been absent from, and its verdict."""

    id: str
    kind: Kind
    absent: int
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Span:
    """When records were first listed, and when a state of one was last written (both UTC)."""

    first: datetime
    last: datetime


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[tuple[T, ...]]:
    """Yield the values in tuples of at most `size`."""
    rest = iter(values)
    while chunk := tuple(islice(rest, size)):
        yield chunk


def alias_key(text: str) -> str:
    """Return what a name is looked up by: itself, or its digest where it is too long or strange for an index."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) > _KEY_LIMIT or "\x00" in text:
        return "sha256:" + sha256(encoded).hexdigest()
    return encoded.decode("utf-8")


def looks_like_ours(text: str) -> bool:
    """Return whether a text, which a stranger may have written, can be an identifier of ours at all."""
    return text.isascii() and text.isalnum()


def select_states(*, with_body: bool = True) -> sa.Select[Any]:
    """Return the query of states, with their record's date of issue, to which callers add conditions and order."""
    columns = [*STATE.c, HEAD.c.issued]
    joined = sa.join(STATE, HEAD, HEAD.c.id == STATE.c.id)
    if with_body:
        columns.append(GRAPH.c.body)
        joined = joined.join(GRAPH, GRAPH.c.digest == STATE.c.digest)
    return sa.select(*columns).select_from(joined)


def select_current(*, with_body: bool = True) -> sa.Select[Any]:
    """Return the query of current states."""
    return select_states(with_body=with_body).where(STATE.c.seq == HEAD.c.current)


def state_of(row: sa.Row[Any]) -> State:
    """Return the state a row of `select_states` holds; its body is empty where the query left it out."""
    return State(
        seq=row.seq,
        id=row.id,
        source=row.source,
        kind=Kind(row.kind),
        subject=row.subject,
        identifiers=load_names(row.identifiers),
        digest=row.digest,
        status=Status(row.status),
        run=row.run,
        time=row.time,
        issued=row.issued,
        complete=row.complete,
        verdict=verdict_of(row),
        body=unpack(row.body) if "body" in row._fields else b"",
    )


def verdict_of(row: sa.Row[Any]) -> Verdict | None:
    """Return the verdict a row of `state` holds."""
    if row.profile is None:
        return None
    return Verdict(row.profile, row.release, row.conforms, row.violation, row.warning, row.info)


def last_seq(connection: sa.Connection) -> int:
    """Return the number of the newest state; 0 in an empty journal."""
    return connection.scalar(sa.select(sa.func.max(STATE.c.seq))) or 0


def since(connection: sa.Connection, seq: int, limit: int, *, with_body: bool) -> tuple[State, ...]:
    """Return the states after a number, in order."""
    query = select_states(with_body=with_body).where(STATE.c.seq > seq).order_by(STATE.c.seq).limit(limit)
    return tuple(state_of(row) for row in connection.execute(query))


def current(connection: sa.Connection, record: str) -> State | None:
    """Return the current state of a record."""
    if not looks_like_ours(record):
        return None
    row = connection.execute(select_current().where(HEAD.c.id == record)).one_or_none()
    return None if row is None else state_of(row)


def history(connection: sa.Connection, record: str, *, with_body: bool) -> tuple[State, ...]:
    """Return every state of a record, oldest first."""
    if not looks_like_ours(record):
        return ()
    query = select_states(with_body=with_body).where(STATE.c.id == record).order_by(STATE.c.seq)
    return tuple(state_of(row) for row in connection.execute(query))


def narrow(
    query: sa.Select[Any], kind: Kind | None, status: Status | None, source: str | None, since: datetime | None
) -> sa.Select[Any]:
    """Return the query of current states with the conditions of `Journal.heads`."""
    for column, value in ((HEAD.c.kind, kind), (HEAD.c.status, status), (HEAD.c.source, source)):
        if value is not None:
            query = query.where(column == value)
    return query if since is None else query.where(STATE.c.time >= since)


def count(
    connection: sa.Connection, kind: Kind | None, status: Status | None, source: str | None, since: datetime | None
) -> int:
    """Return how many records `Journal.heads` would yield."""
    query = sa.select(sa.func.count()).select_from(sa.join(HEAD, STATE, HEAD.c.current == STATE.c.seq))
    number: int = connection.execute(narrow(query, kind, status, source, since)).scalar_one()
    return number


def span(connection: sa.Connection, source: str | None) -> Span | None:
    """Return when the first and the last thing happened to the records of a source, or of all."""
    if source is None:  # the journal's own order tells, without looking at all of it
        times = [
            connection.scalar(sa.select(STATE.c.time).order_by(order).limit(1))
            for order in (STATE.c.seq.asc(), STATE.c.seq.desc())
        ]
        return None if times[0] is None or times[1] is None else Span(times[0], times[1])
    joined = sa.join(HEAD, STATE, HEAD.c.latest == STATE.c.seq)
    query = sa.select(sa.func.min(HEAD.c.issued), sa.func.max(STATE.c.time)).select_from(joined)
    first, last = connection.execute(query.where(HEAD.c.source == source)).one()
    return None if first is None else Span(first, last)


def known(connection: sa.Connection, source: str) -> tuple[KnownRecord, ...]:
    """Return what comparing needs of every record a source ever had, withdrawn ones too: they may come back."""
    query = select_current(with_body=False).where(HEAD.c.source == source).order_by(HEAD.c.id)
    return tuple(
        KnownRecord(
            id=row.id,
            kind=Kind(row.kind),
            subject=row.subject,
            identifiers=load_names(row.identifiers),
            digest=row.digest,
            listed=row.status == Status.LISTED,
            complete=row.complete,
        )
        for row in connection.execute(query)
    )


def standing(connection: sa.Connection, source: str) -> tuple[Standing, ...]:
    """Return how every listed record of a source stands."""
    columns = (STATE.c.profile, STATE.c.release, STATE.c.conforms, STATE.c.violation, STATE.c.warning, STATE.c.info)
    query: sa.Select[Any] = (
        sa.select(HEAD.c.id, HEAD.c.kind, HEAD.c.absent, *columns)
        .join(STATE, STATE.c.seq == HEAD.c.current)
        .where(HEAD.c.source == source, HEAD.c.status == Status.LISTED)
        .order_by(HEAD.c.id)
    )
    rows = connection.execute(query)
    return tuple(Standing(row.id, Kind(row.kind), row.absent, verdict_of(row)) for row in rows)


def report(connection: sa.Connection, record: str) -> Report | None:
    """Return the findings of the last validation of a record, None where it was never validated."""
    if not looks_like_ours(record):
        return None
    query = (
        sa.select(*STATE.c, FINDINGS.c.body)
        .select_from(sa.outerjoin(STATE, FINDINGS, FINDINGS.c.seq == STATE.c.seq))
        .where(STATE.c.id == record, STATE.c.profile.is_not(None))
        .order_by(STATE.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    findings = () if row.body is None else load_findings(row.body)
    return Report(row.profile, row.release, int(row.kind == Kind.DATASET), findings)


def resolve(connection: sa.Connection, text: str) -> str | None:
    """Return the record that an identifier of ours, an IRI, a dct:identifier or an adms notation names.

    Where several have it, a dataset comes before other kinds, and the first that had it before later ones.
    """
    ours = looks_like_ours(text)
    if ours and connection.scalar(sa.select(HEAD.c.id).where(HEAD.c.id == text)) is not None:
        return text
    query = (
        sa.select(ALIAS.c.id)
        .join(HEAD, HEAD.c.id == ALIAS.c.id)
        .where(ALIAS.c.key == alias_key(text))
        .order_by(sa.case((HEAD.c.kind == Kind.DATASET, 0), else_=1), ALIAS.c.since, ALIAS.c.id)
        .limit(1)
    )
    found: str | None = connection.scalar(query)
    return found


def named(connection: sa.Connection, names: Collection[str], kind: Kind) -> tuple[State, ...]:
    """Return the current states of the listed records of a kind that have, or had, one of these names."""
    found: dict[str, State] = {}
    for chunk in chunks(sorted({alias_key(name) for name in names})):
        query = select_current().join(ALIAS, ALIAS.c.id == HEAD.c.id).where(ALIAS.c.key.in_(chunk))
        listed = query.where(HEAD.c.kind == kind, HEAD.c.status == Status.LISTED)
        found.update((row.id, state_of(row)) for row in connection.execute(listed))
    return tuple(found[record] for record in sorted(found))


def unnamed(connection: sa.Connection, names: Collection[str], kind: Kind) -> frozenset[str]:
    """Return which of these names no listed record of a kind has or had."""
    keys = {alias_key(name): name for name in names}
    for chunk in chunks(tuple(keys)):
        query = sa.select(ALIAS.c.key).join(HEAD, HEAD.c.id == ALIAS.c.id)
        listed = query.where(ALIAS.c.key.in_(chunk), HEAD.c.kind == kind, HEAD.c.status == Status.LISTED)
        for key in connection.scalars(listed):
            keys.pop(key, None)
    return frozenset(keys.values())


def came_since(connection: sa.Connection, seq: int, kind: Kind) -> bool:
    """Return whether there is a state of a kind after a number."""
    query = sa.select(STATE.c.seq).where(STATE.c.seq > seq, STATE.c.kind == kind).limit(1)
    return connection.scalar(query) is not None


def routes(connection: sa.Connection, record: str) -> tuple[str, ...]:
    """Return the other records of the same kind that have an IRI or notation of this one: the same by another route.

    A dct:identifier alone does not say so: two nodes may both call a dataset `1`.
    """
    if not looks_like_ours(record):
        return ()
    mine, other = HEAD.alias("mine"), HEAD.alias("other")
    own, shared = ALIAS.alias("own"), ALIAS.alias("shared")
    query = (
        sa.select(other.c.id)
        .select_from(
            sa.join(own, shared, sa.and_(own.c.key == shared.c.key, own.c.form == shared.c.form))
            .join(mine, mine.c.id == own.c.id)
            .join(other, other.c.id == shared.c.id)
        )
        .where(own.c.id == record, shared.c.id != record, own.c.form != "identifier", mine.c.kind == other.c.kind)
        .distinct()
        .order_by(other.c.id)
    )
    return tuple(connection.scalars(query))


def unlisted(connection: sa.Connection, records: Sequence[str]) -> frozenset[str]:
    """Return which of these identifiers no record has yet."""
    taken: set[str] = set()
    for chunk in chunks(records):
        taken.update(connection.scalars(sa.select(HEAD.c.id).where(HEAD.c.id.in_(chunk))))
    return frozenset(records) - taken
