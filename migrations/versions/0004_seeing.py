"""Rows of what was looked up elsewhere and of how sources are reached, and the views people query them by.

Revision 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.journal.schema import refuse_downgrade, shipped_statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PROJECTIONS = ("resolutions", "enrichments", "access", "capabilities", "credentials")


def upgrade() -> None:
    """Create what can be computed again from the events."""
    for name in PROJECTIONS:
        op.create_table(
            f"p_{name}",
            sa.Column("key", sa.Text(), nullable=False),
            sa.Column("seq", sa.Integer(), nullable=False),
            sa.Column("data", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("key"),
            sqlite_strict=True,
        )
    for statement in shipped_statements("views_seeing.sql"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Refuse: history is not taken back."""
    refuse_downgrade()
