"""SoundCloud as a source: sets, likes, uploads and single tracks, listed flat and described in batches."""
