"""MusicBrainz as a provider of facts, against its stand-in: what agrees is told, what does not is not."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import certifi
import pytest

from engine.domain.failure import FailureClass, Problem
from engine.domain.value import FieldValue
from engine.source_ports import Described, Enriched
from engine.sources.json_service import JsonService, ServiceConfig
from engine.sources.musicbrainz import parse
from engine.sources.musicbrainz.config import MusicBrainzConfig, user_agent
from engine.sources.musicbrainz.enricher import CONTACT_HINT, MusicBrainzEnricher
from engine.standins import faults
from engine.standins.musicbrainz.records import Recording, Release
from engine.standins.musicbrainz.standin import MusicBrainzStandin, busy
from engine.standins.server import Effect, Fault, Response

ISRC = "DEA120000001"
ALBUM = Release(title="First", date="2020-05-01", labels=("Good Label",))
HITS = Release(title="Hits", date="2022-01-01", kinds=("Album", "Compilation"), labels=("Other",))
SINGLE = Release(title="One", date="2020-04-01", kinds=("Single",), labels=("Good Label",))
BOOTLEG = Release(title="Stolen", date="2019-01-01", status="Bootleg")
ONE = Recording(
    title="One",
    credits=(("Ada", " & "), ("Bo", "")),
    length_ms=200_000,
    isrcs=(ISRC,),
    first_release_date="2020-05-01",
    releases=(HITS, ALBUM, BOOTLEG),
    genres=(("deep house", 3), ("house", 1)),
)
Facts: TypeAlias = dict[str, tuple[FieldValue, float]]


@pytest.fixture
def standin() -> Iterator[MusicBrainzStandin]:
    """Give a listening stand-in that knows one recording."""
    with MusicBrainzStandin([ONE]) as standin:
        yield standin


@pytest.fixture
def paced() -> list[str]:
    """Give the list of remotes that a place was waited for."""
    return []


@pytest.fixture
def provider(standin: MusicBrainzStandin, paced: list[str]) -> Iterator[MusicBrainzEnricher]:
    """Give the provider, pointed at the stand-in."""
    config = MusicBrainzConfig(base_url=standin.url, version="1.2", contact="me@example.org", timeout_s=5.0)
    provider = MusicBrainzEnricher(config, pace=paced.append)
    yield provider
    provider.close()


def about(
    title: str = "One", artist: str | None = "Ada & Bo", duration_ms: int | None = 200_500, *isrcs: str
) -> Described:
    """Describe a recording."""
    return Described(recording_id="r1", title=title, artist=artist, duration_ms=duration_ms, isrcs=isrcs)


def told(answer: Enriched | Problem) -> Facts:
    """Give an answer's facts by field."""
    assert isinstance(answer, Enriched)
    return {fact.field: (fact.value, fact.confidence) for fact in answer.facts}


def knows(standin: MusicBrainzStandin, *rows: Recording) -> None:
    """Let the stand-in hold other recordings."""
    with standin.edit() as recordings:
        recordings[:] = rows


def test_an_isrc_gives_every_fact_with_its_confidence(
    standin: MusicBrainzStandin, provider: MusicBrainzEnricher, paced: list[str]
) -> None:
    """Album without compilations and bootlegs, label of its first release, date, genre, credit, id (M13)."""
    answer = provider.enrich(about("One", "Ada", 200_500, ISRC))
    assert isinstance(answer, Enriched)
    assert (answer.matched_by, answer.provider_ref) == ("isrc", f"musicbrainz:recording:{ONE.mbid}")
    assert told(answer) == {
        "artist": ("Ada & Bo", 0.97),
        "isrc": (ISRC, 0.97),
        "release_date": ("2020-05-01", 0.97),
        "genre": ("deep house", 0.921),
        "album": ("First", 0.97),
        "label": ("Good Label", 0.97),
    }
    assert paced == ["musicbrainz"] * 3
    assert provider.requests() == {"musicbrainz": 3}


def test_every_request_says_who_asks(provider: MusicBrainzEnricher) -> None:
    """The User-Agent names the application, its version and the contact, where one is set."""
    assert isinstance(provider.enrich(about()), Enriched)
    assert user_agent("1.2", "me@example.org") == "Cratelog/1.2 ( me@example.org )"
    assert user_agent("1.2", "") == "Cratelog/1.2"


