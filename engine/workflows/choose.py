"""Choose: a person says where a recording's audio is. Final: no rule and no search decides it again.

What the address shows, the link, and every question this answers are appended in one transaction.
"""

from __future__ import annotations

from msgspec.structs import replace

from engine.domain.envelope import Draft, Origin
from engine.domain.errors import UsageError
from engine.domain.events import (
    Event,
    MatchAnswered,
    MatchAsked,
    MatchSettled,
    RecordingLinked,
    TrackSeen,
    UpgradeTaken,
)
from engine.domain.failure import Problem
from engine.domain.matching_events import PARTING, Answer
from engine.domain.recording_events import Evidence
from engine.domain.redaction import is_private, public_address
from engine.domain.references import question_id, recording_id, source_of
from engine.matching.resolution import SEARCH
from engine.ports import Journal
from engine.projections.rows import Question, Sighting
from engine.projections.state import State
from engine.reconciler.answering import consequences
from engine.reconciler.answers import READS as STORIES
from engine.reconciler.answers import Said, contradiction, standing
from engine.reconciler.catalogue import FETCHABLE
from engine.reconciler.identity import PERSON as BY_PERSON
from engine.reconciler.merging import canonical_ids, groups
from engine.reconciler.retracting import is_decision
from engine.workflows.address import track_at
from engine.workflows.decide import PERSON, Decided
from engine.workflows.listing import described
from engine.workflows.lookup import Candidate, candidates, find_one, track_label
from engine.workflows.world import World

CHOSEN = "chosen"
"""What was done; also the reason of all that is recorded with it, and how a question ends that it makes needless."""

READS = ("sightings", "playlists", "recordings", "renditions", "remotes", "objects", "questions")


def choose(world: World, thing: str, url: str, *, actor: str = PERSON.actor) -> Decided:
    """Record that the audio of a recording is at an address, whatever was decided or asked before.

    Args:
        world: the ports.
        thing: the recording: a title, an id, a ref, a path.
        url: the address of one track.
        actor: who says so.

    Raises:
        UsageError: no recording is meant, or several; the address gives no audio, or none that can be looked at; or an
            earlier answer contradicts it.
    """
    state = world.journal.state(only=READS)
    meant = _meant(state, thing)
    shown = _shown(world, url)
    into = canonical_ids(state.recordings)
    key = into.get(meant.key, meant.key)
    row = state.sightings.get(shown.ref)
    label = f"{meant.label}: {track_label(_as_row(shown))} ({source_of(shown.ref)})"
    home = into.get(row.recording_id, row.recording_id) if row and row.recording_id else None
    if home == key and state.recordings[key].chosen_ref == shown.ref:
        return Decided(what=CHOSEN, key=key, label=label, seq=None)
    decided = _decided(world.journal, state, key, home, shown)
    seen = described(shown, row)
    events = [*decided, UpgradeTaken(recording_id=key, ref=shown.ref, reason=CHOSEN), *_needless(state, key, home)]
    drafts = [*([seen] if seen else []), *(Draft(event=event) for event in events)]
    seqs = world.journal.append(drafts, Origin(actor=actor, correlation_id=key))
    seq = next(seq for seq, draft in zip(seqs, drafts, strict=True) if is_decision(draft.event, deliberate=True))
    return Decided(what=CHOSEN, key=key, label=label, seq=seq, obstacle=_obstacle(state, key))


def _meant(state: State, thing: str) -> Candidate:
    """Give the recording that is meant: of several, the one that is anybody's wish; a search's offers are nobody's."""
    listed = {ref for row in state.playlists.values() if row.active for ref in row.entries}
    wished = {row.recording_id for row in state.sightings.values() if row.ref in listed}
    found = [each for each in candidates(state, thing, ("recording",)) if each.key in wished]
    return found[0] if len(found) == 1 else find_one(state, thing, ("recording",))


