"""What is written into a file besides sound: words, our recording id, ReplayGain, a cover; and read back (F26).

Tags of other programs, such as a DJ program's cue points, are left as they are (P20). The audio is not touched.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.domain.failure import FailureClass, Problem

ID = "recording_id"
LOSSY_ORIGIN = "lossy_origin"
PROFILE = "profile"
GAIN = "replaygain_track_gain"
PEAK = "replaygain_track_peak"
_REPORT_HINT = "nothing was placed; `sync refetch` tries it again, and a report with the file's format helps"

_ID3_TEXT = {"title": "TIT2", "artist": "TPE1", "album": "TALB", "genre": "TCON", "isrc": "TSRC"}
_ID3_FREE = {
    ID: "CRATELOG_ID",
    LOSSY_ORIGIN: "CRATELOG_LOSSY_ORIGIN",
    PROFILE: "CRATELOG_PROFILE",
    GAIN: "REPLAYGAIN_TRACK_GAIN",
    PEAK: "REPLAYGAIN_TRACK_PEAK",
}
_MP4_TEXT = {"title": "\xa9nam", "artist": "\xa9ART", "album": "\xa9alb", "genre": "\xa9gen"}
_MP4_FREE = {
    ID: "----:com.cratelog:id",
    LOSSY_ORIGIN: "----:com.cratelog:lossy_origin",
    PROFILE: "----:com.cratelog:profile",
    "source_url": "----:com.cratelog:source_url",
    "isrc": "----:com.apple.iTunes:ISRC",
    GAIN: "----:com.apple.iTunes:replaygain_track_gain",
    PEAK: "----:com.apple.iTunes:replaygain_track_peak",
}
_VORBIS = {
    "title": "TITLE",
    "artist": "ARTIST",
    "album": "ALBUM",
    "genre": "GENRE",
    "isrc": "ISRC",
    "source_url": "SOURCE_URL",
    **_ID3_FREE,
}
_ID3_V23 = (2, 3, 0)
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f]")
_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A cover: its bytes and what they are."""

    content: bytes
    mime_type: str


def picture_of(content: bytes) -> Picture | None:
    """Give the cover that some bytes are, or nothing when they are no JPEG or PNG."""
    for magic, mime_type in ((_JPEG, "image/jpeg"), (_PNG, "image/png")):
        if content.startswith(magic):
            return Picture(content=content, mime_type=mime_type)
    return None


def loudness_tags(loudness_lufs: float | None, true_peak_dbtp: float | None) -> dict[str, str]:
    """Give ReplayGain 2.0 tags for what was measured: relative to -18 LUFS, peak as a fraction of full scale."""
    tags = {} if loudness_lufs is None else {GAIN: f"{-18.0 - loudness_lufs:.2f} dB"}
    return tags if true_peak_dbtp is None else {**tags, PEAK: f"{10 ** (true_peak_dbtp / 20):.6f}"}


def write_tags(path: Path, tags: Mapping[str, str], picture: Picture | None = None) -> Problem | None:
    """Write tags into a file and read them back; gives the problem when they do not hold."""
    import mutagen  # noqa: PLC0415 - heavy

    wanted = {name: clean for name, value in tags.items() if (clean := _clean(value))}
    try:
        file = _opened(path)
        if file is None:
            return Problem(
                failure=FailureClass.VERIFY_FAILED, detail="holds no tags that can be written", hint=_REPORT_HINT
            )
        _write(file, wanted, picture)
    except mutagen.MutagenError as error:
        detail = f"its tags cannot be written: {error}"
        return Problem(failure=FailureClass.VERIFY_FAILED, detail=detail, hint=_REPORT_HINT)
    found = read_tags(path)
    lost = sorted(name for name, value in wanted.items() if found.get(name) != value)
    if lost:
        detail = f"tags did not hold: {', '.join(lost)}"
        return Problem(failure=FailureClass.CONVERT_FAILED, detail=detail, hint=_REPORT_HINT)
    return None


def read_tags(path: Path) -> dict[str, str]:
    """Give the tags we know that a file holds; none when it cannot be read."""
    import mutagen  # noqa: PLC0415 - heavy

    try:
        file = _opened(path)
    except (mutagen.MutagenError, OSError):
        return {}
    if file is None or file.tags is None:
        return {}
    return {name: value for name, value in _all(file).items() if value}


def read_facts(path: Path) -> dict[str, str]:
    """Give a file's tags, and as `duration_ms` how long its header says it plays; headers that only guess say nothing.

    A file that was cut short still claims its full length, so this is what to expect of it and never a measurement.
    """
    import mutagen  # noqa: PLC0415 - heavy

    try:
        file = _opened(path)
    except (mutagen.MutagenError, OSError):
        return {}
    if file is None:
        return {}
    said = {} if file.tags is None else {name: value for name, value in _all(file).items() if value}
    length_s = float(getattr(file.info, "length", 0.0) or 0.0)
    if length_s > 0 and not _guesses(file.info):
        said["duration_ms"] = str(round(length_s * 1000))
    return said


def _guesses(info: Any) -> bool:
    """Whether a length is only worked out from the first frame's bit rate, as of an MP3 without a header."""
    from mutagen.mp3 import BitrateMode  # noqa: PLC0415 - heavy

    return getattr(info, "bitrate_mode", None) is BitrateMode.UNKNOWN


def mp4_codec(path: Path) -> str | None:
    """Give "aac" or "alac" for an MP4 file, and nothing for any other."""
    import mutagen  # noqa: PLC0415 - heavy

    try:
        file = _opened(path)
    except mutagen.MutagenError:
        return None
    codec = str(getattr(getattr(file, "info", None), "codec", ""))
    return "aac" if codec.startswith("mp4a.40") else codec or None


