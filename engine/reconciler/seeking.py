"""Which recordings audio is looked for, and when. Pure; asks no source.

Sought is what a followed playlist lists and no source gives: what never had audio is resolved (F41), and what a source
stopped giving is proposed for, never silently replaced (F18).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from msgspec.structs import replace

from engine.domain.addresses import canonical_address, served_by
from engine.domain.canonical import digest
from engine.domain.events import Found
from engine.domain.failure import Availability
from engine.domain.references import source_of
from engine.matching.mixes import is_mix
from engine.matching.resolution import RULES, Gates, queries
from engine.matching.things import Thing
from engine.projections.rows import Resolution, Sighting
from engine.projections.state import State
from engine.reconciler.catalogue import FETCHABLE
from engine.reconciler.merging import canonical_ids, combined, groups
from engine.reconciler.policy import Policy
from engine.reconciler.proposals import WITHHELD
from engine.reconciler.things import naming_order, recording_thing, sighting_thing

LIGHT: tuple[str, ...] = ("sightings", "playlists", "recordings", "questions", "resolutions")
"""The projections that tell whether anything may be sought."""
READS: tuple[str, ...] = (*LIGHT, "renditions", "remotes")
"""The projections that a search is decided from."""

RETRY_DAYS_MAX = 180.0
UNANSWERED_DAYS = 1.0
"""After a search in which not every source answered, doubled each time, up to what follows one that found nothing."""
DAY_US = 86_400_000_000
_HOSTS = ("soundcloud", "youtube")
"""Where audio has an address."""
_ADDRESSES = tuple(f"{host}_url" for host in _HOSTS)
_PAGE = ("notion", "track")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A recording that audio is looked for.

    Attributes:
        ref: the sighting that names it.
        refs: every sighting that counts for it: none of them gives audio.
        ids: its own id and those of the recordings merged into it.
        things: the recording as the matcher takes it, and each of its sightings when they are several.
        taking: whether an accepted candidate is taken; of what a source stopped giving it is proposed.
        addresses: where a person wrote that it is.
        last: what the last search came to.
    """

    recording_id: str
    ref: str
    refs: tuple[str, ...]
    ids: tuple[str, ...]
    things: tuple[Thing, ...]
    taking: bool
    addresses: tuple[str, ...] = ()
    last: Resolution | None = None

    @property
    def label(self) -> str:
        """What to call it in a list."""
        thing = self.things[0]
        return f"{thing.artist} – {thing.title}" if thing.artist else thing.title


def resolution_version(policy: Policy) -> str:
    """Name what decides a search: under another name, everything that is still without audio is looked for again."""
    said = policy.resolution
    return f"{policy.matching.version}/{digest([RULES, said.order, said.blocked, said.mix_minutes])[:8]}"


def gates_of(policy: Policy) -> Gates:
    """Give what is never taken."""
    return Gates(blocked=policy.resolution.blocked, mix_minutes=policy.resolution.mix_minutes)


def due(state: State, policy: Policy, now_us: int, most: int | None = None) -> tuple[Sought, ...]:
    """Give what is to be looked for now: first what never was, in the order it was seen, then what waited longest.

    Reads no renditions and no remotes that `state` does not hold: with fewer rows it gives more, never less.
    With `most`, no more than that is made ready, however much waits.
    """
    index = _Index.of(state)
    ready = (
        _sought(index, key, index.sightings[key], state.resolutions.get(key)) for key in _keys(index, policy, now_us)
    )
    return tuple(islice((each for each in ready if each.addresses or queries(each.things[0])), most))


def due_count(state: State, policy: Policy, now_us: int) -> int:
    """Count what is to be looked for now, with what no search can be asked for."""
    return len(_keys(_Index.of(state), policy, now_us))


