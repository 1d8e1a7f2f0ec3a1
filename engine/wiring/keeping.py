"""What keeps a journal safe, by the settings' path: verify, replay, rebuild, back up, exchange, migrate, ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.crash import Reached
from engine.ports import Head
from engine.settings.model import Settings
from engine.wiring.app import journal_path

if TYPE_CHECKING:
    from engine.journal.audit.reader import Answer, Question
    from engine.journal.migrate import Migrated
    from engine.journal.rebuild import Rebuilt
    from engine.journal.verify import Verified
    from engine.workflows.replay import ReplayReport


def replay(settings: Settings) -> ReplayReport:
    """Fold the journal again, in memory, and compare."""
    from engine.journal.replay import replay  # the name is the verb people know
    from engine.workflows.replay import replay_report

    found = replay(journal_path(settings))
    return replay_report(found.head_seq, found.folded, found.live)


def rebuild(settings: Settings, reached: Reached) -> Rebuilt:
    """Fold the journal again and swap the result in."""
    from engine.journal.rebuild import rebuild

    return rebuild(journal_path(settings), reached=reached)


def verify(settings: Settings) -> Verified:
    """Prove that the journal is what was written."""
    from engine.journal.verify import verify

    return verify(journal_path(settings))


def backup(settings: Settings, copy: Path) -> Path:
    """Copy the journal, also while it is in use."""
    from engine.journal.backup import backup

    return backup(journal_path(settings), copy)


def export(settings: Settings) -> Iterator[bytes]:
    """Give the journal as JSON Lines."""
    from engine.journal.exchange import export_lines

    return export_lines(journal_path(settings))


def import_(settings: Settings, lines: Iterable[bytes]) -> Head:
    """Fill an empty journal from JSON Lines."""
    from engine.journal.exchange import import_lines

    return import_lines(journal_path(settings), lines)


def migrate(settings: Settings, reached: Reached) -> Migrated:
    """Bring the journal's schema and rows up to date."""
    from engine.journal.migrate import migrate

    return migrate(journal_path(settings), reached=reached)


def questions() -> tuple[Question, ...]:
    """Give the questions that are shipped."""
    from engine.journal.audit.reader import questions

    return questions()


def ask(settings: Settings, sql: str, parameters: Mapping[str, str]) -> Answer:
    """Answer SQL over the journal, read-only."""
    from engine.journal.audit.reader import ask

    return ask(journal_path(settings), sql, parameters)
