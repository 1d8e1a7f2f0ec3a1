"""The source port for this machine: a folder, an M3U, or one audio file, listed by the audio in the files.

It never writes, never scans other programs' stores, hidden folders or our own library, and decodes nothing:
whether a file is what its suffix says is found out when it is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from engine.domain.canonical import short_id
from engine.domain.events import TrackSeen
from engine.domain.failure import Availability, FailureClass, Problem
from engine.domain.redaction import public_address
from engine.ports import Clock
from engine.source_ports import Describing, Known, Listing, Unchanged, Undescribed
from engine.sources import wording
from engine.sources.files import m3u, places, problems
from engine.sources.files.config import FilesConfig
from engine.sources.files.contents import AudioDigest, Contents, undigested
from engine.sources.files.walk import PLAYLIST_SUFFIXES, is_audio, is_closed, walk

ReadTags: TypeAlias = Callable[[Path], Mapping[str, str]]
"""Gives a file's tags in our words: title, artist, album, genre, isrc, duration_ms; nothing when it has none."""

PLAYLIST_BYTES_MAX = 32 * 1024 * 1024
"""A playlist file of 100,000 long paths has about 20 MB; anything larger is something else."""

_READABLE = "check who may read it; `ls -l` shows the owner"
_REF_DIGITS = 32  # half of a SHA-256: no two files of one person collide, and refs stay readable


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What a listing showed of one file, kept so that it can be described."""

    path: Path
    sha256: str
    title: str | None = None


def no_tags(path: Path) -> Mapping[str, str]:
    """Know nothing of a file: what stands in where no tag reader is given."""
    del path
    return {}


class FilesSource:
    """Files on this machine; describes only what it has listed in the same process."""

    def __init__(
        self,
        config: FilesConfig,
        *,
        clock: Clock,
        read_tags: ReadTags = no_tags,
        audio_digest: AudioDigest = undigested,
    ) -> None:
        self._excluded = tuple(root.resolve() for root in config.excluded)
        self._contents = Contents(clock, audio_digest)
        self._read_tags = read_tags
        self._files: dict[str, _Listed] = {}
        self._web: dict[str, m3u.Entry] = {}

    @property
    def name(self) -> str:
        """The first part of the refs of its playlists."""
        return "file"

    @property
    def describing(self) -> Describing:
        """When tracks are described again: always, for the files are here."""
        return Describing.ALWAYS

    def expand(self, url: str) -> tuple[str, ...] | Problem:
        """Give the address itself: every one here is one list."""
        return (url,)

    def recognises(self, url: str) -> bool:
        """Say whether an address is a folder, an M3U, or an audio file on this machine."""
        return places.is_local(url)

    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:  # noqa: ARG002 - a listing here is one request, or none
        """Give a folder's files by path, an M3U's entries in order, or one file; a missing one is ROOT_MISSING."""
        try:
            root = places.path_of(url)
            return self._list(root) if root.exists() else problems.missing_root(root)
        except OSError as error:
            return Problem(failure=FailureClass.PERMISSION, detail=f"{url} cannot be read: {error}", hint=_READABLE)
        except (RuntimeError, ValueError) as error:
            hint = "give the path of a folder, an M3U file or an audio file"
            return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{url!r} is no path: {error}", hint=hint)

    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        """Give what tags, or else names, say of files, and what an M3U says of web addresses; one per distinct ref."""
        for ref in dict.fromkeys(refs):
            if listed := self._files.get(ref):
                yield self._describe(ref, listed)
            elif entry := self._web.get(ref):
                yield _web_track(ref, entry)
            else:
                yield problems.undescribed(ref, f"{ref} was not listed in this run")

    def requests(self) -> Mapping[str, int]:
        """Give nothing: files are asked for no permission."""
        return {}

    def _list(self, root: Path) -> Listing | Problem:
        if is_closed(root, self._excluded):
            return problems.closed(root)
        if root.is_dir():
            return self._list_folder(root)
        if root.suffix.lower() in PLAYLIST_SUFFIXES:
            return self._list_m3u(root)
        return self._list_file(root) if is_audio(root) else problems.unsupported(root)

    def _list_folder(self, root: Path) -> Listing:
        walked = walk(root, self._excluded)
        found = [self._listed(path) for path in walked.files]
        unread = [Problem(failure=FailureClass.PERMISSION, detail=detail, hint=_READABLE) for detail in walked.unread]
        return _listing("folder", root, wording.clean(root.name) or str(root), (*unread, *found))

    def _list_m3u(self, root: Path) -> Listing | Problem:
        content = _bounded(root)
        if isinstance(content, Problem):
            return content
        playlist = m3u.parse(content)
        found = [self._entry(entry, root.parent) for entry in playlist.entries]
        return _listing("m3u", root, playlist.name or wording.clean(root.stem) or str(root), found)

    def _list_file(self, root: Path) -> Listing | Problem:
        found = self._listed(root)
        return found if isinstance(found, Problem) else _listing("single", root, _shown_name(root), [found])

    def _entry(self, entry: m3u.Entry, folder: Path) -> str | Problem:
        if places.is_web(entry.target):
            ref = f"web:track:{short_id('web', public_address(entry.target))}"
            self._web.setdefault(ref, entry)
            return ref
        path = places.find(entry.target, folder)
        if path is None:
            hint = "Restore the file or take the line out; the other entries went on."
            return Problem(failure=FailureClass.NOT_FOUND, detail=f"{entry.target} is not there", hint=hint)
        if not is_audio(path):
            return problems.unsupported(path)
        return self._listed(path.resolve(), entry.title)

    def _listed(self, path: Path, title: str | None = None) -> str | Problem:
        """Give a file's ref and remember where it is; a copy of it elsewhere is the same track."""
        if not _is_text(path):
            hint = "Rename it: its name is no valid Unicode."
            return Problem(failure=FailureClass.UNSUPPORTED, detail=f"{path!r} cannot be named", hint=hint)
        sha256 = self._contents.sha256(path)
        if isinstance(sha256, Problem):
            return sha256
        ref = f"file:track:{sha256[:_REF_DIGITS]}"
        self._files[ref] = _Listed(path=path, sha256=sha256, title=title)
        return ref

    def _describe(self, ref: str, listed: _Listed) -> TrackSeen | Undescribed:
        if self._contents.sha256(listed.path) != listed.sha256:
            return problems.undescribed(ref, f"{listed.path} has changed since it was listed")
        tags = {name: wording.clean(text) for name, text in self._read_tags(listed.path).items()}
        shown = listed.title or _shown_name(listed.path)
        artist, title = wording.credit(shown) or (None, shown)
        duration = tags.get("duration_ms") or ""
        return TrackSeen(
            ref=ref,
            title=tags.get("title") or title,
            url=listed.path.as_uri(),
            artist=tags.get("artist") or artist,
            album=tags.get("album"),
            genre=tags.get("genre"),
            isrc=wording.isrc(tags.get("isrc")),
            duration_ms=int(duration) if duration.isdecimal() and int(duration) > 0 else None,
            local_path=str(listed.path),
            content_sha256=listed.sha256,
        )


