"""Searches whose offers are written as `forms_blind` says: `blind_searches(seed, count)`.

Whoever wrote that list had not seen the matcher. A form is drawn as often as it is common, so that every sum over
these searches is weighted: a plain title under the artist's own account counts five times the rare one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from engine.matching.things import Thing
from tests.scorecard import forms_blind as forms
from tests.scorecard import forms_blind_words as words
from tests.scorecard.halves import WHOSE, shown
from tests.scorecard.searches import RIGHT, SECOND_MS, Case, Offer
from tests.scorecard.traps_pair import LabelledPair, Verdict

TRAP = "blind"
AROUND = 9
PRESENT = 0.75
EQUAL_BY_CHANCE = 0.05
"""Of other recordings, how many are as long as what is sought: fewer than in the traps, as in a real search."""
WHOSE_SHARE = 0.2
"""Of the searches without the right one, how many show a bare title of somebody unknown, of the very length."""
VERSIONS = ("", "remix", "Original Mix", "Extended Mix", "Radio Edit", "VIP")
VERSION_SHARES = (66, 22, 4, 4, 2, 2)
UPPER, LOWER = "^", "_"
_HIDDEN: Mapping[str, frozenset[str]] = {
    "": frozenset({"original"}),
    "remix": frozenset({"nameless remix"}),
    "Original Mix": frozenset({"original"}),
    "Extended Mix": frozenset({"length", "unmarked length"}),
    "Radio Edit": frozenset({"length", "unmarked length"}),
    "VIP": frozenset({"vip"}),
}
"""Kinds that could be what is sought, so that nobody could call them wrong."""
Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is sought, and how its playlist writes it."""

    who: tuple[str, ...]
    title: str
    guests: tuple[str, ...]
    version: str
    remixer: str | None
    duration_s: float
    from_spotify: bool

    @property
    def version_words(self) -> str:
        """The words that name its version, none for the original."""
        return f"{self.remixer} Remix" if self.remixer else self.version

    @property
    def thing(self) -> Thing:
        """It, as Spotify writes it, or as another service's CSV does."""
        guests = f" (feat. {' & '.join(self.guests)})" if self.guests else ""
        version = self.version_words
        if self.from_spotify:
            credited = dict.fromkeys((*self.who, *self.guests, *([self.remixer] if self.remixer else [])))
            artist, title = ", ".join(credited), f"{self.title}{guests}{f' - {version}' if version else ''}"
        else:
            artist, title = " & ".join(self.who), f"{self.title}{guests}{f' ({version})' if version else ''}"
        return Thing(key="sought", title=title, artist=artist, duration_ms=round(self.duration_s * SECOND_MS))


def blind_searches(seed: int, count: int) -> list[Case]:
    """Give searches; the same seed gives the same ones."""
    chance = Random(f"{seed} {TRAP}")
    return [_case(chance, _sought(chance), number) for number in range(count)]


def drawn_by_weight(chance: Random, weighted: Sequence[tuple[Drawn, int]], count: int) -> list[Drawn]:
    """Draw some, none twice, each the likelier the heavier it is."""
    ranked = sorted(weighted, key=lambda each: chance.random() ** (1 / each[1]), reverse=True)
    return [each for each, _ in ranked[:count]]


def _sought(chance: Random) -> Sought:
    people = chance.sample(words.ARTISTS, 4)
    version = chance.choices(VERSIONS, VERSION_SHARES)[0]
    return Sought(
        who=tuple(people[: chance.choices((1, 2, 3), (70, 25, 5))[0]]),
        title=chance.choice(words.TITLES),
        guests=(chance.choice(words.GUESTS),) if chance.random() < 0.22 else (),
        version="" if version == "remix" else version,
        remixer=people[3] if version == "remix" else None,
        duration_s=round(chance.uniform(125, 420), 2),
        from_spotify=chance.random() < 0.8,
    )


def _case(chance: Random, sought: Sought, number: int) -> Case:
    offers = _right(chance, sought, number) if chance.random() < PRESENT else []
    if not offers and chance.random() < WHOSE_SHARE:
        track = shown("sc", f"{number}998", sought.title, chance.choice(words.FANS), sought.duration_s)
        offers.append(Offer(kind=WHOSE, track=track))
    hidden = _HIDDEN["remix" if sought.remixer else sought.version]
    wrong = [(form, form[2]) for form in forms.WRONG if form[0] not in hidden]
    for place, (kind, by, _, length, pattern) in enumerate(drawn_by_weight(chance, wrong, AROUND)):
        said = _words(chance, sought)
        length_s = max(12.0, LENGTHS[length](chance, sought.duration_s))
        track = shown(by, f"{number}{place:02}7", _dressed(pattern, said), by[3:].format(**said), length_s)
        offers.append(Offer(kind=kind, track=track))
    chance.shuffle(offers)
    pair = LabelledPair(a=sought.thing.title, b="", verdict=Verdict.SAME, trap=TRAP)
    return Case(pair=pair, sought=sought.thing, offers=tuple(offers))


