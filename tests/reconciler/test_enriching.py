"""Which facts of providers are shown, and who is due to be asked (F10, F28, M13)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from engine.domain.events import Fact
from engine.domain.plan import Owner
from engine.domain.value import Fields, FieldValue
from engine.projections.rows import Enrichment, Playlist, Recording, Sighting
from engine.projections.state import State
from engine.reconciler.catalogue import Piece, catalogue
from engine.reconciler.enriching import DAY_US, Asking, askings, lacking, shown_facts
from engine.reconciler.policy import EnrichmentPolicy, Policy
from engine.reconciler.wanted_library import wanted_audio
from engine.reconciler.wanted_notion import wanted_track_page
from tests.reconciler.pieces import KEY, indexed, piece, sighting

BOTH = ("spotify", "musicbrainz")
ASKS = EnrichmentPolicy(providers=BOTH)
POLICY = Policy(library_root="/music", enrichment=ASKS)
NOW_US = 1_000 * DAY_US


def said(
    provider: str = "musicbrainz", confidence: float = 0.9, odd: tuple[Fact, ...] = (), **facts: FieldValue
) -> Enrichment:
    """Give what a provider last said of our recording."""
    told = (*odd, *(Fact(field=field, value=value, confidence=confidence) for field, value in facts.items()))
    return Enrichment(
        recording_id=KEY, provider=provider, matched_by="isrc", provider_ref=f"{provider}:1", facts=told, last_seq=40
    )


def enriched(*rows: Enrichment, sightings: tuple[Sighting, ...] = ()) -> Piece:
    """Give our recording with what providers said of it."""
    return replace(piece(*sightings), enrichments=rows)


def values(subject: Piece, policy: EnrichmentPolicy = ASKS) -> dict[str, str]:
    """Give what is shown, by field."""
    return {name: fact.value for name, fact in shown_facts(subject, policy).items()}


def page(subject: Piece, policy: Policy = POLICY) -> Fields:
    """Give the fields wanted of our recording's row."""
    return wanted_track_page(indexed(), subject, policy).fields


# --- what is shown --------------------------------------------------------------------------------------------------


def test_a_fact_carries_where_it_comes_from() -> None:
    """M13: provenance and confidence go with every field."""
    fact = shown_facts(enriched(said(album="First")), ASKS)["album"]
    assert (fact.value, fact.confidence, fact.provider, fact.matched_by) == ("First", 0.9, "musicbrainz", "isrc")
    assert (fact.provider_ref, fact.seq) == ("musicbrainz:1", 40)
    assert shown_facts(piece(), ASKS) == {}


def test_what_any_sighting_knows_is_not_replaced() -> None:
    """F10: the source's own word beats every provider, also where another sighting has it."""
    seen = (sighting(album="Seen"), sighting("spotify:track:1", genre="House"))
    row = said(album="Told", genre="Techno", label="Label", spotify_id="2")
    assert values(enriched(row, sightings=seen)) == {"label": "Label"}
    assert lacking(enriched(row, sightings=seen)) == {"artist", "isrc", "label", "release_date", "artwork_url"}


def test_unsure_facts_and_those_of_providers_not_in_use_are_not_shown() -> None:
    """F28: below the confidence unknown stays unknown; who is asked no more is not shown."""
    row = said(confidence=0.79, album="First")
    assert values(enriched(row)) == {}
    assert values(enriched(row), EnrichmentPolicy(providers=BOTH, confidence=0.79)) == {"album": "First"}
    assert values(enriched(said(album="First")), EnrichmentPolicy(providers=("spotify",))) == {}


def test_of_two_that_differ_the_surer_is_shown_and_of_equals_none() -> None:
    """A conflict between providers is settled by confidence, or not at all; spelling is no conflict."""
    surer = enriched(said("spotify", 0.95, album="One"), said("musicbrainz", 0.9, album="Two"))
    assert values(surer) == {"album": "One"}
    equal = enriched(said("musicbrainz", album="Two"), said("spotify", album="One"))
    assert values(equal) == {}
    spelt = enriched(said("musicbrainz", album="CAFÉ"), said("spotify", album="Café"))
    assert values(spelt) == {"album": "Café"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("isrc", "nonsense"),
        ("release_date", "2020"),
        ("release_date", "2020-05"),
        ("album", " "),
        ("album", 5),
        ("album", None),
        ("title", "Other"),
        ("explicit", True),
    ],
)
def test_what_cannot_be_shown_in_a_field_is_no_fact(field: str, value: FieldValue) -> None:
    """F28: a year is no date, a number no name, and nobody else names a recording."""
    assert values(enriched(said(odd=(Fact(field=field, value=value, confidence=0.9),)))) == {}


