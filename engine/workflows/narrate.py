"""Says each event as one plain sentence, for `sync why` and every timeline. Total over the events there are."""

from __future__ import annotations

from typing import assert_never

from engine.domain import events as e
from engine.domain.value import FieldValue
from engine.workflows.offers import offers_told

VALUE_SHOWN_MAX = 60
"""Longer values are cut: a fingerprint has thousands of characters."""


def sentence(event: e.Event) -> str:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one line per event of the closed union
    """Say what happened in one line."""
    match event:
        case e.JournalCreated():
            return f"the journal began, written by {event.program_version}"
        case e.RunStarted():
            return f"run began: {' '.join((event.command, *event.arguments))}"
        case e.RunCheckpointed():
            return f"run finished a part: {event.scope}, {event.count}"
        case e.RunFinished():
            return f"run ended with exit code {event.exit_code}"
        case e.ScanCompleted():
            return _scan(event)
        case e.TrackSeen():
            return f"seen: {_by(event.artist)}{event.title} ({_words(event.availability)})"
        case e.TrackAvailabilityChanged():
            return f"found to be {_words(event.availability)}: {event.detail}"
        case e.PlaylistSeen():
            several = "entry" if len(event.entries) == 1 else "entries"
            return f"playlist seen: {event.name}, {len(event.entries)} {several}"
        case e.PlaylistHeld():
            return f"a listing of {event.entries_seen} after {event.entries_before} entries was not believed"
        case e.PlaylistConfigured():
            return f"a person {'follows' if event.active else 'no longer follows'} {event.url}"
        case e.RemoteSeen():
            place = "" if event.live else ", in the trash"
            return f"{event.target} shows {event.kind} {event.remote_id}{place}"
        case e.RemoteMissed():
            return f"{event.target} did not show {event.remote_id} in a complete scan"
        case e.RecordingLinked():
            return _linked(event)
        case e.RecordingDismissed():
            return f"a person threw it away: {event.reason}"
        case e.RecordingRequested():
            return f"a person asked for it: {event.reason}"
        case e.RecordingUnlinked():
            return f"{event.ref} is not this recording after all: {event.reason}"
        case e.RecordingMerged():
            return f"it is {event.into}, by rule {event.rule}{_evidence(event)}"
        case e.RecordingSeparated():
            return f"it stands on its own again: {event.reason}"
        case e.UpgradeTaken():
            return f"a person chose {event.ref or 'no sighting'} for its audio: {event.reason}"
        case e.MatchAsked():
            return f"asked: is {event.newer} the same as {event.older}?{_names(event.names)}{_evidence(event)}"
        case e.MatchAnswered():
            return f"a person said of {event.newer} and {event.older}: {event.answer}{_own_words(event.reason)}"
        case e.MatchSettled():
            return f"the question is settled: {event.decision}{_evidence(event)}"
        case e.RenditionVerified():
            return f"file verified: {event.path} ({event.profile}, {event.audio.duration_ms / 1000:.1f} s)"
        case e.RenditionMissed():
            return f"file not found: {event.path}"
        case e.RenditionReturned():
            return f"file is at {event.path}"
        case e.ActionPlanned():
            return f"planned {event.kind}: {event.reason}"
        case e.ActionClaimed():
            return f"attempt {event.attempt} claimed"
        case e.ActionProbed():
            return f"probed: {event.verdict}{_joined(event.remote_ids)}"
        case e.ActionIntended():
            return f"attempt {event.attempt} about to be sent"
        case e.ActionDone():
            return f"done: {event.kind} {event.remote_id} ({event.evidence})"
        case e.ActionDeferred():
            return f"deferred, {_words(event.problem.failure)}: {event.problem.detail}"
        case e.ActionRefused():
            return f"refused, {_words(event.problem.failure)}: {event.problem.detail}"
        case e.ActionUnknown():
            return f"unknown, {_words(event.problem.failure)}: {event.problem.detail}"
        case e.ActionSuperseded():
            return f"superseded: {event.reason}"
        case e.ConflictOpened():
            return f"conflict over {event.field}: ours {short(event.wanted)}, theirs {short(event.found)}"
        case e.ConflictResolved():
            return f"conflict decided: {event.choice}"
        case e.BreakerTripped():
            return f"writes to {event.remote} stopped after {event.unknowns} unknowns in a row"
        case e.ObjectWithheld():
            return f"undone, and left so: {', '.join(event.fields) or 'the whole object'} ({event.reason})"
        case e.ObjectReleased():
            return f"no longer left as it was: {event.reason}"
        case e.ResolutionDecided():
            return _resolution(event)
        case e.RecordingEnriched():
            return _enriched(event)
        case e.AccessChanged():
            state = "works" if event.works else f"fails, {_words(event.failure or 'unknown')}: {event.detail}"
            return f"way “{event.way}” to {event.source} ({event.host}) {state}"
        case e.CapabilityLearned():
            state = "gives" if event.allowed else "does not give us"
            return f"{event.source} {state} {event.capability}{_own_words(event.detail)}"
        case e.CredentialChanged():
            state = "is good" if event.valid else "is not taken any more"
            return f"the login to {event.source} {state}{_own_words(event.account or event.detail)}"
        case e.ChainLinkEnded():
            return f"link {event.link}: {event.result.replace('_', ' ')}{_own_words(event.detail)}"
        case _:
            assert_never(event)


