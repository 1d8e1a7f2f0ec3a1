"""AcoustID's JSON as values, parsed once. No requests, no judgement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.sources import wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """A release group that a recording is on; kinds are its types, primary first."""

    title: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A MusicBrainz recording that sounds like what was asked about."""

    mbid: str
    title: str
    credit: str
    length_ms: int | None
    isrcs: tuple[str, ...]
    albums: tuple[Album, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One AcoustID, how well it fits from 0 to 1, and what it is known to be."""

    track_id: str
    score: float
    recordings: tuple[Recording, ...]


def results(body: Any) -> tuple[Result, ...] | None:
    """Give what a look-up found; nothing when the answer is not one."""
    try:
        return tuple(
            Result(
                track_id=str(row["id"]),
                score=_share(row["score"]),
                recordings=tuple(_recording(one) for one in row.get("recordings") or () if one.get("title")),
            )
            for row in body["results"]
        )
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        return None


def error(body: Any) -> tuple[int | None, str]:
    """Give an error's code and sentence; no code when the answer is no error of AcoustID's."""
    said = body.get("error") if isinstance(body, dict) else None
    if not isinstance(said, dict) or not isinstance(said.get("code"), int):
        return None, ""
    return said["code"], wording.clean(said.get("message")) or ""


def _share(value: Any) -> float:
    share = float(value)
    if not 0 <= share <= 1:  # NaN is neither
        raise ValueError(value)
    return share


def _recording(row: Any) -> Recording:
    seconds = row.get("duration")
    return Recording(
        mbid=str(row["id"]),
        title=wording.clean(row["title"]) or "",
        credit=_credit(row.get("artists") or ()),
        length_ms=round(float(seconds) * 1000) if seconds else None,
        isrcs=tuple(isrc for one in row.get("isrcs") or () if (isrc := wording.isrc(one))),
        albums=tuple(_album(one) for one in row.get("releasegroups") or ()),
    )


def _album(row: Any) -> Album:
    kinds = [row.get("type"), *(row.get("secondarytypes") or ())]
    return Album(
        title=wording.clean(row.get("title")) or "",
        kinds=tuple(kind for kind in kinds if kind and isinstance(kind, str)),
    )


def _credit(rows: Iterable[Any]) -> str:
    return wording.clean("".join(f"{row['name']}{row.get('joinphrase') or ''}" for row in rows)) or ""
