"""One invocation: the global options, and the App built when a command first asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.settings.model import Settings
    from engine.wiring.app import App


class Invocation:
    """What was said before the command's name."""

    def __init__(self, *, home: str | None = None, verbose: bool = False) -> None:
        self.home = home
        self.verbose = verbose

    def settings(self, flags: Mapping[str, object] | None = None) -> Settings:
        """Give the settings in force; `flags` are dotted key → value, None meaning not given."""
        from pathlib import Path

        from engine.settings.load import load

        settings = load(home=Path(self.home) if self.home else None, flags=flags)
        context = click.get_current_context(silent=True)
        if context is not None and settings.process.no_color:
            context.color = False
        if self.verbose:
            self._speak_up(settings)
        return settings

    def app(self, flags: Mapping[str, object] | None = None) -> App:
        """Give the App; nothing of it is opened yet."""
        from engine.wiring.app import App

        app = App(settings=self.settings(flags))
        if context := click.get_current_context(silent=True):
            context.call_on_close(app.close)
        return app

    def _speak_up(self, settings: Settings) -> None:
        from cli import diagnostics
        from engine.settings.describe import secret_texts

        diagnostics.hide(secret_texts(settings))
        diagnostics.speak_up()
