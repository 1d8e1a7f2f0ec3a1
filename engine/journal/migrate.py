"""Brings a journal's schema to this program's: creates it, or migrates it step by step after a backup.

The only module that runs Alembic, and the only one whose connection has no authorizer. Interrupted between two
steps it is simply run again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.crash import CrashPoint, Reached, pass_by
from engine.domain.errors import EngineError, NewerJournalError
from engine.journal.backup import backup
from engine.journal.connection import refuse_network
from engine.journal.faults import fault
from engine.journal.rebuild import is_stale, rebuild
from engine.journal.schema import HEAD_REVISION, REVISIONS, revision_of

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Engine

MIGRATION_WAIT_S = 30.0
"""How long a step waits for another process to finish writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What a migration did: the revisions applied, the copy made before them, whether rows were computed anew."""

    applied: tuple[str, ...]
    backup: Path | None
    rebuilt: bool


def migrate(path: Path, *, reached: Reached = pass_by, backup_to: Path | None = None) -> Migrated:
    """Bring a journal to the newest schema and folds, making it when there is none, and say what was done.

    Raises:
        NewerJournalError: its schema is not known here.
        StorageError: the disk does not take it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    refuse_network(path)
    revision = _revision_at(path)
    pending = _pending(revision, path)
    copy = None
    if pending and revision is not None:
        copy = backup_to or path.with_name(f"{path.stem}.before-{HEAD_REVISION}.sqlite3")
        backup(path, copy)
    for step in pending:
        _translated(path, partial(_upgrade, path, step))
        reached(CrashPoint.BETWEEN_MIGRATIONS)
    stale = is_stale(path)
    if stale:
        rebuild(path, reached=reached)
    return Migrated(applied=pending, backup=copy, rebuilt=stale)


def is_unbegun(path: Path) -> bool:
    """Say whether there is no journal yet, or one whose making was cut off before its first event."""
    if not path.is_file():
        return True
    try:
        with closing(sqlite3.connect(path, timeout=MIGRATION_WAIT_S)) as connection:
            begun = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone()
            return begun is None or connection.execute("SELECT 1 FROM event LIMIT 1").fetchone() is None
    except sqlite3.Error as error:
        raise fault(error, path) from error


def migrations_folder() -> Path:
    """Give the folder of the migration scripts: inside the installed package, or at the top of a checkout."""
    installed = Path(__file__).with_name("migrations")
    return installed if installed.is_dir() else Path(__file__).parents[2] / "migrations"


def alembic_config(path: Path | None = None) -> Config:
    """Give Alembic's configuration for a journal, without any file of its own."""
    from alembic.config import Config  # noqa: PLC0415 - heavy, and only migrations need it

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["journal"] = path
    return config


def migration_engine(path: Path) -> Engine:
    """Give a SQLAlchemy engine whose transactions take the write lock at their beginning, schema changes included."""
    from sqlalchemy import Connection, create_engine, event  # noqa: PLC0415 - heavy, and only migrations need it
    from sqlalchemy.pool import NullPool  # noqa: PLC0415 - the same

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=MIGRATION_WAIT_S, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "recursive_triggers = ON", "trusted_schema = OFF"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "begin", begin)
    return engine


def _upgrade(path: Path, step: str) -> None:
    from alembic import command  # noqa: PLC0415 - heavy, and only migrations need it

    config = alembic_config(path)
    engine = migration_engine(path)
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, step)
    finally:
        engine.dispose()


def _translated(path: Path, work: Callable[[], None]) -> None:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - heavy, and only migrations need it

    try:
        work()
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise fault(error.orig, path) from error
        raise EngineError(str(error), hint="Report this, with the output of `sync doctor`.") from error
    except sqlite3.Error as error:
        raise fault(error, path) from error


def _revision_at(path: Path) -> str | None:
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=MIGRATION_WAIT_S)) as connection:
            return revision_of(connection)
    except sqlite3.Error as error:
        raise fault(error, path) from error


def _pending(revision: str | None, path: Path) -> tuple[str, ...]:
    if revision is None:
        return REVISIONS
    if revision not in REVISIONS:
        raise NewerJournalError(
            f"{path} has schema {revision}, this program knows up to {HEAD_REVISION}",
            hint="Install the version of Cratelog that wrote it, or a newer one.",
        )
    return REVISIONS[REVISIONS.index(revision) + 1 :]
