"""Resolve: look for audio of what came without any, one recording at a time, and append what was decided.

A source that fails is left alone for the rest of the run. "Nothing found" is recorded only when every source answered;
that one did not is recorded too, or a source that is broken for good would have the same recordings looked for in every
run, and no others. What follows from one search is one transaction, so that no crash leaves a part of it (I36).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from msgspec.structs import replace

from engine.domain.canonical import digest
from engine.domain.envelope import Draft
from engine.domain.events import Event, MatchAsked, RecordingLinked, ScanCompleted, Searched, TrackSeen
from engine.domain.failure import Problem
from engine.domain.redaction import public_address
from engine.matching.resolution import Choice, Judged, choose, judge_candidates, offered_thing, queries
from engine.projections.rows import Question, Recording, Sighting
from engine.reconciler.resolving import Outcome, Settling
from engine.reconciler.seeking import LIGHT, READS, Sought, due, due_count, gates_of
from engine.source_ports import Finder
from engine.workflows.address import track_at
from engine.workflows.limits import answered, heed_block
from engine.workflows.listing import described
from engine.workflows.questions import asked_news
from engine.workflows.run import Run
from engine.workflows.world import World

STAGE = "resolve"
WRITTEN = "written"
"""The source of what was looked up where a person wrote that it is."""
COUNTED = "resolved_"
"""How the counts of searches begin, each with what it came to."""
LEFT = "resolution_left"
"""The count of what is still to be looked for."""
SCOPE_PREFIX = "search:"
"""How the scope of a source's searches begins."""


def resolve(world: World, run: Run) -> dict[str, Problem]:
    """Look for the audio of what is due, and append what was decided; gives what went wrong, by scope.

    Where nothing is due, nothing is asked and nothing appended.
    """
    now_us = world.clock.now_us()
    if not finders_of(world) or not due(world.journal.state(only=LIGHT), world.policy, now_us, most=1):
        return {}
    state = world.journal.state(only=READS)
    most = world.policy.resolution.per_run
    wanted = due(state, world.policy, now_us, most)
    waiting = due_count(state, world.policy, now_us) if len(wanted) == most else len(wanted)
    resolving = _Resolving(world=world, run=run, settling=Settling.of(state, world.policy))
    with run.stage(STAGE, len(wanted)):
        for sought in wanted:
            if world.stop.is_set() or resolving.everybody_failed:
                break
            resolving.resolve(sought)
            world.progress.advance(sought.label)
    if left := waiting - resolving.recorded:
        run.count(LEFT, left)
    return resolving.finish()


def finders_of(world: World) -> tuple[Finder, ...]:
    """Give whom to ask, in the order that the policy says."""
    order = world.policy.resolution.order
    return tuple(
        sorted((each for each in world.finders if each.name in order), key=lambda each: order.index(each.name))
    )


@dataclass(slots=True, kw_only=True)
class _Search:
    """One search in the making."""

    sought: Sought
    searched: list[Searched] = field(default_factory=list)
    judged: dict[str, Judged] = field(default_factory=dict)
    asked: list[Judged] = field(default_factory=list)
    taken: Judged | None = None

    @property
    def choice(self) -> Choice:
        return Choice(taken=self.taken, asked=tuple(self.asked))


