"""Batch runs: what waits is taken up once, and rows of Notion that name a source are fetched and adopted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace as changed

from engine.domain.errors import ExitCode, InterruptedRunError
from engine.domain.events import ActionIntended, ChainLinkEnded, PlaylistSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.plan import Action
from engine.domain.references import FROM_NOTION
from engine.reconciler.batch import urgency
from engine.reconciler.policy import PlanScope
from engine.source_ports import Listing
from engine.workflows.batch import GATHERED_AT_ONCE, take_batch
from engine.workflows.chain import ChainRequest
from engine.workflows.decide import unfollow
from engine.workflows.observe_sources import Reading
from engine.workflows.playlists import playlists
from engine.workflows.reconcile import Reconciled, ReconcileRequest, reconcile
from engine.workflows.run import running
from engine.workflows.status import status
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import FakeSource, ref, track

SLOW = Problem(failure=FailureClass.NETWORK, detail="no route")


@pytest.fixture(autouse=True)
def _no_eagle(place: Place) -> None:
    place.targets.pop("eagle")
    place.policy = changed(place.policy, targets=("library", "notion"))


def batch(place: Place, limit: int | None = None, *links: str) -> Reconciled:
    """Run a batch."""
    chain = ChainRequest(links=links or ("batch",), batch_limit=limit)
    return reconcile(place.world(), ReconcileRequest(scope=PlanScope(limit=None if links else limit), chain=chain))


def single(place: Place, number: int) -> str:
    """Put one track up at an address of its own, and give the address."""
    url = f"https://soundcloud.com/a/{number}"
    place.source.tracks[ref(number)] = track(number)
    place.source.listings[url] = Listing(
        ref=f"soundcloud:single:{number}", name="T", url=url, entries=(ref(number),), complete=True
    )
    return url


def put_row(place: Place, **fields: str | None) -> str:
    """Let a person make a row in Notion."""
    return place.targets["notion"].put("track", **fields)


def refusing(*numbers: int) -> Callable[[Action], Problem | None]:
    """Give a verdict that lets the audio of some tracks fail."""
    refs = {ref(number) for number in numbers}
    return lambda action: SLOW if action.written.get("source_ref") in refs else None


def fetched(place: Place) -> set[str]:
    """Give the refs of which there is audio."""
    return {str(thing.fields.get("source_ref")) for thing in place.targets["library"].live("audio")}


def link_of(place: Place) -> ChainLinkEnded:
    """Give how the last link ended."""
    event = place.events("chain.link_ended")[-1]
    assert isinstance(event, ChainLinkEnded)
    return event


def waiting(place: Place, *numbers: int) -> None:
    """Let tracks be wanted and not be there: their first attempt failed long ago."""
    place.follow("Crate", numbers)
    place.targets["library"].verdict = refusing(*numbers)
    place.wait_s_max = 0.0
    place.reconcile()
    place.targets["library"].verdict = lambda _action: None
    place.clock.pass_s(DAY_S)


def test_a_batch_takes_up_what_waits_and_reads_no_playlist(place: Place) -> None:
    """M10: no source is asked; what is wanted and has no file is fetched, and its row follows."""
    waiting(place, 1, 2, 3)
    place.source.log.clear()
    assert batch(place).exit_code is ExitCode.FINE
    assert place.source.log == []
    assert len(place.targets["library"].live("audio")) == 3
    assert link_of(place).result.value == "found"
    assert batch(place).exit_code is ExitCode.FINE
    assert link_of(place).result.value == "nothing_new"


def test_a_limit_counts_recordings_newest_first(place: Place) -> None:
    """M10: `--batch --limit 1` finishes one recording, whatever it takes: the one that was seen last."""
    waiting(place, 1, 2, 3)
    batch(place, 1)
    assert link_of(place).detail == "took up 1 of 3 that wait"
    (audio,) = place.targets["library"].live("audio")
    assert audio.key == place.state().sightings[ref(3)].recording_id
    rows = {thing.key: thing for thing in place.targets["notion"].live("track")}
    assert rows[audio.key].fields["downloaded"] is True


def test_the_highest_priority_goes_before_the_newest(place: Place) -> None:
    """M10: of rows nobody fetched and of recordings whose row says so; what says nothing is of medium priority."""
    for number, priority in ((5, "Low"), (6, None), (7, "🔥 Critical"), (8, "High"), (9, "1.5")):
        put_row(place, title=f"Title {number}", soundcloud_url=single(place, number), priority=priority)
    for expected in (7, 9, 8, 6, 5):
        before = fetched(place)
        batch(place, 1)
        assert fetched(place) - before == {ref(expected)}


def test_the_row_of_what_waits_says_how_soon(place: Place) -> None:
    """M10: a recording whose file is missing is taken up by the priority a person gave its row since."""
    waiting(place, 1, 2, 3)
    notion = place.targets["notion"]
    of = {thing.key: thing.remote_id for thing in notion.live("track")}
    notion.edit(of[place.state().sightings[ref(2)].recording_id], priority="High")
    notion.edit(of[place.state().sightings[ref(3)].recording_id], priority="Low")
    batch(place, 1)
    assert fetched(place) == {ref(2)}
    batch(place, 1)
    assert fetched(place) == {ref(1), ref(2)}


@pytest.mark.parametrize(
    ("said", "expected"),
    [("Critical", 1), ("high", 2), ("Medium", 3), ("low!", 4), ("lowest", 5), ("P0", 0), ("2,5", 2.5), ("soon", 3)],
)
def test_priorities_are_words_or_numbers(said: str, expected: float) -> None:
    """M10: the smaller, the sooner; a word nobody knows is of medium priority."""
    assert urgency(said) == expected


def test_a_row_needs_no_title_and_may_hold_an_id_for_an_address(place: Place) -> None:
    """M10: an address that was pasted and nothing else, a number of SoundCloud's, a Spotify id."""
    api, spotify = "https://api.soundcloud.com/tracks/6", f"https://open.spotify.com/track/{'7' * 22}"
    place.source.listings[api] = place.source.listings[single(place, 6)]
    place.source.listings[spotify] = place.source.listings[single(place, 7)]
    place.source.host = "https://"
    place.targets["notion"].put("track", title=None, soundcloud_url=single(place, 5))
    place.targets["notion"].put("track", title="T", soundcloud_id="6")
    place.targets["notion"].put("track", title="T", spotify_id="7" * 22)
    assert batch(place).exit_code is ExitCode.FINE
    assert fetched(place) == {ref(5), ref(6), ref(7)}


