"""A loopback Eagle: libraries on disk, the V2 API and the older V1 beside it."""
