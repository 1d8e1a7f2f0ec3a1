"""`sync init`: a home with settings, journal and a marked library."""

from __future__ import annotations

from pathlib import Path

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation


@declare_command("init", "sync init --library ~/Music/Crate --playlist https://soundcloud.com/you/sets/crate")
@click.option("--library", type=click.Path(path_type=Path, file_okay=False), help="Where audio files shall live.")
@click.option("--playlist", "playlists", multiple=True, metavar="URL", help="A playlist to keep in step; repeatable.")
def command(invocation: Invocation, library: Path | None, playlists: tuple[str, ...], *, as_json: bool) -> None:
    """Create the home, a commented cratelog.toml, the journal and the library folder. Overwrites nothing."""
    from engine.settings.home import FOLDERS, TOML_NAME
    from engine.settings.template import template
    from engine.workflows.init import create_home

    root = library.expanduser().absolute() if library else None
    app = invocation.app({"library.root": root})
    text = template({"library.root": str(root)} if root else {}, playlists)
    created = create_home(
        home=app.settings.home,
        folders=FOLDERS,
        toml=(TOML_NAME, text),
        library=app.settings.library_root,
        mark_library=app.mark_library,
        make_journal=app.make_journal,
    )
    if as_json:
        emit_json(created)
        return
    click.echo(f"home: {created.home}")
    click.echo(f"library: {created.library}")
    click.echo(f"made: {', '.join(created.made) or 'nothing, all of it was there'}")
    if created.kept:
        click.echo(f"kept as it was: {', '.join(created.kept)}")
    if TOML_NAME in created.kept and (root or playlists):
        click.echo(f"note: {TOML_NAME} was there, so --library and --playlist were not written into it")
    follow = "" if playlists else "`sync follow URL`, "
    click.echo(f"next: edit {created.home}/{TOML_NAME}, then {follow}`sync doctor`, then `sync plan --look`")
