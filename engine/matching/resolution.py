"""What a search offers for a recording that has no audio: what to ask for, what each offer is, and which one to take.

The one matcher judges (`decision`); what stands here are gates that a search needs beside it, because a search shows
what is popular, not what is meant (F18): uploads that were sped up or sung by others, copies of copies, mixes. There
is no best of the rest (P2). Asks nobody, and takes no name for proof of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from engine.domain.addresses import canonical_address
from engine.domain.events import TrackSeen
from engine.domain.failure import Availability
from engine.domain.recording_events import Evidence
from engine.domain.value import Value
from engine.matching.decision import judge
from engine.matching.dressing import Shown, undressed
from engine.matching.folding import plain
from engine.matching.made_over import made_over
from engine.matching.mixes import MIX_MINUTES, is_mix
from engine.matching.names import DISTINCTIVE, compare_names
from engine.matching.parsing import ParsedName, Role, parse
from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.matching.spelling import written_alike
from engine.matching.things import Decision, Judgement, Names, Thing
from engine.matching.tokens import tokens
from engine.matching.words import FEATURING, LABELS, UPLOADERS, VERSIONS


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


RULES = 2
"""Counts what is said here of offers; what was decided by an earlier count is looked for again."""

SEARCH = "search"
"""The feature of what a search adds to a judgement; a question that carries it waits for a person alone."""

GIVING = (Availability.AVAILABLE, Availability.GEO_BLOCKED)
"""What gives audio, the better first; nothing else is ever chosen."""

PROVEN = frozenset({"same_id", "same_isrc", "same_bytes"})
"""Rules that rest on more than names and lengths."""

CONTRADICTED = "_but_"
"""Stands in the rule of a question that proof and refutation of one pair make."""

TITLE_PREFIX = "title:"
"""How an entry of a blocklist begins that is about titles."""

ASK_FROM = 2.0
"""Below this score nobody is asked: a search shows ten things that share a word."""
ASKED_MAX = 3
QUERY_MAX = 120

_TREATED = _words(
    "nightcore daycore slowed reverb sped 8d 9d 16d karaoke cover covers tribute tributes instrumentals acapellas",
    "mashups bootlegs",
)
"""What an uploader's name, a genre or an album says was done to everything in it."""
_COPIED = _words(
    "reupload reuploads reuploaded reup repost reposts reposted rip rips leak leaks leaked archive archives unofficial",
    "fanmade backup",
)
"""What says that somebody else put it there."""
_CHANNEL = UPLOADERS | LABELS
_ASKED_FOR = (Role.ARTIST, Role.CREDITED, Role.TITLE, Role.BEFORE_VERSION, Role.VERSION, Role.PART)


class Gates(Value, frozen=True):
    """What is never taken, whatever else agrees.

    Attributes:
        blocked: names of uploaders, parts of addresses or, after `title:`, words of titles.
        mix_minutes: from this length on, a piece may be a mix.
    """

    blocked: tuple[str, ...] = ()
    mix_minutes: float = MIX_MINUTES


_OPEN = Gates()


class Judged(Value, frozen=True):
    """One offer, and what was made of it.

    Attributes:
        track: as its source shows it.
        thing: as the matcher took it, without what uploaders write around a name.
        official: whoever plays uploaded it, or their publisher did.
    """

    track: TrackSeen
    thing: Thing
    judgement: Judgement
    official: bool = False

    @property
    def accepted(self) -> bool:
        """Whether it is the recording that is sought."""
        return self.judgement.decision is Decision.ACCEPT

    @property
    def doubtful(self) -> bool:
        """Whether a person has to say."""
        return self.judgement.decision is Decision.ASK

    @property
    def gives(self) -> bool:
        """Whether audio can be had of it."""
        return self.track.availability in GIVING

    @property
    def worth(self) -> tuple[int, int, bool, bool, float, str]:
        """Where it stands among offers; the best comes first: by decision, availability, evidence, score."""
        place = GIVING.index(self.track.availability) if self.gives else len(GIVING)
        decision, proven = _BEST_FIRST.index(self.judgement.decision), self.judgement.rule in PROVEN
        return (decision, place, not proven, not self.official, -self.judgement.score, self.track.ref)


_BEST_FIRST = (Decision.ACCEPT, Decision.ASK, Decision.REJECT)


class Choice(Value, frozen=True):
    """What follows from offers: one to take, some to ask about, or neither."""

    taken: Judged | None = None
    asked: tuple[Judged, ...] = ()


