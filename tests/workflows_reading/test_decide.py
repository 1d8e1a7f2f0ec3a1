"""What a person decides is one event, once."""

from __future__ import annotations

import pytest

from engine.domain import events as e
from engine.domain.errors import UsageError
from engine.workflows.conflicts import open_conflicts, resolve
from engine.workflows.decide import dismiss, follow, refetch, unfollow
from tests.fakes.crate import FIRST_ID, PLAYLIST, PLAYLIST_URL, crate, linked, seen
from tests.fakes.memory_journal import MemoryJournal
from tests.fakes.source import FakeSource

SOURCES = (FakeSource(),)


def test_following_twice_is_recorded_once() -> None:
    """A repeated `sync follow` appends nothing."""
    journal = MemoryJournal(*crate()[:1])
    first = follow(journal, SOURCES, "https://soundcloud.com/crew/sets/new")
    assert (first.seq, first.key[:4]) == (2, "url:")
    assert follow(journal, SOURCES, "https://soundcloud.com/crew/sets/new").seq is None


def test_following_a_known_address_again_uses_its_playlist() -> None:
    """A playlist that was unfollowed is taken up under its own ref."""
    journal = MemoryJournal(*crate())
    assert unfollow(journal, PLAYLIST_URL).what == "unfollowed"
    assert unfollow(journal, "crate").seq is None
    assert not any(row.active for row in journal.state().playlists.values())
    again = follow(journal, SOURCES, PLAYLIST_URL)
    assert (again.key, again.label) == (PLAYLIST, PLAYLIST_URL)


def test_what_is_no_address_is_not_followed() -> None:
    """A bare word, or an address no source knows, is a mistake that is said at once and not at every run."""
    for typed in ("crate", "https://example.org/sets/crate"):
        with pytest.raises(UsageError, match="no source knows") as caught:
            follow(MemoryJournal(), SOURCES, typed)
        assert "M3U" in caught.value.hint


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


def test_a_refetch_says_what_stands_in_its_way() -> None:
    """F19: a request that brings nothing says so instead of sending a person to `sync reconcile`."""
    journal = MemoryJournal(*crate())
    assert refetch(journal, "first light").obstacle == ""
    gone = refetch(journal, "second wind")
    assert gone.seq is not None
    assert "its source says it is gone" in gone.obstacle
    assert "sync choose" in gone.obstacle
    assert "no playlist" in refetch(MemoryJournal(seen("s:track:7", "Lost"), linked("s:track:7")), "lost").obstacle
    new = (seen("s:track:7", "Found"), linked("s:track:7"))
    listed = e.PlaylistSeen(ref="s:set:1", name="Mix", url="u", entries=("s:track:7",))
    assert refetch(MemoryJournal(listed, *new), "found").obstacle == ""


def test_a_playlist_is_asked_for_again() -> None:
    """P6: `sync refetch PLAYLIST` is a person's word that its file, row and folder shall be there again."""
    journal = MemoryJournal(*crate())
    again = refetch(journal, "crate")
    assert (again.what, again.key) == ("requested", PLAYLIST)
    assert journal.state().playlists[PLAYLIST].requested_seq == again.seq
    unfollow(journal, "crate")
    with pytest.raises(UsageError, match="not followed") as caught:
        refetch(journal, "crate")
    assert caught.value.hint == f"sync follow {PLAYLIST_URL}"


def conflict(reason: str, *, target: str = "notion", field: str = "(object)") -> e.ConflictOpened:
    """Give a conflict over the first track."""
    return e.ConflictOpened(
        conflict_id="cone", target=target, object_kind="track", key=FIRST_ID, field=field, base=None, wanted=FIRST_ID,
        found=("a", "b"), reason=reason,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "target", "hint"),
    [
        ("several objects carry one key; keep one", "notion", "trash all but one there, or clear the `Sync Key`"),
        ("several objects carry one key; keep one", "eagle", "`cratelog:` line"),
        ("several objects carry one key; keep one", "elsewhere", "take the key off"),
        ("several objects have the same isrc", "notion", "change that field on the others"),
    ],
)
def test_what_is_there_twice_is_not_decided_by_a_word(reason: str, target: str, hint: str) -> None:
    """I22: neither word would be heeded, so both are refused, with what does help."""
    journal = MemoryJournal(*crate(), conflict(reason, target=target))
    for choice in ("ours", "theirs"):
        with pytest.raises(UsageError, match="Ada – First Light cannot be decided from here") as caught:
            resolve(journal, "cone", choice)
        assert hint in caught.value.hint
    shown = next(row for row in open_conflicts(journal.state()) if row.conflict_id == "cone")
    assert (shown.label, hint in shown.way_out) == ("Ada – First Light", True)


def test_a_removal_is_decided_by_a_word() -> None:
    """I45: what somebody edited is removed on `ours` and kept on `theirs`."""
    journal = MemoryJournal(*crate(), conflict("it left every playlist, but somebody edited title since"))
    way_out = next(row.way_out for row in open_conflicts(journal.state()) if row.conflict_id == "cone")
    assert way_out == "sync resolve cone ours removes it, theirs keeps it"
    assert resolve(journal, "cone", "ours").label == "notion track Ada – First Light: ours"


@pytest.mark.parametrize(
    "url", ["https://soundcloud.com/crew/sets/new/s-hunter2", "https://ann:hunter2@soundcloud.com/crew/sets/new"]
)
def test_a_secret_link_is_not_followed_but_put_into_the_settings(url: str) -> None:
    """E19, I53: what the journal is told it keeps for ever; the refusal does not repeat the secret."""
    journal = MemoryJournal()
    with pytest.raises(UsageError) as caught:
        follow(journal, SOURCES, url)
    assert "hunter2" not in f"{caught.value.detail} {caught.value.hint}"
    assert "cratelog.toml" in caught.value.hint
    assert journal.head().seq == 0
