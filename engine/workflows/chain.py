"""The fallback chain: sources tried one after the other, until one shows something new (M9).

Each link has its own deadline, and what became of it is an event. A link that fails never stops the next, whatever it
fails of (P11); a link that answered and had nothing new did not fail. What links showed stays, also past a deadline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.domain.events import ChainLinkEnded, LinkResult
from engine.domain.failure import FailureClass, Problem
from engine.domain.references import PLAYING
from engine.projections.rows import Sighting
from engine.workflows.batch import take_batch
from engine.workflows.deadline import DeadlinePassedError
from engine.workflows.listing import source_of_address
from engine.workflows.observe_sources import Reading, expanded, followed, read_all
from engine.workflows.run import MILLISECONDS, Run
from engine.workflows.world import World

BATCH = "batch"
PLAYING_LINK = "playing"
SOURCES = {"soundcloud": "soundcloud", "spotify": "spotify", "youtube": "youtube", "files": "file"}
"""Link → the first part of its source's refs."""
LINKS = (PLAYING_LINK, *SOURCES, BATCH)
NEWS = ("playlist.seen", "track.seen", "track.availability_changed")
DEADLINE_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRequest:
    """Which links to try, and how.

    Attributes:
        links: of `LINKS`, first first.
        deadline_s: how long a link may take.
        deadlines_s: link → a deadline of its own.
        all_links: whether to go on after a link that found something.
        batch_limit: how much the batch takes up at most.
        unset: link → why it is not set up, and so passed over.
    """

    links: tuple[str, ...]
    deadline_s: float = DEADLINE_S
    deadlines_s: Mapping[str, float] = field(default_factory=dict)
    all_links: bool = False
    batch_limit: int | None = None
    unset: Mapping[str, str] = field(default_factory=dict)

    @property
    def batch_only(self) -> bool:
        """Whether nothing is asked but what waits for its audio."""
        return self.links == (BATCH,)


@dataclass(slots=True, kw_only=True)
class Walked:
    """What a walk along the chain came to.

    Attributes:
        problems: scope → what counts against the run: what nothing that was found made up for.
        picked: refs of sightings and ids of recordings that the batch took up.
        targets: scope → what went wrong there; None while no link looked at targets.
    """

    problems: dict[str, Problem] = field(default_factory=dict)
    picked: tuple[str, ...] = ()
    targets: dict[str, Problem] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passed:
    """Why a link was not tried."""

    why: str


