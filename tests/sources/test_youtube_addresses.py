"""What YouTube addresses ask for, and those that ask for nothing."""

import pytest

from engine.sources.youtube import addresses
from engine.sources.youtube.addresses import Album, PlaylistPage, Uploads, Video

VIDEO = Video(id="dQw4w9WgXcQ")
LIST = PlaylistPage(id="PLabcdefghijklmnop")
CHANNEL = "UC" + "a" * 22


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3", VIDEO),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", VIDEO),
        ("youtube.com/shorts/dQw4w9WgXcQ", VIDEO),
        ("https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=RDAMVMdQw4w9WgXcQ", VIDEO),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLabcdefghijklmnop&index=3", LIST),
        ("https://www.youtube.com/playlist?list=PLabcdefghijklmnop", LIST),
        ("https://music.youtube.com/playlist?list=PLabcdefghijklmnop&si=x", LIST),
        ("https://music.youtube.com/browse/VLPLabcdefghijklmnop", LIST),
        ("https://music.youtube.com/playlist?list=OLAK5uy_abcdefghijk", PlaylistPage(id="OLAK5uy_abcdefghijk")),
        ("https://www.youtube.com/playlist?list=LL", PlaylistPage(id="LL")),
        ("https://music.youtube.com/playlist?list=LM", PlaylistPage(id="LM")),
        (f"https://www.youtube.com/channel/{CHANNEL}", PlaylistPage(id=f"UU{'a' * 22}")),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", PlaylistPage(id=f"UU{'a' * 22}")),
        ("https://www.youtube.com/@ann", Uploads(url="https://www.youtube.com/@ann/about")),
        ("https://m.youtube.com/@ann/featured", Uploads(url="https://www.youtube.com/@ann/about")),
        ("https://www.youtube.com/c/Ann", Uploads(url="https://www.youtube.com/c/Ann/about")),
        ("https://www.youtube.com/user/ann/videos", Uploads(url="https://www.youtube.com/user/ann/about")),
        ("https://www.youtube.com/watch", None),
        ("https://www.youtube.com/watch?v=short", None),
        ("https://www.youtube.com/playlist?list=RDMM", None),
        ("https://music.youtube.com/browse/MPREb_abcdefghijk", Album(id="MPREb_abcdefghijk")),
        ("https://music.youtube.com/browse/VLRDMM", None),
        ("https://www.youtube.com/@ann/playlists", None),
        (f"https://www.youtube.com/channel/{CHANNEL}/streams", None),
        ("https://www.youtube.com/@", None),
        ("https://www.youtube.com/feed/history", None),
        ("https://www.youtube.com/", None),
        ("https://example.org/watch?v=dQw4w9WgXcQ", None),
    ],
)
def test_an_address_asks_for_one_thing_or_for_none(url: str, asked: addresses.Address | None) -> None:
    """F49: canonical, and a bare `/watch` asks for nothing; a mix without end is no list."""
    assert addresses.read(url) == asked


def test_every_thing_has_one_address() -> None:
    """F57: what is asked for is spelled in one way, an account's own lists marked as such."""
    assert VIDEO.url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert Album(id="MPREb_x").url == "https://music.youtube.com/browse/MPREb_x"
    assert PlaylistPage(id="LM").url == "https://music.youtube.com/playlist?list=LM"
    assert (LIST.personal, PlaylistPage(id="LL").personal) == (False, True)
    assert addresses.is_youtube("music.youtube.com/x")
    assert not addresses.is_youtube("https://soundcloud.com/x/y")
