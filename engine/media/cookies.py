"""Whether a way's cookies can be had at all, as far as that shows without asking anybody: for `sync doctor`."""

from __future__ import annotations

from engine.domain.failure import FailureClass, Problem
from engine.source_ports import Way
from engine.workflows.cookies import cookie_text


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
