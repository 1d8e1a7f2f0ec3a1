"""Searches made of labelled pairs: one name is sought, the other is offered among what a search really shows.

`searches(seed, pairs)` gives a case for every pair. A case holds the right upload, or does not; around it stand other
versions, songs of the same name, copies, previews and mixes, each with a length that is true to it. Nobody wrote down
lengths and uploaders, so they are drawn; every builder says why its label is true.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from engine.domain.events import TrackSeen
from engine.domain.failure import Availability
from engine.matching.things import Thing
from engine.sources.wording import credit
from tests.scorecard import traps_vocabulary as words
from tests.scorecard.traps_pair import EQUAL_BY_CHANCE, ONE_RECORDING, LabelledPair, Verdict

RIGHT = "the recording itself"
PRESENT = 0.75
"""How often the right one is among the offers, where a pair has one."""
AROUND = 8
"""Other offers in each search."""
UPLOADED_BY_ARTIST = 0.6
WRITTEN_BY_CHANNELS = 0.8
"""How often a label or a channel writes into the title who plays."""
CHANNELS = ("Liquicity", "Trap Nation", "Electrostep Network", "Bass Drive Fam", "xKito", "Suicide Sheep", "Majestic")
"""Names that nothing tells from an artist's: whoever uploads under them is taken for who plays."""
SECOND_MS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """What is sought, as a playlist gives it: who, what, how long."""

    artist: str | None
    title: str
    duration_s: float

    @property
    def whole(self) -> str:
        """Artist and title in one, as uploads write them."""
        return f"{self.artist} - {self.title}" if self.artist else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing a search shows, and what it is."""

    kind: str
    track: TrackSeen
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One search: what is sought, what is offered, and from which pair it was made."""

    pair: LabelledPair
    sought: Thing
    offers: tuple[Offer, ...]

    @property
    def present(self) -> bool:
        """Whether the right one is among the offers."""
        return any(offer.right for offer in self.offers)


Shown: TypeAlias = tuple[str, str | None, str, float]
"""What an upload shows: title, artist as its source ranks it, uploader, length in seconds."""
Builder: TypeAlias = Callable[[Random, Song], Shown]


def searches(seed: int, pairs: Sequence[LabelledPair]) -> list[Case]:
    """Give a search for every pair; the same seed gives the same searches."""
    chance = Random(seed)
    return [_case(chance, pair, number) for number, pair in enumerate(pairs)]


def _case(chance: Random, pair: LabelledPair, number: int) -> Case:
    song = _song(chance, pair)
    offers = [_labelled(chance, pair, song, number)] if _is_offered(chance, pair) else []
    around = [kind for kind in sorted(AROUND_A_SONG) if not (kind in _OF_ANOTHER and _may_be_it(kind, song))]
    kinds = chance.sample(around, AROUND)
    offers += [
        _offer(kind, AROUND_A_SONG[kind](chance, song), f"{number}-{place}", song) for place, kind in enumerate(kinds)
    ]
    chance.shuffle(offers)
    sought = Thing(key="sought", title=song.title, artist=song.artist, duration_ms=_ms(song.duration_s))
    return Case(pair=pair, sought=sought, offers=tuple(offers))


_OF_ANOTHER = frozenset({"same title", "same title named", "silent speed", "silent karaoke"})
_MARKS = re.compile(r"karaoke|cover|nightcore|daycore|slowed|sped|8d", re.IGNORECASE)


def _may_be_it(kind: str, song: Song) -> bool:
    """Whether an offer of a kind could be what is sought after all, so that nobody could call it wrong.

    A title that says who plays says so under any uploader; what is sought may itself be karaoke, or sped up.
    """
    if kind.startswith("silent"):
        return _MARKS.search(song.title) is not None
    title = unicodedata.normalize("NFKC", song.title).casefold()
    return song.artist is None or " - " in title or "_" in title or song.artist.casefold() in title


def _is_offered(chance: Random, pair: LabelledPair) -> bool:
    return pair.verdict not in ONE_RECORDING or chance.random() < PRESENT


def _song(chance: Random, pair: LabelledPair) -> Song:
    """Give the first name as a playlist would, the artist in a field of its own.

    What names no artist has the other name's, where both are one recording, else one that is drawn: playlists say who
    plays. What nobody could decide stays as it is.
    """
    duration_s = pair.duration_a_s or chance.uniform(120, 420)
    artist, title = _split(pair.a)
    if pair.verdict in ONE_RECORDING:
        artist = artist or _split(pair.b)[0] or pair.artist_b
    if artist is None and pair.verdict is not Verdict.ASK:
        both = f"{pair.a} {pair.b}".casefold()
        artist = chance.choice([name for name in words.ARTISTS if name.casefold() not in both])
    return Song(artist=pair.artist_a or artist, title=title, duration_s=duration_s)


