"""Which pieces of an upload's name say nothing of the recording: the brackets, heads and tails that go. Pure.

Closed lists of what services, labels and channels write around a name. A piece goes only where the rest still says
all of it that the sought name says too, and never where it may name a version: a genre in round brackets, a year, a
bracket of unknown words stay, and become a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.matching.noise import is_credit
from engine.matching.tokens import tokens
from engine.matching.words import KNOWN_LABELS, LABELS, PARTS, STOPWORDS, UPLOADERS, VERSIONS


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


DASH = " - "
BRACKET = re.compile(r"[(\[{【]([^()\[\]{}【】]*)[)\]}】]")
EDGES_MAX = 4
"""Pieces taken off either end: nobody writes more, and every step stays linear."""

_SCREEN = _words(
    "official officiel officielle oficial ufficiale offizielles offizieller offiziell musik music musical video videos",
    "videoclip clip audio lyric lyrics lyrical letra letras paroles testo songtext текст visualizer visualiser",
    "visualizador visual mv hd hq uhd 4k 8k 1080p 720p upgrade upgraded new full song track stream premiere premiera",
    "премьера трека клипа песни клип in and with w vevo exclusive animated static quality high subtitles subtitulado",
    "subtitulada sub subs legendado legendada traducida only youtube spotify beatport bandcamp soundcloud hypeddit",
    "itunes deezer tidal traxsource available everywhere streaming download free dl buy now out on link bio desc",
    "description all platforms no copyright ncs m/v",
)
"""Words of which a piece consists that says how an upload shows itself, and where else it is."""
_SCREEN_ALONE = _words(
    "clip in and with w new full visual no only all on now out quality high animated static sub subs everywhere free"
)
"""Of them those that say nothing of the kind without another."""
_PLAINLY_SCREEN = _words(
    "official officiel officielle oficial ufficiale visualizer visualiser visualizador videoclip lyric lyrics letra",
    "mv hd hq uhd 4k 1080p vevo",
)
"""Of them those with which a tail begins that no mark sets apart."""
_GENRES = _words(
    "house techno trance dubstep drumstep dnb db drum n and bass drumbass electro electronic electronica edm future",
    "progressive deep tech melodic minimal organic tropical breaks breakbeat garage ukg grime trap riddim jungle",
    "liquid neurofunk neuro jump up halftime psytrance psy goa uk midtempo glitch hop music idm downtempo synthwave",
)
"""Words of which a tag consists that sorts an upload; what fans turn songs of other kinds into is not among them."""
_GENRES_ALONE = _words("dubstep drumstep electronica riddim neurofunk psytrance trance")
"""Of them those that behind a bar need no other; in square brackets before a name all but these words do."""
_NO_GENRE_ALONE = _words("drum n and bass future deep tech hop music jump up uk minimal liquid organic glitch")
_RECORD = frozenset({"ep", "lp", "album", "soundtrack", "ost", "compilation"})
_GROUP = ("music", "group")
_WHOLE = frozenset({"full", "whole", "entire", "complete"})
_OFTEN_TITLES = _words("clean cover flip radio edit dirty explicit blend transition redo")
"""Version words that titles of records have: "Clean Slate EP"."""
_COUNTING = PARTS | _words("take day night side disc cd level opus op bpm year round stage phase mark v")
"""Words before a number that is no catalogue's."""

