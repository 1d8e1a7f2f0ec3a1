"""Spotify's lists through the real client, on loopback: change tokens, order, and what is not given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.references import is_gathered
from engine.source_ports import Describing, Known, Unchanged, Undescribed
from engine.sources.spotify import addresses
from engine.standins import faults
from engine.standins.spotify.faults import refused, throttled
from engine.standins.spotify.records import Episode, LocalFile, Track, base62
from engine.standins.spotify.standin import SpotifyStandin
from tests.sources.spotify_account import Account, address, fake_clock, known_of, listed, seconds

ITEMS = r"/v1/playlists/[^/]+/items"


def test_a_playlist_is_listed_in_order_with_its_repeats(account: Account) -> None:
    """P14, P16: by id, in position order, every repeat kept; the metadata came along."""
    one, two = account.tracks(2)
    made = account.playlist("Warm-up", [two, one, two])
    source = account.source()
    listing = listed(source, f"{address(made)}?si=abc")
    assert (listing.ref, listing.name, listing.url) == (f"spotify:playlist:{made}", "Warm-up", address(made))
    assert listing.entries == (two, one, two)
    assert (listing.complete, listing.declared_count, listing.owner) == (True, 3, "ada")
    sent = len(account.asked())
    described = list(source.describe(listing.entries))
    assert [answer.ref for answer in described] == [two, one]
    assert all(isinstance(answer, TrackSeen) for answer in described)
    assert (len(account.asked()), sent) == (0, 2)
    assert source.requests() == {"spotify": 2}
    assert account.paced == ["spotify"] * 2


def test_an_unchanged_playlist_costs_one_request_and_a_renamed_one_is_read_again(account: Account) -> None:
    """P9, P16: the change token says so; a new name is a change too."""
    made = account.playlist("Old", account.tracks(3))
    known = known_of(listed(account.source(), address(made)))
    account.asked()
    assert account.source().list_playlist(address(made), known) == Unchanged(ref=known.ref)
    assert account.asked() == [f"/v1/playlists/{made}"]
    with account.standin.edit() as catalog:
        catalog.rename(made, "New")
    assert listed(account.source(), address(made), known).name == "New"


def test_three_hundred_unchanged_playlists_cost_seven_requests(account: Account) -> None:
    """P9: fifty playlists a request, and one for the liked songs."""
    songs = account.tracks(60)
    for number in range(300):
        account.playlist(f"List {number}", songs[number % 50 : number % 50 + 3])
    with account.standin.edit() as catalog:
        catalog.like("ada", *songs)
    first = account.source()
    urls = first.expand("spotify:playlists")
    assert not isinstance(urls, Problem)
    assert len(urls) == 300
    known = {url: known_of(listed(first, url)) for url in (*urls, "spotify:liked")}
    account.asked()
    again = account.source()
    assert again.expand("spotify:playlists") == urls
    for url, before in known.items():
        assert again.list_playlist(url, before) == Unchanged(ref=before.ref)
    assert len(account.asked()) == 7
    each = account.source()
    for url, before in known.items():
        assert each.list_playlist(url, before) == Unchanged(ref=before.ref)
    assert len(account.asked()) == 10, "without the shelf: three by themselves, then all of them by fifties"


def test_what_is_remembered_of_the_library_is_asked_for_again_after_a_while(account: Account) -> None:
    """A process that runs for days sees what changes."""
    made = account.playlist("Mix", account.tracks(1))
    source = account.source()
    source.expand("spotify:playlists")
    known = known_of(listed(source, address(made)))
    with account.standin.edit() as catalog:
        catalog.add(made, account.tracks(1, "More")[0])
    assert isinstance(source.list_playlist(address(made), known), Unchanged)
    account.clock.pass_s(700)
    assert len(listed(source, address(made), known).entries) == 2


def test_a_playlist_of_several_pages_is_read_to_its_end(account: Account) -> None:
    """Every position is there, and the change token is looked at once more."""
    songs = account.tracks(120)
    made = account.playlist("Long", songs)
    assert listed(account.source(), address(made)).entries == tuple(songs)
    assert account.asked().count(f"/v1/playlists/{made}/items") == 3


def test_what_changed_while_it_was_read_is_incomplete(account: Account) -> None:
    """An incomplete listing proves presence only: another total, or another token at the end."""
    made = account.playlist("Long", account.tracks(120))
    source = account.source()
    with account.standin.edit() as catalog:
        catalog.add(made, account.tracks(1, "More")[0])
        catalog.lag(made, reading="items", reads=1)
    cut = listed(source, address(made))
    assert (cut.complete, cut.watermark, len(cut.entries)) == (False, None, 50)
    with account.standin.edit() as catalog:
        catalog.move(made, 0, 100)
        catalog.lag(made, reading="playlist", reads=1)
    moved = listed(source, address(made))
    assert (moved.complete, moved.watermark, len(moved.entries)) == (False, None, 121)
    with account.standin.edit() as catalog:
        catalog.lag(made, reading="items", reads=0)
    assert listed(source, address(made)).complete


def test_a_page_that_fails_leaves_what_was_read(account: Account) -> None:
    """P11: what was shown is taken, nothing is taken away, and the reason is told."""
    made = account.playlist("Long", account.tracks(120))
    account.standin.script(faults.bad_gateway(path=ITEMS, skip=1))
    cut = listed(account.source(), address(made))
    assert (cut.complete, len(cut.entries)) == (False, 50)
    assert cut.problem is not None
    assert (cut.problem.failure, cut.problem.http_status) == (FailureClass.REMOTE_ERROR, 502)


def test_null_items_local_files_and_episodes_keep_the_list_whole(account: Account) -> None:
    """A place without a track is counted and has no entry; Spotify said so itself, so the listing is complete."""
    one, two = account.tracks(2)
    episode = Episode(id=base62("episode"), name="Talk", show="Show")
    made = account.playlist("Odd", [one, two])
    with account.standin.edit() as catalog:
        catalog.add_episode(episode)
        catalog.add(made, None, LocalFile(artist="Ann", album="", title="Demo: 1", seconds=61), episode.uri, one)
        catalog.withdraw(two)
    source = account.source()
    listing = listed(source, address(made))
    local = listing.entries[1]
    assert listing.entries == (one, local, episode.uri, one)
    assert local.startswith("spotify:local:")
    assert (listing.complete, listing.declared_count) == (True, 6)
    described = {answer.ref: answer for answer in source.describe(listing.entries)}
    seen = described[local]
    assert isinstance(seen, TrackSeen)
    assert (seen.title, seen.duration_ms, seen.availability) == ("Demo: 1", 61_000, Availability.METADATA_ONLY)
    assert seen.url == "spotify:local:Ann::Demo%3A+1:61"


def test_the_older_address_serves_where_the_newer_one_does_not(tmp_path: Path) -> None:
    """C.1: an app that has no `/items` yet has `/tracks`; what answered once is asked first from then on."""
    clock = fake_clock()
    with SpotifyStandin(mode="extended", clock=seconds(clock)) as standin:
        account = Account(standin, tmp_path, clock)
        account.log_in()
        songs = account.tracks(60)
        first, second = account.playlist("One", songs), account.playlist("Two", songs[:1])
        standin.script(refused(path=ITEMS, times=9))
        source = account.source()
        assert listed(source, address(first)).entries == tuple(songs)
        assert listed(source, address(second)).entries == tuple(songs[:1])
        assert account.asked().count(f"/v1/playlists/{second}/items") == 0
        source.close()


@pytest.mark.parametrize("public", [True, False])
def test_another_persons_playlist_is_not_allowed_and_says_what_helps(account: Account, *, public: bool) -> None:
    """F44: the tracks of a playlist that is not one's own are given to nobody like us; exported as CSV they are."""
    with account.standin.edit() as catalog:
        catalog.add_user("bob")
    songs = account.tracks(1)
    made = account.playlist("Bob's", songs, owner="bob")
    answer = account.source().list_playlist(address(made))
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.NOT_ALLOWED
    assert "Bob's" in answer.detail
    assert "CSV" in answer.hint
    if public:
        with account.standin.edit() as catalog:
            catalog.invite(made, "ada")
        assert listed(account.source(), address(made)).entries == tuple(songs)


