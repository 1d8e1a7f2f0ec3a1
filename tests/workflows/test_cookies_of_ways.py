"""A person's cookies: which of them are read, what is wrong with them, and that nothing of them is told."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookiejar import Cookie, CookieJar
from pathlib import Path

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Way
from engine.workflows.cookies import cookie_text, is_own, own_cookies, refused_login, unfit

SECRET = "2-123456-42-hush"
LOGIN = f".soundcloud.com\tTRUE\t/\tTRUE\t2147483647\toauth_token\t{SECRET}"
OTHERS = ".bank.example\tTRUE\t/\tTRUE\t2147483647\tsession\tkeep-out\ncom\tTRUE\t/\tTRUE\t0\tall\tkeep-out"
NOW_S, LONG_AGO_S = 2_147_483_647, 1_000_000_000


def written(folder: Path, content: str | bytes) -> Path:
    """Give a cookie file with that content."""
    path = folder / "cookies.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def cookie(name: str, host: str = ".soundcloud.com", *, value: str = SECRET, expires_s: int = NOW_S) -> Cookie:
    """Give one cookie of a jar."""
    return Cookie(
        version=0,
        name=name,
        value=value,
        port=None,
        port_specified=False,
        domain=host,
        domain_specified=True,
        domain_initial_dot=True,
        path="/",
        path_specified=True,
        secure=True,
        expires=expires_s,
        discard=False,
        comment=None,
        comment_url=None,
        rest={},
    )


@pytest.mark.parametrize(
    "content",
    [
        f"# Netscape HTTP Cookie File\n{LOGIN}\n{OTHERS}\n",
        f"# Netscape HTTP Cookie File\r\n\r\n{LOGIN}\r\n{OTHERS}\r\n",
        f"\ufeff# HTTP Cookie File\n# a comment\n{LOGIN}\n",
        LOGIN,
        f"#HttpOnly_{LOGIN}",
        LOGIN.replace(".soundcloud", "soundcloud"),
        LOGIN.replace("TRUE", "FALSE", 1),
    ],
)
def test_what_browsers_and_their_extensions_write_is_read_for_the_sources_alone(tmp_path: Path, content: str) -> None:
    """F56, M11: with any line end, mark or head; cookies of a bank are not even taken out of the file."""
    text = cookie_text(written(tmp_path, content))
    assert text == f"# Netscape HTTP Cookie File\n{LOGIN}\n"


def test_a_cookie_of_one_host_stays_that_hosts(tmp_path: Path) -> None:
    """F56: without the word about subdomains there are none."""
    line = LOGIN.replace(".soundcloud", "api.soundcloud").replace("TRUE", "FALSE", 1)
    assert cookie_text(written(tmp_path, line)) == f"# Netscape HTTP Cookie File\n{line}\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f'[{{"name": "oauth_token", "value": "{SECRET}"}}]', "line 1 of the cookie file cookies.txt is not"),
        (f"# Netscape HTTP Cookie File\n{LOGIN}\noauth_token={SECRET}", "line 3 of"),
        (LOGIN.replace("\t", " "), "line 1 of"),
        (LOGIN.replace("2147483647", "Thu, 01 Jan 2037"), "line 1 of"),
        (LOGIN.encode("utf-16"), "it is no text in UTF-8"),
        ("", "holds no cookies of soundcloud.com or youtube.com"),
        (OTHERS, "holds no cookies of soundcloud.com or youtube.com"),
    ],
)
def test_what_is_no_cookie_file_is_named_by_its_line_and_never_shown(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    """Bad input, F56: the libraries print the line they cannot read, which is the login itself; ours never sees it."""
    trouble = cookie_text(written(tmp_path, content))
    assert isinstance(trouble, Problem)
    assert said in trouble.detail
    assert "hush" not in trouble.detail + trouble.hint
    assert (trouble.failure, "docs/access.md" in trouble.hint) == (FailureClass.AUTH_EXPIRED, True)


def test_a_file_that_is_not_there_or_a_folder_says_so(tmp_path: Path) -> None:
    """Bad input: in the system's words, by its name."""
    lost, folder = cookie_text(tmp_path / "lost.txt"), cookie_text(tmp_path)
    assert isinstance(lost, Problem)
    assert lost.detail == "the cookie file lost.txt cannot be read: No such file or directory"
    assert isinstance(folder, Problem)
    assert "Is a directory" in folder.detail