MADE_OVER = VERSIONS | _words("shorts short reels reel tiktok ringtone loop loops")
"""What says that it is a piece or another version, wherever it stands."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_FREE = re.compile(
    r"\bfree\b.*\b(?:dl|download|d/l|release)\b|\bclick\s+buy\b|\bdl\s+in\s+(?:the\s+)?desc", re.IGNORECASE
)
_OUT = re.compile(r"^\W*(?:out|forthcoming|available|coming)\b(?:\s+(?:now|soon|on|\d)|\s*$)", re.IGNORECASE)
_CODE = r"(?:[A-Z]{2,8}(?:0\d|[ -]?\d{3,4})[A-Z]{0,2}|[A-Z]\d{3})"
_CODE_ALONE = re.compile(_CODE)
_CODE_TAIL = re.compile(r"\s+([A-Z]{1,6})\d{3}$")
_CAMELOT = r"(?:1[0-2]|[1-9])[AB]"
_KEY = rf"(?:{_CAMELOT}|[A-G][#b♯♭]?\s?(?:m|min|minor|maj|major)?)"
_TEMPO = re.compile(rf"\W*(?:{_KEY}\W+)?\d{{2,3}}(?:[.,]\d+)?\s?bpm(?:\W+{_KEY})?\W*", re.IGNORECASE)
_TEMPO_TAIL = re.compile(
    rf"\s+(?:[|\-/]+\s*)?(?:{_CAMELOT}[\s/|,-]+)?\d{{2,3}}(?:[.,]\d+)?\s?bpm(?:[\s/|,-]+{_KEY})?$", re.IGNORECASE
)
_HEADS = (
    re.compile(rf"^{_CODE}\s*(?://|[|:\-])\s*(?=\S)"),
    re.compile(
        r"^\W*(?:\w[\w&'.]{0,19}[\s:]+){0,3}premi[eè]re\b(?:\s*(?:#|no\.?\s?)?\d{1,4}\b)?"
        r"[\])\s]*(?:[:|!\-/~•·>»]+\s*|(?<=[\])])\s*)(?=\S)",
        re.IGNORECASE,
    ),
    re.compile(r"^\W*(?:exclusive|free\s*(?:dl|download)|out\s+now)\b[\])\s]*[:|!\-]+\s*(?=\S)", re.IGNORECASE),
    re.compile(r"^[A-D]{1,2}\d{1,2}[.):]\s+(?=\S)"),
    re.compile(r"^(?:track|song|tune)\s+of\s+the\s+(?:day|week|month)\W+(?=\w)", re.IGNORECASE),
    re.compile(r"^(?:#[^\W\d][\w&]*\s+)+(?=\S)"),
)
_TAILS = (
    re.compile(r"(?:\s+#[\w&]+)+\s*$"),
    re.compile(r"\s+(?:[|\-/]+\s*)?(?:with\s+)?(?:official\s+)?lyrics?(?:\s+video)?\W*$", re.IGNORECASE),
    re.compile(r"\s*[|*~\-/]+\s*(?:\d+k\s+)?free\s*(?:dl|download)\b\W*$", re.IGNORECASE),
    re.compile(r"\s*[|*~\-/]+\s*(?:out|forthcoming)\s+(?:now|on)\b.*$", re.IGNORECASE),
    _TEMPO_TAIL,
)
_MARK = r"(?:\|+|//+|[~•·*]+)"
_FIRST_PIECE = re.compile(r"^([^|:\[\](){}]{2,60}?)\s*(?:\|+|//+|:)\s+(?=\S)")
_FIRST_BRACKET = re.compile(r"^[\[【]([^\[\](){}【】]{2,40})[\]】]\s*(?=\S)")
_LAST_PIECE = re.compile(rf"\s+{_MARK}\s*([^|~•·*\[\](){{}}]+)$")
_MARKS_LEFT = re.compile(r"[\s|/•·~]+$")
_HOUSE_BEFORE = re.compile(r"^([^|:\[\](){}]{2,60}?)\s*(?:presents\b\W*|\s-\s|[|:])\s*(?=\S)", re.IGNORECASE)
_BY_REMIXER = re.compile(r"([(\[])(remix|flip|edit|bootleg|rework)\s+by\s+([^()\[\]]+)([)\]])", re.IGNORECASE)
_OFFICIAL = re.compile(r"(?<=[(\[])official\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an upload besides its name.

    Attributes:
        own: the words of the sought name; what they say, stays.
        behind: those of them in brackets, or after a dash.
        houses: the words of the names of whoever uploaded it, and of the label.
    """

    own: frozenset[str]
    behind: frozenset[str]
    houses: tuple[tuple[str, ...], ...]


def without_furniture(title: str, known: Known) -> str:
    """Give a name without what uploaders write around it; never nothing."""
    bare = _off_head(title, known)
    bare = _kept(bare, BRACKET.sub(lambda found: "" if _is_dressing(found, known) else found.group(), bare))
    for tail in _TAILS:
        bare = _without(tail, bare, known)
    bare = _off_end(bare, known)
    bare = _BY_REMIXER.sub(r"\1\3 \2\4", _kept(bare, _MARKS_LEFT.sub("", bare)))
    return bare if "official" in known.own else _kept(bare, _OFFICIAL.sub("", bare))


def _off_head(text: str, known: Known) -> str:
    for head in _HEADS:
        text = _without(head, text, known)
    for pattern, says_nothing in ((_FIRST_BRACKET, _sorts), (_FIRST_PIECE, _is_screen)):
        found = pattern.match(text)
        if found and says_nothing(tokens(found[1])):
            text = _without(pattern, text, known)
    found = _HOUSE_BEFORE.match(text)
    house = found is not None and DASH in text[found.end() :] and _is_label(tokens(found[1]))
    return _without(_HOUSE_BEFORE, text, known) if house else text


def _off_end(text: str, known: Known) -> str:
    for _ in range(EDGES_MAX):
        text = _without_code(_without_screen(_without_last(text, known), known), known)
    return text


def _without_last(text: str, known: Known) -> str:
    """Take off what stands behind the last bar, or behind a dash that is not the one behind the artist."""
    found = _LAST_PIECE.search(text)
    if found and _is_furniture(found[1].strip(), tokens(found[1]), known):
        text = _without(_LAST_PIECE, text, known)
    rest, _, said = text.rpartition(DASH)
    return rest if DASH in rest and _is_screen(tokens(said)) and _may_go(tokens(said), rest, known) else text


