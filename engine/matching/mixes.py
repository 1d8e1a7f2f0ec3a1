"""Mixes and live sets, known by length and phrases together; never by bare words. Pure.

"Set Me Free" and "(Original Mix)" are songs (F75), and so is a long one: a length alone says nothing, nor does a
phrase alone. A song played live is a version of the song: "Dark Star (Live at Veneta)" is no set.
"""

from __future__ import annotations

import re

from engine.matching.folding import fold, plain
from engine.matching.tokens import tokens

MINUTE_MS = 60_000
MIX_MINUTES = 15.0
"""From this length on, a piece may be a mix, unless somebody says otherwise."""

_VERSION = r"(?<!original )(?<!extended )(?<!club )(?<!radio )(?<!dub )(?<!vocal )(?<!main )(?<!stereo )(?<!mono )"
_NUMBERED = r"\s*(?:#|no\.?\s?|nr\.?\s?|vol\.?\s?|volume\s|episode\s|ep\.?\s?|part\s|pt\.?\s?)?\s*#?\d{1,4}\b"
_PLAYED = (
    r"(?:dj|live|full|headline|festival|closing|opening|sunrise|sunset|vinyl|hybrid|studio|mainstage|afterhours"
    r"|warm[ -]?up|after[ -]?party|all[ -]night[ -]long)"
)
_OCCASION = (
    r"(?:guest|promo|artist|label|vinyl|summer|winter|spring|autumn|year(?:[ -]end)?|nye|halloween|birthday|anniversary"
    r"|dj|live|party|workout|festival|exclusive|session|sessions|showcase|podcast|mini|studio|tour|christmas)"
)

_ANYWHERE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_PLAYED}[ -]?set\b",
        r"\bset\s*@|\bset from\b|\bset recorded\b",
        r"\bboiler ?room\b",
        r"\bessential (?:mix|selection)\b",
        r"\bdj[ -]kicks\b|\bdj[ -]?mix\b|\bfabric ?live\b|\bin the lab\b|\bcercle\b.*\blive\b",
        r"\ba state of trance\b|\basot\s*#?\d{2,4}\b|\bgroup therapy\s*#?\d{2,4}\b|\bra\.\d{2,4}\b",
        r"\bpodcast\b\s*(?:#?\d|ep\b|ep\.|episode|vol|series|with\b|by\b|w/|[|:–-])",
        r"\bradio\s*(?:show|episode|#\s?\d|\d{3})",
        r"\b(?:episode|show|session|sessions)\s*#?\s?\d{2,4}\b|\bepisode\s*#?\d",
        rf"\b{_OCCASION}[ -]?mix\b(?!tape)",
        r"\bmix ?tape\b|\bmega ?mix\b|\bmix series\b|\bmixed (?:live|by)\b|\bin the mix\b",
        r"\bcontinuous (?:dj )?mix\b",
        rf"{_VERSION}\bmix{_NUMBERED}",
        r"\b\d+(?:[.,]\d)?\s*-?\s*(?:hours?|hrs?|h|minutes?|min)\.?\s+(?:[^\W\d]+\s+){0,3}(?:set|mix)\b",
        r"\bb2b\b|\bback[ -]?(?:to|2)[ -]?back set\b",
        r"\b(?:19|20)\d\d\s+(?:full\s+|live\s+)?set\b|\bset\s+(?:19|20)\d\d\b|\bfull (?:show|performance)\b",
    )
)
"""Phrases that mean a mix wherever they stand."""

_OF_THE_WHOLE = tuple(
    re.compile(pattern)
    for pattern in (
        r"\blive (?:at|from|in|on|@)\s+\S",
        r"(?:^|\s)@\s*\S",
        r"\b(?:19|20)\d\d\s+(?:[^\W\d]+\s+)?mix\b",
    )
)
"""Phrases that mean a mix where they speak of the whole piece, and a version behind a song's title."""

_BRACKET = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_DASH = re.compile(r"\s+-+\s+")


def is_mix(title: str, duration_ms: int | None, minutes: float, artist: str | None = None) -> bool:
    """Say whether a piece is a mix or a live set: it is long, and its name says so.

    Args:
        title: as its source writes it.
        duration_ms: its length; what is not known is no mix.
        minutes: from which length on a piece may be one.
        artist: who plays, where its source says so.
    """
    return duration_ms is not None and duration_ms >= minutes * MINUTE_MS and bool(mix_phrase(title, artist))


def mix_phrase(title: str, artist: str | None = None) -> str:
    """Give the words of a title that mean a mix or a live set; empty when none do."""
    name = _folded(title)
    found = next((match for each in _ANYWHERE if (match := each.search(name))), None)
    if found is None:
        bare = " ".join(_BRACKET.sub(" ", name).split())
        matches = (match for each in _OF_THE_WHOLE if (match := each.search(bare)))
        found = next((match for match in matches if _speaks_of_the_whole(bare[: match.start()], artist)), None)
    return found.group().strip() if found else ""


def _folded(title: str) -> str:
    return " ".join(fold(word) for word in plain(title).split())


def _speaks_of_the_whole(before: str, artist: str | None) -> bool:
    """Whether nothing but who plays, or where, stands before a phrase; after a dash it is the artist, or a song."""
    head = _DASH.split(before)[0].strip(" -|:")
    dashed = head != before.strip(" -|:") or before.rstrip().endswith("-")
    if not head or not dashed or not artist:
        return True
    said, known = set(tokens(head)), set(tokens(artist))
    return said <= known or known <= said
