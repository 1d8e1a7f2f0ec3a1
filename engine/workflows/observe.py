"""Observe: read targets, append what differs from what is known, and say how each scan ended.

An observation is appended only when its content differs from the last one; an incomplete scan proves presence,
never absence (design §3, §9; I23, I42, I50).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.domain.canonical import digest
from engine.domain.crash import CrashPoint
from engine.domain.envelope import Draft, observed
from engine.domain.events import (
    RemoteMissed,
    RenditionMissed,
    RenditionReturned,
    ScanCompleted,
)
from engine.domain.failure import FailureClass, Problem
from engine.domain.references import remote_key
from engine.ports import ScanEnd, ScanPage, Target
from engine.projections.observed import shows_remote
from engine.projections.rows import Rendition, Scope
from engine.projections.state import State
from engine.reconciler.schedule import SECOND_US
from engine.workflows.limits import blocked, heed_block
from engine.workflows.listing import COLLAPSE_FLOOR
from engine.workflows.run import Run
from engine.workflows.world import World

GONE_AFTER_S = 86_400.0


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What a scan has shown so far."""

    seen: set[str] = field(default_factory=set)
    contents: list[str] = field(default_factory=list)

    def note(self, identity: str, content: str) -> None:
        self.seen.add(identity)
        self.contents.append(f"{identity}={content}")

    def set_hash(self) -> str:
        return digest(sorted(self.contents))


def known_to_targets(world: World) -> State:
    """Give what scans are compared with; good for one pass, in which each kind is scanned once."""
    return world.journal.state(only=("remotes", "renditions", "scopes", "objects"))


def observe_target(
    world: World, run: Run, target: Target, kind: str, known: State, *, accept_shrink: bool = False
) -> Problem | None:
    """Scan one kind of object of one target; gives what went wrong, if anything did.

    Args:
        world: the ports.
        run: the run that observes.
        target: whom to ask.
        kind: what to ask for.
        known: what was known before this pass, by `known_to_targets`.
        accept_shrink: whether a person vouched for a collapse.
    """
    scope = f"{target.name}:{kind}"
    closed = blocked(world, target.name)
    if closed is not None:
        _complete(run, scope, ScanEnd(complete=False, problem=closed), 0, "")
        return closed
    tally = _Tally()
    end = ScanEnd(complete=False, problem=Problem(failure=FailureClass.UNEXPECTED, detail="the scan never ended"))
    for page in target.scan(kind, known):
        if isinstance(page, ScanEnd):
            end = page
            break
        run.append(_differences(page, known, tally), actor=f"target:{target.name}")
        world.reached(CrashPoint.BETWEEN_SCAN_PAGES)
    heed_block(world, target.name, end.problem)
    end = _doubted(scope, end, known, tally, world, accept_shrink=accept_shrink)
    if end.complete:
        run.append(_absences(world, target.name, kind, known, tally), actor=f"target:{target.name}")
    world.reached(CrashPoint.BEFORE_SCAN_COMPLETED)
    _complete(run, scope, end, len(tally.seen), tally.set_hash())
    return end.problem


def _differences(page: ScanPage, known: State, tally: _Tally) -> list[Draft]:
    drafts = []
    for seen in page.seen:
        row = known.remotes.get(remote_key(seen.target, seen.remote_id))
        content = digest([seen.kind, seen.key, seen.fields, seen.live])
        tally.note(seen.remote_id, content)
        if row is None or row.misses or not shows_remote(row, seen):
            drafts.append(observed(seen, row.version if row else 0))
    for returned in page.returned:
        rendition = known.renditions.get(returned.rendition_id)
        tally.note(returned.rendition_id, returned.file_sha256)
        if rendition is not None and _moved(rendition, returned):
            drafts.append(observed(returned, rendition.version))
    return drafts


def _moved(row: Rendition, returned: RenditionReturned) -> bool:
    held = (row.present, row.path, row.size_bytes, row.mtime_ns, row.file_sha256)
    return held != (True, returned.path, returned.size_bytes, returned.mtime_ns, returned.file_sha256)


def _doubted(scope: str, end: ScanEnd, known: State, tally: _Tally, world: World, *, accept_shrink: bool) -> ScanEnd:
    """Take a scan's word, unless it speaks of another root or lost too much at once."""
    if not end.complete:
        return end
    before: Scope | None = known.scopes.get(scope)
    if before and before.root_identity and end.root_identity and before.root_identity != end.root_identity:
        detail = f"{scope} is another place now ({end.root_identity}, was {before.root_identity})"
        hint = "point the settings back at the one this journal belongs to, or start a new journal for the new one"
        problem = Problem(failure=FailureClass.WRONG_LIBRARY, detail=detail, hint=hint)
        return ScanEnd(complete=False, root_identity=end.root_identity, problem=problem)
    expected = _expected(scope, known)
    shrunk = len(expected & tally.seen) < world.policy.collapse_fraction * len(expected)
    if len(expected) >= COLLAPSE_FLOOR and shrunk and not accept_shrink:
        detail = f"{scope} showed {len(expected & tally.seen)} of {len(expected)} known objects; not believed"
        hint = f"if that is right, `sync reconcile --accept-shrink {scope}`"
        problem = Problem(failure=FailureClass.COLLAPSED, detail=detail, hint=hint)
        return ScanEnd(complete=False, root_identity=end.root_identity, problem=problem)
    return end


def _expected(scope: str, known: State) -> set[str]:
    if scope == "library:audio":
        return {row.rendition_id for row in known.renditions.values() if row.present}
    return {row.remote_id for row in known.remotes.values() if f"{row.target}:{row.kind}" == scope and row.standing}


def _absences(world: World, target: str, kind: str, known: State, tally: _Tally) -> list[Draft]:
    now_us = world.clock.now_us()
    if (target, kind) == ("library", "audio"):
        return [
            observed(RenditionMissed(rendition_id=row.rendition_id, path=row.path), row.version)
            for _, row in sorted(known.renditions.items())
            if row.rendition_id not in tally.seen and _counts(row.misses, row.missed_us, now_us)
        ]
    return [
        observed(RemoteMissed(target=target, remote_id=row.remote_id), row.version)
        for _, row in sorted(known.remotes.items())
        if (row.target, row.kind) == (target, kind)
        and row.live
        and row.remote_id not in tally.seen
        and _counts(row.misses, row.missed_us, now_us)
    ]


def _counts(misses: int, missed_us: int | None, now_us: int) -> bool:
    """Whether another miss says something new: the first does, and one a day later, which makes it gone."""
    if misses == 0 or missed_us is None:
        return True
    return misses == 1 and now_us - missed_us >= GONE_AFTER_S * SECOND_US


def _complete(run: Run, scope: str, end: ScanEnd, count: int, set_hash: str) -> None:
    event = ScanCompleted(
        scope=scope,
        complete=end.complete,
        count=count,
        set_hash=set_hash,
        watermark=end.watermark,
        root_identity=end.root_identity,
        supported=end.supported,
        problem=end.problem,
    )
    run.append([event])
