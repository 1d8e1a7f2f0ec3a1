"""The demo: a whole little world on loopback, in which the real program does its real job."""
