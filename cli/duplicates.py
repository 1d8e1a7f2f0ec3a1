"""`sync duplicates`: what is there more than once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation
from cli.working import progress_of

if TYPE_CHECKING:
    from engine.wiring.app import App
    from engine.workflows.duplicates import Found

CHANGES_PENDING = 10
NEEDS_PERSON = 21


@declare_command("duplicates", "sync duplicates; sync duplicates --plan once.plan.json")
@click.option(
    "--plan", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write what would follow to a file."
)
@click.option("--allow-removals", type=click.IntRange(min=0), default=0, metavar="N", help="For this plan only.")
@click.option("--ask", is_flag=True, help="Open the pairs that evidence cannot decide as questions.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 10 when there is something to do.")
@click.pass_context
def command(
    ctx: click.Context,
    invocation: Invocation,
    out: Path | None,
    allow_removals: int,
    *,
    ask: bool,
    detailed_exitcode: bool,
    as_json: bool,
) -> None:
    """List what library, Notion and Eagle hold more than once, with the evidence, and say which one would stay.

    Equal names alone never make a group. Nothing is changed by the report; `sync apply` carries out a plan made of it,
    and removes into trashes only.
    """
    from engine.workflows.duplicates import find_duplicates

    app = invocation.app()
    app.progress = progress_of(app)
    found = find_duplicates(app.world())
    asked = _asked(app, found) if ask else None
    digest = _written(app, found, out, allow_removals) if out is not None else None
    if as_json:
        emit_json({"duplicates": found.report, "asked": asked, "plan": digest})
    else:
        from cli.render.duplicates import duplicates_text

        click.echo(duplicates_text(found.report, whole=invocation.verbose, asked=asked, out=str(out) if out else None))
    ctx.exit(_exit_code(found, detailed=detailed_exitcode))


def _asked(app: App, found: Found) -> int:
    from engine.workflows.duplicates import ask_about

    return ask_about(app.world(), found, ("--ask",))


def _written(app: App, found: Found, out: Path, allow_removals: int) -> str:
    from engine.workflows.duplicates import plan_of
    from engine.workflows.plan_file import write_plan

    plan = plan_of(app.world(), found, allow_removals)
    write_plan(plan, out.expanduser(), app.reached)
    return plan.digest


def _exit_code(found: Found, *, detailed: bool) -> int:
    if found.report.asked or found.report.cuts:
        return NEEDS_PERSON
    return CHANGES_PENDING if detailed and found.report.groups else 0
