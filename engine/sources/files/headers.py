"""The names of columns, as Exportify in its languages and other programs write them, to what stands in them. Pure."""

# ruff: noqa: RUF001 - the letters of other languages are meant
from __future__ import annotations

import unicodedata
from enum import StrEnum


class Column(StrEnum):
    """What a column holds."""

    SPOTIFY = "spotify"  # a URI, an address or a bare id
    ADDRESS = "address"
    PATH = "path"
    TITLE = "title"
    ARTIST = "artist"  # as one text
    ARTISTS = "artists"  # several, in Exportify's ways
    ARTIST_IDS = "artist_ids"  # their number tells a comma in a name from one between names
    ALBUM = "album"
    ISRC = "isrc"
    DURATION = "duration"
    DURATION_MS = "duration_ms"
    DURATION_S = "duration_s"
    RELEASE_DATE = "release_date"
    ARTWORK = "artwork"
    EXPLICIT = "explicit"
    LABEL = "label"
    GENRE = "genre"
    PLAYLIST = "playlist"  # which of several lists in one table a row stands in
    VIDEO_ID = "video_id"


_NAMES: dict[Column, str] = {
    Column.SPOTIFY: (
        "trackuri spotifyuri spotifyid spotifytrackid spotifytrackuri trackid uri spotifyurl spotifylink "
        "uridelacanción uridutitre uridellatraccia トラックuri nummeruri uridafaixa låtensuri parçauri "
        "رابطالأغنيةuri uriκομματιού"
    ),
    Column.ADDRESS: "url link address trackurl tracklink permalink soundcloudurl youtubeurl videourl webpage",
    Column.PATH: "path location file filename filepath",
    Column.TITLE: (
        "trackname title track name song songname songtitle tracktitle titel titre título titolo "
        "nombredelacanción nomdutitre nomedellatraccia トラック名 nummernaam nomedafaixa låtensnamn parçaadı "
        "اسمالأغنية όνομακομματιού"
    ),
    Column.ARTIST: "artist artistname performer interpret artiste artista künstler",
    Column.ARTISTS: (
        "artistnames artists künstlernamen nombresdelartista nomsdelartiste nomedellartista アーティスト名 "
        "naamvanartiest nomesdoartista artistensnamn sanatçıadı أسماءالفنانين όνοματακαλλιτέχνη"
    ),
    Column.ARTIST_IDS: (
        "artisturis artistids künstleruris urisdelartista urisdelartiste uridellartista アーティストuri artiesturi "
        "urisdoartista artistensuri sanatçıuri روابطالفنانينuri uriκαλλιτέχνηων"
    ),
    Column.ALBUM: (
        "albumname album albumtitle release nombredelálbum nomdelalbum nomedellalbum アルバム名 naamvanalbum "
        "nomedoálbum albumetsnamn albümadı اسمالألبوم όνομαάλμπουμ"
    ),
    Column.ISRC: "isrc isrccode isrcs",
    Column.DURATION: "duration length time trackduration tracklength dauer länge durée duración durata",
    Column.DURATION_MS: (
        "durationms trackdurationms durationmilliseconds lengthms timems trackdauerms duracióndelacanciónms "
        "duréedutitrems duratadellatracciams トラックの長さミリ秒 nummerduurms duraçãodafaixams låtlängdms "
        "parçasüresims مدةالأغنيةبالملليثانية διάρκειακομματιούms"
    ),
    Column.DURATION_S: "durations durationsec durationseconds durationinseconds lengths lengthseconds seconds",
    Column.RELEASE_DATE: (
        "releasedate albumreleasedate veröffentlichungsdatumdesalbums fechadelanzamientodelálbum "
        "datedesortiedelalbum datadirilasciodellalbum アルバム発売日 releasedatumvanhetalbum "
        "datadelançamentodoálbum albumetsreleasedatum albümçıkıştarihi تاريخإصدارالألبوم "
        "ημερομηνίακυκλοφορίασάλμπουμ"
    ),
    Column.ARTWORK: (
        "albumimageurl artworkurl imageurl albumbildurl urldelaimagendelálbum urldelimagedelalbum "
        "urldellimmaginedellalbum アルバム画像url albumafbeeldingurl urldaimagemdoálbum albumetsbildurl "
        "albümresimurlsi رابطصورةالألبوم urlεικόνασάλμπουμ"
    ),
    Column.EXPLICIT: (
        "explicit explizit explícito explicite esplicito 明示的な内容 expliciet explícita açıkiçerik صريح ακατάλληλο"
    ),
    Column.LABEL: (
        "label recordlabel sello etichetta レーベル gravadora skivbolag plakşirketi العلامةالتجارية εταιρεία"
    ),
    Column.GENRE: "genre",
    Column.PLAYLIST: "playlistname playlist playlisttitle",
    Column.VIDEO_ID: "youtubeid youtubemusicid youtubevideoid videoid",
}


def folded(name: str) -> str:
    """Give a column's name without case, blanks and signs; what stands in brackets is part of it."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


_COLUMNS = {folded(name): column for column, names in _NAMES.items() for name in names.split()}


def read(names: list[str]) -> dict[int, Column]:
    """Give what stands in each column that is known by name; of two that hold the same, the first."""
    found: dict[int, Column] = {}
    for place, name in enumerate(names):
        column = _COLUMNS.get(folded(name))
        if column is not None and column not in found.values():
            found[place] = column
    return found


def names_tracks(columns: dict[int, Column]) -> bool:
    """Say whether rows with these columns can name anything."""
    return bool(
        {Column.SPOTIFY, Column.ADDRESS, Column.TITLE, Column.ISRC, Column.PATH, Column.VIDEO_ID}
        & set(columns.values())
    )
