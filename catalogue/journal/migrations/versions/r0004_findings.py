"""Findings are written with the words that many share once.

Revision: 0004. No table changes, and what was written before stays as it is; an earlier program could not read what is
written from now on, and says so by this number.
"""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Change nothing: the new form is told from the old one when it is read."""
