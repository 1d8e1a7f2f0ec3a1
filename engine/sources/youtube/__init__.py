"""YouTube and YouTube Music as a source: playlists and tracks, listed flat."""
