"""Lists recordings and shows one: its sightings, files, places and what is the matter. Asks no remote."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.errors import UsageError
from engine.domain.failure import Availability
from engine.domain.value import Value
from engine.projections.rows import (
    ActionRow,
    ActionState,
    Conflict,
    Enrichment,
    Recording,
    Rendition,
    Sighting,
    TargetObject,
)
from engine.projections.state import State
from engine.reconciler.catalogue import Catalogue, Piece, catalogue
from engine.workflows.lookup import find_one

OPEN = (ActionState.DEFERRED, ActionState.REFUSED, ActionState.UNKNOWN, ActionState.INTENDED)


class TrackRow(Value, frozen=True):
    """One recording in a list."""

    recording_id: str
    title: str
    artist: str | None
    duration_ms: int | None
    availability: Availability
    formats: tuple[str, ...]
    playlists: int
    places: tuple[str, ...]  # targets that show it
    dismissed: bool
    problem: str | None


class TrackDetail(Value, frozen=True):
    """One recording with everything known of it."""

    track: TrackRow
    recording: Recording
    sightings: tuple[Sighting, ...]
    renditions: tuple[Rendition, ...]
    playlists: tuple[str, ...]
    objects: tuple[TargetObject, ...]
    actions: tuple[ActionRow, ...]
    conflicts: tuple[Conflict, ...]
    enrichments: tuple[Enrichment, ...] = ()  # what providers of facts last said of it, shown anywhere or not


class TrackQuestion(Value, frozen=True):
    """Which recordings are asked for; empty asks for all."""

    words: tuple[str, ...] = ()
    missing: bool = False
    failed: bool = False
    availability: str | None = None
    limit: int | None = None


def tracks(state: State, question: TrackQuestion) -> tuple[TrackRow, ...]:
    """Give the recordings asked for, by artist and title, without those that a search offered and no playlist held."""
    index = catalogue(state)
    rows = sorted(
        (_row(index, piece) for piece in index.pieces.values() if not piece.offered),
        key=lambda row: ((row.artist or "").casefold(), row.title.casefold(), row.recording_id),
    )
    return tuple(row for row in rows if _asked_for(row, question))[: question.limit]


def track(state: State, thing: str) -> TrackDetail:
    """Give everything known of the one recording that is meant.

    Raises:
        UsageError: none is meant, or several are.
    """
    meant = find_one(state, thing, ("recording",)).key
    index = catalogue(state)
    recording_id = index.canonical(meant)
    piece = index.pieces.get(recording_id)
    if piece is None:
        raise UsageError(f"nothing was seen of {recording_id} yet", hint="sync reconcile looks at every source")
    return TrackDetail(
        track=_row(index, piece),
        recording=piece.recording,
        sightings=piece.sightings,
        renditions=(*piece.renditions, *piece.lost),
        playlists=tuple(state.playlists[ref].name or ref for ref in piece.playlists),
        objects=tuple(row for _, row in sorted(state.objects.items()) if row.key == recording_id and not row.trashed),
        actions=tuple(sorted(_actions(state, recording_id), key=lambda row: row.first_seq)),
        conflicts=tuple(row for row in state.conflicts.values() if row.key == recording_id and row.choice is None),
        enrichments=piece.enrichments,
    )


def _row(index: Catalogue, piece: Piece) -> TrackRow:
    recording_id = piece.recording.recording_id
    places = (("notion", "track"), ("eagle", "item"))
    return TrackRow(
        recording_id=recording_id,
        title=piece.title,
        artist=piece.naming.artist,
        duration_ms=piece.sighting.duration_ms,
        availability=piece.availability,
        formats=tuple(row.audio.format for row in piece.renditions),
        playlists=len(piece.playlists),
        places=tuple(target for target, kind in places if index.standing_id(target, kind, recording_id)),
        dismissed=piece.recording.dismissed is not None,
        problem=_problem(piece),
    )


def _problem(piece: Piece) -> str | None:
    if piece.sighting.failure:
        return piece.sighting.failure.value
    action = piece.fetch_action
    if action and action.problem and action.state in OPEN:
        return action.problem.failure.value
    return "file lost" if piece.lost else None


def _actions(state: State, recording_id: str) -> Iterator[ActionRow]:
    return (row for row in state.actions.values() if row.key == recording_id)


def _asked_for(row: TrackRow, question: TrackQuestion) -> bool:
    text = f"{row.artist or ''} {row.title}".casefold()
    return (
        all(word.casefold() in text for word in question.words)
        and not (question.missing and row.formats)
        and not (question.failed and row.problem is None)
        and question.availability in (None, row.availability.value)
    )
