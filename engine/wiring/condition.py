"""Looks at the machine, the settings, the journal and, if asked, the remotes, for `sync doctor`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.domain.errors import EngineError
from engine.domain.failure import Problem
from engine.machine.condition import look_at, package_version, python_version, sqlite_version
from engine.media.config import MediaConfig
from engine.media.tools import find_tools
from engine.projections.rows import Access as AccessRow
from engine.settings.model import Settings
from engine.wiring.app import App
from engine.wiring.ways import profile_conditions
from engine.workflows.doctor import Condition, ProviderCondition, YouTubeNeeds
from engine.workflows.logins import LoginStanding, standings
from engine.workflows.lookup import known_playlists
from engine.workflows.reachability import reach_all


def condition(app: App, *, online: bool) -> Condition:
    """Give everything that is judged, as it was found."""
    settings = app.settings
    logins: tuple[LoginStanding, ...] = ()
    failing: Mapping[str, AccessRow] = {}
    journal_problem, last_us, urls = None, None, [playlist.url for playlist in settings.playlists]
    try:
        head = app.journal.head().seq
        last_us = max((event.recorded_us for event in app.journal.read(after=head - 1)), default=None)
        followed = known_playlists(app.journal.state(only=("playlists",))).values()
        credentials = app.journal.state(only=("credentials",)).credentials
        failing = app.journal.state(only=("access",)).access
        logins = tuple(standings(credentials.values(), app.clock.now_us()))
        urls = list(dict.fromkeys([*urls, *(row.url for row in followed if row.active)]))
    except EngineError as error:
        journal_problem = (error.detail, error.hint)
    tools = find_tools(MediaConfig())
    asked = online and journal_problem is None
    token = settings.notion.token.reveal() if settings.notion.token else ""
    return Condition(
        now_us=app.clock.now_us(),
        python=python_version(),
        sqlite=sqlite_version(),
        ffmpeg=None if isinstance(tools, Problem) else tools.ffmpeg_version,
        extractor=package_version("yt-dlp"),
        folders=(look_at("home", settings.home), look_at("library", settings.library_root)),
        journal_problem=journal_problem,
        journal_last_us=last_us,
        targets=settings.targets,
        playlists=len(urls),
        notion_access="missing" if not token else "present" if token.startswith(("ntn_", "secret_")) else "odd",
        notion_tracks=settings.notion.databases.tracks is not None,
        reached=tuple(reach_all(app.targets.values(), app.sources, urls)) if asked else None,
        logins=logins,
        ways=profile_conditions(settings, failing),
        providers=_providers(settings),
        youtube=_youtube(app, urls),
    )


def _youtube(app: App, urls: Sequence[str]) -> YouTubeNeeds:
    from engine.sources.youtube import needs

    profiles = [profile for profile in app.settings.access if "youtube" in profile.sources]
    return YouTubeNeeds(
        runtimes=needs.runtimes(),
        solver=needs.solver(),
        solver_wanted=needs.solver_wanted(),
        impersonation=needs.impersonation(),
        cookies=any(profile.cookies or profile.browser for profile in profiles),
        followed=any(app.seeing.youtube.recognises(url) for url in urls),
    )


def _providers(settings: Settings) -> tuple[ProviderCondition, ...]:
    """Say of every provider of facts that is asked whether it was given what it needs."""
    given = {
        "spotify": settings.spotify.client_id is not None,
        "musicbrainz": bool(settings.enrichment.contact),
        "acoustid": settings.enrichment.acoustid_key is not None,
    }
    return tuple(ProviderCondition(provider=name, equipped=given[name]) for name in settings.enrichment.providers)
