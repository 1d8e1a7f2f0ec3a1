"""yt-dlp's results for YouTube to domain values, once, at the edge. Pure: no network, no clock.

A field of an unexpected type is an unknown field, never a fault; an entry without an id is no entry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from msgspec.structs import replace

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.remote_words import COOKIES_HINT, ELSEWHERE_HINT
from engine.source_ports import Listing, Undescribed
from engine.sources import wording
from engine.sources.youtube.addresses import PlaylistPage, Video

Record: TypeAlias = Mapping[str, Any]

_TOPIC = re.compile(r"(?P<artist>.+?) - Topic")
_LABEL = re.compile(
    r"vevo\b|vevo$|\b(?:records|recordings|recs|label|entertainment|publishing|distribution|promotions?|music group)\b",
    re.IGNORECASE,
)
_NAMELESS = re.compile(r"user[-_]?[a-z0-9]*\d{3,}[a-z0-9]*", re.IGNORECASE)
_VIDEO_ID = re.compile(r"[0-9A-Za-z_-]{11}")
_PLACEHOLDERS = {
    "[private video]": (FailureClass.PRIVATE, Availability.PRIVATE),
    "[deleted video]": (FailureClass.GONE, Availability.GONE),
}
_WITHHELD = {
    "private": Availability.PRIVATE,
    "premium_only": Availability.MEMBERS_ONLY,
    "subscriber_only": Availability.MEMBERS_ONLY,
    "needs_auth": Availability.AGE_GATED,
}
_NOT_YET = ("is_upcoming", "is_live", "post_live")
_VIDEO_EXTRACTOR = "Youtube"
_DURATION_S_MAX = 7 * 24 * 3600  # a week: an upload may last hours, never this long
_UPDATE_HINT = "Update yt-dlp; if that does not help, YouTube has changed how it answers."


def unreadable(what: str) -> Problem:
    """Name an answer that does not say what it should."""
    return Problem(failure=FailureClass.EXTRACTOR_BROKEN, detail=f"YouTube's {what} is unreadable", hint=_UPDATE_HINT)


def ref_of(video: str) -> str:
    """Give the ref of a video."""
    return f"youtube:track:{video}"


def page_of(head: Record) -> PlaylistPage | None:
    """Give the playlist a head is about; a channel's is that of all its uploads, whatever the channel is called."""
    native = head.get("id")
    channel = head.get("channel_id")
    if isinstance(native, str) and native.startswith(("UC", "@")):
        native = channel if isinstance(channel, str) else native
        return PlaylistPage(id=f"UU{native[2:]}") if native.startswith("UC") else None
    return PlaylistPage(id=native) if isinstance(native, str) and native else None


def listing(head: Record, entries: Sequence[object], problem: Problem | None) -> Listing | Problem:
    """Give a playlist's listing from its head and its flat entries, as far as they came."""
    found = page_of(head)
    if found is None:
        return unreadable("playlist")
    videos = [entry for entry in entries if _is_video(entry)]
    unknown = sum(not isinstance(entry, Mapping) or not entry.get("id") for entry in entries)
    refs = tuple(ref_of(entry["id"]) for entry in videos if isinstance(entry, Mapping))
    declared = _count(head.get("playlist_count"))
    name = wording.clean(head.get("title")) or f"Playlist {found.id}"
    if problem is None and unknown:
        problem = _short(f"{unknown} entries of “{name}” are unreadable")
    if problem is None and declared is not None and len(entries) < declared:
        problem = _short(f"YouTube says “{name}” has {declared} videos and lists {len(entries)}")
    return Listing(
        ref=f"youtube:playlist:{found.id}",
        name=name,
        url=found.url,
        entries=refs,
        complete=problem is None,
        owner=wording.clean(head.get("channel")) or wording.clean(head.get("uploader")),
        declared_count=declared,
        problem=problem,
    )


def single(seen: TrackSeen, video: str) -> Listing:
    """Give the listing of one video followed by itself."""
    return Listing(
        ref=f"youtube:single:{video}",
        name=seen.title,
        url=Video(id=video).url,
        entries=(seen.ref,),
        complete=True,
        owner=seen.uploader,
        declared_count=1,
    )


def described(entries: Sequence[object]) -> dict[str, TrackSeen | Undescribed]:
    """Give what flat entries say of their videos, by ref."""
    found = (track(entry) for entry in entries if _is_video(entry))
    return {one.ref: one for one in found if one}


