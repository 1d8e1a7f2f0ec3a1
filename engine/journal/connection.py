"""Connections to a journal: one way to open a writer, one way to open a reader, both with their doors locked.

Schema changes, updates of events and switched-off safety are denied by an authorizer on every connection made
here; `migrate.py` is the only place that connects otherwise.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.domain.errors import StorageError, UsageError
from engine.journal.faults import fault, is_busy

T = TypeVar("T")

BUSY_TIMEOUT_S = 10.0
"""How long one try waits for another process's write; its units take milliseconds."""

UNIT_TRIES_MAX = 5
"""How often a whole unit is tried when the database stays locked."""

CHECKPOINT_PAGES = 4000
"""The writer moves the write-ahead log into the database every 16 MB."""

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.rclone", "fuse.glusterfs"}
)
"""Where SQLite's locks and shared memory cannot be relied on (sqlite.org/wal.html)."""

_DENIED = frozenset(
    {
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_CREATE_INDEX,
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
        sqlite3.SQLITE_CREATE_TRIGGER,
        sqlite3.SQLITE_CREATE_VIEW,
        sqlite3.SQLITE_CREATE_VTABLE,
        sqlite3.SQLITE_DROP_INDEX,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_DROP_TRIGGER,
        sqlite3.SQLITE_DROP_VIEW,
        sqlite3.SQLITE_DROP_VTABLE,
    }
)
_PROTECTED = frozenset({"event", "alembic_version"})  # SQLite protects its own tables while no pragma can be set
_ASKABLE = frozenset({"data_version", "integrity_check", "quick_check", "table_info", "table_xinfo", "index_list"})


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _inside: str | None) -> int:
    changes_history = action in (sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE) and first in _PROTECTED
    # A pragma with an argument sets something, except for those that only ever answer.
    sets_pragma = action == sqlite3.SQLITE_PRAGMA and first not in _ASKABLE and second is not None
    denied = action in _DENIED or changes_history or sets_pragma
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK


def open_writer(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S, checkpoints: bool = True) -> sqlite3.Connection:
    """Give a connection that may append; `checkpoints` is for the one that also keeps the log short.

    Raises:
        UsageError: there is no such file.
        StorageError: it is not writable, or on a network file system.
    """
    refuse_network(path)
    connection = _connect(path, "rw", busy_timeout_s)
    return _configured(
        connection,
        path,
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES if checkpoints else 0}",
    )


def open_reader(
    path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S, through_views: bool = False
) -> sqlite3.Connection:
    """Give a connection that cannot write; `through_views` lets it use the views of `views.sql`.

    SQLite does not count its JSON functions among those that a view may use in an untrusted schema.

    Raises:
        UsageError: there is no such file.
        StorageError: it is not readable.
    """
    trust = f"PRAGMA trusted_schema = {'ON' if through_views else 'OFF'}"
    return _configured(_connect(path, "ro", busy_timeout_s), path, trust, "PRAGMA query_only = ON")


def _connect(path: Path, mode: str, busy_timeout_s: float) -> sqlite3.Connection:
    if not path.is_file():
        hint = "Run `sync init`, or check --home and CRATELOG_HOME."
        raise UsageError(f"{path}: there is no journal here", hint=hint)
    try:
        return sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            timeout=busy_timeout_s,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
    except sqlite3.Error as error:
        raise fault(error, path) from error


def _configured(connection: sqlite3.Connection, path: Path, *pragmas: str) -> sqlite3.Connection:
    try:
        for pragma in (
            "PRAGMA foreign_keys = ON",
            "PRAGMA recursive_triggers = ON",
            "PRAGMA trusted_schema = OFF",
            "PRAGMA cell_size_check = ON",
            "PRAGMA temp_store = MEMORY",
            *pragmas,
        ):
            connection.execute(pragma).fetchall()
    except sqlite3.Error as error:
        connection.close()
        raise fault(error, path) from error
    connection.set_authorizer(_authorize)
    return connection


def in_unit(connection: sqlite3.Connection, path: Path, work: Callable[[], T]) -> T:
    """Do work in one write transaction, the whole of it again when the database is busy, and give its result.

    Raises:
        EngineError: SQLite failed; nothing of the unit is kept.
    """
    tries = 0
    while True:
        tries += 1
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = work()
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            abandon(connection)
            if is_busy(error) and tries < UNIT_TRIES_MAX:
                continue
            raise fault(error, path) from error
        except BaseException:
            abandon(connection)
            raise
        else:
            return result


def abandon(connection: sqlite3.Connection) -> None:
    """Roll a transaction back, if one is still open; a full disk may have ended it already."""
    if connection.in_transaction:
        connection.rollback()


def refuse_network(path: Path, mounts: Path = Path("/proc/self/mounts")) -> None:
    """Check that a journal lies on a disk of this machine, where the system says what is mounted.

    Raises:
        StorageError: it lies on a network file system.
    """
    if not mounts.is_file():
        return
    folder = path.resolve().parent
    best = (0, "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _device, point, kind, *_rest = line.split(" ")
        mounted = Path(point.replace("\\040", " "))
        if (folder == mounted or mounted in folder.parents) and len(mounted.parts) >= best[0]:
            best = (len(mounted.parts), kind)
    if best[1] in NETWORK_FILE_SYSTEMS:
        raise StorageError(
            f"{path}: a journal on {best[1]} would be damaged sooner or later",
            hint="Put CRATELOG_HOME on a disk of this machine; music folders may stay where they are.",
        )
