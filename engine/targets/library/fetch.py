"""Fetching a recording into the library: made aside, placed whole, and found again after a crash.

What an earlier attempt placed is recognised by our tags, inspected and kept; only what is missing is made, from
the original that is there rather than by a second download. Never a file over another, never a temporary path
in a fact (F14).
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.domain.crash import CrashPoint, Reached
from engine.domain.events import RemoteSeen, RenditionVerified
from engine.domain.failure import FailureClass, Patience, Problem, availability_after, patience
from engine.domain.names import folded, marked
from engine.domain.outcomes import Absent, Deferred, Done, Outcome, Present, Probe, Refused
from engine.domain.plan import Action
from engine.domain.recording_events import Audio
from engine.domain.references import rendition_id
from engine.domain.value import Fields
from engine.ports import AudioOrder, MediaTools, StagedFile
from engine.targets.library.audio_scan import AUDIO_SUFFIXES, file_sha256
from engine.targets.library.placing import make_folders, place, spelled_folder, spelling
from engine.targets.library.root import inside, relative

ORIGINAL = "original"
_NAMES_TRIED_MAX = 20  # see playlists: more than a few taken names mean something else is wrong
_TAGS = ("title", "artist", "album", "genre", "isrc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """An action to fetch, read once: what to get, and the path without extension to place it at."""

    action: Action
    root: Path
    stem: Path  # the final path without extension
    order: AudioOrder

    def name(self, profile: str, suffix: str, attempt: int, taken: frozenset[str]) -> str:
        """Give a file name; marked where the plain one belongs to a sibling or to somebody else."""
        stem = self.stem.name if attempt == 0 else marked(self.stem.name, self.order.recording_id)
        plain = f"{stem}{f' {attempt}' if attempt > 1 else ''}{suffix}"
        return f"{plain[: -len(suffix)]} [{profile}]{suffix}" if folded(plain) in taken else plain


def read_fetch(action: Action, root: Path) -> Fetch | Problem:
    """Give an action's order, or what is wrong with it."""
    fields = action.written
    path, profiles, source_ref = fields.get("path"), fields.get("profiles"), fields.get("source_ref")
    stem = inside(root, path) if isinstance(path, str) else None
    if stem is None or not isinstance(profiles, tuple) or not profiles or not isinstance(source_ref, str):
        detail = f"cannot be fetched to {path!r} as {profiles!r} from {source_ref!r}"
        return Problem(failure=FailureClass.INVALID_REQUEST, detail=detail)
    url, duration_ms = _text(fields, "url") or "", fields.get("duration_ms")
    tags = {name: text for name in _TAGS if (text := _text(fields, name))}
    order = AudioOrder(
        recording_id=action.key,
        source_ref=source_ref,
        url=url,
        local_path=_text(fields, "local_path"),
        expected_duration_ms=int(duration_ms) if isinstance(duration_ms, int | float) else None,
        profiles=profiles,
        tags={**tags, "source_url": url, "recording_id": action.key},
        artwork_url=_text(fields, "artwork_url"),
        as_uploaded=fields.get("as_uploaded") is True,
    )
    return Fetch(action=action, root=root, stem=stem, order=order)


def probe_fetch(fetch: Fetch, media: MediaTools) -> Probe:
    """Say whether every file of a fetch is there and whole; some of them are not yet the fetch."""
    found = placed(fetch, media, frozenset(fetch.order.profiles))
    if set(found) != set(fetch.order.profiles):
        return Absent()
    facts = tuple(found[profile] for profile in fetch.order.profiles)
    return Present(seen=seen_of(fetch, facts), facts=facts)


def send_fetch(fetch: Fetch, media: MediaTools, staging: Path, reached: Reached) -> Outcome:
    """Make and place every file of a fetch that is not there yet."""
    found = placed(fetch, media, frozenset(fetch.order.profiles))
    missing = tuple(profile for profile in fetch.order.profiles if profile not in found)
    if missing:
        made = media.acquire(order_of(fetch, found, missing), staging)
        if isinstance(made, Problem):
            return outcome_of(made)
        reached(CrashPoint.DURING_SEND)
        for file in sorted(made, key=lambda each: each.profile != ORIGINAL):
            real = put(fetch, file, found)
            reached(CrashPoint.AFTER_FILE_MOVED)
            found[file.profile] = fact_of(fetch, file.profile, real, file.file_sha256, file.audio)
    facts = tuple(found[profile] for profile in fetch.order.profiles)
    held = seen_of(fetch, facts).fields
    return Done(remote_id=fetch.action.key, held=held, facts=facts, evidence="decoded to the end and placed")


