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
        copy = str(done.backup) if done.backup else None
        emit_json({"applied": done.applied, "backup": copy, "rebuilt": done.rebuilt})
        return
    if done.applied:
        click.echo(f"applied: {', '.join(done.applied)}")
    if done.rebuilt:
        click.echo("rebuilt: the rows were folded again from the events, by this version's rules")
    if not (done.applied or done.rebuilt):
        click.echo("nothing to do: schema and rows are up to date")
    if done.backup:
        click.echo(f"the journal as it was: {done.backup}")
