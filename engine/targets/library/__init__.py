"""The library: a folder of audio files and playlists that people and their DJ programs point at."""
