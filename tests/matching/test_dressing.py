"""What uploaders write around a name, and what they say was done to a song: taken off, or taken seriously."""

# ruff: noqa: RUF001 - names in other scripts are the point

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching.dressing import Shown, undressed
from engine.matching.made_over import made_over
from engine.matching.things import Thing

SONG = Thing(key="r", title="First Light", artist="Ada, Bob")


def bare(title: str, artist: str | None = None, uploader: str | None = "Some Channel", sought: Thing = SONG) -> Shown:
    """Take an offer's name apart."""
    return undressed(Shown(artist, title), sought, uploader=uploader, label="Blue Records")


@pytest.mark.parametrize(
    ("artist", "title"),
    [
        ("PREMIERE: Ada", "First Light [Blue Records]"),
        ("TRACK PREMIERE: Ada", "First Light"),
        ("[PREMIERE] Ada", "First Light (Blue Records)"),
        ("Free Download: Ada", "First Light"),
        ("BLUE012 // Ada", "First Light"),
        ("Ada", "First Light [BLUE012]"),
        ("Ada", "First Light | Blue Records"),
        ("Ada", "First Light (10K Followers Free Download)"),
        ("Ada", "First Light // FREE DL"),
        ("Ada", "First Light - OUT NOW ON Blue"),
        ("Ada", "First Light (Out 24/11)"),
        ("Ada", "First Light (Official Music Video) [4K Upgrade]"),
        ("Ada", "First Light (Clip Officiel)"),
        ("Ada", "First Light (Премьера трека 2021)"),
        ("Ada", "First Light (Lyrics / Lyric Video)"),
        ("Ada", "First Light Lyrics"),
        ("Ada", "First Light #dnb #bass"),
        ("Ada", "First Light (from Clean Slate EP)"),
        ("Ada", "First Light (prod. by Cy)"),
        ("Ada", "First Light [Monstercat Release]"),
        ("First Light", "Ada"),
        ("PREMIERE #044 | Ada", "First Light [Blue Records]"),
        ("Exclusive Premiere: Ada", "First Light"),
        ("Lyrics | Ada", "First Light"),
        ("New Music: Ada", "First Light"),
        ("Track of the Week: Ada", "First Light"),
        ("#dnb #bass Ada", "First Light"),
        ("A1. Ada", "First Light"),
        ("[Melodic Dubstep] Ada", "First Light"),
        ("[Official Video] Ada", "First Light"),
        ("Blue Records", "Ada - First Light"),
        ("Blue Records presents: Ada", "First Light"),
        ("Ada", "First Light BR012"),
        ("Ada", "First Light BLUE012"),
        ("Ada", "First Light | Bass House"),
        ("Ada", "First Light • Dubstep"),
        ("Ada", "First Light (Official Audio) | Blue Records"),
        ("Ada", "First Light | Some Channel | Official Video"),
        ("Ada", "First Light - Official Visualizer"),
        ("Ada", "First Light Official Music Video HD"),
        ("Ada", "First Light (Audio) HD"),
        ("Ada", "First Light 128 BPM 5A"),
        ("Ada", "First Light [174 bpm, F#m]"),
        ("Ada", "First Light | 5A 128bpm"),
        ("Ada", "First Light (via Blue Records)"),
        ("Ada", "First Light [Blue Mag Premiere]"),
        ("Ada", "First Light [Supported by Cy]"),
        ("Ada", "First Light (Free Download on Bandcamp)"),
        ("Ada", "First Light |"),
    ],
)
def test_what_is_written_around_a_name_goes(artist: str, title: str) -> None:
    """F18: a premiere, a label, lyrics on the screen: who and what stay."""
    assert bare(title, artist) == Shown("Ada", "First Light")


