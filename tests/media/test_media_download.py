"""Real yt-dlp against the SoundCloud stand-in: what is got, and every way it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.domain.failure import FailureClass, Problem
from engine.media.config import MediaConfig
from engine.media.media import Media
from engine.media.tags import read_tags
from engine.ports import AudioOrder, StagedFile
from engine.standins.server import Effect, Fault, Response
from engine.standins.soundcloud.catalog import Catalog
from engine.standins.soundcloud.faults import bot_page, bot_wall, country_wall, throttled
from engine.standins.soundcloud.records import Delivery, Policy, Track, User
from engine.standins.soundcloud.standin import SoundCloudStandin
from tests.fixtures.audio import MakeAudio

RECORDING = "r" + "a" * 16
URL = "https://soundcloud.com/ann/song"


@pytest.fixture
def standin() -> Iterator[SoundCloudStandin]:
    """Give a SoundCloud with one user."""
    catalog = Catalog()
    catalog.add_user(User(id=1, permalink="ann", username="Ann"))
    with SoundCloudStandin(catalog) as running:
        yield running


@pytest.fixture
def upload(standin: SoundCloudStandin, make_audio: MakeAudio) -> Any:
    """Give what puts the one track on the stand-in: its media by preset, and other fields."""

    def put(media: dict[str, bytes] | None = None, **fields: Any) -> None:
        track = {"id": 7, "user_id": 1, "permalink": "song", "title": "Song", "duration_ms": 2000, **fields}
        standin.catalog.add_track(Track(**track), media or {"mp3_1_0": make_audio("mp3").read_bytes()})

    return put


def _acquire(
    standin: SoundCloudStandin, folder: Path, *, expected_ms: int | None = 2000, **said: Any
) -> tuple[StagedFile, ...] | Problem:
    media = Media(
        MediaConfig(proxy=standin.url, tls_verify=False, cache_dir=folder / "cache", socket_timeout_s=5, **said)
    )
    order = AudioOrder(
        recording_id=RECORDING,
        source_ref="soundcloud:track:7",
        url=URL,
        local_path=None,
        expected_duration_ms=expected_ms,
        profiles=("original", "aiff"),
        tags={"title": "Song", "source_url": URL, "recording_id": RECORDING},
        artwork_url="https://i1.sndcdn.com/artworks-7-large.jpg",
    )
    before = len(standin.history)
    got = media.acquire(order, folder / "workspace")
    asked = [line for line in standin.history[before:] if line.method != "CONNECT"]
    assert media.requests() == {"soundcloud": sum(line.host.endswith("soundcloud.com") for line in asked)}
    return got


def test_a_progressive_mp3_is_kept_byte_for_byte_in_its_audio(
    standin: SoundCloudStandin, upload: Any, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """M14: the original's sound is what the source gave; its lossy origin is not forgotten."""
    upload()
    got = _acquire(standin, tmp_path)
    assert isinstance(got, tuple), got
    assert [(file.profile, file.path.name) for file in got] == [("original", "original.mp3"), ("aiff", "aiff.aiff")]
    source = make_audio("mp3").read_bytes()
    assert source[-4000:] in got[0].path.read_bytes()
    assert {file.audio.lossy_origin for file in got} == {True}
    assert got[0].audio.pcm_sha256 == got[1].audio.pcm_sha256
    assert "yt-dlp" in got[0].audio.tools
    assert sorted(path.name for path in (tmp_path / "workspace").iterdir()) == ["aiff.aiff", "original.mp3"]


