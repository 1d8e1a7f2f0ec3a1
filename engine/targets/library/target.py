"""The library as a target: audio files under their names, playlists as M3U8, removals into the trash.

Reads and writes only below its root and its trash; a root without its marker is neither read nor written. Every
answer of the filesystem is a value.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path

from engine.domain.crash import Reached, pass_by
from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Absent, Duplicated, Outcome, Present, Probe, Refused, Unclear
from engine.domain.plan import Action, ActionKind
from engine.ports import Clock, MediaTools, Processes, ScanEnd, ScanPage
from engine.projections.state import State
from engine.targets.library.audio_scan import AudioScan
from engine.targets.library.fetch import Fetch, probe_fetch, read_fetch, send_fetch
from engine.targets.library.playlists import shelved, write
from engine.targets.library.removal import probe_removal, remove
from engine.targets.library.replacing import Places, places_of, probe_replacement, send_replacement
from engine.targets.library.restoring import Restoration, probe_restoration, read_restoration, restore
from engine.targets.library.root import LibraryConfig, init_root, standing
from engine.targets.library.staging import clear_staging, staging
from engine.targets.library.swapping import outgoing_of
from engine.targets.library.trouble import problem_of

PAGE_SIZE = 500


class LibraryTarget:
    """A folder of audio files and playlists, with a marker that says which library it is."""

    def __init__(
        self, config: LibraryConfig, media: MediaTools, clock: Clock, processes: Processes, reached: Reached = pass_by
    ) -> None:
        self._config = config
        self._media = media
        self._clock = clock
        self._processes = processes
        self._reached = reached
        self._removing = threading.Lock()

    @property
    def name(self) -> str:
        """The target's name."""
        return "library"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The object kinds it holds, parents before children."""
        return ("audio", "playlist")

    def init_root(self, identity: str) -> str:
        """Make the folder a library root with this id, or keep the one it is, and give its id."""
        return init_root(self._config, identity)

    def scan(self, kind: str, known: State) -> Iterator[ScanPage | ScanEnd]:
        """Give the known renditions, or every playlist of ours, that lie below the root, then a `ScanEnd`."""
        scope = known.scopes.get(f"library:{kind}")
        identity = standing(self._config, scope.root_identity if scope else None)
        if isinstance(identity, Problem):
            yield ScanEnd(complete=False, problem=identity)
            return
        try:
            clear_staging(self._config.root, self._processes, self._clock.now_us())
            yield from self._audio(known) if kind == "audio" else self._playlists()
        except OSError as error:
            yield ScanEnd(complete=False, root_identity=identity, problem=problem_of(error))
            return
        yield ScanEnd(complete=True, root_identity=identity)

    def probe(self, action: Action) -> Probe:
        """Look for an action's files by their keys; writes nothing."""
        identity = standing(self._config, None)
        if isinstance(identity, Problem):
            return Unclear(problem=identity)
        try:
            return self._probed(action)
        except OSError as error:
            return Unclear(problem=problem_of(error))

    def send(self, action: Action) -> Outcome:
        """Carry out one action; nothing is half done under a final name."""
        identity = standing(self._config, None)
        if isinstance(identity, Problem):
            return Refused(problem=identity)
        try:
            return self._sent(action)
        except OSError as error:
            return Refused(problem=problem_of(error))

    def requests(self) -> Mapping[str, int]:
        """Give how many requests for audio were sent so far, by remote; a folder is no remote."""
        return self._media.requests()

    def _audio(self, known: State) -> Iterator[ScanPage]:
        walk = AudioScan(config=self._config, media=self._media, known=known.renditions).returned()
        while page := tuple(islice(walk, PAGE_SIZE)):
            yield ScanPage(returned=page)

    def _playlists(self) -> Iterator[ScanPage]:
        files = (each.seen() for each in shelved(self._config))
        while page := tuple(islice(files, PAGE_SIZE)):
            yield ScanPage(seen=page)

    def _sent(self, action: Action) -> Outcome:
        match action.kind:
            case ActionKind.FETCH_RECORDING:
                return self._fetched(action)
            case ActionKind.WRITE_PLAYLIST_FILE | ActionKind.REWRITE_PLAYLIST_FILE:
                with self._staging(action) as folder:
                    return write(self._config, action, folder, self._reached)
            case ActionKind.TRASH_PLAYLIST_FILE | ActionKind.TRASH_AUDIO:
                with self._removing:
                    return remove(self._config, action, self._media, self._clock.now_us())
            case ActionKind.RESTORE_PLAYLIST_FILE | ActionKind.RESTORE_AUDIO:
                return self._restored(action)
            case _:
                return Refused(problem=_foreign(action))

    def _fetched(self, action: Action) -> Outcome:
        fetch = read_fetch(action, self._config.root)
        if isinstance(fetch, Problem):
            return Refused(problem=fetch)
        places = self._places(fetch)
        if isinstance(places, Problem):
            return Refused(problem=places)
        with self._staging(action) as folder:
            if not places:
                return send_fetch(fetch, self._media, folder, self._reached)
            return send_replacement(self._config, fetch, places, self._media, folder, self._reached)

    def _restored(self, action: Action) -> Outcome:
        restoration = self._restoration(action)
        if isinstance(restoration, Problem):
            return Refused(problem=restoration)
        with self._staging(action) as folder:
            return restore(restoration, self._media, folder, self._reached)

    def _probe_fetch(self, action: Action) -> Probe:
        fetch = read_fetch(action, self._config.root)
        if isinstance(fetch, Problem):
            return Unclear(problem=fetch)
        places = self._places(fetch)
        if isinstance(places, Problem):
            return Absent()  # what was to be replaced is not there, and nothing of this action took its place
        return probe_replacement(fetch, places, self._media) if places else probe_fetch(fetch, self._media)

    def _places(self, fetch: Fetch) -> Places | Problem:
        outgoing = outgoing_of(self._config, fetch.action, self._media, self._clock.now_us())
        return outgoing if isinstance(outgoing, Problem) else places_of(fetch, outgoing)

    def _restoration(self, action: Action) -> Restoration | Problem:
        return read_restoration(self._config, action, self._media, self._clock.now_us())

    def _staging(self, action: Action) -> AbstractContextManager[Path]:
        return staging(self._config.root, action.action_id, self._processes, self._clock.now_us())

    def _probed(self, action: Action) -> Probe:
        match action.kind:
            case ActionKind.FETCH_RECORDING:
                return self._probe_fetch(action)
            case ActionKind.WRITE_PLAYLIST_FILE | ActionKind.REWRITE_PLAYLIST_FILE:
                return self._probe_playlist(action)
            case ActionKind.TRASH_PLAYLIST_FILE | ActionKind.TRASH_AUDIO:
                return probe_removal(self._config, action, self._media)
            case ActionKind.RESTORE_PLAYLIST_FILE | ActionKind.RESTORE_AUDIO:
                restoration = self._restoration(action)
                return Absent() if isinstance(restoration, Problem) else probe_restoration(restoration, self._media)
            case _:
                return Unclear(problem=_foreign(action))

    def _probe_playlist(self, action: Action) -> Probe:
        ours = [each for each in shelved(self._config) if each.text.ref == action.key]
        if not ours:
            return Absent()
        if len(ours) > 1:
            return Duplicated(remote_ids=tuple(sorted(each.path for each in ours)))
        return Present(seen=ours[0].seen())


def _foreign(action: Action) -> Problem:
    return Problem(failure=FailureClass.INVALID_REQUEST, detail=f"the library knows no {action.kind}")
