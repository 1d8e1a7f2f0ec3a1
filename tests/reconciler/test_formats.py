"""Formats asked for later: made of the file that is there, whatever its source says by now."""

from __future__ import annotations

from engine.domain.events import RenditionMissed, TrackAvailabilityChanged
from engine.domain.failure import Availability, FailureClass
from engine.domain.references import recording_id, rendition_id
from engine.reconciler.policy import Policy
from tests.reconciler.pure_world import POLICY, Story, track

KEY = recording_id("soundcloud:track:1")
WITH_FLAC = Policy(library_root="/music", config_hash="c", profiles=("original", "aiff", "flac"))


def settled() -> Story:
    """Give a world in which one track has its original and its AIFF."""
    story = Story()
    story.tell(track(1))
    story.listed("soundcloud:set:1", ["soundcloud:track:1"])
    story.link()
    story.scanned()
    while actions := story.plan().actions:
        for action in actions:
            story.perform(action)
        story.scanned()
    return story


def test_a_format_added_later_is_made_beside_the_files_that_are_there() -> None:
    """P20: the new file takes the path of the verified one; nothing moves."""
    story = settled()
    fetch = story.plan(WITH_FLAC).actions[0]
    assert fetch.kind == "FetchRecording"
    assert fetch.written["path"] == "Artist 1/Title 1"
    assert fetch.written["profiles"] == ("original", "aiff", "flac")


def test_a_track_that_is_gone_can_still_be_converted() -> None:
    """Availability is about sources: what is on disk needs none."""
    story = settled()
    gone = TrackAvailabilityChanged(
        ref="soundcloud:track:1", availability=Availability.GONE, failure=FailureClass.GONE, detail="404"
    )
    story.tell(gone)
    assert "FetchRecording" in {str(action.kind) for action in story.plan(WITH_FLAC).actions}


def test_a_deleted_format_is_not_made_again() -> None:
    """P6: a person who deletes only the AIFF keeps it deleted."""
    story = settled()
    story.tell(RenditionMissed(rendition_id=rendition_id(KEY, "aiff"), path="Artist 1/Title 1.aiff"))
    assert "FetchRecording" not in {str(action.kind) for action in story.plan(POLICY).actions}