def _without_screen(text: str, known: Known) -> str:
    """Take off words at the end that no mark sets apart, from one on that is plainly about the upload."""
    pieces = text.split(" ")
    start = len(pieces)
    while start > 0 and _SCREEN.issuperset(tokens(pieces[start - 1])):
        start -= 1
    while start < len(pieces) and not _PLAINLY_SCREEN.intersection(tokens(pieces[start])):
        start += 1
    after, before = " ".join(pieces[start:]), " ".join(pieces[:start])
    _, dash, what = before.partition(DASH)
    return before if after and dash and tokens(what) and _may_go(tokens(after), before, known) else text


def _without_code(text: str, known: Known) -> str:
    """Take off a catalogue number that nothing sets apart, where its letters are those of whoever put it out."""
    found = _CODE_TAIL.search(text)
    letters = found[1].casefold() if found else ""
    if not letters or letters in VERSIONS | _COUNTING:
        return text
    return _without(_CODE_TAIL, text, known) if any(_stands_for(letters, house) for house in known.houses) else text


def _stands_for(letters: str, house: tuple[str, ...]) -> bool:
    """Whether letters are the first ones of a name's words, or its own first ones."""
    return letters == "".join(word[0] for word in house) or "".join(house).startswith(letters)


def _without(pattern: re.Pattern[str], text: str, known: Known) -> str:
    """Take off what a pattern finds, unless it may be a version, or the rest no longer says what is sought."""
    found = pattern.search(text)
    if found is None:
        return text
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return _kept(text, rest) if _may_go(tokens(found.group()), rest, known) else text


def _may_go(words: tuple[str, ...], rest: str, known: Known) -> bool:
    said = known.own.intersection(words)
    return MADE_OVER.isdisjoint(words) and said - STOPWORDS <= {*tokens(rest)}


def _kept(before: str, after: str) -> str:
    return " ".join(after.split()) if tokens(after) else before


# --- what a piece is -----------------------------------------------------------------------------------------------


def _is_dressing(found: re.Match[str], known: Known) -> bool:
    inside, words = found.group(1).strip(), tokens(found.group(1))
    if not words or not known.behind.isdisjoint(words):
        return False
    premiered = words[-1] == "premiere" and VERSIONS.isdisjoint(words)
    house = words[0] in KNOWN_LABELS or words[-2:] == _GROUP or _is_house(words, known)
    return house or premiered or _says_nothing(inside, words)


def _is_furniture(inside: str, words: tuple[str, ...], known: Known) -> bool:
    """Whether a piece behind a bar says nothing of the recording."""
    if not words:
        return False
    genre = _GENRES.issuperset(words) and (len(words) > 1 or words[0] in _GENRES_ALONE)
    return genre or _names_house(words, known) or _says_nothing(inside, words)


def _says_nothing(inside: str, words: tuple[str, ...]) -> bool:
    promoted = any(each(inside, words) for each in _PROMOTED)
    return _is_screen(words) or _is_catalogue(inside, words) or _TEMPO.fullmatch(inside) is not None or promoted


def _is_screen(words: tuple[str, ...]) -> bool:
    said = [word for word in words if not _YEAR.fullmatch(word)]
    return _SCREEN.issuperset(said) and not _SCREEN_ALONE.issuperset(said)


def _sorts(words: tuple[str, ...]) -> bool:
    """Whether a square bracket before a name only sorts it, or announces it."""
    return (_GENRES.issuperset(words) and not _NO_GENRE_ALONE.issuperset(words[:1] * len(words))) or _is_screen(words)


def _is_house(words: tuple[str, ...], known: Known) -> bool:
    bare = words[1:] if words[0] in ("via", "on", "from", "by") else words
    return bare in known.houses


def _names_house(words: tuple[str, ...], known: Known) -> bool:
    """Whether a piece is whoever uploaded it, or a label; not whoever is sought."""
    label = bool(words) and words[-1] in LABELS
    return bool(words) and not known.own.issuperset(words) and (label or _is_house(words, known))


def _is_label(words: tuple[str, ...]) -> bool:
    """Whether a name is a label's or a channel's by its words: before a name, anybody else may be who plays."""
    return bool(words) and (words[-1] in LABELS | UPLOADERS or words[0] in KNOWN_LABELS or words[-2:] == _GROUP)


def _is_catalogue(inside: str, words: tuple[str, ...]) -> bool:
    letters = re.sub(r"[\W\d]+", "", inside).casefold()
    dated = _YEAR.search(inside) is not None  # "EDC 2019" is where it was played
    counted = letters in VERSIONS | _COUNTING or not (VERSIONS | _COUNTING).isdisjoint(words)
    return _CODE_ALONE.fullmatch(inside) is not None and not dated and not counted


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


_BACKED = re.compile(r"\W*(?:supported|played)\s+by\s", re.IGNORECASE)
_PROMOTED: tuple[Callable[[str, tuple[str, ...]], bool], ...] = (
    _is_record,
    _is_promotion,
    lambda inside, _: is_credit(inside) or _BACKED.match(inside) is not None,
)
