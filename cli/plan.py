"""`sync plan`: what would be done."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation
from cli.scope import scope_of, scope_options

CHANGES_PENDING = 10


@declare_command("plan", "sync plan --out monday.plan.json && sync apply monday.plan.json")
@scope_options
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan to a file.")
@click.option("--allow-removals", type=click.IntRange(min=0), default=0, metavar="N", help="For this plan only.")
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
    as_json: bool,
) -> None:
    """Show what would be done, from what was last seen. Changes nothing, anywhere."""
    from engine.workflows.plan_file import make_plan, write_plan

    app = invocation.app()
    scope = scope_of(app, only, playlists, limit, allow_removals=allow_removals)
    plan = make_plan(app.world(), scope)
    if out is not None:
        write_plan(plan, out.expanduser(), app.reached)
    if as_json:
        emit_json({"digest": plan.digest, "plan": plan})
    else:
        from cli.render.plan import plan_text

        click.echo(plan_text(plan, str(out) if out else None))
    ctx.exit(CHANGES_PENDING if detailed_exitcode and plan.actions else 0)
