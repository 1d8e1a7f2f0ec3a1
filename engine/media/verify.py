"""Whether what was decoded is what was promised (I54): to its end, and as long as it should be. Pure."""

from __future__ import annotations

from engine.domain.failure import FailureClass, Problem
from engine.media.decode import LISTEN_HINT, Decoded

TOLERANCE_MS = 2_000
TOLERANCE_SHARE = 0.02
"""Encoders pad and sources round: the larger of 2 s and 2 % is no difference."""

_DECLARED_TOLERANCE_MS = 250  # a container knows its own length but for a few padded frames
_PREVIEW_MS_MAX = 33_000
"""SoundCloud's excerpts last 30 s; nothing this short is a whole track that should be half as long again."""

_PREVIEW_FACTOR = 1.5


def verdict(decoded: Decoded, *, expected_ms: int | None) -> Problem | None:
    """Give why a decoded file is not the whole piece, or nothing when it is."""
    return _cut_short(decoded) or _not_as_promised(decoded.duration_ms, expected_ms)


def tolerance_ms(expected_ms: int) -> int:
    """Give how far a duration may be off."""
    return max(TOLERANCE_MS, round(expected_ms * TOLERANCE_SHARE))


def _cut_short(decoded: Decoded) -> Problem | None:
    """An MP3 may carry junk behind its last frame: an error there, with every declared sample decoded, is no harm."""
    declared_ms = decoded.declared_ms
    whole = declared_ms is not None and decoded.duration_ms >= declared_ms - _DECLARED_TOLERANCE_MS
    if not decoded.complete and not (decoded.codec == "mp3" and whole):
        detail = f"does not decode to its end: {decoded.complaint} after {decoded.duration_ms} ms"
        return Problem(failure=FailureClass.VERIFY_FAILED, detail=detail, hint=LISTEN_HINT)
    if declared_ms is None or whole:
        return None
    detail = f"claims {declared_ms} ms but holds {decoded.duration_ms} ms"
    return Problem(failure=FailureClass.VERIFY_FAILED, detail=detail, hint="the file was cut short; get it again")


def _not_as_promised(found_ms: int, expected_ms: int | None) -> Problem | None:
    if expected_ms is None or abs(found_ms - expected_ms) <= tolerance_ms(expected_ms):
        return None
    if found_ms <= _PREVIEW_MS_MAX and expected_ms >= found_ms * _PREVIEW_FACTOR:
        detail = f"an excerpt of {found_ms} ms of a piece of {expected_ms} ms"
        hint = "the source gives only a part of it; another source may have all of it"
        return Problem(failure=FailureClass.PREVIEW_ONLY, detail=detail, hint=hint)
    detail = f"lasts {found_ms} ms where the source says {expected_ms} ms"
    return Problem(failure=FailureClass.VERIFY_FAILED, detail=detail, hint=LISTEN_HINT)
