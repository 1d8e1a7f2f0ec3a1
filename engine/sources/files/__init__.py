"""This machine's files as a source: a folder, an M3U or M3U8, or one audio file."""
