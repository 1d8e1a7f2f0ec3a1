"""The reading verbs answer from the journal, now and as of any moment."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from engine.domain import events as e
from engine.domain.envelope import Draft, Origin
from engine.domain.errors import ExitCode, UsageError
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.references import recording_id
from engine.projections.rows import Sighting
from engine.projections.state import State
from engine.workflows.audit import chosen, read_parameters
from engine.workflows.moment import seq_of
from engine.workflows.playlists import playlist, playlists
from engine.workflows.replay import replay_report
from engine.workflows.runs import run, runs
from engine.workflows.standing import Status
from engine.workflows.status import READS, status, status_now
from engine.workflows.tracks import TrackQuestion, track, tracks
from engine.workflows.why import why
from tests.fakes.crate import (
    ACTION,
    FIRST_ID,
    GONE,
    PLAYLIST,
    PLAYLIST_URL,
    REFUSED,
    RUN,
    SECOND_ID,
    crate,
    linked,
    planned,
    seen,
)
from tests.fakes.memory_journal import BEGAN_US, MemoryJournal


def test_the_status_counts_what_there_is_and_says_what_comes_next() -> None:
    """Recordings, files, availability, actions, conflicts and scans, from the projections it names alone."""
    found = status(MemoryJournal(*crate()).state(only=READS), now_us=0)
    assert (found.recordings, found.with_file, found.without_file, found.files) == (2, 1, 1, 1)
    assert found.availability == {"gone": 1}
    assert found.actions == {"done": 1, "refused": 1}
    assert found.failures == {"gone": 1}
    assert (found.playlists, found.conflicts) == (1, 1)
    assert found.last_run is not None
    assert found.last_run.run_id == RUN
    assert [scope.scope for scope in found.scopes] == ["notion:track"]
    assert "decide 1 conflict: sync conflicts" in found.next


def test_what_is_here_is_not_counted_as_lacking() -> None:
    """F19: a track Spotify only names, and whose file is here, lacks nothing; one without counts once, at its worst."""

    def named(ref: str, recording_id: str) -> Sighting:
        return Sighting(ref=ref, title="x", url="", recording_id=recording_id, availability=Availability.METADATA_ONLY)

    state = MemoryJournal(*crate()).state(only=READS)
    rows = (named("spotify:track:1", FIRST_ID), named("spotify:track:2", SECOND_ID), named("file:entry:3", SECOND_ID))
    state.sightings.update({row.ref: row for row in rows})
    assert status(state, now_us=0).availability == {"gone": 1}
    state.sightings.update(
        (ref, replace(row, availability=rows[0].availability)) for ref, row in state.sightings.items()
    )
    assert status(state, now_us=0).availability == {"metadata_only": 1}


def test_the_advice_follows_the_state() -> None:
    """Each open matter has its next command."""
    assert "follow a playlist: sync follow URL" in status(State(), 0).next
    begun = MemoryJournal(e.PlaylistConfigured(ref="url:x", url="https://x", active=True))
    assert status(begun.state(), 0).next == ("begin: sync plan --look, then sync reconcile",)
    trouble = MemoryJournal(
        *crate(),
        e.ScanCompleted(scope="eagle:item", complete=False, count=0, set_hash=""),
        e.ActionIntended(action_id="c", attempt=1, precondition=""),
        e.BreakerTripped(remote="notion", unknowns=5, until_us=99),
        e.RenditionMissed(rendition_id=next(iter(MemoryJournal(*crate()).state().renditions)), path="x"),
        e.RecordingDismissed(recording_id=SECOND_ID, reason="no"),
        e.PlaylistHeld(ref=PLAYLIST, entries_before=4, entries_seen=0, set_hash=""),
    )
    found = status(trouble.state(), now_us=10)
    assert status_now(trouble, now_us=10) == found
    assert found.stopped == {"notion": 99}
    assert (found.lost_files, found.dismissed, found.playlists_held) == (1, 1, 1)
    assert "settle what is open: sync reconcile" in found.next
    assert "look into the failing scans: sync doctor --online" in found.next


def put_off(failure: FailureClass, until_us: int) -> tuple[e.Event, ...]:
    """Give a crate with one fetch that was put off until a time, and nothing else open."""
    whole = [event for event in crate() if not isinstance(event, e.ConflictOpened | e.ActionRefused)]
    problem = Problem(failure=failure, detail="not now", hint="")
    return (*whole, e.ActionDeferred(action_id=REFUSED, attempt=1, problem=problem, not_before_us=until_us))


def test_what_nobody_can_hasten_is_no_advice() -> None:
    """A weekly geo-block is nobody's task: reconcile is named when it would do something, doctor when it would help."""
    weekly = MemoryJournal(*put_off(FailureClass.GEO_BLOCKED, 1000)).state()
    assert status(weekly, now_us=10).next == ()
    assert status(weekly, now_us=1000).next == ("settle what is open: sync reconcile",)
    full = MemoryJournal(*put_off(FailureClass.DISK_FULL, 1000)).state()
    assert status(full, now_us=10).next == ("mend what stops this machine: sync doctor --online",)


