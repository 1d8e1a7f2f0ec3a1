"""`sync config`: every setting in force and where it came from, secrets masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.command import declare_command, emit_json
from cli.invocation import Invocation

if TYPE_CHECKING:
    from engine.settings.describe import SettingRow


@declare_command("config", "sync config --set")
@click.option("--set", "only_set", is_flag=True, help="Leave out what has its default.")
def command(invocation: Invocation, *, only_set: bool, as_json: bool) -> None:
    """Show every setting, its value and where it came from: a line of the TOML, .env, the environment or a flag."""
    from cli.render.table import table
    from engine.settings.describe import config_hash, config_rows

    settings = invocation.settings()
    rows = [row for row in config_rows(settings) if not only_set or row.origin != "default"]
    if as_json:
        emit_json({"home": str(settings.home), "config_hash": config_hash(settings), "settings": rows})
        return
    click.echo(table(("setting", "value", "from"), [_line(row) for row in rows]))
    click.echo(f"\ntargets switched on: {', '.join(settings.targets)}")


def _line(row: SettingRow) -> tuple[str, str, str]:
    return row.key, _shown(row.value) + (" (no effect yet)" if row.idle else ""), row.origin


def _shown(value: object) -> str:
    if value is None or value in ([], {}):
        return "–"
    if isinstance(value, dict | list):
        import json

        return json.dumps(value, ensure_ascii=False)
    return "yes" if value is True else "no" if value is False else str(value)
