"""What SQLite's errors mean to a person: each becomes a fault with a hint. Nothing is retried here."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from engine.domain.errors import EngineError, IntegrityError, LockHeldError, StorageError

_PRIMARY = 0xFF  # the low byte of an extended result code is its primary code

_HINTS = {
    sqlite3.SQLITE_FULL: (StorageError, "the disk is full", "Free some space and run the command again."),
    sqlite3.SQLITE_READONLY: (
        StorageError,
        "the journal cannot be written",
        "Check the owner and the permissions of the file and its folder, and how the volume is mounted.",
    ),
    sqlite3.SQLITE_IOERR: (
        StorageError,
        "the disk gives errors",
        "Check free space, quota and the health of the disk.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StorageError,
        "the journal cannot be opened",
        "Check that its folder exists and that you may read and write it.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        IntegrityError,
        "the database is damaged",
        "Restore the last backup, or import the last export into a new journal.",
    ),
    sqlite3.SQLITE_NOTADB: (
        IntegrityError,
        "this file is not a journal",
        "Check the path; if it was a journal, restore the last backup.",
    ),
    sqlite3.SQLITE_BUSY: (
        LockHeldError,
        "another process keeps the journal locked",
        "Wait for the other `sync` to end, or stop it, and run the command again.",
    ),
    sqlite3.SQLITE_LOCKED: (
        LockHeldError,
        "another connection keeps a table locked",
        "Wait for the other `sync` to end, or stop it, and run the command again.",
    ),
    sqlite3.SQLITE_AUTH: (
        IntegrityError,
        "the journal refuses this statement",
        "Events are only ever appended; schema changes go through `sync migrate`.",
    ),
    sqlite3.SQLITE_CONSTRAINT: (
        IntegrityError,
        "the journal's guards refused a row",
        "Run `sync verify`, and report what it says.",
    ),
}


def primary_code(error: sqlite3.Error) -> int:
    """Give SQLite's primary result code; 0 when the driver itself complained."""
    return int(getattr(error, "sqlite_errorcode", 0)) & _PRIMARY


def is_busy(error: sqlite3.Error) -> bool:
    """Say whether trying the whole unit again makes sense."""
    return primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def fault(error: sqlite3.Error, path: Path) -> EngineError:
    """Give the fault that a SQLite error amounts to."""
    kind, what, hint = _HINTS.get(
        primary_code(error),
        (StorageError, "the journal cannot be used", "Run `sync doctor`."),
    )
    return kind(f"{path}: {what} ({error})", hint=hint)
