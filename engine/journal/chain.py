"""The hash chain: which bytes of an event are hashed, and where the chain begins.

`hash = SHA-256(DOMAIN ++ JSON array of every other column in table order)`, as compact UTF-8 JSON with bytes in
base64, so that any language can check a journal. No database here.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

DOMAIN = b"cratelog/event/1\n"
"""Separates these hashes from any other use of SHA-256; its number changes when the hashed bytes do."""

GENESIS = bytes(32)
"""The hash that the first event follows."""

COLUMNS = (
    "seq",
    "event_id",
    "stream",
    "version",
    "type",
    "schema_version",
    "occurred_us",
    "recorded_us",
    "actor",
    "run_id",
    "correlation_id",
    "causation_id",
    "fence",
    "data",
    "meta",
    "prev_hash",
    "hash",
)
"""The columns of `event`, in table order; `hash` is over all the others."""

SELECT_ROWS = f"SELECT {', '.join(COLUMNS)} FROM event"  # noqa: S608 - only the names above
INSERT_ROW = f"INSERT INTO event ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - the same

_encode = msgspec.json.Encoder().encode
_sha256 = hashlib.sha256


def event_hash(hashed: tuple[Any, ...]) -> bytes:
    """Give the 32-byte hash of an event's columns, all but the last (`hash`), in table order."""
    return _sha256(DOMAIN + _encode(hashed)).digest()
