"""The process that dies: does one thing to a journal, and is killed where `CRATELOG_CRASH_AT` says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.journal.migrate import migrate
from engine.journal.rebuild import rebuild
from engine.journal.sqlite_journal import SqliteJournal
from engine.machine.rehearsal import rehearsal
from tests.journal.made import ENGINE, HeldClock, tracks


def main() -> None:
    """Do what the first argument says to the journal that the second names, and report what was acknowledged."""
    what, path = sys.argv[1], Path(sys.argv[2])
    reached = rehearsal(os.environ.get("CRATELOG_CRASH_AT"))
    if what == "migrate":
        migrate(path, reached=reached)
    elif what == "rebuild":
        rebuild(path, reached=reached)
    else:
        with SqliteJournal(path, clock=HeldClock(), reached=reached) as journal:
            for batch in range(3):
                journal.append(tracks(10 * batch, 10 * batch + 4), ENGINE)
                sys.stdout.write(f"{journal.head().seq}\n")
                sys.stdout.flush()
                journal.anchor()


main()
