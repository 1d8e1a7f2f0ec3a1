"""Upgrades: what could be had better or elsewhere, and a person's word to take it. The next run fetches it."""

from __future__ import annotations

from engine.domain.envelope import Draft
from engine.domain.errors import UsageError
from engine.domain.events import UpgradeTaken
from engine.domain.matching_events import AS_UPLOADED
from engine.domain.value import Value
from engine.ports import Journal
from engine.projections.state import State
from engine.reconciler.catalogue import FETCHABLE, catalogue
from engine.reconciler.proposals import ANOTHER, UPLOAD, Proposal, proposals
from engine.workflows.decide import PERSON, Decided
from engine.workflows.lookup import find_one, recording_label

TAKEN = "upgrade taken"
KEPT = "kept as it is"


class Offer(Value, frozen=True):
    """A proposal by name, with what takes it."""

    proposal: Proposal
    label: str
    way: str


def offers(state: State) -> tuple[Offer, ...]:
    """Give every proposal, by name."""
    found = [
        Offer(proposal=each, label=recording_label(state, each.recording_id), way=_way(each))
        for each in proposals(state)
    ]
    return tuple(sorted(found, key=lambda offer: (offer.label.casefold(), offer.proposal.ref)))


def _way(proposal: Proposal) -> str:
    if proposal.taken:
        return "taken; the next run fetches it"
    if proposal.refused:
        return f"did not come: {proposal.refused}; sync upgrades {proposal.recording_id} --take again, or --keep"
    if proposal.kind == ANOTHER:
        return f"sync review {proposal.question_id}"
    return f"sync upgrades {proposal.recording_id} --take --from {proposal.ref}"


def take(journal: Journal, thing: str, ref: str | None) -> Decided:
    """Record that a recording's audio shall come from another of its sightings.

    Raises:
        UsageError: no recording is meant, or several; or nothing is proposed for it, or several things are.
    """
    state = journal.state()
    meant = find_one(state, thing, ("recording",))
    piece = catalogue(state).pieces.get(meant.key)
    chosen = ref or _only_one(state, meant.key)
    sighting = next((row for row in piece.sightings if row.ref == chosen), None) if piece else None
    if piece is None or sighting is None:
        hint = f"sync track {meant.key} lists what it was seen as"
        raise UsageError(f"{meant.label} was not seen as {chosen}", hint=hint)
    if sighting.availability not in FETCHABLE:
        raise UsageError(
            f"{chosen} gives no audio: {sighting.availability}", hint="`sync upgrades` lists what there is"
        )
    offer = next((each for each in _offered(state, meant.key) if each.ref == chosen), None)
    if offer.taken if offer else piece.recording.chosen_ref == chosen:
        return Decided(what=TAKEN, key=meant.key, label=meant.label, seq=None)
    obstacle = "" if piece.playlists else "no playlist that is followed lists it, so nothing fetches it"
    reason = AS_UPLOADED if offer and offer.kind == UPLOAD else "taken"
    seq = _append(journal, UpgradeTaken(recording_id=meant.key, ref=chosen, reason=reason))
    return Decided(what=TAKEN, key=meant.key, label=meant.label, seq=seq, obstacle=obstacle)


def _only_one(state: State, recording_id: str) -> str:
    found = _offered(state, recording_id)
    if len(found) == 1:
        return found[0].ref
    if not found:
        raise UsageError("nothing is proposed for it", hint="`sync upgrades` lists what is; --from REF names a source")
    raise UsageError(f"{len(found)} things are proposed for it", hint="name one: " + _named(found))


def _offered(state: State, recording_id: str) -> list[Proposal]:
    return [each for each in proposals(state) if each.recording_id == recording_id and each.kind != ANOTHER]


def _named(found: list[Proposal]) -> str:
    return ", ".join(f"--from {each.ref}" for each in found)


def keep(journal: Journal, thing: str) -> Decided:
    """Record that a recording's audio stays where it is from, whatever was taken before.

    Raises:
        UsageError: no recording is meant, or several are.
    """
    state = journal.state()
    meant = find_one(state, thing, ("recording",))
    if not state.recordings[meant.key].chosen_ref:
        return Decided(what=KEPT, key=meant.key, label=meant.label, seq=None)
    seq = _append(journal, UpgradeTaken(recording_id=meant.key, ref="", reason="kept"))
    return Decided(what=KEPT, key=meant.key, label=meant.label, seq=seq)


def _append(journal: Journal, event: UpgradeTaken) -> int:
    return journal.append([Draft(event=event)], PERSON)[-1]