@pytest.mark.parametrize(
    "title",
    [
        "Ada: First Light",
        "Ada 'First Light'",
        "First Light by Ada",
        "Ada & Bob “First Light” (Lyrics)",
        "Premiere: Ada “First Light”",
        "Ada • First Light",
        "Ada ~ First Light",
        "Ada 🔥 First Light",
        "Ada- First Light",
        "Ada -- First Light",
        "First Light • Ada",
        "Ada | First Light | Some Channel",
    ],
)
def test_who_plays_is_found_where_no_dash_says_so(title: str) -> None:
    """F73: a channel is nobody's artist when the title names who is sought."""
    found = bare(title, "Some Channel")
    assert found.title == "First Light"
    assert (found.artist or "").startswith("Ada")


@pytest.mark.parametrize(
    "title",
    [
        "First Light [2019]",
        "First Light [Drum & Bass]",
        "First Light (Cy Remix)",
        "First Light (Live)",
        "First Light (Remixes EP)",
        "First Light (Full EP)",
        "First Light (3D audio)",
        "First Light (from another room)",
        "First Light #shorts",
        "First Light (Clip)",
        "First Light [LIVE2019]",
        "First Light ()",
        "First Light | Part Two",
        "First Light (EDC 2019)",
        "First Light (SZIGET 19)",
        "First Light (PT02)",
        "First Light (TAKE 002)",
        "First Light (V100)",
        "First Light VIP002",
        "First Light XY012",
        "First Light | Techno",
        "First Light | Piano",
        "First Light | Cover",
        "First Light | 🔥",
        "First Light | Cy",
        "First Light • slowed",
        "First Light - Live Video",
        "First Light (Video Español)",
        "First Light (Live Premiere)",
    ],
)
def test_what_may_make_it_another_stays(title: str) -> None:
    """P2: what nobody can be sure of is left for the matcher, and for a question."""
    assert bare(title, "Ada") == Shown("Ada", title)


def test_what_the_sought_name_says_too_stays() -> None:
    """A song may be called so."""
    lyrics = Thing(key="r", title="Lyrics (Official Audio)", artist="Ada")
    assert bare("Lyrics (Official Audio)", "Ada", sought=lyrics) == Shown("Ada", "Lyrics (Official Audio)")
    premiere = Thing(key="r", title="Premiere", artist="Ada")
    assert bare("Premiere: Part", "Ada", sought=premiere).title == "Premiere: Part"
    presented = Thing(key="r", title="First Light | Presented By: Blue Records", artist="Ada")
    assert bare(presented.title, "Ada", sought=presented) == Shown("Ada", presented.title)
    numbered = Thing(key="r", title="First Light BR012", artist="Ada")
    assert bare("First Light BR012", "Ada", sought=numbered).title == "First Light BR012"
    video = Thing(key="r", title="Video Games", artist="Ada")
    assert bare("Video Games | Official Video", "Ada", sought=video) == Shown("Ada", "Video Games")
    assert bare("Video", "Ada", sought=video) == Shown("Ada", "Video")
    official = Thing(key="r", title="First Light (Official Cy Remix)", artist="Ada")
    assert bare("First Light (Official Cy Remix)", "Ada", sought=official).title == "First Light (Official Cy Remix)"


def test_whose_remix_it_is_is_written_one_way() -> None:
    """`Remix by Cy` and `Official Cy Remix` are the Cy remix."""
    assert bare("First Light (Remix by Cy)", "Ada").title == "First Light (Cy Remix)"
    assert bare("First Light (Official Cy Remix)", "Ada").title == "First Light (Cy Remix)"


def test_what_is_left_when_only_a_title_is_is_said_by_whoever_uploaded_it() -> None:
    """A source splits `First Light - OUT NOW` at its dash; then nobody but the uploader may be who plays."""
    assert bare("OUT NOW ON Blue Records", "First Light", uploader="Ada") == Shown("Ada", "First Light")


def test_a_title_before_a_dash_is_no_artist() -> None:
    """A source splits `First Light - Original Mix` at its dash; then whoever uploaded it may be who plays."""
    assert bare("Original Mix", "First Light", uploader="Ada") == Shown("Ada", "First Light - Original Mix")
    assert bare("Cy Remix", "First Light", uploader="Ada") == Shown("Ada", "First Light - Cy Remix")
    assert bare("Second Light", "First Light", uploader="Ada") == Shown("First Light", "Second Light")


