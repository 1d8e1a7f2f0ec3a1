"""Folds of what was looked up elsewhere, and of how sources are reached."""

from __future__ import annotations

from engine.domain import events as e
from engine.domain.envelope import Recorded
from engine.projections.projection import Projection
from engine.projections.rows import Access, Capability, Credential, Enrichment, Resolution


def enrichment_key(recording_id: str, provider: str) -> str:
    """Name what one provider knows of one recording."""
    return f"{recording_id}/{provider}"


def source_key(source: str, name: str) -> str:
    """Name a way to a source, or something it may withhold."""
    return f"{source}/{name}"


def _resolved(row: Resolution | None, recorded: Recorded) -> Resolution:
    event = recorded.event
    assert isinstance(event, e.ResolutionDecided)
    missed, silent = event.found is e.Found.NONE, event.found is e.Found.UNANSWERED
    before = row.misses if row and (missed or silent) else 0
    return Resolution(
        recording_id=event.recording_id,
        sought_ref=event.sought_ref,
        found=event.found,
        chosen=event.chosen,
        candidates=tuple(candidate.ref for candidate in event.candidates),
        misses=before + missed,
        unanswered=(row.unanswered if row else 0) + 1 if silent else 0,
        policy_version=event.policy_version,
        version=recorded.version,
        last_us=recorded.recorded_us,
        last_seq=recorded.seq,
    )


def _enriched(row: Enrichment | None, recorded: Recorded) -> Enrichment:
    event = recorded.event
    assert isinstance(event, e.RecordingEnriched)
    return Enrichment(
        recording_id=event.recording_id,
        provider=event.provider,
        matched_by=event.matched_by,
        provider_ref=event.provider_ref,
        facts=event.facts,
        misses=0 if event.facts else (row.misses if row else 0) + 1,
        last_us=recorded.recorded_us,
        last_seq=recorded.seq,
    )


def _access(row: Access | None, recorded: Recorded) -> Access:
    event = recorded.event
    assert isinstance(event, e.AccessChanged)
    return Access(
        source=event.source,
        way=event.way,
        host=event.host,
        works=event.works,
        failure=event.failure,
        detail=event.detail,
        failures=0 if event.works else (row.failures if row else 0) + 1,
        last_us=recorded.recorded_us,
        last_seq=recorded.seq,
    )


def _capability(row: Capability | None, recorded: Recorded) -> Capability:
    event = recorded.event
    assert isinstance(event, e.CapabilityLearned)
    return Capability(
        source=event.source,
        capability=event.capability,
        allowed=event.allowed,
        detail=event.detail,
        hint=event.hint,
        first_us=row.first_us if row else recorded.recorded_us,
        last_us=recorded.recorded_us,
        last_seq=recorded.seq,
    )


def _credential(row: Credential | None, recorded: Recorded) -> Credential:
    event = recorded.event
    assert isinstance(event, e.CredentialChanged)
    known = row if row and not event.valid else None  # who it was, and until when, outlives a refusal
    return Credential(
        source=event.source,
        valid=event.valid,
        account=event.account or (known.account if known else None),
        expires_us=event.expires_us or (known.expires_us if known else None),
        detail=event.detail,
        last_us=recorded.recorded_us,
        last_seq=recorded.seq,
    )


def _recording(event: e.ResolutionDecided) -> str:
    return event.recording_id


def _provider(event: e.RecordingEnriched) -> str:
    return enrichment_key(event.recording_id, event.provider)


def _way(event: e.AccessChanged) -> str:
    return source_key(event.source, event.way)


def _withheld(event: e.CapabilityLearned) -> str:
    return source_key(event.source, event.capability)


def _source(event: e.CredentialChanged) -> str:
    return event.source


RESOLUTIONS = Projection(name="resolutions", row=Resolution, handlers={e.ResolutionDecided: (_recording, _resolved)})
ENRICHMENTS = Projection(name="enrichments", row=Enrichment, handlers={e.RecordingEnriched: (_provider, _enriched)})
ACCESS = Projection(name="access", row=Access, handlers={e.AccessChanged: (_way, _access)})
CAPABILITIES = Projection(name="capabilities", row=Capability, handlers={e.CapabilityLearned: (_withheld, _capability)})
CREDENTIALS = Projection(name="credentials", row=Credential, handlers={e.CredentialChanged: (_source, _credential)})
