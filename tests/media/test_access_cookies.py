"""A person's cookies: read as they are, and what is wrong with them said without showing them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.failure import FailureClass
from engine.media.config import MediaConfig
from engine.media.cookies import cookie_trouble
from engine.media.extractor import Notes, common_options, is_asked
from engine.source_ports import Way
from tests.media.access_world import COOKIES, TOKEN


def test_what_is_wrong_with_a_cookie_file_shows_without_asking_anybody(tmp_path: Path) -> None:
    """M11: `sync doctor` says it; what the file holds is said by nobody."""
    file = tmp_path / "cookies.txt"
    file.write_text(COOKIES)
    assert cookie_trouble(Way(name="account", cookie_file=file, cookie_browser="firefox")) is None
    assert cookie_trouble(Way(name="plain")) is None
    file.write_text(f"oauth_token={TOKEN}")
    trouble = cookie_trouble(Way(name="account", cookie_file=file))
    assert trouble is not None
    assert trouble.failure is FailureClass.AUTH_EXPIRED
    assert TOKEN not in trouble.detail + trouble.hint


def test_a_browser_nobody_knows_is_said_to_be_none(tmp_path: Path) -> None:
    """Bad input: with those that are known."""
    trouble = cookie_trouble(Way(name="account", cookie_browser="netscape"))
    assert trouble is not None
    assert "firefox" in trouble.hint
    lost = cookie_trouble(Way(name="account", cookie_file=tmp_path / "nowhere"))
    assert lost is not None
    options = common_options(MediaConfig(), Way(name="account", cookie_browser="firefox"), Notes())
    assert options["cookiesfrombrowser"][0] == "firefox"


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://api-v2.soundcloud.com/tracks", True),
        ("https://soundcloud.com/", True),
        ("https://www.youtube.com/watch", True),
        ("https://cf-hls-media.sndcdn.com/1.m4s", False),
        ("https://rr1.googlevideo.com/x", False),
        ("https://notsoundcloud.com/", False),
        ("x", False),
    ],
)
def test_a_service_is_told_from_where_its_audio_lies(url: str, asked: bool) -> None:  # noqa: FBT001 - a table
    """P8: a limit is the service's; a download in a hundred pieces is not a hundred requests to it."""
    assert is_asked(url) is asked
