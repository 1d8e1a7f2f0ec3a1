"""Better audio and other sources: proposed, taken by a person, done once, never by a worse file (F18, F21, I56)."""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.events import (
    ActionRefused,
    MatchAsked,
    PlaylistSeen,
    RecordingDismissed,
    RecordingLinked,
    RecordingMerged,
    RenditionVerified,
    TrackAvailabilityChanged,
    TrackSeen,
    UpgradeTaken,
)
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.matching_events import AS_UPLOADED
from engine.domain.plan import ActionKind
from engine.domain.recording_events import UPLOADED
from engine.domain.references import recording_id
from engine.projections.rows import Recording
from engine.reconciler.merging import combined
from engine.reconciler.proposals import proposals
from tests.reconciler.pure_world import Story, planned

SOUND, FILE, OTHER = "soundcloud:track:1", "file:audio:abc", "soundcloud:track:2"
KEY = recording_id(SOUND)


def seen(ref: str, *, available: Availability = Availability.AVAILABLE, path: str | None = None) -> TrackSeen:
    """Give what a source shows of the one track there is."""
    return TrackSeen(
        ref=ref, title="First Light", artist="Ada", url="", duration_ms=200_000, availability=available, local_path=path
    )  # fmt: skip


def linked(ref: str, rule: str) -> RecordingLinked:
    """Give a link to our recording."""
    return RecordingLinked(recording_id=KEY, ref=ref, rule=rule, evidence=(), beaten=(), policy_version="0")


def listed(*refs: str) -> PlaylistSeen:
    """Give a playlist of these."""
    return PlaylistSeen(ref="soundcloud:set:1", name="Mix", url="", entries=refs)


def fetched() -> Story:
    """Give a story in which the recording was fetched from SoundCloud and shown everywhere."""
    story = Story()
    story.tell(seen(SOUND), linked(SOUND, "founding"), listed(SOUND))
    story.scanned()
    settle(story)
    return story


def settle(story: Story) -> None:
    """Do what there is to do."""
    while actions := story.plan().actions:
        for action in actions:
            story.perform(action)


def fetches(story: Story) -> list[dict[str, object]]:
    """Give what would be fetched."""
    return [dict(action.written) for action in story.plan().actions if action.kind is ActionKind.FETCH_RECORDING]


def test_a_lossless_file_beside_a_lossy_one_is_proposed_and_not_taken() -> None:
    """Issue: better quality is proposed, never silently taken."""
    story = fetched()
    story.tell(seen(FILE, path="/music/First Light.FLAC"), linked(FILE, "same_isrc"))
    (found,) = proposals(story.state())
    assert (found.recording_id, found.kind, found.ref, found.has, found.taken) == (
        KEY,
        "better",
        FILE,
        "m4a (aac)",
        False,
    )
    assert fetches(story) == []


def test_nothing_is_proposed_of_what_promises_nothing() -> None:
    """A lossy file, the source it came from, one that gives nothing, and what was thrown away are no proposals."""
    story = fetched()
    story.tell(seen(FILE, path="/music/First Light.mp3"), linked(FILE, "same_isrc"))
    assert proposals(story.state()) == ()
    story.tell(seen(FILE, path="/music/x.wav", available=Availability.GONE))
    assert proposals(story.state()) == ()
    story.tell(seen(FILE, path="/music/x.wav"), RecordingDismissed(recording_id=KEY, reason="no"))
    assert proposals(story.state()) == ()
    assert proposals(Story().state()) == ()


def test_what_a_person_took_replaces_the_files_there_are_once() -> None:
    """I56, P20: the same stem, what is replaced named with its hash; fetched from there, nothing more is wanted."""
    story = fetched()
    story.tell(seen(FILE, path="/music/First Light.flac"), linked(FILE, "same_isrc"))
    story.tell(UpgradeTaken(recording_id=KEY, ref=FILE, reason="taken"))
    assert [found.taken for found in proposals(story.state())] == [True]
    (written,) = fetches(story)
    assert (written["source_ref"], written["path"]) == (FILE, "Ada/First Light")
    assert written["profiles"] == ("original", "aiff")
    assert written["replaces"] == ("Ada/First Light.aiff", "Ada/First Light.m4a")
    assert len(str(written["replaced_sha256"])) > 0
    settle(story)
    assert {row.source_ref for row in story.state().renditions.values()} == {FILE}
    assert fetches(story) == []
    assert proposals(story.state()) == ()


