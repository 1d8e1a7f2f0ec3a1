"""Which facts of providers are shown of a recording, and whom to ask about which again. Pure.

A source's own sighting beats every provider: facts only fill what every sighting leaves unknown. Unsure facts are
never shown, and where equally sure providers contradict each other there is none (F10, F28).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.domain.references import source_of
from engine.domain.text import clean
from engine.domain.value import FieldValue, Value
from engine.matching.folding import fold
from engine.projections.rows import Enrichment
from engine.reconciler.catalogue import Catalogue, Piece
from engine.reconciler.policy import EnrichmentPolicy
from engine.reconciler.schedule import SECOND_US

DAY_US = 86_400 * SECOND_US
KNOWN_DAYS = 90
"""How long what a provider said is not asked for again."""
UNKNOWN_DAYS = 7
"""How long a provider that knew nothing is left alone at first; doubled each time."""
DOUBLINGS_MAX = 6

_OF_SIGHTINGS = ("artist", "album", "genre", "label", "isrc", "release_date", "artwork_url")
_OF_SPOTIFY = ("spotify_id", "spotify_url")
FIELDS = (*_OF_SIGHTINGS, *_OF_SPOTIFY)
"""What providers may tell."""
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "isrc": re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}"),
    "release_date": re.compile(r"\d{4}-\d{2}-\d{2}"),
}


class ShownFact(Value, frozen=True):
    """One field that a provider fills, and where it has it from."""

    field: str
    value: str
    confidence: float
    provider: str
    matched_by: str
    provider_ref: str | None
    seq: int  # of the event that told it


class Asking(Value, frozen=True):
    """A recording that providers are to be asked about.

    Attributes:
        providers: those that are due, in the order of the policy.
        asked_us: when one of them was last asked; 0 when one never was.
    """

    recording_id: str
    providers: tuple[str, ...]
    asked_us: int


def lacking(piece: Piece) -> frozenset[str]:
    """Give the fields that every sighting of a recording leaves unknown."""
    unknown = {name for name in _OF_SIGHTINGS if not any(getattr(row, name) for row in piece.sightings)}
    if not any(source_of(row.ref) == "spotify" for row in piece.sightings):
        unknown |= set(_OF_SPOTIFY)
    return frozenset(unknown)


def shown_facts(piece: Piece, policy: EnrichmentPolicy) -> dict[str, ShownFact]:
    """Give the facts of providers that fill what every sighting leaves unknown, by field."""
    if not piece.enrichments:
        return {}
    told: dict[str, list[ShownFact]] = defaultdict(list)
    for fact in _sure(piece.enrichments, policy):
        told[fact.field].append(fact)
    unknown = lacking(piece)
    best = {field: _best(facts) for field, facts in told.items() if field in unknown}
    return {field: fact for field, fact in sorted(best.items()) if fact is not None}


def askings(index: Catalogue, policy: EnrichmentPolicy, now_us: int, *, again: bool = False) -> list[Asking]:
    """Give the recordings of playlists that somebody is due to be asked about: those never asked about first.

    Args:
        index: what is known.
        policy: who is asked.
        now_us: the time.
        again: whether everybody is asked anew, whenever they were last asked.
    """
    pieces = (piece for _, piece in sorted(index.pieces.items()) if _wanted(piece))
    found = (_asking(piece, policy, now_us, again=again) for piece in pieces)
    return sorted((one for one in found if one), key=lambda one: (one.asked_us, one.recording_id))


def _wanted(piece: Piece) -> bool:
    return bool(piece.playlists and piece.naming.title) and piece.recording.dismissed is None


def _asking(piece: Piece, policy: EnrichmentPolicy, now_us: int, *, again: bool) -> Asking | None:
    last = _last_by_provider(piece.enrichments)
    open_fields = lacking(piece) - shown_facts(piece, policy).keys()
    providers = tuple(
        name
        for name in policy.providers
        if again or (_stale(last[name], now_us) if name in last else bool(open_fields))
    )
    if not providers:
        return None
    asked_us = min((last[name].last_us if name in last else 0) for name in providers)
    return Asking(recording_id=piece.recording.recording_id, providers=providers, asked_us=asked_us)


def _last_by_provider(rows: Iterable[Enrichment]) -> dict[str, Enrichment]:
    return {row.provider: row for row in sorted(rows, key=lambda row: row.last_us)}


def _stale(row: Enrichment, now_us: int) -> bool:
    doublings = min(max(row.misses - 1, 0), DOUBLINGS_MAX)
    days = KNOWN_DAYS if row.facts else UNKNOWN_DAYS << doublings
    return now_us - row.last_us >= days * DAY_US


def _sure(rows: Sequence[Enrichment], policy: EnrichmentPolicy) -> Iterator[ShownFact]:
    """Give the facts of providers in use that are sure enough, in the order in which providers are asked."""
    order = policy.providers
    for row in sorted((row for row in rows if row.provider in order), key=lambda row: order.index(row.provider)):
        for fact in row.facts:
            value = _kept(fact.field, fact.value)
            if value is not None and fact.confidence >= policy.confidence:
                yield ShownFact(
                    field=fact.field,
                    value=value,
                    confidence=fact.confidence,
                    provider=row.provider,
                    matched_by=row.matched_by,
                    provider_ref=row.provider_ref,
                    seq=row.last_seq,
                )


def _kept(field: str, value: FieldValue) -> str | None:
    """Give a value that can be shown in a field, or nothing."""
    text = clean(value) if field in FIELDS and isinstance(value, str) else ""
    shape = _SHAPES.get(field)
    return text if text and (shape is None or shape.fullmatch(text)) else None


def _best(facts: Sequence[ShownFact]) -> ShownFact | None:
    """Give the surest of facts; none where equally sure ones contradict each other."""
    most = max(fact.confidence for fact in facts)
    surest = [fact for fact in facts if fact.confidence == most]
    return surest[0] if len({fold(fact.value) for fact in surest}) == 1 else None