def details(event: e.Event) -> tuple[str, ...]:
    """Say what a sentence leaves out, one line each: changes that were planned, facts told, what a search offered."""
    match event:
        case e.ActionPlanned():
            return tuple(_change(change) for change in event.changes)
        case e.RecordingEnriched():
            return tuple(f"{fact.field}: {short(fact.value)} (sure {fact.confidence:.2f})" for fact in event.facts)
        case e.ResolutionDecided():
            return offers_told(event)
        case _:
            return ()


def _change(change: e.Change) -> str:
    before = "" if change.before is None else f"{short(change.before)} → "
    return f"{change.field}: {before}{short(change.after)}"


def short(value: FieldValue) -> str:
    """Say a field's value, cut where nobody reads on."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case tuple():
            text = ", ".join(value) or "nothing"
        case str():
            text = f"“{value}”"
        case _:
            text = str(value)
    return text if len(text) <= VALUE_SHOWN_MAX else text[: VALUE_SHOWN_MAX - 1] + "…"


def _linked(event: e.RecordingLinked) -> str:
    if event.rule == "founding":
        return f"{event.ref} is this recording, the first of it that was seen{_beaten(event)}"
    return f"{event.ref} is this recording, by rule {event.rule}{_evidence(event)}"


def _resolution(event: e.ResolutionDecided) -> str:
    asked = ", ".join(f"{one.source} gave {one.found}" for one in event.searched)
    match event.found:
        case e.Found.ACCEPTED:
            return f"searched for audio ({asked}): {event.chosen} is it"
        case e.Found.ASKED:
            return f"searched for audio ({asked}): a person has to say"
        case e.Found.NONE:
            return f"searched for audio ({asked}): nothing there is it"
        case e.Found.UNANSWERED:
            silent = ", ".join(sorted({one.source for one in event.searched if one.failure is not None}))
            return f"searched for audio ({asked}): nothing there is it, and {silent} did not answer"
        case _:
            assert_never(event.found)


def _enriched(event: e.RecordingEnriched) -> str:
    if event.matched_by == "refused":
        return f"{event.provider} would not hear of it"
    if not event.facts:
        return f"{event.provider} was asked by {event.matched_by}: knows nothing of it"
    told = ", ".join(fact.field for fact in event.facts)
    return f"{event.provider} was asked by {event.matched_by}: told {told}{_own_words(event.provider_ref or '')}"


def _scan(event: e.ScanCompleted) -> str:
    if event.complete:
        unchanged = ", unchanged by its own word" if event.unchanged else ""
        return f"scan of {event.scope} complete: {event.count}{unchanged}"
    return f"scan of {event.scope} not complete: {event.problem.detail if event.problem else 'cut short'}"


def _by(artist: str | None) -> str:
    return f"{artist} – " if artist else ""


def _evidence(event: e.RecordingLinked | e.RecordingMerged | e.MatchAsked | e.MatchSettled) -> str:
    said = "; ".join(f"{piece.feature} {piece.weight:+g} {piece.detail}".rstrip() for piece in event.evidence)
    beaten = _beaten(event) if isinstance(event, e.RecordingLinked | e.RecordingMerged) else ""
    return (f" ({said})" if said else "") + beaten


def _beaten(event: e.RecordingLinked | e.RecordingMerged) -> str:
    return f"; compared with {', '.join(event.beaten)}" if event.beaten else ""


def _names(said: str) -> str:
    return f" The names say {said}" if said else ""


def _words(name: str) -> str:
    return name.replace("_", " ")


def _own_words(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _joined(names: tuple[str, ...]) -> str:
    return f" ({', '.join(names)})" if names else ""