def test_a_fragmented_hls_m4a_becomes_one_file_that_takes_tags(
    standin: SoundCloudStandin, upload: Any, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """SoundCloud fact D.3: HLS gives fragments; the AAC moves unchanged into a plain container."""
    upload({"aac_160k": make_audio("fragmented.m4a").read_bytes()})
    got = _acquire(standin, tmp_path)
    assert isinstance(got, tuple), got
    assert got[0].path.name == "original.m4a"
    assert got[0].audio.codec == "aac"
    assert b"moof" not in got[0].path.read_bytes()
    assert read_tags(got[0].path)["recording_id"] == RECORDING


@pytest.mark.parametrize(
    ("fields", "failure"),
    [
        ({"policy": Policy.BLOCK}, FailureClass.GEO_BLOCKED),
        ({"delivery": Delivery.ENCRYPTED}, FailureClass.DRM_PROTECTED),
        ({"delivery": Delivery.LOST}, FailureClass.MEDIA_MISSING),
        ({"delivery": Delivery.UNRESOLVED}, FailureClass.MEDIA_MISSING),
        ({"delivery": Delivery.UNLISTED}, FailureClass.MEDIA_MISSING),
        ({"delivery": Delivery.LOCKED}, FailureClass.DRM_PROTECTED),
        ({"removed": True}, FailureClass.GONE),
    ],
)
def test_every_way_a_track_is_withheld_has_its_class(
    standin: SoundCloudStandin, upload: Any, tmp_path: Path, fields: dict[str, Any], failure: FailureClass
) -> None:
    """SoundCloud fact D.3: a 404 of the metadata is gone, a 404 of the media is not; nothing is left behind."""
    upload(**fields)
    got = _acquire(standin, tmp_path)
    assert isinstance(got, Problem), got
    assert got.failure is failure
    assert not (tmp_path / "workspace").exists()


def test_a_preview_is_recognised_before_it_is_downloaded(
    standin: SoundCloudStandin, upload: Any, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """P10, I54: a Go+ excerpt raises nothing in yt-dlp, and is no track."""
    clip = make_audio("mp3").read_bytes()
    upload({"mp3_1_0": clip, "mp3_1_0.preview": clip}, policy=Policy.SNIP, duration_ms=180_000)
    got = _acquire(standin, tmp_path, expected_ms=180_000)
    assert isinstance(got, Problem), got
    assert got.failure is FailureClass.PREVIEW_ONLY
    assert not any("media" in one.host for one in standin.history if one.method == "GET")


@pytest.mark.parametrize(
    ("content", "expected_ms", "failure"),
    [
        (b"<html>Too many listeners</html>", 2000, FailureClass.VERIFY_FAILED),
        (b"\0" * 5000, 2000, FailureClass.VERIFY_FAILED),
        (None, 240_000, FailureClass.PREVIEW_ONLY),
    ],
)
def test_what_is_not_the_whole_track_is_not_verified(
    standin: SoundCloudStandin,
    upload: Any,
    tmp_path: Path,
    content: bytes | None,
    expected_ms: int,
    failure: FailureClass,
) -> None:
    """I54, F22: a web page, zeros and a short clip under a track's name are told from a track."""
    upload(None if content is None else {"mp3_1_0": content})
    got = _acquire(standin, tmp_path, expected_ms=expected_ms)
    assert isinstance(got, Problem), got
    assert got.failure is failure


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (throttled(path=".*/resolve.*", times=9, retry_after_s=79_892), FailureClass.RATE_LIMITED),
        (throttled(path="/media/.*", times=9, retry_after_s=79_892), FailureClass.RATE_LIMITED),
        (
            Fault(effect=Effect.ANSWER, path="/resolve.*", times=9, response=Response(status=500)),
            FailureClass.REMOTE_ERROR,
        ),
        (
            Fault(effect=Effect.ANSWER, path="/resolve.*", times=9, response=Response(status=503)),
            FailureClass.OVERLOADED,
        ),
        (
            Fault(effect=Effect.ANSWER, path="/resolve.*", times=9, response=Response(body=b"{oops")),
            FailureClass.GARBAGE,
        ),
        (Fault(effect=Effect.LOSE_REQUEST, path="/resolve.*", times=9), FailureClass.NETWORK),
        (bot_wall(path="/resolve.*", times=9), FailureClass.BOT_CHALLENGE),
        (bot_page(path="/resolve.*", times=9), FailureClass.BOT_CHALLENGE),
        (country_wall(path="/resolve.*", times=9), FailureClass.GEO_BLOCKED),
        (country_wall(path=r"/.*\.mp3.*", times=9), FailureClass.GEO_BLOCKED),
        (
            Fault(
                effect=Effect.ANSWER,
                path="/resolve.*",
                times=9,
                response=Response(status=404, headers=(("X-DataDome", "protected"),)),
            ),
            FailureClass.GONE,
        ),
    ],
)
def test_a_remote_in_trouble_is_a_passing_problem(
    standin: SoundCloudStandin, upload: Any, tmp_path: Path, fault: Fault, failure: FailureClass
) -> None:
    """Every attempt is one event: no retry of the extractor's own, and the class says when to come back."""
    upload()
    standin.script(fault)
    got = _acquire(standin, tmp_path)
    assert isinstance(got, Problem), got
    assert got.failure is failure
    if failure is FailureClass.RATE_LIMITED:
        assert (got.http_status, got.retry_after_s) == (429, 79_892)