def unread(scope: str, hint: str = "") -> e.ScanCompleted:
    """Give a scan that failed."""
    problem = Problem(failure=FailureClass.NOT_FOUND, detail="an entry is missing", hint=hint) if hint else None
    return e.ScanCompleted(scope=scope, complete=False, count=0, set_hash="", problem=problem)


def test_a_failing_listing_is_shown_by_name_until_it_is_unfollowed() -> None:
    """What is not followed, or known by another ref by now, is not looked at and shown no more."""
    typed = e.PlaylistConfigured(ref="url:x", url="/in/warmup.m3u8", active=True)
    events = (
        *crate(),
        typed,
        unread("url:x", "mend the line"),
        unread("url:typed"),
        unread(f"unlisted:{PLAYLIST_URL}"),
    )
    found = status(MemoryJournal(*events).state(), 0)
    assert [(scope.scope, scope.label) for scope in found.scopes if scope.failures] == [("url:x", "/in/warmup.m3u8")]
    assert "/in/warmup.m3u8: mend the line" in found.next
    stopped = status(MemoryJournal(*events, replace(typed, active=False)).state(), 0)
    assert not [scope for scope in stopped.scopes if scope.failures]
    assert not any("doctor" in line or "warmup" in line for line in stopped.next)


def test_many_failing_listings_are_counted() -> None:
    """The first few are named; an address that only the settings know is named as it stands there."""
    found = status(MemoryJournal(*(unread(f"unlisted:/in/{n}.m3u8") for n in range(5))).state(), 0)
    assert "/in/0.m3u8, /in/1.m3u8, /in/2.m3u8: its listing was cut short; sync reconcile" in found.next
    assert "2 more listings failed: sync report" in found.next


def test_tracks_are_listed_by_artist_and_title_and_filtered() -> None:
    """Words, missing, failed, availability and limit narrow the list."""
    state = MemoryJournal(*crate()).state()
    rows = tracks(state, TrackQuestion())
    assert [row.title for row in rows] == ["First Light", "Second Wind"]
    assert rows[0].formats == ("aiff",)
    assert rows[0].places == ("notion",)
    assert [row.title for row in tracks(state, TrackQuestion(words=("ada", "LIGHT")))] == ["First Light"]
    for question in (TrackQuestion(missing=True), TrackQuestion(failed=True), TrackQuestion(availability="gone")):
        assert [row.recording_id for row in tracks(state, question)] == [SECOND_ID]
    assert len(tracks(state, TrackQuestion(limit=1))) == 1


def test_a_track_is_shown_with_all_that_is_known() -> None:
    """Sightings, files, places, actions and conflicts of one recording."""
    state = MemoryJournal(*crate()).state()
    found = track(state, "first light")
    assert [row.path for row in found.renditions] == ["Ada/First Light.aiff"]
    assert [row.target for row in found.objects] == ["notion"]
    assert [row.action_id for row in found.actions] == [ACTION]
    assert [row.field for row in found.conflicts] == ["genre"]
    assert found.playlists == ("Crate",)


