"""HTTP over a Unix socket, for systems that offer their API to this machine only."""

import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter


def adapter(path: str) -> "HTTPAdapter":
    """For `Http.adapter`: every request goes to the socket at this path, whatever host its URL names."""
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection
    from urllib3.connectionpool import HTTPConnectionPool

    class Connection(HTTPConnection):
        def connect(self) -> None:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.settimeout(self.timeout if isinstance(self.timeout, int | float) else None)
            self.sock.connect(path)

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class UnixSocketAdapter(HTTPAdapter):
        _pool = Pool("localhost", maxsize=4)

        def get_connection_with_tls_context(self, *_request: Any, **_how: Any) -> HTTPConnectionPool:
            return self._pool

        def close(self) -> None:
            self._pool.close()

    return UnixSocketAdapter()
