"""Canonical bytes and digests: the one place where values become the bytes that are hashed.

Canonical JSON here is UTF-8 without blanks, a value's fields in the order of their declaration, the keys of plain
dictionaries sorted, as msgspec writes it with `order="deterministic"`: half the cost of sorting every key. Fields
are therefore only ever added at the end, which the golden files hold us to.
"""

from __future__ import annotations

import base64
import hashlib
import uuid

import msgspec

NAMESPACE = uuid.UUID("5f0c1f7e-7f0b-5a6b-9d53-0f6f6b7a2c11")
"""Namespace of every name-based id that Cratelog derives."""

_encoder = msgspec.json.Encoder(order="deterministic")


def canonical(value: object) -> bytes:
    """Give the canonical JSON bytes of a value."""
    return _encoder.encode(value)


def digest(value: object) -> str:
    """Give the SHA-256 of a value's canonical bytes, 64 hex digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def short_id(*parts: str) -> str:
    """Derive a 16-character lower-case base32 id (80 bits) from names; equal names, equal id."""
    raw = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()[:10]
    return base64.b32encode(raw).decode("ascii").lower()


def named_uuid(*parts: str) -> uuid.UUID:
    """Derive a uuid5 from names; equal names, equal id."""
    return uuid.uuid5(NAMESPACE, "\x1f".join(parts))
