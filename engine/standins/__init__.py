"""Loopback servers that behave like the remotes, with faults and their own history."""