def _decided(journal: Journal, state: State, key: str, home: str | None, shown: TrackSeen) -> list[Event]:
    """Give what makes a track the recording's: a link, or an answer where it is a recording of its own by now."""
    if home == key:
        return []
    if home is not None:
        return _as_one(journal, state, home, key)
    own = recording_id(shown.ref)
    said = state.questions.get(question_id(own, key))
    parted = said is not None and said.answer in PARTING
    return [_linked(key, shown), *(_as_one(journal, state, own, key) if parted else ())]


def _shown(world: World, url: str) -> TrackSeen:
    """Give what stands at an address, if it gives audio."""
    if is_private(url):
        detail = f"the journal keeps what it is told for ever, and the address holds a secret: {public_address(url)}…"
        raise UsageError(detail, hint="give the public address of the track")
    shown = track_at(world, url)
    if isinstance(shown, Problem):
        told = shown.detail if url in shown.detail else f"{url}: {shown.detail}"
        raise UsageError(told, hint=shown.hint or "`sync doctor` checks what each source needs")
    if shown.availability not in FETCHABLE:
        raise UsageError(
            f"{url} gives no audio: {shown.availability.value.replace('_', ' ')}", hint="choose an address that does"
        )
    return replace(shown, url=public_address(shown.url))


def _as_row(shown: TrackSeen) -> Sighting:
    return Sighting(ref=shown.ref, title=shown.title, url=shown.url, artist=shown.artist)


def _linked(key: str, shown: TrackSeen) -> RecordingLinked:
    evidence = (Evidence(feature=BY_PERSON, weight=1.0, detail=f"a person chose {shown.url}"),)
    return RecordingLinked(
        recording_id=key, ref=shown.ref, rule=BY_PERSON, evidence=evidence, beaten=(), policy_version=""
    )


def _as_one(journal: Journal, state: State, home: str, key: str) -> list[Event]:
    """Say of two recordings that they are one, by the answer to the question whether they are."""
    question = question_id(home, key)
    row = state.questions.get(question)
    told: list[Event] = []
    if row is None:
        asked = MatchAsked(
            question_id=question, newer=home, older=key, names="", score=0.0, evidence=(), policy_version=""
        )
        told.append(asked)
        row = Question(question_id=question, newer=home, older=key)
    answer = MatchAnswered(question_id=question, newer=row.newer, older=row.older, answer=Answer.SAME, reason=CHOSEN)
    stands = standing(journal.read(types=STORIES))
    last = 1 << 62  # after everything that was said before
    said = Said(seq=last, question_id=question, newer=row.newer, older=row.older, answer=Answer.SAME)
    if against := contradiction(stands, said):
        ids = [each.question_id for each in against]
        detail = f"that contradicts what you answered before ({', '.join(ids)})"
        raise UsageError(detail, hint=f"take one of these back first: sync review {ids[-1]} --undo")
    state.questions[question] = row
    follows = consequences(state, row, stands, stands.with_answer(said), CHOSEN)
    return [*told, answer, *follows]


def _needless(state: State, key: str, home: str | None) -> list[Event]:
    """Close what a search asked about the recording: it was about where its audio is."""
    ids = frozenset({key, *groups(canonical_ids(state.recordings)).get(key, ())})
    return [
        MatchSettled(question_id=question, decision=CHOSEN, evidence=(), policy_version=row.policy_version)
        for question, row in sorted(state.questions.items())
        if row.open and row.older in ids and row.newer != home and any(each.feature == SEARCH for each in row.evidence)
    ]


def _obstacle(state: State, key: str) -> str:
    if state.recordings[key].dismissed is not None:
        return f"it was thrown away, so nothing fetches it; `sync refetch {key}` asks for it again"
    listed = {ref for row in state.playlists.values() if row.active for ref in row.entries}
    ours = {row.ref for row in state.sightings.values() if row.recording_id == key}
    return "" if listed & ours else "no playlist that is followed lists it, so nothing fetches it"