@dataclass(slots=True, kw_only=True)
class _Resolving:
    """All searches of one run; lives inside one call of `resolve`."""

    world: World
    run: Run
    settling: Settling
    problems: dict[str, Problem] = field(default_factory=dict)  # finder → why it is left alone
    recorded: int = 0  # searches
    answers: dict[str, list[str]] = field(default_factory=dict)  # finder → what it was asked and answered

    @property
    def everybody_failed(self) -> bool:
        return all(finder.name in self.problems for finder in finders_of(self.world))

    def resolve(self, sought: Sought) -> None:
        search = _Search(sought=sought)
        self._as_written(search)
        if search.taken is None and not search.asked:
            self._by_name(search)
        if search.taken or search.asked or not self.everybody_failed:
            self._record(search)

    def finish(self) -> dict[str, Problem]:
        """Say how the searches of each source ended."""
        for name in sorted({*self.problems, *self.answers}):
            problem, asked = self.problems.get(name), self.answers.get(name, [])
            self.run.append(
                [
                    ScanCompleted(
                        scope=SCOPE_PREFIX + name,
                        complete=problem is None,
                        count=len(asked),
                        set_hash=digest(sorted(asked)),
                        problem=problem,
                    )
                ]
            )
        return {SCOPE_PREFIX + name: problem for name, problem in sorted(self.problems.items())}

    def _as_written(self, search: _Search) -> None:
        """Look where a person wrote that it is, before anybody is asked (F57)."""
        for url in search.sought.addresses:
            answer, public = track_at(self.world, url), public_address(url)
            if isinstance(answer, Problem):
                search.searched.append(_failed(WRITTEN, public, answer))
                continue
            search.searched.append(Searched(source=WRITTEN, query=public, found=1))
            self._judge(search, (answer,), written=True)
            if search.taken is not None:
                return

    def _by_name(self, search: _Search) -> None:
        """Ask the sources in turn; the first that has it wins, and what is doubtful is collected over all of them."""
        for finder in finders_of(self.world):
            if search.taken is not None:
                return
            for query in queries(search.sought.things[0]):
                found = self._find(finder, query, search)
                if found:
                    self._judge(search, found)
                if found or finder.name in self.problems:
                    break

    def _find(self, finder: Finder, query: str, search: _Search) -> tuple[TrackSeen, ...]:
        answer = self.problems.get(finder.name) or self._asked(finder, query)
        if isinstance(answer, Problem):
            heed_block(self.world, finder.name, answer)
            self.problems[finder.name] = answer
            search.searched.append(_failed(finder.name, query, answer))
            return ()
        self.answers.setdefault(finder.name, []).append(query)
        search.searched.append(Searched(source=finder.name, query=query, found=len(answer)))
        return answer

    def _asked(self, finder: Finder, query: str) -> tuple[TrackSeen, ...] | Problem:
        most = self.world.policy.resolution.candidates_max
        return answered(self.world, finder.name, lambda: finder.find(query, most))

    def _judge(self, search: _Search, found: tuple[TrackSeen, ...], *, written: bool = False) -> None:
        sought, policy = search.sought, self.world.policy
        offered = self.settling.candidates(sought, found)
        things = sought.things
        if written:  # the address may be another spelling of the one its source gives
            ids = {*things[0].ids, *(each for track in offered for each in offered_thing(track).ids)}
            things = (replace(things[0], ids=tuple(sorted(ids))), *things[1:])
        judged = judge_candidates(things, offered, policy.matching, gates_of(policy))
        search.judged.update({each.track.ref: each for each in judged})
        choice = choose(judged, policy.matching)
        search.taken = choice.taken
        search.asked += choice.asked

    def _record(self, search: _Search) -> None:
        judged = sorted(search.judged.values(), key=lambda each: each.worth)
        outcome = self.settling.outcome(search.sought, search.searched, judged, search.choice)
        asked = [event for event in outcome.events if isinstance(event, MatchAsked)]
        news = asked_news(self.settling.state, asked)
        events = [event for event in outcome.events if not isinstance(event, MatchAsked) or event in news]
        self.run.append([*self._seen(outcome.tracks), *events], correlation_id=search.sought.recording_id)
        self.run.count(COUNTED + outcome.found)
        self.recorded += 1
        self._know_again(outcome, asked)

    def _know_again(self, outcome: Outcome, asked: Sequence[MatchAsked]) -> None:
        """Read anew what was just appended: the next recording may be offered the same."""
        state, row = self.settling.state, self.world.journal.row
        links = [event for event in outcome.events if isinstance(event, RecordingLinked)]
        state.sightings.update({link.ref: cast("Sighting", row("sightings", link.ref)) for link in links})
        keys = {link.recording_id for link in links}
        state.recordings.update({key: cast("Recording", row("recordings", key)) for key in keys})
        ids = [question.question_id for question in asked]
        state.questions.update({key: cast("Question", row("questions", key)) for key in ids})

    def _seen(self, tracks: tuple[TrackSeen, ...]) -> list[Draft | Event]:
        known = self.settling.state.sightings
        drafts = (described(replace(track, url=public_address(track.url)), known.get(track.ref)) for track in tracks)
        return [draft for draft in drafts if draft is not None]


def _failed(source: str, query: str, problem: Problem) -> Searched:
    return Searched(source=source, query=query, found=0, failure=problem.failure, detail=problem.detail)
