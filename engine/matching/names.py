"""What two names alone say: same, version, part, different, or unclear; with the reasons, in plain words.

Words are compared, never strings by ratio: a shared artist or album prefix says nothing of the song (F2), and one
word more is another song unless its place says what it is. Equal names are never proof; `decision` knows that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from anyascii import anyascii

from engine.domain.value import Value
from engine.matching.folding import fold, looks_latin, plain, umlauted
from engine.matching.parsing import ParsedName, Role, Word
from engine.matching.policy import MatchingPolicy
from engine.matching.things import Names
from engine.matching.tokens import tokens
from engine.matching.words import EXPLICITNESS, RADIO_EDIT, REMASTER, VERSIONS

DISTINCTIVE = 3
"""Words of content from which a title that stands alone is no common one."""
DISTINCTIVE_BESIDE_ARTIST = 2
"""The same, where one of the two names gives an artist."""
GLUED_MAX = 6
YEAR_DIGITS = 4
LISTED_MAX = 40

_NO_ARTIST = frozenset({"the", "dj", "mc", "da", "de", "la"})
"""Words that many artists' names share."""
_ARTISTS = frozenset({Role.ARTIST, Role.CREDITED})
_AROUND = frozenset({Role.ARTIST, Role.CREDITED, Role.ALBUM})
_SONG = frozenset({Role.TITLE, Role.BEFORE_VERSION})


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


