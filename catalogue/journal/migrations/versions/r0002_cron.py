"""Sources may be harvested at times of the day.

Revision: 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Give sources their times; those registered before have none."""
    op.add_column("source", sa.Column("cron", sa.Text()))
