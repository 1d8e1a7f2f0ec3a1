"""Notion as a target: playlists and tracks as rows of two databases."""
