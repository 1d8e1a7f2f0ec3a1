"""Searches as SoundCloud and YouTube really show them, in two halves that share no song and no way of writing.

The matcher was first mended on `Half.MENDED` alone, later on what all lists showed. Which half a song or a
pattern is in says its SHA-256, so that nobody chose. Offers go through the sources' own parsers, as in a real search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from random import Random
from typing import TypeAlias

from engine.domain.events import TrackSeen
from engine.matching.things import Thing
from engine.sources.soundcloud import parse as soundcloud
from engine.sources.youtube import parse as youtube
from tests.scorecard import forms, forms_afterwards
from tests.scorecard import traps_vocabulary as words
from tests.scorecard.searches import RIGHT, SECOND_MS, Case, Offer
from tests.scorecard.traps_pair import EQUAL_BY_CHANCE, LabelledPair, Verdict

AROUND = 9
PRESENT = 0.75
FANS = ("Kessleric", "Tranzit", "Nightowl", "Mossback", "dj stuff 99", "wavvy", "Lina Sound", "user-482113")
CHANNELS = (
    *words.CHANNELS,
    "7clouds",
    "xKito Music",
    "Bass Nation",
    "When We Dip",
    "Delayed",
    "Hate Lab",
    "The Vibe Guide",
)
APART = (*words.APOSTROPHE_TITLES, *words.PECULIAR_TITLES, *words.COMMON_TITLES, *words.MARKER_TITLES)
WHOSE = "whose?"
"""A kind of offer that is neither right nor wrong: a bare title of somebody unknown, of the very length."""


Form: TypeAlias = tuple[str, ...]
"""A line of `forms`."""


class Half(StrEnum):
    """Which part of all songs and patterns."""

    MENDED = "mended on"
    HELD_OUT = "held out"
    AFTERWARDS = "written afterwards"  # every song, in patterns of `forms_afterwards`


def half_of(text: str) -> Half:
    """Say in which half a song or a pattern is."""
    return Half.HELD_OUT if sha256(text.encode()).digest()[0] % 2 else Half.MENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Song:
    """What is sought."""

    who: tuple[str, ...]
    title: str
    guests: tuple[str, ...]
    remixer: str | None
    label: str
    duration_s: float

    @property
    def version(self) -> str:
        """Its version, in brackets behind the title."""
        return f" ({self.remixer} Remix)" if self.remixer else ""

    @property
    def spotify(self) -> str:
        """Its title as Spotify writes it."""
        guests = f" (feat. {' & '.join(self.guests)})" if self.guests else ""
        return f"{self.title}{guests}{f' - {self.remixer} Remix' if self.remixer else ''}"

    @property
    def thing(self) -> Thing:
        """It, as a Spotify playlist gives it: everybody who is on it is an artist."""
        credited = dict.fromkeys((*self.who, *self.guests, *([self.remixer] if self.remixer else [])))
        return Thing(key="sought", title=self.spotify, artist=", ".join(credited), duration_ms=_ms(self.duration_s))


def half_searches(half: Half, seed: int, count: int) -> list[Case]:
    """Give searches of one half: songs made of its artists and titles, offers written in its patterns."""
    chance = Random(f"{seed} {half}")
    artists = _in(half, (*words.ARTISTS, *words.SIGNED_ARTISTS, *words.ACCENTED_ARTISTS))
    titles = _in(half, (*words.TITLES, *APART, *(title for pair in words.ONE_WORD_APART for title in pair)))
    made = _Made(chance=chance, half=half, artists=artists, titles=titles)
    return [made.case(made.song(), number) for number in range(count)]


def labelled_searches(half: Half, seed: int, pairs: Sequence[LabelledPair], repeats: int) -> list[Case]:
    """Give searches for the songs of labelled pairs that are in one half, as far as they are written in full."""
    chance = Random(f"{seed} {half} labelled")
    made = _Made(chance=chance, half=half, artists=_in(half, words.ARTISTS), titles=_in(half, words.TITLES))
    names = sorted({name for pair in pairs if pair.verdict is not Verdict.ASK for name in (pair.a, pair.b)})
    songs = [song for name in names if half in (half_of(name), Half.AFTERWARDS) and (song := made.named(name))]
    return [made.case(song, number) for number, song in enumerate(songs * repeats)]


def _in(half: Half, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if half in (half_of(name), Half.AFTERWARDS)))


def _ms(seconds: float) -> int:
    return round(seconds * SECOND_MS)


_NAMED = re.compile(r"(?P<artist>[^_]+?) [-–] (?P<title>[^()\[\]_-]+?)(?P<brackets>(?: *[(\[][^()\[\]]*[)\]])*)")
_GUESTS = re.compile(r"^(?:feat|ft)\.? (.+)$", re.IGNORECASE)
_REMIX = re.compile(r"^(.+) (?:Remix|remix)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Makes searches of one half."""

    chance: Random
    half: Half
    artists: tuple[str, ...]
    titles: tuple[str, ...]

    def song(self) -> Song:
        """Make up a song."""
        chance = self.chance
        people = chance.sample(self.artists, 5)
        return Song(
            who=tuple(people[: chance.choice((1, 1, 1, 2, 2, 3))]),
            title=chance.choice(self.titles),
            guests=(people[3],) if chance.random() < 0.25 else (),
            remixer=people[4] if chance.random() < 0.25 else None,
            label=chance.choice(words.LABELS),
            duration_s=round(chance.uniform(120, 420), 2),
        )

    def named(self, name: str) -> Song | None:
        """Give the song that a labelled name is, where its brackets say nothing but guests and a remixer."""
        found = _NAMED.fullmatch(name)
        if found is None or found["artist"].isdecimal():
            return None
        inside = [each.strip() for each in re.findall(r"[(\[]([^()\[\]]*)[)\]]", found["brackets"])]
        guests = [match[1] for each in inside if (match := _GUESTS.match(each))]
        remixers = [match[1] for each in inside if (match := _REMIX.match(each))]
        if len(guests) + len(remixers) != len(inside) or len(remixers) > 1:
            return None
        return Song(
            who=tuple(re.split(r" & | x |, ", found["artist"])),
            title=found["title"],
            guests=tuple(guests),
            remixer=remixers[0] if remixers else None,
            label=self.chance.choice(words.LABELS),
            duration_s=round(self.chance.uniform(120, 420), 2),
        )

    def case(self, song: Song, number: int) -> Case:
        """Give one search for a song."""
        chance = self.chance
        offers = list(self._right(song, f"{number}")) if chance.random() < PRESENT else []
        wrong = [form for form in self._patterns(forms.WRONG) if song.guests or form[0] != "other guest"]
        for place, (kind, pattern) in enumerate(chance.sample(wrong, AROUND)):
            offers.append(self._wrong(song, kind, pattern, f"{number}{place:02}7"))
        if not offers[0].right and chance.random() < 0.3:
            offers.append(self._whose(song, f"{number}998"))
        chance.shuffle(offers)
        pair = LabelledPair(a=song.spotify, b="", verdict=Verdict.SAME, trap=self.half)
        return Case(pair=pair, sought=song.thing, offers=tuple(offers))

    def _patterns(self, said: Sequence[Form]) -> list[Form]:
        if self.half is Half.AFTERWARDS:
            later: Sequence[Form] = forms_afterwards.WRONG if said is forms.WRONG else forms_afterwards.RIGHT
            return list(later)
        return [form for form in said if half_of(" ".join(form)) is self.half]

    def _right(self, song: Song, name: str) -> Iterator[Offer]:
        """Offer the recording itself, in one or two dresses."""
        chance = self.chance
        mine = [form for form in self._patterns(forms.RIGHT) if _suits(form, song)]
        for place, (kind, by, pattern) in enumerate(chance.sample(mine, chance.choice((1, 1, 2)))):
            title = self._written(song, pattern)
            uploader = self._uploader(song, by)
            length_s = song.duration_s + _apart(chance)
            track = shown(by, f"{name}{place}1", title, uploader, length_s)
            yield Offer(kind=f"{RIGHT}: {kind}", track=track, right=True)

    def _wrong(self, song: Song, kind: str, pattern: str, name: str) -> Offer:
        chance = self.chance
        uploader = song.who[0] if "{x}" not in pattern and chance.random() < 0.3 else chance.choice((*FANS, *CHANNELS))
        title = self._written(song, pattern)
        equal = chance.random() < EQUAL_BY_CHANCE
        length_s = song.duration_s + (
            chance.uniform(-0.3, 0.3) if equal else chance.choice((-1, 1)) * chance.uniform(4, 90)
        )
        if kind == "whole":
            length_s = chance.uniform(1_200, 5_000)
        by = chance.choice(("sc", "sc", "yt"))
        return Offer(kind=kind, track=shown(by, name, title, uploader, max(20.0, length_s)))

    def _whose(self, song: Song, name: str) -> Offer:
        uploader = self.chance.choice(FANS)
        return Offer(kind=WHOSE, track=shown("sc", name, song.title, uploader, song.duration_s))

    def _uploader(self, song: Song, by: str) -> str:
        match by.rsplit(maxsplit=1)[-1]:
            case "artist":
                return song.who[0]
            case "topic":
                return f"{song.who[0]} - Topic"
            case "vevo":
                return f"{song.who[0].replace(' ', '')}VEVO"
            case "remixer":
                return song.remixer or song.who[0]
            case "label":
                return song.label
            case _:
                return self.chance.choice(CHANNELS)

    def _written(self, song: Song, pattern: str) -> str:
        chance = self.chance
        guests = f" (feat. {' & '.join(song.guests)})" if song.guests else ""
        whole = f"{song.title}{guests}{song.version}"
        known = f"{song.thing.artist} {song.spotify}".casefold()
        others = [name for name in self.artists if name.casefold() not in known]
        who = " & ".join(song.who)
        return pattern.format(
            a=who, A=who.upper(), at=f"{who} - {whole}".lower(), first=song.who[0], t=whole, T=whole.upper(),
            spotify=song.spotify, bare=song.title, b=f"{song.title}{guests}", bv=f"{song.title}{song.version}",
            label=song.label, code=f"{''.join(word[0] for word in song.label.split())}{chance.randint(10, 199):03}",
            x=chance.choice(others), o=chance.choice([one for one in self.titles if one != song.title]),
            w=chance.choice(("Again", "Tonight", "Forever", "Anthem", "Blues")), g=" & ".join(song.guests),
            r=song.remixer, R=(song.remixer or "").upper(), rest=" & ".join(song.who[1:]),
            **{"ax": " x ".join(song.who), "a+": " + ".join(song.who), "a,": ", ".join(song.who)},
        )  # fmt: skip