def compare_names(a: ParsedName, b: ParsedName, policy: MatchingPolicy) -> NamesVerdict:
    """Say what two names say; the order of the two makes no difference to the verdict."""
    pair = _pair(a, b)
    artists = _artists(pair)
    names, reason = _verdict(pair, artists, policy)
    bare = artists == "none" and min(a.content, b.content) < DISTINCTIVE_BESIDE_ARTIST
    return NamesVerdict(names=names, reasons=(reason,), artists=artists, bare=bare)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two names, their words made comparable, and the words only one of them has."""

    a: ParsedName
    b: ParsedName
    words_a: list[Word]
    words_b: list[Word]
    only_a: list[Word]
    only_b: list[Word]

    def only(self, *roles: Role) -> tuple[list[str], list[str]]:
        """Give the words of some roles that only one side has."""
        return (
            [word.text for word in self.only_a if word.role in roles],
            [word.text for word in self.only_b if word.role in roles],
        )


def _pair(a: ParsedName, b: ParsedName) -> _Pair:
    spelled_a, spelled_b = _spelled(a.words, b), _spelled(b.words, a)
    words_b = _glued(list(spelled_b), spelled_a)
    words_a = _respelled(_glued(list(spelled_a), spelled_b), words_b)
    count_a, count_b = Counter(word.text for word in words_a), Counter(word.text for word in words_b)
    return _Pair(
        a=a,
        b=b,
        words_a=words_a,
        words_b=words_b,
        only_a=_surplus(words_a, count_b),
        only_b=_surplus(words_b, count_a),
    )


def _spelled(words: tuple[Word, ...], other: ParsedName) -> tuple[Word, ...]:
    """Read what has two spellings as the other name does: `$` and `!` inside words, `ae` for an umlaut."""
    umlauts = {tokens(long)[0]: tokens(short)[0] for long, short in umlauted(other.text)}
    if not umlauts and not any("$" in word.text or "!" in word.text for word in words):
        return words
    known = {word.text for word in other.words}
    return tuple(
        Word(
            text=umlauts.get(word.text, _read(word.text, known)) if word.text not in known else word.text,
            role=word.role,
        )
        for word in words
    )


def _read(text: str, known: set[str]) -> str:
    letters = text.replace("$", "s").replace("!", "i")
    return letters if letters in known else text.replace("$", "").replace("!", "")


def _glued(words: list[Word], others: tuple[Word, ...]) -> list[Word]:
    """Join neighbours that the other name writes as one word: `Al tarba` where it has `Al'tarba`."""
    whole = {word.text for word in others} - {word.text for word in words}
    index = 0
    while whole and index < len(words) - 1:
        for width in range(2, min(GLUED_MAX, len(words) - index) + 1):
            text = "".join(word.text for word in words[index : index + width])
            if text in whole:
                words[index : index + width] = [Word(text=text, role=words[index].role)]
                break
        index += 1
    return words


def _respelled(words: list[Word], others: list[Word]) -> list[Word]:
    """Write a word of one script as the other name does in another, where they look or read the same."""
    known = {word.text for word in others}
    if all(word.text.isascii() for word in (*words, *others)):
        return words
    foreign = {form: text for text in known if not text.isascii() for form in _latin_forms(text)}
    result = []
    for word in words:
        text = word.text
        if text not in known and text.isascii():
            text = next((foreign[form] for form in (text, _romanised(text)) if form in foreign), text)
        elif text not in known:
            forms = _latin_forms(text)
            text = next((other for other in sorted(known) if other in forms or _romanised(other) in forms), text)
        result.append(Word(text=text, role=word.role))
    return result


def _latin_forms(text: str) -> tuple[str, ...]:
    """Give how a word of another script looks in Latin letters, and how it reads."""
    return looks_latin(text), _romanised(fold(anyascii(text)))


_ROMANISATIONS = (
    *(("'", ""), ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("zh", "j"), ("ts", "c"), ("tz", "c"), ("yo", "e")),
    *(("jo", "e"), ("ya", "ia"), ("ja", "ia"), ("yu", "iu"), ("ju", "iu"), ("y", "i"), ("j", "i"), ("w", "v")),
)
"""Spellings in which the ways of writing Cyrillic in Latin letters differ."""


def _romanised(text: str) -> str:
    for one, other in _ROMANISATIONS:
        text = text.replace(one, other)
    return text


def _surplus(words: list[Word], others: Counter[str]) -> list[Word]:
    """Give the words the other name lacks; around the title, saying a name twice says nothing new."""
    left = Counter(others)
    surplus = []
    for word in sorted(words, key=lambda word: word.role not in _SONG):
        if left[word.text] > 0:
            left[word.text] -= 1
        elif word.role is Role.NOISE or (word.role in _AROUND | {Role.FEATURED} and others[word.text]):
            continue
        else:
            surplus.append(word)
    return surplus


def _artists(pair: _Pair) -> str:
    """Say whether the artists agree; an artist may stand anywhere in a name that has lost its punctuation."""
    a, b = pair.a, pair.b
    if not a.artists and not b.artists:
        return "none"
    if _plainly(pair.words_a) == _plainly(pair.words_b):
        return "agree"
    if not a.artists or not b.artists:
        return "one"
    shared = {*a.artists} & {*b.artists, *b.around} or {*b.artists} & {*a.around}
    ours, theirs = ({word.text for word in words if word.role in _ARTISTS} for words in _both(pair))
    if shared or ours == theirs or _exchanged(pair):
        return "agree"
    within = bool((ours & theirs) - _NO_ARTIST) and (ours <= theirs or theirs <= ours)
    return "similar" if within or a.credited != b.credited else "disagree"


def _plainly(words: list[Word]) -> list[str]:
    return [word.text for word in words if word.role is not Role.NOISE]


def _exchanged(pair: _Pair) -> bool:
    """Whether one name says title and artist where the other says artist and title."""
    one, other = (Counter(word.text for word in words if word.role in _ARTISTS | _SONG) for words in _both(pair))
    return one == other


def _verdict(pair: _Pair, artists: str, policy: MatchingPolicy) -> tuple[Names, str]:
    if not _title(pair.a) or not _title(pair.b):
        return Names.UNCLEAR, "one of the names says no title"
    different = _different_song(pair, artists)
    if different is not None:
        return different
    return _same_song(pair, artists, policy)


def _title(name: ParsedName) -> tuple[str, ...]:
    return name.of(Role.TITLE, Role.BEFORE_VERSION)


def _different_song(pair: _Pair, artists: str) -> tuple[Names, str] | None:
    """Say in what the songs differ, if they do: number, title, or who plays."""
    only_a, only_b = pair.only(Role.TITLE, Role.BEFORE_VERSION)
    numbers = _numbers(pair)
    if only_a or only_b:
        return _other_title(pair, only_a, only_b, numbers=numbers)
    if numbers:
        return Names.PART, f"another part or number: {_against(*pair.only(Role.PART, Role.EXTRA))}"
    if artists in ("disagree", "similar"):
        ours, theirs = list(pair.a.artists), list(pair.b.artists)
        verdict = Names.DIFFERENT if artists == "disagree" else Names.UNCLEAR
        return verdict, f"{'other' if artists == 'disagree' else 'perhaps other'} artists: {_against(ours, theirs)}"
    if _shuffled(pair):
        return Names.UNCLEAR, "the same words in another order"
    return None


def _other_title(pair: _Pair, only_a: list[str], only_b: list[str], *, numbers: bool) -> tuple[Names, str]:
    said = _against(only_a, only_b)
    if why := _listing(pair, [*only_a, *only_b]) or _title_is_artist(pair, one_sided=not (only_a and only_b)):
        return Names.UNCLEAR, why
    if all(word.isdecimal() for word in (*only_a, *only_b)) and not _leads(pair, {*only_a, *only_b}):
        return Names.PART, f"another part or number: {said}"
    if _remixers(pair):
        return Names.VERSION, f"versions by others: {said}"
    if not (only_a and only_b) and (versions := _one_sided(pair, Role.VERSION)):
        return Names.VERSION, f"only one is a version: {versions}"
    if numbers and len({*only_a, *only_b}) <= 1:
        return Names.PART, f"another part or number: {said}"
    return Names.DIFFERENT, f"other titles: {said}"


def _listing(pair: _Pair, only: list[str]) -> str:
    """Say so when one title begins with a number that may be its place in a listing, and nothing else differs."""
    if len(only) == 1 and only[0].isdecimal() and int(only[0]) <= LISTED_MAX and _leads(pair, {only[0]}):
        return f"the {only[0]} at the beginning is its place in a listing, or part of its title"
    return ""


def _leads(pair: _Pair, numbers: set[str]) -> bool:
    """Whether a number begins a title: then it belongs to it, and counts nothing."""
    return any(_title(name)[0] in numbers for name in (pair.a, pair.b))


def _remixers(pair: _Pair) -> bool:
    """Whether all that differs in the titles stands where a remixer's name does, before one version word."""
    titles_a, titles_b = pair.only(Role.TITLE)
    versions_a, versions_b = ({word.text for word in words if word.role is Role.VERSION} for words in _both(pair))
    before = any(pair.only(Role.BEFORE_VERSION))
    return not titles_a and not titles_b and before and bool(versions_a | versions_b)


