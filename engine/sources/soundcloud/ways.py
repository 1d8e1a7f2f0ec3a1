"""The ways to SoundCloud, tried in order for one question until one answers. Decides nothing about music.

Which ways there are and which can help is `Access`' business; every try is told to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.domain.failure import FailureClass, Problem
from engine.reconciler.access import telling
from engine.source_ports import Access, Way
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.opening import host_of, open_session
from engine.sources.soundcloud.sessions import Session, Token
from engine.workflows.access import following, summed

SOURCE = "soundcloud"
_NO_WAY = Problem(failure=FailureClass.NETWORK, detail="no way to SoundCloud is set up", hint="See docs/access.md.")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Told(Generic[_T]):
    """An answer, and the way it came by."""

    answer: _T | Problem
    way: Way | None = None


class Ways:
    """Every way to SoundCloud that was taken so far, open until closed; one thread at a time."""

    def __init__(self, config: SoundCloudConfig, access: Access, pace: Callable[[str], None]) -> None:
        self._config = config
        self._access = access
        self._pace = pace
        self._token = Token()
        self._sessions: dict[Way, Session] = {}

    @property
    def sent(self) -> int:
        """How many requests were sent so far, by all ways."""
        return sum(session.sent for session in self._sessions.values())

    def close(self) -> None:
        """Let go of every connection."""
        for session in self._sessions.values():
            session.close()

    def ask(
        self,
        question: Callable[[Session], _T | Problem],
        *,
        ref: str | None = None,
        cut: Callable[[_T], Problem | None] = lambda _: None,
    ) -> Told[_T]:
        """Ask by one way after the other as long as another can give another answer; gives the best one.

        Args:
            question: asks once, by the way it is given.
            ref: the track it is about, if it is about one.
            cut: gives why an answer is not a whole one; a part is better than none.
        """
        best: Told[_T] = Told(_NO_WAY)
        ended: dict[str, Problem] = {}
        while (way := following(self._access, SOURCE, host_of(self._config), ended)) is not None:
            answer = question(self._session(way))
            problem = answer if isinstance(answer, Problem) else cut(answer)
            self.note(way, problem, ref)
            if problem is None:
                return Told(answer, way)
            ended[way.name] = problem
            if best.way is None or _says_more(answer, best.answer):
                best = Told(answer, way)
        return Told(summed(ended), best.way) if ended and isinstance(best.answer, Problem) else best

    def elsewhere(self, failure: FailureClass, besides: Way) -> Iterator[Way]:
        """Give the ways that can help after a failure, besides the one it was met on."""
        ways = self._access.ways(SOURCE, (failure,), host=host_of(self._config))
        yield from (way for way in ways if way != besides)

    def by(self, way: Way, question: Callable[[Session], _T | Problem]) -> _T | Problem:
        """Ask by one way and no other; what it came to is for the caller to note."""
        return question(self._session(way))

    def note(self, way: Way, problem: Problem | None, ref: str | None) -> None:
        """Tell how a way did, and for which track."""
        self._access.note(SOURCE, way, host_of(self._config), problem, ref=ref)

    def _session(self, way: Way) -> Session:
        if way not in self._sessions:
            self._sessions[way] = open_session(self._config, way, self._pace, self._token)
        return self._sessions[way]


def _says_more(answer: object, best: object) -> bool:
    """Prefer part of an answer to none, and what is about the thing asked for to what is about the way."""
    if isinstance(answer, Problem) and isinstance(best, Problem):
        return telling([answer.failure, best.failure]) is answer.failure
    return isinstance(best, Problem)