def _split(name: str) -> tuple[str | None, str]:
    """Split a name at its first dash between blanks, without what files and promotion put before the artist."""
    bare = _BEFORE_ARTIST.sub("", name.replace(" – ", " - "))
    artist, dash, title = bare.partition(" - ")
    return (artist.strip(), title) if dash and artist.strip() and not artist[:2].isdecimal() else (None, name)


_BEFORE_ARTIST = re.compile(r"^(?:[^_]* ?[^_ -]_ ?)?(?:premiere|exclusive)?[: ]*(?=\S)", re.IGNORECASE)


def _labelled(chance: Random, pair: LabelledPair, song: Song, number: int) -> Offer:
    """Offer the second name: uploaded by the artist, or by a label or a channel, which mostly write who plays."""
    said = credit(pair.b)
    artist = pair.artist_b or (said[0] if said else None)
    known = artist or (song.artist if pair.verdict in ONE_RECORDING else None)
    title, uploader = pair.b, known
    if known is None or chance.random() >= UPLOADED_BY_ARTIST:
        uploader = chance.choice((*words.LABELS, *CHANNELS))
        if known and artist is None and chance.random() < WRITTEN_BY_CHANNELS:
            title, artist = f"{known} - {pair.b}", known
    elif artist is None:
        artist = known
    if artist is None and uploader in CHANNELS and pair.verdict is not Verdict.ASK:
        artist = uploader
    kind = RIGHT if pair.verdict in ONE_RECORDING else f"labelled {pair.verdict}"
    shown = (title, artist, uploader or "", pair.duration_b_s or song.duration_s)
    return _offer(kind, shown, f"{number}", song)


def _offer(kind: str, shown: Shown, name: str, song: Song) -> Offer:
    title, artist, uploader, duration_s = shown
    preview = kind == "preview"
    track = TrackSeen(
        ref=f"soundcloud:track:{name}",
        title=title,
        url=f"https://soundcloud.com/found/{name}",
        artist=artist,
        uploader=uploader,
        duration_ms=_ms(duration_s),
        availability=Availability.PREVIEW_ONLY if preview else Availability.AVAILABLE,
    )
    return Offer(kind=kind, track=track, right=kind == RIGHT)


def _ms(seconds: float) -> int:
    return round(seconds * SECOND_MS)


# --- what stands around the right one ------------------------------------------------------------------------------


def _length(chance: Random, song: Song) -> float:
    """Give another recording's length: equal by chance, otherwise its own."""
    if chance.random() < EQUAL_BY_CHANCE:
        return song.duration_s + chance.uniform(-0.3, 0.3)
    return max(20.0, song.duration_s + chance.choice((-1, 1)) * chance.uniform(4, 90))


def _by_the_artist(chance: Random, song: Song, title: str, duration_s: float) -> Shown:
    artist = song.artist or chance.choice(words.ARTISTS)
    return title, artist, artist, duration_s


def _by_a_fan(chance: Random, song: Song, title: str, duration_s: float) -> Shown:
    fan = chance.choice(("Kessleric", "Tranzit", "Nightowl", "Mossback", "dj stuff 99"))
    return title, song.artist or fan, fan, duration_s


def remix(chance: Random, song: Song) -> Shown:
    """Somebody's remix of it."""
    kind = chance.choice(("Remix", "Flip", "Bootleg", "Edit", "VIP Mix", "Rework"))
    title = f"{song.whole} ({chance.choice(words.REMIXERS)} {kind})"
    return _by_a_fan(chance, song, title, _length(chance, song))


def live(chance: Random, song: Song) -> Shown:
    """It, played live."""
    title = f"{song.whole} {chance.choice(('(Live)', '(Live at Red Rocks)', '- Live in Paris 2019', '[Live Session]'))}"
    return _by_the_artist(chance, song, title, _length(chance, song))


def length(chance: Random, song: Song) -> Shown:
    """Another cut of it."""
    title = f"{song.title} {chance.choice(('(Extended Mix)', '(Radio Edit)', '(Club Mix)', '- Instrumental'))}"
    return _by_the_artist(chance, song, title, _length(chance, song))


def speed(chance: Random, song: Song) -> Shown:
    """It, faster or slower, and its title says so."""
    mark = chance.choice(
        ("(Nightcore)", "(sped up)", "slowed + reverb", "[Slowed & Reverb]", "(8D Audio)", "- 8D AUDIO")
    )
    return _by_a_fan(chance, song, f"{song.whole} {mark}", song.duration_s * chance.choice((0.8, 0.87, 1.0, 1.15)))