@given(st.permutations([said("spotify", 0.9, album="A"), said("musicbrainz", 0.9, album="A", label="L")]))
def test_the_order_of_answers_makes_no_difference(rows: list[Enrichment]) -> None:
    """The policy's order decides whose name stands at a fact that several tell."""
    shown = shown_facts(enriched(*rows), ASKS)
    assert {name: fact.provider for name, fact in shown.items()} == {"album": "spotify", "label": "musicbrainz"}


def test_a_row_in_notion_shows_facts_and_says_so() -> None:
    """M18, M20: fields, the status tag, and the event as a cause; an artwork alone is not shown there."""
    told = said(
        artist="Ada", album="First", genre="House, deep", label="A, B", release_date="2020-05-01",
        isrc="DEA120000001", spotify_id="abc", spotify_url="https://open.spotify.com/track/abc",
    )  # fmt: skip
    fields = page(enriched(told))
    assert (fields["artist"], fields["album"], fields["release_date"]) == ("Ada", "First", "2020-05-01")
    assert (fields["isrc"], fields["spotify_id"]) == ("DEA120000001", "abc")
    assert fields["spotify_url"] == "https://open.spotify.com/track/abc"
    assert fields["status"] == ("Metadata Enriched",)
    assert (fields["genre"], fields["label"]) == ("House deep", "A, B")
    wanted = wanted_track_page(indexed(), enriched(told), POLICY)
    assert 40 in wanted.causes
    assert [name for name, _ in wanted.meet] == ["soundcloud_url", "soundcloud_id"]
    assert page(enriched(said(artwork_url="https://example.test/a.jpg")))["status"] == ()
    assert page(piece())["status"] == ()


def test_what_providers_tell_fills_a_seed_field_also_later() -> None:
    """M13, I24: an answer comes when the row is there; a field that is seen, or that a person took over, is as ever."""
    told = said(album="First", genre="House", isrc="DEA120000001")
    owners = wanted_track_page(indexed(), enriched(told), POLICY).owners
    assert (owners["album"], owners["genre"]) == (Owner.TOLD, Owner.TOLD)
    assert (owners["isrc"], owners["label"], owners["title"]) == (Owner.SHARED, Owner.SEED, Owner.SEED)
    seen = enriched(told, sightings=(sighting(album="Seen"),))
    assert wanted_track_page(indexed(), seen, POLICY).owners["album"] is Owner.SEED
    mine = changed(POLICY, owners={"notion/track": {"album": Owner.PERSON}})
    assert wanted_track_page(indexed(), enriched(told), mine).owners["album"] is Owner.PERSON


def test_a_row_shows_what_was_seen_before_what_was_told() -> None:
    """F10: a seen ISRC and a seen Spotify address stand."""
    seen = (sighting("spotify:track:seen", isrc="USA120000001"),)
    fields = page(enriched(said("spotify", isrc="DEA120000001", spotify_id="told"), sightings=seen))
    assert (fields["isrc"], fields["spotify_id"]) == ("USA120000001", "seen")


def test_tags_of_a_file_to_be_fetched_take_facts() -> None:
    """M16: album, genre, ISRC, artist and artwork of the file come from whoever knows them."""
    told = said(artist="Ada", album="First", genre="House", isrc="DEA120000001", artwork_url="https://example.test/a")
    wanted = wanted_audio(enriched(told), "Ada/Title", POLICY)
    names = ("artist", "album", "genre", "isrc", "artwork_url")
    assert [wanted.fields[name] for name in names] == [
        "Ada",
        "First",
        "House",
        "DEA120000001",
        "https://example.test/a",
    ]
    assert 40 in wanted.causes
    seen = wanted_audio(enriched(told, sightings=(sighting(album="Seen"),)), "Ada/Title", POLICY)
    assert seen.fields["album"] == "Seen"


# --- who is asked ---------------------------------------------------------------------------------------------------


