"""What YouTube and yt-dlp say when they give nothing, as failure classes; and yt-dlp itself where nothing answers."""

import io
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override
from yt_dlp.cookies import CookieLoadError
from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.networking import Response
from yt_dlp.networking.exceptions import HTTPError, NoSupportingHandlers, ProxyError, SSLError, TransportError
from yt_dlp.utils import DownloadError, ExtractorError, GeoRestrictedError

from engine.domain.failure import FailureClass, Problem
from engine.domain.remote_words import youtube_says
from engine.source_ports import Way
from engine.sources.youtube import problems
from engine.sources.youtube.config import YouTubeConfig
from engine.sources.youtube.session import Session

SENTENCES = {
    "Sign in to confirm you’re not a bot. Use --cookies-from-browser": FailureClass.BOT_CHALLENGE,
    "YouTube is requiring a captcha challenge before playback": FailureClass.BOT_CHALLENGE,
    "All player responses are invalid. Your IP is likely being blocked by Youtube": FailureClass.BOT_CHALLENGE,
    "This content isn't available, try again later. The current session has been rate-limited by YouTube": (
        FailureClass.RATE_LIMITED
    ),
    "Sign in to confirm your age. This video may be inappropriate for some users.": FailureClass.AGE_GATED,
    "Join this channel to get access to members-only content like this video": FailureClass.MEMBERS_ONLY,
    "This video is available to this channel's members on level: Crew": FailureClass.MEMBERS_ONLY,
    "The video is only available to Music Premium members": FailureClass.MEMBERS_ONLY,
    "This video requires payment to watch": FailureClass.MEMBERS_ONLY,
    "The uploader has not made this video available in your country": FailureClass.GEO_BLOCKED,
    "Video unavailable. It contains content from SME, who has blocked it in your country on copyright grounds": (
        FailureClass.GEO_BLOCKED
    ),
    "Video unavailable. This video contains content from SME, who has blocked it on copyright grounds": (
        FailureClass.GONE
    ),
    "Private video. Sign in if you've been granted access to this video": FailureClass.PRIVATE,
    "Video unavailable. This video has been removed by the uploader": FailureClass.GONE,
    "Video unavailable. This video is no longer available due to a copyright claim by X": FailureClass.GONE,
    "This video is no longer available because the YouTube account associated with this video has been terminated.": (
        FailureClass.GONE
    ),
    "YouTube said: The playlist does not exist.": FailureClass.GONE,
    "Premieres in 3 hours": FailureClass.NOT_YET,
    "This live event will begin in 2 days.": FailureClass.NOT_YET,
    "Video unavailable. This video is DRM protected": FailureClass.DRM_PROTECTED,
    "This video is not available": FailureClass.MEDIA_MISSING,
    "The provided YouTube account cookies are no longer valid": FailureClass.AUTH_EXPIRED,
    "Login details are needed to download this content": FailureClass.PRIVATE,
    "No supported JavaScript runtime could be found. Only deno is enabled by default": FailureClass.TOOL_MISSING,
    "YouTube said: This playlist type is unviewable.": FailureClass.UNSUPPORTED,
}


@pytest.mark.parametrize(("sentence", "failure"), SENTENCES.items())
def test_every_sentence_is_its_own_class(sentence: str, failure: FailureClass) -> None:
    """P12, P13: geo, age, members, private, removed, premiere, robots and limits told apart, whatever the case."""
    for said in (sentence, f"ERROR: [youtube] dQw4w9WgXcQ: {sentence.upper()}"):
        verdict = youtube_says(said)
        assert verdict is not None
        assert verdict[0] is failure


def test_an_unknown_sentence_says_nothing() -> None:
    """A warning counts where the message says nothing, and only there."""
    assert youtube_says("Something new") is None
    assert youtube_says("Something new", ["also new", "No supported JavaScript runtime"]) is not None
    verdict = youtube_says("Private video", ["No supported JavaScript runtime"])
    assert verdict is not None
    assert verdict[0] is FailureClass.PRIVATE


