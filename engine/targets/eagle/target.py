"""Eagle as a target: one folder per playlist, one item per recording, in one library.

Which library is open is asked before every scan and write, and again after each: ids of another library mean
nothing. The library of the last complete scan, of this process or of the journal, is the only one taken. Items get
an id of our choosing, so that a repeated import meets itself. Nothing here deletes; removal is Eagle's trash.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping

from typing_extensions import override

from engine.domain.crash import Reached, pass_by
from engine.domain.events import RemoteSeen
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Done, Outcome, Probe, Refused, Unclear, Unknown
from engine.domain.plan import Action, Operation
from engine.ports import ScanEnd, ScanPage, Target
from engine.projections.state import State
from engine.targets.eagle.config import EagleConfig
from engine.targets.eagle.connection import REMOTE, Connection, same_path, wrong_library
from engine.targets.eagle.folders import Folders
from engine.targets.eagle.items import BY_HAND_HINT, Items
from engine.targets.failed import Failed, before_sending
from engine.targets.pacing import Pace, unpaced

KINDS = ("folder", "item")
PAGE_ROWS = 1000  # things told of at once


def nothing_known() -> str | None:
    """Know of no library."""
    return None


class EagleTarget(Target):
    """One Eagle library.

    Args:
        config: which Eagle, which library.
        pace: called with the remote's name before every request but an action's own write, for which the workflow
            has taken a place; may wait.
        settle_pace: the same for what is asked after a write to learn what became of it; must not raise.
        settle_wait: waits a number of seconds, while Eagle imports; must not raise.
        remembered: gives the library of the last complete scan of an earlier process, if any; asked once.
        reached: called at crash points.
    """

    def __init__(
        self,
        config: EagleConfig,
        *,
        pace: Pace = unpaced,
        settle_pace: Pace = unpaced,
        settle_wait: Callable[[float], None] = time.sleep,
        remembered: Callable[[], str | None] = nothing_known,
        reached: Reached = pass_by,
    ) -> None:
        self._connection = Connection(config, pace=pace, settle_pace=settle_pace, reached=reached)
        self._remembered = remembered
        self._lock = threading.Lock()
        self._folders = Folders(self._connection)
        self._items = Items(self._connection, wait=settle_wait)

    @property
    @override
    def name(self) -> str:
        return REMOTE

    @property
    @override
    def kinds(self) -> tuple[str, ...]:
        return KINDS

    @override
    def requests(self) -> Mapping[str, int]:
        return {REMOTE: self._connection.sent}

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    def check(self) -> str | Problem:
        """Give the open library's path, or what is wrong; for `sync doctor`. Never writes."""
        library = self._connection.library()
        return library.problem if isinstance(library, Failed) else library

    @override
    def scan(self, kind: str, known: State) -> Iterator[ScanPage | ScanEnd]:
        scope = known.scopes.get(f"{REMOTE}:{kind}")
        if scope and scope.root_identity:
            self._connection.expect(scope.root_identity)
        library = self._connection.library()
        if isinstance(library, Failed):
            yield ScanEnd(complete=False, problem=library.problem)
            return
        seen = self._of(kind).scan()
        if isinstance(seen, Failed):
            yield ScanEnd(complete=False, root_identity=library, problem=seen.problem)
            return
        # A library switched meanwhile would make the old one look empty and the new one look ours.
        after = self._connection.library()
        if not isinstance(after, Failed) and not same_path(after, library):
            after = wrong_library(after, library)
        if isinstance(after, Failed):
            yield ScanEnd(complete=False, root_identity=library, problem=after.problem)
            return
        self._connection.expect(library)
        yield from _paged(seen)
        yield ScanEnd(complete=True, root_identity=library)

    @override
    def probe(self, action: Action) -> Probe:
        self._recall()
        library = self._connection.library()
        if isinstance(library, Failed):
            return Unclear(problem=library.problem)
        return self._of(action.object_kind).probe(action)

    @override
    def send(self, action: Action) -> Outcome:
        self._recall()
        library = self._connection.library()
        if isinstance(library, Failed):
            return before_sending(_by_hand(library) if action.operation is Operation.RESTORE else library)
        with self._connection.one_write():
            outcome = self._of(action.object_kind).send(action)
            return self._in(library, outcome)

    def _recall(self) -> None:
        """Take the library the journal knows before the first scan of this process: what is unknown is probed first."""
        with self._lock:
            remembered, self._remembered = self._remembered, nothing_known
        if path := remembered():
            self._connection.expect(path)

    def _in(self, library: str, outcome: Outcome) -> Outcome:
        """Take an outcome for what it says only if the library is still the one that was checked."""
        if not isinstance(outcome, Done | Refused):
            return outcome
        after = self._connection.library()
        if isinstance(after, str) and not same_path(after, library):
            after = wrong_library(after, library)
        return Unknown(problem=after.problem) if isinstance(after, Failed) else outcome

    def _of(self, kind: str) -> Folders | Items:
        return self._folders if kind == "folder" else self._items


def _by_hand(failed: Failed) -> Failed:
    """Say what a person can do where Eagle is too old: V1 puts things into the trash, and takes none out."""
    if failed.problem.failure is not FailureClass.UNSUPPORTED:
        return failed
    return failed.hinting(f"{BY_HAND_HINT}, or {failed.problem.hint}")


def _paged(seen: tuple[RemoteSeen, ...]) -> Iterator[ScanPage]:
    for start in range(0, len(seen), PAGE_ROWS):
        yield ScanPage(seen=seen[start : start + PAGE_ROWS])
