"""A small crate as events: two tracks in a playlist, one of them twice, one with a file and a page, one gone."""

from __future__ import annotations

from engine.domain import events as e
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.references import recording_id, rendition_id

PLAYLIST = "soundcloud:set:9"
PLAYLIST_URL = "https://soundcloud.com/crew/sets/crate"
FIRST, SECOND = "soundcloud:track:1", "soundcloud:track:2"
FIRST_ID, SECOND_ID = recording_id(FIRST), recording_id(SECOND)
PAGE = "0123abcd-0123-4567-89ab-0123456789ab"
ACTION = "a" * 24
REFUSED = "b" * 24
RUN = "01a2026353714dff3816"
GONE = Problem(failure=FailureClass.GONE, detail="the source says 404", hint="nothing to do", http_status=404)


def seen(ref: str, title: str, artist: str | None = "Ada", **more: object) -> e.TrackSeen:
    """Give a sighting of a track."""
    url = f"https://soundcloud.com/crew/{title.casefold().replace(' ', '-')}"
    return e.TrackSeen(ref=ref, title=title, url=url, artist=artist, duration_ms=61_000, **more)  # type: ignore[arg-type]  # the tests pass what the event has


def linked(ref: str, recording: str | None = None) -> e.RecordingLinked:
    """Give the decision that founds a recording."""
    return e.RecordingLinked(
        recording_id=recording or recording_id(ref),
        ref=ref,
        rule="founding",
        evidence=(e.Evidence(feature="id", weight=1.0, detail="no earlier sighting"),),
        beaten=(),
        policy_version="1",
    )


def verified(recording: str, path: str, profile: str = "aiff") -> e.RenditionVerified:
    """Give a verified file."""
    return e.RenditionVerified(
        rendition_id=rendition_id(recording, profile),
        recording_id=recording,
        profile=profile,
        source_ref=FIRST,
        path=path,
        size_bytes=1_234_567,
        mtime_ns=1,
        file_sha256="0" * 64,
        audio=e.Audio(format=profile, codec="pcm_s24be", duration_ms=61_000),
    )


def planned(action: str, kind: str, key: str, causes: tuple[int, ...] = (), target: str = "notion") -> e.ActionPlanned:
    """Give an action taken up."""
    return e.ActionPlanned(
        action_id=action,
        kind=kind,
        target=target,
        object_kind="track" if target == "notion" else "audio",
        key=key,
        remote_id=None,
        changes=(e.Change(field="title", before=None, after="First Light", owner="seed"),),
        reason="nothing in notion holds it yet",
        causes=causes,
    )


def crate() -> tuple[e.Event, ...]:
    """Give the whole crate, in order."""
    return (
        e.JournalCreated(journal_id="jmemory", program_version="0"),
        e.PlaylistConfigured(ref="url:typed", url=PLAYLIST_URL, active=True),
        e.RunStarted(run_id=RUN, command="reconcile", arguments=(), config_hash="c", program_version="0"),
        e.PlaylistSeen(
            ref=PLAYLIST, name="Crate", url=PLAYLIST_URL + "?si=1", entries=(FIRST, SECOND, FIRST, "soundcloud:track:3")
        ),
        e.PlaylistConfigured(ref=PLAYLIST, url=PLAYLIST_URL, active=True),
        seen(FIRST, "First Light", isrc="GBAAA0000001"),
        seen(SECOND, "Second Wind"),
        linked(FIRST),
        linked(SECOND),
        e.TrackAvailabilityChanged(
            ref=SECOND, availability=Availability.GONE, failure=FailureClass.GONE, detail="404", http_status=404
        ),
        verified(FIRST_ID, "Ada/First Light.aiff"),
        planned(ACTION, "CreatePage", FIRST_ID, causes=(4, 8)),
        e.ActionClaimed(action_id=ACTION, attempt=1, owner="me"),
        e.ActionIntended(action_id=ACTION, attempt=1, precondition=""),
        e.ActionDone(
            action_id=ACTION,
            attempt=1,
            kind="CreatePage",
            target="notion",
            object_kind="track",
            key=FIRST_ID,
            remote_id=PAGE,
            held={"title": "First Light"},
            evidence="the answer shows our values",
        ),
        e.RemoteSeen(target="notion", kind="track", remote_id=PAGE, key=FIRST_ID, fields={"title": "First Light"}),
        planned(REFUSED, "FetchRecording", SECOND_ID, target="library"),
        e.ActionIntended(action_id=REFUSED, attempt=1, precondition=""),
        e.ActionRefused(action_id=REFUSED, attempt=1, problem=GONE),
        e.ConflictOpened(
            conflict_id="conflictone",
            target="notion",
            object_kind="track",
            key=FIRST_ID,
            field="genre",
            base="House",
            wanted="Techno",
            found="Dub",
            reason="both changed it",
        ),
        e.ScanCompleted(scope="notion:track", complete=True, count=1, set_hash="x"),
        e.RunFinished(run_id=RUN, exit_code=20, counts={"done": 1}, requests={"notion": 3}, stages={"act": 5}),
    )