def order_of(fetch: Fetch, found: Mapping[str, RenditionVerified], missing: tuple[str, ...]) -> AudioOrder:
    """Make what is missing from the original that is there, rather than download it again."""
    order, original = fetch.order, found.get(ORIGINAL)
    return AudioOrder(
        recording_id=order.recording_id,
        source_ref=order.source_ref,
        url=order.url,
        local_path=order.local_path if original is None else str(fetch.root / original.path),
        expected_duration_ms=order.expected_duration_ms,
        profiles=missing,
        tags=order.tags,
        artwork_url=order.artwork_url,
        as_uploaded=order.as_uploaded,
    )


def outcome_of(problem: Problem) -> Outcome:
    """Nothing was placed, so that nothing is unknown; what proves unavailability is a refusal."""
    passing = patience(problem.failure) is Patience.BACKOFF and availability_after(problem.failure) is None
    return Deferred(problem=problem) if passing else Refused(problem=problem)


def put(fetch: Fetch, file: StagedFile, found: Mapping[str, RenditionVerified]) -> Path:
    """Place a staged file under the first name nobody has, and give where.

    Raises:
        OSError: no name is free, or the disk does not take it.
    """
    siblings = frozenset(folded(Path(fact.path).name) for fact in found.values())
    folder = make_folders(fetch.root, fetch.stem.parent)
    for attempt in range(_NAMES_TRIED_MAX):
        name = fetch.name(file.profile, file.path.suffix, attempt, siblings)
        if spelling(folder, name) is None and place(file.path, folder / name):
            return folder / name
    raise FileExistsError(f"no free name for {fetch.stem.name}")


def placed(
    fetch: Fetch,
    media: MediaTools,
    profiles: frozenset[str],
    *,
    stems: frozenset[str] | None = None,
    but_not: frozenset[str] = frozenset(),
) -> dict[str, RenditionVerified]:
    """Find the whole files of a fetch that lie at its path, by our tags, whatever suffix their names got.

    Args:
        fetch: what was fetched, and where to.
        media: reads tags and decodes.
        profiles: the ones to look for.
        stems: the only names they may have, folded and without suffix; None for every one that begins as wanted.
        but_not: SHA-256 of files that are there and do not count.
    """
    folder = spelled_folder(fetch.root, fetch.stem.parent)
    if folder is None:
        return {}
    wanted = folded(fetch.stem.name)
    found: dict[str, RenditionVerified] = {}
    for real in sorted(folder.iterdir()):
        if real.suffix.lower() not in AUDIO_SUFFIXES or not folded(real.name).startswith(wanted):
            continue
        if stems is not None and folded(real.stem) not in stems:
            continue
        if real.is_symlink() or not real.is_file() or media.identity(real) != fetch.order.recording_id:
            continue
        profile = media.profile(real)
        digest = file_sha256(real) if profile in profiles and profile not in found else None
        if profile is not None and digest is not None and digest not in but_not:
            audio = media.inspect(real)
            if not isinstance(audio, Problem):
                found[profile] = fact_of(fetch, profile, real, digest, audio)
    return found


def fact_of(fetch: Fetch, profile: str, real: Path, sha256: str, audio: Audio) -> RenditionVerified:
    """Give the fact of a placed file."""
    stat = real.stat()
    return RenditionVerified(
        rendition_id=rendition_id(fetch.order.recording_id, profile),
        recording_id=fetch.order.recording_id,
        profile=profile,
        source_ref=fetch.order.source_ref,
        path=relative(fetch.root, real),
        size_bytes=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
        file_sha256=sha256,
        audio=audio,
    )


def seen_of(fetch: Fetch, facts: tuple[RenditionVerified, ...]) -> RemoteSeen:
    """Give the fetched recording as the library shows it."""
    fields: Fields = {**fetch.action.shown, "path": _shown_stem(fetch, facts)}
    return RemoteSeen(target="library", kind="audio", remote_id=fetch.action.key, key=fetch.action.key, fields=fields)


def _shown_stem(fetch: Fetch, facts: tuple[RenditionVerified, ...]) -> str:
    first = next((fact.path for fact in facts), relative(fetch.root, fetch.stem))
    return unicodedata.normalize("NFC", os.path.splitext(first)[0])  # noqa: PTH122 - a journal path is text


def _text(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value else None
