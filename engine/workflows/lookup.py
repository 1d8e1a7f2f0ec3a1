"""Finds what a person means by a THING: a title, a ref, an address, a path, a page, an item or the start of an id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from engine.domain.errors import UsageError
from engine.domain.plan import KINDS, ActionKind
from engine.domain.redaction import public_address
from engine.domain.references import ROW_PREFIX, native_id
from engine.domain.value import Value
from engine.projections.rows import Playlist, Sighting
from engine.projections.state import State
from engine.reconciler.batch import row_addresses
from engine.reconciler.merging import canonical_ids
from engine.reconciler.things import unnamed

PREFIX_LENGTH_MIN = 5
"""The shortest start of an id that is taken for one."""

CANDIDATES_SHOWN_MAX = 12
"""More candidates than this help nobody choose."""


ROOT_KEY = "root"
EVERYTHING_KEY = "*"
UNLISTED_PREFIX = "unlisted:"
"""How the scope of an address begins that no playlist is known by."""


class Candidate(Value, frozen=True):
    """Something a THING may mean."""

    kind: str  # "recording", "playlist", "run", "action", "conflict", "question"
    key: str
    label: str


def find_one(state: State, thing: str, kinds: tuple[str, ...]) -> Candidate:
    """Give the one thing of these kinds that is meant.

    Raises:
        UsageError: nothing is meant, or several are; the hint lists them.
    """
    found = candidates(state, thing, kinds)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"nothing known as `{thing}`", hint=_nearest(state, thing, kinds))
    shown = [f"  {candidate.kind} {candidate.key}  {candidate.label}" for candidate in found[:CANDIDATES_SHOWN_MAX]]
    more = len(found) - len(shown)
    shown += [f"  and {more} more"] if more > 0 else []
    raise UsageError(f"`{thing}` means {len(found)} things", hint="name one of them:\n" + "\n".join(shown))


def listing_named(state: State, thing: str) -> str:
    """Give the scope of a listing that is meant, or its address: a playlist, a shelf, or a kind of thing of a target.

    Raises:
        UsageError: no listing is meant, or several are.
    """
    public = public_address(thing)
    if thing in state.scopes or f"{UNLISTED_PREFIX}{public}" in state.scopes:
        return thing
    if not candidates(state, thing, ("playlist",)):
        held = [row.name for _, row in sorted(state.playlists.items()) if row.held_hash is not None]
        named = f"not believed: {', '.join(held)}" if held else "`sync playlists` names them, `sync status` every scan"
        raise UsageError(f"`{thing}` is no listing that was ever looked at", hint=named)
    return find_one(state, thing, ("playlist",)).key


def candidates(state: State, thing: str, kinds: tuple[str, ...]) -> tuple[Candidate, ...]:
    """Give what a THING may mean: by id if that fits anything, else by exact name, else by part of a name.

    Of several, a recording that was merged is the one it counts for.
    """
    wanted = thing.strip()
    if not wanted:
        return ()
    for matches in (_by_id, _by_id_start, _by_name, _by_part):
        found = {(c.kind, c.key): c for c in matches(state, wanted) if c.kind in kinds}
        if len(found) > 1:
            into = canonical_ids(state.recordings)
            counted = (_recording(state, into[c.key]) if c.key in into else c for c in found.values())
            found = {(c.kind, c.key): c for c in counted}
        if found:
            return tuple(found[key] for key in sorted(found))
    return ()


def known_playlists(state: State) -> dict[str, Playlist]:
    """Give the playlists by ref, without those followed by an address that turned out to be another's."""
    typed = {address for row in state.playlists.values() if row.seen for address in (row.url, *row.addresses)}
    return {ref: row for ref, row in state.playlists.items() if row.seen or row.url not in typed}


def recording_label(state: State, recording_id: str) -> str:
    """Say a recording as artist and title."""
    row = state.recordings.get(recording_id)
    seen = [state.sightings[ref] for ref in (row.refs if row else ()) if ref in state.sightings]
    sighting = next((each for each in seen if not unnamed(each)), seen[0] if seen else None)
    return track_label(sighting) if sighting else recording_id


def thing_label(state: State, key: str) -> str:
    """Say what an object's key stands for: a recording, a playlist, or what holds them all."""
    if key in state.recordings:
        return recording_label(state, key)
    row = state.playlists.get(key)
    if row is not None:
        return row.name or row.url
    return {ROOT_KEY: "the folder of the playlists", EVERYTHING_KEY: "everything there"}.get(key, key)


@dataclass(frozen=True, kw_only=True)
class ScopeNames:
    """Says whose listings and scans scopes are; made once for all that are told together."""

    state: State

    def label(self, scope: str) -> str:
        """Give a playlist's name, the address a person typed, in which row an address stands, or else the scope."""
        if scope.startswith(ROW_PREFIX):
            return self._row(scope.removeprefix(ROW_PREFIX))
        playlists = self.state.playlists
        row = playlists.get(scope)
        if row is not None and row.seen:
            return row.name or row.url
        address = row.url if row is not None else scope.removeprefix(UNLISTED_PREFIX)
        meant = (other for other in playlists.values() if other.seen and address in (other.url, *other.addresses))
        return next((other.name for other in meant if other.name), address)

    def _row(self, address: str) -> str:
        """Say in which row of Notion, or of a list, an address stands."""
        title = self._titles.get(address)
        where = "a line that says only" if title is None and self.state.remotes else "a row with"
        where = "a row of Notion with" if title == "" else where
        return f"“{title}” in Notion" if title else f"{where} {address}"

    @cached_property
    def _titles(self) -> dict[str, str]:
        """The titles of Notion's rows by the addresses in them; empty where a row has none."""
        found: dict[str, str] = {}
        for row in self.state.remotes.values():
            written = row_addresses(row.fields) if row.target == "notion" else ()
            for address in map(public_address, written):
                found[address] = found.get(address) or str(row.fields.get("title") or "")
        return found


