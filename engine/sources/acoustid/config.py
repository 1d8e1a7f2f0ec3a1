"""What the AcoustID provider needs to know from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine.sources.json_service import ServiceConfig

REMOTE = "acoustid"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcoustIdConfig:
    """Where AcoustID answers, and by which application's key.

    Attributes:
        user_agent: which application asks, and who may be written to.
    """

    key: str | None = field(default=None, repr=False)
    base_url: str = "https://api.acoustid.org"
    user_agent: str = "Cratelog/0"
    timeout_s: float = 30.0
    tls_verify: bool | Path = True

    @property
    def service(self) -> ServiceConfig:
        """How its door is built."""
        return ServiceConfig(
            remote=REMOTE,
            title="AcoustID",
            base_url=self.base_url,
            user_agent=self.user_agent,
            timeout_s=self.timeout_s,
            tls_verify=self.tls_verify,
        )
