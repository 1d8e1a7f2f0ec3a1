"""Facts from Spotify: by ISRC, or by names and length, and none where it is not surely the same recording."""

from __future__ import annotations

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Described, Enriched
from engine.sources.spotify.enrich import BY_ISRC, BY_ISRC_ONLY, BY_SEARCH, SEVERAL_RELEASES, SpotifyEnricher
from engine.standins import faults
from engine.standins.server import Effect, Fault, Response
from engine.standins.spotify.faults import throttled
from engine.standins.spotify.records import Track, base62
from tests.sources.spotify_account import Account

ISRC = "USAAA2000001"
ABOUT = Described(recording_id="r1", title="Tunnel Vision", artist="Kestrel", duration_ms=200_000, isrcs=(ISRC,))
NAMED = Described(recording_id="r1", title="Tunnel Vision", artist="Kestrel", duration_ms=200_000)


def _publish(
    account: Account,
    name: str = "Tunnel Vision",
    *,
    album: str = "An Album",
    isrc: str | None = ISRC,
    duration_ms: int = 200_500,
    release_date: str = "2020-01-01",
) -> str:
    with account.standin.edit() as catalog:
        return catalog.add_track(
            Track(
                id=base62(f"{name} {album} {duration_ms}"),
                name=name,
                artists=("Kestrel", "Ann"),
                album=album,
                isrc=isrc,
                duration_ms=duration_ms,
                release_date=release_date,
            )
        )


def _enrich(account: Account, about: Described) -> Enriched:
    source = account.source()
    answer = SpotifyEnricher(lambda: source.client).enrich(about)
    assert isinstance(answer, Enriched), answer
    return answer


def _values(answer: Enriched) -> dict[str, object]:
    return {fact.field: fact.value for fact in answer.facts}


def test_an_isrc_finds_the_recording(account: Account) -> None:
    """The surest of keys: one request, and facts with their confidence."""
    uri = _publish(account)
    answer = _enrich(account, ABOUT)
    assert (answer.matched_by, answer.provider_ref) == ("isrc", uri)
    values = _values(answer)
    assert values["album"] == "An Album"
    assert values["release_date"] == "2020-01-01"
    assert values["spotify_id"] == uri.rpartition(":")[2]
    assert values["explicit"] is False
    assert {fact.confidence for fact in answer.facts} == {BY_ISRC}
    assert account.asked() == ["/v1/search"]


def test_an_isrc_without_a_length_is_a_little_less_sure(account: Account) -> None:
    """The code and the title speak for it; the code alone does not."""
    _publish(account)
    answer = _enrich(account, Described(recording_id="r1", title="tunnel vision", isrcs=(ISRC,)))
    assert {fact.confidence for fact in answer.facts} == {BY_ISRC_ONLY}
    assert _enrich(account, Described(recording_id="r1", title="?", isrcs=(ISRC,))).facts == ()


@pytest.mark.parametrize(
    ("title", "artist"),
    [("Tunnel Vision (Zed Bootleg)", "Kestrel"), ("Tunnel Vision (Live)", None), ("Something Else", "Zed")],
)
@pytest.mark.parametrize("duration_ms", [200_000, None])
def test_an_isrc_that_answers_another_version_is_not_taken(
    account: Account, title: str, artist: str | None, duration_ms: int | None
) -> None:
    """F9, F18: an uploader gave a version the original's ISRC; lengths that meet do not make it the original."""
    _publish(account)
    about = Described(recording_id="r1", title=title, artist=artist, duration_ms=duration_ms, isrcs=(ISRC,))
    assert _enrich(account, about).facts == ()


def test_a_title_spelt_otherwise_is_taken_where_the_lengths_meet(account: Account) -> None:
    """A translated title keeps its code; it is less sure, and a second more makes it another recording."""
    _publish(account, "Visión de túnel", duration_ms=200_500)
    assert {fact.confidence for fact in _enrich(account, ABOUT).facts} == {BY_ISRC_ONLY}
    later = Described(recording_id="r1", title="Tunnel Vision", artist="Kestrel", duration_ms=197_000, isrcs=(ISRC,))
    assert _enrich(account, later).facts == ()


