"""A person's cookies: read as they are, and what is wrong with them said without showing them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.media.config import MediaConfig
from engine.media.cookies import cookie_text, cookie_trouble
from engine.media.extractor import Notes, common_options, is_asked
from engine.source_ports import Way
from tests.media.access_world import COOKIES, TOKEN


@pytest.mark.parametrize(
    "text", [COOKIES, "\ufeff" + COOKIES, f"#HttpOnly_.soundcloud.com\tTRUE\t/\tTRUE\t0\tn\t{TOKEN}"]
)
def test_netscape_files_are_read(tmp_path: Path, text: str) -> None:
    """M11: as browsers' extensions write them, with a byte order mark or without."""
    file = tmp_path / "cookies.txt"
    file.write_text(text, encoding="utf-8")
    assert TOKEN in str(cookie_text(file))
    assert cookie_trouble(Way(name="account", cookie_file=file, cookie_browser="firefox")) is None
    assert cookie_trouble(Way(name="plain")) is None


@pytest.mark.parametrize("content", [b"", b'[{"name": "oauth_token", "value": "hush"}]', b"a=hush", b"\xff\xfe\x00"])
def test_what_is_no_cookie_file_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    """Bad input: named by its file, never by its content; the way fails, not the run."""
    file = tmp_path / "cookies.txt"
    file.write_bytes(content)
    trouble = cookie_trouble(Way(name="account", cookie_file=file))
    assert trouble is not None
    assert trouble.failure is FailureClass.AUTH_EXPIRED
    assert "cookies.txt" in trouble.detail
    assert "hush" not in trouble.detail + trouble.hint
    assert isinstance(common_options(MediaConfig(), Way(name="account", cookie_file=file), Notes()), Problem)


def test_a_browser_nobody_knows_is_said_to_be_none(tmp_path: Path) -> None:
    """Bad input: with those that are known."""
    trouble = cookie_trouble(Way(name="account", cookie_browser="netscape"))
    assert trouble is not None
    assert "firefox" in trouble.hint
    lost = cookie_trouble(Way(name="account", cookie_file=tmp_path / "nowhere"))
    assert lost is not None
    options = common_options(MediaConfig(), Way(name="account", cookie_browser="firefox"), Notes())
    assert isinstance(options, dict)
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
