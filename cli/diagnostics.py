"""Diagnostics on stderr under `-v`, with every secret blotted out. Nothing is written to a file."""

from __future__ import annotations

import logging
import re
import sys
import traceback

from typing_extensions import override

_BEARER = re.compile(r"(?i)((?:bearer|basic|oauth)\s+|(?:token|secret|password)=)[^\s&\"']+")
_USERINFO = re.compile(r"://[^/@\s]+@")
BLOT = "••••••••"

_known: list[str] = []


def blot(text: str) -> str:
    """Give the text without secrets: those in force, and whatever looks like one."""
    for secret in _known:
        text = text.replace(secret, BLOT)
    return _USERINFO.sub(f"://{BLOT}@", _BEARER.sub(rf"\1{BLOT}", text))


def hide(secrets: tuple[str, ...]) -> None:
    """Remember secrets to blot out, the longest first."""
    _known[:] = sorted({*_known, *secrets}, key=len, reverse=True)


class _Blotted(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        return blot(super().format(record))


def speak_up() -> None:
    """Send diagnostics to stderr from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Blotted("%(relativeCreated)7.0f ms %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])


def trace(error: BaseException) -> str:
    """Give an unexpected error's message, with its trace under `-v`."""
    if not logging.getLogger().isEnabledFor(logging.DEBUG):
        return blot(str(error))
    return blot("".join(traceback.format_exception(error)).rstrip())