def _both(pair: _Pair) -> tuple[list[Word], list[Word]]:
    return pair.words_a, pair.words_b


def _title_is_artist(pair: _Pair, *, one_sided: bool) -> str:
    """Say so when one name's whole title is what the other gives as artist."""
    if not one_sided:
        return ""
    for one, other in ((pair.words_a, pair.words_b), (pair.words_b, pair.words_a)):
        alone = [word.text for word in one if word.role in _SONG]
        artist = [word.text for word in other if word.role in _ARTISTS]
        if alone == artist and not any(word.role in _ARTISTS for word in one):
            return "one name's title is the other's artist"
    return ""


def _numbers(pair: _Pair) -> bool:
    """Whether the numbers of parts differ."""
    only_a, only_b = pair.only(Role.PART)
    extra_a, extra_b = pair.only(Role.EXTRA)
    return bool(only_a or only_b) or any(word.isdecimal() for word in (*extra_a, *extra_b))


def _shuffled(pair: _Pair) -> bool:
    """Whether the words of each title stand in another order in the other name."""
    if _plainly(pair.words_a) == _plainly(pair.words_b):
        return False
    return _moved(pair.words_a, pair.words_b) and _moved(pair.words_b, pair.words_a)


def _moved(words: list[Word], others: list[Word]) -> bool:
    places: dict[str, list[int]] = {}
    last_first = sorted(enumerate(others), key=lambda place: (place[1].role in _SONG, -place[0]))
    for position, word in last_first:
        places.setdefault(word.text, []).append(position)
    found = [places[word.text].pop() for word in words if word.role is Role.TITLE and places.get(word.text)]
    return found != sorted(found)


