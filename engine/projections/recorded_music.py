"""Folds of identity and files: recordings and renditions."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.domain.matching_events import AS_UPLOADED
from engine.projections.projection import Projection
from engine.projections.rows import Recording, Rendition


def _linked(row: Recording | None, recorded: Recorded) -> Recording:
    event = recorded.event
    assert isinstance(event, e.RecordingLinked)
    known = row or Recording(recording_id=event.recording_id, first_seq=recorded.seq)
    refs = known.refs if event.ref in known.refs else (*known.refs, event.ref)
    rules = known.rules if event.ref in known.refs else (*known.rules, event.rule)
    return replace(known, refs=refs, rules=rules, version=recorded.version, last_seq=recorded.seq)


def _dismissed(row: Recording | None, recorded: Recorded) -> Recording:
    event = recorded.event
    assert isinstance(event, e.RecordingDismissed)
    known = row or Recording(recording_id=event.recording_id, first_seq=recorded.seq)
    return replace(
        known,
        dismissed=event.reason,
        dismissed_seq=recorded.seq,
        version=recorded.version,
        last_seq=recorded.seq,
    )


def _requested(row: Recording | None, recorded: Recorded) -> Recording:
    event = recorded.event
    assert isinstance(event, e.RecordingRequested)
    known = row or Recording(recording_id=event.recording_id, first_seq=recorded.seq)
    return replace(known, dismissed=None, requested_seq=recorded.seq, version=recorded.version, last_seq=recorded.seq)


def _unlinked(row: Recording | None, recorded: Recorded) -> Recording | None:
    event = recorded.event
    assert isinstance(event, e.RecordingUnlinked)
    if row is None:
        return None
    kept = [pair for pair in zip(row.refs, row.rules, strict=True) if pair[0] != event.ref]
    refs, rules = (tuple(column) for column in zip(*kept, strict=True)) if kept else ((), ())
    chosen = None if row.chosen_ref == event.ref else row.chosen_ref
    return replace(row, refs=refs, rules=rules, chosen_ref=chosen, version=recorded.version, last_seq=recorded.seq)


def _merged(row: Recording | None, recorded: Recorded) -> Recording:
    event = recorded.event
    assert isinstance(event, e.RecordingMerged)
    known = row or Recording(recording_id=event.recording_id, first_seq=recorded.seq)
    return replace(known, merged_into=event.into, version=recorded.version, last_seq=recorded.seq)


def _separated(row: Recording | None, recorded: Recorded) -> Recording | None:
    if row is None:
        return None
    return replace(row, merged_into=None, version=recorded.version, last_seq=recorded.seq)


def _chosen(row: Recording | None, recorded: Recorded) -> Recording:
    event = recorded.event
    assert isinstance(event, e.UpgradeTaken)
    known = row or Recording(recording_id=event.recording_id, first_seq=recorded.seq)
    return replace(
        known,
        chosen_ref=event.ref,
        chosen_seq=recorded.seq,
        chosen_as_uploaded=event.reason == AS_UPLOADED,
        version=recorded.version,
        last_seq=recorded.seq,
    )


def _verified(row: Rendition | None, recorded: Recorded) -> Rendition:
    del row
    event = recorded.event
    assert isinstance(event, e.RenditionVerified)
    return Rendition(
        rendition_id=event.rendition_id,
        recording_id=event.recording_id,
        profile=event.profile,
        source_ref=event.source_ref,
        path=event.path,
        size_bytes=event.size_bytes,
        mtime_ns=event.mtime_ns,
        file_sha256=event.file_sha256,
        audio=event.audio,
        version=recorded.version,
        verified_seq=recorded.seq,
        last_seq=recorded.seq,
    )


def _missed(row: Rendition | None, recorded: Recorded) -> Rendition | None:
    if row is None:
        return None
    return replace(
        row,
        present=False,
        misses=row.misses + 1,
        missed_us=row.missed_us or recorded.recorded_us,
        version=recorded.version,
        last_seq=recorded.seq,
    )


def _returned(row: Rendition | None, recorded: Recorded) -> Rendition | None:
    event = recorded.event
    assert isinstance(event, e.RenditionReturned)
    if row is None:
        return None
    return replace(
        row,
        present=True,
        misses=0,
        missed_us=None,
        path=event.path,
        size_bytes=event.size_bytes,
        mtime_ns=event.mtime_ns,
        file_sha256=event.file_sha256,
        version=recorded.version,
        last_seq=recorded.seq,
    )


RecordingEvent: TypeAlias = (
    e.RecordingLinked
    | e.RecordingDismissed
    | e.RecordingRequested
    | e.RecordingUnlinked
    | e.RecordingMerged
    | e.RecordingSeparated
    | e.UpgradeTaken
)


def _recording(event: RecordingEvent) -> str:
    return event.recording_id


def _rendition(event: e.RenditionVerified | e.RenditionMissed | e.RenditionReturned) -> str:
    return event.rendition_id


RECORDINGS = Projection(
    name="recordings",
    row=Recording,
    handlers={
        e.RecordingLinked: (_recording, _linked),
        e.RecordingDismissed: (_recording, _dismissed),
        e.RecordingRequested: (_recording, _requested),
        e.RecordingUnlinked: (_recording, _unlinked),
        e.RecordingMerged: (_recording, _merged),
        e.RecordingSeparated: (_recording, _separated),
        e.UpgradeTaken: (_recording, _chosen),
    },
)
RENDITIONS = Projection(
    name="renditions",
    row=Rendition,
    handlers={
        e.RenditionVerified: (_rendition, _verified),
        e.RenditionMissed: (_rendition, _missed),
        e.RenditionReturned: (_rendition, _returned),
    },
)
