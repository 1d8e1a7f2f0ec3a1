"""The crate of F1 again: a library of names like the real ones, with real duplicates among them and the truth beside.

`crate(seed, n)` gives the same items for the same seed. Durations, formats and sounds are true to the names: copies
of one recording sound alike, cuts of one share a part of their sound, remixes share nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import TypeAlias

from tests.scorecard import crates_names as names
from tests.scorecard import traps_vocabulary as words

DUPLICATES = 0.08  # of all items
BARE = 0.1  # of duplicates, which kept only their titles
FIELDS = 0.3  # of items, which have the artist in a field of its own
FORMATS: tuple[tuple[str, int, bool], ...] = (  # format, bits a second, whether the origin was lossless
    ("aiff", 1_411_000, True), ("flac", 950_000, True), ("wav", 1_411_000, True), ("m4a", 256_000, False),
    ("mp3", 320_000, False), ("mp3", 128_000, False), ("wav", 1_411_000, False), ("aiff", 1_411_000, False),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What was recorded once: the truth behind items.

    Attributes:
        artist: "" where the name never told.
        title: with version and part.
        before: what stands between artist and title: an album and a number.
        duration_s: of this cut.
        sound: which sound it is; cuts of one production share it.
        begin_s: where in that sound this cut begins.
    """

    artist: str
    title: str
    before: str = ""
    duration_s: float
    sound: int
    begin_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing of the crate, as a library shows it, and the recording it truly is.

    Attributes:
        recording: the number of its recording: items of one number are true duplicates.
        print_seed: of the sound; `print_begin_s` and `duration_s` say which part of it this is.
        encode_seed: of what encoding did to it.
    """

    key: str
    recording: int
    title: str
    artist: str | None
    duration_s: float
    file_format: str
    bitrate_bps: int
    size_bytes: int
    lossless: bool
    print_seed: int
    print_begin_s: float
    encode_seed: int


def crate(seed: int, n: int = 21_000) -> list[Item]:
    """Give n items in an order that tells nothing."""
    chance = Random(seed)
    copies = round(n * DUPLICATES)
    recordings = _recordings(chance, n - copies)
    items = [_item(chance, number, each, _written(each)) for number, each in enumerate(recordings)]
    copied = chance.choices(range(len(recordings)), k=copies)
    items += [_item(chance, number, recordings[number], _renamed(chance, recordings[number])) for number in copied]
    chance.shuffle(items)
    return [replace(item, key=f"item-{place:05}") for place, item in enumerate(items)]


def two_crates(seed: int, n: int) -> tuple[list[Item], list[Item]]:
    """Give two crates of n items: half of the second are copies of what is in the first, half are other recordings."""
    chance = Random(seed)
    shared = n // 2
    recordings = _recordings(chance, 2 * n - shared)
    left = [_item(chance, number, recordings[number], _written(recordings[number])) for number in range(n)]
    right = [
        _item(chance, number, recordings[number], _renamed(chance, recordings[number])) for number in range(shared)
    ]
    right += [_item(chance, place, each, _written(each)) for place, each in enumerate(recordings[n:], start=n)]
    for side in (left, right):
        chance.shuffle(side)
    return left, right


def true_pairs(items: Iterable[Item]) -> set[tuple[str, str]]:
    """Give the pairs of keys, the smaller first, that are one recording."""
    known: dict[int, list[str]] = {}
    pairs: set[tuple[str, str]] = set()
    for item in items:
        others = known.setdefault(item.recording, [])
        pairs.update((min(item.key, other), max(item.key, other)) for other in others)
        others.append(item.key)
    return pairs


Family: TypeAlias = Callable[[Random, Iterator[int]], Iterator[Recording]]


def _recordings(chance: Random, wanted: int) -> list[Recording]:
    """Draw families until there are enough recordings; no two have one name, but for those whose name tells nothing."""
    sounds = count(chance.randrange(1 << 40) << 16)
    found: list[Recording] = []
    taken: set[str] = set()
    while len(found) < wanted:
        family = chance.choices(tuple(FAMILIES), tuple(FAMILIES.values()))[0]
        for each in family(chance, sounds):
            name = f"{each.artist} - {each.title}".casefold()
            if not each.artist or name not in taken:
                taken.add(name)
                found.append(each)
    return found[:wanted]


def _length_s(chance: Random) -> float:
    return round(min(600.0, max(75.0, chance.gauss(225, 55))), 2)


def _song(chance: Random, sounds: Iterator[int], artist: str, title: str, before: str = "") -> Recording:
    return Recording(artist=artist, title=title, before=before, duration_s=_length_s(chance), sound=next(sounds))


def single(chance: Random, sounds: Iterator[int]) -> Iterator[Recording]:
    """Give a song of an artist."""
    yield _song(chance, sounds, names.artist(chance), names.title(chance))


def cluster(chance: Random, sounds: Iterator[int]) -> Iterator[Recording]:
    """Give about 50 songs of one artist, which were one group once (F2)."""
    artist = names.artist(chance)
    for _ in range(chance.randint(40, 60)):
        yield _song(chance, sounds, artist, names.title(chance))


def album(chance: Random, sounds: Iterator[int]) -> Iterator[Recording]:
    """Give an album whose names all begin alike (F2)."""
    artist = names.artist(chance)
    called = f"{names.title(chance).partition(' (')[0]}{chance.choice(('', ' (LP)', ' EP', ', Pt. 3'))}"
    for number in range(1, chance.randint(8, 16)):
        title = (
            names.title(chance) if chance.random() < 0.9 else chance.choice(("o", "p . s .", "ii", "Intro", "Outro"))
        )
        yield _song(chance, sounds, artist, title, f"{called} - {number:02} ")


def remixes(chance: Random, sounds: Iterator[int]) -> Iterator[Recording]:
    """Give an original, its cuts, which share its sound, and its versions, which do not."""
    artist, title = names.artist(chance), names.title(chance)
    whole = Recording(artist=artist, title=title, duration_s=_length_s(chance), sound=next(sounds), begin_s=40.0)
    yield whole
    longer = replace(whole, title=f"{title} (Extended Mix)", begin_s=0.0, duration_s=round(whole.duration_s + 75, 2))
    shorter = replace(
        whole,
        title=f"{title} (Radio Edit)",
        begin_s=55.0,
        duration_s=round(whole.duration_s * chance.uniform(0.6, 0.9), 2),
    )
    yield from chance.sample((longer, shorter), chance.randint(0, 2))
    versions = ["VIP", "Live", "Acoustic", "Instrumental"]
    versions += [f"{remixer} Remix" for remixer in chance.sample(words.REMIXERS, 4)]
    for version in chance.sample(versions, chance.randint(1, 5)):
        yield _song(chance, sounds, artist, f"{title} ({version})")


def parts(chance: Random, sounds: Iterator[int]) -> Iterator[Recording]:
    """Give numbered parts of one name."""
    artist, title = names.artist(chance), names.title(chance).partition(" (")[0]
    mark = chance.choice((", Pt. {}", " Part {}", " Vol. {}", " {:02}", " #{}", " Mix {:03}"))
    for number in range(1, chance.randint(3, 12)):
        yield _song(chance, sounds, artist, title + mark.format(number))


def namesakes(chance: Random, sounds: Iterator[int]) -> Iterator[Recording]:
    """Give songs of one title by several artists."""
    title = chance.choice(names.NAMESAKES)
    for _ in range(chance.randint(3, 8)):
        yield _song(chance, sounds, names.artist(chance), title)


def bare(chance: Random, sounds: Iterator[int]) -> Iterator[Recording]:
    """Give songs of one common title whose artist nobody wrote down: 12 items were named NUMB (F1)."""
    title = chance.choice(names.NAMESAKES)
    for _ in range(chance.randint(3, 12)):
        yield _song(chance, sounds, "", chance.choice((title, title.upper())))


def letters(chance: Random, sounds: Iterator[int]) -> Iterator[Recording]:
    """Give recordings whose titles were reduced to one letter."""
    letter = chance.choice("oexqz")
    for _ in range(chance.randint(2, 5)):
        yield _song(chance, sounds, "", letter)


FAMILIES: dict[Family, int] = {
    single: 600, cluster: 7, album: 15, remixes: 90, parts: 12, namesakes: 25, bare: 4, letters: 1,
}  # fmt: skip
"""How often each is drawn."""


def _written(recording: Recording) -> tuple[str | None, str]:
    """Give the artist field, if any, and the name as its first item has it."""
    if not recording.artist:
        return None, recording.title
    return None, f"{recording.artist} - {recording.before}{recording.title}"


def _renamed(chance: Random, recording: Recording) -> tuple[str | None, str]:
    """Give the name of a copy: another way to write the same, or the title alone."""
    bare_name = recording.title if chance.random() < BARE else f"{recording.artist} - {recording.title}"
    name = bare_name if recording.artist else recording.title
    return None, chance.choice(names.RENAMINGS)(chance, name)


def _item(chance: Random, number: int, recording: Recording, written: tuple[str | None, str]) -> Item:
    artist, name = written
    if recording.artist and chance.random() < FIELDS:
        artist = recording.artist
        name = name.removeprefix(f"{artist} - ")
    file_format, bitrate_bps, lossless = chance.choice(FORMATS)
    off_s = chance.uniform(-0.15, 0.15) if chance.random() < 0.97 else chance.uniform(-1.5, 1.5)
    duration_s = round(recording.duration_s + off_s, 2)
    return Item(
        key="",
        recording=number,
        title=name,
        artist=artist,
        duration_s=duration_s,
        file_format=file_format,
        bitrate_bps=bitrate_bps,
        size_bytes=round(duration_s * bitrate_bps / 8),
        lossless=lossless,
        print_seed=recording.sound,
        print_begin_s=recording.begin_s,
        encode_seed=chance.getrandbits(32),
    )
