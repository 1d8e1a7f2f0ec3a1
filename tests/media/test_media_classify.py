"""Facts about reading exceptions: a class by what was raised, whatever library raised it."""

from __future__ import annotations

import errno
import ssl
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.failure import FailureClass
from engine.media.classify import Facts, classify, facts_of, of_os_error


def _facts(message: str = "", **said: object) -> Facts:
    plain: dict[str, object] = {
        "kinds": frozenset({"Exception"}),
        "message": message,
        "status": None,
        "errno": None,
        "retry_after_s": None,
        "about_metadata": message.startswith("["),
    }
    return Facts(**(plain | said))  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize(
    ("facts", "failure"),
    [
        (_facts("[soundcloud] a/x: not found", status=404), FailureClass.GONE),
        (_facts("[soundcloud] a/x: gone", status=410), FailureClass.GONE),
        (_facts("unable to download video data", status=404), FailureClass.MEDIA_MISSING),
        (_facts("unable to download video data", status=403), FailureClass.MEDIA_MISSING),
        (_facts("[soundcloud] x", status=401), FailureClass.PRIVATE),
        (_facts("[soundcloud] x", status=403), FailureClass.PRIVATE),
        (_facts("[soundcloud] x", status=403, challenged=True), FailureClass.BOT_CHALLENGE),
        (_facts("[soundcloud] x", status=403, kept_out=True), FailureClass.GEO_BLOCKED),
        (_facts("x", status=429), FailureClass.RATE_LIMITED),
        (_facts("x", status=502), FailureClass.REMOTE_ERROR),
        (_facts("x", status=503), FailureClass.OVERLOADED),
        (_facts("x", status=407), FailureClass.NETWORK),
        (_facts("x", status=418), FailureClass.EXTRACTOR_BROKEN),
        (_facts("x", kinds=frozenset({"GeoRestrictedError"})), FailureClass.GEO_BLOCKED),
        (_facts("[soundcloud] 5: This video is DRM protected"), FailureClass.DRM_PROTECTED),
        (_facts("[youtube] x: Sign in to confirm you are not a bot"), FailureClass.BOT_CHALLENGE),
        (_facts("[soundcloud] x: This track is private"), FailureClass.PRIVATE),
        (_facts("x", kinds=frozenset({"UnsupportedError"})), FailureClass.UNSUPPORTED),
        (_facts("x", kinds=frozenset({"ProxyError", "TransportError"})), FailureClass.NETWORK),
        (
            _facts("x: [Errno 1] general SOCKS server failure", kinds=frozenset({"TransportError"}), errno=errno.EPERM),
            FailureClass.NETWORK,
        ),
        (_facts("x", kinds=frozenset({"CertificateVerifyError"})), FailureClass.NETWORK),
        (_facts("The read operation timed out"), FailureClass.TIMEOUT),
        (_facts("x", kinds=frozenset({"NameResolutionError", "TimeoutError"})), FailureClass.NETWORK),
        (_facts("x", kinds=frozenset({"TransportError"})), FailureClass.NETWORK),
        (_facts("10 bytes read, 90 more expected"), FailureClass.NETWORK),
        (_facts("The downloaded file is empty file"), FailureClass.NETWORK),
        (_facts("[download] Got error: x", kinds=frozenset({"YoutubeDLError"})), FailureClass.NETWORK),
        (_facts("[download] Got error: read timed out", kinds=frozenset({"YoutubeDLError"})), FailureClass.TIMEOUT),
        (_facts("[soundcloud] x: Failed to parse JSON"), FailureClass.GARBAGE),
        (_facts("[s] 6: No video formats found!", warnings=("hls format not found",)), FailureClass.MEDIA_MISSING),
        (_facts("[s] 6: x", kinds=frozenset({"YoutubeDLError"})), FailureClass.EXTRACTOR_BROKEN),
        (_facts("No space left", errno=errno.ENOSPC), FailureClass.DISK_FULL),
        (_facts("denied", errno=errno.EACCES), FailureClass.PERMISSION),
        (_facts("what?"), FailureClass.UNEXPECTED),
    ],
)
def test_every_known_failure_has_its_class(facts: Facts, failure: FailureClass) -> None:
    """SoundCloud fact D.3: a metadata 404 is gone, a media 404 is not."""
    assert classify(facts).failure is failure


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ("Sign in to confirm you’re not a bot. Use --cookies-from-browser", FailureClass.BOT_CHALLENGE),
        ("Sign in to confirm your age. This video may be inappropriate for some users.", FailureClass.AGE_GATED),
        ("Join this channel to get access to members-only content like this video", FailureClass.MEMBERS_ONLY),
        ("This video is available to this channel's members on level: Fan", FailureClass.MEMBERS_ONLY),
        ("This video is only available to Music Premium members", FailureClass.MEMBERS_ONLY),
        ("Premieres in 3 hours", FailureClass.NOT_YET),
        ("This live event will begin in 2 days.", FailureClass.NOT_YET),
        ("The uploader has not made this video available in your country", FailureClass.GEO_BLOCKED),
        ("Video unavailable. It contains content from X, who has blocked it in your country", FailureClass.GEO_BLOCKED),
        ("Video unavailable. X has blocked it on copyright grounds", FailureClass.GONE),
        ("Private video. Sign in if you've been granted access to this video", FailureClass.PRIVATE),
        ("Video unavailable. This video is private", FailureClass.PRIVATE),
        ("This video has been removed by the uploader", FailureClass.GONE),
        ("Video unavailable. The account associated with this video has been terminated.", FailureClass.GONE),
        ("Video unavailable", FailureClass.GONE),
        ("The current session has been rate-limited by YouTube for up to an hour.", FailureClass.RATE_LIMITED),
    ],
)
def test_youtube_s_words_are_told_apart(said: str, failure: FailureClass) -> None:
    """P12: geo, age, members, private, removed and not yet are six things, each with its own way out."""
    problem = classify(_facts(f"[youtube] abc: {said}", kinds=frozenset({"ExtractorError", "YoutubeDLError"})))
    assert problem.failure is failure


