"""What a search offers: what is asked for, what each offer is, and which one is taken; there is no best of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability
from engine.matching.resolution import (
    ASKED_MAX,
    GIVING,
    SEARCH,
    Gates,
    Judged,
    choose,
    judge_candidates,
    offered_thing,
    queries,
)
from engine.matching.things import Decision, Thing
from engine.reconciler.catalogue import FETCHABLE
from tests.fakes.finder import candidate

SONG = Thing(key="r", title="First Light", artist="Ada", duration_ms=200_000, ids=("spotify:track:1",))


def judged(*offered: TrackSeen, sought: Thing = SONG, gates: Gates | None = None) -> tuple[Judged, ...]:
    """Judge offers for a song."""
    return judge_candidates((sought,), offered, gates=gates or Gates())


def decision(offered: TrackSeen, sought: Thing = SONG, gates: Gates | None = None) -> Decision:
    """Say what becomes of one offer."""
    return judged(offered, sought=sought, gates=gates)[0].judgement.decision


def why(offered: TrackSeen, sought: Thing = SONG) -> str:
    """Say what a search added to the judgement of one offer."""
    return next(
        piece.detail for piece in judged(offered, sought=sought)[0].judgement.evidence if piece.feature == SEARCH
    )


# --- asking --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("artist", "title", "asked"),
    [
        ("Ada", "First Light", ("Ada First Light",)),
        ("Flume, Tove Lo", "Say It (feat. Tove Lo) - Illenium Remix", ("Flume Say It Illenium Remix",)),
        ("Skeler", "Night Drive (Foo Remix) [FREE DL]", ("Skeler Night Drive Foo Remix",)),
        ("Röyksopp & Robyn", "Don't Stop", ("Röyksopp Robyn Don't Stop", "royksopp robyn dont stop")),
        (None, "Break - Dont You Ever Stop", ("Break Dont You Ever Stop",)),
        ("Monstercat", "Pegboard Nerds - Hero", ("Monstercat Pegboard Nerds Hero", "pegboard nerds monstercat hero")),
        ("Ada", "First Light (Whatever This Is)", ("Ada First Light Whatever This Is", "ada first light")),
        ("Ada, Bob", "First Light", ("Ada Bob First Light", "ada first light")),
        (None, "", ()),
        ("YOASOBI", "夜に駆ける", ("YOASOBI 夜に駆ける",)),
        (None, "N i g h t D r i v e スケラー PART IV", ("nightdrive スケラー part 4",)),
    ],
)
def test_a_search_is_asked_for_artist_title_and_version(artist: str | None, title: str, asked: tuple[str, ...]) -> None:
    """Part 5: as it is written, without promotion; then more loosely, where that asks for something else."""
    assert queries(Thing(key="r", title=title, artist=artist)) == asked


# --- judging -------------------------------------------------------------------------------------------------------


def test_artist_title_and_length_that_agree_are_accepted() -> None:
    """F41: whoever plays uploaded it, or stands in the title, or a label's page shows it."""
    assert decision(candidate("1", "First Light")) is Decision.ACCEPT
    assert decision(candidate("1", "Ada - First Light", "Ada", uploader="Liquicity")) is Decision.ACCEPT
    assert decision(candidate("1", "Ada - First Light", None, uploader="Monstercat")) is Decision.ACCEPT


@pytest.mark.parametrize(
    "title",
    [
        "First Light (Nightcore)",
        "First Light (slowed + reverb)",
        "First Light 8D",
        "First Light (Live)",
        "First Light (Cover)",
        "First Light (Karaoke Version)",
        "First Light (Foo Remix)",
        "First Light [Tranzit's Remake]",
        "First Light (Preview)",
        "First Light, Pt. 2",
        "First Light FREE DL (Foo Remix)",
        "First Light feat. Bob slowed",
        "First Light feat. Bob sped up",
        "First Light feat. Bob Pt. 2",
        "First Light Official Video (Live)",
    ],
)
def test_other_versions_are_rejected_whatever_their_length(title: str) -> None:
    """F18: gates on artist, title and version; a score passes none of them."""
    assert decision(candidate("1", title)) is Decision.REJECT


