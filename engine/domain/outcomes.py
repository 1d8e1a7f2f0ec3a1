"""What comes of an attempt, of a probe and of a scan: values, never exceptions."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from engine.domain.events import Event, RemoteSeen
from engine.domain.failure import Problem
from engine.domain.value import Fields, Value


class Done(Value, frozen=True):
    """The target answered, and its answer shows our fields holding our values."""

    remote_id: str
    held: Fields
    seen: RemoteSeen | None = None
    facts: tuple[Event, ...] = ()
    evidence: str = ""


class Deferred(Value, frozen=True):
    """The target asked us to come back later; nothing was applied."""

    problem: Problem


class Refused(Value, frozen=True):
    """Definitely not applied, and no repetition will help."""

    problem: Problem
    facts: tuple[Event, ...] = ()


class Unknown(Value, frozen=True):
    """It may or may not have been applied; only a probe can tell."""

    problem: Problem


Outcome: TypeAlias = Done | Deferred | Refused | Unknown


class Present(Value, frozen=True):
    """A probe found exactly one live object with the key."""

    seen: RemoteSeen
    facts: tuple[Event, ...] = ()


class Absent(Value, frozen=True):
    """A probe that could see found nothing with the key."""


class Duplicated(Value, frozen=True):
    """A probe found several live objects with one key."""

    remote_ids: tuple[str, ...]


class Unclear(Value, frozen=True):
    """The probe itself failed."""

    problem: Problem


Probe: TypeAlias = Present | Absent | Duplicated | Unclear


def headline(outcome: Outcome) -> str:
    """Say the outcome in one line, for the terminal and the report alike."""
    match outcome:
        case Done(remote_id=remote_id):
            return f"done ({remote_id})"
        case Deferred(problem=problem):
            return f"deferred: {problem.detail}"
        case Refused(problem=problem):
            return f"refused: {problem.detail}"
        case Unknown(problem=problem):
            return f"unknown: {problem.detail}"
        case _:
            assert_never(outcome)
