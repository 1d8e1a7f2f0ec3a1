"""Duplicates: what is there more than once, over library, Notion and Eagle, and the plan that would leave one of each.

The report rests on the journal alone and changes nothing. A plan made of it carries the decisions with their evidence
and the removals that follow, all of them into a trash, all of them guarded (design §9, F1, F21).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.domain.decisions import Decision
from engine.domain.events import MatchAsked
from engine.domain.plan import Operation, Plan
from engine.domain.value import Value
from engine.projections.rows import Remote, Rendition
from engine.projections.state import State
from engine.reconciler.catalogue import ROWS_AND_ITEMS, Catalogue, catalogue
from engine.reconciler.group_decisions import decided, questions
from engine.reconciler.grouping import Crate, Cut, Group, Proof, find_groups
from engine.reconciler.keepers import fullest
from engine.reconciler.merging import assume
from engine.reconciler.policy import PlanScope
from engine.reconciler.proposing import plan_with
from engine.reconciler.things import remote_of
from engine.workflows.lookup import track_label
from engine.workflows.questions import note_questions
from engine.workflows.run import running
from engine.workflows.world import World

TRASHES = {"library": "the trash folder", "notion": "the Notion trash", "eagle": "the Eagle trash"}
ANY_NUMBER = 1_000_000_000
"""For the report only: what would go were every removal allowed. A plan file has its guards."""

Place: TypeAlias = tuple[str, str, str]
"""A target, a kind and a remote id."""

_BITS_PER_KBIT = 1_000
_BYTES_PER_MB = 1_000_000


class Member(Value, frozen=True):
    """One place in which a group shows: a file, a row, an item, or a recording that has none of them.

    Attributes:
        thing: the recording it belongs to, or its own key where nobody keyed it.
        place: "library", "notion", "eagle", or "sources" for a recording that is shown nowhere.
        where: the path or the remote id.
        fate: "stays", "goes", "conflict", "later" or "by hand".
    """

    thing: str
    place: str
    where: str
    what: str
    fate: str
    why: str


class DuplicateGroup(Value, frozen=True):
    """One piece of music that is there more than once."""

    label: str
    keeper: str
    why: str
    rules: tuple[str, ...]
    members: tuple[Member, ...]
    proofs: tuple[Proof, ...]


class DuplicateReport(Value, frozen=True):
    """Everything that is there more than once, and what a plan would do about it.

    Attributes:
        goes: place → how many of its objects would go to the trash.
        cuts: pairs that evidence joins and other evidence parts; both sides stay.
        asked: pairs only a person can decide.
    """

    groups: tuple[DuplicateGroup, ...]
    goes: dict[str, int]
    cuts: tuple[Cut, ...]
    asked: tuple[Proof, ...]
    compared: int
    labels: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A report with what it rests on, for the plan and the questions that may follow."""

    report: DuplicateReport
    decisions: tuple[Decision, ...]
    questions: tuple[MatchAsked, ...]


def find_duplicates(world: World) -> Found:
    """Give what is there more than once, from the journal alone; appends, writes and sends nothing."""
    state = world.journal.state()
    with world.progress.stage("compare", None):
        crate = find_groups(state, world.policy.matching, lambda _: world.progress.advance("pairs"))
    decisions = tuple(decided(state, crate.groups, world.policy.matching))
    everything = PlanScope(allow_removals=ANY_NUMBER)
    plan = plan_with(state, decisions, world.policy, world.clock.now_us(), everything)
    report = _report(state, catalogue(assume(state, decisions)), crate, plan, world.policy.targets)
    return Found(
        report=report, decisions=decisions, questions=tuple(questions(state, crate.asked, world.policy.matching))
    )


def plan_of(world: World, found: Found, allow_removals: int = 0) -> Plan:
    """Give the plan that leaves one of each, with the guards in force; appends, writes and sends nothing."""
    scope = PlanScope(allow_removals=allow_removals)
    return plan_with(world.journal.state(), found.decisions, world.policy, world.clock.now_us(), scope)


def ask_about(world: World, found: Found, arguments: tuple[str, ...] = ()) -> int:
    """Open the pairs that only a person can decide as questions, and give how many are new.

    Raises:
        LockHeldError: another live process runs on this journal.
    """
    with running(world, "duplicates", arguments) as run:
        asked = note_questions(world, run, found.questions)
        run.count("asked", len(asked))
    return len(asked)


def _report(state: State, index: Catalogue, crate: Crate, plan: Plan, targets: tuple[str, ...]) -> DuplicateReport:
    before = catalogue(state)
    fates = _Fates.of(plan, targets)
    groups = tuple(_told(state, before, index, group, fates) for group in crate.groups)
    goes: dict[str, int] = {}
    for member in (member for group in groups for member in group.members if member.fate == "goes"):
        goes[member.place] = goes.get(member.place, 0) + 1
    named = {key for proof in crate.asked for key in (proof.a, proof.b)}
    named |= {key for cut in crate.cuts for key in (cut.a, cut.b, *cut.via)}
    return DuplicateReport(
        groups=groups,
        goes=dict(sorted(goes.items())),
        cuts=crate.cuts,
        asked=crate.asked,
        compared=crate.compared,
        labels={key: label_of(state, before, key) for key in sorted(named)},
    )


