"""`sync doctor`: what is wrong with this machine, and the fix."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("doctor", "sync doctor --online")
@click.option("--online", is_flag=True, help="Also ask every remote one read-only question.")
@click.pass_context
def command(ctx: click.Context, invocation: Invocation, *, online: bool, as_json: bool) -> None:
    """Check programs, folders, clock, settings, journal and, if asked, remotes; exit code 20 if anything is broken."""
    from engine.wiring.condition import condition
    from engine.workflows.doctor import diagnose

    found = diagnose(condition(invocation.app(), online=online))
    if as_json:
        emit_json(found)
    else:
        from cli.render.doctor import doctor_text

        click.echo(doctor_text(found))
    ctx.exit(int(found.exit_code))
