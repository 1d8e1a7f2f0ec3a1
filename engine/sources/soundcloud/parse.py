"""SoundCloud's JSON to domain values, once, at the edge. Pure: no network, no clock.

A field of an unexpected type is an unknown field, never a fault; a record without its id is no record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.redaction import is_private, public_address
from engine.source_ports import Listing
from engine.sources import wording

Record: TypeAlias = Mapping[str, Any]

_PROTECTED = ("ctr-", "cbc-")  # transcodings under DRM name their encryption first
_NAMELESS = re.compile(r"user[\s_-]?\d{3,}", re.IGNORECASE)  # what SoundCloud calls who gave no name
_NUMBERED_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*[-_]\d{2,}")
_LABEL = re.compile(
    r"\b(?:records|recordings|recs|label|entertainment|publishing|distribution|promotions?)\b", re.IGNORECASE
)
_SIZED_ARTWORK = re.compile(r"-(?:mini|tiny|small|badge|large|crop|t\d+x\d+)\.(\w+)$")
_DURATION_MS_MAX = 7 * 24 * 3600 * 1000  # a week: an upload may last hours, never this long
_SETS = ("playlist", "system-playlist")
_UNREADABLE = "Update yt-dlp; if that does not help, SoundCloud has changed how it answers."


def unreadable(what: str) -> Problem:
    """Name an answer that does not say what it should."""
    return Problem(failure=FailureClass.EXTRACTOR_BROKEN, detail=f"SoundCloud's {what} is unreadable", hint=_UNREADABLE)


def listing(answer: object, *, url: str) -> Listing | Problem:
    """Give the listing of a set, or of a single track, from what its address resolves to."""
    if isinstance(answer, dict) and (native := _id(answer)):
        if answer.get("kind") in _SETS and isinstance(answer.get("tracks"), list):
            return _set(answer, native, url)
        if answer.get("kind") == "track":
            return _single(answer, native, url)
    return unreadable("answer to an address")


def user_list(answer: Record, entries: tuple[object, ...], *, which: str, url: str, problem: Problem | None) -> Listing:
    """Give the listing of a user's likes, uploads or reposts from yt-dlp's flat entries, sets among them left out."""
    unknown = sum(not isinstance(entry, dict) for entry in entries)
    tracks = [entry for entry in entries if isinstance(entry, dict) and entry.get("ie_key") == "Soundcloud"]
    refs = tuple(f"soundcloud:track:{entry['id']}" for entry in tracks if entry.get("id"))
    name = wording.clean(answer.get("title")) or which
    unread = unknown + len(tracks) - len(refs)
    if problem is None and unread:
        problem = _short(f"{unread} entries of {name} are unreadable")
    return Listing(
        ref=f"soundcloud:{which}:{answer.get('id')}",
        name=name,
        url=public_address(url),
        entries=refs,
        complete=problem is None,
        owner=wording.clean(re.sub(r" \(\w+\)$", "", name)),
        problem=problem,
    )


def tracks(answer: object) -> dict[str, TrackSeen] | None:
    """Give the tracks of a batch by ref, without those that are unreadable; nothing when it is no batch at all."""
    if not isinstance(answer, list):
        return None
    seen = (track(record) for record in answer)
    return {one.ref: one for one in seen if one}


def track(answer: object) -> TrackSeen | None:
    """Give one track's metadata and whether its audio can be had, or nothing when it has no id."""
    if not isinstance(answer, dict) or not (native := _id(answer)):
        return None
    publisher = _record(answer, "publisher_metadata")
    shown = wording.clean(answer.get("title")) or wording.clean(answer.get("permalink")) or f"Track {native}"
    artist, title = credited(answer, shown)
    return TrackSeen(
        ref=f"soundcloud:track:{native}",
        title=title,
        url=_link(answer, "permalink_url") or f"https://api-v2.soundcloud.com/tracks/{native}",
        artist=artist,
        album=wording.clean(publisher.get("album_title")),
        genre=wording.clean(answer.get("genre")),
        label=wording.clean(answer.get("label_name")),
        isrc=wording.isrc(publisher.get("isrc")) or wording.isrc(answer.get("isrc")),
        release_date=wording.date_only(answer.get("release_date")),
        duration_ms=_duration_ms(answer),
        artwork_url=_artwork_url(answer),
        uploader=wording.clean(_record(answer, "user").get("username")),
        availability=availability(answer),
    )


def private_addresses(answer: object) -> dict[str, str]:
    """Give the secret links of the private tracks in an answer, by ref; to be kept in memory and nowhere else."""
    records = answer if isinstance(answer, list) else [answer]
    found = {}
    for record in records:
        if not isinstance(record, dict):
            continue
        native, address = _id(record), _address(record, "permalink_url")
        if native and address and is_private(address):
            found[f"soundcloud:track:{native}"] = address
    return found


