"""`sync access`: the ways to each source, and which of them leads to an address."""

from __future__ import annotations

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("access", "sync access test https://soundcloud.com/artist/track")
@click.argument("verb", required=False, type=click.Choice(["test"]))
@click.argument("url", required=False)
@click.pass_context
def command(ctx: click.Context, invocation: Invocation, verb: str | None, url: str | None, *, as_json: bool) -> None:
    """List the ways to each source with how they last did; or, with `test URL`, try every way to URL once.

    A trial downloads nothing. Exit code 0 when a way leads there, 75 when all that is in the way passes by itself, 20
    otherwise.
    """
    if verb is None:
        _list(invocation, as_json=as_json)
        return
    if url is None:
        raise click.UsageError("what shall be tested? `sync access test URL`")
    _test(ctx, invocation, url, as_json=as_json)


def _list(invocation: Invocation, *, as_json: bool) -> None:
    from engine.wiring.ways import ways
    from engine.workflows.ways import list_ways

    app = invocation.app()
    rows = list_ways(ways(app.settings), app.journal.state(only=("access",)).access)
    if as_json:
        emit_json({"ways": rows})
        return
    from cli.render.access import ways_text

    click.echo(ways_text(rows))


def _test(ctx: click.Context, invocation: Invocation, url: str, *, as_json: bool) -> None:
    from engine.wiring.trial import way_tester
    from engine.wiring.ways import ways
    from engine.workflows.ways import try_ways

    app = invocation.app()
    found = try_ways(app.journal, app.seeing.access, way_tester(app), app.sources, ways(app.settings), url)
    if as_json:
        emit_json(found)
    else:
        from cli.render.access import trial_text

        click.echo(trial_text(found))
    ctx.exit(int(found.exit_code))
