"""The stand-in's own certificate authority. Made anew for each stand-in; nothing is ever trusted system-wide."""

from __future__ import annotations

import ssl
from pathlib import Path

NAMES = ("soundcloud.com", "*.soundcloud.com", "*.sndcdn.com")


class Authority:
    """Certifies SoundCloud's names to whoever chooses to trust it."""

    def __init__(self) -> None:
        import trustme  # noqa: PLC0415 - brings cryptography, which only a running stand-in needs

        self._authority = trustme.CA(organization_name="Loopback SoundCloud")
        self._leaf = self._authority.issue_cert(*NAMES)

    @property
    def pem(self) -> bytes:
        """The certificate a client has to trust."""
        return self._authority.cert_pem.bytes()

    def export(self, path: Path) -> Path:
        """Write the certificate a client has to trust to a file; gives its path."""
        path.write_bytes(self.pem)
        return path

    def server_context(self) -> ssl.SSLContext:
        """Give what a TLS server needs; it offers HTTP/1.1 and nothing newer."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        self._leaf.configure_cert(context)
        return context