def test_what_is_the_matter_with_a_track_is_named() -> None:
    """A failed fetch or a lost file is a problem, also when the source still shows the track."""
    refused = e.ActionRefused(action_id=REFUSED, attempt=2, problem=GONE)
    again = e.TrackAvailabilityChanged(
        ref="soundcloud:track:2", availability=Availability.AVAILABLE, failure=None, detail="back"
    )
    state = MemoryJournal(*crate(), again, refused).state()
    assert [row.problem for row in tracks(state, TrackQuestion(failed=True))] == ["gone"]
    rendition = next(iter(state.renditions))
    lost = MemoryJournal(*crate(), e.RenditionMissed(rendition_id=rendition, path="x")).state()
    assert tracks(lost, TrackQuestion(words=("first",)))[0].problem == "file lost"


def test_a_recording_nobody_saw_says_so() -> None:
    """A dismissed recording without a sighting cannot be shown, and the hint says how to see it."""
    state = MemoryJournal(e.RecordingDismissed(recording_id="rlonely", reason="x")).state()
    with pytest.raises(UsageError, match="nothing was seen"):
        track(state, "rlonely")


def test_a_playlist_keeps_its_order_and_its_repeats() -> None:
    """Order and repeats are facts: position 3 is position 1 again; an undescribed entry is shown by its ref."""
    found = playlist(MemoryJournal(*crate()).state(), "crate")
    assert [(entry.position, entry.repeat, entry.has_file) for entry in found.entries] == [
        (1, False, True), (2, False, False), (3, True, True), (4, False, False),
    ]  # fmt: skip
    assert found.entries[3].label == "soundcloud:track:3"
    assert found.playlist.with_file == 2


def test_a_followed_address_is_not_a_second_playlist_once_it_was_seen() -> None:
    """The address a person typed and the playlist it led to are listed as one."""
    journal = MemoryJournal(*crate(), e.PlaylistConfigured(ref="url:other", url="https://other", active=False))
    assert [row.ref for row in playlists(journal.state())] == [PLAYLIST]
    assert [row.ref for row in playlists(journal.state(), everything=True)] == ["url:other", PLAYLIST]
    assert [row.url for row in playlists(journal.state(at=2))] == [PLAYLIST_URL]


def test_runs_are_listed_newest_first_and_shown_with_what_they_appended() -> None:
    """A run is found by id, by the start of its id, or as `last`; one that never ended was cut off."""
    journal = MemoryJournal(*crate(), run_id=RUN)
    journal.append(
        [Draft(event=e.RunStarted(run_id="02", command="apply", arguments=(), config_hash="", program_version=""))],
        Origin(actor="engine", run_id="02"),
    )
    state = journal.state()
    assert [row.run_id for row in runs(state)] == ["02", RUN]
    assert run(journal, state, "last").cut_off
    found = run(journal, state, RUN[:8])
    assert not found.cut_off
    assert found.events["action.planned"] == 2
    assert {action.action_id for action in found.actions} == {ACTION, REFUSED}


def test_why_tells_the_whole_story_of_a_recording() -> None:
    """Sightings, decisions, files, actions, pages and what caused them, in the order in which they happened."""
    journal = MemoryJournal(*crate())
    story = why(journal, journal.state(), "first light")
    types = [step.type for step in story.steps]
    assert types[0] == "playlist.seen"
    assert {
        "track.seen",
        "recording.linked",
        "rendition.verified",
        "action.done",
        "remote.seen",
        "conflict.opened",
    } <= set(types)
    assert [step.seq for step in story.steps] == sorted(step.seq for step in story.steps)
    assert next(step.causes for step in story.steps if step.type == "action.planned") == (4, 8)
    assert "track.availability_changed" not in types


@pytest.mark.parametrize(
    ("thing", "first", "count"), [(PLAYLIST, "playlist.seen", 2), (RUN, "run.started", 2), (ACTION, "playlist.seen", 6)]
)
def test_why_tells_of_playlists_runs_and_actions_too(thing: str, first: str, count: int) -> None:
    """Any track, file, page, action, playlist or run has its story."""
    journal = MemoryJournal(*crate())
    story = why(journal, journal.state(), thing)
    assert (story.steps[0].type, len(story.steps)) == (first, count)


def test_why_of_the_past_knows_nothing_later() -> None:
    """I17: `--at` answers as the program would have answered then."""
    journal = MemoryJournal(*crate())
    story = why(journal, journal.state(at=9), "first light")
    assert max(step.seq for step in story.steps) <= 9