def test_a_playlist_that_refuses_at_both_addresses_is_not_allowed(account: Account) -> None:
    """F44: a refusal is told as one, never as an empty playlist."""
    made = account.playlist("Mine", account.tracks(1))
    account.standin.script(refused(path=r"/v1/playlists/[^/]+/.*", times=9))
    answer = account.source().list_playlist(address(made))
    assert isinstance(answer, Problem)
    assert (answer.failure, answer.http_status) == (FailureClass.NOT_ALLOWED, 403)


def test_only_own_and_collaborative_playlists_stand_behind_the_shelf(account: Account) -> None:
    """What is merely followed cannot be read."""
    with account.standin.edit() as catalog:
        catalog.add_user("bob")
    mine, theirs, ours = (
        account.playlist(name, [], owner) for name, owner in (("a", "ada"), ("b", "bob"), ("c", "bob"))
    )
    with account.standin.edit() as catalog:
        catalog.follow("ada", theirs)
        catalog.invite(ours, "ada")
    assert account.source().expand("spotify:playlists") == (address(ours), address(mine))


def test_a_playlist_of_spotifys_own_and_one_that_is_not_there_are_told_apart(account: Account) -> None:
    """C.1: editorial playlists answer 404 like what does not exist; their ids give them away."""
    editorial = account.source().list_playlist(address("37i9dQZF1DXcBWIGoYBM5M"))
    assert isinstance(editorial, Problem)
    assert editorial.failure is FailureClass.NOT_ALLOWED
    missing = account.source().list_playlist(address(base62("nothing")))
    assert isinstance(missing, Problem)
    assert missing.failure is FailureClass.NOT_FOUND