@pytest.mark.parametrize(
    ("title", "more", "expected"),
    [
        ("First Light", {"uploader": "Nightcore Nation"}, Decision.REJECT),
        ("First Light", {"uploader": "Sing King Karaoke"}, Decision.REJECT),
        ("First Light", {"genre": "8D Audio"}, Decision.REJECT),
        ("First Light", {"album": "Karaoke Hits Vol 3"}, Decision.REJECT),
        ("First Light", {"uploader": "Ada Reuploads"}, Decision.ASK),
        ("First Light (reupload)", {}, Decision.ASK),
        ("First Light", {"duration_ms": 30_000}, Decision.REJECT),
        ("First Light", {"duration_ms": 205_000}, Decision.ASK),
        ("First Light", {"duration_ms": None}, Decision.ASK),
    ],
)
def test_copies_and_treatments_are_never_accepted(title: str, more: dict[str, object], expected: Decision) -> None:
    """F18: what an uploader's name, a genre, an album or a length says of everything in it."""
    assert decision(candidate("1", title, "Ada", **more)) is expected


def test_what_is_sought_may_itself_be_such_a_version() -> None:
    """A wish for karaoke is met by karaoke."""
    sought = Thing(key="r", title="First Light (Karaoke Version)", artist="Ada", duration_ms=200_000)
    offered = candidate("1", "First Light (Karaoke Version)", "Ada", uploader="Sing King Karaoke")
    assert decision(offered, sought) is Decision.ACCEPT


def test_an_uploader_who_may_not_be_who_plays_is_no_contradiction_by_itself() -> None:
    """F73: a channel's upload is asked about, where title and length agree; another's song of that name is not."""
    assert decision(candidate("1", "First Light Of Dawn", "Liquicity"), _titled("First Light Of Dawn")) is Decision.ASK
    later = candidate("1", "First Light Of Dawn", "Liquicity", duration_ms=204_000)
    assert decision(later, _titled("First Light Of Dawn")) is Decision.REJECT
    assert decision(candidate("1", "Stay", "Bob"), _titled("Stay")) is Decision.REJECT
    credited = candidate("1", "First Light Of Dawn", "Bob", credits=("Bob",))
    assert decision(credited, _titled("First Light Of Dawn")) is Decision.REJECT


def _titled(title: str, **more: object) -> Thing:
    return Thing(key="r", title=title, artist="Ada", duration_ms=200_000, **more)  # type: ignore[arg-type]  # as a Thing has


def test_the_same_code_is_proof_where_a_channel_uploaded_it() -> None:
    """Design §5: the ISRC says what an uploader's name does not."""
    sought = _titled("First Light Of Dawn", isrcs=("GBAAA0000001",))
    offered = candidate("1", "First Light Of Dawn", "Liquicity", isrc="GBAAA0000001")
    (found,) = judged(offered, sought=sought)
    assert (found.accepted, found.judgement.rule, found.official) == (True, "same_isrc", True)
    live = candidate("1", "First Light Of Dawn (Live)", isrc="GBAAA0000001")
    assert decision(live, sought) is Decision.ASK, (
        "proof against a name is a contradiction, and contradictions are asked"
    )


def test_a_title_that_names_somebody_else_is_not_asked_about() -> None:
    """F18: the same title, another artist by its own title, nothing of ours in sight."""
    offered = candidate("1", "Bob - First Light", "Bob")
    assert decision(offered) is Decision.REJECT
    assert why(offered) == "its title names somebody else"
    assert decision(candidate("1", "エイダ - First Light", "エイダ")) is Decision.ASK, (
        "another script is not another name"
    )


def test_where_only_one_says_who_plays_a_person_is_asked() -> None:
    """Part 5: without an artist on both sides, a name and a length accept nothing that is not peculiar."""
    nobody = Thing(key="r", title="First Light Of Dawn", duration_ms=200_000)
    assert decision(candidate("1", "First Light Of Dawn", "Ada"), nobody) is Decision.ASK
    assert (
        decision(candidate("1", "Steal My First Attention", None), _titled("Steal My First Attention")) is Decision.ASK
    )
    bare = Thing(key="r", title="Steal My First Attention", duration_ms=200_000)
    assert decision(candidate("1", "steal my first attention", None), bare) is Decision.ACCEPT
    assert decision(
        candidate("1", "first LIGHT", None), Thing(key="r", title="First Light", duration_ms=200_000)
    ) is not (Decision.ACCEPT)


def test_what_a_person_blocked_is_never_taken() -> None:
    """Part 5: by an uploader's name as a whole word, or by a part of an address."""
    for word, blocked in (("Reup Gang", True), ("gang", True), ("found/1", True), ("eup", False)):
        offered = candidate("1", "First Light", "Ada", uploader="Reup Gang")
        said = decision(offered, gates=Gates(blocked=(word,)))
        assert (said is Decision.REJECT) is blocked, word


