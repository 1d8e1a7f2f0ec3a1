"""`sync rematch`: what another matching policy would decide otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation
from cli.working import progress_of

if TYPE_CHECKING:
    from engine.wiring.app import App
    from engine.workflows.rematch import Rematched

CHANGES_PENDING = 10


@declare_command("rematch", "sync rematch --policy stricter.toml --dry-run")
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="TOML with a [matching] table; the settings in force without it.",
)
@click.option("--dry-run", is_flag=True, help="List what would change; that is all it does without --plan as well.")
@click.option("--plan", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan of it to a file.")
@click.option("--allow-removals", type=click.IntRange(min=0), default=0, metavar="N", help="For this plan only.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 10 when something would change.")
@click.pass_context
def command(
    ctx: click.Context,
    invocation: Invocation,
    policy_file: Path | None,
    out: Path | None,
    allow_removals: int,
    *,
    dry_run: bool,
    detailed_exitcode: bool,
    as_json: bool,
) -> None:
    """Decide everything again under the policy in FILE, over what is recorded, and list what would be otherwise.

    No network, no files. What you decided yourself is left alone. Nothing changes until a plan of it is applied.
    """
    if dry_run and out is not None:
        raise click.UsageError("give --dry-run or --plan FILE, not both")
    from engine.settings.policy_file import read_matching
    from engine.wiring.app import matching_policy
    from engine.workflows.rematch import rematch

    app = invocation.app()
    app.progress = progress_of(app)
    matching = read_matching(policy_file.expanduser()) if policy_file else app.settings.matching
    found = rematch(app.world(), matching_policy(matching))
    digest = _written(app, found, out, allow_removals) if out is not None else None
    if as_json:
        emit_json({"rematch": found, "plan": digest})
    else:
        from cli.render.rematch import rematch_text

        click.echo(rematch_text(found, whole=invocation.verbose, out=str(out) if out else None))
    ctx.exit(CHANGES_PENDING if detailed_exitcode and found.replay.differences else 0)


def _written(app: App, found: Rematched, out: Path, allow_removals: int) -> str:
    from engine.workflows.plan_file import write_plan
    from engine.workflows.rematch import rematch_plan

    plan = rematch_plan(app.world(), found, allow_removals)
    write_plan(plan, out.expanduser(), app.reached)
    return plan.digest