# --- asking --------------------------------------------------------------------------------------------------------


def queries(sought: Thing) -> tuple[str, ...]:
    """Give what to ask a search for: artist, title and version as they are written, then the same more loosely.

    The second is for when the first finds nothing: one artist, no bracket that says nothing known, no spelling.
    """
    name = parse(sought.title, sought.artist)
    first = set(tokens(_GUESTS.split(sought.artist or "")[0]))
    others = set(tokens(sought.artist or "")) - first - set(name.title)
    asked_for = [word.text for word in name.words if word.role in _ASKED_FOR]
    loose = [word for word in _artist_first(name) if word not in others]
    strict = _as_written(f"{sought.artist or ''} {sought.title}", {*asked_for, *name.of(Role.EXTRA)}, name.title)
    cut = (" ".join(words)[:QUERY_MAX].strip() for words in (strict, loose))
    distinct = {query.casefold(): query for query in reversed(tuple(cut)) if query}
    return tuple(reversed(distinct.values()))


_GUESTS = re.compile(r"\s*[,;]\s*|\s+(?:x|vs\.?|feat\.?|ft\.?|featuring|with)\s+", re.IGNORECASE)
_WITH = re.compile(r"\b(?:with\s|w/)([^()\[\]]+)", re.IGNORECASE)
_AROUND = '()[]{}<>"“”,;:|*~!?-–—'
_WHO = (Role.ARTIST, Role.CREDITED)


def _artist_first(name: ParsedName) -> tuple[str, ...]:
    what = tuple(role for role in _ASKED_FOR if role not in _WHO)
    return tuple(dict.fromkeys((*name.of(*_WHO), *name.of(*what))))


def _as_written(text: str, kept: set[str], title: Sequence[str]) -> list[str]:
    """Give the pieces of a text that hold words to ask for, each once; nothing where that loses some of the title."""
    said: set[str] = set()
    pieces: list[str] = []
    for piece in plain(text).replace("_", " ").split():
        words = set(tokens(piece)) & kept
        if words - said and (bare := piece.strip(_AROUND)):
            pieces.append(bare)
        said |= words
    return pieces if said.issuperset(title) else []


# --- judging -------------------------------------------------------------------------------------------------------


def judge_candidates(
    sought: Sequence[Thing], offered: Iterable[TrackSeen], policy: MatchingPolicy = DEFAULT, gates: Gates = _OPEN
) -> tuple[Judged, ...]:
    """Judge what a search offers, the best first.

    Args:
        sought: the recording, and each thing it was seen as when those are several: an offer has to agree with all.
        offered: what was found; one ref counts once.
        policy: how evidence decides.
        gates: what is never taken.
    """
    distinct = {track.ref: track for track in reversed(tuple(offered))}
    judged = (_judged(sought, track, policy, gates) for track in distinct.values())
    return tuple(sorted(judged, key=lambda each: each.worth))


def offered_thing(track: TrackSeen) -> Thing:
    """Give what a source shows of one track, as the matcher takes it."""
    address = canonical_address(track.url)
    return Thing(
        key=track.ref,
        title=track.title,
        artist=track.artist,
        album=track.album,
        duration_ms=track.duration_ms,
        ids=tuple(sorted({track.ref, *([address] if address.startswith("https://") else [])})),
        isrcs=(track.isrc,) if track.isrc else (),
    )


def _judged(sought: Sequence[Thing], track: TrackSeen, policy: MatchingPolicy, gates: Gates) -> Judged:
    bare = _undressed(sought[0], track)
    thing = offered_thing(bare)
    judgement = _together([judge(each, thing, policy) for each in sought])
    if judgement.decision is not Decision.ACCEPT and _only_uploaded(bare):
        judgement = _without_uploader(sought, replace(thing, artist=None), judgement, policy)
    if not judgement.rule.startswith("same_id"):  # an address beside a name is somebody's word for this very upload
        judgement = _gated(sought[0], bare, judgement, policy, _refused(sought[0], track, gates))
    return Judged(track=track, thing=thing, judgement=judgement, official=_is_official(bare))


def _undressed(sought: Thing, track: TrackSeen) -> TrackSeen:
    said = Shown(track.artist, track.title)
    bare = undressed(said, sought, uploader=track.uploader, label=track.label)
    return track if bare == said else replace(track, artist=bare.artist, title=bare.title)