def _suits(form: Form, song: Song) -> bool:
    kind, by, _ = form
    needs = {"guests": bool(song.guests), "remixed": bool(song.remixer), "joined": len(song.who) > 1}
    return needs.get(kind, True) and (by != "remixer" or bool(song.remixer))


def _apart(chance: Random) -> float:
    """Say how much longer an upload is: mostly not, at times by the silence at its ends."""
    return chance.choices(
        (chance.uniform(-0.3, 0.3), chance.uniform(-1.5, 1.5), chance.choice((-1, 1)) * chance.uniform(2.2, 5)),
        (75, 20, 5),
    )[0]


def shown(by: str, name: str, title: str, uploader: str, length_s: float) -> TrackSeen:
    """Give an upload as its source's own parser reads it."""
    if by.startswith("yt"):
        seen = youtube.track(
            {
                "id": f"v{name:0>10}",
                "title": title,
                "channel": uploader,
                "duration": round(length_s),
                "ie_key": "Youtube",
            }
        )
    else:
        seen = soundcloud.track(
            {
                "id": int(name), "kind": "track", "title": title, "duration": _ms(length_s),
                "full_duration": _ms(length_s), "policy": "ALLOW", "access": "playable",
                "permalink_url": f"https://soundcloud.com/found/{name}",
                "user": {"username": uploader, "permalink": re.sub(r"\W+", "-", uploader.casefold())},
            }
        )  # fmt: skip
    assert isinstance(seen, TrackSeen), title
    return seen
