"""A request that gave no usable answer, and what that says about its effect.

Clients turn their errors into `Failed`; targets turn `Failed` into an outcome. No network, no client library.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

import msgspec

from engine.domain.failure import FailureClass, Problem
from engine.domain.outcomes import Deferred, Outcome, Refused, Unknown


class Effect(StrEnum):
    """What is known of a failed request's effect, had it been a write."""

    NONE_YET = "none_yet"  # not applied; the same request may work later
    NONE_EVER = "none_ever"  # not applied, and repeating it will not help
    DOUBTFUL = "doubtful"  # it may have been applied


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A request without a usable answer."""

    problem: Problem
    effect: Effect

    def hinting(self, hint: str, *, failure: FailureClass | None = None) -> Failed:
        """Give the same failure with a way out, and with a sharper class when one is known."""
        return replace(
            self, problem=msgspec.structs.replace(self.problem, hint=hint, failure=failure or self.problem.failure)
        )


def after_sending(failed: Failed) -> Outcome:
    """Give the outcome of a write that failed this way."""
    match failed.effect:
        case Effect.NONE_YET:
            return Deferred(problem=failed.problem)
        case Effect.NONE_EVER:
            return Refused(problem=failed.problem)
        case Effect.DOUBTFUL:
            return Unknown(problem=failed.problem)
        case _:
            assert_never(failed.effect)


def before_sending(failed: Failed) -> Outcome:
    """Give the outcome when a read that had to come first failed: whatever its answer was, nothing was written."""
    if failed.effect is Effect.NONE_EVER:
        return Refused(problem=failed.problem)
    return Deferred(problem=failed.problem)


def unreadable(remote: str, what: str) -> Failed:
    """Build the failure of an answer that is not what the service's documentation promises."""
    problem = Problem(failure=FailureClass.GARBAGE, detail=f"{remote} gave an answer that cannot be read: {what}")
    return Failed(problem=problem, effect=Effect.DOUBTFUL)


def refused(failure: FailureClass, detail: str, hint: str = "") -> Failed:
    """Build a definite failure that was found without asking, or in an answer's content."""
    return Failed(problem=Problem(failure=failure, detail=detail, hint=hint), effect=Effect.NONE_EVER)
