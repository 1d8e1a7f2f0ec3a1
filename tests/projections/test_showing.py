"""What counts as news: a row shows exactly the observation it was folded from (I50)."""

from __future__ import annotations

from hypothesis import given, settings
from msgspec.structs import replace

from engine.domain.events import (
    Event,
    PlaylistConfigured,
    PlaylistSeen,
    RemoteSeen,
    TrackAvailabilityChanged,
    TrackSeen,
)
from engine.domain.failure import Availability
from engine.projections.observed import shows_playlist, shows_remote, shows_track
from engine.projections.registry import Rows, empty_rows, fold
from tests.projections.every_event import instances, recorded


def after(*events: Event) -> Rows:
    """Give the rows after events."""
    return fold(empty_rows(), recorded(events))


@settings(max_examples=40, deadline=None)
@given(first=instances(TrackSeen), other=instances(TrackSeen))
def test_a_track_shows_what_was_seen_of_it_and_nothing_else(first: TrackSeen, other: TrackSeen) -> None:
    """I50: the same again is no news, any other field is, and what an attempt proved changes neither."""
    other = replace(other, ref=first.ref)
    row = after(first)["sightings"][first.ref]
    assert shows_track(row, first)
    assert shows_track(row, other) is (first == other)
    assert shows_track(after(other, first)["sightings"][first.ref], first)
    dead = TrackAvailabilityChanged(ref=first.ref, availability=Availability.GONE, failure=None, detail="")
    assert shows_track(after(first, dead)["sightings"][first.ref], first)
    assert not shows_track(after(dead)["sightings"][first.ref], first)


@settings(max_examples=40, deadline=None)
@given(first=instances(PlaylistSeen), other=instances(PlaylistSeen))
def test_a_playlist_shows_what_was_seen_of_it_and_nothing_else(first: PlaylistSeen, other: PlaylistSeen) -> None:
    """I50, P14: another order is news; what a person configured shows nothing yet."""
    other = replace(other, ref=first.ref)
    row = after(first)["playlists"][first.ref]
    assert shows_playlist(row, first)
    assert shows_playlist(row, other) is (first == other)
    unseen = PlaylistConfigured(ref=first.ref, url=first.url, active=True)
    assert not shows_playlist(after(unseen)["playlists"][first.ref], first)


@settings(max_examples=40, deadline=None)
@given(seen=instances(RemoteSeen))
def test_a_remote_shows_its_fields_and_trash_but_no_revision(seen: RemoteSeen) -> None:
    """I50: a revision alone is no difference."""
    row = after(seen)["remotes"][f"{seen.target}/{seen.remote_id}"]
    assert shows_remote(row, replace(seen, revision="another"))
    assert not shows_remote(row, replace(seen, live=not seen.live))
    assert not shows_remote(row, replace(seen, fields={**seen.fields, "another field": 1}))
