"""Better audio and other sources for a recording: proposed, never silently taken.

A proposal rests on what a source promises; whether it is kept shows only once it was fetched, and then the file that
is there makes way for a verified one of better or equal quality alone (I56). Decides nothing, fetches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.domain.failure import Availability
from engine.domain.recording_events import UPLOADED
from engine.domain.references import object_key
from engine.domain.value import Value
from engine.projections.rows import ActionState, Question, Rendition, Sighting
from engine.projections.state import State
from engine.reconciler.catalogue import FETCHABLE, Catalogue, Piece, catalogue

ORIGINAL = "original"
BETTER, UPLOAD, SUBSTITUTE, ANOTHER = "better", "upload", "substitute", "another"

LOSSLESS_SUFFIXES = frozenset({".flac", ".wav", ".aif", ".aiff", ".alac"})
"""Files that promise to be lossless; decoding them shows whether they are."""

WITHHELD = frozenset(
    {
        Availability.GONE,
        Availability.PRIVATE,
        Availability.DRM_PROTECTED,
        Availability.PREVIEW_ONLY,
        Availability.AGE_GATED,
        Availability.MEMBERS_ONLY,
    }
)
"""Where a source had audio once and does not give it; what never had any is resolved elsewhere without asking (F41)."""

SURE_RULES = frozenset({"same_id", "same_bytes", "person"})
"""Links by which another source is the very same thing, and no other source at all."""


class Proposal(Value, frozen=True):
    """Something a person may want for one recording.

    Attributes:
        kind: "better" audio, the "upload" that a source made its audio of, a "substitute" for a source that gives none,
            or "another" recording that may be it.
        ref: the sighting to take it from; of "another", its best one.
        has: what there is now, in words.
        why: what speaks for it, in words.
        question_id: of "another": the question whose answer would bring it.
        taken: whether a person took it and it is on its way.
        refused: why it did not come, though a person took it.
    """

    recording_id: str
    kind: str
    ref: str
    has: str
    why: str
    question_id: str | None = None
    taken: bool = False
    refused: str = ""


def proposals(state: State) -> tuple[Proposal, ...]:
    """Give every proposal there is, by recording."""
    index = catalogue(state)
    asked = _asked(index, state)
    return tuple(
        proposal
        for key, piece in sorted(index.pieces.items())
        if piece.recording.dismissed is None
        for proposal in _proposals(index, piece, asked.get(key, ()))
    )


def substitute(piece: Piece) -> Sighting | None:
    """Give the other source that a recording without a file could have its audio from, if nobody has decided that.

    The source it was found at first gives none; what was linked to it since by a name, a length, a code or a sound is
    taken for it only when a person says so (F18).
    """
    recording, best = piece.recording, piece.sighting
    first = next((row for row in piece.sightings if row.ref == recording.refs[0]), None)
    rules = dict(zip(recording.refs, recording.rules, strict=False))
    decided = recording.chosen_ref or rules.get(best.ref) in SURE_RULES
    if piece.renditions or piece.lost or decided or first is None or first.ref == best.ref:
        return None
    return best if first.availability in WITHHELD and best.availability in FETCHABLE else None


def replaced(piece: Piece) -> tuple[Rendition, ...]:
    """Give the files that a person's choice of a source makes way for: none once they are from there."""
    recording, source, files = piece.recording, piece.sighting, piece.renditions
    chosen = recording.chosen_ref == source.ref and source.availability in FETCHABLE
    if not chosen or not files or _is_from(piece, source):
        return ()
    owner = _held(piece, files).recording_id
    return tuple(row for row in files if row.recording_id == owner)


def _is_from(piece: Piece, source: Sighting) -> bool:
    """Whether the files there are come from a source; where only its upload will do, since that was said."""
    own = [row for row in piece.renditions if row.source_ref == source.ref]
    if not piece.recording.chosen_as_uploaded:
        return bool(own)
    came = any(row.verified_seq > piece.recording.chosen_seq or _is_upload(row) for row in own)
    return came or not source.original_offered


