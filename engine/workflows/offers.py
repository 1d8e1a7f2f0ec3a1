"""Says what a search offered for a song and why each offer was taken, asked about or left, in a DJ's words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.events import Candidate, ResolutionDecided
from engine.domain.failure import Availability
from engine.domain.recording_events import Evidence
from engine.matching.resolution import GIVING, SEARCH

TITLE_SHOWN_MAX = 70
WHY_SHOWN_MAX = 60
ADDRESS_SHOWN_MAX = 90
_SECOND_MS = 1_000
_DECIDED = {"accept": "fits", "ask": "asked", "reject": "left"}


def offers_told(decided: ResolutionDecided) -> tuple[str, ...]:
    """Give what was asked, and a line or two for each offer: what it is, what became of it, why, and where it is."""
    asked = [f"asked {one.source}: {_cut(one.query, TITLE_SHOWN_MAX)}" for one in decided.searched]
    return (*asked, *(line for each in decided.candidates for line in _told(each, decided.chosen)))


def _told(offer: Candidate, chosen: str | None) -> Iterator[str]:
    became = "taken" if offer.ref == chosen else _DECIDED.get(offer.decision, offer.decision)
    name = f"{offer.artist} – {offer.title}" if offer.artist else offer.title
    yield f"{became}: {_cut(name, TITLE_SHOWN_MAX)}{_length(offer.duration_ms)}: {_cut(why_of(offer), WHY_SHOWN_MAX)}"
    by = f" (uploaded by {_cut(offer.uploader, 40)})" if offer.uploader else ""
    yield f"    {_cut(offer.url, ADDRESS_SHOWN_MAX)}{by}"


def why_of(offer: Candidate) -> str:
    """Say in a few words what decided about an offer."""
    if offer.availability not in GIVING:
        return _state(offer.availability)
    said = {piece.feature: piece for piece in offer.evidence}
    if search := said.get(SEARCH):
        return search.detail
    names, length = said.get("names"), said.get("duration")
    if offer.decision == "accept":
        return "; ".join(_agreeing(said)) or "everything known agrees"
    if length is not None and length.weight < 0 and (names is None or names.weight > 0):
        return f"another length: {length.detail}"
    return names.detail.partition(": ")[2] or names.detail if names else "too little is known of it"


def _agreeing(said: dict[str, Evidence]) -> Iterator[str]:
    told = {
        "id": "its address",
        "isrc": "its ISRC",
        "names": "its name",
        "artist": "who plays",
        "duration": "its length",
    }
    agreeing = [word for feature, word in told.items() if feature in said and said[feature].weight > 0]
    if agreeing:
        yield f"{', '.join(agreeing)} agree{'s' if len(agreeing) == 1 else ''}"


def _state(availability: Availability) -> str:
    if availability is Availability.PREVIEW_ONLY:
        return "only a preview of it can be had"
    if availability is Availability.UNKNOWN:
        return "nobody says whether it can be had"
    return f"cannot be had: {availability.value.replace('_', ' ')}"


def _length(duration_ms: int | None) -> str:
    if duration_ms is None:
        return ""
    minutes, seconds = divmod(round(duration_ms / _SECOND_MS), 60)
    return f", {minutes}:{seconds:02}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
