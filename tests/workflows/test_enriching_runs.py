"""Asking providers in a run: who is asked what, what is recorded, and what a failure does not stop (P21, F33)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace as replaced

import pytest
from msgspec.structs import replace

from engine.domain.errors import ExitCode, InterruptedRunError
from engine.domain.events import Fact, RecordingEnriched, RunFinished, ScanCompleted
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.value import FieldValue
from engine.projections.rows import Enrichment, Remote
from engine.reconciler.policy import EnrichmentPolicy, Policy
from engine.source_ports import Described, Enriched
from engine.workflows.enrich import bare_title, described
from engine.workflows.report import report
from tests.fakes.enricher import FakeEnricher
from tests.fakes.machine import DAY_S
from tests.fakes.place import Place
from tests.fakes.source import ref, track
from tests.reconciler.pieces import piece, rendition, sighting

DOWN = Problem(failure=FailureClass.OVERLOADED, detail="MusicBrainz answered 503", hint="later", retry_after_s=600.0)
BUSY = replace(DOWN, retry_after_s=1.0)
ODD = Problem(failure=FailureClass.INVALID_REQUEST, detail="AcoustID answered 400: invalid fingerprint", hint="x")


@pytest.fixture(autouse=True)
def _asks(place: Place) -> Iterator[None]:
    place.policy = policy()
    yield
    place.enrichers = ()


def policy(*names: str, **said: float) -> Policy:
    """Give a policy that asks providers."""
    asks = EnrichmentPolicy(providers=names or ("spotify", "musicbrainz"))
    return Policy(library_root="/music", config_hash=f"c{names}{said}", enrichment=replace(asks, **said))


def told(place: Place) -> list[RecordingEnriched]:
    """Give what providers said, oldest first."""
    return [event for event in place.events("recording.enriched") if isinstance(event, RecordingEnriched)]


def scans(place: Place) -> list[ScanCompleted]:
    """Give how questions to providers ended, oldest first."""
    events = [event for event in place.events("scan.completed") if isinstance(event, ScanCompleted)]
    return [event for event in events if event.scope.startswith("enrichment:")]


def rows(place: Place) -> dict[str, Enrichment]:
    """Give what is known from providers."""
    return place.state().enrichments


def pages(place: Place) -> list[Remote]:
    """Give the rows of tracks as they were last seen."""
    return [row for row in place.state().remotes.values() if row.kind == "track"]


def shown(place: Place) -> tuple[FieldValue, ...]:
    """Give what the one row shows as album, label and genre."""
    (page,) = pages(place)
    return tuple(page.fields.get(name) for name in ("album", "label", "genre"))


def test_facts_are_recorded_and_shown_in_one_run(place: Place) -> None:
    """M13: asked after observing, before planning, so that rows and files are made with what is known."""
    provider = FakeEnricher("musicbrainz", album="First", label="Label")
    place.enrichers = (provider,)
    place.follow("Crate", (1,))
    result = place.reconcile()
    assert result.exit_code is ExitCode.FINE
    (event,) = told(place)
    assert (event.provider, event.matched_by, event.provider_ref) == ("musicbrainz", "search", "musicbrainz:1")
    (page,) = (row for row in place.state().remotes.values() if row.kind == "track")
    assert (page.fields["album"], page.fields["label"]) == ("First", "Label")
    assert "Metadata Enriched" in str(page.fields["status"])
    last = place.events("run.finished")[-1]
    assert isinstance(last, RunFinished)
    assert last.requests["musicbrainz"] == 1


def test_facts_fill_what_is_empty_in_a_row_that_is_there_and_nothing_a_person_wrote(place: Place) -> None:
    """M13, I24, I46: told after the row was made, a fact is shown; edited, it is the person's; emptied, it stays so."""
    place.follow("Crate", (1,))
    place.reconcile()
    notion, (page,) = place.targets["notion"], pages(place)
    notion.edit(page.remote_id, label="My label")
    provider = FakeEnricher("musicbrainz", album="First", label="Label", genre="House")
    place.enrichers = (provider,)
    place.reconcile()
    assert shown(place) == ("First", "My label", "House")
    sends = place.sends()
    place.reconcile()
    assert place.sends() == sends
    notion.edit(page.remote_id, album="Mine", genre=None)
    place.clock.pass_s(90 * DAY_S)
    provider.answer = Enriched(
        matched_by="isrc",
        facts=tuple(Fact(field=name, value="Other", confidence=0.99) for name in ("album", "label", "genre")),
    )
    assert place.reconcile().exit_code is ExitCode.FINE
    assert len(provider.asked) == 2
    assert shown(place) == ("Mine", "My label", None)
    assert not place.state().conflicts


