"""SoundCloud's JSON of sets and of users' lists to listings, once, at the edge. Pure: no network, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import public_address
from engine.source_ports import Known, Listing
from engine.sources import wording
from engine.sources.soundcloud import parse
from engine.sources.soundcloud.records import Record, address, count, inner, link, native_of, unreadable

_SETS = ("playlist", "system-playlist")
_COUNTS = {"likes": "likes_count", "tracks": "track_count", "reposts": "reposts_count"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One thing on a user's list: a track, or a set that stands among them."""

    kind: str  # "track" or "playlist"
    native: str
    record: Record

    @property
    def mark(self) -> str:
        """What tells it from any other thing on the list."""
        return f"{self.kind}:{self.native}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose list it is, and how many things the service says are on it.

    Attributes:
        page: the address of the profile.
        declared_count: what is hidden may be counted in, and sets, so it need not be that of the entries.
        declared_sets: how many sets are among the likes, where they are counted apart.
    """

    native: str
    name: str
    page: str | None = None
    declared_count: int | None = None
    declared_sets: int | None = None


def listing(answer: object, *, url: str) -> Listing | Problem:
    """Give the listing of a set, or of a single track, from what its address resolves to."""
    if isinstance(answer, dict) and (native := native_of(answer)):
        if answer.get("kind") in _SETS and isinstance(answer.get("tracks"), list):
            return _set(answer, native, url)
        if answer.get("kind") == "track":
            return _single(answer, native, url)
    return unreadable("answer to an address")


def still(head: object, known: Known, url: str | None) -> bool:
    """Say whether a set is as it is known, by its change token and its count, and is still the one at its address.

    Args:
        head: the set without its tracks.
        known: what its last complete listing showed.
        url: the address of its page, where it is known by that and not by its number.
    """
    if not isinstance(head, dict) or known.watermark is None or known.ref != f"soundcloud:set:{native_of(head)}":
        return False
    said = (wording.clean(head.get("last_modified")), count(head, "track_count"))
    return said == (known.watermark, known.declared_count) and url in (None, link(head, "permalink_url"))


def owner(answer: object, which: str) -> Owner | Problem:
    """Give whose list is meant, from what a profile's address resolves to."""
    if not isinstance(answer, dict) or answer.get("kind") != "user" or not (native := native_of(answer)):
        return unreadable("answer to a profile's address")
    name = wording.clean(answer.get("username")) or wording.clean(answer.get("permalink")) or f"User {native}"
    sets = count(answer, "playlist_likes_count") if which == "likes" else None
    declared_count, page = count(answer, _COUNTS.get(which, "")), link(answer, "permalink_url")
    return Owner(native=native, name=name, page=page, declared_count=declared_count, declared_sets=sets)


def members(shown: Iterable[object]) -> tuple[Member | None, ...]:
    """Give the things on a page of a user's list, in order; nothing in the place of what nobody can read."""
    return tuple(map(_member, shown))


def user_list(
    whose: Owner,
    entries: Sequence[str],
    *,
    which: str,
    url: str,
    shown: Sequence[Member | None],
    watermark: str | None = None,
    problem: Problem | None = None,
) -> Listing:
    """Give the listing of a user's likes, uploads or reposts; an entry nobody can read leaves it incomplete."""
    name = f"{whose.name} ({which.capitalize()})"
    unread = sum(one is None for one in shown)
    if problem is None and unread:
        problem = _short(f"{unread} entries of {name} are unreadable")
    return Listing(
        ref=f"soundcloud:{which}:{whose.native}",
        name=name,
        url=f"{whose.page}/{which}" if whose.page else public_address(url),
        entries=tuple(entries),
        complete=problem is None,
        owner=whose.name,
        declared_count=whose.declared_count,
        watermark=watermark if problem is None else None,
        problem=problem,
        policies=policies(one.record for one in shown if one and one.kind == "track"),
    )


def set_addresses(shown: Iterable[object]) -> tuple[str, ...] | Problem:
    """Give the addresses of sets on a page of them, with what opens private ones."""
    found = [address(one, "permalink_url") if isinstance(one, dict) else None for one in shown]
    if None in found:
        return unreadable("list of sets")
    return tuple(dict.fromkeys(one for one in found if one))


def policies(records: Iterable[object]) -> dict[str, str]:
    """Give what is said in passing about tracks' audio, by ref."""
    said = {}
    for record in records:
        if isinstance(record, dict) and (native := native_of(record)) and (word := parse.policy(record)):
            said[parse.track_ref(native)] = word
    return said


def _member(item: object) -> Member | None:
    if not isinstance(item, dict):
        return None
    for kind, record in (("track", item.get("track")), ("playlist", item.get("playlist")), (item.get("kind"), item)):
        if isinstance(record, dict) and (native := native_of(record)):
            known = "playlist" if kind in _SETS else kind
            return Member(kind=known, native=native, record=record) if known in ("track", "playlist") else None
    return None


def _set(answer: Record, native: str, url: str) -> Listing:
    shown = answer["tracks"]
    ids = [native_of(entry) for entry in shown if isinstance(entry, dict)]
    entries = tuple(parse.track_ref(one) for one in ids if one)
    declared_count = count(answer, "track_count")
    complete = len(entries) == (len(shown) if declared_count is None else declared_count) == len(shown)
    detail = f"SoundCloud says the set has {declared_count} tracks and lists {len(entries)}"
    return Listing(
        ref=f"soundcloud:set:{native}",
        name=wording.clean(answer.get("title")) or f"Set {native}",
        url=link(answer, "permalink_url") or public_address(url),
        entries=entries,
        complete=complete,
        owner=wording.clean(inner(answer, "user").get("username")),
        declared_count=declared_count,
        watermark=wording.clean(answer.get("last_modified")),
        problem=None if complete else _short(detail),
        policies=policies(shown),
    )


def _single(answer: Record, native: str, url: str) -> Listing:
    return Listing(
        ref=f"soundcloud:single:{native}",
        name=wording.clean(answer.get("title")) or f"Track {native}",
        url=link(answer, "permalink_url") or public_address(url),
        entries=(parse.track_ref(native),),
        complete=True,
        owner=wording.clean(inner(answer, "user").get("username")),
        declared_count=1,
        watermark=wording.clean(answer.get("last_modified")),
        policies=policies([answer]),
    )


def _short(detail: str) -> Problem:
    hint = "Nothing is concluded from what is missing; tracks hidden in this country can be the reason."
    return Problem(failure=FailureClass.UNEXPECTED, detail=detail, hint=hint)
