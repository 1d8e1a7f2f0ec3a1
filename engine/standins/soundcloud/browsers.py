"""Whether a client looks like a browser, as far as its headers tell; TLS handshakes are not looked at.

The real service compares both and refuses users' lists to the others. Here a browser is what names itself Chrome 116
or newer, or Firefox or Safari, and sends the headers that browsers add by themselves and http libraries do not:
`Sec-Fetch-Mode`, `Accept-Language`, and from Chrome also `Sec-CH-UA`.
"""

from __future__ import annotations

import re

from engine.standins.server import Request

_CHROME = re.compile(r"Chrome/(?P<version>\d+)")
_CHROME_MIN = 116
_OTHERS = re.compile(r"Firefox/|Version/[\d.]+ (?:Mobile/\w+ )?Safari/")


def like_a_browser(request: Request) -> bool:
    """Say whether a request has the headers of a recent browser."""
    agent = request.headers.get("user-agent", "")
    chrome = _CHROME.search(agent)
    recent = int(chrome["version"]) >= _CHROME_MIN if chrome else _OTHERS.search(agent) is not None
    needed = {"sec-fetch-mode", "accept-language", *(("sec-ch-ua",) if chrome else ())}
    return recent and needed <= set(request.headers)