def test_a_search_tells_only_of_equal_names_and_lengths(
    standin: MusicBrainzStandin, provider: MusicBrainzEnricher
) -> None:
    """Names are compared without case, accents and joins; another length or name is another recording (F28)."""
    found = provider.enrich(about("ONE", "ada feat. bö"))
    assert isinstance(found, Enriched)
    knows(standin, ONE, Recording(title="One", credits=(("Ada", " & "), ("Bo", "")), length_ms=300_000))
    assert told(provider.enrich(about()))["album"] == ("First", 0.9)
    assert told(provider.enrich(about(duration_ms=260_000))) == {}
    assert told(provider.enrich(about(title="One (Dub)"))) == {}
    assert told(provider.enrich(about(title='One "Quoted" \\'))) == {}


def test_a_search_needs_a_score_of_ninety_five(standin: MusicBrainzStandin, provider: MusicBrainzEnricher) -> None:
    """What MusicBrainz itself is less sure of is not taken."""
    knows(standin, Recording(title="One", credits=(("Ada", " and "), ("Bo", "")), length_ms=200_000))
    answer = provider.enrich(about())
    assert (told(answer), isinstance(answer, Enriched) and answer.matched_by) == ({}, "search")


def test_an_unknown_isrc_is_followed_by_a_search(standin: MusicBrainzStandin, provider: MusicBrainzEnricher) -> None:
    """404 for an ISRC is an answer, no failure; without names nothing more is asked."""
    other = "DEA120000009"
    answer = provider.enrich(about("One", "Ada & Bo", 200_000, other))
    assert isinstance(answer, Enriched)
    assert answer.matched_by == "search"
    sent = provider.requests()["musicbrainz"]
    assert provider.enrich(about("One", None, None, other)) == Enriched(matched_by="isrc")
    assert provider.requests()["musicbrainz"] == sent + 1


def test_an_isrc_given_to_another_recording_is_not_taken(
    standin: MusicBrainzStandin, provider: MusicBrainzEnricher
) -> None:
    """Another title is taken for less where the length meets, and not at all where it does not."""
    assert told(provider.enrich(about("Uno", None, 200_500, ISRC)))["album"] == ("First", 0.9)
    assert told(provider.enrich(about("Uno", None, 205_000, ISRC))) == {}
    assert told(provider.enrich(about("One", None, 240_000, ISRC))) == {}
    assert told(provider.enrich(about("Uno", None, None, ISRC))) == {}
    assert told(provider.enrich(about("One", None, None, ISRC)))["album"] == ("First", 0.97)


@pytest.mark.parametrize(
    ("title", "artist"),
    [("One (Zed Bootleg)", "Ada & Bo"), ("One (Live)", "Ada & Bo"), ("One, Pt. 2", "Ada & Bo"), ("Else", "Zed")],
)
def test_an_isrc_that_answers_another_version_is_not_taken(
    standin: MusicBrainzStandin, provider: MusicBrainzEnricher, title: str, artist: str
) -> None:
    """F9, F18: an uploader gave a version the original's ISRC; lengths that meet do not make it the original."""
    assert told(provider.enrich(about(title, artist, 200_000, ISRC))) == {}


def test_an_isrc_shared_by_two_recordings_tells_of_the_one_that_is_meant(
    standin: MusicBrainzStandin, provider: MusicBrainzEnricher
) -> None:
    """A code that was given twice leads to the one whose name and length agree."""
    other = Recording(
        title="One (Club Mix)", credits=(("Ada", ""),), length_ms=200_000, isrcs=(ISRC,), releases=(SINGLE,)
    )
    knows(standin, other, ONE)
    answer = provider.enrich(about("One", "Ada & Bo", 200_000, ISRC))
    assert isinstance(answer, Enriched)
    assert answer.provider_ref == f"musicbrainz:recording:{ONE.mbid}"
    mix = provider.enrich(about("One (Club Mix)", "Ada", 200_000, ISRC))
    assert isinstance(mix, Enriched)
    assert mix.provider_ref == f"musicbrainz:recording:{other.mbid}"


