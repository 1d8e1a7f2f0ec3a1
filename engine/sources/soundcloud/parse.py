"""SoundCloud's JSON of tracks to domain values, once, at the edge. Pure: no network, no clock.

A field of an unexpected type is an unknown field, never a fault; a record without its id is no record.
Listings are `listings`' business.
"""

from __future__ import annotations

import re

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability
from engine.domain.redaction import is_private
from engine.sources import wording
from engine.sources.soundcloud import credits as makers
from engine.sources.soundcloud.records import Record, address, count, inner, items, link, native_of

_PROTECTED = ("ctr-", "cbc-", "encrypted-")  # protocols under DRM name their encryption first
_UNPLAYED = "abr"  # a preset that yt-dlp passes over as broken
_SIZED_ARTWORK = re.compile(r"-(?:mini|tiny|small|badge|large|crop|t\d+x\d+)\.(\w+)$")
_DURATION_MS_MAX = 7 * 24 * 3600 * 1000  # a week: an upload may last hours, never this long


def tracks(answer: object) -> dict[str, TrackSeen] | None:
    """Give the tracks of a batch by ref, without those that are unreadable; nothing when it is no batch at all."""
    records = answer.get("collection") if isinstance(answer, dict) else answer
    if not isinstance(records, list):
        return None
    seen = (track(record) for record in records)
    return {one.ref: one for one in seen if one}


def track(answer: object) -> TrackSeen | None:
    """Give one track's metadata and whether its audio can be had, or nothing when it has no id."""
    if not isinstance(answer, dict) or not (native := native_of(answer)):
        return None
    publisher = inner(answer, "publisher_metadata")
    shown = wording.clean(answer.get("title")) or wording.clean(answer.get("permalink")) or f"Track {native}"
    artist, title = makers.credited(answer, shown)
    explicit = publisher.get("explicit")
    return TrackSeen(
        ref=track_ref(native),
        title=title,
        url=link(answer, "permalink_url") or f"https://api-v2.soundcloud.com/tracks/{native}",
        artist=artist,
        album=wording.clean(publisher.get("album_title")),
        genre=wording.clean(answer.get("genre")),
        label=wording.clean(answer.get("label_name")),
        isrc=wording.isrc(publisher.get("isrc")) or wording.isrc(answer.get("isrc")),
        release_date=wording.date_only(answer.get("release_date")) or _dated(answer),
        duration_ms=_duration_ms(answer),
        artwork_url=_artwork_url(answer),
        uploader=wording.clean(inner(answer, "user").get("username")),
        availability=availability(answer),
        credits=makers.listed(answer),
        explicit=explicit if isinstance(explicit, bool) else None,
        policy=policy(answer),
        access=wording.clean(answer.get("access")),
        original_offered=answer.get("downloadable") is True and answer.get("has_downloads_left") is not False,
    )


def track_ref(native: str) -> str:
    """Give the ref of a track by its number, whichever api named it."""
    return f"soundcloud:track:{native}"


def policy(record: Record) -> str | None:
    """Give SoundCloud's own word about a track's audio: ALLOW, MONETIZE, SNIP or BLOCK."""
    return wording.clean(record.get("policy"))


def whole(record: Record) -> bool:
    """Say whether a track is shown with its metadata, not only with its id and policy."""
    return bool(wording.clean(record.get("title"))) and isinstance(record.get("user"), dict)


def private_addresses(answer: object) -> dict[str, str]:
    """Give the secret links of the private tracks in an answer, by ref; to be kept in memory and nowhere else."""
    found = {}
    for record in answer if isinstance(answer, list) else [answer]:
        if not isinstance(record, dict):
            continue
        native, page = native_of(record), address(record, "permalink_url")
        if native and page and is_private(page):
            found[track_ref(native)] = page
    return found


def availability(record: Record) -> Availability:
    """Say whether a track's audio can be had, from its policy and from how its transcodings are protected.

    Plain transcodings beside protected ones may work or answer 404; whoever asks for them finds out.
    """
    said, access = record.get("policy"), record.get("access")
    offered = [one for one in items(inner(record, "media"), "transcodings") if isinstance(one, dict)]
    taken = [one for one in offered if not str(one.get("preset") or "").startswith(_UNPLAYED)]
    protocols = [str(inner(one, "format").get("protocol") or "") for one in taken]
    if said == "BLOCK" or access == "blocked":
        return Availability.GEO_BLOCKED
    if said == "SNIP" or access == "preview" or (offered and all(one.get("snipped") is True for one in offered)):
        return Availability.PREVIEW_ONLY
    if protocols and all(protocol.startswith(_PROTECTED) for protocol in protocols):
        return Availability.DRM_PROTECTED
    return Availability.AVAILABLE


def _duration_ms(record: Record) -> int | None:
    """Give the length of the whole piece; `duration` is that of the preview where there is only one."""
    known = record.get("full_duration")
    if known is None and availability(record) is not Availability.PREVIEW_ONLY:
        known = record.get("duration")
    return int(known) if isinstance(known, (int, float)) and 1 <= known <= _DURATION_MS_MAX else None


def _dated(record: Record) -> str | None:
    """Give the release date as the official api has it: year, month and day apart."""
    year, month, day = (count(record, f"release_{part}") for part in ("year", "month", "day"))
    return wording.date_only(f"{year:04}-{month:02}-{day:02}") if year and month and day else None


def _artwork_url(record: Record) -> str | None:
    shown = link(record, "artwork_url")
    return _SIZED_ARTWORK.sub(r"-original.\1", shown) if shown else None
