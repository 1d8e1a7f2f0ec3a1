"""A loopback SoundCloud: the site, its api-v2 and its media hosts behind one TLS-terminating proxy."""
