"""Makes what tries a way to an address, for `sync access test`."""

from __future__ import annotations

from collections.abc import Callable

from engine.source_ports import WayTester
from engine.wiring.app import App, media_config


def way_tester(app: App) -> Callable[[str], WayTester]:
    """Give what makes a tester for a source; its requests wait for their place in that source's rate limit."""

    def make(source: str) -> WayTester:
        from engine.media.probe import ExtractorTester

        return ExtractorTester(media_config(app.settings), source, lambda: app.pace(source))

    return make
