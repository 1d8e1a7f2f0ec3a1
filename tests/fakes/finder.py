"""A place where audio is looked for by name: answers what a test put there, and keeps every question."""

from __future__ import annotations

from typing_extensions import override

from engine.domain.events import TrackSeen
from engine.domain.failure import Problem
from engine.source_ports import Finder


def candidate(name: str, title: str, artist: str | None = "Ada", **more: object) -> TrackSeen:
    """Give what a search shows of one track."""
    source = str(more.pop("source", "soundcloud"))
    said: dict[str, object] = {"uploader": artist, "duration_ms": 200_000, **more}
    url = f"https://{source}.com/found/{name}"
    return TrackSeen(ref=f"{source}:track:{name}", title=title, artist=artist, url=url, **said)  # type: ignore[arg-type]  # the tests pass what the event has


class FakeFinder(Finder):
    """Gives the same answer to every question, unless a test says otherwise.

    Attributes:
        answers: question → the answer to it.
        answer: what every other question is answered with.
        asked: every question, in order.
    """

    def __init__(self, name: str = "soundcloud", *offers: TrackSeen) -> None:
        self._name = name
        self.answers: dict[str, tuple[TrackSeen, ...] | Problem] = {}
        self.answer: tuple[TrackSeen, ...] | Problem = offers
        self.asked: list[str] = []

    @property
    @override
    def name(self) -> str:
        return self._name

    @override
    def find(self, query: str, limit: int) -> tuple[TrackSeen, ...] | Problem:
        self.asked.append(query)
        found = self.answers.get(query, self.answer)
        return found if isinstance(found, Problem) else found[:limit]