def track(entry: object) -> TrackSeen | Undescribed | None:
    """Give one video's metadata, or why there is none; nothing when the entry is no video at all.

    A placeholder says that a video is gone or private and nothing else: what is known of it stays.
    """
    if not isinstance(entry, Mapping) or not _is_video(entry):
        return None
    ref, title = ref_of(entry["id"]), wording.clean(entry.get("title")) or ""
    if placeholder := _PLACEHOLDERS.get(title.casefold()):
        return _withheld(ref, *placeholder)
    artist, shown = credited(entry, title or f"YouTube {entry['id']}")
    live = entry.get("live_status") in _NOT_YET
    return TrackSeen(
        ref=ref,
        title=shown,
        url=Video(id=entry["id"]).url,
        artist=artist,
        album=wording.clean(entry.get("album")),
        release_date=_date(entry.get("release_date")),
        duration_ms=None if live else _duration_ms(entry.get("duration")),
        artwork_url=f"https://i.ytimg.com/vi/{entry['id']}/hqdefault.jpg",
        uploader=_uploader(entry),
        availability=Availability.UNKNOWN if live else _availability(entry),
        credits=_artists(entry),
    )


def page(answer: Record) -> TrackSeen | Undescribed | None:
    """Give what a video's own page says; one that opened can be had, whoever else is kept out."""
    seen = track({**answer, "ie_key": _VIDEO_EXTRACTOR})
    if isinstance(seen, TrackSeen) and seen.availability in _WITHHELD.values():
        return replace(seen, availability=Availability.AVAILABLE)
    return seen


def credited(entry: Record, title: str) -> tuple[str | None, str]:
    """Give the artist by rank of evidence, and the title without that artist.

    Ranks: YouTube's own music metadata; an artist's topic channel; the title's own "Artist - Title"; who uploaded
    it. A label's and a VEVO channel's name, and a nameless account's, are nobody's artist name.
    """
    artists, piece = _artists(entry), wording.clean(entry.get("track"))
    if artists:
        return ", ".join(artists), piece or _without(title, artists[0])
    uploader = _uploader(entry)
    topic = _TOPIC.fullmatch(wording.clean(entry.get("channel")) or "")
    if topic:
        return topic["artist"], piece or title
    split = wording.credit(title)
    if split and uploader and wording.same(split[1], uploader) and not wording.same(split[0], uploader):
        return split[1], split[0]
    if split:
        return split
    return (uploader if uploader and _is_artist(uploader) else None), title


def is_rich(seen: TrackSeen) -> bool:
    """Say whether music metadata stands behind a description, which only a video's own page has."""
    return bool(seen.credits)


def _is_artist(name: str) -> bool:
    return not (_LABEL.search(name) or _NAMELESS.fullmatch(name))


def _without(title: str, artist: str) -> str:
    split = wording.credit(title)
    return split[1] if split and wording.same(split[0], artist) else title


def _artists(entry: Record) -> tuple[str, ...]:
    listed = entry.get("artists")
    if not isinstance(listed, list):
        listed = [entry.get("artist")]
    return tuple(name for one in listed if (name := wording.clean(one)))


def _uploader(entry: Record) -> str | None:
    shown = wording.clean(entry.get("channel")) or wording.clean(entry.get("uploader"))
    return shown.removesuffix(" - Topic") if shown else None


def _availability(entry: Record) -> Availability:
    return _WITHHELD.get(str(entry.get("availability")), Availability.AVAILABLE)


def _withheld(ref: str, failure: FailureClass, availability: Availability) -> Undescribed:
    private = failure is FailureClass.PRIVATE
    detail = "YouTube lists it as private" if private else "YouTube lists it as deleted"
    hint = COOKIES_HINT if private else ELSEWHERE_HINT
    return Undescribed(ref=ref, availability=availability, problem=Problem(failure=failure, detail=detail, hint=hint))


def _is_video(entry: object) -> bool:
    """Say whether an entry is a video: its extractor says so, or nothing does and its id is a video's."""
    if not isinstance(entry, Mapping) or entry.get("ie_key", _VIDEO_EXTRACTOR) != _VIDEO_EXTRACTOR:
        return False
    return isinstance(entry.get("id"), str) and _VIDEO_ID.fullmatch(entry["id"]) is not None


def _short(detail: str) -> Problem:
    hint = "Nothing is concluded from what is missing; videos hidden in this country can be the reason."
    return Problem(failure=FailureClass.UNEXPECTED, detail=detail, hint=hint)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _duration_ms(seconds: object) -> int | None:
    known = isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 < seconds <= _DURATION_S_MAX
    return round(float(seconds) * 1000) if known and isinstance(seconds, (int, float)) else None


def _date(text: object) -> str | None:
    found = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text) if isinstance(text, str) else None
    return wording.date_only("-".join(found.groups())) if found else None