def test_an_isrc_that_was_given_to_something_else_finds_nothing(account: Account) -> None:
    """A length that is far away says that the code is wrong."""
    _publish(account, "Something Else", duration_ms=300_000)
    assert _enrich(account, ABOUT).facts == ()


def test_a_recording_on_several_releases_leaves_their_facts_in_doubt(account: Account) -> None:
    """The earliest is taken; the album that was named goes before it."""
    _publish(account, album="Best Of", release_date="2024-01-01")
    first = _publish(account, album="Single", release_date="2019-01-01")
    answer = _enrich(account, ABOUT)
    assert answer.provider_ref == first
    sure = {fact.field: fact.confidence for fact in answer.facts}
    assert sure["album"] == pytest.approx(BY_ISRC * SEVERAL_RELEASES, abs=0.001)
    assert sure["isrc"] == BY_ISRC
    named = Described(recording_id="r1", title="x", duration_ms=200_000, isrcs=(ISRC,), album="best of")
    assert _values(_enrich(account, named))["album"] == "Best Of"


def test_names_and_length_find_it_without_an_isrc(account: Account) -> None:
    """Equal title, one of the artists, the same length: less sure than a code."""
    uri = _publish(account, isrc=None)
    answer = _enrich(account, NAMED)
    assert (answer.matched_by, answer.provider_ref) == ("search", uri)
    assert {fact.confidence for fact in answer.facts} == {BY_SEARCH}
    assert "isrc" not in _values(answer)


@pytest.mark.parametrize(("name", "duration_ms"), [("Tunnel Vision (VIP Mix)", 200_000), ("Tunnel Vision", 203_000)])
def test_another_version_is_not_it(account: Account, name: str, duration_ms: int) -> None:
    """F2: a word more, or seconds more, is another recording."""
    _publish(account, name, duration_ms=duration_ms, isrc=None)
    answer = _enrich(account, NAMED)
    assert (answer.matched_by, answer.facts) == ("search", ())


def test_what_spotify_does_not_have_gives_no_facts(account: Account) -> None:
    """Unknown stays unknown; with a length the names are tried after the code, without one they are not."""
    assert _enrich(account, ABOUT) == Enriched(matched_by="search")
    assert account.asked() == ["/v1/search", "/v1/search"]
    assert _enrich(account, Described(recording_id="r", title="x", isrcs=(ISRC,))) == Enriched(matched_by="isrc")


@pytest.mark.parametrize("about", [ABOUT, NAMED])
def test_a_refusal_is_a_problem(account: Account, about: Described) -> None:
    """P8: no answer is not the answer that nothing is known."""
    source = account.source()
    enricher = SpotifyEnricher(lambda: source.client)
    account.standin.script(throttled(retry_after_s=79_892))
    answer = enricher.enrich(about)
    assert isinstance(answer, Problem)
    assert answer.retry_after_s == 79_892
    account.standin.script(Fault(effect=Effect.ANSWER, path="/v1/search", response=Response(body=b"{}")))
    odd = enricher.enrich(about)
    assert isinstance(odd, Problem)
    assert odd.failure is FailureClass.GARBAGE
    account.standin.script(faults.garbage(path="/v1/search"))
    assert isinstance(enricher.enrich(about), Problem)


def test_only_what_can_be_asked_for_is_asked_for() -> None:
    """A title alone is too little."""

    def never() -> None:
        raise AssertionError

    enricher = SpotifyEnricher(never)  # type: ignore[arg-type]  # nobody may ask it for a client
    assert enricher.name == "spotify"
    assert enricher.suits(ABOUT)
    assert enricher.suits(NAMED)
    assert not enricher.suits(Described(recording_id="r", title="x", artist="y"))
    assert not enricher.suits(Described(recording_id="r", title="x", duration_ms=1))
    assert enricher.requests() == {}