def test_a_row_names_no_file_of_this_machine(place: Place) -> None:
    """F56: whoever may write to Notion gets no file read by it; the row is refused, said, and parked."""
    files = FakeSource(name="file")
    files.host = "/etc/"
    place.others = (files,)
    put_row(place, title="Title", soundcloud_url="/etc/passwd")
    (problem,) = batch(place).problems.values()
    assert (problem.failure, files.log) == (FailureClass.UNSUPPORTED, [])
    assert "sync follow /etc/passwd" in problem.hint
    assert batch(place).problems == {}


def test_each_is_tried_once_per_run_even_when_everything_fails(place: Place) -> None:
    """F39: an endless batch is impossible; what failed is parked and not in the next batch (F38)."""
    waiting(place, 1, 2)
    place.wait_s_max = 1000.0
    place.targets["library"].verdict = refusing(1, 2)
    seq = place.journal.head().seq
    assert batch(place).exit_code in (ExitCode.TRY_LATER, ExitCode.PARTIAL)
    sent = [
        event.action_id for event in place.events("action.intended", after=seq) if isinstance(event, ActionIntended)
    ]
    fetches = [each for each in sent if place.state().actions[each].kind == "FetchRecording"]
    assert len(fetches) == len(set(fetches)) == 2
    seq = place.journal.head().seq
    batch(place)
    assert "action.intended" not in place.types_after(seq)


def test_a_row_that_names_a_source_is_fetched_and_adopted(place: Place) -> None:
    """M10, M18: listed as one track, fetched, and the row that was there is bound to it, not doubled."""
    url = single(place, 5)
    row_id = put_row(place, title="Title 5", soundcloud_url=url)
    put_row(place, title="No address", soundcloud_url=None)
    assert batch(place).exit_code is ExitCode.FINE
    (row,) = (thing for thing in place.targets["notion"].live("track") if thing.key)
    assert row.remote_id == row_id
    assert row.fields["downloaded"] is True
    assert place.state().playlists[FROM_NOTION].entries == (ref(5),)


