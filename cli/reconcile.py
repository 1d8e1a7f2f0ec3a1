"""`sync reconcile`: observe, plan, act, observe again, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.command import declare_command
from cli.invocation import Invocation
from cli.planned import show_plan
from cli.scope import listings_of, scope_of, scope_options
from cli.signals import finishing_gently
from cli.working import finish, progress_of

if TYPE_CHECKING:
    from engine.wiring.app import App
    from engine.workflows.chain import ChainRequest

AUTO = "auto"
BATCH = "batch"
SOURCES = (AUTO, "playing", "soundcloud", "spotify", "youtube", "files", BATCH)


@declare_command("reconcile", "sync reconcile --source auto")
@scope_options
@click.option("--source", type=click.Choice(SOURCES), help="Read this one only; auto: the chain, until one has news.")
@click.option("--batch", is_flag=True, help="Read no playlist: fetch what waits, N at most with --limit.")
@click.option("--dry-run", is_flag=True, help="Show the plan and stop; the same as `sync plan`.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Actions under way at once.")
@click.option("--accept-shrink", multiple=True, metavar="THING", help="Believe a listing that shrank; repeatable.")
@click.pass_context
def command(
    ctx: click.Context,
    invocation: Invocation,
    source: str | None,
    workers: int | None,
    accept_shrink: tuple[str, ...],
    only: tuple[str, ...],
    playlists: tuple[str, ...],
    limit: int | None,
    *,
    batch: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring files, Notion and Eagle in step with the playlists. Safe to repeat, to interrupt and to run from cron."""
    from engine.workflows.reconcile import ReconcileRequest, reconcile

    source = _source(source, batch=batch, dry_run=dry_run, playlists=playlists)
    app = invocation.app({"limits.workers": workers})
    scope = scope_of(app, only, playlists, limit)
    if dry_run:
        from engine.workflows.plan_file import make_plan

        show_plan(app, make_plan(app.world(), scope), as_json=as_json, whole=invocation.verbose)
        return
    app.progress = progress_of(app)
    chain = chain_of(app, source, limit) if source else None
    vouched = listings_of(app, accept_shrink)
    request = ReconcileRequest(scope=scope, accept_shrink=vouched, chain=chain)
    with finishing_gently(app.stop):
        result = reconcile(app.world(), request, _arguments(source, only, playlists, limit, accept_shrink))
    finish(ctx, app, result, as_json=as_json)


def chain_of(app: App, source: str, limit: int | None) -> ChainRequest:
    """Give the links to try: those of the settings, or the one that was named."""
    from engine.workflows.chain import PLAYING_LINK, ChainRequest

    said = app.settings.chain
    links = said.links if source == AUTO else (source,)
    deaf = PLAYING_LINK in links and not app.seeing.hears
    return ChainRequest(
        links=links,
        deadline_s=said.deadline_s,
        deadlines_s=said.deadlines_s,
        all_links=said.all_links,
        batch_limit=limit,
        unset={PLAYING_LINK: _NOBODY_HEARS} if deaf else {},
    )


_NOBODY_HEARS = "nobody is logged in to Spotify, and no player of this machine can be asked: sync login spotify"


def _source(source: str | None, *, batch: bool, dry_run: bool, playlists: tuple[str, ...]) -> str | None:
    from engine.domain.errors import UsageError

    if batch and source not in (None, BATCH):
        raise UsageError(f"--batch and --source {source} are two things", hint="give one of them")
    chosen = BATCH if batch else source
    if chosen and dry_run:
        raise UsageError("--dry-run reads no source", hint="`sync plan --look` reads them all and changes nothing")
    if chosen == BATCH and playlists:
        raise UsageError("a batch takes up what waits, of every playlist", hint="leave out --playlist or the batch")
    return chosen


def _arguments(
    source: str | None,
    only: tuple[str, ...],
    playlists: tuple[str, ...],
    limit: int | None,
    accept_shrink: tuple[str, ...],
) -> tuple[str, ...]:
    from engine.domain.redaction import public_address

    named = [("--source", source)] if source else []
    named += [("--only", name) for name in only] + [("--playlist", name) for name in playlists]
    named += [("--accept-shrink", name) for name in accept_shrink] + ([("--limit", str(limit))] if limit else [])
    return tuple(public_address(part) for pair in named for part in pair)
