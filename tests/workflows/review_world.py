"""A small crate with questions about its recordings, and what a person says to them."""

from __future__ import annotations

import itertools

from engine.domain.events import (
    Event,
    Evidence,
    MatchAsked,
    PlaylistSeen,
    RecordingLinked,
    RemoteSeen,
    TrackSeen,
)
from engine.domain.failure import Availability
from engine.domain.references import question_id, recording_id
from engine.projections.state import State
from engine.reconciler.asking import waiting_questions
from engine.reconciler.merging import canonical_ids
from engine.workflows.review import Answered, answer, take_back
from tests.fakes.memory_journal import MemoryJournal

REFS = tuple(f"soundcloud:track:{number}" for number in range(1, 6))
A, B, C, D, E = (recording_id(ref) for ref in REFS)
PAGE = "notion/track/page-1"
EVIDENCE = (Evidence(feature="title", weight=2.0, detail="“stay”"),)
PLAYLIST = "soundcloud:set:1"


def asked(newer: str, older: str, policy: str = "1") -> MatchAsked:
    """Ask whether two things are one recording."""
    return MatchAsked(
        question_id=question_id(newer, older), newer=newer, older=older, names="same", score=2.0, evidence=EVIDENCE,
        policy_version=policy,
    )  # fmt: skip


QUESTIONS = (*(asked(newer, older) for older, newer in itertools.combinations((A, B, C, D), 2)), asked(PAGE, E))


def world(*more: Event) -> MemoryJournal:
    """Give a journal that knows five recordings and one row of a person, and what else happened."""
    seen = [
        TrackSeen(ref=ref, title=f"Title {ref[-1]}", url=f"https://example.org/{ref[-1]}", artist="Ada",
                  availability=Availability.AVAILABLE)
        for ref in REFS
    ]  # fmt: skip
    links = [
        RecordingLinked(
            recording_id=recording_id(ref), ref=ref, rule="founding", evidence=(), beaten=(), policy_version="1"
        )
        for ref in REFS
    ]
    page = RemoteSeen(
        target="notion", kind="track", remote_id="page-1", key=None, fields={"title": "Title 5", "artist": "Ada"}
    )
    listed = PlaylistSeen(ref=PLAYLIST, name="Night", url="https://example.org/night", entries=(*REFS, REFS[0]))
    return MemoryJournal(*seen, *links, page, listed, *more)


def asking(*more: Event) -> MemoryJournal:
    """Give a journal in which every question is asked."""
    return world(*QUESTIONS, *more)


def said(journal: MemoryJournal, newer: str, older: str, word: str) -> Answered:
    """Answer one question."""
    return answer(journal, question_id(newer, older), word)


def undone(journal: MemoryJournal, newer: str, older: str) -> Answered:
    """Take one answer back."""
    return take_back(journal, question_id(newer, older))


def one(journal: MemoryJournal) -> set[frozenset[str]]:
    """Give the groups of recordings that are one."""
    into = canonical_ids(journal.state().recordings)
    return {frozenset({end, *(key for key, other in into.items() if other == end)}) for end in into.values()}


def waiting(journal: MemoryJournal) -> set[str]:
    """Give the questions that wait."""
    return {row.question_id for row in waiting_questions(journal.state())}


def types_after(journal: MemoryJournal, seq: int | None) -> list[str]:
    """Give the types of what was appended from a seq on."""
    assert seq is not None
    return [recorded.event.TYPE for recorded in journal.read(after=seq - 1)]


def summary(state: State) -> dict[str, tuple[object, ...]]:
    """Give what answers come to, recording by recording."""
    return {
        key: (row.merged_into, row.dismissed is not None, row.chosen_ref or None)
        for key, row in state.recordings.items()
    }
