"""Reads `--at`: a journal position or a time, as the seq it stands for."""

from __future__ import annotations

from datetime import datetime

from engine.domain.errors import UsageError
from engine.ports import Journal
from engine.projections.state import State


def seq_of(journal: Journal, text: str) -> int:
    """Give the seq that `--at` means; a time without a zone is in the machine's own.

    Raises:
        UsageError: it is neither, lies past the head, or before the first event.
    """
    head = journal.head().seq
    if text.isdecimal():
        seq = int(text)
    else:
        try:
            seq = journal.seq_at(int(datetime.fromisoformat(text).astimezone().timestamp() * 1_000_000))
        except (ValueError, OverflowError):
            raise UsageError(
                f"`{text}` is neither a journal position nor a time", hint="for example 120, or 2026-05-01T18:30"
            ) from None
    if not 0 < seq <= head:
        raise UsageError(f"the journal holds nothing at `{text}`", hint=f"it has events 1 to {head}")
    return seq


def time_of(journal: Journal, state: State) -> int:
    """Give when the last event was recorded that a state knows of."""
    return next(iter(journal.read(after=state.head_seq - 1, until=state.head_seq))).recorded_us
