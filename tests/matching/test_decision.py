"""Accept, ask or reject: gates that no score passes, and a score that says what each piece of evidence did."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.decision import judge
from engine.matching.fingerprint import WORD_S, encode
from engine.matching.policy import DEFAULT, MatchingPolicy, Weights
from engine.matching.things import Decision, Judgement, Names, Thing
from tests.scorecard.prints import reencoded, synthetic

RANK = {Decision.REJECT: 0, Decision.ASK: 1, Decision.ACCEPT: 2}
MUSIC = synthetic(1, 1_000)
MUSIC_MS = round(len(MUSIC) * WORD_S * 1000) + 2_600
PRINTS = {
    "same": encode(reencoded(MUSIC, 3)),
    "unclear": encode(reencoded(MUSIC, 4, 0.15)),
    "different": encode(synthetic(2, 1_000)),
    "short": encode(MUSIC[:20]),
    "broken": "no print",
}
SAME, UNCLEAR = ("Foo - Numb Rivers", "Foo - Numb Rivers [Free DL]"), ("Home", "Home")
PAIRS = {
    Names.SAME: SAME,
    Names.UNCLEAR: UNCLEAR,
    Names.VERSION: ("Foo - Numb Rivers", "Foo - Numb Rivers (Live)"),
    Names.PART: ("Foo - Numb Rivers Pt. 1", "Foo - Numb Rivers Pt. 2"),
    Names.DIFFERENT: ("Foo - Numb Rivers", "Foo - Other Lakes"),
}


def things(
    pair: tuple[str, str], a: dict[str, Any] | None = None, b: dict[str, Any] | None = None
) -> tuple[Thing, Thing]:
    """Give two things of these names and what else is known of each."""
    return Thing(key="a", title=pair[0], **a or {}), Thing(key="b", title=pair[1], **b or {})


def heard(level: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the prints of two files whose sound is on this level."""
    first = {"fingerprint": encode(MUSIC), "audio_ms": MUSIC_MS}
    return first, {"fingerprint": PRINTS[level], "audio_ms": MUSIC_MS}