def silent_speed(chance: Random, song: Song) -> Shown:
    """The same, by an uploader whose name alone says so."""
    uploader = chance.choice(("Nightcore Nation", "8D Tunes", "slowed songs", "Daycore Paradise"))
    return song.whole, song.artist or uploader, uploader, song.duration_s * chance.choice((0.8, 1.0, 1.0, 1.15))


def silent_karaoke(chance: Random, song: Song) -> Shown:
    """A playback of its very length, by an uploader whose name alone says so."""
    uploader = chance.choice(("Sing King Karaoke", "Karaoke Version", "Party Tyme Karaoke", "The Cover Covers"))
    return song.whole, song.artist or uploader, uploader, song.duration_s + chance.uniform(-1, 1)


def cover(chance: Random, song: Song) -> Shown:
    """Sung by somebody else, and its title says so."""
    mark = chance.choice(("(Cover)", f"({chance.choice(words.FEATURED)} Cover)", "- Acoustic Cover", "[Karaoke]"))
    return _by_a_fan(chance, song, f"{song.whole} {mark}", _length(chance, song))


def remake(chance: Random, song: Song) -> Shown:
    """F18: a fan's remake."""
    mark = chance.choice(("[{}'s Remake]", "({} Remake)", "(Remake by {})")).format("Kessleric")
    return _by_a_fan(chance, song, f"{song.whole} {mark}", _length(chance, song))


def preview(chance: Random, song: Song) -> Shown:
    """Thirty seconds of it, under its name, from whoever sells it."""
    return _by_the_artist(chance, song, song.title, chance.choice((30.0, song.duration_s)))


def clip(chance: Random, song: Song) -> Shown:
    """A piece of it, and its title says so."""
    mark = chance.choice(("(Preview)", "[Clip]", "(Snippet)", "(Teaser)"))
    return _by_the_artist(chance, song, f"{song.whole} {mark}", chance.uniform(20, 100))


def same_title(chance: Random, song: Song) -> Shown:
    """Another song of that name, by somebody else who uploaded it."""
    other = chance.choice([name for name in words.ARTISTS if name != song.artist])
    return song.title, other, other, _length(chance, song)


def same_title_named(chance: Random, song: Song) -> Shown:
    """The same, the other artist in the title."""
    other = chance.choice([name for name in words.ARTISTS if name != song.artist])
    return f"{other} - {song.title}", other, chance.choice((other, *words.CHANNELS)), _length(chance, song)


def same_artist(chance: Random, song: Song) -> Shown:
    """Another song of the same artist."""
    title = chance.choice([name for name in words.TITLES if name.casefold() not in song.title.casefold()])
    return _by_the_artist(chance, song, title, _length(chance, song))


def part(chance: Random, song: Song) -> Shown:
    """Another part."""
    mark = chance.choice((", Pt. 9", " Part IX", " (Part Nine)", " Vol. 9"))
    return _by_the_artist(chance, song, f"{song.title}{mark}", _length(chance, song))


def mix(chance: Random, song: Song) -> Shown:
    """A mix that begins with it."""
    mark = chance.choice(
        ("Guest Mix 014", "DJ Set @ Boiler Room", "Live at Tomorrowland 2018", "Mix 2024", "b2b Break")
    )
    return _by_the_artist(chance, song, f"{song.artist or 'Various'} - {mark}", chance.uniform(1_500, 7_200))


def other_song(chance: Random, song: Song) -> Shown:
    """Something that shares a word with it, as searches show."""
    other = chance.choice([name for name in words.ARTISTS if name != song.artist])
    word = chance.choice(song.title.split())
    return (
        f"{other} - {word} {chance.choice(('Again', 'Tonight', 'of Mine', 'in Paris'))}",
        other,
        other,
        _length(chance, song),
    )


AROUND_A_SONG: dict[str, Builder] = {
    builder.__name__.replace("_", " "): builder
    for builder in (
        remix, live, length, speed, silent_speed, silent_karaoke, cover, remake, preview, clip, same_title,
        same_title_named, same_artist, part, mix, other_song,
    )
}  # fmt: skip


def kinds(cases: Sequence[Case]) -> Iterator[str]:
    """Give every kind of offer there is, the right one first."""
    seen = {offer.kind for case in cases for offer in case.offers}
    yield from (kind for kind in (RIGHT,) if kind in seen)
    yield from sorted(seen - {RIGHT})
