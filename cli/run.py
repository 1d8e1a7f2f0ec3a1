"""`sync run`: one run."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state
from cli.invocation import Invocation


@declare_command("run", "sync run last")
@click.argument("run_id", metavar="ID")
@at_option
def command(invocation: Invocation, run_id: str, at: str | None, *, as_json: bool) -> None:
    """Show what the run ID (or the start of it, or `last`) appended, did and asked for."""
    from engine.workflows.runs import run

    app = invocation.app()
    found = run(app.journal, read_state(app, at, ("runs", "actions")), run_id)
    if as_json:
        emit_json(found)
        return
    from cli.render.history import run_text

    click.echo(run_text(found))
