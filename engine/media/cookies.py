"""A person's cookies for one way: read, never written, and nothing of them told."""

from __future__ import annotations

from pathlib import Path

from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Way

_FIELDS = 7
_HTTP_ONLY = "#HttpOnly_"
_EXPORT = "export the cookies again, in Netscape format, to where the settings say (docs/access.md)"


def cookie_text(path: Path) -> str | Problem:
    """Give a cookie file's text, or why it is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return _unusable(f"the cookie file {path.name} cannot be read: {type(error).__name__}")
    lines = [line for line in text.splitlines() if line.strip()]
    cookies = [line for line in lines if not line.startswith("#") or line.startswith(_HTTP_ONLY)]
    if not cookies or any(len(line.split("\t")) != _FIELDS for line in cookies):
        return _unusable(f"the cookie file {path.name} is not in Netscape format")
    return text


def cookie_trouble(way: Way) -> Problem | None:
    """Say what is wrong with a way's cookies, as far as that shows without asking anybody."""
    if way.cookie_file is not None and isinstance(found := cookie_text(way.cookie_file), Problem):
        return found
    if way.cookie_browser is None:
        return None
    from yt_dlp.cookies import SUPPORTED_BROWSERS  # noqa: PLC0415 - loads yt-dlp

    if way.cookie_browser in SUPPORTED_BROWSERS:
        return None
    detail = f"cookies of {way.cookie_browser!r} cannot be read"
    hint = f"choose from: {', '.join(sorted(SUPPORTED_BROWSERS))}"
    return Problem(failure=FailureClass.AUTH_EXPIRED, detail=detail, hint=hint)


def _unusable(detail: str) -> Problem:
    return Problem(failure=FailureClass.AUTH_EXPIRED, detail=detail, hint=_EXPORT)
