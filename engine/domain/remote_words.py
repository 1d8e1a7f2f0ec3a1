"""What remotes say in words when they give nothing, as failure classes. Pure: sources and downloads share it.

The words are YouTube's own or those of its extractor; a sentence that is not known says nothing (P12, P13).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.domain.failure import FailureClass

COOKIES_HINT = "give cookies of an account that may see it in an access profile (`[[access]]`)"
BOT_HINT = "wait, give cookies in an access profile (`[[access]]`), or use another proxy; `sync doctor` names the rest"
RUNTIME_HINT = "install deno 2.3 or node 22 or newer and yt-dlp-ejs; `sync doctor` shows what is found"
UPDATE = "pip install -U 'yt-dlp[default,curl-cffi]'"
"""With what belongs to it: the scripts for YouTube's player are taken in one version only."""
UPDATE_HINT = f"{UPDATE}: YouTube changes, and old versions stop working"
_GEO_HINT = "try again through a proxy in another country (`[[access]]`)"
_PAID_HINT = "only those who pay for it get it; cookies of such an account in an access profile do"
_RATE_HINT = "YouTube lets this address go on within the hour; the next run does"
ELSEWHERE_HINT = "another source may have it: `sync choose TRACK URL` takes it from there"
_LATER_HINT = "it is looked at again in every run"

RUNTIMES = ("deno", "node", "bun", "quickjs")
"""What runs the challenges of YouTube's player, as its extractor calls them, preferred first."""

_WRAPPED = re.compile(
    r"""\('([^']+)', \w+\(["'].*?(?:(?:\[Errno -?\d+\] |Tunnel connection failed: )([^"'\])]+)\)?)?["']\)\)"""
)
"""An error inside an error, as HTTP libraries print them: what failed, an object, and the system's word at its end."""
_NUMBERED = re.compile(r"""\('(?:\[Errno -?\d+\] )?([^']+)', \w+\(-?\d+, '[^']*'\)\)""")
"""The same where the inner one has a number of its own, as those of SOCKS have."""
_ADDRESSED = re.compile(r"""\(<\w+\(.*?\) at 0x[0-9a-f]+>, '([^']+)'\)""")
"""The same where the object comes first, and where it lies in memory."""

_ADVICE = re.compile(
    r"(?<!\s)\.?\s*(?:Use --cookies|It is recommended to use `-t|For more information, refer to|See\s+https://github\.com/yt-dlp).*",
    re.DOTALL,
)
"""What yt-dlp tells those who call it by hand: options that nobody here can give."""

Verdict = tuple[FailureClass, str]

_YOUTUBE: tuple[tuple[tuple[str, ...], Verdict], ...] = (
    (("not a bot", "captcha", "ip is likely being blocked"), (FailureClass.BOT_CHALLENGE, BOT_HINT)),
    (
        ("rate-limited by youtube", "too many requests", "isn't available, try again later"),
        (FailureClass.RATE_LIMITED, _RATE_HINT),
    ),
    (
        ("confirm your age", "age-restricted", "age restricted", "inappropriate for some users"),
        (
            FailureClass.AGE_GATED,
            COOKIES_HINT,
        ),
    ),
    (
        ("members-only", "members only", "channel's members", "join this channel"),
        (
            FailureClass.MEMBERS_ONLY,
            _PAID_HINT,
        ),
    ),
    (
        ("music premium", "premium members", "requires payment", "paid content"),
        (
            FailureClass.MEMBERS_ONLY,
            _PAID_HINT,
        ),
    ),
    (
        ("in your country", "from your location", "geo restriction", "geo-restrict"),
        (
            FailureClass.GEO_BLOCKED,
            _GEO_HINT,
        ),
    ),
    (("drm protected",), (FailureClass.DRM_PROTECTED, ELSEWHERE_HINT)),
    (
        (
            "premieres in",
            "premiere will begin",
            "live event will begin",
            "live event has not started",
            "will begin in a few moments",
        ),
        (
            FailureClass.NOT_YET,
            _LATER_HINT,
        ),
    ),
    (("private video", "video is private", "playlist is private"), (FailureClass.PRIVATE, COOKIES_HINT)),
    (
        ("cookies are no longer valid", "cookies have been rotated"),
        (
            FailureClass.AUTH_EXPIRED,
            "export the cookies again; a browser that goes on using them makes them stale",
        ),
    ),
    (
        ("login details are needed", "login required", "requires authentication", "please sign in"),
        (
            FailureClass.PRIVATE,
            COOKIES_HINT,
        ),
    ),
    (
        (
            "removed by the uploader",
            "has been removed",
            "copyright claim",
            "on copyright grounds",
            "account associated with this video",
            "account has been terminated",
            "account has been closed",
            "isn't available anymore",
            "video unavailable",
            "video is unavailable",
            "no longer available",
            "does not exist",
            "this channel is not available",
        ),
        (FailureClass.GONE, ELSEWHERE_HINT),
    ),
    (("video is not available", "content isn't available"), (FailureClass.MEDIA_MISSING, _LATER_HINT)),
    (("javascript runtime", "challenge solving failed", "solving failed"), (FailureClass.TOOL_MISSING, RUNTIME_HINT)),
    (("an error occurred. please try again",), (FailureClass.REMOTE_ERROR, "the next run tries again")),
    (("looks truncated",), (FailureClass.UNSUPPORTED, "give the whole address: a video's id has eleven letters")),
    (("unviewable",), (FailureClass.UNSUPPORTED, "such a list belongs to one account's player; follow a playlist")),
)
"""Sentences that say more stand before those that say less: a block in one country is no removal."""


def youtube_says(message: str, warnings: Iterable[str] = ()) -> Verdict | None:
    """Give what a message of YouTube's or of its extractor means, and what helps; nothing when it is not known.

    Warnings count only where the message itself says nothing.
    """
    for said in (message, *warnings):
        text = said.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
        for words, verdict in _YOUTUBE:
            if any(word in text for word in words):
                return verdict
    return None


def plainly(text: str) -> str:
    """Give an error's text without libraries' advice on themselves, their objects taken down to what happened."""
    said = _ADDRESSED.sub(lambda found: found[1], _ADVICE.sub("", text))
    said = _NUMBERED.sub(lambda found: found[1], said)
    return _WRAPPED.sub(lambda found: ": ".join(filter(None, found.groups())), said)
