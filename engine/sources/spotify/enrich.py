"""The provider of facts about recordings: Spotify by ISRC, else by artist and title where both names and length agree.

What is not surely the same recording gives no facts. Never asks for audio.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.domain.events import Fact, TrackSeen
from engine.domain.failure import Problem
from engine.domain.references import native_id
from engine.matching.folding import plain
from engine.source_ports import Described, Enriched
from engine.sources import wording
from engine.sources.agreement import Naming, named
from engine.sources.spotify import parse

if TYPE_CHECKING:
    from engine.sources.spotify.client import SpotifyClient

BY_ISRC = 0.97
BY_ISRC_ONLY = 0.95
"""The same where no length speaks for it, or where the title is spelt otherwise and the lengths meet."""
BY_SEARCH = 0.85
SEVERAL_RELEASES = 0.9
"""What a fact of a release loses where the recording is on several, none of which was named."""

SAME_MS_MAX = 2_000
"""Lengths apart up to which equal names mean one recording."""
NEAR_MS_MAX = 10_000
"""Lengths apart from which an ISRC was given to the wrong recording."""
_OF_RELEASE = frozenset({"album", "release_date", "artwork_url"})


class SpotifyEnricher:
    """Spotify as a provider of facts."""

    def __init__(self, client: Callable[[], SpotifyClient]) -> None:
        self._client = client

    @property
    def name(self) -> str:
        """The provider's name."""
        return "spotify"

    def suits(self, about: Described) -> bool:
        """Say whether enough is known: an ISRC, or artist, title and length."""
        return bool(about.isrcs) or (about.artist is not None and about.duration_ms is not None and bool(about.title))

    def enrich(self, about: Described) -> Enriched | Problem:
        """Give what Spotify knows of a recording; nothing where none of its tracks is surely the same."""
        for isrc in about.isrcs:
            found = self._tracks(f"isrc:{isrc}")
            if isinstance(found, Problem):
                return found
            same, sure = _by_isrc([seen for seen in found if seen.isrc == isrc], about)
            if same:
                return _enriched("isrc", same, about, sure)
        if about.artist is None or about.duration_ms is None:
            return Enriched(matched_by="isrc")
        found = self._tracks(f'track:"{_quotable(about.title)}" artist:"{_quotable(about.artist)}"')
        if isinstance(found, Problem):
            return found
        same = [seen for seen in found if _named_alike(seen, about) and _apart_ms(seen, about) <= SAME_MS_MAX]
        return _enriched("search", same, about, BY_SEARCH) if same else Enriched(matched_by="search")

    def requests(self) -> Mapping[str, int]:
        """Give nothing: the source counts what is sent through the connection they share."""
        return {}

    def _tracks(self, query: str) -> tuple[TrackSeen, ...] | Problem:
        from engine.sources.spotify import problems  # noqa: PLC0415 - it imports requests

        answer = self._client().search(query)
        if isinstance(answer, Problem):
            return answer
        found = parse.tracks_found(answer)
        if found is None:
            return problems.garbage()
        return tuple(seen for seen in (parse.piece(each).seen for each in found) if seen)


def _by_isrc(found: Sequence[TrackSeen], about: Described) -> tuple[list[TrackSeen], float]:
    """Give the tracks of an ISRC that may be the one: by title, else by length; never another version (F9)."""
    naming = [named(seen.title, _credit(seen), about) for seen in found]
    apart = [_apart_ms(seen, about) for seen in found]
    rows = list(zip(found, naming, apart, strict=True))
    alike = [seen for seen, said, by_ms in rows if said is Naming.ALIKE and by_ms <= NEAR_MS_MAX]
    if alike:
        return alike, BY_ISRC if about.duration_ms is not None else BY_ISRC_ONLY
    known = about.duration_ms is not None
    lengths = [seen for seen, said, by_ms in rows if known and said is Naming.OTHERWISE and by_ms <= SAME_MS_MAX]
    return lengths, BY_ISRC_ONLY


def _credit(seen: TrackSeen) -> str | None:
    return ", ".join(seen.credits) or seen.artist


def _enriched(matched_by: str, same: Sequence[TrackSeen], about: Described, sure: float) -> Enriched:
    """Give the facts of the release that was named, or else of the one that came out first."""
    album = about.album
    on_album = [seen for seen in same if album and seen.album and wording.same(plain(seen.album), plain(album))]
    first = min(on_album or same, key=lambda seen: (seen.release_date is None, seen.release_date or ""))
    doubt = SEVERAL_RELEASES if not on_album and len({seen.album for seen in same}) > 1 else 1.0
    values = {
        "album": first.album,
        "release_date": first.release_date,
        "isrc": first.isrc,
        "artwork_url": first.artwork_url,
        "explicit": first.explicit,
        "spotify_id": native_id(first.ref),
        "spotify_url": first.url,
    }
    facts = tuple(
        Fact(field=name, value=value, confidence=round(sure * (doubt if name in _OF_RELEASE else 1.0), 3))
        for name, value in values.items()
        if value is not None
    )
    return Enriched(matched_by=matched_by, provider_ref=first.ref, facts=facts)


def _apart_ms(seen: TrackSeen, about: Described) -> int:
    if about.duration_ms is None:
        return 0
    return NEAR_MS_MAX + 1 if seen.duration_ms is None else abs(seen.duration_ms - about.duration_ms)


def _named_alike(seen: TrackSeen, about: Described) -> bool:
    artist = plain(about.artist or "")
    credited = (*seen.credits, seen.artist or "")
    return wording.same(plain(seen.title), plain(about.title)) and any(
        wording.same(plain(name), artist) for name in credited
    )


def _quotable(text: str) -> str:
    return plain(text).replace('"', " ")
