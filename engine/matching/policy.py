"""The matching policy: every weight, gate and choice in one value, so that it can be shown, changed and replayed."""

from __future__ import annotations

from engine.domain.canonical import short_id
from engine.domain.value import Value


class MatchingPolicy(Value, frozen=True):
    """How evidence becomes a decision; equal policies and equal things give equal decisions."""

    explicit: str = "ask"  # explicit against clean: "same", "ask", "different"
    radio_edit: str = "different"
    remaster: str = "ask"

    @property
    def version(self) -> str:
        """Name this policy, for the events that record what it decided."""
        return "matching-1-" + short_id("matching", *(str(getattr(self, name)) for name in self.__struct_fields__))[:6]


DEFAULT = MatchingPolicy()
