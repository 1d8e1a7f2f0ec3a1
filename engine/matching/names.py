"""What two names alone say: same, version, part, different, or unclear; with the reasons, in plain words.

Words are compared, never strings by ratio: a shared artist or album prefix says nothing of the song (F2), and one
word more is another song unless its place says what it is. Equal names are never proof; `decision` knows that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from engine.domain.value import Value
from engine.matching.folding import plain
from engine.matching.parsing import ParsedName, Role, Word
from engine.matching.places import SONG, misplaced, plainly
from engine.matching.policy import MatchingPolicy
from engine.matching.spelling import written_alike
from engine.matching.things import Names
from engine.matching.words import EXPLICITNESS, GENERIC, NAMELESS, RADIO_EDIT, REMASTER, ROMANS, VERSIONS

DISTINCTIVE = 3
"""Words of content from which a title that stands alone is no common one."""
DISTINCTIVE_BESIDE_ARTIST = 2
"""The same, where one of the two names gives an artist."""
YEAR_DIGITS = 4
_LISTED = frozenset(str(number) for number in range(41))
"""Numbers that may be a place in a listing."""

ASKED_BY_CHOICE = "to be asked, by policy"
"""How the reason begins of names that differ in what a person chose to be asked about."""

_NO_ARTIST = frozenset({"the", "dj", "mc", "da", "de", "la"})
"""Words that many artists' names share."""
_ARTISTS = frozenset({Role.ARTIST, Role.CREDITED})
_REPEATED = frozenset({Role.ARTIST, Role.CREDITED, Role.ALBUM, Role.FEATURED})
"""What stands around the title: saying twice what the other name says once says nothing new."""


class NamesVerdict(Value, frozen=True):
    """What two names say, and why.

    Attributes:
        artists: "agree", "one" (only one name gives any), "none", "similar" or "disagree".
        bare: nothing but a short or common title speaks for it.
    """

    names: Names
    reasons: tuple[str, ...]
    artists: str
    bare: bool

    @property
    def by_choice(self) -> bool:
        """Whether they differ in what a person chose to be asked about: explicit or clean, a remaster."""
        return any(reason.startswith(ASKED_BY_CHOICE) for reason in self.reasons)


def compare_names(a: ParsedName, b: ParsedName, policy: MatchingPolicy) -> NamesVerdict:
    """Say what two names say; the order of the two makes no difference to the verdict."""
    pair = _pair(b, a, swapped=True) if _order(b) < _order(a) else _pair(a, b, swapped=False)
    artists = _artists(pair)
    names, reason = _verdict(pair, artists, policy)
    bare = artists == "none" and min(a.content, b.content) < DISTINCTIVE_BESIDE_ARTIST
    return NamesVerdict(names=names, reasons=(reason,), artists=artists, bare=bare)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two names, their words made comparable, and the words only one of them has."""

    a: ParsedName
    b: ParsedName
    words_a: tuple[Word, ...]
    words_b: tuple[Word, ...]
    only_a: list[Word]
    only_b: list[Word]
    swapped: bool  # `a` was handed in as the second

    def only(self, *roles: Role) -> tuple[list[str], list[str]]:
        """Give the words of some roles that only one side has."""
        return (
            [word.text for word in self.only_a if word.role in roles],
            [word.text for word in self.only_b if word.role in roles],
        )

    def against(self, only_a: Iterable[str], only_b: Iterable[str]) -> str:
        """Say what stands against what, that of the name handed in first before the other's; or what one name has."""
        sides = (only_b, only_a) if self.swapped else (only_a, only_b)
        return " against ".join(f"“{said}”" for side in sides if (said := " ".join(side))) or "–"


def _order(name: ParsedName) -> tuple[str, tuple[str, ...], str]:
    """Put any two names in one order, so that nothing can depend on which was handed in first."""
    return name.text, name.artists, str(name.artist)


def _pair(a: ParsedName, b: ParsedName, *, swapped: bool) -> _Pair:
    words_a, words_b = written_alike(a, b)
    known_a, known_b = {word.text for word in words_a}, {word.text for word in words_b}
    return _Pair(
        a=a,
        b=b,
        words_a=words_a,
        words_b=words_b,
        only_a=_repeated(words_a, words_b) if len(known_a) < len(words_a) else _surplus(words_a, known_b),
        only_b=_repeated(words_b, words_a) if len(known_b) < len(words_b) else _surplus(words_b, known_a),
        swapped=swapped,
    )


