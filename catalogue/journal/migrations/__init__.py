"""Migrations of the journal, run by Alembic when a journal is opened. Files under `versions` are never edited."""
