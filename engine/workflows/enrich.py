"""Enrich: ask providers for facts about recordings that playlists hold, and append what they said.

Optional and cached: a provider that fails is a problem under a scope of its own, and the run goes on as if it had not
been asked (P21, F33). What passes soon costs one question; three in a row, or anything else, and it is not asked again
in this run. What is shown of it is the reconciler's business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, islice

from engine.domain.canonical import digest
from engine.domain.events import RecordingEnriched, ScanCompleted
from engine.domain.failure import FailureClass, Problem
from engine.matching.folding import fold, plain
from engine.matching.noise import trim
from engine.projections.rows import Rendition
from engine.reconciler.catalogue import Catalogue, Piece, catalogue
from engine.reconciler.enriching import Asking, askings, shown_facts
from engine.source_ports import Described, Enriched, Enricher
from engine.workflows.limits import answered, heed_block
from engine.workflows.run import Run
from engine.workflows.world import World

STAGE = "enrich"
SCOPE_PREFIX = "enrichment:"
"""How the scope of a provider's answers begins."""
TOLD, UNTOLD, LEFT = "enriched", "not_enriched", "enrichment_left"
"""What a run counts: recordings a provider told something of, told nothing of, and those still due."""
READS = ("sightings", "recordings", "playlists", "renditions", "actions", "enrichments")

_ABOUT_ONE = frozenset({FailureClass.INVALID_REQUEST, FailureClass.NOT_FOUND})
"""What is wrong with one recording, not with a provider."""
_PASSING = frozenset(
    {FailureClass.RATE_LIMITED, FailureClass.OVERLOADED, FailureClass.REMOTE_ERROR, FailureClass.GARBAGE}
)
"""What a busy service says now and then, whoever asks; the next question may well be answered."""
IN_A_ROW_MAX = 3
"""How many questions in a row a provider may fail to answer before it is left alone."""
PAUSE_S_MAX = 5.0
"""How long a provider may ask to wait and still be asked in the same run."""
_SPLIT = " - "


def enrich(
    world: World,
    run: Run,
    only: AbstractSet[str] | None = None,
    *,
    again: bool = False,
    seconds: float | None = None,
) -> dict[str, Problem]:
    """Ask about what is due; gives what went wrong, by scope.

    At most as much as the policy says, unless somebody says what is meant. Where nobody is to be asked or nothing is
    due, nothing is appended.

    Args:
        world: the ports.
        run: the run it is part of.
        only: the recordings that are meant; all when none are given.
        again: whether everybody is asked anew, whenever they were last asked.
        seconds: after how long no further question is begun; the next run goes on.
    """
    providers = {one.name: one for one in world.enrichers if one.name in world.policy.enrichment.providers}
    if not providers:
        return {}
    index = catalogue(world.journal.state(only=READS))
    due = askings(index, world.policy.enrichment, world.clock.now_us(), again=again)
    meant = [one for one in due if only is None or one.recording_id in only]
    enriching = _Enriching(world=world, run=run, providers=providers)
    work = enriching.suited(index, meant)
    first = next(work, None)
    if first is None:
        return {}
    ends_s = None if seconds is None else world.clock.monotonic_s() + seconds
    most = world.policy.enrichment.per_run if only is None else len(meant)
    with run.stage(STAGE, min(len(meant), most)):
        for about, asking in islice(chain([first], work), most):
            if world.stop.is_set() or (ends_s is not None and world.clock.monotonic_s() >= ends_s):
                break
            enriching.ask(about, asking)
            world.progress.advance(about.title)
    if seconds is None:  # who waits for it wants to know what is left; counting it describes all of it
        run.count(LEFT, sum(1 for _ in work))
    return enriching.finish()


def described(piece: Piece, world: World) -> Described:
    """Give all that is known of a recording to whom it is described."""
    naming, heard = piece.naming, _heard(piece)
    told = shown_facts(piece, world.policy.enrichment)
    isrcs = [row.isrc for row in piece.sightings if row.isrc]
    isrcs += [told["isrc"].value] if "isrc" in told else []
    duration_ms = next((row.duration_ms for row in (naming, piece.sighting) if row.duration_ms), None)
    return Described(
        recording_id=piece.recording.recording_id,
        title=bare_title(naming.title, naming.artist),
        artist=naming.artist,
        album=naming.album,
        duration_ms=heard.audio.duration_ms if heard else duration_ms,
        isrcs=tuple(dict.fromkeys(isrcs)),
        ids=tuple(row.ref for row in piece.sightings),
        fingerprint=heard.audio.fingerprint if heard else None,
        audio_ms=heard.audio.duration_ms if heard else None,
    )