def test_several_albums_are_less_sure_or_unknown(standin: MusicBrainzStandin, provider: MusicBrainzEnricher) -> None:
    """One album beside a single is less sure; two albums are no fact; only compilations are what there is (F28)."""

    def on(*releases: Release, genres: tuple[tuple[str, int], ...] = ()) -> Facts:
        row = Recording(
            title="One", credits=(("Ada", ""),), length_ms=200_000, isrcs=(ISRC,), releases=releases, genres=genres
        )
        knows(standin, row)
        return told(provider.enrich(about("One", "Ada", 200_000, ISRC)))

    assert on(ALBUM, SINGLE)["album"] == ("First", 0.825)
    assert not {"album", "label"} & on(ALBUM, Release(title="Second", date="2021-01-01")).keys()
    assert on(HITS)["album"] == ("Hits", 0.97)
    assert "album" not in on(BOOTLEG)
    assert on(SINGLE, Release(title="ONE", kinds=("EP",)))["album"] == ("One", 0.97)
    assert "label" not in on(Release(title="First", labels=("A", "B")))
    assert "label" not in on(Release(title="First", labels=("[no label]",)))
    assert on(genres=(("house", 1),))["genre"] == ("house", 0.776)
    assert "genre" not in on(genres=(("house", 2), ("techno", 2)))


def test_equals_tell_only_what_they_agree_on(standin: MusicBrainzStandin, provider: MusicBrainzEnricher) -> None:
    """Two recordings of one ISRC and length: no id, and nothing in which they differ."""

    def row(date: str, releases: tuple[Release, ...]) -> Recording:
        return Recording(
            title="One",
            credits=(("Ada", ""),),
            id=f"{date[:4]}0000-0000-4000-8000-000000000000",
            length_ms=200_000,
            isrcs=(ISRC, "DEA120000002"),
            first_release_date=date,
            releases=releases,
        )

    knows(standin, row("2020-05-01", (ALBUM,)), row("2021", (ALBUM,)))
    answer = provider.enrich(about("One", "Ada", None, ISRC))
    assert isinstance(answer, Enriched)
    assert answer.provider_ref is None
    assert set(told(answer)) == {"artist", "album", "label"}
    knows(standin, row("2020-05-01", (ALBUM,)), Recording(title="One", credits=(("Ada", ""),), isrcs=(ISRC,)))
    assert told(provider.enrich(about("One", "Ada", 200_000, ISRC)))["release_date"] == ("2020-05-01", 0.97)


def test_it_asks_only_about_what_can_be_found(provider: MusicBrainzEnricher) -> None:
    """An ISRC, or artist, title and length."""
    assert provider.name == "musicbrainz"
    assert provider.suits(about("", None, None, ISRC))
    assert provider.suits(about())
    assert not provider.suits(about(artist=None))
    assert not provider.suits(about(duration_ms=None))


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (busy(), FailureClass.RATE_LIMITED),
        (faults.garbage(), FailureClass.GARBAGE),
        (faults.bad_gateway(), FailureClass.REMOTE_ERROR),
        (faults.lost_request(), FailureClass.NETWORK),
        (faults.truncated(), FailureClass.NETWORK),
        (Fault(effect=Effect.ANSWER, response=Response(status=429)), FailureClass.RATE_LIMITED),
        (Fault(effect=Effect.ANSWER, response=Response(status=400)), FailureClass.INVALID_REQUEST),
        (Fault(effect=Effect.ANSWER, response=Response(status=302)), FailureClass.UNSUPPORTED),
        (Fault(effect=Effect.ANSWER, response=Response(status=404, body=b"<html>")), FailureClass.UNSUPPORTED),
        (Fault(effect=Effect.ANSWER, response=Response.of_json({"recordings": [{}]})), FailureClass.GARBAGE),
    ],
)
@pytest.mark.parametrize("known", [(ISRC,), ()])
def test_every_misfortune_is_a_problem(
    standin: MusicBrainzStandin,
    provider: MusicBrainzEnricher,
    fault: Fault,
    failure: FailureClass,
    known: tuple[str, ...],
) -> None:
    """An error is not an empty answer (F33), whichever question meets it."""
    standin.script(fault)
    answer = provider.enrich(about("One", "Ada & Bo", 200_000, *known))
    assert isinstance(answer, Problem)
    assert answer.failure is failure


