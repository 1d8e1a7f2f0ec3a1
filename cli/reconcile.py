"""`sync reconcile`: observe, plan, act, observe again, report."""

from __future__ import annotations

import click

from cli.command import declare_command
from cli.invocation import Invocation
from cli.planned import show_plan
from cli.scope import scope_of, scope_options
from cli.signals import finishing_gently
from cli.working import finish, progress_of


@declare_command("reconcile", "sync reconcile --playlist crate --limit 20")
@scope_options
@click.option("--dry-run", is_flag=True, help="Show the plan and stop; the same as `sync plan`.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Actions under way at once.")
@click.option("--accept-shrink", multiple=True, metavar="SCOPE", help="Believe a listing that shrank; repeatable.")
@click.pass_context
def command(
    ctx: click.Context,
    invocation: Invocation,
    workers: int | None,
    accept_shrink: tuple[str, ...],
    only: tuple[str, ...],
    playlists: tuple[str, ...],
    limit: int | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring files, Notion and Eagle in step with the playlists. Safe to repeat, to interrupt and to run from cron."""
    from engine.workflows.reconcile import ReconcileRequest, reconcile

    app = invocation.app({"limits.workers": workers})
    scope = scope_of(app, only, playlists, limit)
    if dry_run:
        from engine.workflows.plan_file import make_plan

        show_plan(app, make_plan(app.world(), scope), as_json=as_json, whole=invocation.verbose)
        return
    app.progress = progress_of(app)
    request = ReconcileRequest(scope=scope, accept_shrink=accept_shrink)
    with finishing_gently(app.stop):
        result = reconcile(app.world(), request, _arguments(only, playlists, limit, accept_shrink))
    finish(ctx, app, result, as_json=as_json)


def _arguments(
    only: tuple[str, ...], playlists: tuple[str, ...], limit: int | None, accept_shrink: tuple[str, ...]
) -> tuple[str, ...]:
    from engine.domain.redaction import public_address

    named = [("--only", name) for name in only] + [("--playlist", name) for name in playlists]
    named += [("--accept-shrink", name) for name in accept_shrink] + ([("--limit", str(limit))] if limit else [])
    return tuple(public_address(part) for pair in named for part in pair)
