"""`sync replay`: fold the journal again and compare."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("replay", "sync replay")
@click.pass_context
def command(ctx: click.Context, invocation: Invocation, *, as_json: bool) -> None:
    """Fold every event again, in memory, and compare the result with the live rows. Changes nothing."""
    from engine.wiring.keeping import replay

    found = replay(invocation.settings())
    if as_json:
        emit_json(found)
    else:
        from cli.render.keeping import replay_text

        click.echo(replay_text(found))
    ctx.exit(int(found.exit_code))
