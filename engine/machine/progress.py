"""Progress for when nobody looks."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from typing_extensions import override

from engine.ports import Progress


class NoProgress(Progress):
    """Says nothing."""

    @override
    def stage(self, name: str, total: int | None) -> AbstractContextManager[None]:
        return nullcontext()

    @override
    def advance(self, label: str) -> None:
        """Say nothing."""

    @override
    def say(self, line: str) -> None:
        """Say nothing."""
