"""Events about how sources are reached: ways that work or fail, what a service withholds, logins, the chain."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from typing_extensions import override

from engine.domain.failure import FailureClass
from engine.domain.occurrence import Occurrence


class AccessChanged(Occurrence, frozen=True, gc=False):
    """A way to a source began to work, or to fail, or to fail otherwise."""

    TYPE: ClassVar[str] = "access.changed"
    source: str
    way: str  # the profile's name; "direct" without one
    host: str
    works: bool
    failure: FailureClass | None = None
    detail: str = ""

    @property
    @override
    def stream(self) -> str:
        return f"access:{self.source}/{self.way}"


class CapabilityLearned(Occurrence, frozen=True, gc=False):
    """A service said whether it gives us something at all, such as the entries of one playlist (F44)."""

    TYPE: ClassVar[str] = "capability.learned"
    source: str
    capability: str  # "entries:<playlist ref>", …
    allowed: bool
    detail: str = ""
    hint: str = ""

    @property
    @override
    def stream(self) -> str:
        return f"capability:{self.source}/{self.capability}"


class CredentialChanged(Occurrence, frozen=True, gc=False):
    """A login was made, or a service would not take it any more; never holds the secret."""

    TYPE: ClassVar[str] = "credential.changed"
    STREAM: ClassVar[tuple[str, str]] = ("credential:", "source")
    source: str
    valid: bool
    account: str | None = None
    expires_us: int | None = None  # when the login itself ends, whatever is refreshed before
    detail: str = ""


class LinkResult(StrEnum):
    """What one link of the fallback chain came to."""

    FOUND = "found"  # something new
    NOTHING_NEW = "nothing_new"  # it answered, and there was nothing to do; no failure
    FAILED = "failed"
    SKIPPED = "skipped"  # an earlier link had found something, or it is not set up


class ChainLinkEnded(Occurrence, frozen=True, gc=False):
    """One link of the fallback chain was tried, or passed over."""

    TYPE: ClassVar[str] = "chain.link_ended"
    STREAM: ClassVar[tuple[str, str]] = ("run:", "run_id")
    run_id: str
    link: str  # "playing", "soundcloud", "spotify", …, "batch"
    result: LinkResult
    new: int = 0  # sightings that were not known before
    failure: FailureClass | None = None
    detail: str = ""
    took_ms: int = 0