def _together(judgements: Sequence[Judgement]) -> Judgement:
    """Give the judgement of the whole, and ask where any part of it says otherwise."""
    whole, *parts = judgements
    against = next((part for part in parts if part.decision is Decision.REJECT), None)
    if against is None or whole.decision is not Decision.ACCEPT:
        return whole
    return _held(whole, Decision.ASK, f"it was also seen as something that speaks against it: {against.rule}")


def _only_uploaded(track: TrackSeen) -> bool:
    """Whether all that says who plays is the name of whoever uploaded it."""
    by_uploader = tokens(track.artist or "") == tokens(track.uploader or "")
    return bool(track.artist) and by_uploader and not track.credits and not parse(track.title).artists


def _without_uploader(sought: Sequence[Thing], thing: Thing, as_artist: Judgement, policy: MatchingPolicy) -> Judgement:
    """Judge an upload whose uploader is somebody else: a label's or a channel's is no contradiction by itself (F73)."""
    judgement = _together([judge(each, thing, policy) for each in sought])
    if judgement.decision is Decision.ACCEPT and judgement.rule in PROVEN:
        return judgement
    same_length = any(piece.feature == "duration" and piece.weight > 0 for piece in judgement.evidence)
    if judgement.decision is Decision.REJECT or judgement.names is not Names.SAME or not same_length:
        return as_artist
    return _held(judgement, Decision.ASK, "whoever uploaded it may be who plays")


def _gated(sought: Thing, track: TrackSeen, judgement: Judgement, policy: MatchingPolicy, refused: str) -> Judgement:
    if judgement.decision is Decision.REJECT:
        more = _says_all(sought, track, judgement)
        if not more or refused or _another(sought, track):
            return judgement
        return _held(judgement, Decision.ASK, f"it says all that is sought, and more: {more}")
    contradicted = CONTRADICTED in judgement.rule
    beside_proof = "" if contradicted else _another(sought, track) or _somebody_else(sought, track, policy)
    if why := refused or beside_proof:
        return _held(judgement, Decision.REJECT, why)
    if judgement.decision is Decision.ACCEPT and (why := _unsure(sought, track, judgement, policy)):
        return _held(judgement, Decision.ASK, why)
    if judgement.decision is Decision.ASK and judgement.score < ASK_FROM and not contradicted:
        return _held(judgement, Decision.REJECT, "too little speaks for it to ask anybody")
    return judgement


def _refused(sought: Thing, track: TrackSeen, gates: Gates) -> str:
    """Say why an offer is never taken; empty where nothing speaks against it."""
    own = {*tokens(sought.title), *tokens(sought.artist or "")}
    if word := next((word for word in gates.blocked if _is_blocked(word, track, own)), ""):
        return f"blocked: {word}"
    if is_mix(track.title, track.duration_ms, gates.mix_minutes, track.artist):
        return "a mix or a live set"
    treated = _TREATED.intersection(_said_around(track)) - own
    return f"an uploader, a genre or an album of: {' '.join(sorted(treated))}" if treated else ""


def _is_blocked(blocked: str, track: TrackSeen, own: set[str]) -> bool:
    """Whether a person wants nothing of an uploader, an address or, after `title:`, of titles that say some words."""
    if blocked.startswith(TITLE_PREFIX):
        words = tokens(blocked.removeprefix(TITLE_PREFIX))
        return bool(words) and _says(track.title, words) and not own.issuperset(words)
    words = tokens(blocked)
    return bool(words) and (_says(track.uploader or "", words) or blocked.strip().casefold() in track.url.casefold())


def _says(text: str, words: tuple[str, ...]) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(tokens(text))} "


def _says_all(sought: Thing, track: TrackSeen, judgement: Judgement) -> str:
    """Give what an offer of the very length says besides all that is sought, if that is nothing known."""
    equally_long = any(each.feature == "duration" and each.weight > 0 for each in judgement.evidence)
    said = tokens(f"{track.artist or ''} {track.title}")
    who = tokens(_GUESTS.split(sought.artist or "")[0])
    more = [word for word in said if word not in {*tokens(sought.title), *tokens(sought.artist or "")}]
    whole = bool(who) and {*who, *tokens(sought.title)} - FEATURING <= set(said)
    unknown = VERSIONS.isdisjoint(more) and not any(word.isdecimal() for word in more)
    return " ".join(more) if equally_long and whole and unknown else ""


