"""Why something did not work: a closed set of classes, and what each means for the next try.

A class is a fact about the world, never a sentence; the sentence (`detail`) and the way out (`hint`)
travel in `Problem`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from engine.domain.value import Value


class FailureClass(StrEnum):
    """Every way an observation or an attempt can fail."""

    GONE = "gone"  # the source's metadata answers 404; never a media 404
    MEDIA_MISSING = "media_missing"  # metadata fine, media 404
    GEO_BLOCKED = "geo_blocked"
    DRM_PROTECTED = "drm_protected"
    PREVIEW_ONLY = "preview_only"
    PRIVATE = "private"
    AGE_GATED = "age_gated"  # only for an account whose age is known
    MEMBERS_ONLY = "members_only"  # only for those who pay its maker
    NOT_YET = "not_yet"  # a premiere or a live stream that has not ended
    NO_AUDIO_SOURCE = "no_audio_source"  # metadata only (Spotify): audio must be resolved elsewhere
    RATE_LIMITED = "rate_limited"
    BOT_CHALLENGE = "bot_challenge"
    AUTH_EXPIRED = "auth_expired"  # 401, 403: credentials
    NOT_ALLOWED = "not_allowed"  # the service gives it to nobody like us, such as another's playlist
    NOT_SHARED = "not_shared"  # Notion 404: missing or not shared with the connection
    INVALID_REQUEST = "invalid_request"  # the remote refuses the content
    WRITE_CONFLICT = "write_conflict"  # 409
    OVERLOADED = "overloaded"  # 503, 529: definitely not applied
    REMOTE_ERROR = "remote_error"  # 500, 502, 504: may have been applied
    GARBAGE = "garbage"  # an answer that cannot be read
    TIMEOUT = "timeout"
    NETWORK = "network"
    NOT_RUNNING = "not_running"  # connection refused: nothing was sent
    WRONG_LIBRARY = "wrong_library"  # Eagle has another library open, a folder lacks its marker
    ROOT_MISSING = "root_missing"  # volume not mounted, folder gone
    COLLAPSED = "collapsed"  # a listing shrank below the guard
    EXTRACTOR_BROKEN = "extractor_broken"
    VERIFY_FAILED = "verify_failed"  # does not decode to the end, wrong length, not audio
    CONVERT_FAILED = "convert_failed"
    DISK_FULL = "disk_full"
    PERMISSION = "permission"
    TOOL_MISSING = "tool_missing"
    NOT_FOUND = "not_found"  # the object to change is not there any more
    UNSUPPORTED = "unsupported"  # nothing here knows this URL or file
    UNEXPECTED = "unexpected"


class Problem(Value, frozen=True):
    """One failure as a value: its class, what was seen, and what a person can do."""

    failure: FailureClass
    detail: str
    hint: str = ""
    http_status: int | None = None
    retry_after_s: float | None = None


class Patience(StrEnum):
    """What a failure means for the next try."""

    BACKOFF = "backoff"  # passing: full jitter
    WEEKLY = "weekly"  # the world may change: look again in seven days
    FACTS = "facts"  # definite: only a change of facts, settings or a person's word re-opens it
    STOP = "stop"  # this machine is in trouble: stop the stage, try on the next run


def patience(failure: FailureClass) -> Patience:
    """Say when another try makes sense."""
    match failure:
        case (
            FailureClass.RATE_LIMITED
            | FailureClass.WRITE_CONFLICT
            | FailureClass.OVERLOADED
            | FailureClass.REMOTE_ERROR
            | FailureClass.GARBAGE
            | FailureClass.TIMEOUT
            | FailureClass.NETWORK
            | FailureClass.NOT_RUNNING
            | FailureClass.BOT_CHALLENGE
            | FailureClass.EXTRACTOR_BROKEN
            | FailureClass.MEDIA_MISSING
            | FailureClass.NOT_YET
            | FailureClass.UNEXPECTED
        ):
            return Patience.BACKOFF
        case FailureClass.GEO_BLOCKED:
            return Patience.WEEKLY
        case (
            FailureClass.GONE
            | FailureClass.DRM_PROTECTED
            | FailureClass.PREVIEW_ONLY
            | FailureClass.PRIVATE
            | FailureClass.AGE_GATED
            | FailureClass.MEMBERS_ONLY
            | FailureClass.NOT_ALLOWED
            | FailureClass.NO_AUDIO_SOURCE
            | FailureClass.INVALID_REQUEST
            | FailureClass.VERIFY_FAILED
            | FailureClass.CONVERT_FAILED
            | FailureClass.NOT_FOUND
            | FailureClass.UNSUPPORTED
            | FailureClass.COLLAPSED
        ):
            return Patience.FACTS
        case (
            FailureClass.DISK_FULL
            | FailureClass.PERMISSION
            | FailureClass.TOOL_MISSING
            | FailureClass.AUTH_EXPIRED
            | FailureClass.NOT_SHARED
            | FailureClass.WRONG_LIBRARY
            | FailureClass.ROOT_MISSING
        ):
            return Patience.STOP
        case _:
            assert_never(failure)


class Availability(StrEnum):
    """Whether a source lets us have a track's audio; never a reason to remove a file."""

    AVAILABLE = "available"
    GEO_BLOCKED = "geo_blocked"
    DRM_PROTECTED = "drm_protected"
    PREVIEW_ONLY = "preview_only"
    PRIVATE = "private"
    AGE_GATED = "age_gated"
    MEMBERS_ONLY = "members_only"
    GONE = "gone"
    METADATA_ONLY = "metadata_only"
    UNKNOWN = "unknown"  # seen in a listing, not described yet


def availability_after(failure: FailureClass) -> Availability | None:
    """Say what a failed attempt proves about availability, or nothing when it proves nothing."""
    return {
        FailureClass.GONE: Availability.GONE,
        FailureClass.GEO_BLOCKED: Availability.GEO_BLOCKED,
        FailureClass.DRM_PROTECTED: Availability.DRM_PROTECTED,
        FailureClass.PREVIEW_ONLY: Availability.PREVIEW_ONLY,
        FailureClass.PRIVATE: Availability.PRIVATE,
        FailureClass.AGE_GATED: Availability.AGE_GATED,
        FailureClass.MEMBERS_ONLY: Availability.MEMBERS_ONLY,
        FailureClass.NO_AUDIO_SOURCE: Availability.METADATA_ONLY,
    }.get(failure)
