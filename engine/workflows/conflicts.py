"""What a person decides of a conflict, and what each kind of conflict takes. A decision is an event, nothing else."""

from __future__ import annotations

import msgspec

from engine.domain import events as e
from engine.domain.envelope import Draft
from engine.domain.errors import UsageError
from engine.ports import Journal
from engine.projections.rows import Conflict
from engine.projections.state import State
from engine.workflows.decide import PERSON, Decided
from engine.workflows.lookup import find_one, thing_label

READS: tuple[str, ...] = ("conflicts", "sightings", "recordings", "playlists")
"""The projections that conflicts are shown from."""

CHOICES = ("ours", "theirs")
WHOLE_OBJECT = "(object)"
REMOVAL = "it left every playlist, but somebody edited"
"""How the reason of a conflict over a removal begins."""

DOUBLED = "several objects carry one key"
_UNKEY = {
    "notion": "clear the `Sync Key` of the copies",
    "eagle": "take the `cratelog:` line out of the notes of the copies",
    "library": "take the `#CRATELOG:` line out of the copies",
}
_UNLIKE = "change that field on the others"


class OpenConflict(Conflict, frozen=True):
    """A conflict nobody has decided: what it is about, by name, and what a person can do."""

    label: str = ""
    way_out: str = ""


def open_conflicts(state: State) -> tuple[OpenConflict, ...]:
    """Give the conflicts nobody has decided, oldest first."""
    rows = sorted((row for row in state.conflicts.values() if row.choice is None), key=lambda row: row.opened_seq)
    return tuple(
        OpenConflict(**msgspec.structs.asdict(row), label=thing_label(state, row.key), way_out=way_out(row))
        for row in rows
    )


def way_out(row: Conflict) -> str:
    """Say what ends a conflict."""
    if row.reason.startswith(REMOVAL):
        return f"sync resolve {row.conflict_id} ours removes it, theirs keeps it"
    if row.field != WHOLE_OBJECT:
        return f"sync resolve {row.conflict_id} ours writes our value, theirs keeps what is there"
    other = _UNKEY.get(row.target, "take the key off the copies") if row.reason.startswith(DOUBLED) else _UNLIKE
    return f"trash all but one there, or {other}; then sync reconcile"


def resolve(journal: Journal, thing: str, choice: str) -> Decided:
    """Record a person's decision of a conflict; the next plan acts on it.

    Raises:
        UsageError: there is no such conflict, the choice is none, or the conflict ends only where it lies.
    """
    if choice not in CHOICES:
        raise UsageError(f"`{choice}` is no choice", hint="say ours (write our value) or theirs (take theirs)")
    state = journal.state(only=READS)
    row = state.conflicts[find_one(state, thing, ("conflict",)).key]
    said = _said(state, row)
    if row.field == WHOLE_OBJECT and not row.reason.startswith(REMOVAL):
        raise UsageError(f"{said} cannot be decided from here: {row.reason}", hint=way_out(row))
    if row.choice == choice:
        return Decided(what="resolved", key=row.conflict_id, label=f"{said}: {choice}", seq=None)
    event = e.ConflictResolved(conflict_id=row.conflict_id, choice=choice)
    seq = journal.append([Draft(event=event)], PERSON)[-1]
    return Decided(what="resolved", key=row.conflict_id, label=f"{said}: {choice}", seq=seq)


def _said(state: State, row: Conflict) -> str:
    part = "" if row.field == WHOLE_OBJECT else f"{row.field} of "
    return f"{part}{row.target} {row.object_kind} {thing_label(state, row.key)}"
