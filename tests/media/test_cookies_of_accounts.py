"""Logins from files and from browsers' own stores, by the real library: who gets them, who hears what is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.media.config import MediaConfig
from engine.media.probe import ExtractorTester
from engine.source_ports import Trial, Way
from engine.sources.soundcloud.config import SoundCloudConfig
from engine.sources.soundcloud.source import SoundCloudSource
from engine.sources.youtube.config import YouTubeConfig
from engine.sources.youtube.session import Session
from engine.standins.proxies.http_proxy import HttpProxy
from engine.standins.server import Effect, Fault, Response
from engine.standins.soundcloud.records import Playlist
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.fakes.browser import A_KEYRING, chromium, firefox
from tests.media.access_world import COOKIES, TOKEN, acquire, book, listening, put, tools

SET = "https://soundcloud.com/ann/sets/crate"
LOGIN = (".soundcloud.com", "oauth_token", TOKEN)
BANK = (".bank.example", "session", "keep-out")


@pytest.fixture(scope="module")
def standin() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with a set and somebody signed in."""
    with listening() as running:
        put(running, 1, {"mp3_1_0": b"\xff\xfb" * 100})
        running.catalog.add_playlist(Playlist(id=50, user_id=1, permalink="crate", title="Crate", track_ids=(1,)))
        yield running


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the home of somebody whose browsers are looked into."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    return tmp_path


def signed_hosts(standin: SoundCloudStandin, since: int) -> set[str]:
    """Give the hosts that were shown the login."""
    return {line.host for line in standin.history[since:] if TOKEN in repr((dict(line.headers), line.body))}


def listed(standin: SoundCloudStandin, way: Way) -> object:
    """List the set by one way, as a run does."""
    source = SoundCloudSource(SoundCloudConfig(tls_verify=False), access=book(way))
    try:
        return source.list_playlist(SET)
    finally:
        source.close()


def tried(way: Way) -> Trial:
    """Try one way to the set, as `sync access test` does."""
    return ExtractorTester(MediaConfig(tls_verify=False), "soundcloud", lambda: None).try_way(SET, way)


