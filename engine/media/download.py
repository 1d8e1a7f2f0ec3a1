"""Getting a track's best audio through yt-dlp, by one way, without a retry: every failure comes back as a value.

Loaded late, because yt-dlp is heavy. Writes only below the folder it is given and leaves nothing there when it fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yt_dlp

from engine.domain.errors import EngineError
from engine.domain.failure import FailureClass, Problem
from engine.domain.remote_words import RUNTIMES
from engine.media.classify import causes, classify, facts_of
from engine.media.config import MediaConfig
from engine.media.extractor import Extractor, Notes, common_options
from engine.media.tags import Picture, picture_of
from engine.source_ports import Way
from engine.workflows.cookies import refused_login

_PICTURE_BYTES_MAX = 10_000_000  # a cover larger than this helps nobody and slows every player
_PREVIEW_PREFERENCE = -10
_NAME = "download"
_UPLOADED_FORMAT = "download"  # what yt-dlp calls the original of a SoundCloud track
_NOT_GIVEN = Problem(
    failure=FailureClass.NOT_ALLOWED,
    detail="the source does not give the file as it was uploaded",
    hint="it may have no downloads left, or the account of the access profile is logged out: `sync access`",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A file as the source gave it, and a cover if one came with it."""

    path: Path
    picture: Picture | None
    tool: str
    uploaded: bool = False  # whether it is the very file the source was given


def download(
    url: str,
    folder: Path,
    config: MediaConfig,
    *,
    way: Way,
    source: str,
    pace: Callable[[], None],
    artwork_url: str | None = None,
    as_uploaded: bool = False,
) -> Downloaded | Problem:
    """Get the best audio behind an address into a folder by one way, or say what was in the way.

    `as_uploaded` takes nothing but the file the source was given.
    """
    notes = Notes()
    options = {**common_options(config, way, notes), **_download_options(folder)}
    try:
        with Extractor(options, way=way, source=source, pace=pace) as extractor:
            information = extractor.extract_info(url, download=False)
            uploaded = (information or {}).get("format_id") == _UPLOADED_FORMAT
            ended = refused_login(notes.warnings, source, way) or preview(information)
            refusal = ended or (_NOT_GIVEN if as_uploaded and not uploaded else None)
            if refusal is None:
                extractor.process_ie_result(information, download=True)
                cover = _picture(extractor, artwork_url) if config.artwork else None
                return _found(folder, cover, uploaded=uploaded)
    except EngineError:  # ours, such as a stop asked for in the waiting line: nothing is wrong with the track
        _clear(folder)
        raise
    except Exception as error:  # noqa: BLE001 - extractors raise anything; every kind is classified
        refusal = refused_login(notes.warnings, source, way) or classify(facts_of(error, notes.warnings))
        close_answers(error)
    _clear(folder)
    return refusal


def _download_options(folder: Path) -> dict[str, Any]:
    return {
        "outtmpl": str(folder / f"{_NAME}.%(ext)s"),
        "skip_unavailable_fragments": False,
        "continuedl": False,
        "overwrites": True,
        "updatetime": False,
        "fixup": "never",
        "hls_prefer_native": True,
        "js_runtimes": {name: {} for name in RUNTIMES},
    }


def preview(information: Mapping[str, Any] | None) -> Problem | None:
    """Tell an excerpt, or nothing to download, from a track, before its bytes are fetched (P10)."""
    if information is None or information.get("_type", "video") != "video":
        hint = "follow the set itself, or the address of one track"
        return Problem(failure=FailureClass.UNSUPPORTED, detail="the address is not one track's", hint=hint)
    excerpt = str(information.get("format_id") or "").endswith("_preview")
    if excerpt or information.get("preference") == _PREVIEW_PREFERENCE:
        hint = "only an account that may hear all of it gets more; another source may have it"
        return Problem(failure=FailureClass.PREVIEW_ONLY, detail="the source gives only an excerpt of it", hint=hint)
    return None


def _found(folder: Path, cover: Picture | None, *, uploaded: bool) -> Downloaded | Problem:
    files = [path for path in sorted(folder.glob(f"{_NAME}.*")) if not path.name.endswith((".part", ".ytdl"))]
    if len(files) == 1:
        return Downloaded(path=files[0], picture=cover, tool=str(yt_dlp.version.__version__), uploaded=uploaded)
    _clear(folder)
    return Problem(failure=FailureClass.UNEXPECTED, detail=f"the download left {len(files)} files")


def _picture(extractor: Any, url: str | None) -> Picture | None:
    """A cover is a courtesy: whatever goes wrong with it, the track counts."""
    if not url:
        return None
    try:
        with extractor.urlopen(url) as answer:
            content: bytes = answer.read(_PICTURE_BYTES_MAX + 1)
    except EngineError:
        raise
    except Exception:  # noqa: BLE001 - see above
        return None
    return picture_of(content) if len(content) <= _PICTURE_BYTES_MAX else None


def close_answers(error: BaseException) -> None:
    """Let go of the connections that an error's answers still hold."""
    for each in causes(error):
        close = getattr(getattr(each, "response", None), "close", None)
        if close is not None:
            close()


def _clear(folder: Path) -> None:
    for path in folder.glob(f"{_NAME}.*"):
        path.unlink(missing_ok=True)
