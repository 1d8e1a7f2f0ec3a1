"""Access profiles in cratelog.toml: what is taken, what is refused with its line, and what is kept quiet."""

from __future__ import annotations

from pathlib import Path

import pytest
from yt_dlp.cookies import SUPPORTED_BROWSERS

from engine.domain.errors import SettingsError
from engine.settings.access import BROWSERS
from engine.settings.describe import config_hash, config_rows, secret_texts
from engine.settings.load import load
from engine.settings.model import Settings
from engine.settings.secret import MASK

GERMANY = '[[access]]\nname = "germany"\nproxy = "socks5h://ann:hush@de.example:1080"\ncountry = "DE"\n'
ACCOUNT = '[[access]]\nname = "account"\ncookies = "~/cookies.txt"\nsources = ["soundcloud"]\n'


def read(folder: Path, text: str) -> Settings:
    """Give the settings of a text."""
    (folder / "cratelog.toml").write_text(text)
    return load(home=folder, environ={})


def test_profiles_keep_the_order_of_the_file(tmp_path: Path) -> None:
    """M11: the order in which they are written is the order in which they are tried."""
    profiles = read(tmp_path, GERMANY + ACCOUNT).access
    assert [profile.name for profile in profiles] == ["germany", "account"]
    assert [profile.sources for profile in profiles] == [("soundcloud", "youtube"), ("soundcloud",)]


def test_a_proxy_is_never_shown_and_always_redacted(tmp_path: Path) -> None:
    """F56: `sync config` masks it, diagnostics know its text, and the hash of the settings does not rest on it."""
    settings = read(tmp_path, GERMANY + ACCOUNT)
    shown = {row.key: row.value for row in config_rows(settings)}["access"]
    assert [row["proxy"] for row in shown] == [MASK, None]
    assert "hush" not in repr(settings)
    assert secret_texts(settings) == ("socks5h://ann:hush@de.example:1080",)
    assert config_hash(settings) == config_hash(read(tmp_path, GERMANY.replace("hush", "other") + ACCOUNT))


def test_a_profile_is_part_of_what_plans_rest_on(tmp_path: Path) -> None:
    """I51: a new profile, another country or cookies may open what was blocked, so plans are made anew."""
    hashes = {
        config_hash(read(tmp_path, text))
        for text in ("", GERMANY, GERMANY.replace('"DE"', '"FR"'), GERMANY + 'browser = "firefox"\n', GERMANY + ACCOUNT)
    }
    assert len(hashes) == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = ""', "line 2: `access.0.name`: '' is no name"),
        ('proxy = "http://x:1"', "line 1: `access.0.name`: '' is no name"),
        ('name = "a/b"\nbrowser = "firefox"', "line 2: `access.0.name`: 'a/b' is no name"),
        ('name = "direct"\nbrowser = "firefox"', "line 2: `access.0.name`: `direct` is the way without"),
        ('name = "a"', "line 2: `access.0.name`: has no proxy and no cookies"),
        ('name = "a"\nproxy = "ftp://x:1"', "line 3: `access.0.proxy`: is no proxy's address"),
        ('name = "a"\nproxy = "de.example:1080"', "line 3: `access.0.proxy`: is no proxy's address"),
        ('name = "a"\nproxy = "http://u:hush@x:99999"', "line 3: `access.0.proxy`: is no proxy's address"),
        ('name = "a"\nproxy = "http://x:1"\ncountry = "GER"', "line 4: `access.0.country`: 'GER' is no country"),
        ('name = "a"\nbrowser = "firefox"\nsources = ["x"]', "line 4: `access.0.sources`: ['x'] is no source"),
        (
            'name = "a"\nbrowser = "opera"\n[[access]]\nname = "a"\nbrowser = "edge"',
            "line 5: `access.1.name`: `a` is there",
        ),
        ('name = "a"\nbrowser = "netscape"', "line 3: `access.0.browser`: 'netscape' is no browser"),
        ('name = "a"\nbrowser = "firefox:Work"', "line 3: `access.0.browser`: 'firefox:work' is no browser"),
        ('name = "a"\ncookies = "c.txt"\nbrowser = "Edge"', "line 4: `access.0.browser`: stands beside `cookies`"),
        ('name = "a"\nbrowser = "firefox"\nsources = []', "line 4: `access.0.sources`: serves no source"),
        ('name = "a"\nproxy = "http://u:hu/sh@x:1"', "line 3: `access.0.proxy`: is no proxy's address"),
        ('name = "a"\nproxi = "http://x:1"', "line 3: unknown key `access.0.proxi`"),
    ],
)
def test_a_profile_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    """Bad input: said before anything is asked, with the fix, and without the proxy's password."""
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, "[[access]]\n" + text)
    assert says in caught.value.detail
    assert caught.value.hint
    assert "hush" not in caught.value.detail + caught.value.hint


def test_the_browsers_are_those_whose_cookies_can_be_read() -> None:
    """M11: what the settings take, the library that reads the stores knows."""
    assert set(BROWSERS) == SUPPORTED_BROWSERS
