"""`sync apply`: carry out a plan file."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command import declare_command
from cli.invocation import Invocation
from cli.signals import finishing_gently
from cli.working import finish, progress_of


@declare_command("apply", "sync apply monday.plan.json --strict")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--strict", is_flag=True, help="All or nothing: refuse the plan when any action is stale.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Actions under way at once.")
@click.pass_context
def command(
    ctx: click.Context, invocation: Invocation, file: Path, workers: int | None, *, strict: bool, as_json: bool
) -> None:
    """Carry out the plan in FILE. An action whose precondition no longer holds is left out."""
    from engine.workflows.plan_file import apply_plan, read_plan

    plan = read_plan(file.expanduser())
    arguments = (str(file), *(("--strict",) if strict else ()))
    app = invocation.app({"limits.workers": workers})
    app.progress = progress_of(app)
    with finishing_gently(app.stop):
        result = apply_plan(app.world(), plan, strict=strict, arguments=arguments)
    finish(ctx, app, result, as_json=as_json)