def test_a_choice_that_gives_nothing_or_was_taken_back_replaces_nothing() -> None:
    """What is there stays while its successor cannot be had."""
    story = fetched()
    story.tell(seen(FILE, path="/music/First Light.flac"), linked(FILE, "same_isrc"))
    story.tell(UpgradeTaken(recording_id=KEY, ref=FILE, reason="taken"))
    story.tell(TrackAvailabilityChanged(ref=FILE, availability=Availability.GONE, failure=None, detail="", listed=True))
    assert fetches(story) == []
    story.tell(
        TrackAvailabilityChanged(ref=FILE, availability=Availability.AVAILABLE, failure=None, detail="", listed=True)
    )
    assert len(fetches(story)) == 1
    story.tell(UpgradeTaken(recording_id=KEY, ref="", reason="kept"))
    assert fetches(story) == []


def test_files_of_a_merged_recording_keep_the_id_in_their_tags() -> None:
    """The files were tagged as the absorbed one's; what replaces them is fetched under that id."""
    story = fetched()
    other = recording_id(OTHER)
    story.tell(seen(OTHER))
    founding = RecordingLinked(
        recording_id=other, ref=OTHER, rule="founding", evidence=(), beaten=(), policy_version="0"
    )
    merged = RecordingMerged(recording_id=KEY, into=other, rule="person", evidence=(), beaten=(), policy_version="0")
    story.tell(founding, merged, UpgradeTaken(recording_id=other, ref=OTHER, reason="taken"))
    (action,) = [action for action in story.plan().actions if action.kind is ActionKind.FETCH_RECORDING]
    assert (action.key, action.written["source_ref"]) == (KEY, OTHER)


def test_another_source_for_what_its_own_withholds_is_proposed_and_waits() -> None:
    """F18: linked by name and length only, it may be a remake; a person says so first."""
    story = Story()
    gone = seen(SOUND, available=Availability.GONE)
    story.tell(gone, linked(SOUND, "founding"), seen(OTHER), linked(OTHER, "names_and_duration"), listed(SOUND))
    story.scanned()
    (found,) = proposals(story.state())
    assert (found.kind, found.ref, found.has) == ("substitute", OTHER, "no file")
    assert fetches(story) == []
    assert [wait.why for wait in story.plan().waiting if wait.object_kind == "audio"] == ["asked"]
    story.tell(UpgradeTaken(recording_id=KEY, ref="", reason="kept"))
    assert fetches(story) == []
    story.tell(UpgradeTaken(recording_id=KEY, ref=OTHER, reason="taken"))
    assert [written["source_ref"] for written in fetches(story)] == [OTHER]


def test_the_very_same_track_and_what_never_had_audio_need_nobodys_word() -> None:
    """F41: metadata is resolved elsewhere; a person's link is a person's word."""
    for rule, available in (("person", Availability.GONE), ("same_isrc", Availability.METADATA_ONLY)):
        story = Story()
        first = seen(SOUND, available=available)
        story.tell(first, linked(SOUND, "founding"), seen(OTHER), linked(OTHER, rule), listed(SOUND))
        story.scanned()
        assert proposals(story.state()) == ()
        assert [written["source_ref"] for written in fetches(story)] == [OTHER]