def test_what_gathers_rows_is_no_playlist_of_any_target(place: Place) -> None:
    """M10: no page, no file and no relation come of it; it is listed as what it is, and never asked of a source."""
    put_row(place, title="Title 5", soundcloud_url=single(place, 5))
    batch(place)
    place.source.log.clear()
    assert place.reconcile().exit_code is ExitCode.FINE
    assert place.source.log == []
    assert place.targets["notion"].live("playlist") == []
    assert place.targets["library"].live("playlist") == []
    put_row(place, title="T", soundcloud_url="ftp://nowhere")
    batch(place)
    shown = [scope.scope for scope in status(place.state(), place.clock.now_us()).scopes]
    assert [scope for scope in shown if scope.startswith("row:")] == ["row:ftp://nowhere"]
    (row,) = playlists(place.state())
    assert (row.name, row.gathered, row.entries) == ("From Notion", True, 1)


def test_that_a_row_was_listed_is_recorded_with_what_makes_it_wanted(place: Place) -> None:
    """I36: a run that dies in between asks again; the list, which is recorded whole, grows by many rows at once."""
    count = GATHERED_AT_ONCE + 5
    for number in range(count):
        put_row(place, title=f"Title {number}", soundcloud_url=single(place, number))
    batch(place)
    listed = [each for each in place.journal.read(types=("scan.completed",)) if each.stream.startswith("scope:row:")]
    gathered = [each for each in place.journal.read(types=("playlist.seen",)) if each.stream.endswith(FROM_NOTION)]
    assert (len(listed), len(gathered)) == (count, 2)
    wanted = [each.event.entries for each in gathered if isinstance(each.event, PlaylistSeen)]
    assert [len(entries) for entries in wanted] == [GATHERED_AT_ONCE, count]
    assert gathered[0].seq < listed[0].seq < listed[GATHERED_AT_ONCE - 1].seq < gathered[1].seq


def test_what_was_listed_before_a_stop_is_kept(place: Place) -> None:
    """P11: the rows listed by then are wanted in the next run, and nobody is asked about them again."""
    for number in range(3):
        put_row(place, title=f"Title {number}", soundcloud_url=single(place, number))

    def ask_to_stop(_: str) -> None:
        place.stop.asked = True

    place.source.on_call = ask_to_stop
    with pytest.raises(InterruptedRunError):
        batch(place)
    assert place.state().playlists[FROM_NOTION].entries == (ref(2),)
    place.stop.asked = False
    place.source.on_call = lambda _: None
    place.source.log.clear()
    assert batch(place).exit_code is ExitCode.FINE
    assert len([line for line in place.source.log if line.startswith("list")]) == 2
    assert fetched(place) == {ref(0), ref(1), ref(2)}


def test_a_row_is_listed_once(place: Place) -> None:
    """I23: a second batch asks nobody about a row that is known by now."""
    put_row(place, title="Title 5", soundcloud_url=single(place, 5))
    batch(place)
    place.source.log.clear()
    batch(place)
    assert place.source.log == []


def test_a_row_whose_music_is_wanted_already_is_left_alone(place: Place) -> None:
    """M12: a playlist that is followed lists it; the row is adopted by its address, without a question to a source."""
    url = single(place, 5)
    place.follow("Crate", (5,))
    put_row(place, title="Title 5", soundcloud_url=url)
    place.reconcile()
    place.source.log.clear()
    batch(place)
    assert place.source.log == []
    assert FROM_NOTION not in place.state().playlists


def test_a_row_brings_back_what_no_playlist_wants_any_more(place: Place) -> None:
    """M10: known, without a file, in no playlist that is followed: the row is what wants it now."""
    waiting(place, 5)
    unfollow(place.journal, "Crate")
    put_row(place, title="Other spelling", soundcloud_url=single(place, 5))
    assert batch(place).exit_code is ExitCode.FINE
    assert fetched(place) == {ref(5)}


@pytest.mark.parametrize("fields", [{"wav_path": "/music/a.wav"}, {"downloaded": "yes", "aiff_path": "/a.aiff"}])
def test_a_row_with_a_file_is_no_business_of_a_batch(place: Place, fields: dict[str, str]) -> None:
    """M10: eligible is what has a source and no file."""
    put_row(place, title="Title 5", soundcloud_url=single(place, 5), **fields)
    batch(place)
    assert place.source.log == []
    assert link_of(place).result.value == "nothing_new"


