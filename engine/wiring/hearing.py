"""Joins what listens to a file: the media tools and the tags of files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.workflows.match import hear

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.domain.failure import Problem
    from engine.matching.things import Thing
    from engine.wiring.app import App


def listener(app: App) -> Callable[[Path], Thing | Problem]:
    """Give what listens to a file."""
    from engine.media.tags import read_tags

    return partial(hear, media=app.media, tags_of=read_tags)
