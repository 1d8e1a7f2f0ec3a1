"""`sync login` and `sync logout`: a person, a browser, and a Spotify on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typing_extensions import override

from cli.login import has_window
from engine.domain.errors import UsageError
from engine.standins.spotify.standin import SpotifyStandin
from engine.workflows.login import LoginPutOffError

ROOT = Path(__file__).parents[2]
Sync = Callable[..., Result]


@pytest.fixture
def standin() -> Iterator[SpotifyStandin]:
    """Give a Spotify with one account."""
    with SpotifyStandin() as running:
        yield running


@pytest.fixture
def told(standin: SpotifyStandin, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the environment that names the stand-in, and set it."""
    names = {
        "SPOTIFY_CLIENT_ID": standin.client_id,
        "CRATELOG_SPOTIFY_API_BASE": standin.url,
        "CRATELOG_SPOTIFY_ACCOUNTS_BASE": standin.url,
    }
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "SPOTIFY_REFRESH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return names


def _start(home: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "--home", str(home), *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _tokens(home: Path) -> str:
    return (home / "credentials" / "spotify.json").read_text(encoding="utf-8")


def test_a_person_opens_the_printed_address(home: Path, told: dict[str, str]) -> None:
    """F45: the address goes to stderr, the answer to stdout, the tokens to neither."""
    assert told
    with _start(home, "login", "spotify", "--no-browser", "--json") as program:
        assert program.stderr is not None
        lines = [program.stderr.readline(), program.stderr.readline()]
        assert lines[0] == "open this page and agree:\n"
        with urllib.request.urlopen(lines[1].strip(), timeout=30) as answer:
            assert answer.status == 200
        out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    found = json.loads(out)
    assert (found["source"], found["account"]) == ("spotify", "ada")
    kept = json.loads(_tokens(home))
    assert not {kept["access_token"], kept["refresh_token"]} & {*out.split('"'), *err.split()}


class _Stay(urllib.request.HTTPRedirectHandler):
    """A browser on a machine where nobody answers at 127.0.0.1."""

    @override
    def redirect_request(self, *_: object) -> None:
        return None


def test_a_browser_on_another_machine_does_as_well(home: Path, told: dict[str, str]) -> None:
    """On a server: the address is printed, nothing is opened or listened to, and what is pasted is the answer."""
    assert told
    environment = {"BROWSER": "/bin/false"}
    with _start(home, "login", "spotify", "--paste", **environment) as program:
        assert program.stderr is not None
        _, page, asked = (program.stderr.readline().strip() for _ in range(3))
        assert "paste its whole address" in asked
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.build_opener(_Stay).open(page, timeout=30)
        raised.value.close()
        ended = raised.value.headers["Location"]
        assert ended.startswith("http://127.0.0.1/callback?")
        out, err = program.communicate(f"{ended}\n", timeout=60)
    assert program.returncode == 0, err
    assert out.startswith("logged in to spotify as ada")


def test_nobody_who_pastes_is_a_later_try(home: Path, told: dict[str, str]) -> None:
    """Exit code 75 at the end of the input; what was pasted wrongly is told."""
    assert told
    with _start(home, "login", "spotify", "--paste") as program:
        _, err = program.communicate("what?\n", timeout=60)
    assert program.returncode == 75
    assert "that is no address with an answer; the browser ends" in err


def test_a_browser_is_opened_where_there_is_one(home: Path, told: dict[str, str], tmp_path: Path, sync: Sync) -> None:
    """The whole way: a browser that agrees, a login, its status, and its end."""
    assert told
    browser = tmp_path / "browser.py"
    browser.write_text("import sys, urllib.request\nurllib.request.urlopen(sys.argv[1]).read()\n", encoding="utf-8")
    with _start(home, "-v", "login", "spotify", BROWSER=f"{sys.executable} {browser} %s") as program:
        out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    kept = json.loads(_tokens(home))
    assert [token for token in (kept["access_token"], kept["refresh_token"], "code_verifier") if token in err] == []
    assert out.startswith("logged in to spotify as ada; the login ends by itself on ")
    assert "next: sync follow spotify:playlists" in out
    assert "logged in as ada" in sync("status").output
    assert "login to spotify: logged in as ada" in sync("doctor").output
    assert sync("logout", "spotify").output.startswith("logged out of spotify (event ")
    assert not (home / "credentials" / "spotify.json").exists()
    assert sync("logout", "spotify").output == "nobody was logged in to spotify\n"
    assert json.loads(sync("logout", "spotify", "--json").output) == {"source": "spotify", "seq": None}


def test_a_token_in_the_settings_outlives_a_logout_and_that_is_said(
    sync: Sync, told: dict[str, str], standin: SpotifyStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person took back is still there where they put it themselves."""
    assert told
    monkeypatch.setenv("SPOTIFY_REFRESH_TOKEN", standin.grant()[1])
    output = sync("logout", "spotify").output
    assert "nobody was logged in to spotify" in output
    assert "the settings still hold a refresh token" in output


def test_without_an_app_nobody_is_sent_anywhere(sync: Sync, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2, and how to make an app, with the redirect URI to register."""
    monkeypatch.delenv("SPOTIFY_CLIENT_ID", raising=False)
    with pytest.raises(UsageError) as raised:
        sync("login", "spotify")
    assert raised.value.exit_code == 2
    assert "http://127.0.0.1/callback" in raised.value.hint


def test_nobody_who_agrees_in_time_is_a_later_try(sync: Sync, told: dict[str, str]) -> None:
    """Exit code 75; on a machine without a window nothing is opened."""
    assert told
    with pytest.raises(LoginPutOffError) as raised:
        sync("login", "spotify", "--timeout", "0")
    assert raised.value.exit_code == 75


def test_a_port_of_ones_own_that_is_taken_is_told(sync: Sync, told: dict[str, str]) -> None:
    """Exit code 2: leave the port out."""
    assert told
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="cannot be listened to"):
            sync("login", "spotify", "--no-browser", "--port", str(taken.getsockname()[1]))


def test_help_shows_how(sync: Sync) -> None:
    """An example, and the services there are."""
    output = sync("login", "--help").output
    assert "Example: sync login spotify" in output
    assert "[spotify]" in output or "{spotify}" in output
    assert sync("login", "elsewhere").exit_code == 2


def test_a_window_is_a_screen_or_a_browser_that_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser in the terminal would take the terminal."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert has_window() is (sys.platform in ("darwin", "win32"))
    monkeypatch.setenv("DISPLAY", ":0")
    assert has_window()