def _listing(kind: str, root: Path, name: str, found: Sequence[str | Problem]) -> Listing:
    """Build a listing; one problem stands for all, and says how many there are."""
    missed = [one for one in found if isinstance(one, Problem)]
    return Listing(
        ref=f"file:{kind}:{short_id('file', str(root))}",
        name=name,
        url=root.as_uri(),
        entries=tuple(one for one in found if isinstance(one, str)),
        complete=not missed,
        declared_count=len(found),
        problem=problems.first_of(missed),
    )


def _web_track(ref: str, entry: m3u.Entry) -> TrackSeen:
    split = urlsplit(entry.target)
    named = wording.clean(unquote(split.path.rstrip("/").rpartition("/")[2])) or split.netloc
    shown = entry.title or named
    artist, title = wording.credit(shown) or (None, shown)
    return TrackSeen(
        ref=ref,
        title=title,
        url=public_address(entry.target),
        artist=artist,
        duration_ms=entry.duration_ms,
        availability=Availability.METADATA_ONLY,
    )


def _shown_name(path: Path) -> str:
    return wording.clean(path.stem) or path.name


def _is_text(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _bounded(path: Path) -> bytes | Problem:
    with path.open("rb") as content:
        read = content.read(PLAYLIST_BYTES_MAX + 1)
    return read if len(read) <= PLAYLIST_BYTES_MAX else problems.unsupported(path)
