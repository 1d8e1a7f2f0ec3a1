"""Names for a generated crate: artists and titles of a size that real libraries have, and how copies get renamed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.scorecard import traps_damage as damage
from tests.scorecard import traps_vocabulary as words


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TITLE_WORDS = _words("""
    Amber Aurora Awakening Bass Battle Bitter Black Blind Blood Blue Body Bounce Bright Broken Burning Calling
    Catch Chasing Circle City Clay Closer Cloud Cold Colours Come Control Crave Crazy Cruise Crystal Cut Dance
    Danger Dark Dawn Day Deep Desert Destruction Diamond Dirty Distance Divine Dollar Double Down Dragon Dream
    Drift Drive Drop Dust Early Earth Easy Echo Edge Electric Elephant Empty Endless Enemy Engine Ephemeral
    Escape Eternal Every Eyes Fade Faith Fall Fast Fatal Feather Feel Fever Fiber Fire First Flamingo Flex Float
    Floor Flow Fly Focus Follow Forest Forgotten Found Free Freight Frequency Future Galaxy Garden Ghost Give
    Glass Glow Gold Gone Good Gravity Green Grip Ground Grow Hall Hands Harvest Heart Heat Heavy Hidden High
    Hold Hollow Honey Horizon Hour House Human Hunger Hush Ice Illusion Impact Indigo Infinite Inside Invasion
    Iron Island Ivory Jade Journey Jungle Karma Keep Kinetic Kingdom Know Lackluster Lady Lake Laser Last Late
    Laugh Leave Level Liar Lift Lightning Like Lines Liquid Listen Little Lock Lonely Long Love Low Lucid Lunar
    Machine Magic Magnet Make Mantra Marble Mask Matter Maze Melody Memory Mercury Midnight Mind Mirage Misty
    Money Monkey Moon Motion Mountain Move Muse Mystic Name Neon Never New Night Nitrous Noise North Nothing
    Nova Ocean Old Omelette Open Orbit Orchid Other Outlaw Over Paper Paradox Parade Peace Phantom Phonetic
    Pilot Pixel Planet Plastic Poison Power Prayer Pressure Prism Proof Pulse Pure Purple Question Quick Quiet
    Radiant Rain Raw Ready Reality Rebel Red Reflection Renegade Return Rhythm Ride Ripple Rise Ritual River
    Road Rocket Roots Rough Roulette Run Runner Sacred Salt Sand Satellite Savage Scarlet Season Secret Seed
    Sense Serpent Shade Shadow Shallow Shatter Shelter Shine Shiver Signal Silence Silver Simple Skyline Sleeper
    Slip Slow Smoke Snake Solar Solid Something Soul Sound Space Spark Spectral Speed Spirit Splash Stardust
    Static Stay Steal Steel Still Stone Storm Strange Stranger Street Strong Sugar Summer Sun Surface Swamp
    Sweet Swim Symbol Talk Tears Temple Terra Thief Thing Thunder Tide Tiger Time Together Tomorrow Torch Touch
    Tower Trace Train Trip Trouble True Trust Twilight Ultra Under Universe Valley Velvet Vertigo Vessel Violet
    Virus Vision Voice Void Wait Walk Wall Wander Wanted War Water Wave West Whisper White Wild Wind Window
    Winter Wire Wolf Wonder World Yellow Young Zero Zone
""")
SMALL_WORDS = ("the", "of", "in", "my", "your", "and", "to", "for", "on", "me", "you", "a")
ARTIST_WORDS = _words("""
    Alix Asher Bandit Beat Boogie Brass Cassian Charlie Chroma Conscious Daily Dapper Deep Digital Doctor Ember
    Esseks Falcon Fox Ganja Grim Habit Hyper Jaded Juno Kairo Keota Kill Kumarion Levity Lotus Luma Mersiv
    Minnesota Moth Mystic Nocturne Noetika Ocular Opal Parker Player Pluto Proko Quanta Ravenscoon Rezz Saka
    Shanghai Sicaria Somnium Spade Supertask Tape Thelem Tiedye Truth Tsuruda Ternion Vampa Veil Virtual Wakaan
    Whales Yoko Zebbler Zen Zia
""")
NAMESAKES = (*words.COMMON_TITLES, *(title for pair in words.ONE_LETTER_APART for title in pair))


def artist(chance: Random) -> str:
    """Give an artist: one of the known, or one made of one to three words."""
    if chance.random() < 0.2:
        return chance.choice((*words.ARTISTS, *words.SIGNED_ARTISTS, *words.ACCENTED_ARTISTS))
    return " ".join(chance.sample(ARTIST_WORDS, chance.choices((1, 2, 3), (1, 6, 1))[0]))


def title(chance: Random) -> str:
    """Give a title of one to five words, the popular words more often."""
    count = chance.choices((1, 2, 3, 4), (2, 5, 3, 1))[0]
    drawn = [TITLE_WORDS[int(len(TITLE_WORDS) * chance.random() ** 1.6)] for _ in range(count)]
    if count > 1 and chance.random() < 0.35:
        drawn.insert(chance.randint(0, count - 1), chance.choice(SMALL_WORDS))
    if chance.random() < 0.04:
        drawn[-1] = f"{drawn[-1]}{chance.choice(('s', 'er', 'ing'))}"
    made = " ".join(drawn)
    if chance.random() < 0.08:
        made = f"{made} (feat. {chance.choice(words.FEATURED)})"
    return made


def _upload(chance: Random, name: str) -> str:
    return name + chance.choice((" [FREE DL]", " (Free Download)", " (Official Video)", " [OUT NOW]", " (Audio)"))


def _copied(chance: Random, name: str) -> str:
    return name + chance.choice((".1.2", " (1)", " Copy", " Enhanced", " (M4A)", " (Enhanced)"))


def _numbered(chance: Random, name: str) -> str:
    return f"{chance.randint(1, 18):02}{chance.choice((' ', '. ', ' - '))}{name}"


def _labelled(chance: Random, name: str) -> str:
    return f"{name} [{chance.choice(words.LABELS)}]"


RENAMINGS: tuple[Callable[[Random, str], str], ...] = (
    _upload,
    _copied,
    _numbered,
    _labelled,
    damage.hex_prefixed,
    damage.recased,
    lambda _, name: damage.signs_deleted(name),
    lambda _, name: damage.underscored(name),
    lambda _, name: f"{damage.underscored(name)} Enhanced",
    lambda _, name: damage.full_width_signs(name),
    lambda _, name: damage.decomposed(name),
)
"""What a name goes through between two copies of one recording; none changes artist, title, version or part."""
