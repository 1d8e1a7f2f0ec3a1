"""What a failed download proves: an exception's facts to a failure class (api: yt-dlp's failure surface). Pure.

Looks at class names, never at classes, so that the extractor library need not be loaded to be understood.
A 404 of the metadata means the track is gone; a 404 of the media file does not.
"""

from __future__ import annotations

import errno
import re
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeGuard

from engine.domain.failure import FailureClass, Problem
from engine.domain.redaction import redacted
from engine.domain.remote_words import BOT_HINT, plainly, youtube_says

_ERRNO = re.compile(r"\[Errno (\d+)\]")
_METADATA = re.compile(r"^(?:ERROR: )?\[[\w:]+\]")
_DETAIL_CHARS_MAX = 300
_CAUSES_MAX = 10
_BOT_WALL = "x-dd-b"  # DataDome, before SoundCloud, says so of what it blocks; its other headers are on every answer
_CAPTCHA_HOST = "captcha-delivery.com"  # and so does its page
_NOT_FROM_HERE = "block access from your country"  # CloudFront's own words, before the service is asked at all
_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_PAGE_BYTES_MAX = 65_536
_PRIVATE_HINT = "it may be private: give its whole secret link, or cookies of an account that may see it"
_NAMES_NONE = "no audio is named that could be had: it is not ready yet, or kept back here without a word"
_NOT_SERVED = "the address of the audio may have expired, or is not served here: `sync access test URL` tries every way"
_GEO_HINT = "add an access profile with a proxy in another country (docs/access.md)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What can be told of an exception without knowing its library.

    Attributes:
        kinds: names of the classes of the exception and of everything that caused it.
        about_metadata: whether an extractor speaks, as opposed to a downloader.
        challenged: whether the answer came from a wall against robots.
        kept_out: whether it came from a wall against a whole country.
    """

    kinds: frozenset[str]
    message: str
    status: int | None
    errno: int | None
    retry_after_s: float | None
    about_metadata: bool
    challenged: bool = False
    kept_out: bool = False
    warnings: tuple[str, ...] = ()


def facts_of(error: BaseException, warnings: Sequence[str] = ()) -> Facts:
    """Give the facts of an exception and of what caused it."""
    chain = list(causes(error))
    message = str(error).removeprefix("ERROR: ")
    numbers = [each.errno for each in chain if _is_of_the_machine(each) and each.errno]
    quoted = _ERRNO.search(message)
    pages = [_page(each) for each in chain]
    return Facts(
        kinds=frozenset(kind.__name__ for each in chain for kind in type(each).__mro__),
        message=message,
        status=next((status for each in chain if (status := _status(each)) is not None), None),
        errno=next(iter(numbers), int(quoted.group(1)) if quoted else None),
        retry_after_s=next((wait for each in chain if (wait := _retry_after_s(each)) is not None), None),
        about_metadata=_METADATA.match(message) is not None,
        challenged=any(_BOT_WALL in _headers(each) for each in chain) or any(_CAPTCHA_HOST in page for page in pages),
        kept_out=any(_NOT_FROM_HERE in page for page in pages),
        warnings=tuple(warnings),
    )


def classify(facts: Facts) -> Problem:
    """Give the problem that the facts amount to."""
    failure, hint = _unread(facts) or _machine(facts) or _said(facts) or _answered(facts) or _broken(facts)
    if failure is FailureClass.EXTRACTOR_BROKEN and facts.message.startswith("[youtube"):
        failure, hint = youtube_says("", facts.warnings) or (failure, hint)
    return Problem(
        failure=failure,
        detail=_first_line(facts.message),
        hint=hint,
        http_status=facts.status,
        retry_after_s=facts.retry_after_s,
    )


def of_os_error(error: OSError) -> Problem:
    """Give the problem that the operating system's answer amounts to."""
    failure, hint = _machine(facts_of(error)) or (FailureClass.UNEXPECTED, "")
    return Problem(failure=failure, detail=_first_line(str(error)), hint=hint)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Give the exception, what it wraps, and what caused either, nearest first."""
    waiting: list[BaseException] = [error]
    seen: list[BaseException] = []
    while waiting and len(seen) < _CAUSES_MAX:
        each = waiting.pop(0)
        if any(each is other for other in seen):
            continue
        seen.append(each)
        yield each
        wrapped = getattr(each, "exc_info", None) or (None, None)
        nearer = (wrapped[1], getattr(each, "cause", None), each.__cause__, each.__context__)
        waiting += [other for other in nearer if isinstance(other, BaseException)]


_Verdict = tuple[FailureClass, str]


def _unread(facts: Facts) -> _Verdict | None:
    """Cookies that cannot be had are the way's fault, whatever the system said about them."""
    if "CookieLoadError" not in facts.kinds:
        return None
    hint = "log in there with that browser, or export its cookies to the file that is set (docs/access.md)"
    return FailureClass.AUTH_EXPIRED, hint


def _machine(facts: Facts) -> _Verdict | None:
    """What this machine's disk says; errors of a network are numbered apart: a SOCKS proxy's 1 is no EPERM."""
    if facts.errno in (errno.ENOSPC, errno.EDQUOT):
        return FailureClass.DISK_FULL, "free some space and run again"
    if facts.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and "TransportError" not in facts.kinds:
        return FailureClass.PERMISSION, "check who may write there"
    return None


_WORDS: tuple[tuple[tuple[str, ...], _Verdict], ...] = (
    (("datadome",), (FailureClass.BOT_CHALLENGE, BOT_HINT)),
    (("is private", "private track"), (FailureClass.PRIVATE, _PRIVATE_HINT)),
)
"""What other extractors than YouTube's say, in lower case."""