def bare_title(title: str, artist: str | None) -> str:
    """Give a title without what sites and tools put around it, and without its own artist in front."""
    text = trim(plain(title)).text
    before, _, after = text.partition(_SPLIT)
    return after.strip() if artist and after.strip() and fold(before.strip()) == fold(plain(artist)) else text


def _heard(piece: Piece) -> Rendition | None:
    """Give the file whose sound is known: the original before what was made of it."""
    heard = [row for row in piece.renditions if row.audio.fingerprint]
    return min(heard, key=lambda row: (row.profile != "original", row.profile), default=None)


@dataclass(slots=True, kw_only=True)
class _Enriching:
    """All questions of one run; lives inside one call of `enrich`."""

    world: World
    run: Run
    providers: dict[str, Enricher]
    problems: dict[str, Problem] = field(default_factory=dict)  # provider → why it is left alone
    passed: dict[str, Problem] = field(default_factory=dict)  # provider → the first question that came to nothing
    in_a_row: Counter[str] = field(default_factory=Counter)  # provider → questions that came to nothing of late
    answered: dict[str, list[str]] = field(default_factory=dict)  # provider → recordings it was asked about

    def suited(self, index: Catalogue, due: Sequence[Asking]) -> Iterator[tuple[Described, Asking]]:
        """Give what somebody that is due, and did not fail by then, can do something with."""
        for asking in due:
            if self.problems.keys() == self.providers.keys():
                return
            if not self.problems.keys() >= set(asking.providers):
                about = described(index.pieces[asking.recording_id], self.world)
                if any(self._able(asking, about)):
                    yield about, asking

    def ask(self, about: Described, asking: Asking) -> None:
        for provider in self._able(asking, about):
            self._ask(provider, about)

    def _able(self, asking: Asking, about: Described) -> Iterator[Enricher]:
        named = (self.providers[name] for name in asking.providers if name in self.providers)
        return (one for one in named if one.name not in self.problems and one.suits(about))

    def finish(self) -> dict[str, Problem]:
        """Say how the questions to each provider ended."""
        troubles = {**self.passed, **self.problems}
        for name in sorted({*troubles, *self.answered}):
            problem, asked = troubles.get(name), self.answered.get(name, [])
            ended = ScanCompleted(
                scope=SCOPE_PREFIX + name,
                complete=problem is None,
                count=len(asked),
                set_hash=digest(sorted(asked)),
                problem=problem,
            )
            self.run.append([ended])
        return {SCOPE_PREFIX + name: problem for name, problem in sorted(troubles.items())}

    def _failed(self, provider: str, problem: Problem) -> None:
        """Leave a provider alone, unless what it said passes soon."""
        heed_block(self.world, provider, problem)
        self.in_a_row[provider] += 1
        passing = problem.failure in _PASSING and (problem.retry_after_s or 0) <= PAUSE_S_MAX
        if passing and self.in_a_row[provider] < IN_A_ROW_MAX:
            self.passed.setdefault(provider, problem)
        else:
            self.problems[provider] = problem

    def _ask(self, provider: Enricher, about: Described) -> None:
        answer = answered(self.world, provider.name, lambda: provider.enrich(about))
        if isinstance(answer, Problem) and answer.failure in _ABOUT_ONE:
            self.passed.setdefault(provider.name, answer)
            answer = Enriched(matched_by="refused")  # asked again later, like what nobody knows
        if isinstance(answer, Problem):
            self._failed(provider.name, answer)
            return
        del self.in_a_row[provider.name]
        self.answered.setdefault(provider.name, []).append(about.recording_id)
        event = RecordingEnriched(
            recording_id=about.recording_id,
            provider=provider.name,
            matched_by=answer.matched_by,
            provider_ref=answer.provider_ref,
            facts=answer.facts,
        )
        self.run.append([event], actor=f"provider:{provider.name}")
        self.run.count(TOLD if answer.facts else UNTOLD)
