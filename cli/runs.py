"""`sync runs`: the runs."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state
from cli.invocation import Invocation

SHOWN = 20


@declare_command("runs", "sync runs --limit 5")
@click.option("--limit", type=click.IntRange(min=1), default=SHOWN, show_default=True, metavar="N", help="At most N.")
@at_option
def command(invocation: Invocation, limit: int, at: str | None, *, as_json: bool) -> None:
    """List runs, newest first: what they did and how they ended."""
    from engine.workflows.runs import runs

    rows = runs(read_state(invocation.app(), at, ("runs",)), limit)
    if as_json:
        emit_json({"runs": rows})
        return
    from cli.render.history import runs_text

    click.echo(runs_text(rows))
