"""What a proxy remembers of one connection, and what may be scripted to go wrong with it. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class Outcome(StrEnum):
    """How a proxy answered who wanted to get through."""

    OPENED = "opened"
    UNROUTED = "unrouted"  # nothing leads to that host: refused, never dialled
    UNREACHABLE = "unreachable"  # a route led to a port where nobody listens
    CHALLENGED = "challenged"  # credentials were missing or wrong
    MALFORMED = "malformed"  # not the proxy's protocol
    REFUSED = "refused"  # by script, as below
    HUNG_UP = "hung up"
    SILENT = "silent"
    BABBLED = "babbled"
    IMPOSED = "imposed"


class MishapKind(StrEnum):
    """What a scripted misfortune does to a connection that would have got through."""

    REFUSE = "refuse"  # 403, or reply 2 of SOCKS: the proxy does not let anybody there
    UNREACHABLE = "unreachable"  # 502, or reply 4: the proxy itself cannot get there
    CHALLENGE = "challenge"  # 407, or reply 2 of SOCKS: credentials that were good are not any more
    HANG_UP = "hang_up"  # closed without an answer
    BABBLE = "babble"  # something is said that is no protocol's, then it is closed
    IMPOSE = "impose"  # opened as asked, but a page of the proxy's own stands where the host should, without TLS
    SILENCE = "silence"  # never answered; ends when the proxy stops or the client gives up
    CUT = "cut"  # opened, then closed once `after_bytes` have come back


BABBLE = b"+OK POP3 ready <1896.697170952@mail.example>\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 19\r\n\r\n<p>Please sign in.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """A scripted misfortune: which hosts it meets, how often, and what it does."""

    kind: MishapKind
    host: str = "*"  # shell pattern
    skip: int = 0  # this many matching connections pass first
    times: int = 1  # then this many are met
    after_bytes: int = 0

    def meets(self, host: str) -> bool:
        """Say whether it is about such a host at all."""
        return fnmatchcase(host.lower(), self.host.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One line of a proxy's own history: who wanted where, and how much went through.

    Attributes:
        headers: of the request to an HTTP proxy, names in lower case; whatever else than the proxy's own
            credentials is among them was shown to the proxy.
    """

    number: int
    at_s: float  # seconds since the epoch
    country: str
    host: str
    port: int
    outcome: Outcome
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    sent_bytes: int = 0  # from the client to the host
    received_bytes: int = 0  # from the host to the client


def route_of(routes: Mapping[str, int], host: str, port: int) -> int | None:
    """Give the loopback port that a host leads to, or nothing; patterns may name a port, as in `*.example.org:443`."""
    name = host.lower().rstrip(".")
    named = (to for pattern, to in routes.items() if _matches(pattern.lower(), name, port))
    return next(named, None)


def _matches(pattern: str, host: str, port: int) -> bool:
    name, colon, number = pattern.rpartition(":")
    return fnmatchcase(host, name) and number == str(port) if colon else fnmatchcase(host, pattern)
