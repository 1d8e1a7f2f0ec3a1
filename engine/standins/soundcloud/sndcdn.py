"""The media hosts: signed audio addresses, byte ranges, HLS and artwork. Reads the catalogue, never changes it."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus

from engine.standins.server import Request, Response
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.records import Delivery, Track
from engine.standins.soundcloud.renditions import RENDITIONS, Rendition, cut, playlist

AUDIO_HOSTS = ("cf-media.sndcdn.com", "cf-preview-media.sndcdn.com", "cf-hls-media.sndcdn.com")
_AUDIO = re.compile(
    r"/(?P<hls>playlist/)?(?:preview/)?(?P<preview>0/30/)?t(?P<id>\d+)-(?P<preset>[a-z0-9_]+)\.[\w.]+?"
    r"(?(hls)/(?P<part>playlist\.m3u8|init\.[\w.]+|(?P<number>\d+)\.[\w.]+))"
)
_ARTWORK = re.compile(r"/artworks-(?P<id>\d+)-(?P<size>\w+)\.(?P<ending>jpg|png)")
_RANGE = re.compile(r"bytes=(?P<first>\d*)-(?P<last>\d*)")
_PREVIEW_S = 30.0
_MAGIC = ((b"RIFF", "wav", "audio/wav"), (b"fLaC", "flac", "audio/flac"), (b"FORM", "aiff", "audio/aiff"))


def audio_url(track: Track, rendition: Rendition, protocol: str, *, snipped: bool) -> str:
    """Give the signed address a transcoding resolves to."""
    stem = f"t{track.id}-{rendition.preset}"
    stretch = "0/30/" if snipped else ""
    if protocol == "progressive":
        host = "cf-preview-media" if snipped else "cf-media"
        path = f"{'preview/' if snipped else ''}{stretch}{stem}.{rendition.suffix}"
        return f"https://{host}.sndcdn.com/{path}?{_signed(stem)}"
    return f"https://cf-hls-media.sndcdn.com/playlist/{stretch}{stem}.{rendition.suffix}/playlist.m3u8?{_signed(stem)}"


def original_url(track: Track) -> str:
    """Give the signed address of the uploaded file."""
    stem = f"t{track.id}-original"
    return f"https://cf-media.sndcdn.com/{stem}.file?{_signed(stem)}"


class MediaHosts:
    """Answers for every host below sndcdn.com but the one with the scripts."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def audio(self, request: Request) -> Response:
        """Answer with audio, an HLS playlist or one of its parts: 403 unsigned or not for this country, 404 lost."""
        found = _AUDIO.fullmatch(request.path)
        track = self._catalog.track(int(found["id"])) if found else None
        if found is None or track is None:
            return Response(status=HTTPStatus.NOT_FOUND)
        if request.country in track.blocked_countries:
            return Response(status=HTTPStatus.FORBIDDEN)
        if request.parameter("Signature") != _signature(f"t{track.id}-{found['preset']}"):
            return Response(status=HTTPStatus.FORBIDDEN)
        content = self._content(track, found["preset"], preview=found["preview"] is not None)
        if content is None:
            return Response(status=HTTPStatus.NOT_FOUND)
        if found["hls"]:
            duration_s = _PREVIEW_S if found["preview"] else track.duration_ms / 1000
            return _part(RENDITIONS[found["preset"]], content, found, duration_s)
        return _file(track, found["preset"], content, request.headers.get("range"))

    def image(self, request: Request) -> Response:
        """Answer with artwork: the original under its own ending only, every smaller size as JPEG."""
        found = _ARTWORK.fullmatch(request.path)
        content = self._catalog.media(int(found["id"]), "artwork") if found else None
        if found is None or content is None:
            return Response(status=HTTPStatus.NOT_FOUND)
        ending = "png" if content.startswith(b"\x89PNG") else "jpg"
        expected = ending if found["size"] == "original" else "jpg"
        if found["ending"] != expected:
            return Response(status=HTTPStatus.NOT_FOUND)
        kind = "image/png" if ending == "png" else "image/jpeg"
        return Response(headers=(("Content-Type", kind),), body=content)

    def _content(self, track: Track, preset: str, *, preview: bool) -> bytes | None:
        if track.delivery is Delivery.LOST or (preset not in RENDITIONS and preset != "original"):
            return None
        whole = self._catalog.media(track.id, preset)
        clip = self._catalog.media(track.id, f"{preset}.preview") if preview else None
        return whole if clip is None else clip


def _part(rendition: Rendition, content: bytes, found: re.Match[str], duration_s: float) -> Response:
    segments = cut(content)
    if found["part"] == "playlist.m3u8":
        stem = f"t{found['id']}-{found['preset']}"
        text = playlist(segments, duration_s=duration_s, suffix=rendition.suffix, query=_signed(stem))
        return Response(headers=(("Content-Type", "application/vnd.apple.mpegurl"),), body=text.encode())
    kind = (("Content-Type", rendition.mime_type.partition(";")[0]),)
    if found["number"] is None:
        return Response(headers=kind, body=segments.head)
    number = int(found["number"])
    if number >= len(segments.parts):
        return Response(status=HTTPStatus.NOT_FOUND)
    return Response(headers=kind, body=segments.parts[number])


def _file(track: Track, preset: str, content: bytes, wanted: str | None) -> Response:
    headers = (("Accept-Ranges", "bytes"), *_description(track, preset, content))
    asked = _RANGE.fullmatch(wanted or "")
    if asked is None or asked.group() == "bytes=-":
        return Response(headers=headers, body=content)
    size = len(content)
    first = int(asked["first"]) if asked["first"] else max(0, size - int(asked["last"]))
    last = min(size - 1, int(asked["last"])) if asked["first"] and asked["last"] else size - 1
    if first > last:
        unsatisfied = (("Content-Range", f"bytes */{size}"),)
        return Response(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=unsatisfied)
    headers = (*headers, ("Content-Range", f"bytes {first}-{last}/{size}"))
    return Response(status=HTTPStatus.PARTIAL_CONTENT, headers=headers, body=content[first : last + 1])


def _description(track: Track, preset: str, content: bytes) -> tuple[tuple[str, str], ...]:
    if preset in RENDITIONS:
        return (("Content-Type", RENDITIONS[preset].mime_type.partition(";")[0]),)
    known = ((ending, kind) for magic, ending, kind in _MAGIC if content.startswith(magic))
    ending, kind = next(known, ("mp3", "audio/mpeg"))
    return (("Content-Type", kind), ("Content-Disposition", f'attachment; filename="{track.permalink}.{ending}"'))


def _signed(stem: str) -> str:
    return f"Policy=e30&Signature={_signature(stem)}&Key-Pair-Id=APKAI6TU7MMXM5DG6EPQ"


def _signature(stem: str) -> str:
    return hashlib.sha256(f"signature {stem}".encode()).hexdigest()[:40]
