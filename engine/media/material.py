"""The one file a track's files are made of: downloaded or copied, shown to be audio, in a container that takes tags.

A person's own file is copied, never moved or changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from engine.domain.addresses import serving_source
from engine.domain.failure import FailureClass, Problem
from engine.domain.recording_events import UPLOADED
from engine.media.config import MediaConfig
from engine.media.decode import move_container
from engine.media.formats import describe_head, format_of, needs_new_container
from engine.media.tags import Picture
from engine.media.tools import Tools
from engine.ports import AudioOrder
from engine.source_ports import Access, Way
from engine.workflows.access import AccountsOnly, through

_NO_ACCOUNT = Problem(
    failure=FailureClass.NOT_ALLOWED,
    detail="the file as it was uploaded is given to those who log in, and no access profile has cookies",
    hint="add an access profile with the cookies of an account (docs/access.md), then take it again: `sync upgrades`",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A file to work on, its container's name, a cover if one came with it, and what fetched it."""

    path: Path
    form: str
    picture: Picture | None
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outward:
    """How what is not on this machine is got.

    Attributes:
        access: the ways to each source.
        address_of: gives, by a track's ref and recorded address, where its audio is asked for; a secret link perhaps.
        pace: waits for a remote's place in its rate limit; called before every request but a download's first.
    """

    access: Access
    address_of: Callable[[str, str], str]
    pace: Callable[[str], None]


def obtain(order: AudioOrder, work: Path, config: MediaConfig, tools: Tools, outward: Outward) -> Material | Problem:
    """Give the file to work on, below `work`, or why there is none."""
    if order.local_path is None:
        material = _downloaded(order, work, config, outward)
    else:
        material = _copied(Path(order.local_path), work)
    if isinstance(material, Problem) or not needs_new_container(material.path, material.form):
        return material
    form = "ogg" if material.form == "webm" else "m4a"
    target = work / f"moved.{form}"
    problem = move_container(tools, material.path, target, timeout_s=config.tool_timeout_s)
    if problem is not None:
        return problem
    return replace(material, path=target, form=format_of(target) or form)


def _downloaded(order: AudioOrder, work: Path, config: MediaConfig, outward: Outward) -> Material | Problem:
    from engine.media.download import Downloaded, download  # noqa: PLC0415 - loads yt-dlp

    address = outward.address_of(order.source_ref, order.url)
    source = serving_source(order.source_ref, address)
    pace = _after_the_first(lambda: outward.pace(source))

    def ask(way: Way) -> Downloaded | Problem:
        artwork = order.artwork_url
        return download(
            address, work, config, way=way, source=source, pace=pace, artwork_url=artwork, as_uploaded=order.as_uploaded
        )

    host = urlsplit(address).hostname or ""
    access = AccountsOnly(outward.access) if order.as_uploaded else outward.access
    if order.as_uploaded and not access.ways(source, host=host):
        return _NO_ACCOUNT
    got = through(access, source, ask, host=host, ref=order.source_ref)
    if isinstance(got, Problem):
        return got
    versions = {"yt-dlp": got.tool, **({UPLOADED: "1"} if got.uploaded else {})}
    return _recognised(got.path, picture=got.picture, versions=versions)


def _after_the_first(pace: Callable[[], None]) -> Callable[[], None]:
    """Pace all but the first request of a download: whoever orders one has waited for its place already."""
    first = iter((True,))

    def turn() -> None:
        if not next(first, False):
            pace()

    return turn


def _copied(origin: Path, work: Path) -> Material | Problem:
    try:
        before = origin.stat()
    except FileNotFoundError:
        hint = "put it back, or scan its folder again"
        return Problem(failure=FailureClass.NOT_FOUND, detail=f"{origin} is not there", hint=hint)
    target = work / "copy"
    shutil.copyfile(origin, target)
    after = origin.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return Problem(failure=FailureClass.UNEXPECTED, detail=f"{origin} is still being written")
    return _recognised(target, picture=None, versions={})


def _recognised(path: Path, *, picture: Picture | None, versions: Mapping[str, str]) -> Material | Problem:
    form = format_of(path)
    if form is not None:
        return Material(path=path, form=form, picture=picture, versions=versions)
    hint = "play it at its source; a page instead of audio is often a sign-in or a proxy's own: then `sync refetch` it"
    return Problem(failure=FailureClass.VERIFY_FAILED, detail=f"what was got is {describe_head(path)}", hint=hint)
