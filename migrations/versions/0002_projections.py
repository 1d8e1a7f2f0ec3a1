"""Projection rows, coordination between processes, and the views people query.

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.journal.schema import refuse_downgrade, shipped_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PROJECTIONS = (
    "sightings",
    "playlists",
    "recordings",
    "renditions",
    "remotes",
    "objects",
    "actions",
    "conflicts",
    "runs",
    "scopes",
    "health",
)


def upgrade() -> None:
    """Create everything that can be computed again, or forgotten."""
    op.create_table(
        "projection_state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
    )
    for name in PROJECTIONS:
        op.create_table(
            f"p_{name}",
            sa.Column("key", sa.Text(), nullable=False),
            sa.Column("seq", sa.Integer(), nullable=False),
            sa.Column("data", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("key"),
            sqlite_strict=True,
        )
    op.create_table(
        "lease",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("expires_us", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("resource"),
        sqlite_strict=True,
    )
    op.create_table(
        "rate",
        sa.Column("remote", sa.Text(), nullable=False),
        sa.Column("next_us", sa.Integer(), nullable=False),
        sa.Column("blocked_until_us", sa.Integer(), nullable=False),
        sa.Column("unknowns", sa.Integer(), nullable=False),
        sa.Column("tripped_until_us", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("remote"),
        sqlite_strict=True,
    )
    for statement in shipped_statements("views.sql"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Refuse: history is not taken back."""
    refuse_downgrade()