def test_liked_songs_have_a_change_token_of_their_own(account: Account) -> None:
    """P9: the first page and the total say whether anything changed; a few new ones need nothing more."""
    songs = account.tracks(120)
    with account.standin.edit() as catalog:
        catalog.like("ada", *songs)
    first = listed(account.source(), "spotify:liked")
    assert (first.ref, first.name, first.complete) == ("spotify:liked:ada", "Liked Songs", True)
    assert first.entries == tuple(reversed(songs))
    known = known_of(first)
    account.asked()
    assert account.source().list_playlist("spotify:liked", known) == Unchanged(ref=first.ref)
    assert len(account.asked()) == 1
    fresh = account.tracks(2, "New")
    with account.standin.edit() as catalog:
        catalog.like("ada", *fresh, added_at="2026-01-01T00:00:00Z")
    source = account.source()
    grown = listed(source, "spotify:liked", known)
    assert grown.entries == (*reversed(fresh), *first.entries)
    assert (grown.complete, grown.declared_count) == (True, 122)
    described = {answer.ref for answer in source.describe(grown.entries)}
    assert described == set(grown.entries[:50]), "what the caller knows already is not asked for again"
    assert len(account.asked()) == 1


def test_liked_songs_that_changed_otherwise_are_read_anew(account: Account) -> None:
    """A song that was taken away, or liked again, shows in total or order; then every page is read."""
    songs = account.tracks(120)
    with account.standin.edit() as catalog:
        catalog.like("ada", *songs)
    known = known_of(listed(account.source(), "spotify:liked"))
    with account.standin.edit() as catalog:
        catalog.unlike("ada", songs[5])
        catalog.like("ada", account.tracks(1, "New")[0])
    again = listed(account.source(), "spotify:liked", known)
    assert len(again.entries) == 120
    assert songs[5] not in again.entries
    with account.standin.edit() as catalog:
        catalog.unlike("ada", songs[3])
        catalog.like("ada", songs[3], account.tracks(1, "Newer")[0])
    last = listed(account.source(), "spotify:liked", known_of(again))
    assert last.entries[1] == songs[3]
    assert len(set(last.entries)) == 121
    doubtful = replace(known_of(last), declared_count=7)
    with account.standin.edit() as catalog:
        catalog.like("ada", account.tracks(1, "Newest")[0])
    assert len(listed(account.source(), "spotify:liked", doubtful).entries) == 122


def test_liked_songs_that_move_while_they_are_read_are_incomplete(account: Account) -> None:
    """A song shown twice moved: nobody likes one twice."""
    songs = account.tracks(60)
    with account.standin.edit() as catalog:
        catalog.like("ada", *songs, songs[0])
    listing = listed(account.source(), "spotify:liked")
    assert (listing.complete, listing.watermark) == (False, None)


def test_an_empty_account_is_complete(account: Account) -> None:
    """F33: nothing there is an answer of its own."""
    assert account.source().expand("spotify:playlists") == ()
    listing = listed(account.source(), "spotify:liked")
    assert (listing.entries, listing.complete) == ((), True)


