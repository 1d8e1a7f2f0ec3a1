"""AcoustID as a provider of facts, against its stand-in: what sounds alike and is named alike is told."""

from collections.abc import Iterator

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.domain.value import FieldValue
from engine.source_ports import Described, Enriched
from engine.sources.acoustid import parse
from engine.sources.acoustid.config import AcoustIdConfig
from engine.sources.acoustid.enricher import KEY_HINT, AcoustIdEnricher
from engine.standins import faults
from engine.standins.acoustid.standin import (
    CLIENT_KEY,
    AcoustIdStandin,
    Print,
    Recording,
    ReleaseGroup,
    throttled,
    unavailable,
)
from engine.standins.server import Effect, Fault, Response

PRINT = "AQADtEmUaEkSRZEG"
FIRST = ReleaseGroup(title="First")
HITS = ReleaseGroup(title="Hits", secondary=("Compilation",))
SINGLE = ReleaseGroup(title="One", kind="Single")


@pytest.fixture
def standin() -> Iterator[AcoustIdStandin]:
    """Give a listening stand-in that knows nothing yet."""
    with AcoustIdStandin() as standin:
        yield standin


@pytest.fixture
def paced() -> list[str]:
    """Give the list of remotes that a place was waited for."""
    return []


@pytest.fixture
def provider(standin: AcoustIdStandin, paced: list[str]) -> Iterator[AcoustIdEnricher]:
    """Give the provider, pointed at the stand-in."""
    config = AcoustIdConfig(base_url=standin.url, key=CLIENT_KEY, timeout_s=5.0)
    provider = AcoustIdEnricher(config, pace=paced.append)
    yield provider
    provider.close()


def row(number: int = 1, *groups: ReleaseGroup, title: str = "One", isrcs: tuple[str, ...] = ()) -> Recording:
    """Make a recording by Ada & Bo."""
    artists = (("Ada", " & "), ("Bo", ""))
    return Recording(id=f"mbid-{number}", title=title, artists=artists, duration_s=200, isrcs=isrcs, groups=groups)


def about(title: str = "One", artist: str | None = "Ada, Bo", fingerprint: str | None = PRINT) -> Described:
    """Describe a recording with a file."""
    return Described(recording_id="r1", title=title, artist=artist, fingerprint=fingerprint, audio_ms=200_400)


def known(standin: AcoustIdStandin, *rows: Recording, score: float = 1.0) -> None:
    """Let the stand-in know a sound."""
    standin.submit(Print(fingerprint=PRINT, duration_s=200, score=score, recordings=rows))


def told(answer: Enriched | Problem) -> dict[str, tuple[FieldValue, float]]:
    """Give an answer's facts by field."""
    assert isinstance(answer, Enriched)
    return {fact.field: (fact.value, fact.confidence) for fact in answer.facts}


def test_a_sound_gives_facts_with_its_score(
    standin: AcoustIdStandin, provider: AcoustIdEnricher, paced: list[str]
) -> None:
    """Credit, ISRC, the album that is no compilation, and the MusicBrainz id, in one request (M13)."""
    known(standin, row(1, FIRST, HITS, isrcs=("DEA120000001",)), score=0.98)
    answer = provider.enrich(about())
    assert isinstance(answer, Enriched)
    assert (answer.matched_by, answer.provider_ref) == ("fingerprint", "musicbrainz:recording:mbid-1")
    assert told(answer) == {"artist": ("Ada & Bo", 0.931), "isrc": ("DEA120000001", 0.931), "album": ("First", 0.931)}
    assert (paced, provider.requests()) == (["acoustid"], {"acoustid": 1})


def test_a_poor_score_an_unknown_sound_and_a_bare_id_tell_nothing(
    standin: AcoustIdStandin, provider: AcoustIdEnricher
) -> None:
    """Below 0.9 nothing is taken; unknown stays unknown (F28)."""
    nothing = Enriched(matched_by="fingerprint")
    assert provider.enrich(about()) == nothing
    known(standin, row(1, FIRST), score=0.89)
    assert provider.enrich(about()) == nothing
    known(standin, Recording(id="bare"), score=0.95)
    assert provider.enrich(about()) == nothing


def test_another_name_for_the_sound_is_less_sure(standin: AcoustIdStandin, provider: AcoustIdEnricher) -> None:
    """A sound may have been submitted under a wrong name; what is named alike comes first."""
    known(standin, row(1, FIRST, title="Other"))
    assert told(provider.enrich(about()))["album"] == ("First", 0.7)
    known(standin, row(2, FIRST, title="Other"), row(3, HITS), score=1.0)
    assert told(provider.enrich(about(artist="Somebody else")))["artist"] == ("Ada & Bo", 0.7)


def test_several_recordings_tell_what_they_agree_on(standin: AcoustIdStandin, provider: AcoustIdEnricher) -> None:
    """Then the reference is the sound's own; albums that differ are no fact, one beside a single is less sure."""
    known(standin, row(1, FIRST, isrcs=("DEA120000001",)), row(2, ReleaseGroup(title="Second")))
    answer = provider.enrich(about(artist=None))
    assert isinstance(answer, Enriched)
    assert answer.provider_ref is not None
    assert answer.provider_ref.startswith("acoustid:track:")
    assert told(answer).keys() == {"artist"}