def test_a_moment_is_a_seq_or_a_time() -> None:
    """`--at` takes a position, or an ISO time with or without a zone; anything else is refused with an example."""
    journal = MemoryJournal(*crate())
    assert seq_of(journal, "3") == 3
    assert seq_of(journal, "2026-05-28T20:26:45+00:00") == journal.seq_at(1_780_000_005_000_000)
    assert journal.events[0].recorded_us > BEGAN_US
    for text in ("0", "999", "yesterday", "1970-01-01T00:00:00+00:00"):
        with pytest.raises(UsageError):
            seq_of(journal, text)


def test_a_replay_is_equal_or_a_matter_of_integrity() -> None:
    """One different digest makes exit code 30."""
    assert replay_report(3, {"runs": "a"}, {"runs": "a"}).exit_code is ExitCode.FINE
    found = replay_report(3, {"runs": "a", "scopes": "b"}, {"runs": "a"})
    assert found.exit_code is ExitCode.INTEGRITY
    assert [row.equal for row in found.projections] == [True, False]


def test_a_question_is_a_name_or_sql() -> None:
    """One word is a shipped question's name, in either spelling; several are SQL."""
    assert chosen("track-history", {"track_history"}) == "track_history"
    assert chosen("SELECT 1", {"track_history"}) is None
    for word in ("trak_history", "zzz"):
        with pytest.raises(UsageError):
            chosen(word, {"track_history"})


def test_parameters_are_checked_against_the_question() -> None:
    """A missing, foreign or malformed parameter is named before anything is asked."""
    assert read_parameters(("thing=a=b",), ("thing",)) == {"thing": "a=b"}
    assert read_parameters(("x=1",), None) == {"x": "1"}
    for texts, wanted in (((), ("thing",)), (("other=1",), ()), (("thing",), None), (("=1",), None)):
        with pytest.raises(UsageError):
            read_parameters(texts, wanted)


def test_two_tracks_of_one_title_stay_two_rows() -> None:
    """Name similarity alone merges nothing, not even in a list."""
    extra = (seen("s:track:7", "First Light"), linked("s:track:7"))
    listed = e.PlaylistSeen(ref="s:set:7", name="More", url="", entries=("s:track:7",))
    rows = tracks(MemoryJournal(*crate(), *extra, listed).state(), TrackQuestion(words=("first light",)))
    assert len({row.recording_id for row in rows}) == 2
    offered = tracks(MemoryJournal(*crate(), *extra).state(), TrackQuestion(words=("first light",)))
    assert [row.recording_id for row in offered] == [FIRST_ID]  # a search found the other, and no playlist holds it
    assert FIRST_ID in {row.recording_id for row in rows}


def test_a_journal_without_playlists_and_pages_still_tells_its_story() -> None:
    """A cause that is named twice, or was cut from the story by its limit, is told once."""
    journal = MemoryJournal(seen("s:track:5", "Alone"), linked("s:track:5"))
    first = planned("c" * 24, "CreatePage", recording_id("s:track:5"), causes=(1, 2, 1))
    journal.append([Draft(event=first)], Origin(actor="engine"))
    story = why(journal, journal.state(), "alone")
    assert [step.seq for step in story.steps] == [1, 2, 3]


def test_what_counts_as_one_is_counted_once_and_an_offer_not_at_all() -> None:
    """F18, F24: merged recordings are one with the files of both; what only a search found is nobody's track."""
    before = status_of(*crate())
    offer = (seen("soundcloud:track:9", "Offer"), linked("soundcloud:track:9"))
    assert status_of(*crate(), *offer).recordings == before.recordings
    merged = e.RecordingMerged(
        recording_id=FIRST_ID, into=SECOND_ID, rule="person", evidence=(), beaten=(), policy_version="1"
    )
    after = status_of(*crate(), merged)
    assert (after.recordings, after.with_file) == (before.recordings - 1, before.with_file)
    thrown = e.RecordingDismissed(recording_id=FIRST_ID, reason="no")
    assert status_of(*crate(), thrown, merged).dismissed == status_of(*crate(), merged).dismissed + 1


def status_of(*events: e.Event) -> Status:
    """Give the status after events, which reads of rows in parts and of whole rows agree on."""
    journal = MemoryJournal(*events)
    told = status(journal.state(), now_us=10)
    assert status_now(journal, now_us=10) == told
    return told