def _another(sought: Thing, track: TrackSeen) -> str:
    """Say what an offer's title says was done to the song."""
    return made_over(f"{track.artist or ''} - {track.title}", f"{sought.artist or ''} - {sought.title}")


def _somebody_else(sought: Thing, track: TrackSeen, policy: MatchingPolicy) -> str:
    """Say so where an offer's title names who plays, and nothing about it names who is sought."""
    if compare_names(parse(sought.title, sought.artist), parse(track.title, track.artist), policy).artists != "similar":
        return ""
    who = set(tokens(sought.artist or ""))
    shown = {*tokens(track.title), *tokens(track.artist or ""), *tokens(track.uploader or "")}
    spelled_alike = all(word.isascii() for word in who | shown)
    return "its title names somebody else" if who and spelled_alike and who.isdisjoint(shown) else ""


def _unsure(sought: Thing, track: TrackSeen, judgement: Judgement, policy: MatchingPolicy) -> str:
    """Say why what the matcher accepts is not taken without a person; empty where nothing is in doubt."""
    if judgement.rule in PROVEN:
        return ""
    own = {*tokens(sought.title), *tokens(sought.artist or "")}
    copied = _COPIED.intersection((*_said_around(track), *tokens(track.title))) - own
    if copied:
        return f"somebody else's copy: {' '.join(sorted(copied))}"
    ours, theirs = parse(sought.title, sought.artist), parse(track.title, track.artist)
    if more := _more_said(ours, theirs, own):
        return f"its title says more: {more}"
    if company := _company(track.title, own):
        return f"its title says with whom: {company}"
    peculiar = min(ours.content, theirs.content) >= DISTINCTIVE
    who = compare_names(ours, theirs, policy).artists
    return "" if who == "agree" or (who == "none" and peculiar) else "only one of them says who plays"


def _more_said(ours: ParsedName, theirs: ParsedName, own: set[str]) -> str:
    """Give the numbers, and what stands among guests where both name some, that the sought name says nowhere."""
    words, others = written_alike(ours, theirs)
    known, guests = {*own, *(word.text for word in words)}, bool(ours.of(Role.FEATURED))
    more = (
        word.text
        for word in others
        if word.text not in known
        and ((word.text.isdecimal() and word.role is not Role.NOISE) or (guests and word.role is Role.FEATURED))
    )
    return " ".join(dict.fromkeys(more))


def _company(title: str, own: set[str]) -> str:
    """Give who a title says that a song is played with, of whom the sought name says nothing."""
    said = tokens(" ".join(_WITH.findall(title)))
    return " ".join(word for word in said if word not in own)


def _said_around(track: TrackSeen) -> tuple[str, ...]:
    return tokens(" ".join(filter(None, (track.uploader, track.genre, track.album, track.label))))


def _is_official(track: TrackSeen) -> bool:
    """Whether whoever plays uploaded it, or their publisher did."""
    who, by = set(tokens(track.artist or "")), set(tokens(track.uploader or ""))
    return bool(track.isrc or track.credits) or bool(who and who <= by and by - who <= _CHANNEL)


def _held(judgement: Judgement, decision: Decision, why: str) -> Judgement:
    evidence = (*judgement.evidence, Evidence(feature=SEARCH, weight=0.0, detail=why))
    return replace(judgement, decision=decision, rule=SEARCH, evidence=evidence)


# --- choosing ------------------------------------------------------------------------------------------------------


def choose(judged: Sequence[Judged], policy: MatchingPolicy = DEFAULT) -> Choice:
    """Give which of several offers to take, or which to ask about; what gives no audio is neither.

    The best that is accepted is taken, unless another that is accepted is not the same recording.
    """
    giving = sorted((each for each in judged if each.gives), key=lambda each: each.worth)
    accepted = [each for each in giving if each.accepted]
    proven = [each for each in accepted if each.judgement.rule in PROVEN]
    pool = proven or accepted
    if pool and not any(_disagree(pool[0], other, policy) for other in pool[1:]):
        return Choice(taken=pool[0])
    return Choice(asked=tuple(pool or [each for each in giving if each.doubtful])[:ASKED_MAX])


def _disagree(one: Judged, other: Judged, policy: MatchingPolicy) -> bool:
    said = judge(one.thing, other.thing, policy)
    return said.decision is Decision.REJECT or said.rule == "other_isrc"