def _said(facts: Facts) -> _Verdict | None:
    """What an extractor says in its own words, whatever the status."""
    if "GeoRestrictedError" in facts.kinds or facts.kept_out:
        return FailureClass.GEO_BLOCKED, _GEO_HINT
    if facts.challenged:
        return FailureClass.BOT_CHALLENGE, BOT_HINT
    if "UnsupportedError" in facts.kinds:
        return FailureClass.UNSUPPORTED, ""
    text = facts.message.lower()
    own = next((verdict for words, verdict in _WORDS if any(word in text for word in words)), None)
    return own or youtube_says(facts.message)


_OF_METADATA: dict[int, _Verdict] = {
    HTTPStatus.NOT_FOUND: (FailureClass.GONE, ""),
    HTTPStatus.GONE: (FailureClass.GONE, ""),
    HTTPStatus.UNAUTHORIZED: (FailureClass.PRIVATE, _PRIVATE_HINT),
    HTTPStatus.FORBIDDEN: (FailureClass.PRIVATE, _PRIVATE_HINT),
}
_OF_MEDIA: dict[int, _Verdict] = {
    HTTPStatus.NOT_FOUND: (FailureClass.MEDIA_MISSING, ""),
    HTTPStatus.GONE: (FailureClass.MEDIA_MISSING, ""),
    HTTPStatus.UNAUTHORIZED: (FailureClass.MEDIA_MISSING, _NOT_SERVED),
    HTTPStatus.FORBIDDEN: (FailureClass.MEDIA_MISSING, _NOT_SERVED),
}
_OF_EITHER: dict[int, _Verdict] = {
    HTTPStatus.TOO_MANY_REQUESTS: (FailureClass.RATE_LIMITED, ""),
    HTTPStatus.SERVICE_UNAVAILABLE: (FailureClass.OVERLOADED, ""),
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: (FailureClass.NETWORK, "check the proxy's user and password"),
}


def _answered(facts: Facts) -> _Verdict | None:
    """What a status line says; nothing when no server answered."""
    if facts.status is None:
        return None
    own = _OF_METADATA if facts.about_metadata else _OF_MEDIA
    if facts.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _OF_EITHER.get(facts.status, (FailureClass.REMOTE_ERROR, ""))
    return {**_OF_EITHER, **own}.get(facts.status, (FailureClass.EXTRACTOR_BROKEN, "update yt-dlp"))


_BY_KIND_OR_WORDS: tuple[tuple[frozenset[str], tuple[str, ...], _Verdict], ...] = (
    (
        frozenset(),
        ("407 proxy authentication", "offered authentication methods", "socks server failure"),
        (FailureClass.NETWORK, "check the proxy's user and password"),
    ),
    (frozenset({"ProxyError"}), (), (FailureClass.NETWORK, "check the proxy in the settings")),
    (
        frozenset({"CertificateVerifyError"}),
        (),
        (FailureClass.NETWORK, "check the clock, or name the certificate to trust in the settings"),
    ),
    (
        frozenset({"NewConnectionError", "NameResolutionError"}),  # to their library, they are time-outs as well
        (),
        (FailureClass.NETWORK, "check the connection, and the proxy if one is set"),
    ),
    (frozenset({"TimeoutError"}), ("timed out",), (FailureClass.TIMEOUT, "")),
    (
        frozenset({"TransportError", "IncompleteRead", "ContentTooShortError", "ConnectionError"}),
        ("fragment", "did not get any data", "empty file", "bytes, expected", "more expected", "[download] got error"),
        (FailureClass.NETWORK, ""),
    ),
    (frozenset({"JSONDecodeError"}), ("failed to parse",), (FailureClass.GARBAGE, "")),
    (frozenset({"YoutubeDLError"}), (), (FailureClass.EXTRACTOR_BROKEN, "update yt-dlp")),
)


def _broken(facts: Facts) -> _Verdict:
    """What is left: the way there, or our understanding of the answer."""
    text = facts.message.lower()
    if "no video formats found" in text and any("format not found" in warning for warning in facts.warnings):
        return FailureClass.MEDIA_MISSING, "every form of the audio answered 404"
    if "no video formats found" in text and text.startswith("[soundcloud]"):
        return FailureClass.MEDIA_MISSING, _NAMES_NONE
    for kinds, words, verdict in _BY_KIND_OR_WORDS:
        if facts.kinds & kinds or any(word in text for word in words):
            return verdict
    return FailureClass.UNEXPECTED, ""


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status", None)
    return status if isinstance(status, int) else None


def _retry_after_s(error: BaseException) -> float | None:
    try:
        return float(_headers(error).get("retry-after", "none given"))
    except ValueError:
        return None


def _headers(error: BaseException) -> dict[str, str]:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _page(error: BaseException) -> str:
    """Give the page an answer that refuses came with, as far as it came."""
    response = getattr(error, "response", None)
    if response is None or _status(error) not in _REFUSALS:
        return ""
    try:
        return bytes(response.read(_PAGE_BYTES_MAX)).decode("utf-8", "replace")
    except Exception:  # noqa: BLE001 - whatever became of the answer, its status is known
        return ""


def _is_of_the_machine(error: BaseException) -> TypeGuard[OSError]:
    """TLS errors are `OSError`s too, and their numbers are not the system's: 1 would read as "not permitted"."""
    return isinstance(error, OSError) and not isinstance(error, ssl.SSLError)


def _first_line(message: str) -> str:
    line = message.partition("\n")[0].partition("; please report this issue")[0].partition(" (caused by ")[0]
    line = redacted(plainly(line.strip()))
    return line[:_DETAIL_CHARS_MAX] or "no message"
