"""Names of things: source references, and the ids that Cratelog derives for its own.

Ids are derived from names, so that a crash and a retry, or two machines, arrive at the same id.
"""

from __future__ import annotations

import hashlib

from engine.domain.canonical import short_id

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EAGLE_ID_LENGTH = 13
"""Eagle's own item ids have 13 characters, base 36 (docs/targets.md)."""


PLAYING = "spotify:playing"
"""What Spotify is playing: its address, and the ref of the list that gathers it."""
FROM_NOTION = "notion:batch"
"""The list that gathers the tracks whose addresses stand in Notion rows."""
ROW_PREFIX = "row:"
"""Stands before an address that stands in a Notion row, in the name of the scope that says what listing it came to."""
GATHERED = frozenset({PLAYING, FROM_NOTION})


def is_gathered(ref: str) -> bool:
    """Say whether a list gathers what passes: nothing ever leaves it, and no target shows it as a playlist."""
    return ref in GATHERED


def source_of(ref: str) -> str:
    """Give the source's name of a `SourceRef`: `soundcloud` for `soundcloud:track:1`."""
    return ref.partition(":")[0]


def native_id(ref: str) -> str:
    """Give the source's own id of a `SourceRef`: `1` for `soundcloud:track:1`."""
    return ref.split(":", 2)[-1]


def recording_id(first_ref: str) -> str:
    """Derive a recording's id from the sighting that founded it."""
    return "r" + short_id("recording", first_ref)


def question_id(a: str, b: str) -> str:
    """Derive the id of the question whether two things are one recording; the order of the two makes no difference."""
    return "q" + short_id("question", *sorted((a, b)))


def rendition_id(recording: str, profile: str) -> str:
    """Derive the id of a recording's file in one format profile."""
    return "f" + short_id("rendition", recording, profile)


def eagle_item_id(recording: str) -> str:
    """Derive the item id we choose in Eagle, so that a repeated import meets itself."""
    number = int.from_bytes(hashlib.sha256(b"eagle-item\x1f" + recording.encode()).digest()[:9], "big")
    digits = []
    for _ in range(EAGLE_ID_LENGTH):
        number, digit = divmod(number, 36)
        digits.append(_BASE36[digit])
    return "".join(digits)


def object_key(target: str, kind: str, key: str) -> str:
    """Name one object of one target, for streams, leases and rows."""
    return f"{target}/{kind}/{key}"


def remote_key(target: str, remote_id: str) -> str:
    """Name one thing a target was observed to hold."""
    return f"{target}/{remote_id}"


REFERENCE = "@"
"""Stands before an object key where a remote id belongs that is only known once that object was made."""


def reference(target: str, kind: str, key: str) -> str:
    """Name an object whose remote id is to be filled in when an action is sent."""
    return REFERENCE + object_key(target, kind, key)


def referred(value: object) -> str | None:
    """Give the object key a value refers to, or nothing when it is an ordinary value."""
    return value.removeprefix(REFERENCE) if isinstance(value, str) and value.startswith(REFERENCE) else None
