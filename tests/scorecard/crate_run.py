"""F1 again: what the matcher would throw out of a crate of 21,000 items, judged by the truth and by nothing of its own.

`run_crate(seed, n)` goes the whole way: keys, blocks, judgements over names, durations and sound, cliques, and of each
clique the best file kept. Prints are made up as real ones behave, only where two names meet: others are never read.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.domain.quality import Quality, quality
from engine.domain.recording_events import Audio
from engine.matching.blocking import pairs_within
from engine.matching.decision import judge
from engine.matching.fingerprint import WORD_S, encode
from engine.matching.grouping import cliques
from engine.matching.keys import keys_of
from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.matching.things import Decision, Thing
from tests.scorecard.crates import Item, crate
from tests.scorecard.prints import reencoded, synthetic

MS = 1000
HEARD_S_MAX = 900.0
"""A file's fingerprints end here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One item that would go, and the one that would stay for it."""

    removed: Item
    kept: Item

    @property
    def false(self) -> bool:
        """Whether the two are two recordings."""
        return self.removed.recording != self.kept.recording

    @property
    def worse_kept(self) -> bool:
        """Whether what goes is truly better than what stays (F21)."""
        gone, kept = self.removed, self.kept
        if gone.lossless or kept.lossless:
            return not kept.lossless
        return gone.file_format == kept.file_format == "mp3" and gone.bitrate_bps > kept.bitrate_bps


@dataclass(frozen=True, slots=True, kw_only=True)
class CrateReport:
    """What a run over a crate came to.

    Attributes:
        compared: pairs of things that were judged.
        duplicates: items there are beyond one of each recording.
        false: removals of what is another recording than what stays.
        worse_kept: removals of what is better than what stays.
        missed: true duplicates that would stay, by the rule that kept them apart, or "never met".
        asked: pairs a person would be asked about.
        seconds: of the processor by stage; making prints is no part of matching.
    """

    items: int
    compared: int
    duplicates: int
    removals: tuple[Removal, ...]
    false: tuple[Removal, ...]
    worse_kept: tuple[Removal, ...]
    missed: Mapping[str, int]
    asked: int
    contradictions: int
    seconds: Mapping[str, float]

    @property
    def found(self) -> float:
        """The share of true duplicates that would go."""
        true = len(self.removals) - len(self.false)
        return true / self.duplicates if self.duplicates else 1.0

    @property
    def matching_s(self) -> float:
        """How long all took but making prints."""
        return sum(spent for stage, spent in self.seconds.items() if stage != "prints")


def run_crate(
    seed: int, n: int = 21_000, policy: MatchingPolicy = DEFAULT, heard_s_max: float = HEARD_S_MAX
) -> CrateReport:
    """Match a generated crate with itself, and compare what would be removed with the truth.

    Args:
        seed: of the crate.
        n: how many items it has.
        policy: how evidence decides.
        heard_s_max: where fingerprints end; older ones ended after 120 s.
    """
    items = crate(seed, n)
    stages = _Stages()
    silent = [_thing(item) for item in items]
    keys = [keys_of(each) for each in silent]
    stages.done("names")
    pairs = list(pairs_within(keys))
    stages.done("blocks")
    things = list(silent)
    for place, fingerprint in _fingerprints(items, _heard(items, pairs, policy), heard_s_max):
        things[place] = _thing(items[place], fingerprint)
    stages.done("prints")
    judged = {(a, b): judge(things[a], things[b], policy, all_evidence=False) for a, b in pairs}
    stages.done("judgements")
    by_key = {item.key: item for item in items}
    accepted = {(items[a].key, items[b].key): said.score for (a, b), said in judged.items() if _is(said.decision)}
    refused = [(items[a].key, items[b].key) for (a, b), said in judged.items() if said.decision is Decision.REJECT]
    grouping = cliques(by_key, accepted, refused)
    stages.done("groups")
    removals = tuple(_removals([[by_key[key] for key in group] for group in grouping.groups]))
    return CrateReport(
        items=len(items),
        compared=len(pairs),
        duplicates=len(items) - len({item.recording for item in items}),
        removals=removals,
        false=tuple(each for each in removals if each.false),
        worse_kept=tuple(each for each in removals if each.worse_kept),
        missed=_missed(items, removals, {pair: said.rule for pair, said in judged.items()}),
        asked=sum(said.decision is Decision.ASK for said in judged.values()),
        contradictions=len(grouping.contradictions),
        seconds=stages.seconds,
    )