def _same_song(pair: _Pair, artists: str, policy: MatchingPolicy) -> tuple[Names, str]:
    """The titles agree: say what else there is between the two names."""
    if version := _other_version(pair, policy):
        return version
    extra_a, extra_b = pair.only(Role.EXTRA)
    if extra_a or extra_b:
        return Names.UNCLEAR, f"only one says {_against(extra_a, extra_b)}"
    if pair.a.copy and pair.b.copy and pair.a.copy != pair.b.copy:
        return Names.UNCLEAR, f"numbered {pair.a.copy} and {pair.b.copy}: copies, or parts"
    if pair.a.counter or pair.b.counter:
        return Names.UNCLEAR, "an address with a counter: there were others of that name"
    featured = pair.only(Role.FEATURED)
    if all(featured):
        verdict = Names.UNCLEAR if artists == "agree" else Names.DIFFERENT
        return verdict, f"other guests: {_against(*featured)}"
    return _how_much(pair, artists, guests=any(featured))


def _how_much(pair: _Pair, artists: str, *, guests: bool) -> tuple[Names, str]:
    """Nothing speaks against it: say whether enough speaks for it."""
    content = min(pair.a.content, pair.b.content)
    if pair.a.number and pair.b.number and pair.a.number != pair.b.number and content < DISTINCTIVE_BESIDE_ARTIST:
        return Names.UNCLEAR, f"a common title, listed as {pair.a.number} and as {pair.b.number}"
    if artists == "agree":
        return Names.SAME, "artist, title and version agree"
    if artists == "one":
        if content < DISTINCTIVE_BESIDE_ARTIST:
            return Names.UNCLEAR, "a common title, and only one name says whose"
        return Names.SAME, "title and version agree, and nothing speaks against it"
    why = _bareness(pair, content, guests=guests)
    return (Names.UNCLEAR, why) if why else (Names.SAME, "title and version agree, and nothing speaks against it")


def _bareness(pair: _Pair, content: int, *, guests: bool) -> str:
    """Say why two equal titles of nobody are not enough; empty where they are."""
    if guests and content < DISTINCTIVE:
        return "a common title, and only one name says with whom"
    if any(word.role is Role.FEATURED for word in pair.words_a):
        return ""
    if max(len(word) for word in _title(pair.a)) == 1:
        return "a single letter is no name"
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
    said = _against(only_a, only_b)
    words = {*only_a, *only_b}
    for kinds, choice, name in (
        (REMASTER, policy.remaster, "remaster"),
        (EXPLICITNESS, policy.explicit, "explicit or clean"),
        (RADIO_EDIT, policy.radio_edit, "radio edit"),
    ):
        known = kinds | {"version", "edition"} | {word for word in words if word.isdecimal()}
        if words & kinds and words <= known:
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
            return Names.UNCLEAR, f"to be asked, by policy: {said}"


def _one_sided(pair: _Pair, role: Role) -> str:
    only_a, only_b = pair.only(role)
    return " ".join(only_a or only_b) if bool(only_a) != bool(only_b) else ""


def _against(only_a: list[str], only_b: list[str]) -> str:
    return f"“{' '.join(only_a) or '–'}” against “{' '.join(only_b) or '–'}”"