@pytest.mark.parametrize("uploader", ["adaofficial", "Ada Official", "Ada Music", "AdaVEVO", "ada_music"])
def test_the_account_of_who_is_sought_is_who_is_sought(uploader: str) -> None:
    """F73: an artist's account is often called so; anybody else's stays whose it is."""
    assert bare("First Light", None, uploader=uploader) == Shown("ada", "First Light")
    assert bare("First Light", uploader, uploader=uploader) == Shown("ada", "First Light")
    assert bare("First Light", "Cy Official", uploader="Cy Official") == Shown("Cy Official", "First Light")


@pytest.mark.parametrize(
    "title", ["Nightcore: Ada - First Light", "Cy | Ada - First Light", "[Hardstyle] Ada - First Light"]
)
def test_what_stands_before_a_name_and_is_on_no_list_stays(title: str) -> None:
    """P2: whoever stands there may play it, and whatever stands there may have been done to it."""
    who, _, what = title.partition(" - ")
    assert bare(what, who) == Shown(who, what)


def test_without_an_artist_nothing_is_found_and_nothing_exchanged() -> None:
    """What is sought may name nobody."""
    nameless = Thing(key="r", title="First Light")
    assert bare("Ada: First Light", None, uploader=None, sought=nameless) == Shown(None, "Ada: First Light")
    assert bare("Cy: First Light", None) == Shown(None, "Cy: First Light")


@given(title=st.text(max_size=60), artist=st.none() | st.text(max_size=20))
def test_any_name_can_be_undressed(title: str, artist: str | None) -> None:
    """Total: whatever people write."""
    found = bare(title, artist)
    assert isinstance(found.title, str)
    assert isinstance(made_over(found.title, "Ada - First Light"), str)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Ada - First Light (Bass Boosted)", "treated"),
        ("Ada - First Light [432Hz]", "treated"),
        ("Ada - First Light (3D audio)", "treated"),
        ("Ada - First Light (1 Hour)", "treated"),
        ("Nightcore ~ First Light", "treated"),
        ("Ada - First Light 𝙨𝙡𝙤𝙬𝙚𝙙", "treated"),
        ("First Light (Tribute to Ada)", "by others"),
        ("Ada - First Light カラオケ", "by others"),
        ("Ada - First Light (кавер)", "by others"),
        ("Ada - First Light (En Directo)", "live"),
        ("Ada - First Light (Ao Vivo)", "live"),
        ("Ada - First Light @ live 2019", "live"),
        ("Ada Type Beat - First Light", "about it"),
        ("How Ada made First Light", "about it"),
        ("Ada - First Light (ремикс)", "a remix"),
        ("Ada - First Light (vocals only)", "treated"),
        ("Ada - First Light - Fingerstyle", "by others"),
        ("Cy sings First Light by Ada", "by others"),
        ("Ada - First Light hook", "a part of it"),
        ("Ada - First Light (Intro)", "a part of it"),
    ],
)
def test_what_was_done_to_a_song_is_said(title: str, said: str) -> None:
    """F18: in any of the languages that a search shows."""
    assert said in made_over(title, "Ada - First Light")


@pytest.mark.parametrize(
    ("title", "sought"),
    [
        ("Ada - First Light (Official Video)", "Ada - First Light"),
        ("Ada - Cover Me In Sunshine", "Ada - Cover Me In Sunshine"),
        ("Ada - Faster (Lyrics)", "Ada - Faster"),
        ("Ada - Live Forever", "Ada - Live Forever"),
        ("Ada - First Light (sped up)", "Ada - First Light (sped up)"),
        ("Ada - Trailer Trash [FREE DL]", "Ada - Trailer Trash"),
        ("Ada - First Light", ""),
        ("Ada - Intro", "Ada - Intro (feat. Somebody Long)"),
        ("The Daily Drop - First Light", "Ada - First Light"),
    ],
)
def test_a_song_is_not_made_over_because_of_its_title(title: str, sought: str) -> None:
    """F75: bare words are parts of many titles."""
    assert made_over(title, sought) == ""
