"""What the MusicBrainz provider needs to know from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.sources.json_service import ServiceConfig

REMOTE = "musicbrainz"


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicBrainzConfig:
    """Where MusicBrainz answers, and who asks.

    Attributes:
        contact: an address it may write to; it turns away whoever does not say who they are.
    """

    base_url: str = "https://musicbrainz.org"
    version: str = "0"
    contact: str = ""
    timeout_s: float = 30.0
    tls_verify: bool | Path = True

    @property
    def service(self) -> ServiceConfig:
        """How its door is built."""
        return ServiceConfig(
            remote=REMOTE,
            title="MusicBrainz",
            base_url=self.base_url,
            user_agent=user_agent(self.version, self.contact),
            timeout_s=self.timeout_s,
            tls_verify=self.tls_verify,
        )


def user_agent(version: str, contact: str) -> str:
    """Say which application asks, and who may be written to."""
    return f"Cratelog/{version} ( {contact} )" if contact else f"Cratelog/{version}"