def test_what_youtube_warned_of_counts_where_nothing_else_explains_it() -> None:
    """P13: a missing JavaScript runtime is no broken extractor, and no reason for a server's own answer."""
    kinds = frozenset({"ExtractorError", "YoutubeDLError"})
    warned = ("No supported JavaScript runtime could be found",)
    silent = _facts("[youtube] abc: Requested format is not available", kinds=kinds, warnings=warned)
    assert classify(silent).failure is FailureClass.TOOL_MISSING
    assert classify(_facts("[youtube] abc: x", status=502, warnings=warned)).failure is FailureClass.REMOTE_ERROR
    other = _facts("[soundcloud] abc: x", kinds=kinds, warnings=warned)
    assert classify(other).failure is FailureClass.EXTRACTOR_BROKEN


def test_cookies_that_cannot_be_read_are_the_ways_fault() -> None:
    """M11: a locked browser profile is no trouble with the library folder."""
    facts = _facts("failed to load cookies", kinds=frozenset({"CookieLoadError"}), errno=errno.EACCES)
    assert classify(facts).failure is FailureClass.AUTH_EXPIRED


@given(st.builds(_facts, st.text(), status=st.none() | st.integers(100, 599), errno=st.none() | st.integers(1, 130)))
def test_every_failure_has_some_class_and_one_line(facts: Facts) -> None:
    """Classification is total: nothing an extractor says can break it."""
    problem = classify(facts)
    assert problem.detail
    assert "\n" not in problem.detail
    assert len(problem.detail) <= 300


@dataclass
class _Response:
    headers: dict[str, str] = field(default_factory=dict)


class HTTPError(Exception):
    """What an HTTP library raises."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        super().__init__(f"HTTP Error {status}")
        self.status = status
        self.response = _Response(headers)


class DownloadError(Exception):
    """What an extractor wraps it in."""

    def __init__(self, message: str, cause: BaseException) -> None:
        super().__init__(message)
        self.exc_info = (type(cause), cause, None)


def test_the_wrapped_answer_is_found_with_its_time_to_come_back() -> None:
    """Retry-After is a lower bound, never capped."""
    inner = HTTPError(429, {"Retry-After": "86400"})
    problem = classify(facts_of(DownloadError("ERROR: [soundcloud] x: HTTP Error 429", inner)))
    assert (problem.failure, problem.http_status, problem.retry_after_s) == (FailureClass.RATE_LIMITED, 429, 86400)


def test_a_retry_after_that_is_no_number_is_no_number() -> None:
    """F28: a date is not guessed at."""
    inner = HTTPError(429, {"Retry-After": "Sun, 22 Nov 2026 08:00:00 GMT"})
    assert classify(facts_of(inner)).retry_after_s is None


def test_a_chain_that_bites_its_tail_ends() -> None:
    """Exceptions may name each other as their cause."""
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert classify(facts_of(one)).failure is FailureClass.UNEXPECTED


def test_a_tls_errors_number_is_not_the_systems() -> None:
    """`ssl.SSLError` is an `OSError` whose number 1 would read as "operation not permitted"."""
    assert facts_of(ssl.SSLError(1, "certificate verify failed")).errno is None


def test_an_errno_quoted_in_a_message_counts() -> None:
    """yt-dlp reports a full disk as text."""
    facts = facts_of(Exception("ERROR: unable to write data: [Errno 28] No space left on device"))
    assert classify(facts).failure is FailureClass.DISK_FULL
    assert of_os_error(OSError(errno.EIO, "bad disk")).failure is FailureClass.UNEXPECTED
    assert of_os_error(OSError(errno.EROFS, "read-only")).failure is FailureClass.PERMISSION
