"""`sync enrich`: ask providers for facts."""

from __future__ import annotations

import click

from cli.command import declare_command
from cli.invocation import Invocation
from cli.signals import finishing_gently
from cli.working import finish, progress_of


@declare_command("enrich", 'sync enrich "Roygbiv" --again')
@click.argument("thing", nargs=-1, metavar="[THING]")
@click.option("--again", is_flag=True, help="Ask everybody anew, whenever they were last asked.")
@click.pass_context
def command(ctx: click.Context, invocation: Invocation, thing: tuple[str, ...], *, again: bool, as_json: bool) -> None:
    """Ask for facts about a recording, a playlist, or whatever is due; the next reconcile shows them."""
    from engine.workflows.enrich_now import enrich_now

    app = invocation.app()
    app.progress = progress_of(app)
    arguments = (*thing, *(("--again",) if again else ()))
    with finishing_gently(app.stop):
        result = enrich_now(app.world(), " ".join(thing) or None, arguments, again=again)
    finish(ctx, app, result, as_json=as_json)
