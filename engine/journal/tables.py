"""The journal's tables, declared once; Alembic compares its migrations with this (`alembic check`).

Imported by migrations and tests only: writing and reading go through the driver, and starting must not pay for
SQLModel. Triggers and views live in `guards.sql` and `views.sql`.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

STRICT = {"sqlite_strict": True}


class JournalTable(SQLModel, registry=registry()):
    """The root of every table here, with its own metadata, so that no other SQLModel class mixes in."""


class EventTable(JournalTable, table=True):
    """One event a row; append-only (guards.sql)."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("event_id", name="event_id_once"),
        UniqueConstraint("stream", "version", name="event_stream_version_once"),
        STRICT,
    )

    seq: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    event_id: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    stream: str = Field(sa_column=Column(Text, nullable=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    type: str = Field(sa_column=Column(Text, nullable=False))
    schema_version: int = Field(sa_column=Column(Integer, nullable=False))
    occurred_us: int | None = Field(sa_column=Column(Integer))
    recorded_us: int = Field(sa_column=Column(Integer, nullable=False))
    actor: str = Field(sa_column=Column(Text, nullable=False))
    run_id: str | None = Field(sa_column=Column(Text))
    correlation_id: str | None = Field(sa_column=Column(Text))
    causation_id: int | None = Field(sa_column=Column(Integer))
    fence: int | None = Field(sa_column=Column(Integer))
    data: str = Field(sa_column=Column(Text, nullable=False))
    meta: str | None = Field(sa_column=Column(Text))
    prev_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ProjectionStateTable(JournalTable, table=True):
    """How far each projection is, by which fold, and the digest of its rows."""

    __tablename__ = "projection_state"
    __table_args__ = (STRICT,)

    name: str = Field(sa_column=Column(Text, primary_key=True))
    code_hash: str = Field(sa_column=Column(Text, nullable=False))
    last_seq: int = Field(sa_column=Column(Integer, nullable=False))
    digest: str = Field(sa_column=Column(Text, nullable=False))


class LeaseTable(JournalTable, table=True):
    """One resource's claim; the fence outlives every holder."""

    __tablename__ = "lease"
    __table_args__ = (STRICT,)

    resource: str = Field(sa_column=Column(Text, primary_key=True))
    owner: str = Field(sa_column=Column(Text, nullable=False))
    fence: int = Field(sa_column=Column(Integer, nullable=False))
    expires_us: int = Field(sa_column=Column(Integer, nullable=False))


class RateTable(JournalTable, table=True):
    """One remote's rate limit, block, unknowns in a row and breaker."""

    __tablename__ = "rate"
    __table_args__ = (STRICT,)

    remote: str = Field(sa_column=Column(Text, primary_key=True))
    next_us: int = Field(sa_column=Column(Integer, nullable=False))
    blocked_until_us: int = Field(sa_column=Column(Integer, nullable=False))
    unknowns: int = Field(sa_column=Column(Integer, nullable=False))
    tripped_until_us: int = Field(sa_column=Column(Integer, nullable=False))


class RowTable(JournalTable):
    """The shape of every projection's table: `p_<name>`."""

    __table_args__ = (STRICT,)

    key: str = Field(primary_key=True, sa_type=Text)
    seq: int = Field(sa_type=Integer)
    data: str = Field(sa_type=Text)


class SightingsTable(RowTable, table=True):
    """Rows of the projection `sightings`."""

    __tablename__ = "p_sightings"


class PlaylistsTable(RowTable, table=True):
    """Rows of the projection `playlists`."""

    __tablename__ = "p_playlists"


class RecordingsTable(RowTable, table=True):
    """Rows of the projection `recordings`."""

    __tablename__ = "p_recordings"


class RenditionsTable(RowTable, table=True):
    """Rows of the projection `renditions`."""

    __tablename__ = "p_renditions"


class RemotesTable(RowTable, table=True):
    """Rows of the projection `remotes`."""

    __tablename__ = "p_remotes"


class ObjectsTable(RowTable, table=True):
    """Rows of the projection `objects`."""

    __tablename__ = "p_objects"


class ActionsTable(RowTable, table=True):
    """Rows of the projection `actions`."""

    __tablename__ = "p_actions"


class ConflictsTable(RowTable, table=True):
    """Rows of the projection `conflicts`."""

    __tablename__ = "p_conflicts"


class QuestionsTable(RowTable, table=True):
    """Rows of the projection `questions`."""

    __tablename__ = "p_questions"


class RunsTable(RowTable, table=True):
    """Rows of the projection `runs`."""

    __tablename__ = "p_runs"


class ScopesTable(RowTable, table=True):
    """Rows of the projection `scopes`."""

    __tablename__ = "p_scopes"


class HealthTable(RowTable, table=True):
    """Rows of the projection `health`."""

    __tablename__ = "p_health"


class ResolutionsTable(RowTable, table=True):
    """Rows of the projection `resolutions`."""

    __tablename__ = "p_resolutions"


class EnrichmentsTable(RowTable, table=True):
    """Rows of the projection `enrichments`."""

    __tablename__ = "p_enrichments"


class AccessTable(RowTable, table=True):
    """Rows of the projection `access`."""

    __tablename__ = "p_access"


class CapabilitiesTable(RowTable, table=True):
    """Rows of the projection `capabilities`."""

    __tablename__ = "p_capabilities"


class CredentialsTable(RowTable, table=True):
    """Rows of the projection `credentials`."""

    __tablename__ = "p_credentials"
