"""Audio for the stand-ins to serve, encoded once per session."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import pytest

_TONE = ["-f", "lavfi", "-i", "sine=frequency=330:duration=2", "-ac", "1"]
_MP3 = ["-c:a", "libmp3lame", "-b:a", "128k", "-f", "mp3"]
_FRAGMENTED_AAC = ["-c:a", "aac", "-b:a", "160k", "-movflags", "+empty_moov+default_base_moof", "-f", "mp4"]


def _encoded(path: Path, *arguments: str) -> bytes:
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([ffmpeg, "-v", "error", "-y", *_TONE, *arguments, str(path)], check=True, timeout=60)
    return path.read_bytes()


@pytest.fixture(autouse=True)
def _signed_out() -> Iterator[None]:
    """Forget the token yt-dlp keeps in a dictionary of the class, for every later client of the process (F56)."""
    yield
    if module := sys.modules.get("yt_dlp.extractor.soundcloud"):
        module.SoundcloudBaseIE._HEADERS.clear()


@pytest.fixture(scope="session")
def soundcloud_audio(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give two seconds of sound in the forms SoundCloud serves, by preset."""
    folder = tmp_path_factory.mktemp("audio")
    return {
        "aac_160k": _encoded(folder / "tone.m4a", *_FRAGMENTED_AAC, "-frag_duration", "500000"),
        "mp3_1_0": _encoded(folder / "tone.mp3", *_MP3),
        "mp3_1_0.preview": _encoded(folder / "clip.mp3", "-t", "0.5", *_MP3),
    }
