"""A source in memory: playlists by address, tracks by ref, and troubles a test scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from typing_extensions import override

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.source_ports import Describing, Known, Listing, Source, Unchanged, Undescribed

HOST = "https://soundcloud.com/"


def track(number: int, title: str = "", **more: object) -> TrackSeen:
    """Give what the source shows of a track."""
    return TrackSeen(
        ref=ref(number),
        title=title or f"Title {number}",
        artist=f"Artist {number % 3}",
        url=f"{HOST}a/{number}",
        duration_ms=200_000,
        **more,  # type: ignore[arg-type]  # the tests pass what the event has
    )


def ref(number: int) -> str:
    """Give a track's ref."""
    return f"soundcloud:track:{number}"


class FakeSource(Source):
    """Holds what a person's SoundCloud would.

    Attributes:
        listings: playlist address → what is listed there, or what goes wrong.
        tracks: ref → what is shown of it.
        trouble: ref → what goes wrong when it is described.
        shelves: address → the playlists it stands for.
        log: every call, in order.
    """

    def __init__(self) -> None:
        self.listings: dict[str, Listing | Problem] = {}
        self.tracks: dict[str, TrackSeen] = {}
        self.trouble: dict[str, Undescribed] = {}
        self.shelves: dict[str, tuple[str, ...] | Problem] = {}
        self.log: list[str] = []
        self.describes_everything = False

    def publish(self, name: str, entries: Sequence[int], *, number: int = 9, complete: bool = True) -> str:
        """Put a playlist up, with tracks behind its entries, and give its address."""
        url = f"{HOST}crew/sets/{number}"
        for entry in entries:
            self.tracks.setdefault(ref(entry), track(entry))
        self.listings[url] = Listing(
            ref=f"soundcloud:set:{number}",
            name=name,
            url=url,
            entries=tuple(ref(entry) for entry in entries),
            complete=complete,
            owner="crew",
        )
        return url

    def fail_describing(self, number: int, failure: FailureClass, availability: Availability) -> None:
        """Let one track's metadata be refused."""
        problem = Problem(failure=failure, detail=f"{failure} it was")
        self.trouble[ref(number)] = Undescribed(ref=ref(number), availability=availability, problem=problem)

    @property
    @override
    def name(self) -> str:
        return "soundcloud"

    @property
    @override
    def describing(self) -> Describing:
        return Describing.ALWAYS if self.describes_everything else Describing.WEEKLY

    @override
    def recognises(self, url: str) -> bool:
        return url.startswith(HOST)

    @override
    def expand(self, url: str) -> tuple[str, ...] | Problem:
        return self.shelves.get(url, (url,))

    @override
    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:
        self.log.append(f"list {url}")
        answer = self.listings[url]
        if isinstance(answer, Listing) and known and answer.watermark and answer.watermark == known.watermark:
            return Unchanged(ref=answer.ref)
        return answer

    @override
    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        for each in refs:
            self.log.append(f"describe {each}")
            yield self.trouble.get(each) or self.tracks[each]

    @override
    def requests(self) -> Mapping[str, int]:
        return {"soundcloud": len(self.log)}
