"""The execution report of a run, made from the journal alone: what was done, what was not, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import assert_never

from engine.domain.envelope import Recorded
from engine.domain.errors import ExitCode, UsageError
from engine.domain.events import (
    ActionDeferred,
    ActionDone,
    ActionRefused,
    ActionUnknown,
    RemoteSeen,
    RenditionVerified,
    ScanCompleted,
    TrackAvailabilityChanged,
    TrackSeen,
)
from engine.domain.failure import Availability, Patience, Problem, patience
from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.rows import ActionState, Run
from engine.projections.state import State
from engine.reconciler.asking import waiting_questions
from engine.reconciler.catalogue import catalogue
from engine.reconciler.schedule import SECOND_US
from engine.workflows.logins import LoginStanding, standings
from engine.workflows.lookup import ScopeNames, thing_label
from engine.workflows.report_gates import Gate, gates_of
from engine.workflows.report_seen import Link, ListChange, links_of, list_changes


class Trouble(Value, frozen=True):
    """One thing that did not work in this run, in one line."""

    subject: str
    failure: str
    detail: str
    hint: str
    next_try_us: int | None


class RunReport(Value, frozen=True):
    """What one run came to.

    Attributes:
        done: action kind → how many were confirmed.
        observed: event type → how many observations were new.
        scans: (scope, complete, count).
        unavailable: availability → titles, for every track of the followed playlists that cannot be had.
        chain: how the links of its fallback chain ended, if it had one.
        playlists: what the playlists that differ gained, lost and moved.
        logins: those that have to be made again, now or within two weeks.
        arguments: what the command was given.
    """

    run_id: str
    command: str
    started_us: int
    finished_us: int | None
    exit_code: int | None
    done: dict[str, int]
    observed: dict[str, int]
    counts: dict[str, int]
    requests: dict[str, int]
    stages_ms: dict[str, int]
    scans: tuple[tuple[str, bool, int], ...]
    gates: tuple[Gate, ...]
    troubles: tuple[Trouble, ...]
    unavailable: dict[str, tuple[str, ...]]
    open_conflicts: int
    events: int
    open_questions: int = 0
    chain: tuple[Link, ...] = ()
    playlists: tuple[ListChange, ...] = ()
    logins: tuple[LoginStanding, ...] = ()
    arguments: tuple[str, ...] = ()


def report(journal: Journal, run_id: str | None = None, problems: Mapping[str, Problem] | None = None) -> RunReport:
    """Make the report of a run, of the last one when none is named.

    Args:
        journal: where all of it is read.
        run_id: the run, or the start of its id.
        problems: what a run that has just ended met by scope, also what left no trace in the journal.

    Raises:
        UsageError: there is no such run.
    """
    state = journal.state()
    run = _run(state, run_id)
    events = list(journal.read(run_id=run.run_id))
    happened = [recorded.event for recorded in events]
    labels, names = _labels(state), ScopeNames(state=state)
    told = _told_once((*_troubles(events, labels, names), *_standing(state, run, labels)))
    met = _told_once(_met(names, problems or {}, run.finished_us or run.started_us))
    return RunReport(
        run_id=run.run_id,
        command=run.command,
        started_us=run.started_us,
        finished_us=run.finished_us,
        exit_code=run.exit_code,
        done=_counted(event.kind for event in happened if isinstance(event, ActionDone)),
        observed=_counted(event.TYPE for event in happened if isinstance(event, _OBSERVATIONS)),
        counts=run.counts,
        requests=run.requests,
        stages_ms=run.stages,
        scans=tuple(
            (event.scope, event.complete, event.count) for event in happened if isinstance(event, ScanCompleted)
        ),
        gates=gates_of(run, events),
        troubles=tuple({**told, **{key: trouble for key, trouble in met.items() if key not in told}}.values()),
        unavailable=_unavailable(state),
        open_conflicts=sum(1 for row in state.conflicts.values() if row.choice is None),
        events=len(events),
        open_questions=len(waiting_questions(state)),
        chain=links_of(events),
        playlists=list_changes(journal, events),
        logins=_logins(state, run),
        arguments=run.arguments,
    )


def _logins(state: State, run: Run) -> tuple[LoginStanding, ...]:
    ended_us = run.finished_us or run.started_us
    return tuple(login for login in standings(state.credentials.values(), ended_us) if login.remedy)


_OBSERVATIONS = (TrackSeen, TrackAvailabilityChanged, RemoteSeen, RenditionVerified)


def _run(state: State, run_id: str | None) -> Run:
    if not state.runs:
        raise UsageError("there has been no run yet", hint="`sync reconcile` is the first one")
    if run_id is None:
        return max(state.runs.values(), key=lambda row: row.first_seq)
    matches = [row for key, row in sorted(state.runs.items()) if key.startswith(run_id)]
    if len(matches) != 1:
        raise UsageError(f"{len(matches)} runs begin with {run_id}", hint="`sync runs` lists them")
    return matches[0]


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _labels(state: State) -> dict[str, str]:
    """Give action ids the names people know their objects by."""
    index = catalogue(state)
    names = {key: piece.label for key, piece in index.pieces.items()}
    return {
        row.action_id: f"{row.kind} {names.get(row.key) or thing_label(state, row.key)}"
        for row in state.actions.values()
    }


def _told_once(troubles: Iterable[Trouble]) -> dict[tuple[str, str, str], Trouble]:
    """Give each trouble once, as it was last met."""
    return {(trouble.subject, trouble.failure, trouble.detail): trouble for trouble in troubles}


def _met(names: ScopeNames, problems: Mapping[str, Problem], at_us: int) -> Iterable[Trouble]:
    for scope, problem in sorted(problems.items()):
        yield _unread(names, scope, problem, at_us)


def _unread(names: ScopeNames, scope: str, problem: Problem, at_us: int) -> Trouble:
    return Trouble(
        subject=names.label(scope),
        failure=problem.failure,
        detail=problem.detail,
        hint=_way_out(problem),
        next_try_us=at_us + int(problem.retry_after_s * SECOND_US) if problem.retry_after_s else None,
    )


def _troubles(events: list[Recorded], labels: dict[str, str], names: ScopeNames) -> Iterable[Trouble]:
    for recorded in events:
        match recorded.event:
            case ActionDeferred(action_id=action_id, problem=problem, not_before_us=until_us):
                yield Trouble(
                    subject=labels.get(action_id, action_id),
                    failure=problem.failure,
                    detail=problem.detail,
                    hint=_way_out(problem),
                    next_try_us=until_us,
                )
            case (
                ActionRefused(action_id=action_id, problem=problem)
                | ActionUnknown(action_id=action_id, problem=problem)
            ):
                yield Trouble(
                    subject=labels.get(action_id, action_id),
                    failure=problem.failure,
                    detail=problem.detail,
                    hint=_way_out(problem),
                    next_try_us=None,
                )
            case ScanCompleted(scope=scope, complete=False, problem=problem) if problem is not None:
                yield _unread(names, scope, problem, recorded.recorded_us)
            case _:
                pass


def _standing(state: State, run: Run, labels: dict[str, str]) -> Iterable[Trouble]:
    """Give what was refused or put off before the run and still is, where it ended with that: nothing else says why."""
    if run.exit_code not in (ExitCode.PARTIAL, ExitCode.TRY_LATER):
        return
    for _, row in sorted(state.actions.items()):
        said = _STANDING.get(row.state)
        passing = row.problem is not None and patience(row.problem.failure) is Patience.BACKOFF
        if said is None or row.problem is None or row.last_seq >= run.first_seq:
            continue
        if row.state is ActionState.REFUSED or passing:
            yield Trouble(
                subject=labels[row.action_id],
                failure=row.problem.failure,
                detail=f"{said}: {row.problem.detail}",
                hint=_way_out(row.problem),
                next_try_us=row.not_before_us if row.state is ActionState.DEFERRED else None,
            )


_STANDING = {
    ActionState.REFUSED: "refused before, and not tried again",
    ActionState.DEFERRED: "put off before",
}


def _way_out(problem: Problem) -> str:
    """Give what a person can do, be it nothing."""
    if problem.hint:
        return problem.hint
    match patience(problem.failure):
        case Patience.BACKOFF:
            return "nothing to do: the next run tries it again"
        case Patience.WEEKLY:
            return "nothing to do: it is tried again every week"
        case Patience.FACTS:
            return "it is not tried again by itself; `sync why` shows what led here"
        case Patience.STOP:
            return "`sync doctor` shows what is wrong here; the next run tries it again"
        case unknown:
            assert_never(unknown)


def _unavailable(state: State) -> dict[str, tuple[str, ...]]:
    listed: dict[str, str] = {}
    for playlist in (row for _, row in sorted(state.playlists.items()) if row.active):
        for position, ref in enumerate(playlist.entries, start=1):
            listed.setdefault(ref, f"entry {position} of {playlist.name or playlist.url}")
    given = (Availability.AVAILABLE, Availability.UNKNOWN)
    withheld = sorted(ref for ref in listed.keys() & state.sightings if state.sightings[ref].availability not in given)
    had = _had(state) if withheld else frozenset()
    asked = {key for question in waiting_questions(state) for key in (question.newer, question.older)}
    named_only = Availability.METADATA_ONLY
    told = {row.recording_id for ref in withheld if (row := state.sightings[ref]).availability is not named_only}
    found: dict[str, list[str]] = {}
    for ref in withheld:
        row = state.sightings[ref]
        needless = row.availability is named_only and row.recording_id in asked | told  # it waits, or is told better
        if row.recording_id not in had and not needless:
            found.setdefault(str(row.availability), []).append(row.title or row.url or f"{ref} ({listed[ref]})")
    return {availability: tuple(titles) for availability, titles in sorted(found.items())}


def _had(state: State) -> frozenset[str]:
    """Give the recordings that have their audio, or another source to have it from, whatever one source withholds."""
    index = catalogue(state)
    whole = {
        key for key, piece in index.pieces.items() if piece.renditions or piece.availability is Availability.AVAILABLE
    }
    return frozenset(whole | {absorbed for absorbed, key in index.into.items() if key in whole})
