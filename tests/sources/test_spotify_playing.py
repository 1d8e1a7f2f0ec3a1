"""What plays on Spotify, as a list of what was heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.events import TrackSeen
from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Unchanged
from engine.sources.spotify.desktop import Desktop, Ran
from engine.sources.spotify.source import SpotifySource
from engine.standins.spotify.faults import throttled
from engine.standins.spotify.records import Playing, base62
from tests.sources.spotify_account import Account, address, known_of, listed

PLAYING = "spotify:playing"


def _play(account: Account, item: str | None, context: str | None = None, kind: str = "track") -> None:
    with account.standin.edit() as catalog:
        catalog.play("ada", Playing(item=item, context=context, kind=kind))


def test_what_plays_is_appended_to_what_was_heard(account: Account) -> None:
    """M8: each look adds what plays, unless it is there; the track comes with its metadata."""
    one, two = account.tracks(2)
    _play(account, one)
    source = account.source()
    first = listed(source, PLAYING)
    assert (first.ref, first.name, first.entries, first.complete) == (PLAYING, "Playing on Spotify", (one,), True)
    assert [type(answer) for answer in source.describe(first.entries)] == [TrackSeen]
    known = known_of(first)
    assert account.source().list_playlist(PLAYING, known) == Unchanged(ref=PLAYING)
    _play(account, two)
    account.asked()
    source = account.source()
    second = listed(source, PLAYING, known)
    assert second.entries == (one, two)
    assert [answer.ref for answer in source.describe(second.entries)] == [two]
    assert account.asked() == ["/v1/me/player"]


@pytest.mark.parametrize("kind", ["ad", "unknown", "nothing"])
def test_nothing_playing_is_an_answer(account: Account, kind: str) -> None:
    """F43: 204, an advertisement and the unknown are complete answers without a track."""
    if kind != "nothing":
        _play(account, None, kind=kind)
    listing = listed(account.source(), PLAYING)
    assert (listing.entries, listing.complete, listing.problem) == ((), True, None)
    assert account.source().expand(PLAYING) == (PLAYING,)
    assert account.source().list_playlist(PLAYING, known_of(listing)) == Unchanged(ref=PLAYING)


def test_the_playlist_it_plays_from_is_looked_at_too(account: Account) -> None:
    """F46: the context travels with the track; one question serves both."""
    songs = account.tracks(2)
    made = account.playlist("Mix", songs)
    _play(account, songs[0], f"spotify:playlist:{made}")
    source = account.source()
    assert source.expand(PLAYING) == (address(made), PLAYING)
    assert listed(source, address(made)).entries == tuple(songs)
    assert listed(source, PLAYING).entries == (songs[0],)
    assert account.asked().count("/v1/me/player") == 1
    listed(source, PLAYING)
    assert account.asked() == ["/v1/me/player"], "what was heard is heard anew each time"


def test_what_was_heard_long_ago_is_heard_anew(account: Account) -> None:
    """A process that runs for days does not list yesterday's track."""
    one, two = account.tracks(2)
    _play(account, one)
    source = account.source()
    source.expand(PLAYING)
    account.clock.pass_s(61)
    _play(account, two)
    assert listed(source, PLAYING).entries == (two,)


def test_what_may_not_be_read_is_no_context(account: Account) -> None:
    """F44: another's playlist, an editorial one and an artist's radio leave the track alone."""
    with account.standin.edit() as catalog:
        catalog.add_user("bob")
    (song,) = account.tracks(1)
    theirs = account.playlist("Bob's", [song], owner="bob")
    for context in (
        f"spotify:playlist:{theirs}",
        f"spotify:playlist:{base62('none')}",
        f"spotify:artist:{base62('a')}",
    ):
        _play(account, song, context)
        assert account.source().expand(PLAYING) == (PLAYING,)


def test_the_liked_songs_are_a_context(account: Account) -> None:
    """C.2: `spotify:user:ID:collection`."""
    (song,) = account.tracks(1)
    _play(account, song, "spotify:user:ada:collection")
    assert account.source().expand(PLAYING) == ("spotify:liked", PLAYING)


def test_a_player_that_cannot_be_asked_is_a_problem(account: Account) -> None:
    """F33: a limit is not silence."""
    account.standin.script(throttled(times=2, retry_after_s=60))
    for answer in (account.source().expand(PLAYING), account.source().list_playlist(PLAYING)):
        assert isinstance(answer, Problem)
        assert answer.failure is FailureClass.RATE_LIMITED


def test_without_a_login_the_app_of_this_machine_is_asked(account: Account, tmp_path: Path) -> None:
    """M8: no login is no reason not to hear; with one, or where it is turned off, the account is asked."""
    (tmp_path / "osascript").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "osascript").chmod(0o755)
    said = '{"uri": "spotify:track:abc", "title": "Song", "artist": "Ann", "album": "Al", "length_ms": 61000}'
    account.file.remove()
    player = Desktop(run=lambda *_: Ran(code=0, out=said, err=""), system="darwin", search_path=str(tmp_path))
    source = SpotifySource(account.config(), clock=account.clock, pace=account.paced.append, desktop=player)
    account.made.append(source)
    assert source.expand(PLAYING) == (PLAYING,)
    listing = listed(source, PLAYING)
    assert listing.entries == ("spotify:track:abc",)
    (seen,) = source.describe(listing.entries)
    assert isinstance(seen, TrackSeen)
    assert (seen.title, seen.artist, seen.duration_ms) == ("Song", "Ann", 61_000)
    off = SpotifySource(account.config(desktop=False), clock=account.clock, pace=account.paced.append, desktop=player)
    account.made.append(off)
    answer = off.list_playlist(PLAYING)
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.AUTH_EXPIRED
    assert account.asked() == []
