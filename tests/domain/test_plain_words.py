"""What libraries print of their own objects is no text for people."""

from __future__ import annotations

import pytest

from engine.domain.remote_words import plainly

PROXY = (
    "ann/song: ('Unable to connect to proxy', NewConnectionError(\"HTTPSConnection(host='127.0.0.1', port=9): "
    'Failed to establish a new connection: [Errno 111] Connection refused"))'
)


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (PROXY, "ann/song: Unable to connect to proxy: Connection refused"),
        ("('Connection aborted.', RemoteDisconnected('Remote end closed it'))", "Connection aborted."),
        (
            "x: ('Unable to connect to proxy', OSError('Tunnel connection failed: 407 Proxy Authentication Required'))",
            "x: Unable to connect to proxy: 407 Proxy Authentication Required",
        ),
        (
            "('No way', NameResolutionError(\"Failed to resolve 'a' ([Errno -2] Name or service not known)\"))",
            "No way: Name or service not known",
        ),
        (
            "x: ('[Errno 1] general SOCKS server failure', Socks5Error(1, 'general SOCKS server failure'))",
            "x: general SOCKS server failure",
        ),
        (
            "(<SocksHTTPSConnection(host='a', port=443) at 0x7fb2cd7dea10>, 'Connection to a timed out. (wait=2.0)')",
            "Connection to a timed out. (wait=2.0)",
        ),
        ("HTTP Error 404: Not Found", "HTTP Error 404: Not Found"),
        ("Song (Remix) ('98)", "Song (Remix) ('98)"),
        (
            "Sign in to confirm you’re not a bot. Use --cookies-from-browser or --cookies. See  https://github.com/yt-dlp",
            "Sign in to confirm you’re not a bot",
        ),
        ("rate-limited for up to an hour. It is recommended to use `-t sleep`", "rate-limited for up to an hour"),
    ],
)
def test_errors_inside_errors_are_told_in_words(printed: str, told: str) -> None:
    """M21: no class names, no objects; what failed, and the system's own word for it."""
    assert plainly(printed) == told
