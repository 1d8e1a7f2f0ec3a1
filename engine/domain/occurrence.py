"""The root of every event: a frozen value that knows its type in the journal and the stream it belongs to."""

from __future__ import annotations

from typing import ClassVar

from engine.domain.value import Value


class Occurrence(Value, frozen=True, gc=False):
    """Something that happened."""

    TYPE: ClassVar[str]
    SCHEMA_VERSION: ClassVar[int] = 1
    STREAM: ClassVar[tuple[str, str]]  # prefix, and the field that completes it ("" when the prefix is whole)

    @property
    def stream(self) -> str:
        """Name the stream the event belongs to."""
        prefix, field = self.STREAM
        return prefix + getattr(self, field) if field else prefix