def test_a_download_that_breaks_off_leaves_nothing(standin: SoundCloudStandin, upload: Any, tmp_path: Path) -> None:
    """F31: half a file is no file."""
    upload()
    standin.script(Fault(effect=Effect.TRUNCATE, path=r"/.*\.mp3", times=9))
    got = _acquire(standin, tmp_path)
    assert isinstance(got, Problem), got
    assert got.failure is FailureClass.NETWORK
    assert not (tmp_path / "workspace").exists()


def _order(url: str) -> AudioOrder:
    return AudioOrder(
        recording_id=RECORDING,
        source_ref="soundcloud:track:7",
        url=url,
        local_path=None,
        expected_duration_ms=None,
        profiles=("original",),
        tags={},
    )


def test_a_proxy_that_refuses_is_named(tmp_path: Path, standin: SoundCloudStandin) -> None:
    """The proxy is the settings' business, and the hint says so."""
    media = Media(MediaConfig(proxy=standin.url, tls_verify=False, socket_timeout_s=5))
    got = media.acquire(_order("https://example.org/x.mp3"), tmp_path / "workspace")
    assert isinstance(got, Problem), got
    assert (got.failure, got.hint) == (FailureClass.NETWORK, "check the proxy in the settings")


def test_a_certificate_is_verified_unless_it_is_named(
    standin: SoundCloudStandin, upload: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS is verified by default; a named authority is enough to be trusted."""
    upload()
    got = Media(MediaConfig(proxy=standin.url, socket_timeout_s=5)).acquire(_order(URL), tmp_path / "workspace")
    assert isinstance(got, Problem), got
    assert got.failure is FailureClass.NETWORK
    assert "certificate" in got.hint
    monkeypatch.setenv("SSL_CERT_FILE", "")
    trusted = tmp_path / "authority.pem"
    trusted.write_bytes(standin.authority.pem)
    media = Media(MediaConfig(proxy=standin.url, tls_verify=trusted, socket_timeout_s=5))
    assert isinstance(media.acquire(_order(URL), tmp_path / "workspace"), tuple)


def test_a_cover_is_embedded_and_its_absence_never_blocks(
    standin: SoundCloudStandin, upload: Any, tmp_path: Path, make_audio: MakeAudio
) -> None:
    """M16: artwork is a courtesy of the source."""
    upload({"mp3_1_0": make_audio("mp3").read_bytes(), "artwork": b"\xff\xd8\xff\xe0 a picture"})
    got = _acquire(standin, tmp_path)
    assert isinstance(got, tuple), got
    assert all(b"a picture" in file.path.read_bytes() for file in got)


def test_an_address_that_is_no_track_is_unsupported(standin: SoundCloudStandin, upload: Any, tmp_path: Path) -> None:
    """A list is not a recording."""
    upload()
    media = Media(MediaConfig(proxy=standin.url, tls_verify=False, socket_timeout_s=5))
    got = media.acquire(_order("https://soundcloud.com/ann/tracks"), tmp_path / "workspace")
    assert isinstance(got, Problem), got
    assert got.failure is FailureClass.UNSUPPORTED


def test_a_problem_names_no_password_and_no_signature(standin: SoundCloudStandin, upload: Any, tmp_path: Path) -> None:
    """E19, I53: a proxy that refuses us and a media address that is refused are told of without what opens them."""
    upload()
    closed = Media(MediaConfig(proxy="http://ann:hunter2@127.0.0.1:9", tls_verify=False, socket_timeout_s=5))
    odd = Media(MediaConfig(proxy=standin.url, tls_verify=False, socket_timeout_s=5))
    found = [
        closed.acquire(_order(URL), tmp_path / "workspace"),
        odd.acquire(
            _order("https://cf-media.sndcdn.com/x.mp3?Policy=hunter2&Signature=hunter2"), tmp_path / "workspace"
        ),
        odd.acquire(_order("https://soundcloud.com/ann/nothing/s-hunter2"), tmp_path / "workspace"),
        odd.acquire(_order("https://ann:hunter2@soundcloud.com/ann/x?client_id=hunter2"), tmp_path / "workspace"),
    ]
    assert all(isinstance(got, Problem) for got in found)
    assert "hunter2" not in repr(found)
