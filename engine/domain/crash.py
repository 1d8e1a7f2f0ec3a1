"""The named points at which a crash is rehearsed (docs/crash-safety.md)."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias


class CrashPoint(StrEnum):
    """Every place where dying is tested; the value is what `CRATELOG_CRASH_AT` names."""

    BEFORE_APPEND = "CP01"
    AFTER_EVENT_ROWS = "CP02"
    AFTER_PROJECTION_ROWS = "CP03"
    AFTER_COMMIT = "CP04"
    AFTER_CLAIM = "CP05"
    AFTER_PROBE = "CP06"
    AFTER_INTENT = "CP07"
    DURING_SEND = "CP08"
    AFTER_RESPONSE = "CP09"
    AFTER_OUTCOME = "CP10"
    BETWEEN_SCAN_PAGES = "CP11"
    BEFORE_SCAN_COMPLETED = "CP12"
    BEFORE_REBUILD_SWAP = "CP13"
    AFTER_REBUILD_SWAP = "CP14"
    DURING_PLAN_WRITE = "CP15"
    BETWEEN_MIGRATIONS = "CP16"
    BEFORE_ANCHOR_FSYNC = "CP17"
    AFTER_FILE_MOVED = "CP18"


Reached: TypeAlias = Callable[[CrashPoint], None]
"""Called at a crash point; does nothing except in a rehearsal."""


def pass_by(point: CrashPoint) -> None:
    """Go on: the answer outside a rehearsal."""
    del point
