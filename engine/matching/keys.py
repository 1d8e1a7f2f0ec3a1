"""What a thing is found by among others: the words of its name, and the ids that decide alone."""

from __future__ import annotations

from engine.matching.blocking import Keys
from engine.matching.parsing import Role, parse
from engine.matching.things import Thing


def keys_of(thing: Thing) -> Keys:
    """Give a thing's keys for blocking."""
    name = parse(thing.title, thing.artist)
    words = frozenset(word.text.strip("$!") for word in name.words if word.role is not Role.NOISE)
    title = "".join(name.of(Role.TITLE, Role.BEFORE_VERSION))
    exact = frozenset((*thing.ids, *thing.isrcs, *thing.content_hashes))
    return Keys(words=words - {""}, squashed="".join(filter(str.isalnum, title)), exact=exact)
