"""The media tools as the workflows know them: get, verify, convert, measure, tag; every stage gives one result type.

Works inside the workspace it is given and nowhere else; places nothing and decides nothing about names.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from engine.domain.addresses import serving_source
from engine.domain.failure import FailureClass, Problem
from engine.domain.recording_events import Audio
from engine.media.classify import of_os_error
from engine.media.config import MediaConfig
from engine.media.decode import Wish
from engine.media.formats import PROFILES, describe_head, format_of, is_lossless
from engine.media.material import Outward, obtain
from engine.media.stage import ORIGINAL, Bench, audio_of, heard, stage
from engine.media.tags import ID, LOSSY_ORIGIN, PROFILE, read_tags
from engine.media.tools import Tools, find_tools
from engine.ports import AudioOrder, StagedFile
from engine.source_ports import Access
from engine.workflows.access import DirectOnly

AddressOf: TypeAlias = Callable[[str, str], str]


def recorded_address(ref: str, url: str) -> str:
    """Take the address as it is recorded."""
    del ref
    return url


def unpaced(remote: str) -> None:
    """Wait for nothing."""
    del remote


class Media:
    """Download, verify, convert, measure and tag, by yt-dlp, ffmpeg and mutagen.

    Args:
        config: programs, ways and limits.
        address_of: gives, by a track's ref and recorded address, where its audio is asked for; a secret link perhaps.
        access: the ways to each source; the plain one alone when not given.
        pace: waits for a remote's place in its rate limit.
    """

    def __init__(
        self,
        config: MediaConfig,
        *,
        address_of: AddressOf = recorded_address,
        access: Access | None = None,
        pace: Callable[[str], None] = unpaced,
    ) -> None:
        self._outward = Outward(access=access or DirectOnly(), address_of=address_of, pace=self._paced)
        self._pace = pace
        self._config = config
        self._lock = threading.Lock()
        self._tools: Tools | Problem | None = None
        self._sent: Counter[str] = Counter()

    def acquire(self, order: AudioOrder, workspace: Path) -> tuple[StagedFile, ...] | Problem:
        """Get a track and make its files inside `workspace`; verified to the end, or a problem and no file."""
        work = workspace / "work"
        done = False
        try:
            work.mkdir(parents=True, exist_ok=True)
            staged = self._staged(order, workspace, work)
            done = not isinstance(staged, Problem)
        except OSError as error:
            return of_os_error(error)
        else:
            return staged
        finally:
            shutil.rmtree(work if done else workspace, ignore_errors=True)

    def inspect(self, path: Path) -> Audio | Problem:
        """Decode a file to its end and measure it; a file that is cut short is a problem."""
        tools = self.tools()
        if isinstance(tools, Problem):
            return tools
        try:
            form = format_of(path)
            if form is None:
                hint = "it is no audio: take it out of the library folder"
                return Problem(failure=FailureClass.VERIFY_FAILED, detail=f"is {describe_head(path)}", hint=hint)
            with tempfile.TemporaryDirectory() as scratch:
                decoded = heard(tools, path, Wish(scratch=Path(scratch)), self._config)
        except OSError as error:
            return of_os_error(error)
        if isinstance(decoded, Problem):
            return decoded
        origin = read_tags(path).get(LOSSY_ORIGIN)
        lossy = not is_lossless(decoded.codec) if origin is None else origin == "1"
        return audio_of(form, decoded, lossy_origin=lossy, versions={"ffmpeg": tools.ffmpeg_version})

    def identity(self, path: Path) -> str | None:
        """Give the recording id a file's tags carry, if any."""
        return read_tags(path).get(ID)

    def profile(self, path: Path) -> str | None:
        """Give the format profile a file's tags say it was made for, if any."""
        return read_tags(path).get(PROFILE)

    def requests(self) -> Mapping[str, int]:
        """Give how many requests were sent so far, by remote; pictures and pieces of audio are not among them."""
        with self._lock:
            return dict(self._sent)

    def tools(self) -> Tools | Problem:
        """Give the programs in use, looked for once; a missing one is looked for again."""
        with self._lock:
            if self._tools is None or isinstance(self._tools, Problem):
                self._tools = find_tools(self._config)
            return self._tools

    def _paced(self, remote: str) -> None:
        self._pace(remote)
        self._count(remote)

    def _count(self, remote: str) -> None:
        with self._lock:
            self._sent[remote] += 1

    def _staged(self, order: AudioOrder, workspace: Path, work: Path) -> tuple[StagedFile, ...] | Problem:
        tools = self.tools()
        if isinstance(tools, Problem):
            return tools
        unknown = sorted(set(order.profiles) - {ORIGINAL, *PROFILES})
        if unknown:
            hint = f"choose from: {', '.join([ORIGINAL, *PROFILES])}"
            return Problem(failure=FailureClass.UNSUPPORTED, detail=f"there is no profile {unknown[0]!r}", hint=hint)
        if order.local_path is None:
            self._count(serving_source(order.source_ref, order.url))  # the first, which whoever ordered it paced
        material = obtain(order, work, self._config, tools, self._outward)
        if isinstance(material, Problem):
            return material
        return stage(Bench(order=order, workspace=workspace, tools=tools, config=self._config), material)
