"""YouTube and YouTube Music as a source and a place to look for audio, through yt-dlp."""
