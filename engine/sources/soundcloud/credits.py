"""Who made a track, by rank of evidence: publisher, then title, then uploader (F73). Pure.

A slug, a nameless account and a label are nobody's artist name.
"""

from __future__ import annotations

import re

from engine.sources import wording
from engine.sources.soundcloud.records import Record, inner

_NAMELESS = re.compile(r"user[\s_-]?\d{3,}", re.IGNORECASE)  # what SoundCloud calls who gave no name
_NUMBERED_SLUG = re.compile(r"[a-z0-9]+(?:(?:[-_][a-z0-9]+)+[-_]\d{2,}|[-_]\d{5,})")  # and blink-182 is a band
_LABEL = re.compile(
    r"\b(?:records|recordings|recs|label|entertainment|publishing|distribution|promotions?)\b", re.IGNORECASE
)
_JOINED = re.compile(r"&|\band\b|^the\b", re.IGNORECASE)  # a band's own name may hold a comma: "Earth, Wind & Fire"


def credited(record: Record, title: str) -> tuple[str | None, str]:
    """Give the artist by rank of evidence, and the title without that artist."""
    uploader = wording.clean(inner(record, "user").get("username"))
    split = wording.credit(title)
    backwards = split is not None and uploader is not None and wording.same(split[1], uploader)
    named = (_published(record), split[0] if split and not backwards else None, uploader)
    artist = next((name for name in named if name and _is_artist(name, record)), None)
    if split and artist and wording.same(split[0], artist):
        return artist, split[1]
    return artist, title


def listed(record: Record) -> tuple[str, ...]:
    """Give the artists one by one, where the publisher lists them so; nothing where that would be a guess."""
    names = [name.strip() for name in re.split(r"[,;]", _published(record) or "")]
    apart = len(names) > 1 and all(name and not _JOINED.search(name) for name in names)
    return tuple(names) if apart and all(_is_artist(name, record) for name in names) else ()


def _published(record: Record) -> str | None:
    """Give the publisher's word: api-v2 keeps it in a record of its own, the official api beside the title."""
    named = wording.clean(inner(record, "publisher_metadata").get("artist"))
    return named or wording.clean(record.get("metadata_artist"))


def _is_artist(name: str, record: Record) -> bool:
    label = wording.clean(record.get("label_name"))
    slug = name == inner(record, "user").get("permalink") and _NUMBERED_SLUG.fullmatch(name)
    return not (_NAMELESS.fullmatch(name) or _LABEL.search(name) or slug or (label and wording.same(name, label)))
