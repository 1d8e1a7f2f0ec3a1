"""Rows of the questions that a person decides, and the view people query them by.

Revision 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.journal.schema import refuse_downgrade, shipped_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what can be computed again from the events."""
    op.create_table(
        "p_questions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_strict=True,
    )
    for statement in shipped_statements("views_questions.sql"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Refuse: history is not taken back."""
    refuse_downgrade()
