"""The program's entry: parses the global options, runs one command, turns faults into words and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from cli.failure import exit_code_of
from cli.invocation import Invocation
from cli.lazy import LazyGroup


def _show_version(ctx: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's signature
    if asked:
        from importlib.metadata import version

        click.echo(f"cratelog {version('cratelog')}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: sync init && sync follow https://soundcloud.com/you/sets/crate && sync reconcile",
)
@click.option("--home", type=click.Path(file_okay=False), help="Where journal and settings live.")
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what happens, secrets redacted.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show it.")
@click.pass_context
def root(ctx: click.Context, home: str | None, *, verbose: bool) -> None:
    """Keep playlists, audio files, Notion and Eagle in step, and be able to prove it."""
    ctx.obj = Invocation(home=home, verbose=verbose)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    try:
        code = root.main(args=None if arguments is None else list(arguments), prog_name="sync", standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - the one place where every fault becomes words and a number
        return exit_code_of(error)
    return code if isinstance(code, int) else 0


def main() -> None:
    """Be the console script."""
    sys.exit(run())
