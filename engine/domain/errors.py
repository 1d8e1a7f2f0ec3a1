"""Faults: what stops the program, each with a hint and the exit code it ends with.

An error's docstring is its message's first half; a remote's answer is never an error but a value (`outcomes`).
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the program ends with; documented in docs/exit-codes.md."""

    FINE = 0
    UNEXPECTED = 1
    USAGE = 2
    CHANGES_PENDING = 10
    DRIFT = 11
    PARTIAL = 20
    NEEDS_PERSON = 21
    GUARDED = 22
    PLAN_STALE = 23
    LOCK_HELD = 24
    INTEGRITY = 30
    MIGRATION_NEEDED = 31
    TRY_LATER = 75
    INTERRUPTED = 130


class EngineError(Exception):
    """Something stopped the program."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED

    def __init__(self, detail: str, *, hint: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint


class ConcurrencyConflictError(EngineError):
    """Another writer was there first."""


class IdempotencyConflictError(EngineError):
    """An event id is taken by other content."""


class IntegrityError(EngineError):
    """The journal is not what was written."""

    exit_code = ExitCode.INTEGRITY


class NewerJournalError(EngineError):
    """The journal was written by a newer version."""

    exit_code = ExitCode.INTEGRITY


class MigrationNeededError(EngineError):
    """The journal's schema is older than the program."""

    exit_code = ExitCode.MIGRATION_NEEDED


class SettingsError(EngineError):
    """The configuration cannot be used."""

    exit_code = ExitCode.USAGE


class UsageError(EngineError):
    """What was asked for does not exist."""

    exit_code = ExitCode.USAGE


class LockHeldError(EngineError):
    """Another process holds the lock."""

    exit_code = ExitCode.LOCK_HELD


class PlanStaleError(EngineError):
    """The plan was made for another journal, configuration or world."""

    exit_code = ExitCode.PLAN_STALE


class StorageError(EngineError):
    """The disk does not take or give what it should."""

    exit_code = ExitCode.TRY_LATER


class InterruptedRunError(EngineError):
    """The person asked to stop."""

    exit_code = ExitCode.INTERRUPTED