@pytest.mark.parametrize("skip", [1, 2])
def test_a_misfortune_half_way_is_a_problem_too(
    standin: MusicBrainzStandin, provider: MusicBrainzEnricher, skip: int
) -> None:
    """The recording or its release may fail after the ISRC was answered."""
    standin.script(busy(skip=skip))
    answer = provider.enrich(about("One", "Ada & Bo", 200_000, ISRC))
    assert isinstance(answer, Problem)
    assert (answer.retry_after_s, answer.http_status) == (1.0, 503)


def test_a_recording_that_is_none_is_garbage(standin: MusicBrainzStandin, provider: MusicBrainzEnricher) -> None:
    """What the documentation does not promise is not read."""
    standin.script(faults.garbage(skip=1))
    answer = provider.enrich(about("One", "Ada & Bo", 200_000, ISRC))
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.GARBAGE


def test_who_does_not_say_who_they_are_learns_how(standin: MusicBrainzStandin) -> None:
    """A blocked User-Agent leads to the setting that helps."""
    standin.script(Fault(effect=Effect.ANSWER, response=Response(status=403)))
    provider = MusicBrainzEnricher(MusicBrainzConfig(base_url=standin.url), pace=lambda _: None)
    answer = provider.enrich(about())
    provider.close()
    assert isinstance(answer, Problem)
    assert (answer.failure, answer.hint) == (FailureClass.AUTH_EXPIRED, CONTACT_HINT)


@pytest.mark.parametrize("contact", ["jörg@müller.example", "me@example.org\r\nX-Other: 1", "名前"])
def test_whatever_stands_in_the_contact_can_be_sent(standin: MusicBrainzStandin, contact: str) -> None:
    """F40: a setting's odd letters and lines are no reason to end a run, and no way to another header."""
    provider = MusicBrainzEnricher(MusicBrainzConfig(base_url=standin.url, contact=contact), pace=lambda _: None)
    answer = provider.enrich(about())
    provider.close()
    assert told(answer)


@pytest.mark.parametrize("address", ["", "musicbrainz.org", "ftp://musicbrainz.org", "http://[::1"])
def test_an_address_that_is_none_is_a_problem_with_a_way_out(address: str) -> None:
    """F40: what cannot be asked at all is said, with the setting to mend."""
    provider = MusicBrainzEnricher(MusicBrainzConfig(base_url=address), pace=lambda _: None)
    answer = provider.enrich(about("One", "Ada & Bo", 200_000, ISRC))
    provider.close()
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.UNSUPPORTED
    assert "enrichment.musicbrainz_base" in answer.hint


def test_a_service_that_is_not_there_or_hangs_is_a_problem(standin: MusicBrainzStandin) -> None:
    """Refused connections, silence, and a CA bundle of one's own."""

    def door(url: str, **changes: object) -> JsonService:
        settings: dict[str, object] = {"remote": "x", "title": "X", "base_url": url, "user_agent": "T/1", **changes}
        return JsonService(ServiceConfig(**settings), pace=lambda _: None)  # type: ignore[arg-type]  # its own fields

    standin.script(faults.hang(seconds=30))
    silent = door(standin.url, timeout_s=0.05)
    standin_gone = MusicBrainzStandin()
    url = standin_gone.url
    standin_gone.stop()
    secure, bundle = url.replace("http:", "https:"), Path(certifi.where())
    attempts: tuple[tuple[JsonService, Callable[[Problem], bool]], ...] = (
        (silent, lambda problem: problem.failure is FailureClass.TIMEOUT),
        (door(url), lambda problem: problem.failure is FailureClass.NETWORK),
        (door(secure, tls_verify=bundle), lambda problem: "cannot be reached" in problem.detail),
        (door(secure, tls_verify=False), lambda problem: "cannot be reached" in problem.detail),
    )
    for service, holds in attempts:
        answer = service.get("/ws/2/recording")
        assert isinstance(answer, Problem)
        assert holds(answer)
        service.close()
        service.close()
    assert attempts[0][0].requests() == {"x": 1}
    assert door(url).requests() == {}


def test_odd_shapes_are_read_or_refused() -> None:
    """Labels without names, refusals without words, lists that are none."""
    assert parse.labels([]) == ()
    assert parse.labels({"label-info": [{"label": None}, "x", {"label": {"name": " "}}]}) == ()
    assert parse.said([]) == ""
    assert parse.recordings({"recordings": "x"}) is None
    assert parse.recording({"id": "x", "title": "y", "score": "100"}) is not None
    assert parse.recording({"id": "x", "title": "y", "score": "high"}) is None
