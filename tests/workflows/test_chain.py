"""The fallback chain: each link's ending is recorded, and none keeps the next from being tried."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode, InterruptedRunError, StorageError
from engine.domain.events import ChainLinkEnded, LinkResult, ScanCompleted
from engine.domain.failure import FailureClass, Problem
from engine.domain.references import PLAYING
from engine.source_ports import Listing
from engine.workflows.chain import ChainRequest, Walked
from engine.workflows.decide import follow, unfollow
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from tests.fakes.place import Place
from tests.fakes.source import FakeSource, ref, track

DOWN = Problem(failure=FailureClass.NETWORK, detail="no route", hint="wait")
SHUT = Problem(failure=FailureClass.AUTH_EXPIRED, detail="log in", hint="sync login spotify")
ALL = ("playing", "soundcloud", "spotify", "batch")
SETS = "https://soundcloud.com/crew/sets/9"
LISTS = "https://spotify.com/crew/sets/7"


@pytest.fixture(autouse=True)
def spotify(place: Place) -> FakeSource:
    """Give a second source, and a library as the only target."""
    place.targets = {"library": place.targets["library"]}
    place.policy = changed(place.policy, targets=("library",))
    other = FakeSource("spotify", listed=True)
    place.others = (other,)
    play(other)
    return other


def play(source: FakeSource, *numbers: int) -> None:
    """Let tracks be playing."""
    for number in numbers:
        source.tracks[ref(number, "spotify")] = track(number, source="spotify")
    entries = tuple(ref(number, "spotify") for number in numbers)
    source.listings[PLAYING] = Listing(ref=PLAYING, name="Playing", url=PLAYING, entries=entries, complete=True)


def keep(place: Place, source: FakeSource, number: int, *entries: int) -> None:
    """Publish a playlist of a source and keep it in step."""
    url = source.publish("Crate", entries, number=number)
    place.urls = tuple(dict.fromkeys((*place.urls, url)))


def walked(place: Place, *links: str, **more: object) -> Reconciled:
    """Run a chain."""
    chain = ChainRequest(links=links or ALL, **more)  # type: ignore[arg-type]  # the tests pass what a request has
    return reconcile(place.world(), ReconcileRequest(chain=chain))


def endings(place: Place) -> list[ChainLinkEnded]:
    """Give what became of the links of the last run."""
    found = [event for event in place.events("chain.link_ended") if isinstance(event, ChainLinkEnded)]
    return [event for event in found if event.run_id == found[-1].run_id]


def results(place: Place) -> dict[str, str]:
    """Give each link's result."""
    return {event.link: event.result.value for event in endings(place)}


def test_the_first_link_with_news_ends_the_chain(place: Place, spotify: FakeSource) -> None:
    """M9: what is playing comes first; the others are passed over, and what was found is fetched."""
    play(spotify, 5)
    keep(place, place.source, 9, 1, 2)
    assert walked(place).exit_code is ExitCode.FINE
    assert results(place) == {"playing": "found", "soundcloud": "skipped", "spotify": "skipped", "batch": "skipped"}
    assert place.source.log == []
    assert endings(place)[0].new == 1
    assert [event.detail for event in endings(place)[1:]] == ["an earlier link found something"] * 3
    assert len(place.targets["library"].live("audio")) == 1


def test_all_links_go_on_after_news(place: Place, spotify: FakeSource) -> None:
    """M9: `chain.all_links` tries every link, whatever was found."""
    play(spotify, 5)
    keep(place, place.source, 9, 1, 2)
    walked(place, "playing", "soundcloud", all_links=True)
    assert results(place) == {"playing": "found", "soundcloud": "found"}


def test_a_link_with_nothing_new_did_not_fail(place: Place, spotify: FakeSource) -> None:
    """M9: it answered; the next link is tried, and the run is fine."""
    keep(place, place.source, 9, 1)
    keep(place, spotify, 7, 2)
    place.reconcile()
    assert walked(place).exit_code is ExitCode.FINE
    assert set(results(place).values()) == {"nothing_new"}


def test_nothing_playing_is_an_answer(place: Place) -> None:
    """F43: an empty answer is no failure, and no playlist comes to be shown of it."""
    walked(place, "playing")
    assert results(place) == {"playing": "nothing_new"}
    assert walked(place, "playing").exit_code is ExitCode.FINE
    assert results(place) == {"playing": "nothing_new"}
    assert place.targets["library"].live("playlist") == []


def test_what_was_playing_stays_wanted(place: Place, spotify: FakeSource) -> None:
    """F46: the list of what is playing gathers; a track that ended has not left anything."""
    play(spotify, 5)
    walked(place, "playing")
    play(spotify, 6)
    walked(place, "playing")
    play(spotify)
    walked(place, "playing")
    row = place.state().playlists[PLAYING]
    assert row.entries == (ref(5, "spotify"), ref(6, "spotify"))
    assert row.departed == {}
    assert len(place.targets["library"].live("audio")) == 2
    spotify.log.clear()
    place.reconcile()
    assert spotify.log == []  # nobody follows it: only the chain asks