def _right(chance: Random, sought: Sought, number: int) -> list[Offer]:
    """Offer the recording itself, in one to three dresses."""
    mine = [(form, form[2]) for form in forms.RIGHT if _suits(form[1], sought)]
    offers = []
    for place, (kind, by, _, pattern) in enumerate(drawn_by_weight(chance, mine, chance.choice((1, 1, 2, 3)))):
        said = _words(chance, sought)
        length_s = sought.duration_s + _silence(chance)
        track = shown(by, f"{number}{place}1", _dressed(pattern, said), by[3:].format(**said), length_s)
        offers.append(Offer(kind=f"{RIGHT}: {kind}", track=track, right=True))
    return offers


def _suits(by: str, sought: Sought) -> bool:
    return ("{second}" not in by or len(sought.who) > 1) and ("{remixer}" not in by or bool(sought.remixer))


def _dressed(pattern: str, said: Mapping[str, str]) -> str:
    match pattern[0]:
        case "^":
            return pattern[1:].format(**said).upper()
        case "_":
            return pattern[1:].format(**said).lower()
        case _:
            return pattern.format(**said)


def _words(chance: Random, sought: Sought) -> dict[str, str]:
    guests, version, who = " & ".join(sought.guests), sought.version_words, sought.who
    if version == "Original Mix" and chance.random() < 0.5:
        version = ""  # as it is the original, many do not write it
    known = f"{sought.thing.artist} {sought.title}".casefold()
    label, title = chance.choice(words.LABELS), sought.title.casefold()
    fused = "".join(letter for letter in who[0] if letter.isalnum())
    return {
        "a": " & ".join(who), "ax": " x ".join(who), "ac": ", ".join(who), "first": who[0], "second": who[-1],
        "fused": fused.lower(), "VEVO": fused, "remixer": sought.remixer or "", "t": sought.title, "label": label,
        **_brackets(guests, g=" (feat. {})", gf=" ft. {}", gF=" Feat. {}", gb=" [feat. {}]", gw=" w/ {}"),
        **_brackets(version, v=" ({})", vb=" [{}]", vd=" - {}", vp=" {}"),
        "x": chance.choice([name for name in words.ARTISTS if name.casefold() not in known]),
        "o": chance.choice(_apart(title)),
        "w": chance.choice(words.MORE), "code": f"{_letters(label)[:3].upper()}{chance.randint(10, 240):03}",
        "n": str(chance.randint(2, 9)), "year": str(chance.randint(2009, 2025)), "fan": chance.choice(words.FANS),
        "channel": chance.choice(words.CHANNELS), "lyrics": chance.choice(words.LYRICS),
        "karaoke": chance.choice(words.KARAOKE), "producer": chance.choice(words.PRODUCERS),
        "director": chance.choice(words.DIRECTORS), "genre": chance.choice(words.GENRES),
        "venue": chance.choice(words.VENUES), "album": chance.choice(words.ALBUMS),
    }  # fmt: skip


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _apart(title: str) -> list[str]:
    return [one for one in words.TITLES if one.casefold() not in title and title not in one.casefold()]


def _brackets(inside: str, **patterns: str) -> dict[str, str]:
    return {name: pattern.format(inside) if inside else "" for name, pattern in patterns.items()}


def _silence(chance: Random) -> float:
    """Say how much longer an upload is: mostly not, at times by the silence at its ends."""
    return chance.choices(
        (chance.uniform(-0.4, 0.4), chance.uniform(-1.8, 1.8), chance.choice((-1, 1)) * chance.uniform(2.2, 5)),
        (78, 17, 5),
    )[0]


def _other(chance: Random, sought_s: float) -> float:
    if chance.random() < EQUAL_BY_CHANCE:
        return sought_s + chance.uniform(-0.3, 0.3)
    return sought_s + chance.choice((-1, 1)) * chance.uniform(4, 90)


def _near(chance: Random, sought_s: float) -> float:
    return (
        sought_s + chance.choice((-1, 1)) * chance.choices((chance.uniform(0, 1.5), chance.uniform(3, 12)), (30, 70))[0]
    )


LENGTHS: Mapping[str, Callable[[Random, float], float]] = {
    "same": lambda chance, sought_s: sought_s + chance.uniform(-0.8, 0.8),
    "near": _near,
    "off": lambda chance, sought_s: sought_s + chance.choice((-1, 1)) * chance.uniform(4, 40),
    "other": _other,
    "slow": lambda chance, sought_s: sought_s * chance.uniform(1.1, 1.35),
    "fast": lambda chance, sought_s: sought_s * chance.uniform(0.72, 0.9),
    "short": lambda chance, sought_s: sought_s * chance.uniform(0.4, 0.85),
    "long": lambda chance, sought_s: sought_s + chance.uniform(30, 200),
    "video": lambda chance, sought_s: sought_s + chance.uniform(8, 75),
    "clip": lambda chance, _: chance.uniform(15, 75),
    "talk": lambda chance, _: chance.uniform(300, 1_200),
    "set": lambda chance, _: chance.uniform(1_500, 7_200),
    "hour": lambda chance, _: chance.uniform(3_590, 36_000),
}
"""How long something is beside what is sought, by the words of `forms_blind.WRONG`."""