def test_nothing_due_appends_nothing(place: Place) -> None:
    """I19: the second run neither asks nor records."""
    provider = FakeEnricher("musicbrainz", album="First")
    place.enrichers = (provider,)
    place.follow("Crate", (1,))
    place.reconcile()
    seq = place.journal.head().seq
    place.reconcile()
    assert len(provider.asked) == 1
    assert place.types_after(seq) <= {"run.started", "scan.completed", "run.finished"}
    assert len(scans(place)) == 1


def test_who_is_not_in_the_policy_is_not_asked(place: Place) -> None:
    """No provider is the default: nobody learns what music is here."""
    stranger = FakeEnricher("acoustid")
    place.enrichers = (stranger,)
    place.follow("Crate", (1,))
    place.reconcile()
    assert (stranger.asked, told(place)) == ([], [])


def test_a_failing_provider_stops_nothing_and_is_not_asked_again(place: Place) -> None:
    """P21, F33: its problem stands under its own scope; the others go on, the run is fine."""
    down, other = FakeEnricher("spotify"), FakeEnricher("musicbrainz", album="First")
    down.answer = DOWN
    place.enrichers = (down, other)
    place.follow("Crate", (1, 2))
    result = place.reconcile()
    assert result.exit_code is ExitCode.FINE
    assert (len(down.asked), len(other.asked)) == (1, 2)
    failed = next(scan for scan in scans(place) if scan.scope == "enrichment:spotify")
    assert (failed.complete, failed.problem) == (False, DOWN)
    troubles = report(place.journal, result.run_id).troubles
    assert [trouble.detail for trouble in troubles] == ["MusicBrainz answered 503"]
    assert {row.provider for row in rows(place).values()} == {"musicbrainz"}


def test_what_passes_soon_costs_one_question(place: Place) -> None:
    """P8, I41: a service that is busy now and then keeps nothing else from being asked; the one is asked next time."""
    provider = FakeEnricher("musicbrainz", album="First")
    answer = provider.answer
    provider.answers = {"Title 1": BUSY, "Title 2": BUSY, "Title 4": BUSY, "Title 5": replace(BUSY, retry_after_s=None)}
    place.enrichers = (provider,)
    place.follow("Crate", (1, 2, 3, 4, 5))
    result = place.reconcile()
    asked = [about.title for about in provider.asked]
    assert (result.exit_code, sorted(asked)) == (ExitCode.FINE, [f"Title {number}" for number in range(1, 6)])
    assert (len(told(place)), scans(place)[-1].complete, scans(place)[-1].count) == (1, False, 1)
    provider.answers.clear()
    provider.answer = answer
    place.clock.pass_s(2)
    place.reconcile()
    assert (len(provider.asked), len(told(place)), scans(place)[-1].complete) == (9, 5, True)


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (BUSY, 3),
        (replace(BUSY, retry_after_s=None), 3),
        (replace(BUSY, failure=FailureClass.RATE_LIMITED), 3),
        (replace(BUSY, failure=FailureClass.GARBAGE), 3),
        (replace(BUSY, failure=FailureClass.REMOTE_ERROR), 3),
        (replace(BUSY, retry_after_s=5.0), 3),
        (replace(BUSY, retry_after_s=5.5), 1),
        (replace(BUSY, failure=FailureClass.TIMEOUT), 1),
        (replace(BUSY, failure=FailureClass.AUTH_EXPIRED), 1),
    ],
)
def test_a_provider_is_left_alone_after_three_in_a_row_or_what_does_not_pass(
    place: Place, answer: Problem, asked: int
) -> None:
    """P8, P21: a service in trouble is not asked fifty times, nor waited for longer than a few seconds."""
    provider = FakeEnricher("musicbrainz")
    provider.answer = answer
    place.enrichers = (provider,)
    place.follow("Crate", (1, 2, 3, 4, 5))
    place.reconcile()
    assert len(provider.asked) == asked


