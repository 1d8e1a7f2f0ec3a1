"""`sync login`: let a service be asked in a person's name."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Callable

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation

TIMEOUT_S = 300.0
PORT_MAX = 65_535


@declare_command("login", "sync login spotify")
@click.argument("service", type=click.Choice(["spotify"]))
@click.option("--no-browser", is_flag=True, help="Print the address only; open it yourself, on this machine.")
@click.option("--paste", is_flag=True, help="The browser is on another machine: paste the address it ends at.")
@click.option(
    "--timeout", "timeout_s", default=TIMEOUT_S, show_default=True, metavar="SECONDS", help="How long to wait."
)
@click.option(
    "--port", default=0, type=click.IntRange(0, PORT_MAX), help="Come back to this port of 127.0.0.1; any by default."
)
def command(
    invocation: Invocation,
    service: str,
    *,
    no_browser: bool,
    paste: bool,
    timeout_s: float,
    port: int,
    as_json: bool,
) -> None:
    """Agree in the browser that SERVICE may be read; the login is kept in the home, for your eyes only.

    Exit code 2 when something is missing, 20 when the login was refused, 75 when nobody agreed in time.
    """
    from engine.workflows.login import log_in

    app = invocation.app()
    found = log_in(
        app.journal,
        app.seeing.spotify.door,
        _show(opens=not no_browser and not paste),
        port=port,
        timeout_s=timeout_s,
        typed=_typed if paste else None,
    )
    if as_json:
        emit_json(found)
        return
    from cli.render.words import moment

    until = f"; the login ends by itself on {moment(found.expires_us)}" if found.expires_us is not None else ""
    whom = f" as {found.account}" if found.account else ", which does not say as whom just now"
    click.echo(f"logged in to {service}{whom}{until} (event {found.seq})")
    click.echo("next: sync follow spotify:playlists, sync follow spotify:liked")


def _show(*, opens: bool) -> Callable[[str], None]:
    """Give what shows the address: always on stderr, and in a browser where a window can open."""

    def show(url: str) -> None:
        click.echo(f"open this page and agree:\n{url}", err=True)
        if opens and has_window():
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()  # some come back when closed

    return show


def _typed(wrong: str) -> str | None:
    """Ask for the address at which the browser ended; the page itself cannot be shown there, and need not be."""
    asked = "the browser ends at a page that cannot be opened; paste its whole address here:"
    click.echo(f"{wrong}; {asked}" if wrong else asked, err=True)
    return sys.stdin.readline() or None


def has_window() -> bool:
    """Say whether a browser could open a window here; one in the terminal would take the terminal."""
    on_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("BROWSER")
    return sys.platform in ("darwin", "win32") or bool(on_screen)
