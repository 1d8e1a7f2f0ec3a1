"""Events of the journal itself and of runs."""

from __future__ import annotations

from typing import ClassVar

from engine.domain.occurrence import Occurrence


class JournalCreated(Occurrence, frozen=True, gc=False):
    """The journal began; always seq 1."""

    TYPE: ClassVar[str] = "journal.created"
    STREAM: ClassVar[tuple[str, str]] = ("journal", "")
    journal_id: str
    program_version: str


class RunStarted(Occurrence, frozen=True, gc=False):
    """An invocation that may append events began."""

    TYPE: ClassVar[str] = "run.started"
    STREAM: ClassVar[tuple[str, str]] = ("run:", "run_id")
    run_id: str
    command: str
    arguments: tuple[str, ...]  # never a secret
    config_hash: str
    program_version: str


class RunCheckpointed(Occurrence, frozen=True, gc=False):
    """A run finished a part of its work."""

    TYPE: ClassVar[str] = "run.checkpointed"
    STREAM: ClassVar[tuple[str, str]] = ("run:", "run_id")
    run_id: str
    scope: str
    window: str
    count: int


class RunFinished(Occurrence, frozen=True, gc=False):
    """A run ended in order; a run without this was cut off."""

    TYPE: ClassVar[str] = "run.finished"
    STREAM: ClassVar[tuple[str, str]] = ("run:", "run_id")
    run_id: str
    exit_code: int
    counts: dict[str, int]  # outcome → how many
    requests: dict[str, int]  # remote → how many
    stages: dict[str, int]  # stage → milliseconds
    inputs_digest: str | None = None  # what the last plan was computed from, when it was empty