def test_a_provider_that_asked_to_wait_is_not_asked_before(place: Place) -> None:
    """P16: what it said holds for later runs too, and then it is asked."""
    down = FakeEnricher("musicbrainz", album="First")
    answer, down.answer = down.answer, DOWN
    place.enrichers = (down,)
    place.follow("Crate", (1, 2))
    place.reconcile()
    assert len(down.asked) == 1
    place.reconcile()
    assert len(down.asked) == 1
    down.answer = answer
    place.clock.pass_s(601)
    place.reconcile()
    assert (len(down.asked), scans(place)[-1].complete) == (3, True)


def test_a_recording_that_a_provider_refuses_does_not_keep_it_from_the_next(place: Place) -> None:
    """P11: what is wrong with one is told, kept like a miss, and asked again in a week."""
    provider = FakeEnricher("musicbrainz", album="First")
    provider.answers["Title 1"] = ODD
    place.enrichers = (provider,)
    place.follow("Crate", (1, 2))
    place.reconcile()
    assert sorted((event.matched_by, len(event.facts)) for event in told(place)) == [("refused", 0), ("search", 1)]
    assert scans(place)[-1].problem == ODD
    place.reconcile()
    assert len(provider.asked) == 2
    place.clock.pass_s(7 * DAY_S)
    place.reconcile()
    assert len(provider.asked) == 3


def test_a_run_asks_about_so_many_and_the_next_about_the_rest(place: Place) -> None:
    """Those never asked about come first, and only what somebody can do something with counts."""
    provider = FakeEnricher("musicbrainz", album="First")
    provider.wants = lambda about: about.title != "Title 2"
    place.enrichers = (provider,)
    place.policy = policy(per_run=2)
    place.follow("Crate", (1, 2, 3, 4))
    place.reconcile()
    place.reconcile()
    titles = [about.title for about in provider.asked]
    assert (len(titles), sorted(titles)) == (3, ["Title 1", "Title 3", "Title 4"])
    place.reconcile()
    assert len(provider.asked) == 3


def test_a_provider_that_always_fails_keeps_no_other_from_the_rest(place: Place) -> None:
    """P21, I41: what only the one that fails is due for is no question of this run, so the others get to everything."""
    down, other = FakeEnricher("spotify"), FakeEnricher("musicbrainz", album="First")
    down.answer = Problem(failure=FailureClass.AUTH_EXPIRED, detail="nobody is logged in")
    place.enrichers = (down, other)
    place.policy = policy(per_run=2)
    place.follow("Crate", (1, 2, 3, 4, 5))
    for _ in range(5):
        place.reconcile()
    assert len(down.asked) == 5, "once in a run"
    assert sorted(about.title for about in other.asked) == [f"Title {number}" for number in range(1, 6)]


def test_a_run_asks_for_so_long_and_no_longer(place: Place) -> None:
    """Never blocking: what a slow provider was not asked by then is for the next run, in the same order."""
    slow = FakeEnricher("musicbrainz", album="First")

    def takes_its_time(_: Described) -> bool:
        place.clock.pass_s(8)
        return True

    slow.wants = takes_its_time
    place.enrichers = (slow,)
    place.follow("Crate", tuple(range(1, 9)))
    place.reconcile()
    first = len(slow.asked)
    assert 0 < first < 8
    while len(slow.asked) < 8:
        before = len(slow.asked)
        place.reconcile()
        assert len(slow.asked) > before
    assert len({about.title for about in slow.asked}) == 8


