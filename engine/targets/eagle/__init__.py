"""Eagle as a target: playlists as folders, recordings as items of one library."""
