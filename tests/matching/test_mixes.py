"""Mixes and live sets: by length and phrases, never by bare words; titles as people really write them."""

# ruff: noqa: RUF001 - full-width signs are what file systems make of forbidden ones

from __future__ import annotations

import pytest

from engine.matching.mixes import MIX_MINUTES, is_mix, mix_phrase

HOUR_MS = 3_600_000
SONG_MS = 240_000

MIXES = (
    "Boiler Room Berlin DJ Set",
    "Four Tet | Boiler Room London",
    "Essential Mix 2018-05-12",
    "Hour 1 - Essential Mix Pete Tong",
    "BBC Radio 1 Essential Mix: Bicep",
    "Deep House Podcast 12 - Guest Foo",
    "Deep Sessions Podcast 012",
    "RA.512 Ben UFO",
    "A State Of Trance Episode 900",
    "ASOT 900",
    "Above & Beyond - Group Therapy 312",
    "Gravitas Artist Mix 003: Lil Fish",
    "Gravitas Artist Mix 003： Lil Fish",
    "Road To VSC 2018 Mix Series #011: LUZCID",
    "Featherbed Sessions Mix - 05.08.20",
    "Secret Dreams 2022 Mix",
    "Levitate EP Mini Mix",
    "Year End Mix 2019",
    "Winter Mix 2019 Vol 1",
    "Summer Mixtape 2015",
    "HYPNAGOGIA MIXTAPE",
    "Boiler Room Mix #17",
    "Guest Mix for Noisia Radio",
    "Promo Mix January",
    "Mix 014 by Somebody",
    "Techno Mix Vol. 3",
    "90 Minute Mix",
    "3 Hour Set at Fabric",
    "2 hour vinyl only set",
    "Live Set @ Fusion Festival",
    "Skrillex Live at Ultra Music Festival 2015",
    "Alpha - Live at Tomorrowland 2018",
    "Alpha @ Tomorrowland 2018",
    "Alejo (Live) @ Tipper and Friends 2023",
    "Break b2b DLR @ Outlook",
    "Skream B2B Benga",
    "EDC Las Vegas 2019 (Full Set)",
    "Coachella 2019 Full Set",
    "Closing Set Burning Man",
    "Sunrise Set - Mayan Warrior 2016",
    "Hybrid Set for HÖR",
    "DJ-Kicks (Exclusive Continuous Mix)",
    "FabricLive 37",
    "Sounds of the Fam ｜ Mixed By： SNDY ｜ Presented By： Denver EDM Fam",
    "In The Mix 42",
    "Noisia Radio S03E12 - Radio Show",
    "Night Shift Radio 045",
    "Rinse FM Show 112",
    "Episode #27 with Somebody",
    "New Year Megamix",
    "Halloween Mix",
    "Birthday Mix for my friends",
    "Warm-up set for Calibre",
    "All night long set",
    "Recorded Live From Printworks",
)
SONGS_OF_AN_HOUR = (
    "Set Me Free",
    "LUZCID - Set Me Free",
    "Alejo, Psydell - Expletive Deleted (Original Mix) [Free Download]",
    "Opus (Original Mix)",
    "Strobe (Extended Mix)",
    "Around the World (Club Mix)",
    "Levels (Radio Mix)",
    "Blue Monday (12 inch Dub Mix)",
    "Mixed Emotions",
    "Mixed Feelings About You",
    "Live Forever",
    "Live And Let Learn",
    "Dark Star (Live at Veneta, 1972)",
    "Supper's Ready (2007 Stereo Mix)",
    "Close to the Edge (2013 Mix)",
    "Dopesmoker",
    "Symphony No. 9 in D Minor",
    "Music for 18 Musicians",
    "Rivers (10 Hours)",
    "Sun Set in Stone",
    "Mind Set",
    "The Podcast Song",
    "Boiler",
    "Radio Silence Tonight",
    "Session Victim - Good Intentions",
    "Back To Back",
    "Episode",
    "Showtime",
    "Essential",
    "DJ Got Us Fallin' In Love",
    "Club Tropicana",
    "Extended Mix 2",
)


@pytest.mark.parametrize("title", MIXES)
def test_a_long_piece_whose_name_says_so_is_a_mix(title: str) -> None:
    """F75: by length and phrase; the same name on something short is a song, a skit or an excerpt."""
    assert mix_phrase(title)
    assert is_mix(title, HOUR_MS, MIX_MINUTES)
    assert not is_mix(title, SONG_MS, MIX_MINUTES)


@pytest.mark.parametrize("title", SONGS_OF_AN_HOUR)
def test_a_bare_word_is_no_mix_however_long_the_piece_is(title: str) -> None:
    """F75: "Set Me Free" and "(Original Mix)" are songs; so are long ones that somebody played live or mixed anew."""
    assert mix_phrase(title) == ""
    assert not is_mix(title, HOUR_MS, MIX_MINUTES)


@pytest.mark.parametrize(
    ("title", "artist", "mix"),
    [
        ("Dark Star - Live at Veneta, 1972", "Grateful Dead", False),
        ("Echoes - 2016 Mix", "Pink Floyd", False),
        ("Grateful Dead - Live at Veneta, 1972", "Grateful Dead", True),
        ("Live at Veneta, 1972", "Grateful Dead", True),
        ("Above & Beyond - Live at Privilege Ibiza", "Above & Beyond, OceanLab", True),
    ],
)
def test_played_live_is_a_version_where_a_songs_title_stands_before_it(title: str, artist: str, *, mix: bool) -> None:
    """F75: who plays tells a set of theirs from a song that a store calls by its title, a dash and the occasion."""
    assert is_mix(title, HOUR_MS, MIX_MINUTES, artist) is mix


def test_what_nobody_measured_is_no_mix() -> None:
    """Unknown stays unknown; the line is where a person draws it."""
    assert not is_mix("Boiler Room DJ Set", None, MIX_MINUTES)
    assert is_mix("Boiler Room DJ Set", 600_000, 10.0)
    assert not is_mix("Boiler Room DJ Set", 599_999, 10.0)