def test_one_track_is_a_list_of_its_own(account: Account) -> None:
    """A track's address can be followed as well; one that is gone says so."""
    (song,) = account.tracks(1)
    native = song.rpartition(":")[2]
    source = account.source()
    listing = listed(source, f"https://open.spotify.com/track/{native}")
    assert (listing.ref, listing.name, listing.entries) == (f"spotify:single:{native}", "Song 0", (song,))
    assert [type(answer) for answer in source.describe((song,))] == [TrackSeen]
    gone = source.list_playlist(f"spotify:episode:{base62('none')}")
    assert isinstance(gone, Problem)
    assert gone.failure is FailureClass.GONE


@pytest.mark.parametrize("url", ["spotify:playlists", "https://open.spotify.com/artist/1", "spotify:nothing"])
def test_what_is_no_one_list_is_refused(account: Account, url: str) -> None:
    """An address without a meaning is a problem with a hint, and costs no request."""
    answer = account.source().list_playlist(url)
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.UNSUPPORTED
    assert answer.hint
    assert account.asked() == []


def test_tracks_no_list_showed_are_asked_for_one_by_one_and_not_without_end(account: Account) -> None:
    """After an interruption a few are undescribed: each is asked for, and the rest is left to the next run."""
    songs = account.tracks(52)
    local = "spotify:local:abc"
    gone = f"spotify:track:{base62('gone')}"
    answers = list(account.source().describe((local, gone, *songs)))
    assert [answer.ref for answer in answers] == [local, gone, *songs]
    first, second, *rest = answers
    assert isinstance(first, Undescribed)
    assert first.availability is Availability.METADATA_ONLY
    assert isinstance(second, Undescribed)
    assert second.availability is Availability.GONE
    assert sum(isinstance(answer, TrackSeen) for answer in rest) == 48
    last = rest[-1]
    assert isinstance(last, Undescribed)
    assert last.problem.failure is FailureClass.RATE_LIMITED
    assert len(account.asked()) == 49


def test_a_limit_ends_the_asking_one_by_one(account: Account) -> None:
    """P8: what the next question would meet as well is not asked."""
    songs = account.tracks(5)
    account.standin.script(throttled(skip=1, times=9, retry_after_s=60))
    answers = list(account.source().describe(tuple(songs)))
    assert [isinstance(answer, TrackSeen) for answer in answers] == [True, False, False, False, False]
    assert len(account.asked()) == 2


def test_a_track_that_cannot_be_read_keeps_no_other_from_being_read(account: Account) -> None:
    """P11: one unreadable answer is one track's trouble."""
    songs = account.tracks(2)
    account.standin.script(faults.garbage(path="/v1/tracks/.*"))
    first, second = account.source().describe(tuple(songs))
    assert isinstance(first, Undescribed)
    assert first.problem.failure is FailureClass.GARBAGE
    assert isinstance(second, TrackSeen)


def test_a_source_that_was_never_asked_has_sent_nothing(account: Account) -> None:
    """Nothing is opened before it is needed."""
    source = account.source()
    assert (source.name, source.describing) == ("spotify", Describing.LISTED)
    assert source.recognises("spotify:liked")
    assert source.requests() == {"spotify": 0}
    assert source.expand(address(base62("x"))) == (address(base62("x")),)
    source.close()
    assert account.asked() == []


def test_the_words_of_the_address_are_those_of_the_core() -> None:
    """The list of what was heard gathers what passes, in every part of the program."""
    assert is_gathered(addresses.PLAYING)


def test_a_track_of_two_lists_is_described_for_both(account: Account) -> None:
    """What one listing showed serves the next."""
    (song,) = account.tracks(1)
    made = [account.playlist(name, [song]) for name in ("a", "b")]
    source = account.source()
    for playlist in made:
        assert [answer.ref for answer in source.describe(listed(source, address(playlist)).entries)] == [song]


def test_another_accounts_watermark_proves_nothing(account: Account) -> None:
    """A token counts for the playlist it came with."""
    made = account.playlist("Mix", account.tracks(1))
    token = listed(account.source(), address(made)).watermark
    assert listed(account.source(), address(made), Known(ref="spotify:playlist:other", watermark=token)).complete


def test_a_track_renamed_by_spotify_is_described_as_it_is_now(account: Account) -> None:
    """A listing shows what is there, whatever was known."""
    (song,) = account.tracks(1)
    made = account.playlist("Mix", [song])
    with account.standin.edit() as catalog:
        catalog.add_track(Track(id=song.rpartition(":")[2], name="Song 0 (Remaster)", artists=("Ann",)))
    source = account.source()
    (answer,) = source.describe(listed(source, address(made)).entries)
    assert isinstance(answer, TrackSeen)
    assert answer.title == "Song 0 (Remaster)"
