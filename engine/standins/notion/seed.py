"""A music collector's workspace as people really keep it: property names and kinds, and ids that never change."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from engine.standins.notion.standin import NotionStandin

_NAMES = uuid.UUID("8c2a0f1e-6b0d-5c57-8a0c-3c1f5d9b7e10")
_PLATFORMS = ["SoundCloud", "Spotify", "YouTube"]
_PRIORITIES = ["Critical", "High", "Medium", "Low"]
_PROCESSING = ["Files Imported to Eagle", "Audio Analysis Complete"]

_TRACKS: Mapping[str, Any] = {
    "Title": "title",
    **dict.fromkeys(("Artist Name", "Album", "Label", "Remixer", "ISRC", "Key ", "Spotify ID"), "rich_text"),
    **dict.fromkeys(("WAV File Path", "AIFF File Path", "M4A File Path", "Eagle File ID"), "rich_text"),
    **{
        f"{kind} Fingerprint{part}": "rich_text"
        for kind in ("WAV", "AIFF", "M4A")
        for part in ("", " Part 2", " Part 3")
    },
    "Genre": ("select", ["House", "Techno", "Ambient"]),
    **dict.fromkeys(("Release Date", "Processing Timestamp", "Last Used"), "date"),
    **dict.fromkeys(("Downloaded", "Fallback Used"), "checkbox"),
    "Audio Processing": ("multi_select", _PROCESSING),
    "Audio Processing Status": ("multi_select", _PROCESSING),
    **dict.fromkeys(("Tempo", "Audio Duration (seconds)", "Duration (ms)", "Audio LUFS Level"), "number"),
    **dict.fromkeys(("Audio Sample Rate", "BitRate", "Audio File Size (MB)", "SoundCloud ID"), "number"),
    **dict.fromkeys(("SoundCloud URL", "Spotify URL", "YouTube URL"), "url"),
    "Download Source": ("select", _PLATFORMS),
    "Priority": ("select", _PRIORITIES),
    "Rating": ("select", ["★", "★★", "★★★"]),
    "Notes": "rich_text",
    "DJ Sessions": ("multi_select", []),
    "Sets/Mixes": "rich_text",
    "Created": "created_time",
    "Last Edited": "last_edited_time",
}
_PLAYLISTS: Mapping[str, Any] = {
    "Name": "title",
    "Source": ("select", _PLATFORMS),
    "Source URL": "url",
    "Spotify URL": "url",
    "Spotify ID": "rich_text",
    "Track Count": "number",
    "Last Synced": "date",
}
_ARTISTS: Mapping[str, Any] = {"Name": "title", "Spotify ID": "rich_text", "Genres": ("multi_select", [])}
_AGENT_TASKS: Mapping[str, Any] = {
    "Task Name": "title",
    "Status": ("status", ["Ready", "Not Started", "In Progress", "Blocked", "Done"]),
    "Priority": ("select", _PRIORITIES),
    **dict.fromkeys(("Description", "Next Required Step", "Success Criteria"), "rich_text"),
    "Task Type": ("select", []),
    "Tags": ("multi_select", []),
}
_EXECUTION_LOGS: Mapping[str, Any] = {
    "Name": "title",
    "Start Time": "date",
    "End Time": "date",
    **dict.fromkeys(("Duration (s)", "Error Count", "Warning Count"), "number"),
    "Status": ("select", ["Success", "Failed", "Partial", "Running", "Paused", "Cancelled"]),
    "Final Status": ("select", ["Success", "Failed", "Partial", "Running", "Paused", "Cancelled"]),
    **dict.fromkeys(("Run ID", "Errors (JSON)", "Metrics", "Plain-English Summary"), "rich_text"),
}
_AGENTS: Mapping[str, Any] = {"Name": "title"}
_DATABASES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "tracks": ("Music Tracks", _TRACKS),
    "playlists": ("Playlists", _PLAYLISTS),
    "artists": ("Artists", _ARTISTS),
    "agents": ("Agents", _AGENTS),
    "agent_tasks": ("Agent-Tasks", _AGENT_TASKS),
    "execution_logs": ("Execution-Logs", _EXECUTION_LOGS),
}


def music_ids() -> dict[str, str]:
    """Give the fixed ids: `tracks`, `tracks_source`, `playlists`, `playlists_source` and so on."""
    return {key + ending: str(uuid.uuid5(_NAMES, key + ending)) for key in _DATABASES for ending in ("", "_source")}


def seed_music_workspace(standin: NotionStandin) -> dict[str, str]:
    """Make the workspace, unless it is there already, and give its ids (see `music_ids`)."""
    ids = music_ids()
    if ids["tracks"] in standin.store.databases:
        return ids
    for key, (title, columns) in _DATABASES.items():
        standin.create_database(title, columns, ids=(ids[key], ids[f"{key}_source"]))
    standin.add_column(ids["tracks_source"], "Playlists", ("relation", ids["playlists_source"], "Tracks"))
    standin.add_column(ids["tracks_source"], "Artist", ("relation", ids["artists_source"], "Tracks"))
    standin.add_column(ids["tracks_source"], "Goes With:", ("relation", ids["tracks_source"]))
    standin.add_column(ids["agent_tasks_source"], "Assigned-Agent", ("relation", ids["agents_source"], "Tasks"))
    return ids