def fact(name: str, value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what agrees, on both sides."""
    return {name: value}, {name: value}


NOTHING: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
EQUAL_LENGTH = fact("duration_ms", 200_000)
LENGTHS = {
    "none": NOTHING,
    "equal": EQUAL_LENGTH,
    "agrees": ({"duration_ms": 200_000}, {"duration_ms": 201_800}),
    "near": ({"duration_ms": 200_000}, {"duration_ms": 206_000}),
    "differs": ({"duration_ms": 200_000}, {"duration_ms": 290_000}),
}
ISRCS = {"none": NOTHING, "same": fact("isrcs", ("US1",)), "other": ({"isrcs": ("US1",)}, {"isrcs": ("US2",)})}
AGREEING = {
    "id": fact("ids", ("soundcloud:track:1",)),
    "bytes": fact("content_hashes", ("pcm:1",)),
    "isrc": ISRCS["same"],
    "duration": EQUAL_LENGTH,
    "audio": heard("same"),
    "album": fact("album", "Bleach"),
    "year": fact("year", 1989),
}


def joined(*facts: tuple[dict[str, Any], dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give all facts of both sides."""
    first: dict[str, Any] = {}
    second: dict[str, Any] = {}
    for one, other in facts:
        first |= one
        second |= other
    return first, second


def decide(names: Names, *facts: tuple[dict[str, Any], dict[str, Any]], policy: MatchingPolicy = DEFAULT) -> Judgement:
    """Give the decision on a pair of names and facts."""
    found = judge(*things(PAIRS[names], *joined(*facts)), policy)
    assert found.names is names
    return found


@pytest.mark.parametrize(
    ("names", "length", "isrc", "decision", "rule"),
    [
        (Names.SAME, "none", "none", "ask", "names_only"),
        (Names.SAME, "equal", "none", "accept", "names_and_duration"),
        (Names.SAME, "agrees", "none", "accept", "names_and_duration"),
        (Names.SAME, "near", "none", "ask", "other_length"),
        (Names.SAME, "differs", "none", "reject", "other_length"),
        (Names.SAME, "none", "same", "accept", "same_isrc"),
        (Names.SAME, "near", "same", "accept", "same_isrc"),
        (Names.SAME, "differs", "same", "ask", "same_isrc_but_other_length"),
        (Names.SAME, "equal", "other", "ask", "other_isrc"),
        (Names.SAME, "differs", "other", "reject", "other_length"),
        (Names.UNCLEAR, "none", "none", "ask", "unclear_names"),
        (Names.UNCLEAR, "equal", "none", "ask", "unclear_names"),
        (Names.UNCLEAR, "differs", "none", "reject", "other_length"),
        (Names.UNCLEAR, "none", "same", "accept", "same_isrc"),
        (Names.UNCLEAR, "near", "same", "ask", "unclear_names"),
        (Names.UNCLEAR, "equal", "same", "accept", "same_isrc"),
        (Names.VERSION, "equal", "none", "reject", "other_version"),
        (Names.VERSION, "equal", "same", "ask", "same_isrc_but_other_version"),
        (Names.PART, "equal", "same", "ask", "same_isrc_but_other_part"),
        (Names.DIFFERENT, "equal", "same", "ask", "same_isrc_but_other_song"),
        (Names.DIFFERENT, "none", "none", "reject", "other_song"),
    ],
)
def test_names_lengths_and_isrcs_decide_together(
    names: Names, length: str, isrc: str, decision: str, rule: str
) -> None:
    """F1, F2: the whole table without sound; what contradicts is asked."""
    found = decide(names, LENGTHS[length], ISRCS[isrc])
    assert (found.decision, found.rule) == (decision, rule)


@pytest.mark.parametrize(
    ("names", "sound", "isrc", "decision", "rule"),
    [
        (Names.SAME, "same", "none", "accept", "same_audio"),
        (Names.SAME, "same", "other", "accept", "same_audio"),
        (Names.SAME, "unclear", "none", "ask", "unclear_audio"),
        (Names.SAME, "unclear", "same", "ask", "unclear_audio"),
        (Names.SAME, "different", "none", "reject", "other_audio"),
        (Names.SAME, "different", "same", "ask", "same_isrc_but_other_audio"),
        (Names.SAME, "short", "none", "accept", "names_and_duration"),
        (Names.SAME, "broken", "none", "accept", "names_and_duration"),
        (Names.UNCLEAR, "same", "none", "accept", "same_audio"),
        (Names.UNCLEAR, "unclear", "none", "ask", "unclear_audio"),
        (Names.VERSION, "same", "none", "ask", "same_audio_but_other_version"),
        (Names.VERSION, "different", "none", "reject", "other_audio"),
        (Names.PART, "same", "same", "ask", "same_audio_but_other_part"),
        (Names.DIFFERENT, "same", "none", "ask", "same_audio_but_other_song"),
        (Names.DIFFERENT, "unclear", "none", "reject", "other_song"),
    ],
)
def test_names_and_sound_decide_together(names: Names, sound: str, isrc: str, decision: str, rule: str) -> None:
    """F4, F18: sound confirms names and contradicts them; a version is never accepted for its sound."""
    found = decide(names, heard(sound), ISRCS[isrc])
    assert (found.decision, found.rule) == (decision, rule)


@pytest.mark.parametrize("missing", [{"fingerprint": None}, {"audio_ms": None}])
def test_sound_that_was_not_heard_says_nothing(missing: dict[str, None]) -> None:
    """F4: no print, or no length of what it was taken from, is no evidence either way."""
    one, other = heard("different")
    for facts in ((one | missing, other), (one, other | missing)):
        assert decide(Names.SAME, facts).decision is not Decision.REJECT


@pytest.mark.parametrize("names", list(Names))
def test_the_same_bytes_are_certain(names: Names) -> None:
    """Design §5, F5: the same content is one recording, whatever the names, lengths and ISRCs say."""
    found = decide(names, AGREEING["bytes"], LENGTHS["differs"], ISRCS["other"])
    assert (found.decision, found.rule) == (Decision.ACCEPT, "same_bytes")


@pytest.mark.parametrize("names", list(Names))
def test_one_id_is_enough_where_nothing_rejects(names: Names) -> None:
    """F2: an address beside a name of another song is asked, for somebody may have written it there."""
    found = decide(names, AGREEING["id"], LENGTHS["near"], ISRCS["other"])
    if names in (Names.SAME, Names.UNCLEAR):
        assert (found.decision, found.rule) == (Decision.ACCEPT, "same_id")
        assert decide(names, AGREEING["id"], LENGTHS["differs"]).rule == "same_id_but_other_length"
    else:
        assert found.decision is Decision.ASK
        assert found.rule.startswith("same_id_but_other_")


@pytest.mark.parametrize("names", [Names.VERSION, Names.PART, Names.DIFFERENT])
@given(chosen=st.sets(st.sampled_from(sorted(set(AGREEING) - {"id", "bytes"}))), accept_from=st.floats(-50, 8))
def test_no_score_accepts_another_version(names: Names, chosen: set[str], accept_from: float) -> None:
    """F9, F18: versions, parts and other songs pass no gate, however much agrees and however little is asked."""
    policy = msgspec.structs.replace(DEFAULT, accept_from=accept_from)
    found = decide(names, *(AGREEING[name] for name in sorted(chosen)), policy=policy)
    assert found.decision is not Decision.ACCEPT


@given(
    names=st.sampled_from((Names.SAME, Names.UNCLEAR)),
    chosen=st.sets(st.sampled_from(("album", "year"))),
    accept_from=st.floats(-50, 8),
    weight=st.floats(0, 50),
)
def test_names_never_accept_alone(names: Names, chosen: set[str], accept_from: float, weight: float) -> None:
    """F1: names, album and year are names; without length, id, ISRC or sound nothing is accepted, at any weight."""
    weights = Weights(names_same=weight, artists_agree=weight, album_agrees=weight, year_agrees=weight)
    policy = msgspec.structs.replace(DEFAULT, accept_from=accept_from, weights=weights)
    found = decide(names, *(AGREEING[name] for name in sorted(chosen)), policy=policy)
    assert found.decision is Decision.ASK


LONGER = (heard("same")[0], heard("different")[1] | {"audio_ms": MUSIC_MS + 60_000})
FACTS = st.sampled_from(
    (NOTHING, LONGER, *LENGTHS.values(), *ISRCS.values(), *(heard(level) for level in PRINTS), *AGREEING.values())
)


@given(names=st.sampled_from(list(Names)), facts=st.lists(FACTS, max_size=4))
def test_a_decision_is_the_sum_of_its_evidence_either_way_round(
    names: Names, facts: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    """Deterministic and symmetric; the score is what the listed pieces add up to, and the policy is named."""
    one, other = things(PAIRS[names], *joined(*facts))
    there, back = judge(one, other), judge(other, one)
    assert there == judge(one, other)
    assert (there.decision, there.names, there.rule, there.score) == (back.decision, back.names, back.rule, back.score)
    assert [(piece.feature, piece.weight) for piece in there.evidence] == [
        (piece.feature, piece.weight) for piece in back.evidence
    ]
    assert there.score == round(sum(piece.weight for piece in there.evidence), 2)
    assert there.policy_version == DEFAULT.version
    assert len({piece.feature for piece in there.evidence}) == len(there.evidence)
    assert all(piece.detail for piece in there.evidence)


@given(names=st.sampled_from(list(Names)), facts=st.lists(FACTS, max_size=3), more=st.sampled_from(sorted(AGREEING)))
def test_more_that_agrees_never_speaks_against(
    names: Names, facts: list[tuple[dict[str, Any], dict[str, Any]]], more: str
) -> None:
    """Monotone: a further agreement on what was unknown never turns an acceptance into less."""
    before = joined(*facts)
    added = joined(before, AGREEING[more])
    known = before[0].keys() & AGREEING[more][0].keys() or before[1].keys() & AGREEING[more][0].keys()
    lengths = {"duration_ms", "audio_ms"}
    if known or (more in ("duration", "audio") and lengths & (before[0].keys() | before[1].keys())):
        return
    one, other = judge(*things(PAIRS[names], *before)), judge(*things(PAIRS[names], *added))
    assert RANK[other.decision] >= RANK[one.decision]


@given(names=st.sampled_from(list(Names)), facts=st.lists(FACTS, max_size=4))
def test_sound_that_cannot_matter_need_not_be_heard(
    names: Names, facts: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    """G15: left out where it is sure to change nothing, the sound changes no decision."""
    pair = things(PAIRS[names], *joined(*facts))
    longer = things(PAIRS[names], *LONGER)
    assert "audio" in {piece.feature for piece in judge(*longer).evidence}
    assert "audio" not in {piece.feature for piece in judge(*longer, all_evidence=False).evidence}
    assert judge(*pair, all_evidence=False).decision is judge(*pair).decision


def test_in_a_whole_crate_what_begins_differently_is_not_heard_further() -> None:
    """F1: half a minute that is another one is another version there; asked about one pair, all of it is heard."""
    opening = encode((*synthetic(99, 300), *MUSIC[300:]))
    pair = things(
        SAME, {"fingerprint": encode(MUSIC), "audio_ms": MUSIC_MS}, {"fingerprint": opening, "audio_ms": MUSIC_MS}
    )
    assert (judge(*pair).decision, judge(*pair).rule) == (Decision.ASK, "unclear_audio")
    crate = judge(*pair, all_evidence=False)
    assert (crate.decision, crate.rule) == (Decision.REJECT, "other_audio")
    assert "begin differently" in crate.evidence[-1].detail


@pytest.mark.parametrize("opening", [(7,) * 300, MUSIC[:300]], ids=["silence", "the same"])
def test_an_opening_that_leaves_it_open_is_heard_further(opening: tuple[int, ...]) -> None:
    """A silent beginning, or one that agrees, decides nothing: the whole does."""
    prints = [encode((*opening, *rest[300:])) for rest in (MUSIC, synthetic(99, len(MUSIC)))]
    facts = [{"fingerprint": each, "audio_ms": MUSIC_MS} for each in prints]
    pair = things(SAME, *facts)
    assert judge(*pair, all_evidence=False) == judge(*pair)


@pytest.mark.parametrize("lacking", [{"fingerprint": None}, {"fingerprint": "damaged"}, {"audio_ms": None}])
def test_in_a_whole_crate_sound_that_was_not_heard_says_nothing(lacking: dict[str, Any]) -> None:
    """What cannot be read is no evidence either way."""
    known = {"fingerprint": encode(MUSIC), "audio_ms": MUSIC_MS}
    pair = things(SAME, known, {**known, **lacking})
    assert "audio" not in {piece.feature for piece in judge(*pair, all_evidence=False).evidence}


def test_what_titles_and_artists_say_is_weighed() -> None:
    """Each thing that names can say of artists and titles has its own line."""
    assert _features(("Foo - Numb", "Foo - Numb")) == {"names": 4.0, "artist": 2.0}
    assert _features(("Numb Rivers Run", "Numb Rivers Run!")) == {"names": 4.0, "title": 0.5}
    assert _features(("Foo - Numb Rivers", "Numb Rivers")) == {"names": 4.0, "artist": 0.5}
    assert _features(("Break - Numb", "Break Science - Numb")) == {"names": 1.0, "artist": -1.0}
    assert _features(("Foo - Numb", "Bar - Numb")) == {"names": -8.0, "artist": -4.0}
    assert _features(("Home", "Home")) == {"names": 1.0}


def _features(pair: tuple[str, str]) -> dict[str, float]:
    return {piece.feature: piece.weight for piece in judge(*things(pair)).evidence}


def test_an_album_agrees_however_it_is_written() -> None:
    """Noise and case of an album are noise; another album says nothing, a record is on many."""
    assert "album" in _seen({"album": "Bleach"}, {"album": "BLEACH [FLAC]"})
    assert "album" not in _seen({"album": "Bleach"}, {"album": "Nevermind"})
    assert "album" not in _seen({"album": "Bleach"}, {})
    assert "year" not in _seen({"year": 1989}, {"year": 1991})


def _seen(a: dict[str, Any], b: dict[str, Any]) -> set[str]:
    return {piece.feature for piece in judge(*things(SAME, a, b)).evidence}


def test_a_policys_name_changes_with_every_field() -> None:
    """M12: a decision names the policy that made it; no two policies share a name."""
    policies = [DEFAULT]
    for field, value in msgspec.to_builtins(DEFAULT).items():
        if isinstance(value, dict):
            part = getattr(DEFAULT, field)
            changed = [msgspec.structs.replace(part, **{name: weight + 1.0}) for name, weight in value.items()]
        else:
            changed = [f"{value}!" if isinstance(value, str) else value + 1.0]
        policies += [msgspec.structs.replace(DEFAULT, **{field: each}) for each in changed]
    assert len({policy.version for policy in policies}) == len(policies)
    assert MatchingPolicy().version == DEFAULT.version


def test_what_a_person_chose_to_be_asked_about_is_asked_whatever_agrees() -> None:
    """F9: one muted word is not heard, so neither sound nor ISRC nor length says that explicit is clean."""
    explicit = Thing(key="a", title="Flume - Say It (Explicit)", isrcs=("DEA123400001",), duration_ms=200_000)
    clean = Thing(key="b", title="Flume - Say It (Clean)", isrcs=("DEA123400001",), duration_ms=200_000)
    asked = judge(explicit, clean)
    assert (asked.names, asked.decision, asked.rule) == (Names.UNCLEAR, Decision.ASK, "by_choice")
    assert judge(explicit, clean, MatchingPolicy(explicit="same")).decision is Decision.ACCEPT
    assert judge(explicit, clean, MatchingPolicy(explicit="different")).decision is Decision.ASK
    assert judge(explicit, explicit).decision is Decision.ACCEPT
