"""A loopback Spotify: its accounts service and its Web API, in development or extended mode."""