def label_of(state: State, index: Catalogue, key: str) -> str:
    """Say a thing as artist and title."""
    if key in index.pieces:
        return track_label(index.pieces[key].naming)
    row = remote_of(state, key)
    if row is None:
        return key
    title, artist = row.fields.get("title") or row.fields.get("name") or row.remote_id, row.fields.get("artist")
    return f"{artist} – {title}" if artist else str(title)


def _told(state: State, before: Catalogue, index: Catalogue, group: Group, fates: _Fates) -> DuplicateGroup:
    members = (*_files(before, index, group), *_shown(state, before, group, fates))
    homeless = set(group.recordings) - {member.thing for member in members}
    return DuplicateGroup(
        label=label_of(state, before, group.keeper),
        keeper=group.keeper,
        why=group.why,
        rules=tuple(sorted({proof.rule for proof in group.proofs})),
        members=(*members, *(_unshown(before, group, key) for key in sorted(homeless))),
        proofs=group.proofs,
    )


def _files(before: Catalogue, index: Catalogue, group: Group) -> Iterator[Member]:
    merged = index.pieces.get(group.keeper)
    needless = {spare.rendition.rendition_id: spare.why for spare in merged.surplus} if merged else {}
    for key in group.recordings:
        for row in before.pieces[key].renditions:
            why = needless.get(row.rendition_id)
            fate = "stays" if why is None else "goes"
            told = f"the one that stays: {why}" if why else ""
            yield Member(thing=key, place="library", where=row.path, what=_heard(row), fate=fate, why=told)


def _heard(row: Rendition) -> str:
    rate = row.audio.bitrate_bps
    parts = [row.audio.format, f"{rate // _BITS_PER_KBIT} kbit/s" if rate and not row.audio.lossless else ""]
    parts.append(f"{row.size_bytes / _BYTES_PER_MB:.1f} MB")
    parts.append("lossless" if row.audio.lossless and not row.audio.lossy_origin else "")
    return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fates:
    """What a plan would do with rows and items, by target, kind and remote id."""

    removed: Mapping[Place, str]
    disputed: Mapping[Place, str]
    targets: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan, targets: tuple[str, ...]) -> _Fates:
        removals = [action for action in plan.actions if action.operation is Operation.TRASH]
        return cls(
            removed={(each.target, each.object_kind, each.remote_id or ""): each.reason for each in removals},
            disputed={(each.target, each.object_kind, str(each.base)): each.reason for each in plan.conflicts},
            targets=targets,
        )

    def of_place(self, place: Place) -> tuple[str, str] | None:
        """Give what becomes of a row or an item, and why; nothing where the plan leaves it alone."""
        if place in self.removed:
            return "goes", self.removed[place]
        if place in self.disputed:
            return "conflict", self.disputed[place]
        return None if place[0] in self.targets else ("stays", f"{place[0]} is not in use")


def _shown(state: State, before: Catalogue, group: Group, fates: _Fates) -> Iterator[Member]:
    """Give the rows and items of a group and what becomes of each."""
    by_hand = group.keeper not in group.recordings
    left_alone = ("by hand", "nobody keyed any of them: trash it there") if by_hand else _LATER
    for target, kind in ROWS_AND_ITEMS:
        held = [
            (row, thing, fates.of_place((target, kind, row.remote_id)))
            for row, thing in _held(state, before, group, target, kind)
        ]
        left = [row for row, _, told in held if told is None]
        best = fullest(left) if left else None
        for row, thing, told in held:
            fate, why = told or (("stays", "") if row is best else left_alone)
            yield Member(thing=thing, place=target, where=row.remote_id, what=_filled(row), fate=fate, why=why)


_LATER = ("later", "once the one that stays is in step")


def _held(state: State, before: Catalogue, group: Group, target: str, kind: str) -> Iterator[tuple[Remote, str]]:
    for key in group.recordings:
        remote = before.own_remote(target, kind, key)
        if remote is not None:
            yield remote, key
    for key in group.unkeyed:
        row = remote_of(state, key)
        if row is not None and (row.target, row.kind) == (target, kind):
            yield row, key


def _filled(row: Remote) -> str:
    count = sum(1 for value in row.fields.values() if value not in (None, "", ()))
    return f"{count} field{'' if count == 1 else 's'} filled in" + ("" if row.key else ", no key of ours")


def _unshown(before: Catalogue, group: Group, key: str) -> Member:
    piece = before.pieces[key]
    stays = key == group.keeper
    told = "" if stays else f"it counts for {group.keeper}"
    what = f"in {len(piece.playlists)} playlists, no file"
    return Member(thing=key, place="sources", where=piece.sighting.ref, what=what, fate="stays", why=told)


def summary(report: DuplicateReport) -> Mapping[str, int]:
    """Count a report: groups, things, what goes, what a person has to decide."""
    things = sum(len({member.thing for member in group.members}) for group in report.groups)
    return {
        "groups": len(report.groups),
        "things": things,
        "goes": sum(report.goes.values()),
        "cuts": len(report.cuts),
        "asked": len(report.asked),
    }