def _surplus(words: tuple[Word, ...], known: set[str]) -> list[Word]:
    """Give the words the other name lacks, where none is said twice; noise is none."""
    return [word for word in words if word.text not in known and word.role is not Role.NOISE]


def _repeated(words: tuple[Word, ...], others: tuple[Word, ...]) -> list[Word]:
    """Give the words the other name lacks or says less often; around the title, saying it once is enough."""
    left = Counter([word.text for word in others])
    known = frozenset(left)
    surplus = []
    for word in sorted(words, key=_beside_song):
        if left.get(word.text, 0) > 0:
            left[word.text] -= 1
        elif word.role is not Role.NOISE and not (word.role in _REPEATED and word.text in known):
            surplus.append(word)
    return surplus


def _beside_song(word: Word) -> bool:
    return word.role not in SONG


def _artists(pair: _Pair) -> str:
    """Say whether the artists agree; an artist may stand anywhere in a name that has lost its punctuation."""
    a, b = pair.a, pair.b
    if not a.artists and not b.artists:
        return "none"
    one, other = {*a.artists}, {*b.artists}
    if one and other and (one <= other.union(b.around) or other <= one.union(a.around)):
        return "agree"
    if plainly(pair.words_a) == plainly(pair.words_b):
        return "agree"
    if not one or not other:
        return "one"
    ours, theirs = ({word.text for word in words if word.role in _ARTISTS} for words in _both(pair))
    if ours == theirs or _exchanged(pair):
        return "agree"
    shared = not one.isdisjoint((*b.artists, *b.around)) or not other.isdisjoint(a.around)
    within = bool((ours & theirs) - _NO_ARTIST) and (ours <= theirs or theirs <= ours)
    return "similar" if shared or within or a.credited != b.credited else "disagree"


def _exchanged(pair: _Pair) -> bool:
    """Whether one name says title and artist where the other says artist and title."""
    one, other = (Counter(word.text for word in words if word.role in _ARTISTS | SONG) for words in _both(pair))
    return one == other


def _verdict(pair: _Pair, artists: str, policy: MatchingPolicy) -> tuple[Names, str]:
    if not pair.a.title or not pair.b.title:
        return Names.UNCLEAR, "one of the names says no title"
    return _different_song(pair, artists) or _same_song(pair, artists, policy)


def _different_song(pair: _Pair, artists: str) -> tuple[Names, str] | None:
    """Say in what the songs differ, if they do: number, title, or who plays."""
    only_a, only_b = pair.only(Role.TITLE, Role.BEFORE_VERSION)
    if "with" in only_a or "with" in only_b:
        only_a = _without_credit(only_a, pair.words_a, pair.words_b)
        only_b = _without_credit(only_b, pair.words_b, pair.words_a)
    if only_a or only_b:
        return _other_title(pair, only_a, only_b)
    if _numbers(pair):
        return Names.PART, f"another part or number: {pair.against(*pair.only(Role.PART, Role.EXTRA))}"
    if artists in ("disagree", "similar"):
        ours, theirs = list(pair.a.artists), list(pair.b.artists)
        verdict = Names.DIFFERENT if artists == "disagree" else Names.UNCLEAR
        return verdict, f"{'other' if artists == 'disagree' else 'perhaps other'} artists: {pair.against(ours, theirs)}"
    return None


def _without_credit(only: list[str], words: tuple[Word, ...], others: tuple[Word, ...]) -> list[str]:
    """Leave out the `with` of a title before whom the other name says is a guest."""
    guests = {word.text for word in others if word.role is Role.FEATURED}
    credit = any(word.text == "with" and following.text in guests for word, following in pairwise(words))
    return [word for word in only if word != "with"] if credit else only