def track_label(sighting: Sighting) -> str:
    """Say a sighting as artist and title."""
    title = sighting.title or sighting.url or sighting.ref
    return f"{sighting.artist} – {title}" if sighting.artist else title


def _names(state: State) -> Iterator[tuple[str, Candidate]]:
    for sighting in state.sightings.values():
        if sighting.recording_id:
            candidate = _recording(state, sighting.recording_id)
            yield sighting.title, candidate
            yield track_label(sighting), candidate
            yield f"{sighting.artist} - {sighting.title}", candidate
    for playlist in known_playlists(state).values():
        yield playlist.name, _playlist(state, playlist.ref)


def _ids(state: State) -> Iterator[tuple[str, Candidate]]:
    yield from _recording_ids(state)
    for playlist in known_playlists(state).values():
        for name in (playlist.ref, playlist.url, *playlist.addresses, native_id(playlist.ref)):
            yield name, _playlist(state, playlist.ref)
    for run_id, run in state.runs.items():
        yield run_id, Candidate(kind="run", key=run_id, label=run.command)
    for question_id, question in state.questions.items():
        newer, older = thing_label(state, question.newer), thing_label(state, question.older)
        yield question_id, Candidate(kind="question", key=question_id, label=f"is “{newer}” the same as “{older}”?")
    for action_id, action in state.actions.items():
        label = f"{action.kind} {action.key} ({action.state})"
        yield action_id, Candidate(kind="action", key=action_id, label=label)
    for conflict_id, conflict in state.conflicts.items():
        label = f"{conflict.field} of {conflict.target} {conflict.object_kind} {conflict.key}"
        yield conflict_id, Candidate(kind="conflict", key=conflict_id, label=label)
    yield from _remote_ids(state)


def _recording_ids(state: State) -> Iterator[tuple[str, Candidate]]:
    for recording_id in state.recordings:
        yield recording_id, _recording(state, recording_id)
    for sighting in state.sightings.values():
        if sighting.recording_id:
            for name in (sighting.ref, sighting.url, native_id(sighting.ref), sighting.local_path or ""):
                yield name, _recording(state, sighting.recording_id)
    for rendition in state.renditions.values():
        for name in (rendition.rendition_id, rendition.path):
            yield name, _recording(state, rendition.recording_id)


def _remote_ids(state: State) -> Iterator[tuple[str, Candidate]]:
    held = [(row.remote_id, row.key) for row in state.remotes.values()]
    held += [(row.remote_id or "", row.key) for row in state.objects.values()]
    for remote_id, key in held:
        if key in state.recordings:
            yield remote_id, _recording(state, key)
        elif key in state.playlists:
            yield remote_id, _playlist(state, key)


def _by_id(state: State, thing: str) -> Iterator[Candidate]:
    plain = thing.replace("-", "").rsplit("/", 1)[-1]
    paths = (thing, thing.replace("\\", "/"))
    for name, candidate in _ids(state):
        if name in paths or name.replace("-", "") == plain or ("/" in name and paths[1].endswith("/" + name)):
            yield candidate


def _by_id_start(state: State, thing: str) -> Iterator[Candidate]:
    if len(thing) >= PREFIX_LENGTH_MIN:
        yield from (candidate for name, candidate in _ids(state) if name.startswith(thing) and "/" not in name)


def _by_name(state: State, thing: str) -> Iterator[Candidate]:
    wanted = thing.casefold()
    yield from (candidate for name, candidate in _names(state) if name.casefold() == wanted)


def _by_part(state: State, thing: str) -> Iterator[Candidate]:
    words = thing.casefold().split()
    yield from (candidate for name, candidate in _names(state) if words and all(w in name.casefold() for w in words))


def _nearest(state: State, thing: str, kinds: Iterable[str]) -> str:
    known = {name: candidate for name, candidate in _names(state) if candidate.kind in kinds}
    near = get_close_matches(thing, known, n=1)
    return (
        f"did you mean `{near[0]}`?" if near else "`sync tracks`, `sync playlists` and `sync runs` list what there is"
    )


def _recording(state: State, recording_id: str) -> Candidate:
    return Candidate(kind="recording", key=recording_id, label=recording_label(state, recording_id))


def _playlist(state: State, ref: str) -> Candidate:
    row = state.playlists[ref]
    return Candidate(kind="playlist", key=ref, label=row.name or row.url)


def known_targets_and_kinds(names: Iterable[str]) -> tuple[str, ...]:
    """Give action kinds and target names as the planner spells them.

    Raises:
        UsageError: one is neither.
    """
    targets = {target for target, _ in KINDS}
    known = {name.casefold(): name for name in (*targets, *(kind.value for kind in ActionKind))}
    for name in names:
        if name.casefold() not in known:
            near = get_close_matches(name.casefold(), known, n=1)
            hint = f"did you mean {known[near[0]]}?" if near else f"one of {', '.join(sorted(known.values()))}"
            raise UsageError(f"`{name}` is neither a target nor a kind of action", hint=hint)
    return tuple(known[name.casefold()] for name in names)
