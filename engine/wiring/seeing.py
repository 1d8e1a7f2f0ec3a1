"""The places where music is seen, looked for and looked up, each made when it is first asked for.

Part of the composition root: builds adapters, decides nothing about music.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.ports import Clock, Journal
from engine.settings.model import Settings
from engine.source_ports import Access, Enricher, Finder, Source
from engine.wiring.ways import ways

if TYPE_CHECKING:
    from engine.projections.rows import Access as Standing
    from engine.projections.rows import Sighting
    from engine.sources.soundcloud.source import SoundCloudSource
    from engine.sources.spotify.source import SpotifySource
    from engine.sources.youtube.source import YouTubeSource

DIGESTS_NAME = "audio-digests.json"


def trusted(settings: Settings) -> bool | Path:
    """Say whose certificates are taken: everybody's known ones, anybody's, or those in a file."""
    verify = settings.network.tls_verify
    return Path(verify).expanduser() if isinstance(verify, str) else verify


@dataclass(kw_only=True)
class Seeing:
    """Every source, finder and provider of facts.

    Attributes:
        pace: waits for a remote's place in its rate limit; called before every request.
        opened: closes what was opened.
        remembered: gives what the journal knows of the ways.
        journal: opens the journal, from which sources know what was seen before.
    """

    settings: Settings
    clock: Clock
    pace: Callable[[str], None]
    opened: ExitStack
    remembered: Callable[[], Mapping[str, Standing]] = dict
    journal: Callable[[], Journal]

    @cached_property
    def access(self) -> Access:
        """The ways to each source."""
        from engine.workflows.access import AccessBook

        return AccessBook(ways(self.settings), remembered=self.remembered, now_us=self.clock.now_us)

    @cached_property
    def soundcloud(self) -> SoundCloudSource:
        """SoundCloud; it alone knows the secret links of what is private."""
        from engine.sources.soundcloud.config import SoundCloudConfig
        from engine.sources.soundcloud.source import SoundCloudSource

        about = self.settings.soundcloud
        config = SoundCloudConfig(
            tls_verify=trusted(self.settings),
            cache_dir=self.settings.home / "cache",
            timeout_s=self.settings.network.timeout_s,
            profile=about.profile,
            client_id=about.client_id,
            client_secret=about.client_secret.reveal() if about.client_secret else None,
        )
        return SoundCloudSource(config, access=self.access, pace=self.pace)

    @cached_property
    def spotify(self) -> SpotifySource:
        """Spotify, as whoever logged in."""
        from engine.sources.spotify.config import SpotifyConfig
        from engine.sources.spotify.source import SpotifySource

        said = self.settings.spotify
        config = SpotifyConfig(
            credentials=self.settings.home / "credentials" / "spotify.json",
            client_id=said.client_id,
            client_secret=said.client_secret.reveal() if said.client_secret else None,
            refresh_token=said.refresh_token.reveal() if said.refresh_token else None,
            api_base=said.api_base,
            accounts_base=said.accounts_base,
            tls_verify=trusted(self.settings),
            timeout_s=self.settings.network.timeout_s,
            desktop=said.desktop,
        )
        source = SpotifySource(config, clock=self.clock, pace=self.pace)
        self.opened.callback(source.close)
        return source

    @property
    def hears(self) -> bool:
        """Whether anybody could say what plays: an account that is logged in, or a player of this machine."""
        from engine.sources.spotify.desktop import Desktop

        return self.spotify.client.logins.made or (self.settings.spotify.desktop and Desktop().askable)

    @cached_property
    def files(self) -> Source:
        """Folders, lists and audio files of this machine."""
        from engine.media.digests import AudioDigests
        from engine.media.tags import read_facts
        from engine.sources.files.config import FilesConfig
        from engine.sources.files.memory import JournalMemory
        from engine.sources.files.source import FilesSource

        digests = AudioDigests(self.settings.home / "cache" / DIGESTS_NAME)
        self.opened.callback(digests.save)
        config = FilesConfig(excluded=(self.settings.library_root,))
        memory = JournalMemory(self.journal)
        return FilesSource(config, clock=self.clock, read_tags=read_facts, audio_digest=digests, memory=memory)

    @cached_property
    def youtube(self) -> YouTubeSource:
        """YouTube and YouTube Music: a source, and a place to look for audio."""
        from engine.sources.youtube.config import YouTubeConfig
        from engine.sources.youtube.source import YouTubeSource

        config = YouTubeConfig(
            tls_verify=trusted(self.settings),
            cache_dir=self.settings.home / "cache",
            timeout_s=self.settings.network.timeout_s,
        )

        def remembered(ref: str) -> Sighting | None:
            row: Sighting | None = self.journal().row("sightings", ref)
            return row

        source = YouTubeSource(config, access=self.access, pace=self.pace, remembered=remembered)
        self.opened.callback(source.close)
        return source

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Every source; the first that recognises an address has it."""
        return (self.soundcloud, self.spotify, self.youtube, self.files)

    @cached_property
    def finders(self) -> tuple[Finder, ...]:
        """Where audio is looked for by name, in the order of the settings."""
        made: dict[str, Callable[[], Finder]] = {
            "soundcloud": lambda: self.soundcloud,
            "youtube": lambda: self.youtube,
        }
        return tuple(made[name]() for name in self.settings.resolution.order if name in made)

    @cached_property
    def enrichers(self) -> tuple[Enricher, ...]:
        """Who is asked for facts, in the order of the settings."""
        made: dict[str, Callable[[], Enricher]] = {
            "spotify": self._spotify_facts,
            "musicbrainz": self._musicbrainz_facts,
            "acoustid": self._acoustid_facts,
        }
        return tuple(made[name]() for name in self.settings.enrichment.providers if name in made)

    def _spotify_facts(self) -> Enricher:
        from engine.sources.spotify.enrich import SpotifyEnricher

        return SpotifyEnricher(lambda: self.spotify.client)

    def _musicbrainz_facts(self) -> Enricher:
        from importlib.metadata import version

        from engine.sources.musicbrainz.config import MusicBrainzConfig
        from engine.sources.musicbrainz.enricher import MusicBrainzEnricher

        said = self.settings.enrichment
        config = MusicBrainzConfig(
            base_url=said.musicbrainz_base,
            version=version("cratelog"),
            contact=said.contact,
            timeout_s=self.settings.network.timeout_s,
            tls_verify=trusted(self.settings),
        )
        provider = MusicBrainzEnricher(config, pace=self.pace)
        self.opened.callback(provider.close)
        return provider

    def _acoustid_facts(self) -> Enricher:
        from importlib.metadata import version

        from engine.sources.acoustid.config import AcoustIdConfig
        from engine.sources.acoustid.enricher import AcoustIdEnricher
        from engine.sources.musicbrainz.config import user_agent

        said = self.settings.enrichment
        config = AcoustIdConfig(
            key=said.acoustid_key.reveal() if said.acoustid_key else None,
            base_url=said.acoustid_base,
            user_agent=user_agent(version("cratelog"), said.contact),
            timeout_s=self.settings.network.timeout_s,
            tls_verify=trusted(self.settings),
        )
        provider = AcoustIdEnricher(config, pace=self.pace)
        self.opened.callback(provider.close)
        return provider