@pytest.mark.parametrize(
    ("domain", "own"),
    [
        (".soundcloud.com", True),
        ("API-v2.SoundCloud.com", True),
        ("www.youtube.com", True),
        (".com", False),
        ("notsoundcloud.com", False),
        ("sndcdn.com", False),
        ("", False),
    ],
)
def test_a_source_has_cookies_of_its_own_hosts_only(domain: str, own: bool) -> None:  # noqa: FBT001 - a table
    """F56: the hosts of audio and pictures are others."""
    assert is_own(domain) is own


ACCOUNT = Way(name="account", cookie_file=Path("/somewhere/cookies.txt"))
BROWSER = Way(name="account", cookie_browser="firefox")


@pytest.mark.parametrize(
    ("way", "held", "warnings", "said"),
    [
        (ACCOUNT, [cookie("oauth_token")], [], None),
        (ACCOUNT, [cookie("datadome")], [], None),
        (ACCOUNT, [cookie("oauth_token", "www.youtube.com")], [], "cookies.txt holds no cookies of soundcloud.com"),
        (ACCOUNT, [cookie("oauth_token", expires_s=LONG_AGO_S)], [], "the login at soundcloud.com in the cookie file"),
        (ACCOUNT, [cookie("oauth_token", expires_s=LONG_AGO_S), cookie("datadome")], [], "has expired"),
        (BROWSER, [cookie("oauth_token", value=""), cookie("datadome")], [], "in the browser firefox has expired"),
        (BROWSER, [], ["cannot decrypt v11 cookies: no key found"], "cannot be decrypted: its keyring is closed"),
        (BROWSER, [cookie("oauth_token")], ["cannot decrypt v11 cookies: no key found"], None),
        (ACCOUNT, [], ["cannot decrypt"], "holds no cookies"),
    ],
)
def test_a_login_that_has_ended_is_told_before_anything_is_asked(
    way: Way, held: list[Cookie], warnings: list[str], said: str | None
) -> None:
    """P12, M11: an expired login would be left out without a word, and the way would answer as a guest does."""
    trouble = unfit(held, "soundcloud", way, warnings)
    assert (trouble is None) == (said is None)
    assert (said or "") in (trouble or "")


def test_ways_without_cookies_and_sources_without_ways_need_none() -> None:
    """M11: nothing is wrong with cookies nobody gave."""
    assert unfit([], "soundcloud", Way(name="plain")) is None
    assert unfit([], "bandcamp", ACCOUNT) is None


def test_a_jar_holds_nothing_for_other_hosts(tmp_path: Path) -> None:
    """F56: what a browser's store holds of a bank is let go of before the first request."""
    jar = CookieJar()
    for each in (cookie("oauth_token"), cookie("session", ".bank.example"), cookie("all", "com")):
        jar.set_cookie(each)
    assert own_cookies(BROWSER, "soundcloud", {}, lambda: jar) is jar
    assert [each.name for each in jar] == ["oauth_token"]
    options: dict[str, object] = {}
    way = Way(name="account", cookie_file=written(tmp_path, LOGIN))
    assert own_cookies(way, "soundcloud", options, lambda: jar) is jar
    assert options["cookiefile"].read() == f"# Netscape HTTP Cookie File\n{LOGIN}\n"  # type: ignore[attr-defined]  # a text
    ended = own_cookies(way, "youtube", {}, lambda: jar)
    assert isinstance(ended, Problem)
    assert ended.failure is FailureClass.AUTH_EXPIRED
    assert isinstance(own_cookies(ACCOUNT, "soundcloud", {}, lambda: jar), Problem)


def warned(*said: str) -> Iterator[str]:
    """Give warnings as the library makes them."""
    yield from said


def test_a_login_that_is_not_taken_is_told_from_a_service_that_cannot_say() -> None:
    """P12: yt-dlp warns and goes on as a guest; a 503 of the service is no word about the login."""
    invalid = "Provided authorization token is invalid. Continuing as guest"
    refused = refused_login(warned("Unable to download webpage: HTTP Error 401", invalid), "soundcloud", ACCOUNT)
    assert refused is not None
    assert refused.detail == "soundcloud.com does not take the login in the cookie file cookies.txt any more"
    assert refused_login(warned("HTTP Error 503", invalid), "soundcloud", ACCOUNT) is None
    rotated = refused_login(warned("The provided YouTube account cookies are no longer valid."), "youtube", BROWSER)
    assert rotated is not None
    assert "youtube.com does not take the login in the browser firefox" in rotated.detail
