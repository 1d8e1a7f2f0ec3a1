"""`sync conflicts`: what needs a decision."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_json, read_state
from cli.invocation import Invocation

NEEDS_PERSON = 21


@declare_command("conflicts", "sync conflicts")
@at_option
@click.pass_context
def command(ctx: click.Context, invocation: Invocation, at: str | None, *, as_json: bool) -> None:
    """List what you and Cratelog both changed, or what is there twice. Nothing of it is written until you decide."""
    from engine.workflows.conflicts import READS, open_conflicts

    found = open_conflicts(read_state(invocation.app(), at, READS))
    if as_json:
        emit_json({"conflicts": found})
    else:
        from cli.render.decisions import conflicts_text

        click.echo(conflicts_text(found))
    ctx.exit(NEEDS_PERSON if found else 0)
