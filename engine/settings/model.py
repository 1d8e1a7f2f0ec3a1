"""Every setting there is, declared once: type, default, meaning, environment name. Reads nothing, opens nothing."""

# ruff: noqa: RUF009 - `setting` and `section` make dataclass fields, as `dataclasses.field` does
from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import msgspec

from engine.settings.declare import section, setting
from engine.settings.secret import Secret

Positive: TypeAlias = Annotated[float, msgspec.Meta(gt=0)]
Share: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
AtLeastOne: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]
Format: TypeAlias = Literal["aiff", "wav", "flac", "alac", "aac", "mp3"]
OwnerName: TypeAlias = Literal["engine", "person", "seed", "shared", "status"]
Names: TypeAlias = str | tuple[str, ...]
FinderName: TypeAlias = Literal["soundcloud", "youtube"]
ProviderName: TypeAlias = Literal["spotify", "musicbrainz", "acoustid"]
LinkName: TypeAlias = Literal["playing", "soundcloud", "spotify", "youtube", "files", "batch"]
Choice: TypeAlias = Literal["same", "ask", "different"]
Seconds: TypeAlias = Annotated[float, msgspec.Meta(ge=0)]


class NotionId(str):
    """A Notion id with dashes, whichever way it was written."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> NotionId:
        """Read an id with or without dashes, or the address of the page or database.

        Raises:
            ValueError: there are no 32 hex digits to be found.
        """
        plain = text.split("?", maxsplit=1)[0].rstrip("/").rsplit("/", 1)[-1]
        digits = plain.replace("-", "")[-32:]
        try:
            return cls(uuid.UUID(hex=digits))
        except ValueError:
            raise ValueError("expected a Notion id: 32 hex digits, with or without dashes") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPlaylist:
    """One playlist to keep in step."""

    url: str = setting("", "The playlist's address, or the path of an M3U8 file or a folder.", plan=True)
    name: str | None = setting(None, "A name of your own for it.", plan=True, idle=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Where audio files live."""

    root: Path = setting(Path("library"), "The folder; relative to the home, ~ allowed.", plan=True)
    template: str = setting("{artist}/{title}", "Where a track's file goes in it, without extension.", plan=True)
    formats: tuple[Format, ...] = setting(
        ("aiff",), "Formats made beside the original; alac and aac are .m4a files.", plan=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotionDatabases:
    """Which Notion databases are ours to keep."""

    tracks: NotionId | None = setting(None, "Music Tracks.", env="TRACKS_DB_ID", plan=True)
    playlists: NotionId | None = setting(None, "Playlists.", env="PLAYLISTS_DB_ID", plan=True)
    artists: NotionId | None = setting(None, "Artists.", env="ARTISTS_DB_ID", plan=True, idle=True)
    agent_tasks: NotionId | None = setting(None, "Agent-Tasks.", env="AGENT_TASKS_DB_ID", plan=True, idle=True)
    execution_logs: NotionId | None = setting(None, "Execution-Logs.", env="EXECUTION_LOGS_DB_ID", plan=True, idle=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotionProperties:
    """Names of Notion properties that differ from the usual ones."""

    track: Mapping[str, Names] = setting(
        {}, "Field to property name, or to names tried in order.", plan=True, example='{ bpm = ["Tempo", "BPM"] }'
    )
    playlist: Mapping[str, Names] = setting({}, "The same for playlists.", plan=True, example='{ title = "Name" }')


@dataclass(frozen=True, slots=True, kw_only=True)
class Notion:
    """The Notion workspace."""

    token: Secret | None = setting(None, "Integration token; better kept in .env.", env="NOTION_TOKEN")
    base_url: str = setting("https://api.notion.com", "Where Notion answers.", env="CRATELOG_NOTION_BASE_URL")
    databases: NotionDatabases = section(NotionDatabases, "Ids with or without dashes, or addresses.")
    properties: NotionProperties = section(NotionProperties, "Only what differs from the usual names.")
    owners: Mapping[str, OwnerName] = setting(
        {}, "Who decides a field: engine, person, seed, shared.", plan=True, example='{ genre = "person" }'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Eagle:
    """The Eagle library."""

    enabled: bool | None = setting(
        None, "On when a library, base or token is set; true or false decides.", plan=True, example="true"
    )
    base_url: str = setting("http://127.0.0.1:41595", "Where Eagle answers.", env="EAGLE_API_BASE")
    library: Path | None = setting(
        None, "The library that must be open.", plan=True, example='"~/Music/Tracks.library"'
    )
    token: Secret | None = setting(None, "API token; better kept in .env.", env="EAGLE_TOKEN")
    owners: Mapping[str, OwnerName] = setting({}, "Who decides a field.", plan=True, example='{ name = "person" }')


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundcloud:
    """SoundCloud."""

    client_id: str | None = setting(
        None, "Of an app of your own: sets and tracks come from the official API.", env="SOUNDCLOUD_CLIENT_ID"
    )
    client_secret: Secret | None = setting(None, "Its secret; better in .env.", env="SOUNDCLOUD_CLIENT_SECRET")
    profile: str | None = setting(
        None,
        "Your profile's address: `soundcloud:likes`, `:tracks`, `:reposts`, `:sets` and `:albums` stand for its lists.",
        env="SOUNDCLOUD_PROFILE",
        example='"https://soundcloud.com/YOUR-NAME"',
    )
    proxy: Secret | None = setting(
        None, "Proxy for SoundCloud only.", env="CRATELOG_SOUNDCLOUD_PROXY", example='"http://127.0.0.1:8080"'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotify:
    """Spotify: metadata only."""

    client_id: str | None = setting(None, "The app's client id.", env="SPOTIFY_CLIENT_ID")
    client_secret: Secret | None = setting(None, "The app's secret; better in .env.", env="SPOTIFY_CLIENT_SECRET")
    refresh_token: Secret | None = setting(None, "Your refresh token; better in .env.", env="SPOTIFY_REFRESH_TOKEN")
    api_base: str = setting("https://api.spotify.com", "Where the API answers.", env="CRATELOG_SPOTIFY_API_BASE")
    accounts_base: str = setting(
        "https://accounts.spotify.com", "Where tokens are given.", env="CRATELOG_SPOTIFY_ACCOUNTS_BASE"
    )
    desktop: bool = setting(True, "Ask this machine's Spotify app what plays while nobody is logged in.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessProfile:
    """One more way to reach sources, tried after the direct one, in the order of the file."""

    name: str = setting("", "What to call it; `direct` is taken.", plan=True, example='"germany"')
    proxy: Secret | None = setting(
        None,
        "http://, https://, socks4://, socks5:// or socks5h:// address, with user and password if needed.",
        example='"socks5h://user:password@proxy.example.org:1080"',
    )
    cookies: Path | None = setting(None, "A cookie file in Netscape format.", example='"~/cookies.txt"')
    browser: str | None = setting(None, "Or a browser to read cookies from, such as firefox.")
    country: str | None = setting(None, "Where the proxy stands, two letters.", plan=True, example='"DE"')
    sources: tuple[str, ...] = setting(("soundcloud", "youtube"), "Which sources it serves.", plan=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Looking for audio of what came without any: Spotify, CSV, and what a source stopped giving."""

    order: tuple[FinderName, ...] = setting(
        ("soundcloud", "youtube"),
        "Where to look, first first; in the environment separated by commas, or `none`.",
        env="CRATELOG_RESOLUTION_ORDER",
        plan=True,
    )
    blocked: tuple[str, ...] = setting((), "Uploaders, parts of addresses, or `title:WORDS`, never taken.", plan=True)
    candidates: AtLeastOne = setting(10, "Results looked at per search.", plan=True)
    per_run: Count = setting(50, "Recordings searched for in one run.", plan=True)
    retry_days: Positive = setting(7.0, "Days after a search without result, doubled each time.", plan=True)
    propose: bool = setting(True, "Propose another source for what one stopped giving.", plan=True)
    mix_minutes: Positive = setting(15.0, "From this length on a piece may be a mix or a live set.", plan=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """Facts from elsewhere: optional, cached, and nothing waits for them."""

    providers: tuple[ProviderName, ...] = setting((), "Who is asked, first first.", plan=True)
    per_run: Count = setting(50, "Recordings asked about in one run.")
    confidence: Share = setting(0.8, "How sure a provider must be for a fact to be shown.", plan=True)
    acoustid_key: Secret | None = setting(None, "AcoustID's key for your application.", env="ACOUSTID_API_KEY")
    contact: str = setting(
        "", "An address MusicBrainz may write to.", env="CRATELOG_CONTACT", example='"you@example.org"'
    )
    musicbrainz_base: str = setting(
        "https://musicbrainz.org", "Where MusicBrainz answers.", env="CRATELOG_MUSICBRAINZ_BASE"
    )
    acoustid_base: str = setting("https://api.acoustid.org", "Where AcoustID answers.", env="CRATELOG_ACOUSTID_BASE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What `sync reconcile --source auto` tries, one after the other."""

    links: tuple[LinkName, ...] = setting(("playing", "soundcloud", "spotify", "batch"), "The links, first first.")
    deadline_s: Positive = setting(300.0, "How long one link may take.")
    deadlines_s: Mapping[str, Positive] = setting({}, "Link to a deadline of its own.", example="{ playing = 20 }")
    all_links: bool = setting(False, "Go on after a link that found something.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How the network is reached."""

    tls_verify: bool | str = setting(
        True, "Check certificates: true, false, or the path of a CA bundle.", env="CRATELOG_TLS_VERIFY"
    )
    timeout_s: Positive = setting(30.0, "Longest wait for one answer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often one remote may be asked, by all processes together."""

    rate_per_s: Positive = setting(3.0, "Requests per second in the long run.")
    burst: AtLeastOne = setting(3, "Requests that may go out at once.")


def _rate(rate_per_s: float, burst: int, text: str, *, idle: bool = False) -> Any:
    return section(lambda: Rate(rate_per_s=rate_per_s, burst=burst), text, idle=idle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast, how often, how many at once."""

    workers: AtLeastOne = setting(4, "Actions under way at once.")
    settle_s: Annotated[float, msgspec.Meta(ge=0)] = setting(
        5.0, "How long an unknown create may take to show before it is tried again.", plan=True
    )
    attempts: AtLeastOne = setting(8, "Tries before an action is tried once a day only.", plan=True)
    attempts_span_h: Positive = setting(24.0, "Or hours since the first try.", plan=True)
    notion: Rate = _rate(3.0, 10, "Notion.")
    soundcloud: Rate = _rate(4.0, 8, "SoundCloud.")
    spotify: Rate = _rate(5.0, 10, "Spotify.")
    youtube: Rate = _rate(1.0, 3, "YouTube.")
    # A little below what they allow: requests sent a second apart may arrive closer.
    musicbrainz: Rate = _rate(0.9, 1, "MusicBrainz, which asks for no more than one a second.")
    acoustid: Rate = _rate(2.7, 1, "AcoustID, which asks for no more than three a second.")
    eagle: Rate = _rate(50.0, 50, "Eagle, which is on this machine.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What stops removals that look like a mistake."""

    removal_fraction: Share = setting(0.02, "Largest share of a set one plan may remove.", plan=True)
    removal_floor: Count = setting(5, "Removals that are always allowed.", plan=True)
    collapse_fraction: Share = setting(
        0.6, "A playlist that shrinks below this share of its last listing is not believed.", plan=True
    )
    keep_departed: bool = setting(True, "Keep in Notion and Eagle what left every playlist.", plan=True)
    departed_after_h: Positive = setting(24.0, "Hours between the two scans that prove a departure.", plan=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """How evidence decides which things are one recording; `sync rematch` shows what other values would change."""

    explicit: Choice = setting("ask", "What explicit against clean is: same, ask, different.", plan=True)
    radio_edit: Choice = setting("different", "What a radio edit against the song is.", plan=True)
    remaster: Choice = setting("ask", "What a remaster against the song is.", plan=True)
    accept_from: Positive = setting(
        7.5, "The score from which two things are one, if nothing speaks against.", plan=True
    )
    equal_s_max: Seconds = setting(1.0, "Seconds apart up to which two lengths are equal.", plan=True)
    agree_s_max: Seconds = setting(2.0, "Seconds apart up to which they agree.", plan=True)
    near_s_max: Seconds = setting(10.0, "Seconds apart up to which they do not yet speak clearly against.", plan=True)
    near_share: Share = setting(0.1, "Or this share of the longer one.", plan=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What belongs to one start of the program and never stands in a file."""

    no_color: bool = setting(False, "Write no colours.", env="NO_COLOR", toml=False)
    crash_at: str | None = setting(None, "Die at a crash point (rehearsal).", env="CRATELOG_CRASH_AT", toml=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the program was told.

    Attributes:
        home: where the journal, plans, trash and cache live.
        origins: dotted key → where its value came from; a key that is missing has its default.
    """

    home: Path
    library: Library = section(Library, "Where audio files live.")
    playlists: tuple[FollowedPlaylist, ...] = setting((), "Playlists to keep in step.", plan=True)
    notion: Notion = section(Notion, "The Notion workspace; off until token and tracks database are known.")
    eagle: Eagle = section(Eagle, "The Eagle library.")
    soundcloud: Soundcloud = section(Soundcloud, "SoundCloud.")
    spotify: Spotify = section(Spotify, "Spotify: metadata only.")
    access: tuple[AccessProfile, ...] = setting((), "More ways to reach sources.", plan=True)
    resolution: Resolution = section(Resolution, "Looking for audio of what came without any.")
    enrichment: Enrichment = section(Enrichment, "Facts from elsewhere; nobody is asked by default.")
    chain: Chain = section(Chain, "What `sync reconcile --source auto` tries.")
    network: Network = section(Network, "How the network is reached.")
    limits: Limits = section(Limits, "How fast, how often, how many at once.")
    guards: Guards = section(Guards, "What stops removals that look like a mistake.")
    matching: Matching = section(Matching, "What is one recording: choices, and where agreement begins.")
    process: Process = section(Process, "This start of the program.")
    origins: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def library_root(self) -> Path:
        """The library folder, absolute."""
        return (self.home / self.library.root.expanduser()).absolute()

    @property
    def notion_enabled(self) -> bool:
        """Whether Notion is a target: its token and its tracks database are known."""
        return self.notion.token is not None and self.notion.databases.tracks is not None

    @property
    def eagle_enabled(self) -> bool:
        """Whether Eagle is a target: said so, or something of it was set."""
        if self.eagle.enabled is not None:
            return self.eagle.enabled
        return any(key.startswith("eagle.") for key in self.origins)

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets that are switched on, in the order they are worked on."""
        switched = {"library": True, "notion": self.notion_enabled, "eagle": self.eagle_enabled}
        return tuple(name for name, enabled in switched.items() if enabled)
