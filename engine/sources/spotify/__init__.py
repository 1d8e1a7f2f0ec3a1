"""Spotify as a source: playlists, liked songs and what is playing; metadata only."""