def _is_upload(row: Rendition) -> bool:
    return row.audio.tools.get(UPLOADED) == "1"


def _held(piece: Piece, files: tuple[Rendition, ...]) -> Rendition:
    """Give the file that tells how good what there is was before it was converted."""
    return _original(piece) or files[0]


def _original(piece: Piece) -> Rendition | None:
    return next((row for row in piece.renditions if row.profile == ORIGINAL), None)


def _proposals(index: Catalogue, piece: Piece, asked: tuple[tuple[Question, str], ...]) -> Iterator[Proposal]:
    yield from _better(index, piece)
    other = substitute(piece)
    if other is not None:
        why = f"{piece.recording.refs[0]} gives none, {other.ref} has it"
        yield Proposal(
            recording_id=piece.recording.recording_id, kind=SUBSTITUTE, ref=other.ref, has="no file", why=why
        )
    if not piece.renditions and piece.availability in WITHHELD:
        for question, key in asked:
            found = index.pieces[key]
            if found.renditions or found.availability in FETCHABLE:
                why = "it may be the same recording, and there is audio of it"
                yield Proposal(
                    recording_id=piece.recording.recording_id,
                    kind=ANOTHER,
                    ref=found.sighting.ref,
                    has="no file",
                    why=why,
                    question_id=question.question_id,
                )


def _better(index: Catalogue, piece: Piece) -> Iterator[Proposal]:
    held = _held(piece, piece.renditions) if piece.renditions else None
    if held is None or not held.audio.lossy_origin:
        return
    have = {row.source_ref for row in piece.renditions}
    for sighting in piece.sightings:
        if sighting.availability not in FETCHABLE:
            continue
        if sighting.original_offered and not (held.source_ref == sighting.ref and _is_upload(held)):
            why = "its source offers the file as it was uploaded, to those who log in; what is there was made of it"
            taken = piece.recording.chosen_as_uploaded and bool(replaced(piece))
            yield _better_one(index, piece, held, sighting, UPLOAD, why, taken=taken)
        elif sighting.ref not in have and _is_lossless(sighting):
            why = "a lossless file on this machine, by its name; what is there once was lossy"
            yield _better_one(index, piece, held, sighting, BETTER, why, taken=True)


def _better_one(
    index: Catalogue, piece: Piece, held: Rendition, sighting: Sighting, kind: str, why: str, *, taken: bool
) -> Proposal:
    recording = piece.recording
    chosen = taken and recording.chosen_ref == sighting.ref
    fetch = index.actions_of.get(object_key("library", "audio", held.recording_id))
    tried = chosen and fetch is not None and fetch.first_seq > recording.chosen_seq
    refused = fetch if tried and fetch is not None and fetch.state is ActionState.REFUSED else None
    return Proposal(
        recording_id=recording.recording_id,
        kind=kind,
        ref=sighting.ref,
        has=_told(held),
        why=why,
        taken=chosen and refused is None,
        refused=refused.problem.detail if refused and refused.problem else "",
    )


def _is_lossless(sighting: Sighting) -> bool:
    name = (sighting.local_path or "").lower()
    return any(name.endswith(suffix) for suffix in LOSSLESS_SUFFIXES)


def _told(row: Rendition) -> str:
    rate = f", {row.audio.bitrate_bps // 1_000} kbit/s" if row.audio.bitrate_bps else ""
    return f"{row.audio.format} ({row.audio.codec}{rate})"


def _asked(index: Catalogue, state: State) -> Mapping[str, tuple[tuple[Question, str], ...]]:
    """Give the open questions about each recording, with the other recording each is about."""
    found: dict[str, tuple[tuple[Question, str], ...]] = {}
    for _, row in sorted(state.questions.items()):
        one, other = index.canonical(row.newer), index.canonical(row.older)
        if row.open and one != other and one in index.pieces and other in index.pieces:
            found[one] = (*found.get(one, ()), (row, other))
            found[other] = (*found.get(other, ()), (row, one))
    return found
