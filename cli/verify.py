"""`sync verify`: prove that the journal is what was written."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation

INTEGRITY = 30


@declare_command("verify", "sync verify")
@click.pass_context
def command(ctx: click.Context, invocation: Invocation, *, as_json: bool) -> None:
    """Check chain, numbering, guards, anchors and projections. Changes nothing."""
    from engine.wiring.keeping import verify

    found = verify(invocation.settings())
    if as_json:
        emit_json({"events": found.events, "sound": found.sound, "findings": found.findings})
    else:
        from cli.render.keeping import verify_text

        click.echo(verify_text(found))
    ctx.exit(0 if found.sound else INTEGRITY)
