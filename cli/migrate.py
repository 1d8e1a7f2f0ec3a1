"""`sync migrate`: the journal's schema and rows up to date."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("migrate", "sync migrate")
def command(invocation: Invocation, *, as_json: bool) -> None:
    """Bring the journal's schema up to date, step by step, after a backup. Does nothing when it is."""
    from engine.wiring.keeping import migrate

    app = invocation.app()
    done = migrate(app.settings, app.reached)
    if as_json:
        emit_json({"applied": done.applied, "backup": str(done.backup) if done.backup else None})
        return
    click.echo(f"applied: {', '.join(done.applied)}" if done.applied else "nothing to do: the schema is up to date")
    if done.backup:
        click.echo(f"the journal as it was: {done.backup}")
