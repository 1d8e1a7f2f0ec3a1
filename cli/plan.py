"""`sync plan`: what would be done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.command import declare_command
from cli.invocation import Invocation
from cli.planned import show_plan
from cli.scope import scope_of, scope_options
from cli.signals import finishing_gently
from cli.working import progress_of

if TYPE_CHECKING:
    from engine.wiring.app import App
    from engine.workflows.report import Trouble

CHANGES_PENDING = 10


@declare_command("plan", "sync plan --out monday.plan.json && sync apply monday.plan.json")
@scope_options
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan to a file.")
@click.option("--allow-removals", type=click.IntRange(min=0), default=0, metavar="N", help="For this plan only.")
@click.option("--look", is_flag=True, help="Read sources and targets first; writes to none of them.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 10 when there is something to do.")
@click.pass_context
def command(
    ctx: click.Context,
    invocation: Invocation,
    out: Path | None,
    allow_removals: int,
    only: tuple[str, ...],
    playlists: tuple[str, ...],
    limit: int | None,
    *,
    detailed_exitcode: bool,
    look: bool,
    as_json: bool,
) -> None:
    """Show what would be done, from what was last seen. Changes nothing, anywhere.

    With --look, what is there now is read first and noted in the journal; nothing else is written.
    """
    from engine.workflows.plan_file import make_plan, write_plan

    app = invocation.app()
    scope = scope_of(app, only, playlists, limit, allow_removals=allow_removals)
    looked, troubles = _look(app) if look else (0, None)
    plan = make_plan(app.world(), scope)
    if out is not None:
        write_plan(plan, out.expanduser(), app.reached)
    show_plan(app, plan, as_json=as_json, whole=invocation.verbose, out=out, troubles=troubles)
    ctx.exit(looked or (CHANGES_PENDING if detailed_exitcode and plan.actions else 0))


def _look(app: App) -> tuple[int, tuple[Trouble, ...]]:
    from engine.workflows.look import look
    from engine.workflows.report import report

    app.progress = progress_of(app)
    with finishing_gently(app.stop):
        seen = look(app.world())
    return int(seen.exit_code), report(app.journal, seen.run_id, seen.problems).troubles