def test_a_file_with_a_broken_line_is_refused_by_whoever_reads_it_and_printed_by_nobody(
    standin: SoundCloudStandin, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """F56: yt-dlp prints a line it cannot read, login and all; a file that is not there it takes for an empty one."""
    file = tmp_path / "cookies.txt"
    way = Way(name="account", proxy=standin.url, cookie_file=file)
    broken = COOKIES + f".soundcloud.com TRUE / TRUE 0 oauth_token {TOKEN}\n"
    for content, said in ((broken, "line 4 of"), (None, "No such file")):
        if content is None:
            file.unlink()
        else:
            file.write_text(content)
        session = Session(YouTubeConfig(), way, lambda _: None)
        answers = (
            listed(standin, way),
            tried(way).listing,
            session.playlist("https://www.youtube.com/playlist?list=PL1"),
        )
        for answer in answers:
            assert isinstance(answer, Problem)
            assert (answer.failure, said in answer.detail) == (FailureClass.AUTH_EXPIRED, True), answer
    shown = capfd.readouterr()
    assert TOKEN not in shown.out + shown.err


def test_a_login_that_soundcloud_ended_is_not_gone_on_without(standin: SoundCloudStandin, tmp_path: Path) -> None:
    """P12: yt-dlp warns and asks as a guest, to whom a private set is gone."""
    file = tmp_path / "cookies.txt"
    file.write_text(COOKIES.replace(TOKEN, "2-long-signed-out"))
    way = Way(name="account", proxy=standin.url, cookie_file=file)
    for answer in (listed(standin, way), tried(way).listing):
        assert isinstance(answer, Problem)
        assert answer.failure is FailureClass.AUTH_EXPIRED
        assert "does not take the login in the cookie file cookies.txt any more" in answer.detail


@pytest.mark.parametrize("make", [firefox, chromium])
def test_a_browsers_own_store_signs_in_though_the_browser_is_open(
    standin: SoundCloudStandin, person: Path, make: Callable[..., sqlite3.Connection]
) -> None:
    """M11, F56: the store is read while its browser has it locked; nothing of it goes to another host."""
    store = make(person, LOGIN, BANK)
    store.execute("PRAGMA locking_mode = EXCLUSIVE")
    store.execute("BEGIN EXCLUSIVE")
    before = len(standin.history)
    try:
        assert tried(Way(name="account", proxy=standin.url, cookie_browser=make.__name__)).problem is None
    finally:
        store.close()
    assert signed_hosts(standin, before) == {"soundcloud.com", "api-auth.soundcloud.com", "api-v2.soundcloud.com"}
    assert "keep-out" not in repr([dict(line.headers) for line in standin.history[before:]])


def no_browser(home: Path) -> None:
    """Leave a home without any."""
    assert home.is_dir()


def ended_login(home: Path) -> None:
    """Make a store whose login has expired."""
    firefox(home, LOGIN, expires_s=1_000_000_000).close()


def nobody_signed_in(home: Path) -> None:
    """Make a store without a login at the source."""
    firefox(home, BANK).close()


def no_store(home: Path) -> None:
    """Put something else in the store's place."""
    firefox(home).close()
    next(home.rglob("cookies.sqlite")).write_bytes(b"nothing of a database " * 99)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (no_browser, "could not find firefox cookies database"),
        (ended_login, "the login at soundcloud.com in the browser firefox has expired"),
        (nobody_signed_in, "the browser firefox holds no cookies of soundcloud.com"),
        (no_store, "file is not a database"),
    ],
)
def test_a_browser_without_a_login_says_so(person: Path, make: Callable[[Path], None], said: str) -> None:
    """P12: before anything is asked, and in words that say what to do."""
    make(person)
    problem = tried(Way(name="account", proxy="http://127.0.0.1:9", cookie_browser="firefox")).listing
    assert problem is not None
    assert said in problem.detail
    assert (problem.failure, "log in there" in problem.hint) == (FailureClass.AUTH_EXPIRED, True)


def test_a_store_without_its_keyring_says_so(person: Path) -> None:
    """P12: Chromium's cookies cannot be read without the key of the desktop's keyring; that is no guest's visit."""
    chromium(person, LOGIN, key=A_KEYRING).close()
    problem = tried(Way(name="account", proxy="http://127.0.0.1:9", cookie_browser="chromium")).listing
    assert problem is not None
    assert "cannot be decrypted: its keyring is closed" in problem.detail
    assert problem.failure is FailureClass.AUTH_EXPIRED


@pytest.mark.parametrize(
    ("host", "path"), [("api-v2.*", "/resolve.*"), ("cf-.*", ".*"), ("i1.*", ".*")], ids=["service", "audio", "picture"]
)
def test_a_login_does_not_follow_a_redirection_to_another_host(
    standin: SoundCloudStandin, tmp_path: Path, host: str, path: str
) -> None:
    """F56: wherever an answer sends us, its host gets no token and no cookie."""
    file = tmp_path / "cookies.txt"
    file.write_text(COOKIES)
    away = Response(status=302, headers=(("Location", "https://elsewhere.example/x"),))
    with HttpProxy({**standin.routes("SE"), "elsewhere.example": standin.origin("SE")}) as proxy:
        account = book(Way(name="account", proxy=proxy.url, cookie_file=file))
        before = len(standin.history)
        standin.script(Fault(effect=Effect.ANSWER, host=host, path=path, times=9, response=away))
        acquire(tools(tmp_path, account), "https://soundcloud.com/ann/t1", tmp_path)
    standin.calm()
    seen = standin.history[before:]
    strange = [line for line in seen if line.host == "elsewhere.example"]
    assert strange
    assert not any(line.carries("authorization") or line.carries("cookie") for line in strange)
    assert any(TOKEN in repr(dict(line.headers)) for line in seen)
