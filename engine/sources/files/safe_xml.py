"""XML read as a stream, by events, with what makes XML dangerous refused: entities, and nesting without end. Pure.

A document type may be named, as Apple's programs do, but nothing is loaded for it and it may declare nothing.
"""

from __future__ import annotations

from typing import BinaryIO, Protocol
from xml.parsers import expat

DEPTH_MAX = 200
"""Folders in folders; rekordbox and iTunes draw trees that people click through."""


class UnsafeXMLError(Exception):
    """The document declares entities or nests without end; no list does."""


class Events(Protocol):
    """What a reader of one format does with what comes by."""

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        ...

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        ...

    def characters(self, text: str) -> None:
        """Take a piece of text, which may come in many."""
        ...


def stream(source: BinaryIO, events: Events) -> None:
    """Read a document piece by piece.

    Raises:
        UnsafeXMLError: it holds what no list needs.
        xml.parsers.expat.ExpatError: it is no XML.
    """
    depth = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_MAX:
            raise UnsafeXMLError("it nests deeper than any list")
        events.begin(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        events.end(tag)

    def refuse(*_: object) -> int:
        raise UnsafeXMLError("it declares entities")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = events.characters
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.ParseFile(source)
