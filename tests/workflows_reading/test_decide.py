"""What a person decides is one event, once."""

from __future__ import annotations

import pytest

from engine.domain.errors import UsageError
from engine.workflows.decide import dismiss, follow, open_conflicts, refetch, resolve, unfollow
from tests.fakes.crate import FIRST_ID, PLAYLIST, PLAYLIST_URL, crate
from tests.fakes.memory_journal import MemoryJournal


def test_following_twice_is_recorded_once() -> None:
    """A repeated `sync follow` appends nothing."""
    journal = MemoryJournal(*crate()[:1])
    first = follow(journal, "https://soundcloud.com/crew/sets/new")
    assert (first.seq, first.key[:4]) == (2, "url:")
    assert follow(journal, "https://soundcloud.com/crew/sets/new").seq is None


def test_following_a_known_address_again_uses_its_playlist() -> None:
    """A playlist that was unfollowed is taken up under its own ref."""
    journal = MemoryJournal(*crate())
    assert unfollow(journal, PLAYLIST_URL).what == "unfollowed"
    assert unfollow(journal, "crate").seq is None
    assert not any(row.active for row in journal.state().playlists.values())
    again = follow(journal, PLAYLIST_URL)
    assert (again.key, again.label) == (PLAYLIST, PLAYLIST_URL)


def test_what_is_no_address_is_not_followed() -> None:
    """A bare word is a mistake, not a playlist."""
    with pytest.raises(UsageError, match="not an address"):
        follow(MemoryJournal(), "crate")


def test_a_conflict_is_decided_once_and_leaves_the_list() -> None:
    """`sync resolve` takes ours or theirs, and the list of open ones shrinks."""
    journal = MemoryJournal(*crate())
    assert [row.conflict_id for row in open_conflicts(journal.state())] == ["conflictone"]
    assert resolve(journal, "confl", "theirs").seq is not None
    assert resolve(journal, "conflictone", "theirs").seq is None
    assert open_conflicts(journal.state()) == ()
    with pytest.raises(UsageError):
        resolve(journal, "conflictone", "mine")


def test_a_dismissal_is_a_tombstone_until_a_refetch() -> None:
    """What was thrown away stays away until a person asks again."""
    journal = MemoryJournal(*crate())
    assert dismiss(journal, "first light", "wrong take").seq is not None
    assert dismiss(journal, FIRST_ID, "again").seq is None
    assert journal.state().recordings[FIRST_ID].dismissed == "wrong take"
    assert refetch(journal, "first light").label == "Ada – First Light"
    assert journal.state().recordings[FIRST_ID].dismissed is None