def availability(record: Record) -> Availability:
    """Say whether a track's audio can be had, from its policy and from how its transcodings are protected."""
    policy, access = record.get("policy"), record.get("access")
    offered = [one for one in _list(_record(record, "media"), "transcodings") if isinstance(one, dict)]
    protocols = [str(_record(one, "format").get("protocol") or "") for one in offered]
    if policy == "BLOCK" or access == "blocked":
        return Availability.GEO_BLOCKED
    if policy == "SNIP" or access == "preview" or (offered and all(one.get("snipped") is True for one in offered)):
        return Availability.PREVIEW_ONLY
    if protocols and all(protocol.startswith(_PROTECTED) for protocol in protocols):
        return Availability.DRM_PROTECTED
    return Availability.AVAILABLE


def credited(record: Record, title: str) -> tuple[str | None, str]:
    """Give the artist by rank of evidence, and the title without that artist.

    Ranks: what the publisher says; the title's own "Artist - Title"; who uploaded it. A slug, a nameless account
    and a label are nobody's artist name.
    """
    user = _record(record, "user")
    uploader = wording.clean(user.get("username"))
    split = wording.credit(title)
    backwards = split is not None and uploader is not None and wording.same(split[1], uploader)
    named = (
        wording.clean(_record(record, "publisher_metadata").get("artist")),
        split[0] if split and not backwards else None,
        uploader,
    )
    artist = next((name for name in named if name and _is_artist(name, record)), None)
    if split and artist and wording.same(split[0], artist):
        return artist, split[1]
    return artist, title


def _is_artist(name: str, record: Record) -> bool:
    label = wording.clean(record.get("label_name"))
    slug = name == _record(record, "user").get("permalink") and _NUMBERED_SLUG.fullmatch(name)
    return not (_NAMELESS.fullmatch(name) or _LABEL.search(name) or slug or (label and wording.same(name, label)))


def _set(answer: Record, native: str, url: str) -> Listing:
    shown: list[Any] = answer["tracks"]
    ids = [_id(entry) for entry in shown if isinstance(entry, dict)]
    entries = tuple(f"soundcloud:track:{one}" for one in ids if one)
    declared = answer.get("track_count")
    declared_count = declared if isinstance(declared, int) and not isinstance(declared, bool) else None
    complete = len(entries) == (len(shown) if declared_count is None else declared_count) == len(shown)
    detail = f"SoundCloud says the set has {declared_count} tracks and lists {len(entries)}"
    return Listing(
        ref=f"soundcloud:set:{native}",
        name=wording.clean(answer.get("title")) or f"Set {native}",
        url=_link(answer, "permalink_url") or public_address(url),
        entries=entries,
        complete=complete,
        owner=wording.clean(_record(answer, "user").get("username")),
        declared_count=declared_count,
        watermark=wording.clean(answer.get("last_modified")),
        problem=None if complete else _short(detail),
    )


def _single(answer: Record, native: str, url: str) -> Listing:
    return Listing(
        ref=f"soundcloud:single:{native}",
        name=wording.clean(answer.get("title")) or f"Track {native}",
        url=_link(answer, "permalink_url") or public_address(url),
        entries=(f"soundcloud:track:{native}",),
        complete=True,
        owner=wording.clean(_record(answer, "user").get("username")),
        declared_count=1,
        watermark=wording.clean(answer.get("last_modified")),
    )


def _short(detail: str) -> Problem:
    hint = "Nothing is concluded from what is missing; tracks hidden in this country can be the reason."
    return Problem(failure=FailureClass.UNEXPECTED, detail=detail, hint=hint)


def _duration_ms(record: Record) -> int | None:
    """Give the length of the whole piece; `duration` is that of the preview where there is only one."""
    known = record.get("full_duration")
    if known is None and availability(record) is not Availability.PREVIEW_ONLY:
        known = record.get("duration")
    return int(known) if isinstance(known, (int, float)) and 1 <= known <= _DURATION_MS_MAX else None


def _artwork_url(record: Record) -> str | None:
    shown = _link(record, "artwork_url")
    return _SIZED_ARTWORK.sub(r"-original.\1", shown) if shown else None


def _link(record: Record, name: str) -> str | None:
    """Give an address that may be shown and followed; anything but https is not one."""
    address = _address(record, name)
    return public_address(address) if address else None


def _address(record: Record, name: str) -> str | None:
    address = wording.clean(record.get(name))
    return address if address and address.startswith("https://") else None


def _id(record: Record) -> str | None:
    """Give a number or a URN's last part; SoundCloud is moving from one to the other."""
    native = record.get("id")
    if isinstance(native, bool) or not isinstance(native, (int, str)):
        return None
    return wording.clean(str(native).removeprefix("soundcloud:tracks:").removeprefix("soundcloud:playlists:"))


def _record(record: Record, name: str) -> Record:
    inner = record.get(name)
    return inner if isinstance(inner, dict) else {}


def _list(record: Record, name: str) -> list[Any]:
    inner = record.get(name)
    return inner if isinstance(inner, list) else []
