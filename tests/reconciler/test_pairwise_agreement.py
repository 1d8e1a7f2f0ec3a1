"""Agreement of every member with every other: lengths that creep, and one address under many names."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.matching.decision import judge
from engine.matching.fingerprint import encode
from engine.matching.policy import DEFAULT
from engine.matching.things import Decision, Thing
from engine.projections.rows import Sighting
from engine.reconciler.things import sighting_thing
from engine.reconciler.weighing import Known, weigh, weigh_recordings
from tests.scorecard.prints import synthetic

ADDRESS = "https://youtube.com/watch?v=0123456789a"


def sighting(number: int, length_ms: int, isrc: str | None = None) -> Sighting:
    """Give a sighting of one song, as long as said."""
    return Sighting(
        ref=f"soundcloud:track:{number}", title="First Light", artist="Ada", url="", duration_ms=length_ms, isrc=isrc
    )


def test_lengths_that_creep_from_one_to_the_next_make_no_chain() -> None:
    """F1, design §5: a third agrees with the second and not with the first, so a person is asked."""
    known = Known(recording_id="r", sightings=[sighting(1, 200_000), sighting(2, 202_000)])
    verdict = weigh(sighting_thing(sighting(3, 204_000)), known, DEFAULT)
    assert verdict.judgement.decision is Decision.ASK
    assert "another sighting" in verdict.judgement.evidence[-1].detail
    other = Known(recording_id="s", sightings=[sighting(3, 204_000)])
    assert weigh_recordings(known, other, DEFAULT).decision is Decision.ASK


def test_what_proves_itself_is_not_doubted_for_a_sighting_that_rounds() -> None:
    """Design §5: a code they share is more than a length; only agreement by name and length needs everybody's."""
    known = Known(recording_id="r", sightings=[sighting(1, 200_000), sighting(2, 202_000, "USA110000001")])
    assert weigh(sighting_thing(sighting(3, 204_000, "USA110000001")), known, DEFAULT).accepted


@settings(max_examples=60, deadline=None)
@given(lengths=st.lists(st.integers(190_000, 215_000), min_size=2, max_size=6))
def test_whatever_is_linked_by_name_and_length_agrees_with_everything_it_is_linked_to(lengths: list[int]) -> None:
    """Design §5: groups are pairwise complete, whatever the order in which things come."""
    known = Known(recording_id="r", sightings=[sighting(0, lengths[0])])
    for number, length_ms in enumerate(lengths[1:], start=1):
        row = sighting(number, length_ms)
        if weigh(sighting_thing(row), known, DEFAULT).accepted:
            known.join(row)
    for one in known.members:
        assert all(judge(one, other, DEFAULT).decision is Decision.ACCEPT for other in known.members)


def test_one_address_under_names_of_other_songs_is_a_question() -> None:
    """F2, F9: the songs of an album that were all filed under the album's one video are not one song."""
    album = [
        Thing(key=f"notion/track/{number}", title=title, artist="Ada", ids=(ADDRESS,))
        for number, title in enumerate(("First Light", "Dawn Chorus", "First Light (Bob Remix)", "First Light Pt. 2"))
    ]
    for place, one in enumerate(album):
        for other in album[place + 1 :]:
            judgement = judge(one, other, DEFAULT)
            assert judgement.decision is Decision.ASK
            assert judgement.rule.startswith("same_id_but_")


def test_one_address_under_one_name_is_one_recording() -> None:
    """Design §5: the same id, and nothing that speaks against it."""
    one = Thing(key="a", title="First Light", artist="Ada", ids=(ADDRESS,))
    other = Thing(key="b", title="Ada - First Light (Official Video)", ids=(ADDRESS,))
    assert judge(one, other, DEFAULT).decision is Decision.ACCEPT


def test_the_sound_is_heard_where_it_can_matter_and_not_of_every_other_song() -> None:
    """F4, G15: a crate has a hundred thousand pairs of other songs, and hearing each takes minutes."""
    sound = encode(synthetic(1, 1_400))
    known = Known(recording_id="r", sightings=[sighting(1, 180_000, "USA110000001")])
    known.thing = replace(known.thing, fingerprint=sound, audio_ms=180_000)
    one = Thing(key="notion/track/p", title="First Light", artist="Ada", fingerprint=sound, audio_ms=180_000)

    def heard(**other: str | int | tuple[str, ...]) -> bool:
        found = weigh(replace(one, **other), known, DEFAULT).judgement
        return "audio" in {piece.feature for piece in found.evidence}

    assert heard()
    assert heard(title="Dawn Chorus")
    assert not heard(title="Dawn Chorus", audio_ms=300_000)
    assert heard(title="Dawn Chorus", audio_ms=300_000, isrcs=("USA110000001",))
