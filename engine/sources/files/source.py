"""The source port for this machine: folders, audio files, and lists of every kind, listed by what is in them.

It never writes, never scans other programs' stores, hidden folders or our own library, and decodes nothing:
whether a file is what its suffix says is found out when it is taken.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engine.domain.canonical import short_id
from engine.domain.events import TrackSeen
from engine.domain.failure import FailureClass, Problem
from engine.ports import Clock
from engine.source_ports import Describing, Known, Listing, Unchanged, Undescribed
from engine.sources import wording
from engine.sources.files import identity, places, problems
from engine.sources.files.config import FilesConfig
from engine.sources.files.contents import SETTLED_US, AudioDigest, Contents, undigested
from engine.sources.files.identity import Found
from engine.sources.files.lists import Lists, Place, place_of
from engine.sources.files.memory import Memory, NoMemory, SeenList
from engine.sources.files.rows import TrackList
from engine.sources.files.tracks import ReadTags, Tracks, no_tags, shown_name
from engine.sources.files.walk import holds_audio, is_audio, is_closed, is_list, lists_below, walk

_READABLE = "check who may read it; `ls -l` shows the owner"


class FilesSource:
    """Files on this machine; describes only what it has listed in the same process."""

    def __init__(
        self,
        config: FilesConfig,
        *,
        clock: Clock,
        read_tags: ReadTags = no_tags,
        audio_digest: AudioDigest = undigested,
        memory: Memory | None = None,
    ) -> None:
        self._clock = clock
        self._excluded = tuple(root.resolve() for root in config.excluded)
        self._memory = memory or NoMemory()
        self._tracks = Tracks(Contents(clock, audio_digest), read_tags, self._memory)
        self._lists = Lists()
        self._expanded: set[str] = set()

    @property
    def name(self) -> str:
        """The first part of the refs of its playlists."""
        return "file"

    @property
    def describing(self) -> Describing:
        """When tracks are described again: always, for the files are here."""
        return Describing.ALWAYS

    def recognises(self, url: str) -> bool:
        """Say whether an address is a folder, a list, or an audio file on this machine."""
        return places.is_local(url)

    def expand(self, url: str) -> tuple[str, ...] | Problem:
        """Give the lists behind a pattern, a folder of nothing but lists, or a crate; any other address is one list."""
        try:
            found = self._expand(url)
        except (OSError, RuntimeError, ValueError):
            return (url,)  # listing it says what is wrong
        if isinstance(found, tuple):
            self._expanded.update(each for each in found if each != url)
        return found

    def list_playlist(self, url: str, known: Known | None = None) -> Listing | Unchanged | Problem:
        """Give a folder's files by path, a list's rows in order, or one file; a missing one is ROOT_MISSING."""
        file, inside = places.split_address(url)
        try:
            place = place_of(places.path_of(file), inside)
            if place.path.exists():
                return self._list(place, known)
            return self._missing(place, known) or problems.missing_root(place.path, on_share=places.is_on_share(url))
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                return problems.unnamable(url, "a name in it is too long")
            return Problem(failure=FailureClass.PERMISSION, detail=f"{url} cannot be read: {error}", hint=_READABLE)
        except (RuntimeError, ValueError) as error:
            return problems.unnamable(url, str(error))

    def describe(self, refs: Sequence[str]) -> Iterator[TrackSeen | Undescribed]:
        """Give what tags and names say of files, and what rows say of everything else; one per distinct ref."""
        return (self._tracks.describe(ref) for ref in dict.fromkeys(refs))

    def requests(self) -> Mapping[str, int]:
        """Give nothing: files are asked for no permission."""
        return {}

    # --- what stands for several ------------------------------------------------------------------------------------

    def _expand(self, url: str) -> tuple[str, ...] | Problem:
        matching = places.globbed(url)
        if matching is not None:
            found = tuple(each for path in matching if is_list(path) for each in self._behind(path))
            return found or problems.unmatched(url)
        file, inside = places.split_address(url)
        path = places.path_of(file)
        if inside is not None or is_closed(path, self._excluded):
            return (url,)
        if path.is_dir():
            below = self._behind_folder(path)
            return problems.emptied(path) if below == () and self._held_lists(path) else below or (url,)
        behind = self._behind(path) if self._lists.is_crate(path) else ()
        return (url,) if behind in ((), (Place(path=path).url,)) else behind

    def _behind_folder(self, folder: Path) -> tuple[str, ...] | None:
        """Give the lists in a folder without audio; one with audio is one playlist, and its lists are not asked."""
        if holds_audio(folder, self._excluded):
            return None
        return tuple(each for path in lists_below(folder, self._excluded) for each in self._behind(path))

    def _held_lists(self, folder: Path) -> bool:
        """Say whether lists were seen below a folder."""
        return any(one.url.startswith(f"{folder.as_uri()}/") for one in self._memory.lists().values())

    def _behind(self, path: Path) -> tuple[str, ...]:
        """Give the addresses of the lists in a file: its own, or those of a crate's playlists; of other XML none.

        What cannot be read stands for itself: listing it says what is wrong, and the others go on (P11).
        """
        own = (Place(path=path).url,)
        try:
            if not self._lists.is_crate(path):
                return () if path.suffix.lower() == ".xml" else own
            crate = self._lists.crate(path)
        except OSError:
            return own
        return own if isinstance(crate, Problem) else tuple(Place(path=path, inside=one).url for one in crate.lists)

    # --- listing ----------------------------------------------------------------------------------------------------

    def _list(self, place: Place, known: Known | None = None) -> Listing | Problem:
        if is_closed(place.path, self._excluded):
            return problems.closed(place.path)
        if place.path.is_dir():
            return self._list_folder(place.path)
        if not (is_list(place.path) or is_audio(place.path)):
            return problems.unsupported(place.path)
        if not place.path.is_file():
            return problems.no_file(place.path)
        return self._list_list(place, known) if is_list(place.path) else self._list_file(place.path)

    def _list_folder(self, root: Path) -> Listing | Problem:
        walked = walk(root, self._excluded)
        found = [self._tracks.file(path) for path in walked.files]
        unread = [Problem(failure=FailureClass.PERMISSION, detail=detail, hint=_READABLE) for detail in walked.unread]
        if unread and not found:
            return unread[0]
        return _listing("folder", root, wording.clean(root.name) or str(root), (*unread, *found))

    def _list_file(self, root: Path) -> Listing | Problem:
        found = self._tracks.file(root)
        return found if isinstance(found, Problem) else _listing("single", root, shown_name(root), [found])

    def _list_list(self, place: Place, known: Known | None) -> Listing | Problem:
        before = place.path.stat()
        read = self._lists.read(place)
        if isinstance(read, Problem):
            return read
        kind, listed = read
        found = [self._tracks.entry(row, place.path.parent) for row in listed.rows]
        entries = tuple(one for one in found if isinstance(one, str))
        missed = [one for one in found if isinstance(one, Problem)]
        bad = [problems.bad_lines(place.path, place.inside, listed.bad)] if listed.bad else []
        if known is not None and not set(known.entries) <= set(entries) and self._is_moving(place.path, before):
            missed.append(problems.growing(place.path))
        return Listing(
            ref=identity.playlist_ref(_found(kind, place, listed, entries), self._memory.lists(), self._is_there),
            name=listed.name or wording.clean(place.path.stem) or str(place.path),
            url=place.url,
            entries=entries,
            complete=not missed and not bad,
            declared_count=len(found) + len(listed.bad),
            problem=problems.first_of([*bad, *missed]),
        )

    def _is_moving(self, path: Path, before: os.stat_result) -> bool:
        """Say whether a list was written to while it was read, or so shortly before that more may come."""
        now = path.stat()
        young = abs(self._clock.now_us() - now.st_mtime_ns // 1_000) < SETTLED_US
        return young or (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns)

    # --- what is not there any more ---------------------------------------------------------------------------------

    def _missing(self, place: Place, known: Known | None) -> Unchanged | Problem | None:
        """Say where a list is now that is not where it was; one renamed within what is expanded is listed there."""
        new = self._renamed(place, self._memory.lists()) if is_list(place.path) else None
        if new is None:
            return None
        if known is not None and Place(path=new).url in self._expanded:
            return Unchanged(ref=known.ref)
        return problems.renamed(place.path, new)

    def _renamed(self, place: Place, seen: Mapping[str, SeenList]) -> Path | None:
        """Give the one list beside a missing one that nobody knows and that holds the same entries."""
        before = next((one for one in seen.values() if one.url == place.url), None)
        if before is None or not place.path.parent.is_dir():
            return None
        taken = {one.url for one in seen.values()}
        for path in sorted(place.path.parent.iterdir()):
            if path.suffix.lower() == place.path.suffix.lower() and Place(path=path).url not in taken:
                listing = self._list(Place(path=path))
                if isinstance(listing, Listing) and listing.entries == before.entries:
                    return path
        return None

    def _is_there(self, url: str) -> bool:
        file, inside = places.split_address(url)
        path = places.path_of(file)
        if not path.exists():
            return False
        crate = self._lists.crate(path) if self._lists.is_crate(path) else None
        if inside is None:
            return crate is None  # a file that holds several lists is none of them
        return crate is not None and not isinstance(crate, Problem) and place_of(path, inside).inside in crate.lists


def _found(kind: str, place: Place, listed: TrackList, entries: tuple[str, ...]) -> Found:
    where = str(place.path) if place.inside is None else f"{place.path}#{place.inside}"
    return Found(kind=kind, url=place.url, place=where, entries=entries, native_id=listed.native_id)


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
