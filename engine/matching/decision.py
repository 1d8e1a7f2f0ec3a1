"""Accept, ask or reject: one decision over all the evidence there is about two things, with each part's share.

The score only says how much speaks for it. Gates come first, and no score passes them: a version, part or other
song by name is never accepted, names that are unclear need more than a duration, and what contradicts is asked.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import lru_cache

from engine.domain.recording_events import Evidence
from engine.matching.audio import AudioLevel, AudioVerdict, audio_verdict
from engine.matching.fingerprint import decode
from engine.matching.names import NamesVerdict, compare_names
from engine.matching.overlap import compare
from engine.matching.parsing import Role, parse
from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.matching.things import Decision, Judgement, Names, Thing

DECODED = 16_384
"""Prints kept, packed: 8 KB for four minutes."""
WORD_BYTES = 4
OPENING_WORDS = 240
"""Half a minute: in a whole crate, what begins differently is not heard further."""
OPENINGS = 4_096
SECOND_MS = 1_000
NAMES_AND_DURATION = "names_and_duration"
"""The rule of an acceptance that nothing proves: everything known agrees."""
BY_CHOICE = "by_choice"
"""The rule of a question that the policy wants asked, whatever the evidence."""

NAMES_ONLY = "names_only"
"""The rule of a question of which nothing speaks against an acceptance, and too little for it."""


def judge(a: Thing, b: Thing, policy: MatchingPolicy = DEFAULT, *, all_evidence: bool = True) -> Judgement:
    """Decide whether two things are one recording; the order of the two makes no difference to the decision.

    Args:
        a: one thing.
        b: the other.
        policy: how evidence decides.
        all_evidence: hear the sound even where it cannot change the decision, and all of it where two begin
            differently; over whole crates that takes hours.
    """
    case = _Case(policy=policy, said=_names(a, b, policy))
    case.weigh_names()
    case.weigh_ids(a, b)
    case.weigh_durations(a, b)
    if all_evidence or case.sound_matters(a, b):
        case.weigh_audio(a, b, all_of_it=all_evidence)
    case.weigh_release(a, b)
    decision, rule = case.decide()
    return Judgement(
        decision=decision,
        names=case.said.names,
        rule=rule,
        score=round(sum(piece.weight for piece in case.evidence), 2),
        evidence=tuple(case.evidence),
        policy_version=policy.version,
    )


def _names(a: Thing, b: Thing, policy: MatchingPolicy) -> NamesVerdict:
    return compare_names(parse(a.title, a.artist), parse(b.title, b.artist), policy)


@dataclass(slots=True, kw_only=True)
class _Case:
    """One decision in the making; lives inside one call of `judge`."""

    policy: MatchingPolicy
    said: NamesVerdict
    evidence: list[Evidence] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)  # rules that suffice where nothing contradicts
    certain: str = ""  # the rule that suffices whatever the rest says
    against: list[str] = field(default_factory=list)  # rules that reject
    doubts: list[str] = field(default_factory=list)  # rules that keep a score from accepting
    same_length: bool = False

    def add(self, feature: str, weight: float, detail: str) -> None:
        self.evidence.append(Evidence(feature=feature, weight=weight, detail=detail))

    def weigh_names(self) -> None:
        weights, said = self.policy.weights, self.said
        by_verdict = {
            Names.SAME: weights.names_same,
            Names.UNCLEAR: weights.names_unclear,
            Names.VERSION: weights.names_version,
            Names.PART: weights.names_part,
            Names.DIFFERENT: weights.names_different,
        }
        self.add("names", by_verdict[said.names], f"{said.names}: {'; '.join(said.reasons)}")
        by_artists = {
            "agree": (weights.artists_agree, "the artists agree"),
            "one": (weights.artist_on_one_side, "only one side names an artist"),
            "similar": (weights.artists_similar, "the artists may be others"),
            "disagree": (weights.artists_disagree, "the artists are others"),
        }
        if said.artists in by_artists:
            self.add("artist", *by_artists[said.artists])
        elif not said.bare:
            self.add("title", weights.distinctive_title, "a title of its own")
        if said.names in (Names.VERSION, Names.PART, Names.DIFFERENT):
            self.against.append(f"other_{_OTHER[said.names]}")
        elif said.names is Names.UNCLEAR:
            self.doubts.append("unclear_names")

    def weigh_ids(self, a: Thing, b: Thing) -> None:
        weights = self.policy.weights
        if shared := sorted(set(a.ids) & set(b.ids)):
            self.add("id", weights.same_id, shared[0])
            self.proofs.append("same_id")
        if hashes := sorted(set(a.content_hashes) & set(b.content_hashes)):
            self.add("bytes", weights.same_bytes, hashes[0])
            self.certain = "same_bytes"
        if isrcs := sorted(set(a.isrcs) & set(b.isrcs)):
            self.add("isrc", weights.same_isrc, isrcs[0])
            self.proofs.append("same_isrc")
        elif a.isrcs and b.isrcs:
            self.add("isrc", weights.other_isrc, f"{a.isrcs[0]} against {b.isrcs[0]}")
            self.doubts.append("other_isrc")

    def weigh_durations(self, a: Thing, b: Thing) -> None:
        one, other = a.audio_ms or a.duration_ms, b.audio_ms or b.duration_ms
        if not one or not other:
            return
        policy, weights = self.policy, self.policy.weights
        apart_s = abs(one - other) / SECOND_MS
        detail = f"{one / SECOND_MS:.1f} s against {other / SECOND_MS:.1f} s"
        if apart_s <= policy.agree_s_max:
            self.same_length = True
            equal = apart_s <= policy.equal_s_max
            self.add("duration", weights.duration_equal if equal else weights.duration_agrees, detail)
        elif apart_s <= max(policy.near_s_max, policy.near_share * max(one, other) / SECOND_MS):
            self.add("duration", weights.duration_near, detail)
            self.doubts.append("other_length")
        else:
            self.add("duration", weights.duration_differs, detail)
            self.against.append("other_length")

    def sound_matters(self, a: Thing, b: Thing) -> bool:
        """Say whether the sound could change the decision, or help the person who has to make it.

        A rejection that nothing contradicts yields to equal sound only, of one length.
        """
        apart_s = abs((a.audio_ms or 0) - (b.audio_ms or 0)) / SECOND_MS
        return not self.against or bool(self.proofs) or apart_s <= self.policy.audio.edge_s_max

    def weigh_audio(self, a: Thing, b: Thing, *, all_of_it: bool) -> None:
        verdict = None if all_of_it else _other_opening(a, b, self.policy)
        verdict = verdict or _heard(a, b, self.policy)
        if verdict is None:
            return
        weights = self.policy.weights
        weight, rules, rule = {
            AudioLevel.SAME: (weights.same_audio, self.proofs, "same_audio"),
            AudioLevel.DIFFERENT: (weights.other_audio, self.against, "other_audio"),
            AudioLevel.UNCLEAR: (weights.unclear_audio, self.doubts, "unclear_audio"),
        }[verdict.level]
        self.add("audio", weight, f"{verdict.level}: {'; '.join(verdict.reasons)}")
        rules.insert(0, rule)

    def weigh_release(self, a: Thing, b: Thing) -> None:
        weights = self.policy.weights
        if a.album and b.album and parse(a.album).of(*_TITLE) == parse(b.album).of(*_TITLE):
            self.add("album", weights.album_agrees, a.album)
        if a.year and a.year == b.year:
            self.add("year", weights.year_agrees, str(a.year))

    def decide(self) -> tuple[Decision, str]:
        """Give the decision and the rule that carried it."""
        if "same_id" in self.proofs and not self.against:
            self.certain = self.certain or "same_id"  # against it, an address is what somebody wrote beside a name (F2)
        if self.certain:
            return Decision.ACCEPT, self.certain
        if self.against:
            # What rejects against what proves is a contradiction: nobody but a person settles that.
            return (Decision.ASK, f"{self.proofs[0]}_but_{self.against[0]}") if self.proofs else self._rejected()
        if self.said.by_choice:
            return Decision.ASK, BY_CHOICE  # one word muted is not heard: the sound cannot tell clean from explicit
        enough = sum(piece.weight for piece in self.evidence) >= self.policy.accept_from
        if self.proofs and enough and "unclear_audio" not in self.doubts:
            return Decision.ACCEPT, self.proofs[0]
        if enough and self.same_length and not self.doubts:
            return Decision.ACCEPT, NAMES_AND_DURATION
        return Decision.ASK, (self.doubts or [NAMES_ONLY])[0]

    def _rejected(self) -> tuple[Decision, str]:
        return Decision.REJECT, self.against[0]


_OTHER = {Names.VERSION: "version", Names.PART: "part", Names.DIFFERENT: "song"}
_TITLE = tuple(role for role in Role if role is not Role.NOISE)


def _heard(a: Thing, b: Thing, policy: MatchingPolicy) -> AudioVerdict | None:
    """Say what the sound of two things says; nothing when either was never heard, or too little of it."""
    if not a.fingerprint or not b.fingerprint or not a.audio_ms or not b.audio_ms:
        return None
    one, other = _print(a.fingerprint), _print(b.fingerprint)
    if one is None or other is None:
        return None
    overlap = compare(one, other)
    if overlap.compared_s < policy.audio.compared_s_min:
        return None
    return audio_verdict(overlap, a.audio_ms, b.audio_ms, policy.audio)


def _other_opening(a: Thing, b: Thing, policy: MatchingPolicy) -> AudioVerdict | None:
    """Say that two sounds are others where their first half minutes are; nothing where those leave it open."""
    if not a.audio_ms or not b.audio_ms:
        return None
    one, other = _opening(a.fingerprint or ""), _opening(b.fingerprint or "")
    if one is None or other is None:
        return None
    overlap = compare(one, other)
    if overlap.compared_s < policy.audio.compared_s_min or overlap.similarity >= policy.audio.different_max:
        return None
    heard = f"they begin differently, {overlap.similarity:.1%} alike over {overlap.overlap_s:.0f} s"
    return AudioVerdict(level=AudioLevel.DIFFERENT, reasons=(heard,))


@lru_cache(maxsize=OPENINGS)
def _opening(fingerprint: str) -> tuple[int, ...] | None:
    return decode(fingerprint, OPENING_WORDS)


def _print(fingerprint: str) -> tuple[int, ...] | None:
    packed = _packed(fingerprint)
    return None if packed is None else struct.unpack(f"<{len(packed) // WORD_BYTES}I", packed)


@lru_cache(maxsize=DECODED)
def _packed(fingerprint: str) -> bytes | None:
    words = decode(fingerprint)
    return None if words is None else struct.pack(f"<{len(words)}I", *words)