@dataclass(slots=True, kw_only=True)
class _Walk:
    """A walk in progress; lives inside one call of `walk`."""

    world: World
    run: Run
    chain: ChainRequest
    accept_shrink: Sequence[str]
    walked: Walked = field(default_factory=Walked)
    found: bool = False
    told: str = ""  # by the link under way, of what it came to
    lost: dict[str, Problem] = field(default_factory=dict)  # of links that failed

    def step(self, link: str) -> None:
        if self.found and not self.chain.all_links:
            self.end(link, LinkResult.SKIPPED, detail="an earlier link found something")
            return
        if link in self.chain.unset:
            self.end(link, LinkResult.SKIPPED, detail=self.chain.unset[link])
            return
        self.attempt(link)

    def attempt(self, link: str) -> None:
        world, before = self.world, self.world.journal.head().seq
        begun_s, seconds = world.clock.monotonic_s(), self.chain.deadlines_s.get(link, self.chain.deadline_s)
        reading = Reading(
            world=world, run=self.run, accept_shrink=frozenset(self.accept_shrink), problems={}, forgiving=True
        )
        passed, late, self.told = None, None, ""
        try:
            with world.deadline.within(world.clock, seconds):
                passed = self.read(link, reading)
        except DeadlinePassedError:
            late = _late(link, seconds)
        took_ms = int((world.clock.monotonic_s() - begun_s) * MILLISECONDS)
        if passed is not None:
            self.end(link, LinkResult.SKIPPED, detail=passed.why)
            return
        new, changed = _news(world, before)
        picked = link == BATCH and bool(self.walked.picked)
        problem = late or next(iter(reading.problems.values()), None)
        result = _result(late=late, found=bool(new or changed or picked), problem=problem)
        problems = reading.problems | ({link: late} if late else {})
        (self.lost if result is LinkResult.FAILED else self.walked.problems).update(problems)
        self.found = self.found or result is LinkResult.FOUND
        detail = "; ".join(part for part in (self.told, _detail(problem, len(problems)) if problem else "") if part)
        failure = problem.failure if problem else None
        self.end(link, result, new=new, failure=failure, detail=detail, took_ms=took_ms)

    def read(self, link: str, reading: Reading) -> _Passed | None:
        if link == BATCH:
            return self.read_batch(reading)
        if link == PLAYING_LINK:
            return self.read_playing(reading)
        urls = {url: ref for url, ref in followed(self.world).items() if self.belongs(url, SOURCES[link])}
        if not urls:
            return _Passed(why="no playlist of it is followed: sync follow URL")
        read_all(reading, expanded(reading, urls))
        return None

    def belongs(self, url: str, name: str) -> bool:
        source = source_of_address(self.world, url)
        asked_before = url == PLAYING and PLAYING_LINK in self.chain.links
        return not isinstance(source, Problem) and source.name == name and not asked_before

    def read_playing(self, reading: Reading) -> _Passed | None:
        """Ask what is playing; the playlist it plays from is read too, when that one is followed anyway."""
        rows = [row for row in self.world.journal.state(only=("playlists",)).playlists.values() if row.url == PLAYING]
        if rows and not any(row.active for row in rows):
            return _Passed(why=f"you unfollowed it: sync follow {PLAYING}")
        if isinstance(source_of_address(self.world, PLAYING), Problem):
            return _Passed(why="no source here knows what is playing")
        known = set(followed(self.world).values())
        behind = expanded(reading, {PLAYING: PLAYING if rows else ""})
        read_all(reading, {url: ref for url, ref in behind.items() if url == PLAYING or (ref and ref in known)})
        return None

    def read_batch(self, reading: Reading) -> _Passed | None:
        taken = take_batch(reading, self.chain.batch_limit)
        self.walked.picked, self.walked.targets = taken.picked, taken.targets
        if taken.waiting:
            self.told = f"took up {len(taken.picked)} of {taken.waiting} that wait"
        return None

    def end(
        self,
        link: str,
        result: LinkResult,
        *,
        new: int = 0,
        failure: FailureClass | None = None,
        detail: str = "",
        took_ms: int = 0,
    ) -> None:
        ended = ChainLinkEnded(
            run_id=self.run.run_id,
            link=link,
            result=result,
            new=new,
            failure=failure,
            detail=detail,
            took_ms=took_ms,
        )
        self.run.append([ended])
        said = (result.value.replace("_", " "), failure.replace("_", " ") if failure else "", detail)
        self.world.progress.say(f"{link}: {': '.join(part for part in said if part)}")


def walk(world: World, run: Run, chain: ChainRequest, accept_shrink: Sequence[str] = ()) -> Walked:
    """Try the links of a chain, first first, and record what became of each.

    What a link failed of counts against the run only when no link found anything: the chain is there to make up for it.

    Raises:
        InterruptedRunError: the person asked to stop; what was seen so far is recorded.
    """
    steps = _Walk(world=world, run=run, chain=chain, accept_shrink=accept_shrink)
    with run.stage("chain", len(chain.links)):
        for link in chain.links:
            steps.step(link)
            world.progress.advance(link)
    if not steps.found:
        steps.walked.problems.update(steps.lost)
    return steps.walked


def _late(link: str, seconds: float) -> Problem:
    detail = f"it was not done after {seconds:g} s; what it had shown by then is kept"
    hint = f"the next run goes on; `[chain.deadlines_s]` with `{link} = SECONDS` gives it longer"
    return Problem(failure=FailureClass.TIMEOUT, detail=detail, hint=hint)


def _result(*, late: Problem | None, found: bool, problem: Problem | None) -> LinkResult:
    if late is not None:
        return LinkResult.FAILED
    if found:
        return LinkResult.FOUND
    return LinkResult.FAILED if problem else LinkResult.NOTHING_NEW


def _detail(problem: Problem, count: int) -> str:
    return problem.detail if count == 1 else f"{problem.detail}, and {count - 1} more"


def _news(world: World, before: int) -> tuple[int, bool]:
    """Give how many sightings are new since a seq, and whether any listing differs."""
    refs: set[str] = set()
    changed = False
    for recorded in world.journal.read(after=before, types=NEWS):
        if recorded.event.TYPE == "playlist.seen":
            changed = True
        else:
            refs.add(recorded.stream.removeprefix("sighting:"))
    rows: list[Sighting | None] = [world.journal.row("sightings", ref) for ref in refs]
    return sum(1 for row in rows if row is not None and row.first_seq > before), changed
