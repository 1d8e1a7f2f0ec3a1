"""A fingerprint of the whole as two texts: what AcoustID knows a piece by, and the rest, which tells it from a part.

Only the first is shown to targets; both together are one print (`Audio.whole_fingerprint`). Pure.
"""

from __future__ import annotations

from engine.matching.fingerprint import decode, encode

BEGINNING_WORDS = 948
"""The words of the first 120 s, which AcoustID fingerprints (https://acoustid.org/fingerprint), and so does fpcalc."""


def in_two(text: str | None) -> tuple[str | None, str | None]:
    """Give a fingerprint's first 120 s and what follows; no rest where nothing follows or it cannot be read."""
    words = decode(text) if text else None
    if words is None or len(words) <= BEGINNING_WORDS:
        return text, None
    return encode(words[:BEGINNING_WORDS]), encode(words[BEGINNING_WORDS:])