def test_a_mix_is_never_a_song() -> None:
    """F75: also where nobody knows how long the song is."""
    sought = Thing(key="r", title="First Light", artist="Ada")
    offered = candidate("1", "Ada - First Light (DJ Set)", "Ada", duration_ms=3_600_000)
    assert decision(offered, sought) is Decision.REJECT
    assert decision(candidate("1", "First Light - Podcast 12", "Ada", duration_ms=3_600_000), sought) is Decision.REJECT
    assert (
        decision(candidate("1", "First Light Guest Mix", "First Light", duration_ms=3_600_000), sought)
        is Decision.REJECT
    )


def test_too_little_is_nobodys_question() -> None:
    """A search shows ten things that share a word: no person is asked about all of them."""
    bare = Thing(key="r", title="Stay", artist="Ada", duration_ms=200_000)
    offered = candidate("1", "Stay", None, duration_ms=206_000)
    assert decision(offered, bare) is Decision.REJECT
    assert why(offered, bare) == "too little speaks for it to ask anybody"


def test_an_address_a_person_wrote_passes_the_gates_of_a_search() -> None:
    """F57: somebody put it beside the name; only the matcher's own rejection makes a question of it."""
    offered = candidate("1", "First Light", None, uploader="Ada Reuploads", duration_ms=None)
    written = Thing(key="r", title="First Light", artist="Ada", ids=offered_thing(offered).ids)
    assert decision(offered, written) is Decision.ACCEPT
    other = candidate("1", "Something Else", "Bob")
    assert (
        decision(other, Thing(key="r", title="First Light", artist="Ada", ids=offered_thing(other).ids)) is Decision.ASK
    )


def test_an_offer_has_to_agree_with_everything_that_was_seen() -> None:
    """F1: groups agree pairwise, and no chain of likenesses makes one."""
    other = Thing(key="s", title="First Light (Live)", artist="Ada", duration_ms=200_000)
    (found,) = judge_candidates((SONG, SONG, other), [candidate("1", "First Light")])
    assert found.doubtful
    (same,) = judge_candidates((SONG, SONG), [candidate("1", "First Light")])
    assert same.accepted
    (neither,) = judge_candidates((other, SONG), [candidate("1", "First Light")])
    assert neither.judgement.decision is Decision.REJECT


def test_an_address_that_is_none_names_nothing() -> None:
    """A source may have no page for a track."""
    offered = TrackSeen(ref="soundcloud:track:1", title="First Light", url="")
    assert offered_thing(offered).ids == ("soundcloud:track:1",)


# --- choosing ------------------------------------------------------------------------------------------------------


def test_audio_comes_first_then_proof_then_who_uploaded_it() -> None:
    """Part 5: what gives audio before what gives a preview of it, the publisher before somebody."""
    offers = (
        candidate("channel", "Ada - First Light", "Ada", uploader="Liquicity"),
        candidate("preview", "First Light", availability=Availability.PREVIEW_ONLY),
        candidate("geo", "First Light", availability=Availability.GEO_BLOCKED),
        candidate("own", "First Light", uploader="Ada Official", duration_ms=201_500),
    )
    found = judged(*offers)
    assert [each.track.ref.rpartition(":")[2] for each in found] == ["own", "channel", "geo", "preview"]
    assert choose(found).taken == found[0]


def test_what_is_accepted_stands_before_what_is_doubtful_wherever_it_can_be_had() -> None:
    """P2: a doubtful offer that can be had at once is no better than the right one that a country withholds."""
    doubtful = candidate("doubtful", "First Light", duration_ms=203_000)
    right = candidate("right", "First Light", availability=Availability.GEO_BLOCKED)
    found = judged(doubtful, right)
    assert [each.judgement.decision for each in found] == [Decision.ACCEPT, Decision.ASK]
    assert choose(found).taken == found[0]


def test_what_gives_no_audio_is_a_candidate_and_never_chosen() -> None:
    """Part 5: a preview of a track is not a track."""
    found = judged(candidate("1", "First Light", availability=Availability.PREVIEW_ONLY))
    assert found[0].accepted
    assert choose(found).taken is None
    assert choose(found).asked == ()


def test_what_gives_audio_is_what_is_fetched() -> None:
    """Taking what nothing would fetch would end in a recording that waits for ever."""
    assert frozenset(GIVING) == FETCHABLE


def test_accepted_offers_that_disagree_are_asked_about() -> None:
    """P2: two codes are two recordings by their publishers' word; which of them it is, a person says."""
    first = candidate("1", "First Light", isrc="GBAAA0000001")
    other = candidate("2", "First Light", isrc="GBAAA0000002")
    choice = choose(judged(first, other))
    assert choice.taken is None
    assert {each.track.ref for each in choice.asked} == {first.ref, other.ref}
    proven = _titled("First Light", isrcs=("GBAAA0000002",))
    assert choose(judged(first, other, sought=proven)).taken == judged(other, sought=proven)[0]