def refused(status: int, **headers: str) -> HTTPError:
    """Give an answer with a status."""
    return HTTPError(Response(fp=io.BytesIO(b""), url="https://x/", headers=headers, status=status))


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (404, FailureClass.GONE),
        (410, FailureClass.GONE),
        (401, FailureClass.PRIVATE),
        (403, FailureClass.BOT_CHALLENGE),
        (429, FailureClass.RATE_LIMITED),
        (503, FailureClass.OVERLOADED),
        (500, FailureClass.REMOTE_ERROR),
        (400, FailureClass.EXTRACTOR_BROKEN),
    ],
)
def test_a_status_is_its_own_class(status: int, failure: FailureClass) -> None:
    """Retry-After is kept, uncapped (P8)."""
    cause = refused(status, **{"retry-after": "86400"})
    error = ExtractorError("Unable to download API page", cause=ExtractorError("again", cause=cause))
    found = problems.read(error)
    assert (found.failure, found.http_status, found.retry_after_s) == (failure, status, 86_400.0)
    cause.close()


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (GeoRestrictedError("not here", countries=["DE"]), FailureClass.GEO_BLOCKED),
        (CookieLoadError("no such file"), FailureClass.AUTH_EXPIRED),
        (SSLError("certificate"), FailureClass.NETWORK),
        (ProxyError("refused"), FailureClass.NETWORK),
        (TransportError("timed out"), FailureClass.TIMEOUT),
        (TransportError("reset"), FailureClass.NETWORK),
        (NoSupportingHandlers([], []), FailureClass.TOOL_MISSING),
        (ExtractorError("Private video"), FailureClass.PRIVATE),
        (KeyError("contents"), FailureClass.EXTRACTOR_BROKEN),
        (TypeError(""), FailureClass.EXTRACTOR_BROKEN),
    ],
)
def test_an_exception_is_its_own_class(error: Exception, failure: FailureClass) -> None:
    """Every one becomes a value with a sentence; a wrapped one is what it wraps."""
    found = problems.read(error)
    assert (found.failure, bool(found.detail)) == (failure, True)
    wrapped = problems.read(DownloadError("ERROR: it failed", (type(error), error, None)))
    if not isinstance(error, (KeyError, TypeError)) and failure is not FailureClass.PRIVATE:
        assert wrapped.failure is failure


class AnswersIE(InfoExtractor):  # type: ignore[misc]  # yt-dlp's tree is not type-checked
    """An extractor that answers from a table, so that yt-dlp's own way through an answer is taken."""

    _VALID_URL = r"answer:(?P<id>.+)"
    given: dict[str, Any]

    @override
    def _real_extract(self, url: str) -> Any:
        answer = self.given[self._match_id(url)]
        if isinstance(answer, Exception):
            raise answer
        return answer


def session_with(answers: dict[str, Any], way: Way | None = None) -> Session:
    """Give a session whose only extractor answers from a table."""
    session = Session(YouTubeConfig(timeout_s=1), way or Way(name="direct"), lambda _remote: None)
    session._downloader._ies.clear()
    extractor = AnswersIE()
    extractor.given = answers
    session._downloader.add_info_extractor(extractor)
    return session


def test_a_list_is_read_to_its_end_or_as_far_as_it_goes() -> None:
    """What a page of a list gives is kept when the next one fails; the reason is told."""

    def torn() -> Any:
        yield {"id": "a"}
        raise ExtractorError("Sign in to confirm you're not a bot")

    whole = {"_type": "playlist", "id": "PL1", "entries": iter([{"id": "a"}, {"id": "b"}])}
    session = session_with(
        {
            "step": {"_type": "url", "url": "answer:whole", "ie_key": "Answers"},
            "whole": whole,
            "torn": {"_type": "playlist", "id": "PL2", "entries": torn()},
            "video": {"id": "v", "title": "t"},
            "circle": {"_type": "url", "url": "answer:circle"},
            "gone": ExtractorError("Video unavailable", expected=True),
        }
    )
    answer = session.playlist("answer:step")
    assert isinstance(answer, tuple)
    assert (answer[0]["id"], len(answer[1]), answer[2]) == ("PL1", 2, None)
    broken = session.playlist("answer:torn")
    assert isinstance(broken, tuple)
    assert broken[2]
    assert (len(broken[1]), broken[2].failure) == (1, FailureClass.BOT_CHALLENGE)
    for url, failure in (
        ("answer:video", FailureClass.UNSUPPORTED),
        ("answer:circle", FailureClass.UNSUPPORTED),
        ("answer:gone", FailureClass.GONE),
    ):
        refusal = session.playlist(url)
        assert isinstance(refusal, Problem)
        assert refusal.failure is failure
    video = session.video("answer:video")
    assert isinstance(video, dict)
    assert (video["id"], video["title"]) == ("v", "t")
    lost = session.video("answer:circle")
    assert isinstance(lost, Problem)
    assert lost.failure is FailureClass.EXTRACTOR_BROKEN
    session.close()


def test_yt_dlp_itself_is_asked_and_paced() -> None:
    """The real extractors, by a way that leads nowhere: a problem, each request paced and counted."""
    paced: list[str] = []
    session = Session(YouTubeConfig(timeout_s=1), Way(name="x", proxy="http://127.0.0.1:1"), paced.append)
    answer = session.playlist("https://www.youtube.com/playlist?list=PLabcdefghijklmnop")
    assert isinstance(answer, Problem)
    assert answer.failure is FailureClass.NETWORK
    search = session.playlist("ytsearch2:song")
    assert isinstance(search, tuple)
    assert search[2]
    assert search[2].failure is FailureClass.NETWORK
    assert session.sent == len(paced) > 0
    session.close()


def test_cookies_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    """A cookie file that is none is the account's trouble, not YouTube's; it is never written to."""
    cookies = tmp_path / "cookies.txt"
    cookies.write_text("no cookies\n")
    session = session_with({"video": {"id": "v", "title": "t"}}, Way(name="me", cookie_file=cookies))
    answer = session.video("answer:video")
    session.close()
    assert cookies.read_text() == "no cookies\n"
    assert isinstance(answer, (dict, Problem))
