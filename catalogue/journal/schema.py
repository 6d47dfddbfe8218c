"""The journal's tables, once, for SQLite and PostgreSQL. `migrations/` makes them; a test holds the two equal.

source      a registered source; a removed one keeps its row, since its tombstones name it
run         one harvest of one source, with its ledger        run_problem, run_problem_count
held        what a held run would withdraw, until a person decides
lease       who harvests a source now
graph       one body per digest, compressed
state       append-only: what was accepted, in the order of everything        findings, per state
head        derived: the latest state of every record, and how many complete runs it has been absent from
alias       every IRI, dct:identifier and adms notation ever met, and whose it is
committee   the registry of Data Access Committees        committee_import, its history
committee_check   whether the addresses of a committee answered
fact        single values: the journal's epoch, the version of the registry, which runs somebody asked to end
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

# The newest migration. Numbers are zero-padded, so that a newer journal is recognised by comparing text.
REVISION: Final = "0004"


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time, kept as ISO 8601 text in UTC with microseconds: it sorts, and reads the same everywhere."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the text that is stored."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the moment that was stored."""
        return None if value is None else datetime.fromisoformat(value)


class Word(sa.types.TypeDecorator[str]):
    """A term of one of our enumerations, as plain text: no driver has to guess what an enumeration member is."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the text that is stored."""
        return None if value is None else str(value)


# 64 bits on PostgreSQL; on SQLite an INTEGER key is the row id itself, which is 64 bits as well.
_Sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

METADATA: Final = sa.MetaData()

SOURCE: Final = sa.Table(
    "source",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("title", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("protocol", sa.Text, nullable=False),
    sa.Column("profile", sa.Text),
    sa.Column("stage", Word, nullable=False),
    sa.Column("every", sa.Integer),
    sa.Column("allow_private", sa.Boolean, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("default_dac", sa.Text),
    sa.Column("cron", sa.Text),
    sa.Column("added", Moment, nullable=False),
    sa.Column("removed", Moment),
)

RUN: Final = sa.Table(
    "run",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("source", sa.Text, sa.ForeignKey("source.name"), nullable=False),
    sa.Column("started", Moment, nullable=False),
    sa.Column("finished", Moment),
    sa.Column("outcome", Word, nullable=False),
    sa.Column("complete", sa.Boolean, nullable=False),
    sa.Column("requests", sa.Integer, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),  # JSON: kind -> counter -> number
    sa.Column("decision", Word),
    sa.Column("decided", Moment),
    sqlite_autoincrement=True,
)
sa.Index("run_by_source", RUN.c.source, RUN.c.id)

RUN_PROBLEM: Final = sa.Table(
    "run_problem",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run", sa.Integer, sa.ForeignKey("run.id"), nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("record", sa.Text),
    sa.Column("line", sa.Integer),
)
sa.Index("run_problem_by_run", RUN_PROBLEM.c.run)

RUN_PROBLEM_COUNT: Final = sa.Table(
    "run_problem_count",
    METADATA,
    sa.Column("run", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

HELD: Final = sa.Table(
    "held",
    METADATA,
    sa.Column("run", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
    sa.Column("record", sa.Text, sa.ForeignKey("head.id"), primary_key=True),
    sa.Column("returned", sa.Boolean, nullable=False),  # delivered again since: approving leaves it
)

LEASE: Final = sa.Table(
    "lease",
    METADATA,
    sa.Column("source", sa.Text, sa.ForeignKey("source.name"), primary_key=True),
    sa.Column("run", sa.Integer, sa.ForeignKey("run.id"), nullable=False),
    sa.Column("machine", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("born", sa.Text, nullable=False),
    sa.Column("seen", Moment, nullable=False),
)

GRAPH: Final = sa.Table(
    "graph",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

STATE: Final = sa.Table(
    "state",
    METADATA,
    sa.Column("seq", _Sequence, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("source", sa.Text, sa.ForeignKey("source.name"), nullable=False),
    sa.Column("kind", Word, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("identifiers", sa.Text, nullable=False),  # JSON array
    sa.Column("digest", sa.String(64), sa.ForeignKey("graph.digest"), nullable=False),
    sa.Column("status", Word, nullable=False),
    sa.Column("run", sa.Integer, sa.ForeignKey("run.id")),
    sa.Column("time", Moment, nullable=False),
    sa.Column("complete", sa.Boolean, nullable=False),
    sa.Column("profile", sa.Text),
    sa.Column("release", sa.Text),
    sa.Column("conforms", sa.Boolean),
    sa.Column("violation", sa.Integer),
    sa.Column("warning", sa.Integer),
    sa.Column("info", sa.Integer),
)
sa.Index("state_by_record", STATE.c.id, STATE.c.seq)

FINDINGS: Final = sa.Table(
    "findings",
    METADATA,
    sa.Column("seq", _Sequence, sa.ForeignKey("state.seq"), primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

HEAD: Final = sa.Table(
    "head",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, sa.ForeignKey("source.name"), nullable=False),
    sa.Column("kind", Word, nullable=False),
    sa.Column("latest", _Sequence, sa.ForeignKey("state.seq"), nullable=False),
    sa.Column("current", _Sequence, sa.ForeignKey("state.seq"), nullable=False),
    sa.Column("status", Word, nullable=False),  # of the current state
    sa.Column("issued", Moment, nullable=False),
    sa.Column("absent", sa.Integer, nullable=False),
)
sa.Index("head_by_source", HEAD.c.source, HEAD.c.kind, HEAD.c.status)

ALIAS: Final = sa.Table(
    "alias",
    METADATA,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("id", sa.Text, sa.ForeignKey("head.id"), primary_key=True),
    sa.Column("form", sa.Text, nullable=False),  # iri | identifier | notation
    sa.Column("since", _Sequence, nullable=False),
)
sa.Index("alias_by_record", ALIAS.c.id)

COMMITTEE: Final = sa.Table(
    "committee",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),  # JSON
    sa.Column("changed", Moment, nullable=False),
)

COMMITTEE_IMPORT: Final = sa.Table(
    "committee_import",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("time", Moment, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("added", sa.Integer, nullable=False),
    sa.Column("changed", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),  # what was imported: compressed JSON
)

COMMITTEE_CHECK: Final = sa.Table(
    "committee_check",
    METADATA,
    sa.Column("committee", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("time", Moment, nullable=False),
    sa.Column("reachable", sa.Boolean, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)

FACT: Final = sa.Table(
    "fact",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

# Alembic's own table; read directly, so that a journal which needs no migration opens without loading Alembic.
REVISION_TABLE: Final = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32)))