def test_the_doubtful_are_asked_about_and_no_more_than_a_few() -> None:
    """A person is asked about the likeliest, not about a page of results."""
    offers = [candidate(str(number), "First Light", duration_ms=203_000 + number) for number in range(6)]
    choice = choose(judged(*offers))
    assert choice.taken is None
    assert len(choice.asked) == ASKED_MAX


@given(order=st.permutations(range(5)))
def test_the_order_in_which_offers_come_changes_nothing(order: list[int]) -> None:
    """The first hit of a search is no better for being first (F18)."""
    offers = (
        candidate("1", "First Light"),
        candidate("2", "First Light", duration_ms=201_000),
        candidate("3", "First Light (Live)"),
        candidate("4", "Ada - First Light", "Ada", uploader="Liquicity"),
        candidate("5", "First Light", duration_ms=204_000),
    )
    found = judged(*(offers[place] for place in order), offers[0])
    assert [each.track.ref for each in found] == [each.track.ref for each in judged(*offers)]
    assert choose(found) == choose(judged(*offers))


def test_words_of_titles_can_be_blocked_and_an_empty_line_blocks_nothing() -> None:
    """A blocklist is by uploader, by address and by word; the song's own words are not held against it."""
    upload = candidate("1", "First Light [FREE DL]", artist="PREMIERE: Ada", uploader="Deep Channel")
    for line, blocked in (("title:free dl", True), ("title:fre", False), ("title:light", False), ("title:", False)):
        said = decision(upload, gates=Gates(blocked=(line,)))
        assert (said is Decision.REJECT) is blocked, line
    nobody = candidate("1", "First Light", uploader=None)
    assert [decision(nobody, gates=Gates(blocked=(line,))) for line in ("", " ", "!!!")] == [Decision.ACCEPT] * 3


# --- what uploaders write ------------------------------------------------------------------------------------------


def test_a_premiere_on_a_channel_is_the_song() -> None:
    """F18, F73: what a channel writes around a name is no other name."""
    upload = candidate("1", "First Light [BLUE012]", artist="PREMIERE: Ada", uploader="Deep Channel")
    assert decision(upload) is Decision.ACCEPT


def test_what_says_all_and_something_unknown_is_asked_about() -> None:
    """A person would want to hear it, where it lasts as long; where it does not, or says a version, nobody would."""
    assert why(candidate("1", "First Light Gloria")) == "it says all that is sought, and more: gloria"
    assert decision(candidate("1", "First Light Gloria")) is Decision.ASK
    assert decision(candidate("1", "First Light Gloria", duration_ms=230_000)) is Decision.REJECT
    assert decision(candidate("1", "First Light Gloria Remix")) is Decision.REJECT
    assert decision(candidate("1", "First Light Tutorial")) is Decision.REJECT
    assert decision(candidate("1", "First Light Gloria"), gates=Gates(blocked=("found",))) is Decision.REJECT


def test_numbers_and_guests_that_nobody_asked_for_are_asked_about() -> None:
    """Without brackets, what stands behind a guest's name may be a guest, a part or anything."""
    sought = Thing(key="r", title="First Light feat. Cy", artist="Ada", duration_ms=200_000)
    assert why(candidate("1", "First Light feat. Cy 2"), sought) == "its title says more: 2"
    assert decision(candidate("1", "First Light feat. Cy & Di"), sought) is Decision.ASK
    assert decision(candidate("1", "First Light feat. Cy"), sought) is Decision.ACCEPT


def test_a_companion_that_nobody_sought_is_asked_about() -> None:
    """F18: “Hold On (with somebody)” of the very length is another recording as often as not."""
    assert why(candidate("1", "First Light (with Cy)")) == "its title says with whom: cy"
    assert decision(candidate("1", "First Light (with Cy)")) is Decision.ASK
    assert decision(candidate("1", "First Light w/ Cy")) is Decision.ASK
    dancing = Thing(key="r", title="Dancing with Myself", artist="Ada", duration_ms=200_000)
    assert decision(candidate("1", "Dancing with Myself (with Cy)"), dancing) is Decision.ASK
    assert decision(candidate("1", "Dancing with Myself"), dancing) is Decision.ACCEPT
    together = Thing(key="r", title="First Light (with Cy)", artist="Ada, Cy", duration_ms=200_000)
    assert decision(candidate("1", "First Light (with Cy)"), together) is Decision.ACCEPT
    named = Thing(key="r", title="First Light", artist="Ada, Cy", duration_ms=200_000)
    assert decision(candidate("1", "Ada - First Light (with Cy)"), named) is Decision.ACCEPT
