"""Status tags as projections of availability and outcome: computed whole, set and cleared (F29)."""

from __future__ import annotations

from engine.domain.failure import Availability, FailureClass
from engine.domain.resolution_events import Found
from engine.matching.mixes import MIX_MINUTES, is_mix
from engine.projections.rows import ActionRow, ActionState
from engine.reconciler.catalogue import FETCHABLE, Piece

ANALYSED = "Audio Analysis Complete"
ENRICHED = "Metadata Enriched"
LOUDNESS = "Loudness Measured"
CONVERTED = "Format Conversion Complete"
IMPORTED = "Files Imported to Eagle"
PROCESSED = "Audio Processing Complete"
MIX = "Mix/Set Detected - Manual Review Required"
NOT_FOUND = "Spotify - No Audio Source Found"

VOCABULARY: frozenset[str] = frozenset(
    {
        ANALYSED,
        LOUDNESS,
        CONVERTED,
        IMPORTED,
        PROCESSED,
        ENRICHED,
        "Merged Duplicate",
        "SC_404",
        "SC_Geo_Blocked",
        "Download_Failed",
        "Conversion_Failed",
        "Eagle_Import_Failed",
        "Notion_Update_Failed",
        "Dedup_Failed",
        "Lock_Conflict",
        "Metadata_Failed",
        "Unknown_Error",
        MIX,
        NOT_FOUND,
        "DRM_Protected",
        "Preview_Only",
        "Private",
    }
)
"""The tags that are ours; every other tag on a row is the person's."""

_BY_AVAILABILITY = {
    Availability.GONE: "SC_404",
    Availability.GEO_BLOCKED: "SC_Geo_Blocked",
    Availability.DRM_PROTECTED: "DRM_Protected",
    Availability.PREVIEW_ONLY: "Preview_Only",
    Availability.PRIVATE: "Private",
    Availability.AGE_GATED: "Private",
    Availability.MEMBERS_ONLY: "Private",
}
_BY_FAILURE = {FailureClass.CONVERT_FAILED: "Conversion_Failed", FailureClass.UNEXPECTED: "Unknown_Error"}
_FAILED = frozenset({ActionState.REFUSED, ActionState.DEFERRED, ActionState.UNKNOWN})


def status_tags(
    piece: Piece,
    *,
    wanted_profiles: int,
    eagle_used: bool,
    searched: Found | None = None,
    mix_minutes: float = MIX_MINUTES,
    enriched: bool = False,
) -> tuple[str, ...]:
    """Give the tags a track's row should carry, sorted.

    Args:
        piece: the recording.
        wanted_profiles: how many files of it are wanted.
        eagle_used: whether it shall be in Eagle too.
        searched: what looking for its audio elsewhere last came to; None while nobody has looked.
        mix_minutes: from this length on, a piece may be a mix or a live set.
        enriched: whether its row shows a fact that a provider gave.
    """
    tags = _stages(piece, wanted_profiles=wanted_profiles, eagle_used=eagle_used)
    if not piece.renditions:
        tags |= _failures(piece) | _unfound(piece, searched, mix_minutes)
    if enriched:
        tags.add(ENRICHED)
    if _failed(piece.eagle_action) and not piece.in_eagle:
        tags.add("Eagle_Import_Failed")
    return tuple(sorted(tags))


def _stages(piece: Piece, *, wanted_profiles: int, eagle_used: bool) -> set[str]:
    if not piece.renditions:
        return set()
    tags = {ANALYSED} if any(rendition.audio.fingerprint for rendition in piece.renditions) else set()
    if any(rendition.audio.loudness_lufs is not None for rendition in piece.renditions):
        tags.add(LOUDNESS)
    if len(piece.renditions) >= wanted_profiles:
        tags.add(CONVERTED)
    if piece.in_eagle:
        tags.add(IMPORTED)
    if CONVERTED in tags and (piece.in_eagle or not eagle_used):
        tags.add(PROCESSED)
    return tags


def _failures(piece: Piece) -> set[str]:
    tag = _BY_AVAILABILITY.get(piece.availability)
    if tag:
        return {tag}
    if piece.availability is Availability.METADATA_ONLY:
        return set()  # it was never to be had there: looking elsewhere says what came of it
    problem = piece.fetch_action.problem if piece.fetch_action else None
    if problem is None or not _failed(piece.fetch_action):
        return set()
    return {_BY_FAILURE.get(problem.failure, "Download_Failed")}


def _unfound(piece: Piece, searched: Found | None, mix_minutes: float) -> set[str]:
    """Give what a person should know of what no source gives: it is a mix, or it was looked for in vain."""
    if piece.availability in FETCHABLE:
        return set()
    naming = piece.naming
    if is_mix(naming.title, naming.duration_ms, mix_minutes, naming.artist):
        return {MIX}
    vain = searched is Found.NONE and piece.availability is Availability.METADATA_ONLY
    return {NOT_FOUND} if vain else set()


def _failed(action: ActionRow | None) -> bool:
    return action is not None and action.state in _FAILED
