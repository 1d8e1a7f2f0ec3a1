"""The pieces SoundCloud's JSON is made of, read so that an odd one is nothing, never a fault. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import public_address
from engine.sources import wording

Record: TypeAlias = Mapping[str, Any]

_URN_PREFIXES = ("soundcloud:tracks:", "soundcloud:playlists:", "soundcloud:users:")
_UNREADABLE = "Update yt-dlp; if that does not help, SoundCloud has changed how it answers."


def unreadable(what: str) -> Problem:
    """Name an answer that does not say what it should."""
    return Problem(failure=FailureClass.EXTRACTOR_BROKEN, detail=f"SoundCloud's {what} is unreadable", hint=_UNREADABLE)


def native_of(record: Record) -> str | None:
    """Give a record's number, from its id or its URN; SoundCloud is moving from one to the other."""
    for name in ("id", "urn"):
        native = record.get(name)
        if isinstance(native, bool) or not isinstance(native, (int, str)):
            continue
        bare = str(native)
        for prefix in _URN_PREFIXES:
            bare = bare.removeprefix(prefix)
        if found := wording.clean(bare):
            return found
    return None


def inner(record: Record, name: str) -> Record:
    """Give a record inside a record; an empty one when there is none."""
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def items(record: Record, name: str) -> list[Any]:
    """Give a list inside a record; an empty one when there is none."""
    found = record.get(name)
    return found if isinstance(found, list) else []


def count(record: Record, name: str) -> int | None:
    """Give a whole number inside a record, or nothing when it is none."""
    found = record.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def address(record: Record, name: str) -> str | None:
    """Give an address with all that opens it; anything but https is not one."""
    found = wording.clean(record.get(name))
    return found if found and found.startswith("https://") else None


def link(record: Record, name: str) -> str | None:
    """Give an address that may be shown and followed."""
    found = address(record, name)
    return public_address(found) if found else None
