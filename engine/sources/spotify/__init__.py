"""Spotify as a source of metadata: playlists, liked songs, what plays now, and facts about recordings."""
