"""Folds of what sources and targets showed: sightings, playlists, remotes, scopes."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.domain.failure import Availability
from engine.domain.references import remote_key
from engine.projections.projection import Projection
from engine.projections.rows import Playlist, Remote, Scope, Sighting


def shows_track(row: Sighting, event: e.TrackSeen) -> bool:
    """Say whether a row already shows what an event says, so that the same again is not appended."""
    return (
        row.described
        and row.listed is event.availability
        and all(getattr(row, name) == getattr(event, name) for name in _TRACK_FIELDS)
    )


def shows_playlist(row: Playlist, event: e.PlaylistSeen) -> bool:
    """Say whether a row already shows what an event says, so that the same again is not appended."""
    return row.seen and all(getattr(row, name) == getattr(event, name) for name in _PLAYLIST_FIELDS)


def shows_remote(row: Remote, event: e.RemoteSeen) -> bool:
    """Say whether a row already shows what an event says; a revision alone is no difference."""
    return (row.kind, row.key, row.live, row.fields) == (event.kind, event.key, event.live, event.fields)


_TRACK_FIELDS = tuple(name for name in e.TrackSeen.__struct_fields__ if name not in ("ref", "availability"))
_PLAYLIST_FIELDS = tuple(name for name in e.PlaylistSeen.__struct_fields__ if name != "ref")


def _track_seen(row: Sighting | None, recorded: Recorded) -> Sighting:
    event = recorded.event
    assert isinstance(event, e.TrackSeen)
    seen = Sighting(
        ref=event.ref,
        title=event.title,
        url=event.url,
        artist=event.artist,
        album=event.album,
        genre=event.genre,
        label=event.label,
        isrc=event.isrc,
        release_date=event.release_date,
        duration_ms=event.duration_ms,
        artwork_url=event.artwork_url,
        uploader=event.uploader,
        local_path=event.local_path,
        content_sha256=event.content_sha256,
        credits=event.credits,
        explicit=event.explicit,
        policy=event.policy,
        access=event.access,
        original_offered=event.original_offered,
        availability=event.availability,
        listed=event.availability,
        described=True,
        recording_id=row.recording_id if row else None,
        restored_seq=_restored(row, event.availability, recorded),
        version=recorded.version,
        first_seq=row.first_seq if row else recorded.seq,
        last_seq=recorded.seq,
        first_us=row.first_us if row else recorded.recorded_us,
        last_us=recorded.recorded_us,
    )
    if row and row.failure and event.availability is row.listed:
        # What an attempt proved outlives a listing that merely repeats itself.
        return replace(
            seen,
            availability=row.availability,
            failure=row.failure,
            availability_detail=row.availability_detail,
            ways=row.ways,
            restored_seq=row.restored_seq,
        )
    return seen


def _restored(row: Sighting | None, availability: Availability, recorded: Recorded) -> int:
    if row is None:
        return 0
    withheld = row.availability not in (Availability.AVAILABLE, Availability.UNKNOWN)
    return recorded.seq if withheld and availability is Availability.AVAILABLE else row.restored_seq


def _availability_changed(row: Sighting | None, recorded: Recorded) -> Sighting:
    event = recorded.event
    assert isinstance(event, e.TrackAvailabilityChanged)
    known = row or Sighting(ref=event.ref, title="", url="", first_seq=recorded.seq, first_us=recorded.recorded_us)
    return replace(
        known,
        availability=event.availability,
        listed=event.availability if event.listed else known.listed,
        restored_seq=_restored(row, event.availability, recorded),
        failure=event.failure,
        availability_detail=event.detail,
        ways=event.ways,
        version=recorded.version,
        last_seq=recorded.seq,
        last_us=recorded.recorded_us,
    )


def _sighting_linked(row: Sighting | None, recorded: Recorded) -> Sighting:
    event = recorded.event
    assert isinstance(event, e.RecordingLinked)
    known = row or Sighting(ref=event.ref, title="", url="", first_seq=recorded.seq, first_us=recorded.recorded_us)
    return replace(known, recording_id=event.recording_id, last_seq=recorded.seq)


def _sighting_unlinked(row: Sighting | None, recorded: Recorded) -> Sighting | None:
    event = recorded.event
    assert isinstance(event, e.RecordingUnlinked)
    if row is None:
        return None
    linked = None if row.recording_id == event.recording_id else row.recording_id
    return replace(row, recording_id=linked, last_seq=recorded.seq)


def _playlist_seen(row: Playlist | None, recorded: Recorded) -> Playlist:
    event = recorded.event
    assert isinstance(event, e.PlaylistSeen)
    listed = set(event.entries)
    departed = {ref: left_us for ref, left_us in (row.departed if row else {}).items() if ref not in listed}
    departed.update({ref: recorded.recorded_us for ref in (row.entries if row else ()) if ref not in listed})
    return Playlist(
        ref=event.ref,
        name=event.name,
        url=event.url,
        addresses=row.addresses if row else (),
        entries=event.entries,
        departed=departed,
        owner=event.owner,
        declared_count=event.declared_count,
        active=row.active if row else True,
        requested_seq=row.requested_seq if row else 0,
        seen=True,
        version=recorded.version,
        first_seq=row.first_seq if row else recorded.seq,
        last_seq=recorded.seq,
        last_us=recorded.recorded_us,
    )


def _playlist_held(row: Playlist | None, recorded: Recorded) -> Playlist:
    event = recorded.event
    assert isinstance(event, e.PlaylistHeld)
    known = row or Playlist(ref=event.ref, first_seq=recorded.seq)
    again = known.held_hash == event.set_hash
    return replace(
        known,
        held_count=event.entries_seen,
        held_hash=event.set_hash,
        held_us=known.held_us if again else recorded.recorded_us,
        version=recorded.version,
        last_seq=recorded.seq,
    )


def _playlist_configured(row: Playlist | None, recorded: Recorded) -> Playlist:
    event = recorded.event
    assert isinstance(event, e.PlaylistConfigured)
    known = row or Playlist(ref=event.ref, url=event.url, first_seq=recorded.seq)
    addresses = known.addresses if event.url in known.addresses else (*known.addresses, event.url)
    return replace(
        known,
        active=event.active,
        requested_seq=recorded.seq if event.active else known.requested_seq,
        addresses=addresses,
        version=recorded.version,
        last_seq=recorded.seq,
    )


def _remote_seen(row: Remote | None, recorded: Recorded) -> Remote:
    event = recorded.event
    assert isinstance(event, e.RemoteSeen)
    return Remote(
        target=event.target,
        kind=event.kind,
        remote_id=event.remote_id,
        key=event.key,
        fields=event.fields,
        live=event.live,
        revision=event.revision,
        version=recorded.version,
        first_seq=row.first_seq if row else recorded.seq,
        last_seq=recorded.seq,
    )


def _remote_missed(row: Remote | None, recorded: Recorded) -> Remote | None:
    if row is None:
        return None
    return replace(
        row,
        misses=row.misses + 1,
        missed_us=row.missed_us or recorded.recorded_us,
        version=recorded.version,
        last_seq=recorded.seq,
    )


def _scan_completed(row: Scope | None, recorded: Recorded) -> Scope:
    event = recorded.event
    assert isinstance(event, e.ScanCompleted)
    known = row or Scope(scope=event.scope)
    scanned = replace(
        known,
        complete=event.complete,
        count=event.count,
        set_hash=event.set_hash,
        problem=event.problem,
        failures=0 if event.complete else known.failures + 1,
        declared=event.declared,
        unchanged=event.unchanged,
        version=recorded.version,
        last_us=recorded.recorded_us,
        last_seq=recorded.seq,
    )
    if not event.complete:
        return scanned
    return replace(
        scanned,
        watermark=event.watermark,
        root_identity=event.root_identity,
        supported=event.supported,
        complete_us=recorded.recorded_us,
        complete_seq=recorded.seq,
        complete_count=event.count,
    )


def _ref(
    event: e.TrackSeen | e.TrackAvailabilityChanged | e.PlaylistSeen | e.RecordingLinked | e.RecordingUnlinked,
) -> str:
    return event.ref


def _remote(event: e.RemoteSeen | e.RemoteMissed) -> str:
    return remote_key(event.target, event.remote_id)


def _scope(event: e.ScanCompleted) -> str:
    return event.scope


SIGHTINGS = Projection(
    name="sightings",
    row=Sighting,
    handlers={
        e.TrackSeen: (_ref, _track_seen),
        e.TrackAvailabilityChanged: (_ref, _availability_changed),
        e.RecordingLinked: (_ref, _sighting_linked),
        e.RecordingUnlinked: (_ref, _sighting_unlinked),
    },
)
PLAYLISTS = Projection(
    name="playlists",
    row=Playlist,
    handlers={
        e.PlaylistSeen: (_ref, _playlist_seen),
        e.PlaylistHeld: (_ref, _playlist_held),
        e.PlaylistConfigured: (_ref, _playlist_configured),
    },
)
REMOTES = Projection(
    name="remotes",
    row=Remote,
    handlers={e.RemoteSeen: (_remote, _remote_seen), e.RemoteMissed: (_remote, _remote_missed)},
)
SCOPES = Projection(name="scopes", row=Scope, handlers={e.ScanCompleted: (_scope, _scan_completed)})
