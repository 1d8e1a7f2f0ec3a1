"""What an uploader writes around a name, taken off an offer before the matcher judges it. Pure.

Where it is known what is sought, more may go than from any name: promotion, catalogue numbers, who the lyrics are by.
Nothing goes that the sought name says too, and nothing that may be a version: a genre alone, a year, a bracket of
unknown words stay, and become a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from engine.matching.folding import plain
from engine.matching.noise import is_credit
from engine.matching.parsing import parse
from engine.matching.things import Thing
from engine.matching.tokens import tokens, units
from engine.matching.words import KNOWN_LABELS, LABELS, VERSIONS


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


DASH = " - "


class Shown(NamedTuple):
    """Who and what an offer says."""

    artist: str | None
    title: str


_SCREEN = _words(
    "official officiel officielle oficial ufficiale offizielles offizieller offiziell musik music musical video videos",
    "videoclip clip audio lyric lyrics lyrical letra letras paroles testo songtext текст visualizer visualiser",
    "visualizador visual mv hd hq uhd 4k 8k 1080p 720p upgrade upgraded new full song track stream premiere premiera",
    "премьера трека клипа песни клип in and with vevo exclusive",
)
"""Words of which a bracket consists that says how an upload shows itself."""
_SCREEN_ALONE = frozenset({"clip", "in", "and", "with", "new", "full", "visual"})
"""Of them those that say nothing of the kind without another."""
_RECORD = frozenset({"ep", "lp", "album", "soundtrack", "ost", "compilation"})
_GROUP = ("music", "group")
_HOUSES = frozenset((word,) for word in LABELS)
_WHOLE = frozenset({"full", "whole", "entire", "complete"})
_OFTEN_TITLES = _words("clean cover flip radio edit dirty explicit blend transition redo")
"""Version words that titles of records have: "Clean Slate EP"."""

_MADE_OVER = VERSIONS | _words("shorts short reels reel tiktok ringtone loop loops")
"""What says that it is a piece or another version, wherever it stands."""

_BRACKET = re.compile(r"[(\[{【]([^()\[\]{}【】]*)[)\]}】]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FREE = re.compile(
    r"\bfree\b.*\b(?:dl|download|d/l|release)\b|\bclick\s+buy\b|\bdl\s+in\s+(?:the\s+)?desc", re.IGNORECASE
)
_OUT = re.compile(r"^\W*(?:out|forthcoming|available|coming)\b(?:\s+(?:now|soon|on|\d)|\s*$)", re.IGNORECASE)
_CODE = r"(?:[A-Z]{2,8}[ -]?\d{2,4}[A-Z]{0,2}|[A-Z]\d{3})"
_CODE_ALONE = re.compile(_CODE)
_HEADS = (
    re.compile(rf"^{_CODE}\s*(?://|[|:\-])\s*(?=\S)"),
    re.compile(
        r"^\W*(?:[^\W\d_]{1,8}[\s:]+){0,2}premi[eè]re\b[\])\s]*(?:[:|!\-]+\s*|(?<=[\])])\s*)(?=\S)", re.IGNORECASE
    ),
    re.compile(r"^\W*(?:exclusive|free\s*(?:dl|download)|out\s+now)\b[\])\s]*[:|!\-]+\s*(?=\S)", re.IGNORECASE),
)
_TAILS = (
    re.compile(r"(?:\s+#[\w&]+)+\s*$"),
    re.compile(r"\s+(?:[|\-/]+\s*)?(?:with\s+)?(?:official\s+)?lyrics?(?:\s+video)?\W*$", re.IGNORECASE),
    re.compile(r"\s*[|*~\-/]+\s*(?:\d+k\s+)?free\s*(?:dl|download)\b\W*$", re.IGNORECASE),
    re.compile(r"\s*[|*~\-/]+\s*(?:out|forthcoming)\s+(?:now|on)\b.*$", re.IGNORECASE),
)
_BY_REMIXER = re.compile(r"([(\[])(remix|flip|edit|bootleg|rework)\s+by\s+([^()\[\]]+)([)\]])", re.IGNORECASE)
_OFFICIAL = re.compile(r"(?<=[(\[])official\s+(?=\S)", re.IGNORECASE)
_CREDITED = (
    re.compile(r"^(?P<who>.+?)\s*:\s+(?P<what>.+)$"),
    re.compile(r"^(?P<who>.+?)\s*[\"'](?P<what>.+)[\"'](?P<rest>(?:\s*[(\[].*)?)$"),  # `plain` knows one kind of quotes
    re.compile(r"^(?P<what>.+)\s+by\s+(?P<who>.+)$", re.IGNORECASE),
)


def undressed(shown: Shown, sought: Thing, *, uploader: str | None, label: str | None = None) -> Shown:
    """Give who and what an offer says, without what uploaders write around it.

    Args:
        shown: what the source says; its artist may be no more than whoever uploaded it.
        sought: what is looked for: what its name says, stays.
        uploader: who uploaded it.
        label: which label the source names.
    """
    own = frozenset((*tokens(sought.title), *tokens(sought.artist or "")))
    houses = tuple(words for name in (uploader, label) if (words := tokens(name or "")))
    artist = "" if tokens(shown.artist or "") == tokens(uploader or "") else plain(shown.artist or "")
    written = f"{artist}{DASH if artist else ''}{plain(shown.title)}"
    bare = _bare(written, own, frozenset(_behind(sought.title)), houses)
    if artist:
        who, dash, what = bare.partition(DASH)
        return _turned(Shown(who, what), sought) if dash and tokens(what) else Shown(uploader, bare)
    return _credited(Shown(shown.artist, bare), sought)


def _behind(title: str) -> tuple[str, ...]:
    """Give what a title says in brackets, or after a dash."""
    return tokens(" ".join((*_BRACKET.findall(title), *plain(title).split(DASH)[1:])))


def _bare(title: str, own: frozenset[str], behind: frozenset[str], houses: tuple[tuple[str, ...], ...]) -> str:
    bare = _off_head(title, own)
    bare = _kept(bare, _BRACKET.sub(lambda found: "" if _is_dressing(found, behind, houses) else found.group(), bare))
    for tail in _TAILS:
        bare = _without(tail, bare, own)
    bare = _BY_REMIXER.sub(r"\1\3 \2\4", _without_house(bare, own, houses))
    return bare if "official" in own else _kept(bare, _OFFICIAL.sub("", bare))


def _without_house(text: str, own: frozenset[str], houses: tuple[tuple[str, ...], ...]) -> str:
    """Take off whoever uploaded it, or a label, where it stands behind a bar."""
    before, bar, after = text.rpartition(" | ")
    words = tokens(after)
    return before if bar and own.isdisjoint(words) and (words in houses or words[-1:] in _HOUSES) else text


def _off_head(text: str, own: frozenset[str]) -> str:
    for head in _HEADS:
        text = _without(head, text, own)
    return text


def _without(pattern: re.Pattern[str], text: str, own: frozenset[str]) -> str:
    """Take off what a pattern finds, unless the sought name says some of it too or nothing would be left."""
    found = pattern.search(text)
    if found is None or not (own | _MADE_OVER).isdisjoint(tokens(found.group())):
        return text
    return _kept(text, text[: found.start()] + text[found.end() :])


def _kept(before: str, after: str) -> str:
    return " ".join(after.split()) if tokens(after) else before


def _is_dressing(found: re.Match[str], behind: frozenset[str], houses: tuple[tuple[str, ...], ...]) -> bool:
    inside, words = found.group(1).strip(), tokens(found.group(1))
    if not words or not behind.isdisjoint(words):
        return False
    said = [word for word in words if not _YEAR.fullmatch(word)]
    screen = _SCREEN.issuperset(said) and not _SCREEN_ALONE.issuperset(said)
    house = words in houses or words[0] in KNOWN_LABELS or words[-2:] == _GROUP
    return screen or _is_catalogue(inside, words) or house or any(each(inside, words) for each in _PROMOTED)


def _is_catalogue(inside: str, words: tuple[str, ...]) -> bool:
    letters = re.sub(r"[\W\d]+", "", inside).casefold()
    return _CODE_ALONE.fullmatch(inside) is not None and letters not in VERSIONS and not VERSIONS.intersection(words)


def _is_record(_: str, words: tuple[str, ...]) -> bool:
    """Whether a bracket names the record a song is from; one of versions says that it is a version."""
    return (
        words[-1] in _RECORD
        and len(words) > 1
        and words[0] not in _WHOLE
        and _OFTEN_TITLES.issuperset(VERSIONS.intersection(words))
    )


def _is_promotion(inside: str, words: tuple[str, ...]) -> bool:
    plainly = VERSIONS.isdisjoint(words) or words[-1] in LABELS
    return plainly and (_FREE.search(inside) is not None or _OUT.match(inside) is not None)


_PROMOTED: tuple[Callable[[str, tuple[str, ...]], bool], ...] = (
    _is_record,
    _is_promotion,
    lambda inside, _: is_credit(inside),
)


def _known(sought: Thing) -> frozenset[str]:
    return frozenset(units(sought.artist or "")) or frozenset(parse(sought.title).artists)


def _turned(shown: Shown, sought: Thing) -> Shown:
    """Exchange who and what where a title says them the other way round."""
    who, named, other = _known(sought), units(shown.artist or ""), units(shown.title)
    turned = not who.issuperset(named) and who.issuperset(other) and bool(other)
    return Shown(shown.title, shown.artist or "") if turned else shown


def _credited(shown: Shown, sought: Thing) -> Shown:
    """Find who is sought where a title says who plays in another way than before a dash."""
    who = _known(sought)
    for pattern in _CREDITED if who else ():
        found = pattern.match(shown.title)
        if found and (named := units(found["who"])) and who.issuperset(named):
            return Shown(found["who"], f"{found['what']}{found.groupdict().get('rest') or ''}".strip())
    return shown
