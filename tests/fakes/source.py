"""A source in memory: playlists by address, tracks by ref, and troubles a test scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from typing_extensions import override

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.source_ports import Describing, Known, Listing, Source, Unchanged, Undescribed

HOST = "https://soundcloud.com/"


def track(number: int, title: str = "", *, source: str = "soundcloud", **more: object) -> TrackSeen:
    """Give what the source shows of a track."""
    return TrackSeen(
        ref=ref(number, source),
        title=title or f"Title {number}",
        artist=f"Artist {number % 3}",
        url=f"https://{source}.com/a/{number}",
        duration_ms=200_000,
        **more,  # type: ignore[arg-type]  # the tests pass what the event has
    )


def ref(number: int, source: str = "soundcloud") -> str:
    """Give a track's ref."""
    return f"{source}:track:{number}"


class FakeSource(Source):
    """Holds what a person's SoundCloud would.

    Attributes:
        listings: playlist address → what is listed there, or what goes wrong.
        tracks: ref → what is shown of it.
        trouble: ref → what goes wrong when it is described.
        shelves: address → the playlists it stands for.
        log: every call, in order.
        on_call: looks in when something is asked, before the answer.
    """

    def __init__(self, name: str = "soundcloud", *, listed: bool = False) -> None:
        self._name = name
        self._listed = listed
        self.host = f"https://{name}.com/"
        self.on_call: Callable[[str], None] = lambda _line: None
        self.listings: dict[str, Listing | Problem] = {}
        self.tracks: dict[str, TrackSeen] = {}
        self.trouble: dict[str, Undescribed] = {}
        self.shelves: dict[str, tuple[str, ...] | Problem] = {}
        self.log: list[str] = []
        self.describes_everything = False

    def publish(self, name: str, entries: Sequence[int], *, number: int = 9, complete: bool = True) -> str:
        """Put a playlist up, with tracks behind its entries, and give its address."""
        url = f"{self.host}crew/sets/{number}"
        for entry in entries:
            self.tracks.setdefault(ref(entry, self._name), track(entry, source=self._name))
        self.listings[url] = Listing(
            ref=f"{self._name}:set:{number}",
            name=name,
            url=url,
            entries=tuple(ref(entry, self._name) for entry in entries),
            complete=complete,
            owner="crew",
        )
        return url

    def fail_describing(self, number: int, failure: FailureClass, availability: Availability) -> None:
        """Let one track's metadata be refused."""
        problem = Problem(failure=failure, detail=f"{failure} it was")
        ref_of = ref(number, self._name)
        self.trouble[ref_of] = Undescribed(ref=ref_of, availability=availability, problem=problem)

    @property
    @override
    def name(self) -> str:
        return self._name

    @property
    @override
    def describing(self) -> Describing:
        if self._listed:
            return Describing.LISTED
        return Describing.ALWAYS if self.describes_everything else Describing.WEEKLY

    @override
    def recognises(self, url: str) -> bool:
        return url.startswith((self.host, f"{self._name}:"))

    @override
    def expand(self, url: str) -> tuple[str, ...] | Problem:
        if url in self.shelves:
            self._call(f"expand {url}")
        return self.shelves.get(url, (url,))

    @override
    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:
        self._call(f"list {url}")
        answer = self.listings[url]
        if isinstance(answer, Listing) and known and answer.watermark and answer.watermark == known.watermark:
            return Unchanged(ref=answer.ref)
        return answer

    @override
    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        for each in refs:
            self._call(f"describe {each}")
            yield self.trouble.get(each) or self.tracks[each]

    @override
    def requests(self) -> Mapping[str, int]:
        return {self._name: len(self.log)}

    def _call(self, line: str) -> None:
        self.log.append(line)
        self.on_call(line)