def _other_title(pair: _Pair, only_a: list[str], only_b: list[str]) -> tuple[Names, str]:
    said, one_sided = pair.against(only_a, only_b), not (only_a and only_b)
    if one_sided and (why := _listing(pair, only_a, only_b) or _title_is_artist(pair)):
        return Names.UNCLEAR, why
    if _counted((*only_a, *only_b)) and not _leads(pair, {*only_a, *only_b}):
        return Names.PART, f"another part or number: {said}"
    if _remixers(pair):
        return Names.VERSION, f"versions by others: {said}"
    if one_sided and (versions := _one_sided(pair, Role.VERSION)):
        return Names.VERSION, f"only one is a version: {versions}"
    return Names.DIFFERENT, f"other titles: {said}"


def _counted(words: tuple[str, ...]) -> bool:
    """Whether all that differs is numbers, one of them perhaps a Roman `I` or `V`, which may be a word too."""
    return all(word.isdecimal() or word in ROMANS for word in words) and any(word.isdecimal() for word in words)


def _listing(pair: _Pair, only_a: list[str], only_b: list[str]) -> str:
    """Say so when nothing differs but one number, and that may be a place in a listing or a counter in an address."""
    number, *others = (*only_a, *only_b)
    if others or not number.isdecimal():
        return ""
    if number in _LISTED and _leads(pair, {number}):
        return f"the {number} at the beginning is its place in a listing, or part of its title"
    return f"the {number} counts addresses, or parts" if (pair.a if only_a else pair.b).counter else ""


def _leads(pair: _Pair, numbers: set[str]) -> bool:
    """Whether a number begins a title: then it belongs to it, and counts nothing."""
    return any(name.title[0] in numbers for name in (pair.a, pair.b))


def _remixers(pair: _Pair) -> bool:
    """Whether all that differs in the titles stands where a remixer's name does, before one version word."""
    titles_a, titles_b = pair.only(Role.TITLE)
    versions_a, versions_b = ({word.text for word in words if word.role is Role.VERSION} for words in _both(pair))
    before = any(pair.only(Role.BEFORE_VERSION))
    return not titles_a and not titles_b and before and bool(versions_a | versions_b)


def _both(pair: _Pair) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    return pair.words_a, pair.words_b


def _title_is_artist(pair: _Pair) -> str:
    """Say so when one name's whole title is what the other gives as artist."""
    for one, other in ((pair.words_a, pair.words_b), (pair.words_b, pair.words_a)):
        alone = [word.text for word in one if word.role in SONG]
        artist = [word.text for word in other if word.role in _ARTISTS]
        if alone == artist and not any(word.role in _ARTISTS for word in one):
            return "one name's title is the other's artist"
    return ""


def _numbers(pair: _Pair) -> bool:
    """Whether the numbers of parts differ."""
    only_a, only_b = pair.only(Role.PART)
    extra_a, extra_b = pair.only(Role.EXTRA)
    return bool(only_a or only_b) or any(word.isdecimal() for word in (*extra_a, *extra_b))


def _same_song(pair: _Pair, artists: str, policy: MatchingPolicy) -> tuple[Names, str]:
    """The titles agree: say what else there is between the two names."""
    if version := _other_version(pair, policy):
        return version
    if why := misplaced(pair.words_a, pair.words_b) or _more_said(pair):
        return Names.UNCLEAR, why
    featured = pair.only(Role.FEATURED)
    if all(featured):
        verdict = Names.UNCLEAR if artists == "agree" else Names.DIFFERENT
        return verdict, f"other guests: {pair.against(*featured)}"
    if why := _too_little(pair, artists, guests=any(featured)):
        return Names.UNCLEAR, why
    agreed = "artist, title and version agree"
    return Names.SAME, agreed if artists == "agree" else "title and version agree, and nothing speaks against it"


def _more_said(pair: _Pair) -> str:
    """Say what one name says besides that may make it another recording."""
    extra_a, extra_b = pair.only(Role.EXTRA)
    if extra_a or extra_b:
        return f"only one says {pair.against(extra_a, extra_b)}"
    if pair.a.copy and pair.b.copy and pair.a.copy != pair.b.copy:
        return f"numbered {pair.against([pair.a.copy], [pair.b.copy])}: copies, or parts"
    albums = _album_versions(pair)
    return f"an album of versions: {albums}" if albums else ""


def _album_versions(pair: _Pair) -> str:
    """Give the version words of an album's name that the other name says nowhere: `Live at Wembley`."""
    ours, theirs = ({word.text for word in words} for words in _both(pair))
    albums = [word.text for words in _both(pair) for word in words if word.role is Role.ALBUM]
    return " ".join(word for word in albums if word in VERSIONS and word not in ours & theirs)


