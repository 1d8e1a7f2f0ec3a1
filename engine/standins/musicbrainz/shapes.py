"""Records as the JSON and the XML of web service 2: only what `inc` asks for. No HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from engine.standins.musicbrainz.records import Recording, Release, mbid

Json: TypeAlias = dict[str, Any]

HELP = "For usage, please see: https://musicbrainz.org/development/mmd"
NAMESPACE = "http://musicbrainz.org/ns/mmd-2.0#"
RELEASES_MAX = 25
"""How many releases a recording brings along."""


def recording(row: Recording, inc: frozenset[str]) -> Json:
    """Give a recording as a look-up shows it."""
    shown: Json = {
        "disambiguation": row.disambiguation,
        "id": row.mbid,
        "length": row.length_ms,
        "title": row.title,
        "video": False,
    }
    if row.first_release_date:
        shown["first-release-date"] = row.first_release_date
    if inc & {"artist-credits", "artists"}:
        shown["artist-credit"] = credits_of(row)
    if "isrcs" in inc:
        shown["isrcs"] = list(row.isrcs)
    if "genres" in inc:
        shown["genres"] = [
            {"count": votes, "disambiguation": "", "id": mbid(f"genre {name}"), "name": name}
            for name, votes in row.genres
        ]
    if "releases" in inc:
        shown["releases"] = [release(one, inc) for one in row.releases[:RELEASES_MAX]]
    return shown


def release(row: Release, inc: frozenset[str]) -> Json:
    """Give a release as a look-up shows it."""
    shown: Json = {
        "barcode": None,
        "country": row.country,
        "date": row.date,
        "disambiguation": "",
        "id": row.mbid,
        "quality": "normal",
        "status": row.status,
        "text-representation": {"language": "eng", "script": "Latn"},
        "title": row.title,
    }
    if "release-groups" in inc:
        shown["release-group"] = _group(row)
    if "labels" in inc:
        shown["label-info"] = [
            {"catalog-number": None, "label": {"id": mbid(f"label {name}"), "name": name}} for name in row.labels
        ]
    return shown


def found(row: Recording, score: int) -> Json:
    """Give a recording as a search shows it."""
    shown: Json = {
        "id": row.mbid,
        "score": score,
        "title": row.title,
        "video": None,
        "artist-credit": credits_of(row),
        "releases": [
            {
                "id": one.mbid,
                "count": 1,
                "title": one.title,
                "status": one.status,
                "release-group": _group(one),
                "date": one.date,
                "country": one.country,
            }
            for one in row.releases
        ],
    }
    if row.length_ms is not None:
        shown["length"] = row.length_ms
    if row.first_release_date:
        shown["first-release-date"] = row.first_release_date
    if row.isrcs:
        shown["isrcs"] = list(row.isrcs)
    return shown


def credits_of(row: Recording) -> list[Json]:
    """Give who a recording is by."""
    return [
        {
            "artist": {"disambiguation": "", "id": mbid(f"artist {name}"), "name": name, "sort-name": name},
            "joinphrase": joined,
            "name": name,
        }
        for name, joined in row.credits
    ]


def _group(row: Release) -> Json:
    primary, *secondary = row.kinds
    return {
        "id": mbid(f"release group {row.group_title}"),
        "primary-type": primary,
        "secondary-types": secondary,
        "title": row.group_title,
    }


def as_xml(kind: str, rows: Iterable[Json]) -> bytes:
    """Give an answer as the XML that is sent when nobody asks for JSON; what it holds beyond names is left out."""
    inside = "".join(
        f"<{kind} id={quoteattr(row['id'])}><title>{escape(row['title'])}</title></{kind}>" for row in rows
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="{NAMESPACE}">{inside}</metadata>'.encode()


def error_xml(text: str) -> bytes:
    """Give a refusal as XML."""
    lines = f"<text>{escape(text)}</text><text>{escape(HELP)}</text>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<error>{lines}</error>'.encode()