def test_whoever_does_not_suit_is_passed_over_for_one_who_does(place: Place) -> None:
    """A recording is asked about where anybody suits, and only of them."""
    picky, other = FakeEnricher("spotify"), FakeEnricher("musicbrainz")
    picky.wants = lambda _about: False
    place.enrichers = (picky, other)
    place.follow("Crate", (1,))
    place.reconcile()
    assert (len(picky.asked), len(other.asked)) == (0, 1)


def test_a_stop_ends_the_asking(place: Place) -> None:
    """What was begun is ended and kept; the third is not asked about."""
    provider = FakeEnricher("musicbrainz", album="First")
    stop = place.stop

    def stops(about: Described) -> bool:
        if len(provider.asked) == 2:
            stop.asked = True
        return True

    provider.wants = stops
    place.enrichers = (provider,)
    place.follow("Crate", (1, 2, 3))
    with suppress(InterruptedRunError):
        place.reconcile()
    assert len(told(place)) == 2


def test_a_recording_is_described_with_all_that_is_known(place: Place) -> None:
    """ISRCs of sightings before those of facts; the sound of the original, and the length of that file."""
    fact = Fact(field="isrc", value="DEA120000002", confidence=0.9)
    row = Enrichment(recording_id="rkey", provider="spotify", matched_by="search", facts=(fact,))
    named = sighting(title="Ada - First Light", artist="Ada", duration_ms=1)
    heard = (rendition("aiff", fingerprint="AQconverted"), rendition("original", fingerprint="AQoriginal"))
    about = described(replaced(piece(named, renditions=heard), enrichments=(row,)), place.world())
    assert (about.title, about.artist, about.isrcs) == ("First Light", "Ada", ("DEA120000002",))
    assert (about.fingerprint, about.audio_ms, about.duration_ms) == ("AQoriginal", 200_000, 200_000)
    seen = described(piece(replace(named, isrc="DEA120000001")), place.world())
    assert (seen.isrcs, seen.ids, seen.duration_ms) == (("DEA120000001",), (named.ref,), 1)


def test_an_isrc_that_one_provider_knows_is_what_the_next_is_asked_by(place: Place) -> None:
    """Facts build on facts, from the run after on."""
    spotify, musicbrainz = FakeEnricher("spotify", isrc="DEA120000002"), FakeEnricher("musicbrainz")
    musicbrainz.wants = lambda about: bool(about.isrcs)
    musicbrainz.answer = Enriched(matched_by="isrc")
    place.enrichers = (spotify, musicbrainz)
    place.follow("Crate", (1,))
    place.reconcile()
    place.reconcile()
    assert [about.isrcs for about in musicbrainz.asked] == [("DEA120000002",)]


def test_what_is_metadata_only_is_asked_about_too(place: Place) -> None:
    """Facts do not wait for audio."""
    provider = FakeEnricher("musicbrainz", album="First")
    place.enrichers = (provider,)
    place.source.tracks[ref(1)] = replace(track(1), availability=Availability.METADATA_ONLY, duration_ms=None)
    place.follow("Crate", (1,))
    place.source.tracks[ref(1)] = replace(track(1), availability=Availability.METADATA_ONLY, duration_ms=None)
    place.reconcile()
    assert [(about.duration_ms, about.fingerprint) for about in provider.asked] == [(None, None)]


@pytest.mark.parametrize(
    ("title", "artist", "bare"),
    [
        ("ADA - First Light", "Ada", "First Light"),
        ("Ada – First Light (Dub)", "Ada", "First Light (Dub)"),
        ("Bo - First Light", "Ada", "Bo - First Light"),
        ("Ada - ", "Ada", "Ada -"),
        ("First Light", None, "First Light"),
        ("01 - First Light.mp3", None, "01 - First Light"),
    ],
)
def test_a_title_is_asked_for_without_its_artist_and_what_tools_add(title: str, artist: str | None, bare: str) -> None:
    """F72: what stands around a name is not part of it."""
    assert bare_title(title, artist) == bare