def _too_little(pair: _Pair, artists: str, *, guests: bool) -> str:
    """Nothing speaks against it: say why too little speaks for it; empty where enough does."""
    title, content = pair.a.title, min(pair.a.content, pair.b.content)
    named = {word for word in title if not word.isdecimal()}
    if named and named <= NAMELESS:
        return "a title that is none"
    if pair.a.number and pair.b.number and pair.a.number != pair.b.number and content < DISTINCTIVE_BESIDE_ARTIST:
        return f"a common title, listed as {pair.against([pair.a.number], [pair.b.number])}"
    if artists == "one":
        return "a common title, and only one name says whose" if content < DISTINCTIVE_BESIDE_ARTIST else ""
    letter = max(len(word) for word in title) == 1
    if artists == "agree":
        alike = not letter or _written_alike(pair.a.text, pair.b.text)
        return "" if alike else "a title of one letter, and signs around it"
    if guests and content < DISTINCTIVE:
        return "a common title, and only one name says with whom"
    return "" if any(word.role is Role.FEATURED for word in pair.words_a) else _bareness(pair, content)


def _bareness(pair: _Pair, content: int) -> str:
    """Say why two equal titles of nobody are not enough; empty where they are."""
    title = pair.a.title
    if max(len(word) for word in title) == 1:
        return "a single letter is no name"
    if GENERIC.union(VERSIONS).issuperset(title):
        return "nothing but words that many titles have"
    if content < DISTINCTIVE and _written_alike(pair.a.text, pair.b.text):
        return "a bare common title, and nobody says whose"
    return ""


def _written_alike(one: str, other: str) -> bool:
    """Whether two names are one string: then nothing says that one was copied from the other."""
    return plain(one).strip() == plain(other).strip()


def _other_version(pair: _Pair, policy: MatchingPolicy) -> tuple[Names, str] | None:
    only_a, only_b = pair.only(Role.VERSION)
    if not only_a and not only_b:
        return None
    said = pair.against(only_a, only_b)
    words = {*only_a, *only_b}
    versions = {word.text for word in (*pair.words_a, *pair.words_b) if word.role is Role.VERSION}
    for kinds, choice, name in (
        (REMASTER, policy.remaster, "remaster"),
        (EXPLICITNESS, policy.explicit, "explicit or clean"),
        (RADIO_EDIT, policy.radio_edit, "radio edit"),
    ):
        known = kinds | {"version", "edition"} | {word for word in words if word.isdecimal()}
        if words <= known and (words & kinds or (kinds is REMASTER and versions & kinds)):
            return _chosen(choice, f"{name}: {said}")
    if only_a and only_b:
        return Names.VERSION, f"other versions: {said}"
    return _one_version(pair, words, said)


def _one_version(pair: _Pair, words: set[str], said: str) -> tuple[Names, str]:
    """Only one name says of which version it is: another version, unless the other has lost that or says less."""
    if all(word.isdecimal() and len(word) == YEAR_DIGITS for word in words):
        return Names.UNCLEAR, f"only one says {said}"
    lacking = pair.b if pair.only(Role.VERSION)[0] else pair.a
    if lacking.damaged:
        return Names.UNCLEAR, f"only one says {said}, and the other has lost its brackets"
    if not words & _kinds(pair) and not any(word.isdecimal() for word in words):
        return Names.UNCLEAR, f"only one says whose version: {said}"
    return Names.VERSION, f"only one is a version: {said}"


def _kinds(pair: _Pair) -> set[str]:
    """Give the words of versions that are not names: those that say of which kind it is."""
    return {word.text for word in (*pair.words_a, *pair.words_b) if word.text in VERSIONS or word.text[:1] == "v"}


def _chosen(choice: str, said: str) -> tuple[Names, str] | None:
    match choice:
        case "same":
            return None
        case "different":
            return Names.VERSION, f"another version, by policy: {said}"
        case _:
            return Names.UNCLEAR, f"{ASKED_BY_CHOICE}: {said}"


def _one_sided(pair: _Pair, role: Role) -> str:
    only_a, only_b = pair.only(role)
    return " ".join(only_a or only_b) if bool(only_a) != bool(only_b) else ""
