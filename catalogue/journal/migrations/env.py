"""Alembic's entry: runs the migrations on the connection that `catalogue.journal.upgrade` hands over."""

from __future__ import annotations

from alembic import context

# The caller owns the transaction: all steps of an upgrade are kept, or none.
context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
