"""A disk that fails once: at the nth transaction of a journal, or at the nth file that is moved or handed over."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from typing_extensions import override

from engine.domain.crash import CrashPoint
from engine.domain.failure import Problem
from engine.domain.recording_events import Audio
from engine.journal.sqlite_journal import SqliteJournal
from engine.ports import AudioOrder, Clock, MediaTools, StagedFile

ERRORS = (
    ("disk I/O error", sqlite3.SQLITE_IOERR),
    ("database or disk is full", sqlite3.SQLITE_FULL),
)


class Moment(StrEnum):
    """Where in a transaction the disk fails."""

    AT_BEGIN = "at begin"
    AT_COMMIT = "at commit"
    AFTER_COMMIT = "after commit"  # the rows are there, and SQLite was not told so


class FailingConnection:
    """A connection whose nth transaction, from 0, fails at one moment; everything else is the real one's."""

    def __init__(self, real: sqlite3.Connection, *, number: int, moment: Moment) -> None:
        self._real = real
        self._left = number
        self._error = ERRORS[number % len(ERRORS)]
        self._moment = moment
        self.failed = False

    def execute(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        """Run a statement, or fail."""
        begins, commits = statement == "BEGIN IMMEDIATE", statement == "COMMIT"
        due = self._left == 0 and not self.failed
        if due and ((begins and self._moment is Moment.AT_BEGIN) or (commits and self._moment is Moment.AT_COMMIT)):
            self._fail()
        cursor = self._real.execute(statement, *parameters)
        if commits:
            if due and self._moment is Moment.AFTER_COMMIT:
                self._fail()
            self._left -= 1
        return cursor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def _fail(self) -> None:
        self.failed = True
        message, code = self._error
        error = sqlite3.OperationalError(message)
        error.sqlite_errorcode = code
        raise error


class FailingJournal(SqliteJournal):
    """A journal one of whose write transactions fails."""

    def __init__(self, path: Path, *, clock: Clock, number: int, moment: Moment) -> None:
        super().__init__(path, clock=clock)
        self.disk = FailingConnection(self._writer, number=number, moment=moment)
        self._writer = self.disk  # type: ignore[assignment]  # it is one in all that a journal asks of it


class FailingMove:
    """A `Reached` that makes the disk fail when the nth file, from 0, has just been moved."""

    def __init__(self, number: int, code: int) -> None:
        self._left = number
        self._code = code
        self.failed = False

    def __call__(self, point: CrashPoint) -> None:
        """Count the files, and fail once."""
        if point is CrashPoint.AFTER_FILE_MOVED:
            self._left -= 1
            if self._left < 0 and not self.failed:
                self.failed = True
                raise OSError(self._code, os.strerror(self._code))


class FailingMedia(MediaTools):
    """Media tools whose nth order, from 0, meets a full disk, or is served with a file that then vanishes."""

    def __init__(self, real: MediaTools, *, number: int, vanishes: bool) -> None:
        self._real = real
        self._left = number
        self._vanishes = vanishes
        self.failed = False

    @override
    def acquire(self, order: AudioOrder, workspace: Path) -> tuple[StagedFile, ...] | Problem:
        self._left -= 1
        if self._left >= 0 or self.failed:
            return self._real.acquire(order, workspace)
        self.failed = True
        if not self._vanishes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        made = self._real.acquire(order, workspace)
        assert not isinstance(made, Problem)
        made[-1].path.unlink()
        return made

    @override
    def inspect(self, path: Path) -> Audio | Problem:
        return self._real.inspect(path)

    @override
    def identity(self, path: Path) -> str | None:
        return self._real.identity(path)

    @override
    def profile(self, path: Path) -> str | None:
        return self._real.profile(path)

    @override
    def requests(self) -> Mapping[str, int]:
        return self._real.requests()
