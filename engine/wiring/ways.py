"""Makes the ways to each source of the settings: the direct one first, then the access profiles in their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.settings.model import AccessProfile, Settings
from engine.source_ports import DIRECT, Way

if TYPE_CHECKING:
    from engine.projections.rows import Access as AccessRow
    from engine.workflows.doctor import WayCondition

REACHED = ("soundcloud", "youtube")
"""The sources that are reached by access profiles."""


def ways(settings: Settings) -> dict[str, tuple[Way, ...]]:
    """Give the ways to each source, ready for use; SoundCloud's own proxy belongs to its direct way."""
    proxy = settings.soundcloud.proxy
    direct = {source: Way(name=DIRECT) for source in REACHED}
    direct["soundcloud"] = Way(name=DIRECT, proxy=proxy.reveal() if proxy else None)
    profiles = {
        source: [_way(settings, profile) for profile in settings.access if source in profile.sources]
        for source in REACHED
    }
    return {source: (direct[source], *profiles[source]) for source in REACHED}


def _way(settings: Settings, profile: AccessProfile) -> Way:
    return Way(
        name=profile.name,
        proxy=profile.proxy.reveal() if profile.proxy else None,
        cookie_file=settings.home / profile.cookies.expanduser() if profile.cookies else None,
        cookie_browser=profile.browser.lower() if profile.browser else None,
        country=profile.country.upper() if profile.country else None,
    )


def profile_conditions(settings: Settings, known: Mapping[str, AccessRow]) -> tuple[WayCondition, ...]:
    """Give each access profile as it is found, and as the journal knows it; asks nobody."""
    from engine.media.cookies import cookie_trouble
    from engine.workflows.doctor import WayCondition
    from engine.workflows.ways import via

    found = []
    for profile in settings.access:
        way = _way(settings, profile)
        trouble = cookie_trouble(way)
        failed = [f"{row.source}: {row.failure}" for row in known.values() if row.way == way.name and not row.works]
        found.append(
            WayCondition(
                way=way.name,
                via=via(way),
                trouble=(trouble.detail, trouble.hint) if trouble else None,
                failed=", ".join(sorted(failed)) or None,
            )
        )
    return tuple(found)
