"""Trying one way to an address through yt-dlp: its metadata, and the first bytes of its audio. Downloads nothing.

Loaded late, because yt-dlp is heavy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from typing_extensions import override
from yt_dlp.networking import Request

from engine.domain.errors import EngineError
from engine.domain.failure import FailureClass, Problem
from engine.media.classify import classify, facts_of
from engine.media.config import MediaConfig
from engine.media.download import close_answers, preview
from engine.media.extractor import Extractor, Notes, common_options
from engine.source_ports import Trial, Way, WayTester
from engine.workflows.cookies import refused_login

_ABOUT_AUDIO = frozenset(
    {
        FailureClass.GEO_BLOCKED,
        FailureClass.DRM_PROTECTED,
        FailureClass.PREVIEW_ONLY,
        FailureClass.MEDIA_MISSING,
    }
)
"""Failures that only come after the metadata did."""
_FIRST_BYTES = 2
_LIST = ("playlist", "multi_video")


class ExtractorTester(WayTester):
    """Tries ways by yt-dlp.

    Args:
        config: certificates and waiting times.
        source: whose ways are tried.
        pace: called before every request to the service itself.
    """

    def __init__(self, config: MediaConfig, source: str, pace: Callable[[], None]) -> None:
        self._config = config
        self._source = source
        self._pace = pace

    @override
    def try_way(self, url: str, way: Way) -> Trial:
        notes = Notes()
        options = {**common_options(self._config, way, notes), "extract_flat": "in_playlist", "playlist_items": "1"}
        listed = False
        try:
            with Extractor(options, way=way, source=self._source, pace=self._pace) as extractor:
                information = extractor.extract_info(url, download=False)
                if ended := refused_login(notes.warnings, self._source, way):
                    return Trial(listing=ended)
                listed = True
                if information is not None and information.get("_type") in _LIST:
                    return Trial()
                refusal = preview(information)
                if refusal is None:
                    _taste(extractor, information)
        except EngineError:
            raise
        except Exception as error:  # noqa: BLE001 - extractors raise anything; every kind is classified
            ended = refused_login(notes.warnings, self._source, way)
            refusal = ended or classify(facts_of(error, notes.warnings))
            close_answers(error)
        return _judged(refusal, listed=listed)


def _judged(refusal: Problem | None, *, listed: bool) -> Trial:
    if refusal is None or listed or refusal.failure in _ABOUT_AUDIO:
        return Trial(audio=refusal, is_track=True)
    return Trial(listing=refusal)


def _taste(extractor: Extractor, information: Mapping[str, Any]) -> None:
    """Read the first bytes of the audio, or of the list of its pieces."""
    headers = {**(information.get("http_headers") or {}), "Range": f"bytes=0-{_FIRST_BYTES - 1}"}
    with extractor.urlopen(Request(str(information["url"]), headers=headers)) as answer:
        answer.read(_FIRST_BYTES)
