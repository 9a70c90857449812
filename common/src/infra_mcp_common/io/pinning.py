"""Certificates that are trusted by their SHA-256 fingerprints, instead of by a CA and the name in them."""

import re
import ssl
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter

_SHA256 = re.compile(r"[0-9a-f]{64}")


def parse_fingerprint(printed: str) -> str | None:
    """A fingerprint as tools print it, with colons or without, as the contexts here take it; None for what is none."""
    plain = printed.replace(":", "").strip().lower()
    return plain if _SHA256.fullmatch(plain) else None


def unverified_context() -> ssl.SSLContext:
    """TLS with anybody, for an operator who insists."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def pinned_context(fingerprints: AbstractSet[str]) -> ssl.SSLContext:
    """TLS with those who have one of these certificates, whoever signed it and whatever name is in it."""
    context = unverified_context()
    context.sslsocket_class, context.sslobject_class = _pinned(fingerprints)
    return context


def _pinned(fingerprints: AbstractSet[str]) -> tuple[type[ssl.SSLSocket], type[ssl.SSLObject]]:
    """TLS endpoints that accept only these certificates, checked before the first byte of ours is sent."""
    import hashlib

    def check(certificate: bytes | None) -> None:
        if hashlib.sha256(certificate or b"").hexdigest() not in fingerprints:
            raise ssl.SSLCertVerificationError("certificate fingerprint is not the pinned one")

    class PinnedSocket(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:
            super().do_handshake(block)
            check(self.getpeercert(binary_form=True))

    class PinnedObject(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            check(self.getpeercert(binary_form=True))

    return PinnedSocket, PinnedObject


def adapter(context: ssl.SSLContext, connections: int = 16) -> "HTTPAdapter":
    """For `Http`, with verify=False: lets this context alone decide whom to talk to, through a proxy as well."""
    from requests.adapters import HTTPAdapter

    class ContextAdapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs, ssl_context=context)
            _warn_of_nothing(self.poolmanager)

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
            known = proxy in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **kwargs, ssl_context=context)
            if not known:
                _warn_of_nothing(manager)
            return manager

    return ContextAdapter(pool_maxsize=connections)


def _warn_of_nothing(manager: Any) -> None:
    """Let connections count as verified: urllib3 knows nothing of our check, and would warn on every request."""
    https: Any = manager.pool_classes_by_scheme["https"]
    own: Any = https.ConnectionCls

    class Connection(own):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            self.is_verified = True

    class Pool(https):  # type: ignore[misc]
        ConnectionCls = Connection

    manager.pool_classes_by_scheme = {**manager.pool_classes_by_scheme, "https": Pool}