def said_of_crate(report: CrateReport) -> str:
    """Say what a run came to, a line each; every false removal is named."""
    stages = ", ".join(f"{stage} {spent:.1f} s" for stage, spent in report.seconds.items() if stage != "prints")
    gone, false, worse = len(report.removals), len(report.false), len(report.worse_kept)
    lines = [
        f"- {report.items:,} items, {report.duplicates:,} of them true duplicates; {report.compared:,} pairs judged",
        f"- {gone:,} removals: {false} false, {worse} of a better file than the one kept",
        f"- {report.found:.2%} of the true duplicates found; {report.asked:,} pairs asked",
        f"- {report.contradictions:,} contradictions shown",
        f"- {report.matching_s:.1f} s beside fingerprinting: {stages}",
    ]
    lines += [f"- {counted} duplicates stay: {rule}" for rule, counted in sorted(report.missed.items())]
    return "\n".join([*lines, *(f"- FALSE: {_told(each)}" for each in report.false)])


class _Stages:
    """Processor seconds by stage: all is one thread, and other work on the machine would lengthen the clock's."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.process_time()

    def done(self, stage: str) -> None:
        now = time.process_time()
        self.seconds[stage], self._since = now - self._since, now


def _is(decision: Decision) -> bool:
    return decision is Decision.ACCEPT


def _thing(item: Item, fingerprint: str | None = None) -> Thing:
    duration_ms = round(item.duration_s * MS)
    return Thing(
        key=item.key,
        title=item.title,
        artist=item.artist,
        duration_ms=duration_ms,
        audio_ms=duration_ms,
        fingerprint=fingerprint,
    )


def _heard(items: Sequence[Item], pairs: Iterable[tuple[int, int]], policy: MatchingPolicy) -> set[int]:
    """Give the items that meet one which is as long by the policy."""
    heard: set[int] = set()
    for pair in pairs:
        one_s, other_s = (items[place].duration_s for place in pair)
        if abs(one_s - other_s) <= max(policy.near_s_max, policy.near_share * max(one_s, other_s)):
            heard.update(pair)
    return heard


def _fingerprints(items: Sequence[Item], heard: Iterable[int], heard_s_max: float) -> Iterator[tuple[int, str]]:
    """Give the fingerprints of some items, each made from its part of its sound."""
    parts = {place: _part(items[place], heard_s_max) for place in sorted(heard)}
    lengths: dict[int, int] = {}
    for place, part in parts.items():
        seed = items[place].print_seed
        lengths[seed] = max(part.stop, lengths.get(seed, 0))
    for place, part in parts.items():
        item = items[place]
        yield place, encode(reencoded(synthetic(item.print_seed, lengths[item.print_seed])[part], item.encode_seed))


def _part(item: Item, heard_s_max: float) -> slice:
    begin = round(item.print_begin_s / WORD_S)
    return slice(begin, begin + round(min(item.duration_s, heard_s_max) / WORD_S))


def _removals(groups: Iterable[Sequence[Item]]) -> Iterator[Removal]:
    for group in groups:
        kept = max(group, key=lambda item: (_measured(item), item.key))
        yield from (Removal(removed=item, kept=kept) for item in group if item is not kept)


def _measured(item: Item) -> Quality:
    """Give the quality as the engine sees it."""
    lossless = item.file_format in ("wav", "aiff", "flac")
    audio = Audio(
        format=item.file_format,
        codec={"m4a": "aac", "mp3": "mp3", "flac": "flac"}.get(item.file_format, "pcm_s16le"),
        duration_ms=round(item.duration_s * MS),
        bitrate_bps=item.bitrate_bps,
        lossless=lossless,
        lossy_origin=not item.lossless,
    )
    return quality(audio, item.size_bytes)


def _missed(items: Sequence[Item], removals: Sequence[Removal], rules: Mapping[tuple[int, int], str]) -> dict[str, int]:
    """Count the true duplicates that stay beside another, by the rule of a pair that kept them."""
    gone = {removal.removed.key for removal in removals if not removal.false}
    staying: defaultdict[int, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        if item.key not in gone:
            staying[item.recording].append(place)
    pairs = [(first, other) for first, *others in staying.values() for other in others]
    return dict(Counter(rules.get(pair, "never met") for pair in pairs))


def _told(removal: Removal) -> str:
    removed, kept = removal.removed, removal.kept
    return f"{removed.title} [{removed.artist}] goes for {kept.title} [{kept.artist}]"
