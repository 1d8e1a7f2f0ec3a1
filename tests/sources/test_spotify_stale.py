"""Change tokens that run ahead of what they stand for: Spotify is consistent only in the end."""

from __future__ import annotations

from engine.source_ports import Unchanged
from tests.sources.spotify_account import Account, address, known_of, listed


def test_a_change_whose_entries_come_late_is_not_missed(account: Account) -> None:
    """C.2: a new token beside the entries before the change: the next run looks again, and then no more."""
    songs = account.tracks(4)
    made = account.playlist("Mix", songs[:3])
    first = listed(account.source(), address(made))
    with account.standin.edit() as catalog:
        catalog.add(made, songs[3])
        catalog.lag(made, reading="items", reads=1)
    stale = listed(account.source(), address(made), known_of(first))
    assert (stale.complete, stale.entries) == (True, tuple(songs[:3]))
    fresh = listed(account.source(), address(made), known_of(stale))
    assert fresh.entries == tuple(songs)
    assert isinstance(account.source().list_playlist(address(made), known_of(fresh)), Unchanged)


def test_a_change_that_entries_do_not_show_costs_one_more_look(account: Account) -> None:
    """P9: another cover or description is a change of the token alone."""
    made = account.playlist("Mix", account.tracks(3))
    known = known_of(listed(account.source(), address(made)))
    with account.standin.edit() as catalog:
        catalog.move(made, 0, 0)
    for _ in range(2):
        known = known_of(listed(account.source(), address(made), known))
    assert isinstance(account.source().list_playlist(address(made), known), Unchanged)