def _keys(index: _Index, policy: Policy, now_us: int) -> list[str]:
    version = resolution_version(policy)
    found: list[tuple[bool, int, str]] = []
    for key, rows in index.sightings.items():
        last = index.state.resolutions.get(key)
        if _due_us(last, policy, version) <= now_us and _is_sought(index, key, rows, policy):
            found.append((last is not None, last.last_us if last else min(row.first_seq for row in rows), key))
    return [key for _, _, key in sorted(found)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """What is looked up while deciding what is sought; lives inside one call of `due`."""

    state: State
    into: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    listed: AbstractSet[str]
    sightings: Mapping[str, Sequence[Sighting]]  # of recordings that a playlist lists
    filed: AbstractSet[str]
    proposed: AbstractSet[str]

    @staticmethod
    def of(state: State) -> _Index:
        into = canonical_ids(state.recordings)
        listed = {ref for row in state.playlists.values() if row.seen and row.active for ref in row.entries}
        homes: dict[str, list[Sighting]] = defaultdict(list)
        for row in state.sightings.values():
            if row.recording_id:
                homes[into.get(row.recording_id, row.recording_id)].append(row)
        wished = {key: rows for key, rows in homes.items() if any(row.ref in listed for row in rows)}
        filed = {into.get(row.recording_id, row.recording_id) for row in state.renditions.values()}
        giving = {key for key, rows in homes.items() if any(row.availability in FETCHABLE for row in rows)} | filed
        pairs = [
            (into.get(row.newer, row.newer), into.get(row.older, row.older))
            for row in state.questions.values()
            if row.open
        ]
        proposed = {one for one, other in pairs if other in giving} | {other for one, other in pairs if one in giving}
        return _Index(
            state=state,
            into=into,
            members=groups(into),
            listed=listed,
            sightings=dict(sorted(wished.items())),
            filed=filed,
            proposed=proposed,
        )

    def ids(self, key: str) -> tuple[str, ...]:
        return (key, *self.members.get(key, ()))


def _is_sought(index: _Index, key: str, rows: Sequence[Sighting], policy: Policy) -> bool:
    open_to_us = any(
        row.availability in FETCHABLE or (row.availability is Availability.UNKNOWN and not row.described)
        for row in rows
    )
    if open_to_us or key in index.filed or key in index.proposed:
        return False
    recordings = index.state.recordings
    whole = combined(recordings[key], [recordings[each] for each in index.members.get(key, ())])
    if whole.dismissed is not None:
        return False
    naming = min(rows, key=naming_order)
    mix = is_mix(naming.title, naming.duration_ms, policy.resolution.mix_minutes, naming.artist)
    return bool(naming.title) and not mix and (policy.resolution.propose or _is_taking(index, key, rows))


def _is_taking(index: _Index, key: str, rows: Sequence[Sighting]) -> bool:
    """Whether it never had audio where it was found first; what had it once is proposed for only."""
    refs = [ref for each in index.ids(key) for ref in index.state.recordings[each].refs]
    first = min(rows, key=lambda row: refs.index(row.ref) if row.ref in refs else len(refs))
    return first.availability not in WITHHELD


def _due_us(last: Resolution | None, policy: Policy, version: str) -> int:
    """Give when to look again: at once where anything but a search without result came before, or decides now."""
    if last is None or last.policy_version != version or last.found in (Found.ACCEPTED, Found.ASKED):
        return 0
    days = min(policy.resolution.retry_days * 2 ** min(max(last.misses - 1, 0), 16), RETRY_DAYS_MAX)
    if last.found is Found.UNANSWERED:
        days = min(UNANSWERED_DAYS * 2 ** min(last.unanswered - 1, 16), days)
    return last.last_us + int(days * DAY_US)


def _sought(index: _Index, key: str, rows: Sequence[Sighting], last: Resolution | None) -> Sought:
    ordered = sorted(rows, key=naming_order)
    addresses = _written(index, key, rows)
    whole = recording_thing(key, ordered)
    ids = tuple(sorted({*whole.ids, *(canonical_address(url) for url in addresses)}))
    parts = tuple(sighting_thing(row) for row in ordered) if len(ordered) > 1 else ()
    return Sought(
        recording_id=key,
        ref=ordered[0].ref,
        refs=tuple(row.ref for row in ordered),
        ids=index.ids(key),
        things=(replace(whole, ids=ids), *parts),
        taking=_is_taking(index, key, rows),
        addresses=addresses,
        last=last,
    )


def _written(index: _Index, key: str, rows: Sequence[Sighting]) -> tuple[str, ...]:
    """Give the addresses of audio that a person put beside a song: in a list of theirs, or in its row (F57)."""
    said = [row.url for row in rows if source_of(row.ref) not in _HOSTS]
    keys = index.ids(key)
    pages = (row for row in index.state.remotes.values() if row.key in keys and (row.target, row.kind) == _PAGE)
    said += [str(row.fields[name]) for row in pages if row.standing for name in _ADDRESSES if row.fields.get(name)]
    own = {canonical_address(row.url) for row in rows if source_of(row.ref) in _HOSTS}
    known = {canonical_address(url): url for url in reversed(said)}
    return tuple(url for address, url in sorted(known.items()) if address not in own and served_by(address) in _HOSTS)
