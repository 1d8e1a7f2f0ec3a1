"""Outcomes that folders and items of Eagle have in common. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain.events import RemoteSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Done, Duplicated, Present, Probe, Refused
from engine.domain.value import Fields
from engine.targets.eagle.mapping import differing, expected


def judged(written: Fields, seen: RemoteSeen) -> Done | Refused:
    """Compare what was written with what a read-back shows."""
    wrong = differing(written, seen)
    if wrong:
        detail = f"Eagle answered, but does not show what was written to: {', '.join(wrong)}"
        hint = "look at it in Eagle; `sync refetch` tries it again"
        problem = Problem(failure=FailureClass.INVALID_REQUEST, detail=detail, hint=hint)
        return Refused(problem=problem, facts=(seen,))
    held = {field: seen.fields[field] for field in expected(written)}
    return Done(remote_id=seen.remote_id, held=held, seen=seen, evidence="reading it back shows every field")


def missing(key: str, hint: str = "") -> Refused:
    """Build the refusal of a change to something that is not there."""
    detail = f"Eagle has nothing to change for {key}"
    hint = hint or "nothing to do: the next run looks again and plans anew"
    return Refused(problem=Problem(failure=FailureClass.NOT_FOUND, detail=detail, hint=hint))


def probed(found: Sequence[RemoteSeen]) -> Probe:
    """Say what the things found with one key amount to."""
    if len(found) > 1:
        return Duplicated(remote_ids=tuple(sorted(seen.remote_id for seen in found)))
    return Present(seen=found[0]) if found else Absent()