def test_the_next_address_of_a_row_is_tried(place: Place) -> None:
    """M21: one dead address does not lose a row; the failure of what another made up for is no problem."""
    put_row(place, title="Title 5", soundcloud_url="https://soundcloud.com/a/404", youtube_url=single(place, 5))
    place.source.listings["https://soundcloud.com/a/404"] = Problem(failure=FailureClass.GONE, detail="404")
    assert batch(place).exit_code is ExitCode.FINE
    assert fetched(place) == {ref(5)}


def test_a_row_that_fails_is_parked_and_stops_no_other(place: Place) -> None:
    """F38, P11: the same 404 is not asked first every time; a week later it is looked at again."""
    gone, many, mute = (f"https://soundcloud.com/a/{name}" for name in ("gone", "many", "mute"))
    place.source.listings[gone] = Problem(failure=FailureClass.GONE, detail="404")
    place.source.listings[many] = Listing(
        ref="soundcloud:set:1", name="S", url=many, entries=(ref(1), ref(2)), complete=True
    )
    place.source.listings[mute] = Listing(
        ref="soundcloud:single:9", name="S", url=mute, entries=(ref(9),), complete=True
    )
    place.source.fail_describing(9, FailureClass.TIMEOUT, Availability.UNKNOWN)
    for url in (gone, many, mute, "ftp://nowhere", single(place, 5)):
        put_row(place, title=url, soundcloud_url=url)
    result = batch(place)
    assert result.exit_code is ExitCode.PARTIAL
    assert {problem.failure.value for problem in result.problems.values()} == {"gone", "unsupported", "timeout"}
    assert fetched(place) == {ref(5)}
    place.source.log.clear()
    assert batch(place).exit_code is ExitCode.FINE
    assert place.source.log == []
    place.clock.pass_s(3 * 3_600)
    place.source.trouble.clear()
    place.source.tracks[ref(9)] = track(9)
    batch(place)
    assert place.source.log == [f"list {mute}", f"describe {ref(9)}"]
    assert place.state().scopes[f"row:{mute}"].complete
    place.source.log.clear()
    place.clock.pass_s(7 * DAY_S)
    batch(place)
    assert sorted(line for line in place.source.log if line.startswith("list")) == [f"list {gone}", f"list {many}"]


def test_nothing_but_failing_rows_is_a_failed_link(place: Place) -> None:
    """M9: a batch that took up nothing and met a failure has failed."""
    put_row(place, title="T", soundcloud_url="ftp://nowhere")
    batch(place)
    assert (link_of(place).result.value, link_of(place).failure) == ("failed", FailureClass.UNSUPPORTED)


def test_a_run_lists_a_bounded_number_of_rows(place: Place) -> None:
    """Style 7: rows cost requests; the next run goes on with the rest."""
    for number in (5, 6):
        put_row(place, title=f"Title {number}", soundcloud_url=single(place, number))
    with running(place.world(), "reconcile") as run:
        reading = Reading(world=place.world(), run=run, accept_shrink=frozenset(), problems={})
        assert take_batch(reading, None, rows_max=1).picked == (ref(6),)
        assert ref(5) in take_batch(reading, None, rows_max=1).picked  # beside the recording of the first
    assert len(place.state().playlists[FROM_NOTION].entries) == 2


def test_a_batch_at_the_end_of_a_chain_leaves_the_plan_whole(place: Place) -> None:
    """M9: playlists first; a batch that is only a fallback takes up rows, and everything is kept in step as ever."""
    place.follow("Crate", (1,))
    place.reconcile()
    put_row(place, title="Title 5", soundcloud_url=single(place, 5))
    result = batch(place, None, "soundcloud", "batch")
    assert result.exit_code is ExitCode.FINE
    assert result.plan is not None
    assert fetched(place) == {ref(1), ref(5)}


def test_a_batch_without_notion_is_one_of_recordings(place: Place) -> None:
    """M10: rows are looked for where Notion is a target and was seen whole."""
    put_row(place, title="Title 5", soundcloud_url=single(place, 5))
    notion = place.targets["notion"]
    notion.scan_trouble["track"] = Problem(failure=FailureClass.TIMEOUT, detail="cut off")
    assert batch(place).problems["notion:track"].failure is FailureClass.TIMEOUT
    assert place.source.log == []
    place.targets.pop("notion")
    place.policy = changed(place.policy, targets=("library",))
    assert batch(place).exit_code is ExitCode.FINE
