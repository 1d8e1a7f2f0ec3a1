"""`sync upgrades`: what could be had better, or from elsewhere."""

from __future__ import annotations

import click

from cli.command import at_option, declare_command, emit_decided, emit_json, read_state
from cli.invocation import Invocation


@declare_command("upgrades", 'sync upgrades; sync upgrades "First Light" --take')
@click.argument("thing", nargs=-1)
@click.option("--take", "taking", is_flag=True, help="Take what is proposed for THING.")
@click.option("--from", "ref", metavar="REF", help="From this sighting; needed when several are proposed.")
@click.option("--keep", "keeping", is_flag=True, help="Take nothing for THING, and take back what was taken.")
@at_option
def command(
    invocation: Invocation,
    thing: tuple[str, ...],
    ref: str | None,
    at: str | None,
    *,
    taking: bool,
    keeping: bool,
    as_json: bool,
) -> None:
    """List better audio and other sources for recordings; nothing is fetched until you take it.

    A file that is there makes way only for a verified one of better or equal quality, and goes to the trash.
    """
    from engine.workflows.upgrades import keep, offers, take

    if taking or keeping:
        if not thing or taking is keeping:
            raise click.UsageError("name a recording, and say --take or --keep")
        journal, said = invocation.app().journal, " ".join(thing)
        emit_decided(take(journal, said, ref) if taking else keep(journal, said), as_json=as_json)
        return
    if thing or ref:
        raise click.UsageError("say --take or --keep, or name nothing to list what is proposed")
    found = offers(read_state(invocation.app(), at))
    if as_json:
        emit_json({"upgrades": found})
        return
    from cli.render.upgrades import upgrades_text

    click.echo(upgrades_text(found))
