"""The journal's first tables.

Revision: 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    _sources()
    _runs()
    _states()
    _records()
    _registry()


def _sources() -> None:
    op.create_table(
        "source",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text()),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("every", sa.Integer()),
        sa.Column("allow_private", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("default_dac", sa.Text()),
        sa.Column("added", sa.String(32), nullable=False),
        sa.Column("removed", sa.String(32)),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", sa.Text(), sa.ForeignKey("source.name"), nullable=False),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("finished", sa.String(32)),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text()),
        sa.Column("decided", sa.String(32)),
        sqlite_autoincrement=True,
    )
    op.create_index("run_by_source", "run", ["source", "id"])
    op.create_table(
        "lease",
        sa.Column("source", sa.Text(), sa.ForeignKey("source.name"), primary_key=True),
        sa.Column("run", sa.Integer(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("born", sa.Text(), nullable=False),
        sa.Column("seen", sa.String(32), nullable=False),
    )


def _runs() -> None:
    op.create_table(
        "run_problem",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run", sa.Integer(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("record", sa.Text()),
        sa.Column("line", sa.Integer()),
    )
    op.create_index("run_problem_by_run", "run_problem", ["run"])
    op.create_table(
        "run_problem_count",
        sa.Column("run", sa.Integer(), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )


def _states() -> None:
    op.create_table(
        "graph",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "state",
        sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), sa.ForeignKey("source.name"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), sa.ForeignKey("graph.digest"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), sa.ForeignKey("run.id")),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("profile", sa.Text()),
        sa.Column("release", sa.Text()),
        sa.Column("conforms", sa.Boolean()),
        sa.Column("violation", sa.Integer()),
        sa.Column("warning", sa.Integer()),
        sa.Column("info", sa.Integer()),
    )
    op.create_index("state_by_record", "state", ["id", "seq"])
    op.create_table(
        "findings",
        sa.Column("seq", _SEQUENCE, sa.ForeignKey("state.seq"), primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )


def _records() -> None:
    op.create_table(
        "head",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("source", sa.Text(), sa.ForeignKey("source.name"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("latest", _SEQUENCE, sa.ForeignKey("state.seq"), nullable=False),
        sa.Column("current", _SEQUENCE, sa.ForeignKey("state.seq"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issued", sa.String(32), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
    )
    op.create_index("head_by_source", "head", ["source", "kind", "status"])
    op.create_table(
        "alias",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("id", sa.Text(), sa.ForeignKey("head.id"), primary_key=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("since", _SEQUENCE, nullable=False),
    )
    op.create_index("alias_by_record", "alias", ["id"])
    op.create_table(
        "held",
        sa.Column("run", sa.Integer(), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("record", sa.Text(), sa.ForeignKey("head.id"), primary_key=True),
        sa.Column("returned", sa.Boolean(), nullable=False),
    )


def _registry() -> None:
    op.create_table(
        "committee",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed", sa.String(32), nullable=False),
    )
    op.create_table(
        "committee_import",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "fact",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