def _opened(path: Path) -> Any:
    from mutagen import File  # noqa: PLC0415 - heavy
    from mutagen.aiff import AIFF  # noqa: PLC0415 - heavy
    from mutagen.flac import FLAC  # noqa: PLC0415 - heavy
    from mutagen.mp3 import MP3  # noqa: PLC0415 - heavy
    from mutagen.mp4 import MP4  # noqa: PLC0415 - heavy
    from mutagen.oggopus import OggOpus  # noqa: PLC0415 - heavy
    from mutagen.oggvorbis import OggVorbis  # noqa: PLC0415 - heavy
    from mutagen.wave import WAVE  # noqa: PLC0415 - heavy

    return File(path, options=[MP3, MP4, FLAC, OggVorbis, OggOpus, WAVE, AIFF])


def _write(file: Any, tags: Mapping[str, str], picture: Picture | None) -> None:
    if file.tags is None:
        file.add_tags()
    match _family(file):
        case "id3":
            _write_id3(file.tags, tags, picture)
            fresh = not getattr(file.tags, "size", 0)
            v23 = fresh or getattr(file.tags, "version", None) == _ID3_V23
            file.save(v2_version=3 if v23 else 4)
        case "mp4":
            _write_mp4(file.tags, tags, picture)
            file.save()
        case _:
            _write_vorbis(file, tags, picture)
            file.save()


def _all(file: Any) -> dict[str, str]:
    match _family(file):
        case "id3":
            return _read_id3(file.tags)
        case "mp4":
            plain = {name: _first(file.tags.get(atom)) for name, atom in _MP4_TEXT.items()}
            return {**plain, **{name: _decoded(file.tags.get(atom)) for name, atom in _MP4_FREE.items()}}
        case _:
            return {name: _first(file.tags.get(key)) for name, key in _VORBIS.items()}


def _family(file: Any) -> str:
    from mutagen.id3 import ID3  # noqa: PLC0415 - heavy
    from mutagen.mp4 import MP4Tags  # noqa: PLC0415 - heavy

    if isinstance(file.tags, ID3):
        return "id3"
    return "mp4" if isinstance(file.tags, MP4Tags) else "vorbis"


def _write_id3(into: Any, tags: Mapping[str, str], picture: Picture | None) -> None:
    from mutagen import id3 as untyped  # noqa: PLC0415 - heavy

    id3: Any = untyped
    for name, value in tags.items():
        if name == "source_url":
            into.setall("WOAS", [id3.WOAS(url=value)])
        elif name in _ID3_TEXT:
            frame = _ID3_TEXT[name]
            into.setall(frame, [getattr(id3, frame)(encoding=id3.Encoding.UTF16, text=[value])])
        elif name in _ID3_FREE:
            label = _ID3_FREE[name]
            into.setall(f"TXXX:{label}", [id3.TXXX(encoding=id3.Encoding.UTF16, desc=label, text=[value])])
    if picture is not None:
        cover = id3.APIC(
            encoding=id3.Encoding.LATIN1,
            mime=picture.mime_type,
            type=id3.PictureType.COVER_FRONT,
            desc="",
            data=picture.content,
        )
        into.setall("APIC", [cover])


def _read_id3(tags: Any) -> dict[str, str]:
    found = {name: _first(getattr(tags.get(frame), "text", None)) for name, frame in _ID3_TEXT.items()}
    for name, label in _ID3_FREE.items():
        found[name] = _first(getattr(tags.get(f"TXXX:{label}"), "text", None))
    found["source_url"] = next((frame.url for frame in tags.getall("WOAS")), "")
    return found


def _write_mp4(into: Any, tags: Mapping[str, str], picture: Picture | None) -> None:
    from mutagen import mp4 as untyped  # noqa: PLC0415 - heavy

    mp4: Any = untyped
    for name, value in tags.items():
        if name in _MP4_TEXT:
            into[_MP4_TEXT[name]] = [value]
        elif name in _MP4_FREE:
            into[_MP4_FREE[name]] = [mp4.MP4FreeForm(value.encode(), mp4.AtomDataType.UTF8)]
    if picture is not None:
        form = mp4.MP4Cover.FORMAT_PNG if picture.mime_type == "image/png" else mp4.MP4Cover.FORMAT_JPEG
        into["covr"] = [mp4.MP4Cover(picture.content, form)]


def _write_vorbis(file: Any, tags: Mapping[str, str], picture: Picture | None) -> None:
    from mutagen import flac as untyped  # noqa: PLC0415 - heavy

    flac: Any = untyped
    for name, value in tags.items():
        if name in _VORBIS:
            file.tags[_VORBIS[name]] = [value]
    if picture is None:
        return
    cover = flac.Picture()
    cover.type, cover.mime, cover.data = 3, picture.mime_type, picture.content
    if isinstance(file, flac.FLAC):
        file.clear_pictures()
        file.add_picture(cover)
    else:
        file.tags["METADATA_BLOCK_PICTURE"] = [base64.b64encode(cover.write()).decode()]


def _clean(value: str) -> str:
    """NUL separates values in ID3, and other control characters are refused or lost by one format or another."""
    return unicodedata.normalize("NFC", _UNWRITABLE.sub(" ", value)).strip()


def _first(values: Any) -> str:
    return str(values[0]) if values else ""


def _decoded(values: Any) -> str:
    return bytes(values[0]).decode(errors="replace") if values else ""
