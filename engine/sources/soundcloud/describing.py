"""Tracks described: from what the last listing showed, in batches, or singly where a batch leaves one out.

What is blocked in one country is asked for by every way that can help; each ref gets one answer, whatever fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TypeAlias

from msgspec.structs import replace

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem, availability_after
from engine.domain.references import native_id
from engine.source_ports import Undescribed, Way
from engine.sources.soundcloud import parse
from engine.sources.soundcloud.memory import Memory
from engine.sources.soundcloud.records import unreadable
from engine.sources.soundcloud.sessions import Session
from engine.sources.soundcloud.ways import Ways

BATCH_IDS_MAX = 50
"""As many ids as the api's own clients ask for at once."""

Answer: TypeAlias = TrackSeen | Undescribed

_HOPELESS = (
    FailureClass.RATE_LIMITED,
    FailureClass.BOT_CHALLENGE,
    FailureClass.AUTH_EXPIRED,
    FailureClass.NETWORK,
    FailureClass.TIMEOUT,
    FailureClass.TOOL_MISSING,
    FailureClass.GARBAGE,
    FailureClass.EXTRACTOR_BROKEN,
)
"""Failures that the next request would meet as well: nothing more is asked in the same description."""
_WITHHELD = {
    Availability.GEO_BLOCKED: Problem(
        failure=FailureClass.GEO_BLOCKED,
        detail="SoundCloud blocks the track here",
        hint="add an access profile with a proxy in another country",
    ),
    Availability.PREVIEW_ONLY: Problem(
        failure=FailureClass.PREVIEW_ONLY,
        detail="SoundCloud gives a preview only",
        hint="add an access profile with the cookies of an account that may hear all of it",
    ),
}
"""What another country, or an account, may get."""


class Describer:
    """Asks for tracks; one thread at a time."""

    def __init__(self, ways: Ways, memory: Memory) -> None:
        self._ways = ways
        self._memory = memory

    def batches(self, refs: Sequence[str]) -> list[tuple[str, ...]]:
        """Give runs of distinct refs that can be answered at once: what is remembered, then what has one key."""
        distinct = dict.fromkeys(refs)
        remembered = [ref for ref in distinct if ref in self._memory.fresh]
        unknown = [ref for ref in distinct if ref not in self._memory.fresh]
        runs = (tuple(run) for _, run in groupby(unknown, key=lambda ref: self._memory.keys.get(ref, {})))
        return [batch for run in (remembered, *runs) for batch in _batched(run)]

    def describe(self, batch: Sequence[str]) -> Sequence[Answer]:
        """Give the answers about one batch, in order."""
        known: dict[str, Answer] = {ref: _foreign(ref) for ref in batch if not _is_track(ref)}
        known |= {ref: self._memory.fresh.pop(ref) for ref in batch if ref in self._memory.fresh}
        way = self._memory.way
        if asked := [ref for ref in batch if ref not in known]:
            found, way = self.ask(asked)
            known |= found
        known |= self._elsewhere(known, way)
        return [known[ref] for ref in batch]

    def ask(self, refs: Sequence[str]) -> tuple[Mapping[str, Answer], Way | None]:
        """Ask for refs of one private set, or of none, whatever is remembered of them; gives the way as well."""
        told = self._ways.ask(lambda session: self._batch(session, refs))
        if isinstance(told.answer, Problem):
            return {ref: unproven(ref, told.answer) for ref in refs}, told.way
        return {**told.answer, **self._singly([ref for ref in refs if ref not in told.answer])}, told.way

    def _batch(self, session: Session, refs: Sequence[str]) -> Mapping[str, TrackSeen] | Problem:
        answer = session.tracks([native_id(ref) for ref in refs], self._memory.keys.get(refs[0], {}))
        if isinstance(answer, Problem):
            return answer
        seen = parse.tracks(answer)
        if seen is None:
            return unreadable("answer to a batch")
        self._memory.secret_links.update(parse.private_addresses(answer))
        return {ref: seen[ref] for ref in refs if ref in seen}

    def _singly(self, refs: Sequence[str]) -> Mapping[str, Answer]:
        """Ask for each track that a batch left out: only its own answer says why."""
        found: dict[str, Answer] = {}
        stopped: Problem | None = None
        for ref in refs:
            answer = stopped or self._single(ref)
            if isinstance(answer, Problem):
                found[ref] = _undescribed(ref, answer)
                stopped = answer if answer.failure in _HOPELESS else None
            else:
                found[ref] = answer
        return found

    def _single(self, ref: str) -> TrackSeen | Problem:
        def ask(session: Session) -> TrackSeen | Problem:
            answer = session.track(native_id(ref))
            return answer if isinstance(answer, Problem) else parse.track(answer) or unreadable("answer to a track")

        return self._ways.ask(ask, ref=ref).answer

    def _elsewhere(self, known: Mapping[str, Answer], first: Way | None) -> Mapping[str, Answer]:
        """Ask again, by the ways that can help, for what is withheld where and from whom was asked first."""
        helped: dict[str, Answer] = {}
        for availability, problem in _WITHHELD.items():
            seen = (one for one in known.values() if isinstance(one, TrackSeen))
            withheld = {one.ref: one for one in seen if one.availability is availability}
            if first is None or not withheld:
                continue
            for ref in withheld:
                self._ways.note(first, problem, ref)
            for way in self._ways.elsewhere(problem.failure, first):
                left = [ref for ref in withheld if ref not in helped]
                for batch in self.batches(left):
                    helped |= self._weighed(way, {ref: withheld[ref] for ref in batch}, problem)
        return helped

    def _weighed(self, way: Way, withheld: Mapping[str, TrackSeen], problem: Problem) -> Mapping[str, Answer]:
        """Take what another way showed; the source's own words stay those of the way that listings come by.

        Otherwise every listing would say another word than the one last seen, and have the track described again.
        """
        answer = self._ways.by(way, lambda session: self._batch(session, list(withheld)))
        helped: dict[str, Answer] = {}
        for ref, first in withheld.items():
            seen = None if isinstance(answer, Problem) else answer.get(ref)
            if seen is not None and seen.availability is Availability.AVAILABLE:
                helped[ref] = replace(seen, policy=first.policy, access=first.access)
            reason = answer if isinstance(answer, Problem) else problem
            self._ways.note(way, None if ref in helped else reason, ref)
        return helped


def _batched(refs: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(refs), BATCH_IDS_MAX):
        yield tuple(refs[start : start + BATCH_IDS_MAX])


def hopeless(answer: Answer) -> Problem | None:
    """Give the problem that nothing more should be asked after, if an answer is one."""
    if isinstance(answer, Undescribed) and answer.problem.failure in _HOPELESS:
        return answer.problem
    return None


def unproven(ref: str, problem: Problem) -> Undescribed:
    """Take a failure for what it is where it is not about one track: it proves nothing about any."""
    return Undescribed(ref=ref, availability=Availability.UNKNOWN, problem=problem)


def _undescribed(ref: str, problem: Problem) -> Undescribed:
    """Take a track's own answer for what it proves."""
    proven = availability_after(problem.failure)
    return Undescribed(ref=ref, availability=proven or Availability.UNKNOWN, problem=problem)


def _is_track(ref: str) -> bool:
    return ref.startswith(parse.track_ref("")) and native_id(ref).isdecimal()


def _foreign(ref: str) -> Undescribed:
    hint = "follow the address of a track, a set or a user"
    problem = Problem(failure=FailureClass.UNSUPPORTED, detail=f"{ref} is no track of SoundCloud's", hint=hint)
    return unproven(ref, problem)
