"""The demo's outside world: playlists on SoundCloud and Spotify, a Notion workspace and an Eagle library."""

from __future__ import annotations

from engine.demo.pieces import PIECES
from engine.standins.notion.seed import seed_music_workspace
from engine.standins.notion.standin import NotionStandin
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Delivery, Playlist, Policy, Track, User
from engine.standins.spotify.catalog import Catalog as SpotifyCatalog
from engine.standins.spotify.records import Track as SpotifyTrack
from engine.standins.spotify.records import base62

SET_URL = "https://soundcloud.com/cratelog-demo/sets/night-drive"
SET_ID = 900
_USER = 1
SPOTIFY_USER = "demo"
SPOTIFY_PLAYLIST_ID = base62("late ferry")
SPOTIFY_URL = f"https://open.spotify.com/playlist/{SPOTIFY_PLAYLIST_ID}"
_LENGTH_MS = {piece.name: piece.seconds * 1000 for piece in PIECES}
_FULL_LENGTH_MS = 214_000

_SERVED = (
    (101, "harbour", "harbour-lights", "Harbour Lights", "Mira Voss", "Downtempo", "DEDEM2600001", "mp3_1_0"),
    (
        102,
        "tunnel",
        "tunnel-vision-vip",
        "Tunnel Vision (VIP Mix)",
        "Kestrel",
        "Drum & Bass",
        "DEDEM2600002",
        "mp3_1_0",
    ),
    (103, "lantern", "papierlaterne", "Papierlaterne 🏮", "Ayşe Çelik", "Ambient", None, "aac_160k"),
    (104, "gravel", "gravel-road", "Gravel Road", "Kestrel", "Dubstep", "DEDEM2600004", "mp3_1_0"),
    (105, "orchid", "orchid", "Orchid / Reprise", "Mira Voss", "Ambient", None, "aac_160k"),
)
GEO_BLOCKED, GONE, DRM_ONLY, PREVIEW = 201, 202, 203, 204
ENTRIES = (101, 102, GEO_BLOCKED, 103, GONE, 104, DRM_ONLY, 101, PREVIEW, 105)
"""The set in order: Harbour Lights stands in it twice."""


def soundcloud_catalog(media: dict[str, dict[str, bytes]]) -> Catalog:
    """Publish the set: five tracks to have, one blocked here, one gone, one under DRM, one preview, one repeat."""
    catalog = Catalog()
    catalog.add_user(User(id=_USER, permalink="cratelog-demo", username="Cratelog Demo"))
    for number, piece, permalink, title, artist, genre, isrc, preset in _SERVED:
        track = Track(
            id=number,
            user_id=_USER,
            permalink=permalink,
            title=f"{artist} - {title}",
            artist=artist,
            genre=genre,
            isrc=isrc,
            duration_ms=_LENGTH_MS[piece],
        )
        catalog.add_track(track, {preset: media[piece][preset]})
    _add_unavailable(catalog, media)
    _add_elsewhere(catalog, media)
    catalog.add_playlist(
        Playlist(id=SET_ID, user_id=_USER, permalink="night-drive", title="Night Drive", track_ids=ENTRIES)
    )
    return catalog


def _add_elsewhere(catalog: Catalog, media: dict[str, dict[str, bytes]]) -> None:
    """Upload what no set holds and a search finds: the track a Spotify playlist names, and what is not quite it."""
    for number, permalink, title, seconds in (
        (301, "night-ferry", "Kestrel - Night Ferry", _LENGTH_MS["ferry"]),
        (302, "night-ferry-slowed", "Kestrel - Night Ferry (Slowed + Reverb)", _LENGTH_MS["ferry"] * 5 // 4),
    ):
        track = Track(id=number, user_id=_USER, permalink=permalink, title=title, duration_ms=seconds)
        catalog.add_track(track, {"mp3_1_0": media["ferry"]["mp3_1_0"]})


def _add_unavailable(catalog: Catalog, media: dict[str, dict[str, bytes]]) -> None:
    catalog.add_track(_plain(GEO_BLOCKED, "border-song", "Kestrel - Border Song", policy=Policy.BLOCK), {})
    catalog.add_track(_plain(GONE, "vanished", "Kestrel - Vanished", removed=True), {})
    encrypted = _plain(DRM_ONLY, "locked-room", "Major Act - Locked Room", delivery=Delivery.ENCRYPTED)
    catalog.add_track(encrypted, {"aac_160k": media["gravel"]["aac_160k"]})
    preview = _plain(PREVIEW, "half-a-minute", "Major Act - Half a Minute", policy=Policy.SNIP)
    catalog.add_track(preview, {"mp3_1_0.preview": media["harbour"]["mp3_1_0"]})


def _plain(
    number: int,
    permalink: str,
    title: str,
    *,
    policy: Policy = Policy.ALLOW,
    delivery: Delivery = Delivery.SERVED,
    removed: bool = False,
) -> Track:
    return Track(
        id=number,
        user_id=_USER,
        permalink=permalink,
        title=title,
        duration_ms=_FULL_LENGTH_MS,
        policy=policy,
        delivery=delivery,
        removed=removed,
    )


def spotify_catalog() -> SpotifyCatalog:
    """Publish a playlist of four: one of the set by its ISRC, one by name and length, one elsewhere, one nowhere."""
    catalog = SpotifyCatalog()
    catalog.add_user(SPOTIFY_USER)
    uris = [
        catalog.add_track(
            SpotifyTrack(
                id=base62(name), name=name, artists=(artist,), album="Crossings", isrc=isrc, duration_ms=seconds * 1000
            )
        )
        for name, artist, isrc, seconds in (
            ("Harbour Lights", "Mira Voss", "DEDEM2600001", 30),
            ("Papierlaterne", "Ayşe Çelik", "DEDEM2600003", 24),
            ("Night Ferry", "Kestrel", "DEDEM2600006", 18),
            ("Tunnel Vision", "Kestrel", "DEDEM2600007", 28),
        )
    ]
    catalog.create_playlist(SPOTIFY_USER, "Late Ferry", uris=uris, playlist_id=SPOTIFY_PLAYLIST_ID)
    return catalog


def furnish_notion(standin: NotionStandin) -> dict[str, str]:
    """Give the workspace its databases and two rows a person made: one is a track of the set, one is not."""
    ids = seed_music_workspace(standin)
    if not standin.pages(ids["tracks_source"]):
        standin.create(
            ids["tracks_source"],
            {
                "Title": "Gravel Road",
                "Artist Name": "Kestrel",
                "SoundCloud URL": "https://soundcloud.com/cratelog-demo/gravel-road",
                "Audio Processing": ["SC_404", "peak time"],
                "Downloaded": True,
            },
        )
        standin.create(ids["tracks_source"], {"Title": "Harbour Lights", "Artist Name": "Somebody Else"})
    return ids