def test_the_best_sound_of_which_anything_is_known_is_told(
    standin: AcoustIdStandin, provider: AcoustIdEnricher
) -> None:
    """One sound often has several ids: those of which nothing is known hide none, and a better one goes first."""
    known(standin, score=0.99)
    known(standin, Recording(id="bare"), score=0.98)
    known(standin, row(1, FIRST), score=0.97)
    known(standin, row(2, HITS), score=0.95)
    answer = provider.enrich(about())
    assert isinstance(answer, Enriched)
    assert answer.provider_ref == "musicbrainz:recording:mbid-1"
    assert told(answer)["album"] == ("First", 0.921)


def test_a_name_with_another_length_is_less_sure(standin: AcoustIdStandin, provider: AcoustIdEnricher) -> None:
    """F18: two minutes sound alike in the radio edit and in the long version of one name."""
    long_one = Recording(id="long", title="One", artists=(("Ada", " & "), ("Bo", "")), duration_s=400, groups=(FIRST,))
    known(standin, long_one)
    assert told(provider.enrich(about()))["album"] == ("First", 0.7)
    known(standin, long_one, row(1, HITS))
    answer = provider.enrich(about())
    assert isinstance(answer, Enriched)
    assert answer.provider_ref == "musicbrainz:recording:long", "of equals the first is told, and it is not sure"


def test_an_album_beside_a_single_is_less_sure(standin: AcoustIdStandin, provider: AcoustIdEnricher) -> None:
    """What is on an album and on a single is probably meant by the album."""
    known(standin, row(1, FIRST, SINGLE, ReleaseGroup(title="first")))
    assert told(provider.enrich(about()))["album"] == ("First", 0.807)


def test_what_was_not_told_is_no_fact(standin: AcoustIdStandin, provider: AcoustIdEnricher) -> None:
    """No credit, no ISRC, no release group: no facts, but the id."""
    known(standin, Recording(id="mbid-1", title="One"))
    answer = provider.enrich(about())
    assert isinstance(answer, Enriched)
    assert (answer.facts, answer.provider_ref) == ((), "musicbrainz:recording:mbid-1")


def test_it_asks_only_about_files_that_were_heard(provider: AcoustIdEnricher) -> None:
    """A fingerprint and the length of the file it is of."""
    assert provider.name == "acoustid"
    assert provider.suits(about())
    assert not provider.suits(about(fingerprint=None))


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (throttled(), FailureClass.RATE_LIMITED),
        (unavailable(), FailureClass.OVERLOADED),
        (faults.garbage(), FailureClass.GARBAGE),
        (faults.bad_gateway(), FailureClass.REMOTE_ERROR),
        (faults.lost_response(), FailureClass.NETWORK),
    ],
)
def test_every_misfortune_is_a_problem(
    standin: AcoustIdStandin, provider: AcoustIdEnricher, fault: Fault, failure: FailureClass
) -> None:
    """An error is not an empty answer (F33)."""
    standin.script(fault)
    answer = provider.enrich(about())
    assert isinstance(answer, Problem)
    assert answer.failure is failure


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (2, FailureClass.INVALID_REQUEST),
        (3, FailureClass.INVALID_REQUEST),
        (4, FailureClass.AUTH_EXPIRED),
        (12, FailureClass.NOT_ALLOWED),
        (16, FailureClass.NOT_ALLOWED),
        (17, FailureClass.AUTH_EXPIRED),
    ],
)
def test_each_code_is_about_one_question_or_about_all(
    standin: AcoustIdStandin, provider: AcoustIdEnricher, code: int, failure: FailureClass
) -> None:
    """P12: what is wrong with the application is not kept as something nobody knows of a recording."""
    body = {"status": "error", "error": {"code": code, "message": "said"}}
    standin.script(Fault(effect=Effect.ANSWER, response=Response.of_json(body, status=400)))
    answer = provider.enrich(about())
    assert isinstance(answer, Problem)
    assert answer.failure is failure


def test_another_service_at_the_address_is_not_a_word_about_the_sound(standin: AcoustIdStandin) -> None:
    """F33: a 404 that AcoustID did not speak leads to the setting."""
    config = AcoustIdConfig(base_url=f"{standin.url}/elsewhere", key=CLIENT_KEY)
    provider = AcoustIdEnricher(config, pace=lambda _: None)
    answer = provider.enrich(about())
    provider.close()
    assert isinstance(answer, Problem)
    assert (answer.failure, "enrichment.acoustid_base" in answer.hint) == (FailureClass.UNSUPPORTED, True)


def test_a_wrong_key_and_a_wrong_fingerprint_are_told_apart(
    standin: AcoustIdStandin, provider: AcoustIdEnricher
) -> None:
    """The one concerns every question, the other this one only."""
    wrong = AcoustIdEnricher(AcoustIdConfig(base_url=standin.url, key="wrong"), pace=lambda _: None)
    refused = wrong.enrich(about())
    wrong.close()
    assert isinstance(refused, Problem)
    assert (refused.failure, refused.hint) == (FailureClass.AUTH_EXPIRED, KEY_HINT)
    torn = provider.enrich(about(fingerprint="§"))
    assert isinstance(torn, Problem)
    assert torn.failure is FailureClass.INVALID_REQUEST
    keyless = AcoustIdEnricher(AcoustIdConfig(base_url=standin.url), pace=lambda _: None).enrich(about())
    assert isinstance(keyless, Problem)
    assert keyless.hint == KEY_HINT


def test_odd_shapes_are_no_results() -> None:
    """What the documentation does not promise is not read."""
    assert parse.results({"results": [{"id": "x"}]}) is None
    assert parse.results(None) is None
    assert parse.error({"error": {"code": "x"}}) == (None, "")
    assert parse.error([]) == (None, "")