def test_a_followed_player_is_asked_by_every_run(place: Place, spotify: FakeSource) -> None:
    """M9: who follows it wants it; who unfollows it is not asked for it by the chain either."""
    follow(place.journal, (spotify,), PLAYING)
    place.reconcile()
    place.reconcile()
    assert spotify.log.count(f"list {PLAYING}") == 2
    walked(place, "playing", "spotify")
    assert results(place)["spotify"] == "skipped"  # the link before it has asked already
    unfollow(place.journal, PLAYING)
    walked(place, "playing")
    assert results(place) == {"playing": "skipped"}
    assert spotify.log.count(f"list {PLAYING}") == 3


def test_the_playlist_that_plays_is_read_when_it_is_followed(place: Place, spotify: FakeSource) -> None:
    """F46: its context comes along; a playlist nobody follows is not taken up by listening to it."""
    keep(place, spotify, 7, 2)
    place.reconcile()
    stranger = spotify.publish("Stranger", (3,), number=8)
    spotify.shelves[PLAYING] = (PLAYING, LISTS, stranger)
    keep(place, spotify, 7, 2, 4)
    walked(place, "playing")
    assert endings(place)[0].new == 1
    assert ref(4, "spotify") in place.state().sightings
    assert ref(3, "spotify") not in place.state().sightings


def test_a_link_reads_the_followed_playlists_of_its_source_only(place: Place, spotify: FakeSource) -> None:
    """M9: `--source NAME` is that one link."""
    keep(place, place.source, 9, 1)
    keep(place, spotify, 7, 2)
    walked(place, "soundcloud")
    assert spotify.log == []
    assert results(place) == {"soundcloud": "found"}
    walked(place, "youtube", "files")
    assert results(place) == {"youtube": "skipped", "files": "skipped"}
    assert "sync follow" in endings(place)[0].detail


def test_a_link_that_is_not_set_up_is_passed_over(place: Place) -> None:
    """M9: it says why, and nobody is asked."""
    walked(place, "playing", unset={"playing": "no Spotify app is set up"})
    assert results(place) == {"playing": "skipped"}
    assert endings(place)[0].detail == "no Spotify app is set up"
    place.others = ()
    walked(place, "playing")
    assert results(place) == {"playing": "skipped"}


def test_a_changed_order_is_news(place: Place) -> None:
    """M9: no sighting is new, the listing is."""
    keep(place, place.source, 9, 1, 2)
    place.reconcile()
    keep(place, place.source, 9, 2, 1)
    walked(place, "soundcloud")
    assert results(place) == {"soundcloud": "found"}
    assert endings(place)[0].new == 0


KINDS = {"found": (1, 2), "nothing_new": (1,), "failed": None}


@pytest.mark.parametrize(("first", "second"), list(itertools.product(KINDS, KINDS)))
def test_the_exit_code_of_every_pair_of_endings(place: Place, spotify: FakeSource, first: str, second: str) -> None:
    """F48: a failure counts when nothing was found that makes up for it; by its class, as everywhere."""
    keep(place, place.source, 9, 1)
    keep(place, spotify, 7, 1)
    place.reconcile()
    for source, url, number, kind in ((place.source, SETS, 9, first), (spotify, LISTS, 7, second)):
        entries = KINDS[kind]
        if entries is None:
            source.listings[url] = DOWN
        else:
            source.publish("Crate", entries, number=number)
    result = walked(place, "soundcloud", "spotify")
    met = [ended for ended in results(place).values() if ended != "skipped"]
    failed = "failed" in met and "found" not in met
    assert result.exit_code is (ExitCode.TRY_LATER if failed else ExitCode.FINE)
    assert met == ([first] if first == "found" else [first, second])


def test_a_failure_that_needs_a_person_is_partial(place: Place, spotify: FakeSource) -> None:
    """F45: an expired login is no reason to try later, and says what to do."""
    spotify.listings[PLAYING] = SHUT
    result = walked(place, "playing")
    assert result.exit_code is ExitCode.PARTIAL
    ended = endings(place)[0]
    assert (ended.result, ended.failure, ended.detail) == (LinkResult.FAILED, FailureClass.AUTH_EXPIRED, "log in")


def test_a_player_that_failed_is_well_again_when_it_answers(place: Place, spotify: FakeSource) -> None:
    """M21: what plays is one scope from the first, so that no failure of it stands in the status for ever."""
    spotify.listings[PLAYING] = DOWN
    walked(place, "playing")
    assert place.state().scopes[PLAYING].failures == 1
    play(spotify)
    walked(place, "playing")
    (scope,) = (row for name, row in place.state().scopes.items() if "spotify" in name)
    assert (scope.scope, scope.complete, scope.failures) == (PLAYING, True, 0)


def test_one_playlist_of_a_link_that_fails_is_named_beside_what_was_found(place: Place) -> None:
    """P11: the others are read; nobody makes up for the one that was not, so the run is partial."""
    keep(place, place.source, 9, 1)
    keep(place, place.source, 10, 2)
    keep(place, place.source, 11, 2)
    place.source.listings["https://soundcloud.com/crew/sets/10"] = SHUT
    place.source.listings["https://soundcloud.com/crew/sets/11"] = DOWN
    assert walked(place, "soundcloud").exit_code is ExitCode.PARTIAL
    ended = endings(place)[0]
    assert (ended.result, ended.failure) == (LinkResult.FOUND, FailureClass.AUTH_EXPIRED)
    assert ended.detail == "log in, and 1 more"


