"""The root of every event: a frozen value that knows its type in the journal."""

from __future__ import annotations

from typing import ClassVar

from engine.domain.value import Value


class Occurrence(Value, frozen=True, gc=False):
    """Something that happened."""

    TYPE: ClassVar[str]
    SCHEMA_VERSION: ClassVar[int] = 1
