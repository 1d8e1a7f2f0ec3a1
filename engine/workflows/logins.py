"""Says how logins stand, out of what was recorded of them: over, about to end, or well. Asks nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.domain.value import Value
from engine.projections.rows import Credential

DAY_US = 86_400_000_000
WARNED_DAYS = 14
"""How long before a login ends it is spoken of."""
LOGGED_OUT = "logged out"
"""Why a login does not hold that a person ended; nobody is told to make it again."""


class LoginStanding(Value, frozen=True):
    """How a login stands, in words.

    Attributes:
        holds: whether the service takes it, as far as is known.
        remedy: what to do, where something is to be done.
    """

    source: str
    holds: bool
    detail: str
    remedy: str = ""


def standings(credentials: Iterable[Credential], now_us: int) -> Iterator[LoginStanding]:
    """Say how each login stands that nobody ended on purpose: over, ending within two weeks, or well."""
    kept = (row for row in credentials if row.valid or row.detail != LOGGED_OUT)
    for row in sorted(kept, key=lambda each: each.source):
        remedy = f"sync login {row.source}"
        whose = f" as {row.account}" if row.account else " by a refresh token from the settings"
        whose = whose if row.account or row.expires_us is None else ""  # Spotify did not say as whom
        days = None if row.expires_us is None else (row.expires_us - now_us) // DAY_US
        if not row.valid:
            yield LoginStanding(source=row.source, holds=False, detail=f"needs a login: {row.detail}", remedy=remedy)
        elif days is not None and days < 0:
            yield LoginStanding(source=row.source, holds=False, detail=f"the login{whose} has ended", remedy=remedy)
        elif days is not None and days < WARNED_DAYS:
            until = "within a day" if days == 0 else f"in {days} day{'s' if days > 1 else ''}"
            yield LoginStanding(source=row.source, holds=True, detail=f"the login{whose} ends {until}", remedy=remedy)
        else:
            lasts = "" if days is None else f", for {days} more days"
            yield LoginStanding(source=row.source, holds=True, detail=f"logged in{whose}{lasts}")
