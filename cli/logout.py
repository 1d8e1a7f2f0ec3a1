"""`sync logout`: forget a login."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("logout", "sync logout spotify")
@click.argument("service", type=click.Choice(["spotify"]))
def command(invocation: Invocation, service: str, *, as_json: bool) -> None:
    """Forget the login to SERVICE; what was seen with it stays."""
    from engine.workflows.login import log_out

    app = invocation.app()
    seq = log_out(app.journal, app.seeing.spotify.door)
    if as_json:
        emit_json({"source": service, "seq": seq})
    elif seq is None:
        click.echo(f"nobody was logged in to {service}")
    else:
        click.echo(f"logged out of {service} (event {seq})")
    if app.settings.spotify.refresh_token is not None:
        click.echo("the settings still hold a refresh token (spotify.refresh_token), which logs in as well", err=True)