def test_a_source_that_breaks_fails_its_link_and_no_other(place: Place, spotify: FakeSource) -> None:
    """P11: an unexpected exception is a class like others, without what it must not tell."""

    def breaks(line: str) -> None:
        if line.startswith(("list", "expand")):
            raise KeyError("https://x.test/?token=hunter2")

    place.source.on_call = breaks
    keep(place, place.source, 9, 1)
    keep(place, spotify, 7, 2)
    assert walked(place, "soundcloud", "spotify").exit_code is ExitCode.FINE
    assert results(place) == {"soundcloud": "failed", "spotify": "found"}
    assert endings(place)[0].failure is FailureClass.UNEXPECTED
    assert "hunter2" not in repr(place.events())
    place.source.shelves[SETS] = (SETS,)
    walked(place, "soundcloud")
    assert endings(place)[0].failure is FailureClass.UNEXPECTED
    with pytest.raises(KeyError):
        place.reconcile()  # a run that reads everything stops at a fault, so that it is seen


def test_a_fault_of_the_machine_is_no_link_s_failure(place: Place) -> None:
    """P11: a disk that does not answer stops the run; the next link would meet it too."""

    def full(_line: str) -> None:
        raise StorageError("no space", hint="free some")

    place.source.on_call = full
    keep(place, place.source, 9, 1)
    with pytest.raises(StorageError):
        walked(place, "soundcloud")


def test_a_stop_is_no_failure_of_a_link(place: Place) -> None:
    """Design §10: the person's wish ends the run, not the link."""
    keep(place, place.source, 9, 1)
    place.stop.asked = True
    with pytest.raises(InterruptedRunError):
        walked(place, "soundcloud")
    assert place.events("chain.link_ended") == []


@pytest.mark.parametrize("slow", ["list", "describe"])
def test_a_link_past_its_deadline_fails_and_keeps_what_it_showed(place: Place, spotify: FakeSource, slow: str) -> None:
    """F48: looked at between playlists and between pages; what was appended stays, and the next link is tried."""

    def drag(line: str) -> None:
        place.clock.pass_s(40.0 if line.startswith(slow) else 0.0)

    place.source.on_call = drag
    keep(place, place.source, 9, *range(1, 56))
    keep(place, place.source, 10, 100)
    keep(place, spotify, 7, 2)
    result = walked(place, "soundcloud", "spotify", deadline_s=30.0)
    first, second = endings(place)
    assert (first.result, first.failure) == (LinkResult.FAILED, FailureClass.TIMEOUT)
    assert first.took_ms >= 40_000
    assert second.result is LinkResult.FOUND
    assert result.exit_code is ExitCode.FINE
    assert 50 <= len([key for key in place.state().sightings if key.startswith("soundcloud")]) < 56
    assert place.world().deadline.until_s is None


def test_a_deadline_of_its_own_holds_for_one_link(place: Place) -> None:
    """M9: `chain.deadlines_s` names the link; a run that found nothing else tries later."""

    def drag(_line: str) -> None:
        place.clock.pass_s(40.0)

    place.source.on_call = drag
    keep(place, place.source, 9, 1)
    keep(place, place.source, 10, 2)
    result = walked(place, "soundcloud", deadline_s=1000.0, deadlines_s={"soundcloud": 20.0})
    assert result.problems["soundcloud"].failure is FailureClass.TIMEOUT
    assert "deadlines_s" in result.problems["soundcloud"].hint
    assert result.exit_code is ExitCode.PARTIAL
    assert walked(place, "soundcloud", deadline_s=1000.0).exit_code is ExitCode.FINE


def test_a_shelf_s_login_that_ended_is_the_link_s_failure(place: Place, spotify: FakeSource) -> None:
    """F45: what stands behind an address could not be asked; nothing is removed, and the playlists are read."""
    keep(place, spotify, 7, 1)
    place.urls = ("spotify:playlists", *place.urls)
    spotify.shelves["spotify:playlists"] = SHUT
    walked(place, "spotify")
    assert endings(place)[0].failure is FailureClass.AUTH_EXPIRED
    assert endings(place)[0].new == 1


def test_without_a_chain_everything_is_as_before(place: Place, spotify: FakeSource) -> None:
    """M4: no link is recorded by a plain reconcile."""
    keep(place, place.source, 9, 1)
    keep(place, spotify, 7, 2)
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.events("chain.link_ended") == []
    scans = [event for event in place.events("scan.completed") if isinstance(event, ScanCompleted)]
    assert {scan.scope for scan in scans} >= {"soundcloud:set:9", "spotify:set:7"}


def test_a_walk_is_made_of_values() -> None:
    """M9: nothing counts against a run before a link was tried."""
    assert Walked() == replace(Walked(), problems={})
