"""Match: ask directly whether two names, or two files, are one recording. Needs no journal and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from engine.domain.errors import UsageError
from engine.domain.failure import Problem
from engine.domain.value import Value
from engine.matching.decision import judge
from engine.matching.parsing import ParsedName, Role, parse
from engine.matching.policy import MatchingPolicy
from engine.matching.things import Judgement, Thing
from engine.ports import MediaTools

COLUMNS = ("a", "b")
OPTIONAL_COLUMNS = ("duration_a_s", "duration_b_s", "isrc_a", "isrc_b", "artist_a", "artist_b")
SECOND_MS = 1_000
_HINT = f"a table with tabs and a heading: {', '.join(COLUMNS)}, and if known {', '.join(OPTIONAL_COLUMNS)}"


class Parts(Value, frozen=True):
    """A name taken apart, for people: what was understood as what."""

    text: str
    artists: tuple[str, ...]
    title: str
    version: str
    part: str
    featured: str
    album: str
    extra: str
    noise: tuple[str, ...]


class Matched(Value, frozen=True):
    """Two things, how each was understood, and what was decided of them."""

    a: Parts
    b: Parts
    judgement: Judgement


class PairLine(Value, frozen=True):
    """What one line of a table of pairs comes to."""

    a: str
    b: str
    names: str
    decision: str
    rule: str
    score: float
    reasons: tuple[str, ...]
    parsed_a: Parts
    parsed_b: Parts


def match_things(a: Thing, b: Thing, policy: MatchingPolicy) -> Matched:
    """Say how two things are understood, and decide whether they are one recording."""
    return Matched(a=_parts(a), b=_parts(b), judgement=judge(a, b, policy))


def match_pairs(lines: Iterable[str], policy: MatchingPolicy) -> Iterator[PairLine]:
    """Give what each line of a table comes to, in its order.

    Raises:
        UsageError: the table has no columns `a` and `b`, or a line holds no number where a duration belongs.
    """
    for a, b in _things_of(lines):
        matched = match_things(a, b, policy)
        said = matched.judgement
        yield PairLine(
            a=a.title,
            b=b.title,
            names=said.names,
            decision=said.decision,
            rule=said.rule,
            score=said.score,
            reasons=tuple(f"{piece.feature} {piece.weight:+g}: {piece.detail}" for piece in said.evidence),
            parsed_a=matched.a,
            parsed_b=matched.b,
        )


def hear(path: Path, media: MediaTools, tags_of: Callable[[Path], Mapping[str, str]]) -> Thing | Problem:
    """Listen to a file and give what matching may know of it; the name is its tags', or its own."""
    audio = media.inspect(path)
    if isinstance(audio, Problem):
        return audio
    tags = tags_of(path)
    return Thing(
        key=str(path),
        title=tags.get("title") or path.stem,
        artist=tags.get("artist") or None,
        album=tags.get("album") or None,
        isrcs=(tags["isrc"],) if tags.get("isrc") else (),
        duration_ms=audio.duration_ms,
        content_hashes=(f"pcm:{audio.pcm_sha256}",) if audio.pcm_sha256 else (),
        fingerprint=audio.whole_fingerprint,
        audio_ms=audio.duration_ms,
    )


def _things_of(lines: Iterable[str]) -> Iterator[tuple[Thing, Thing]]:
    rows = ((number, line.rstrip("\r\n").split("\t")) for number, line in enumerate(lines, start=1))
    _, head = next(rows, (0, [""]))
    names = [name.removeprefix("\ufeff").strip() for name in head]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise UsageError(f"the table has no column `{missing[0]}`", hint=_HINT)
    for number, texts in rows:
        cells = {name: text.strip() for name, text in zip(names, texts, strict=False)}
        if not any(cells.values()):
            continue
        if "b" not in cells:
            raise UsageError(f"line {number} has one column only", hint=_HINT)
        yield _thing(cells, "a", number), _thing(cells, "b", number)


def _thing(cells: Mapping[str, str], side: str, line: int) -> Thing:
    isrc = cells.get(f"isrc_{side}", "").replace("-", "").upper()
    return Thing(
        key=side,
        title=cells.get(side, ""),
        artist=cells.get(f"artist_{side}") or None,
        isrcs=(isrc,) if isrc else (),
        duration_ms=_milliseconds(cells.get(f"duration_{side}_s", ""), line),
    )


def _milliseconds(text: str, line: int) -> int | None:
    if not text:
        return None
    try:
        milliseconds = round(float(text) * SECOND_MS)
    except (ValueError, OverflowError):
        raise UsageError(f"line {line}: `{text}` is no duration", hint="durations are seconds, such as 213.4") from None
    return milliseconds if milliseconds > 0 else None


def _parts(thing: Thing) -> Parts:
    name = parse(thing.title, thing.artist)
    return Parts(
        text=thing.title,
        artists=name.artists,
        title=_said(name, Role.TITLE, Role.BEFORE_VERSION),
        version=_said(name, Role.VERSION),
        part=_said(name, Role.PART),
        featured=_said(name, Role.FEATURED),
        album=_said(name, Role.ALBUM),
        extra=_said(name, Role.EXTRA),
        noise=name.noise,
    )


def _said(name: ParsedName, *roles: Role) -> str:
    return " ".join(name.of(*roles))
