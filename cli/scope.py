"""The options that choose a part of the plan, shared by `plan` and `reconcile`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.command import Function

if TYPE_CHECKING:
    from engine.reconciler.policy import PlanScope
    from engine.wiring.app import App


def scope_options(function: Function) -> Function:
    """Add `--only`, `--playlist` and `--limit`."""
    limit = click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N actions.")
    playlist = click.option(
        "--playlist", "playlists", multiple=True, metavar="THING", help="Only this one; repeatable."
    )
    only = click.option("--only", multiple=True, metavar="KIND|TARGET", help="Only these, such as notion; repeatable.")
    return only(playlist(limit(function)))


def scope_of(
    app: App, only: tuple[str, ...], playlists: tuple[str, ...], limit: int | None, *, allow_removals: int = 0
) -> PlanScope:
    """Give the part of the plan that is asked for; playlists are named as people name them."""
    from engine.reconciler.policy import PlanScope
    from engine.workflows.lookup import find_one, known_targets_and_kinds

    state = app.journal.state(only=("playlists",)) if playlists else None
    refs = tuple(find_one(state, thing, ("playlist",)).key for thing in playlists) if state else ()
    return PlanScope(only=known_targets_and_kinds(only), playlists=refs, limit=limit, allow_removals=allow_removals)


def listings_of(app: App, things: tuple[str, ...]) -> tuple[str, ...]:
    """Give the scopes and addresses of listings that a person vouches for, named as people name them."""
    from engine.workflows.lookup import listing_named

    state = app.journal.state(only=("playlists", "scopes")) if things else None
    return tuple(listing_named(state, thing) for thing in things) if state else ()