def test_a_question_whose_answer_would_bring_audio_is_proposed() -> None:
    """What is withheld here may be had there, if they are one: `sync review` decides."""
    story = Story()
    other = recording_id(OTHER)
    founding = RecordingLinked(
        recording_id=other, ref=OTHER, rule="founding", evidence=(), beaten=(), policy_version="0"
    )
    story.tell(seen(SOUND, available=Availability.GONE), linked(SOUND, "founding"), seen(OTHER), founding)
    question = MatchAsked(
        question_id="q1", newer=other, older=KEY, names="same", score=4.0, evidence=(), policy_version="0"
    )
    row = MatchAsked(
        question_id="q2", newer="notion/track/p", older=KEY, names="same", score=4.0, evidence=(), policy_version="0"
    )
    story.tell(question, row)
    (found,) = proposals(story.state())
    assert (found.recording_id, found.kind, found.question_id) == (KEY, "another", "q1")
    story.tell(seen(OTHER, available=Availability.PRIVATE))
    assert proposals(story.state()) == ()


def test_an_upload_is_proposed_beside_what_was_made_of_it_taken_and_fetched_once() -> None:
    """F21: what SoundCloud streams is a copy; where the file itself is offered, a person may ask for that alone."""
    story = fetched()
    story.tell(replace(seen(SOUND), original_offered=True))
    (found,) = proposals(story.state())
    assert (found.kind, found.ref, found.taken) == ("upload", SOUND, False)
    story.tell(UpgradeTaken(recording_id=KEY, ref=SOUND, reason="chosen"))
    assert fetches(story) == []  # it is from there already, and nobody asked for more
    story.tell(UpgradeTaken(recording_id=KEY, ref=SOUND, reason=AS_UPLOADED))
    assert [found.taken for found in proposals(story.state())] == [True]
    (written,) = fetches(story)
    assert (written["as_uploaded"], written["source_ref"]) == (True, SOUND)
    assert written["replaces"] == ("Ada/First Light.aiff", "Ada/First Light.m4a")
    story.tell(replace(seen(SOUND), original_offered=False))
    assert fetches(story) == []
    story.tell(replace(seen(SOUND), original_offered=True))
    settle(story)
    assert fetches(story) == []


def test_a_file_that_is_the_upload_already_is_no_proposal() -> None:
    """An MP3 as it was uploaded is lossy, and there is nothing better to be had of it."""
    story = fetched()
    story.tell(replace(seen(SOUND), original_offered=True))
    (file,) = [row for row in story.state().renditions.values() if row.profile == "original"]
    story.tell(
        RenditionVerified(
            rendition_id=file.rendition_id, recording_id=KEY, profile=file.profile, source_ref=SOUND, path=file.path,
            size_bytes=file.size_bytes, mtime_ns=file.mtime_ns, file_sha256=file.file_sha256,
            audio=replace(file.audio, tools={UPLOADED: "1"}),
        )
    )  # fmt: skip
    assert proposals(story.state()) == ()


def test_an_upload_that_was_refused_says_why_and_can_be_taken_again() -> None:
    """P12: what did not come is not on its way; another word of a person's is another try."""
    story = fetched()
    story.tell(replace(seen(SOUND), original_offered=True))
    story.tell(UpgradeTaken(recording_id=KEY, ref=SOUND, reason=AS_UPLOADED))
    (action,) = [action for action in story.plan().actions if action.kind is ActionKind.FETCH_RECORDING]
    problem = Problem(failure=FailureClass.NOT_ALLOWED, detail="nobody is logged in")
    story.tell(planned(action), ActionRefused(action_id=action.action_id, attempt=1, problem=problem))
    (found,) = proposals(story.state())
    assert (found.taken, found.refused) == (False, "nobody is logged in")
    assert fetches(story) == []
    story.tell(UpgradeTaken(recording_id=KEY, ref=SOUND, reason=AS_UPLOADED))
    assert [found.taken for found in proposals(story.state())] == [True]
    assert len(fetches(story)) == 1


def test_what_is_chosen_of_recordings_that_are_one_is_chosen_with_what_will_do() -> None:
    """A merge keeps the later word, and that it was about the upload."""
    one = Recording(recording_id="a", refs=("x",), rules=("founding",), chosen_ref="x", chosen_seq=3)
    other = Recording(
        recording_id="b", refs=("z",), rules=("person",), chosen_ref="z", chosen_seq=5, chosen_as_uploaded=True
    )
    assert combined(one, [other]).chosen_as_uploaded
    assert not combined(replace(one, chosen_seq=9), [other]).chosen_as_uploaded
