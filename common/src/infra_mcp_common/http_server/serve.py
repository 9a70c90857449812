"""Serving over HTTP: from the settings to a listening socket, and from the first signal to the end."""

import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import anyio
from mcp.server import MCPServer
from starlette.routing import Route, request_response

from infra_mcp_common import http_settings as settings
from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.guard.caller import Caller
from infra_mcp_common.guard.policy import Policy
from infra_mcp_common.http_server import keys
from infra_mcp_common.http_server.access import LARGEST_HEADERS, AccessCheck, Names, is_loopback
from infra_mcp_common.http_server.connections import BACKLOG, KEPT_SECONDS, Config, Listener
from infra_mcp_common.http_server.endpoint import Endpoint, Limits, application
from infra_mcp_common.http_server.metrics import MeasuredAudit
from infra_mcp_common.http_server.settings import Lookup
from infra_mcp_common.io import programs
from infra_mcp_common.runtime import Runtime, current

# How long stopped calls have to clean up and answer.
_LAST_SECONDS = 3.0
_NOBODY = Policy(exclude_tools=("*",), broken=NotConfigured("This call came from nobody that is known."))


@dataclass(frozen=True)
class Plan:
    """All that the settings say, found right before anything listens."""

    host: str
    port: int
    names: list[str]
    keys: keys.Keys
    limits: Limits
    certificate: str
    certificate_key: str


def plan(runtime: Runtime, flags: Mapping[str, Any], port: int) -> Plan:
    """Read the settings; NotConfigured says what keeps the server from listening. port: the server's default."""
    lookup = Lookup.of(runtime, flags, port)
    host, chosen_port = lookup.address()
    found = keys.load(lookup, runtime.operator)
    if not found.digests and not is_loopback(host):
        raise NotConfigured(
            f"Without an API key {runtime.script} listens on loopback only, and {host} is more than that.",
            f"Set {settings.API_KEY.name}, or listen on 127.0.0.1. {settings.API_KEY.where}",
        )
    certificate, key = lookup.get(settings.CERTIFICATE), lookup.get(settings.CERTIFICATE_KEY)
    if bool(certificate) != bool(key):
        raise NotConfigured("TLS needs both the certificate and its key.", "Set both, or none.")
    numbers = [
        lookup.number(setting) for setting in (settings.CONNECTIONS, settings.BODY, settings.PATIENCE, settings.GRACE)
    ]
    names = [name.strip() for name in lookup.get(settings.NAMES).split(",") if name.strip()]
    return Plan(host, chosen_port, names, found, Limits(*numbers), certificate, key)


async def serve(
    runtime: Runtime,
    build: Callable[[Runtime], MCPServer[Any]],
    flags: Mapping[str, Any],
    *,
    version: str,
    port: int,
) -> None:
    """Serve until a signal; NotConfigured where that can't begin."""
    chosen = plan(runtime, flags, port)
    runtime.remote = True
    runtime.audit = audit = MeasuredAudit(runtime)
    anybody = None if chosen.keys.digests else Caller(None, runtime.operator)
    server = build(runtime)
    # From here on a call counts for what its caller may; one that came past the access check may nothing.
    runtime.operator = replace(_NOBODY, gate_writes=runtime.operator.gate_writes, ask=runtime.operator.ask)
    names = Names(chosen.host, chosen.names, keyed=anybody is None)
    endpoint = Endpoint(server, chosen.limits)
    guarded = [
        Route("/mcp", AccessCheck(endpoint, names, chosen.keys, anybody), methods=["POST"]),
        Route("/metrics", AccessCheck(request_response(audit.show), names, chosen.keys, anybody), methods=["GET"]),
    ]
    app = application(endpoint, guarded, {"status": "ok", "server": runtime.script, "version": version})
    with _bound(chosen) as listening:
        listener = Listener(_config(app, chosen), listening)
        _announce(chosen, listening)
        async with anyio.create_task_group() as group:
            group.start_soon(_stop_at_signal, listener, runtime, chosen.limits.grace)
            await listener.run_until_told()
            group.cancel_scope.cancel()
    await runtime.close()


def _config(app: Any, chosen: Plan) -> Config:
    config = Config(
        app,
        chosen.limits,
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        h11_max_incomplete_event_size=LARGEST_HEADERS,
        timeout_keep_alive=KEPT_SECONDS,
        timeout_graceful_shutdown=int(chosen.limits.grace + _LAST_SECONDS),
        ssl_certfile=chosen.certificate or None,
        ssl_keyfile=chosen.certificate_key or None,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        why = error.strerror or "no valid PEM pair"
        raise NotConfigured(f"The TLS certificate or its key can't be used: {why}.", "Correct the two files.") from None
    return config


@contextmanager
def _bound(chosen: Plan) -> Iterator[socket.socket]:
    try:
        family, kind, number, _, address = socket.getaddrinfo(chosen.host, chosen.port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, number)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        where = f"{chosen.host}:{chosen.port}"
        raise NotConfigured(
            f"{current().script} can't listen on {where}: {error.strerror}.", "Choose another."
        ) from None
    with listening:
        yield listening


def _announce(chosen: Plan, listening: socket.socket) -> None:
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    scheme = "https" if chosen.certificate else "http"
    needed = f"keys: {', '.join(chosen.keys.names)}" if chosen.keys.digests else "no key, this machine only"
    print(
        f"{current().script} listens on {scheme}://{host}:{listening.getsockname()[1]}/mcp ({needed})", file=sys.stderr
    )
    if scheme == "http" and not is_loopback(chosen.host):
        print("Keys and answers travel in clear: use TLS, or a proxy that does.", file=sys.stderr)
    sys.stderr.flush()


async def _stop_at_signal(listener: Listener, runtime: Runtime, grace: float) -> None:
    """The first signal lets running calls end, for `grace` seconds; the second ends them at once."""
    stopping: anyio.CancelScope | None = None
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with anyio.create_task_group() as group:
            async for _ in signals:
                listener.should_exit = True
                if stopping is None:
                    stopping = anyio.CancelScope(deadline=anyio.current_time() + grace)
                    group.start_soon(_end_calls_after, stopping, runtime)
                else:
                    stopping.cancel()


async def _end_calls_after(waiting: anyio.CancelScope, runtime: Runtime) -> None:
    with waiting:
        await anyio.sleep_forever()
    if runtime.calls:
        print(f"{current().script}: stopping {len(runtime.calls)} calls that are still running", file=sys.stderr)
    programs.signal_all(runtime, signal.SIGTERM)
    for scope in list(runtime.calls):
        scope.cancel()
