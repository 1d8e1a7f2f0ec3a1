"""A secret that cannot be printed by accident: turning it into text shows dots; only `reveal` does not."""

from __future__ import annotations

from typing_extensions import override

MASK = "••••••••"


class Secret(str):
    """A token or key; `repr`, `str` and `format` are masked, `reveal()` gives the text."""

    __slots__ = ()

    def reveal(self) -> str:
        """Give the text itself, for the one place that sends it."""
        return str.__str__(self)

    @override
    def __repr__(self) -> str:
        return f"Secret({MASK})"

    @override
    def __str__(self) -> str:
        return MASK

    @override
    def __format__(self, format_spec: str, /) -> str:
        return format(MASK, format_spec)
