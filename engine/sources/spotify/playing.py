"""What was heard, as a playlist: what plays now is appended when it is new. Pure.

Nothing playing is an answer, and a complete one (F43).
"""

from __future__ import annotations

from engine.domain.failure import Problem
from engine.source_ports import Known, Listing, Unchanged
from engine.sources.spotify import addresses, parse
from engine.sources.spotify.parse import Playback

NAME = "Playing on Spotify"


def heard(answer: object) -> Playback | Problem:
    """Read the player's answer: no content means that nothing plays."""
    return answer if isinstance(answer, Problem) else parse.playback(answer)


def listing(playback: Playback, known: Known | None) -> Listing | Unchanged:
    """Give what was heard so far, with what plays now at its end unless it is there already."""
    before = known.entries if known is not None and known.ref == addresses.PLAYING else ()
    ref = playback.entry.ref if playback.entry is not None else None
    fresh = () if ref is None or ref in before else (ref,)
    if known is not None and not fresh:
        return Unchanged(ref=known.ref)
    return Listing(
        ref=addresses.PLAYING,
        name=NAME,
        url=addresses.PLAYING,
        entries=(*before, *fresh),
        complete=True,
        declared_count=len(before) + len(fresh),
    )
