"""What a person decided about how things are done: policy, and the scope of one request."""

from __future__ import annotations

from engine.domain.plan import Owner
from engine.domain.value import Value
from engine.matching.policy import DEFAULT, MatchingPolicy
from engine.reconciler.access import WayTraits


class ResolutionPolicy(Value, frozen=True):
    """How audio is looked for when a source gives none.

    Attributes:
        order: the finders to ask, first first; empty asks nobody.
        blocked: words of an uploader's name, parts of an address, `title:` and words of a title that are never taken.
        candidates_max: results looked at per search.
        per_run: recordings searched for in one run.
        retry_days: after a search without result, doubled each time.
        propose: whether another source is proposed for what a source stopped giving.
        mix_minutes: from this length on, a piece may be a mix or a live set.
    """

    order: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    candidates_max: int = 10
    per_run: int = 50
    retry_days: float = 7.0
    propose: bool = True
    mix_minutes: float = 15.0


class EnrichmentPolicy(Value, frozen=True):
    """How facts are taken from elsewhere.

    Attributes:
        providers: who is asked, first first; nobody else's facts are shown.
        per_run: recordings asked about in one run.
        confidence: how sure a provider must be for a fact to be shown.
    """

    providers: tuple[str, ...] = ()
    per_run: int = 50
    confidence: float = 0.8


class Policy(Value, frozen=True):
    """Settings that influence plans; equal policies and equal states give equal plans.

    Attributes:
        targets: the targets in use, of "library", "notion", "eagle".
        left_out: "target:kind" of what a target in use has no place for, such as "notion:playlist".
        profiles: the renditions wanted of every recording.
        template: path template of the library, `{artist}`, `{title}`, `{album}`.
        library_root: absolute path of the library, as Notion shows it and Eagle imports from it.
        owners: "target/kind" → field → owner, over the defaults.
        keep_departed: whether what left every playlist stays in Notion and Eagle.
        departed_after_s: how long after a departure a complete scan must still not show the entry.
        removal_floor: this many removals per scope are never too many.
        removal_fraction: nor are removals up to this share of the managed set.
        collapse_fraction: a listing below this share of the last one is held.
        settle_s: how long an unknown create is given to appear before it is tried again.
        attempts_max: attempts before an action waits for a person.
        attempts_span_s: or this long after its first attempt.
        matching: how evidence decides which things are one recording.
        resolution: how audio is looked for when a source gives none.
        enrichment: how facts are taken from elsewhere.
        ways: source → its ways, the direct one first, so that a new one opens what was blocked.
    """

    targets: tuple[str, ...] = ("library", "notion", "eagle")
    left_out: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ("original", "aiff")
    template: str = "{artist}/{title}"
    library_root: str = ""
    owners: dict[str, dict[str, Owner]] = {}  # noqa: RUF012 - msgspec copies mutable defaults
    keep_departed: bool = True
    departed_after_s: float = 86_400.0
    removal_floor: int = 5
    removal_fraction: float = 0.02
    collapse_fraction: float = 0.6
    settle_s: float = 5.0
    attempts_max: int = 8
    attempts_span_s: float = 86_400.0
    matching: MatchingPolicy = DEFAULT
    resolution: ResolutionPolicy = ResolutionPolicy()
    enrichment: EnrichmentPolicy = EnrichmentPolicy()
    ways: dict[str, tuple[WayTraits, ...]] = {}  # noqa: RUF012 - msgspec copies mutable defaults
    config_hash: str = ""


class PlanScope(Value, frozen=True):
    """Which part of the plan for everything is asked for.

    Attributes:
        only: action kinds and target names to keep; empty keeps all.
        playlists: playlist refs to keep; empty keeps all.
        recordings: recordings to keep, with all that counts for them and the playlist files they are in; empty
            keeps all.
        limit: at most this many actions; None keeps all.
        allow_removals: removals per scope that a person allowed for this plan.
    """

    only: tuple[str, ...] = ()
    playlists: tuple[str, ...] = ()
    limit: int | None = None
    allow_removals: int = 0
    recordings: tuple[str, ...] = ()


EVERYTHING = PlanScope()