def state(
    *rows: Enrichment, listed: int = 1, dismissed: str | None = None, known: tuple[str, ...] = (), title: str = "T"
) -> State:
    """Give a world of recordings in one playlist, and of one that no playlist holds."""
    numbers = range(1, listed + 2)
    refs = {number: f"soundcloud:track:{number}" for number in numbers}
    return State(
        sightings={
            ref: changed(
                Sighting(ref=ref, title=title, url=f"https://example.test/{number}", recording_id=f"r{number}"),
                **dict.fromkeys(known, "x"),
            )
            for number, ref in refs.items()
        },
        recordings={
            f"r{number}": Recording(recording_id=f"r{number}", refs=(ref,), dismissed=dismissed)
            for number, ref in refs.items()
        },
        playlists={"p": Playlist(ref="p", name="P", seen=True, active=True, entries=tuple(refs.values())[:listed])},
        enrichments={f"{row.recording_id}/{row.provider}": row for row in rows},
    )


def asked(subject: State, policy: EnrichmentPolicy = ASKS, now_us: int = NOW_US) -> list[Asking]:
    """Give who is due to be asked about what."""
    return askings(catalogue(subject), policy, now_us)


def row(number: int, provider: str, days_ago: int, *, misses: int = 0, **facts: str) -> Enrichment:
    """Give what a provider said some days ago."""
    told = tuple(Fact(field=field, value=value, confidence=0.9) for field, value in facts.items())
    return Enrichment(
        recording_id=f"r{number}", provider=provider, matched_by="isrc", facts=told, misses=misses,
        last_us=NOW_US - days_ago * DAY_US,
    )  # fmt: skip


def test_only_what_a_playlist_holds_and_nobody_dismissed_is_asked_about() -> None:
    """What nobody wants costs no request (P11)."""
    assert [(one.recording_id, one.providers) for one in asked(state())] == [("r1", BOTH)]
    assert asked(state(dismissed="not mine")) == []
    assert asked(state(known=("isrc",), title="")) == [], "what nobody described yet waits to be described"
    assert asked(state(), EnrichmentPolicy()) == []


def test_what_was_never_asked_about_comes_first() -> None:
    """Then those whose last answer is oldest."""
    rows = (row(1, "spotify", 100, album="A"), row(1, "musicbrainz", 95, album="A"), row(2, "spotify", 200, album="A"))
    subject = state(*rows, row(2, "musicbrainz", 200, album="A"), listed=3)
    assert [one.recording_id for one in asked(subject)] == ["r3", "r2", "r1"]


@pytest.mark.parametrize(
    ("misses", "days"), [(0, 90), (1, 7), (2, 14), (3, 28), (7, 7 * 64), (8, 7 * 64), (60, 7 * 64)]
)
def test_answers_are_kept_for_days_and_misses_for_twice_as_long_each_time(misses: int, days: int) -> None:
    """Facts for 90 days; nothing for 7, doubled by every further question in vain."""
    policy = EnrichmentPolicy(providers=("spotify",))
    facts = {} if misses else {"album": "A"}
    assert asked(state(row(1, "spotify", days - 1, misses=misses, **facts)), policy) == []
    assert len(asked(state(row(1, "spotify", days, misses=misses, **facts)), policy)) == 1


def test_nobody_new_is_asked_when_nothing_is_unknown() -> None:
    """Whoever was never asked is asked only while something is lacking."""
    known = ("artist", "album", "genre", "label", "isrc", "release_date", "artwork_url")
    spotify = row(1, "spotify", 1, spotify_id="a", spotify_url="b")
    assert asked(state(spotify, known=known)) == []
    assert [one.providers for one in asked(state(row(1, "spotify", 1, spotify_id="a"), known=known))] == [
        ("musicbrainz",)
    ]
    stale = row(1, "spotify", 90, spotify_id="a", spotify_url="b")
    assert [one.providers for one in asked(state(stale, known=known))] == [("spotify",)]


def test_what_was_said_of_a_merged_recording_counts() -> None:
    """I29: facts follow the recording that another counts for."""
    subject = state(row(2, "spotify", 1, album="A"))
    subject.recordings["r2"] = Recording(recording_id="r2", refs=("soundcloud:track:2",), merged_into="r1")
    merged = catalogue(subject).pieces["r1"]
    assert values(merged) == {"album": "A"}
