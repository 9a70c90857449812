"""The instant start: answers the handshake and the listings from a manifest, and loads the SDK when more is asked.

Importing the SDK takes half a second and 60 MB, and most servers that a client starts are never called. The manifest
holds the SDK's own answers (scripts/generate-manifests makes it). The first message that it does not settle hands over
for good; the SDK is told the opening again, and so sees what it would have seen from the start. Standard library only,
and little of that: every import counts.
"""

import gc
import os
import select
import sys

from infra_mcp_common.launcher.handshake import Conversation
from infra_mcp_common.launcher.json_and_signals import SIGINT, SIGPIPE, SIGTERM, loads, set_wakeup_fd, signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

FORMAT = 2
# Longer than anything that the manifest answers; what follows can be left to the SDK's reader.
_LONGEST = 1 << 16


def main(package: str) -> None:
    """Run the console script of the server in this import package."""
    try:
        try:
            _run(package)
        finally:
            print(end="", flush=True)
    except BrokenPipeError:
        # Who asked, `| head` for one, has read enough. The interpreter flushes once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(128 + SIGPIPE)


def _run(package: str) -> None:
    manifest = read_manifest(package)
    limits = _Limits(manifest, sys.argv[1:]) if manifest else None
    if limits is None or not limits.serving:
        _start(package)
    elif limits.list_only:
        limits.print_tools()
    elif sys.stdin is None or sys.stdout is None:
        sys.exit(f"{_name(package)}-mcp: stdin and stdout must be open; whatever started it closed one of them.")
    else:
        for number in (SIGINT, SIGTERM):
            signal(number, lambda number, _frame: os._exit(128 + number))
        if os.isatty(0) or not limits.settled:
            _start(package)
        else:
            _serve(package, Conversation(limits.apply()))


class _Limits:
    """What flags and operator settings leave of the manifest, by the same code that the server itself uses."""

    def __init__(self, manifest: "dict[str, Any]", argv: list[str]) -> None:
        self._manifest = manifest
        self._policy: Any = None
        self.serving, self.list_only = True, False
        flags: dict[str, Any] = {}
        if argv:
            from infra_mcp_common.command_line import parse

            flags = vars(parse(manifest["server"], manifest["title"], manifest["version"], manifest["port"], argv))
            on_stdio = flags["http"] is None
            self.serving, self.list_only = flags["command"] is None and on_stdio, flags["list_tools"]
        if self.serving and (flags or _may_be_limited(manifest["server"])):
            from infra_mcp_common.guard import policy

            self._policy = policy.load(_operator_settings(manifest["server"]), flags)

    @property
    def settled(self) -> bool:
        """Whether the tools that are left are as the manifest shows them."""
        return self._policy is None or not (self._policy.gate_writes or not self._policy.ask)

    def apply(self) -> "dict[str, Any]":
        """The manifest with every listing of tools filled in."""
        listed = [tool["listed"] for tool in self._offered()]
        for era in self._manifest["eras"].values():
            era["answers"]["tools/list"]["tools"] = listed
        return self._manifest

    def print_tools(self) -> None:
        from infra_mcp_common.command_line import print_tools

        print_tools((tool["listed"]["name"], tool["kind"], tool["listed"]["description"]) for tool in self._offered())

    def _offered(self) -> "list[dict[str, Any]]":
        tools: list[dict[str, Any]] = self._manifest["tools"]
        if self._policy is None:
            return tools
        drops = self._policy.why_not_tool
        return [tool for tool in tools if not drops(tool["listed"]["name"], tool["kind"], arbitrary=tool["arbitrary"])]


def _operator_settings(server: str) -> "Any":
    from infra_mcp_common.paths import Paths
    from infra_mcp_common.settings import Settings
    from infra_mcp_common.text.redaction import Secrets

    return Settings((), os.environ, Paths(server, os.environ), Secrets())


def _may_be_limited(server: str) -> bool:
    """Whether the operator may have set anything; where this says no, nobody has to look closer."""
    if any(name.startswith("INFRA_MCP_") for name in os.environ):
        return True
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    try:
        with open(os.path.join(base, "infra-mcp", f"{server}.env"), "rb") as file:
            return b"INFRA_MCP_" in file.read()
    except FileNotFoundError:
        return False
    except OSError:
        return True


def read_manifest(package: str) -> "dict[str, Any] | None":
    """The package's manifest; None, and a line on stderr, where there is none that can be used."""
    name = _name(package)
    path = os.path.join(os.path.dirname(sys.modules[package].__file__ or ""), "manifest.json")
    try:
        with open(path, "rb") as file:
            manifest: dict[str, Any] = loads(file.read().decode())
        if (manifest["format"], manifest["server"]) == (FORMAT, name):
            return manifest
        problem = "belongs to something else"
    except OSError as error:
        problem = f"can't be read ({error.strerror})"
    except (ValueError, TypeError, KeyError):
        problem = "is not a manifest"
    print(f"{name}-mcp: {path} {problem}; starting without it, which takes longer.", file=sys.stderr)
    return None


def _name(package: str) -> str:
    return package.removeprefix("infra_mcp_")


def _serve(package: str, conversation: Conversation) -> None:
    """Answer until a message takes the SDK, then hand over; or end with the input."""
    rest = _converse(conversation)
    if rest:
        from infra_mcp_common.launcher.stdio import Stdio

        _start(package, Stdio(conversation.opening + rest, conversation.replay_id))


def _converse(conversation: Conversation) -> bytes:
    """What was read from the first message on that takes the SDK; nothing at the end of input."""
    pending = b""
    for chunk in _arrivals():
        *lines, pending = (pending + chunk).split(b"\n")
        for number, line in enumerate(lines):
            answer = conversation.answer(line)
            if answer is None:
                return b"\n".join([*lines[number:], pending])
            if not _send(answer):
                return b""
        if len(pending) > _LONGEST:
            break
    return pending


def _arrivals() -> "Iterator[bytes]":
    """What comes on stdin. During a plain read, a signal of just before it would wait for the next message."""
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    set_wakeup_fd(waking)
    waiting = select.poll()
    for number in (0, woken):
        waiting.register(number, select.POLLIN)
    try:
        while waiting.poll() and (chunk := os.read(0, 1 << 16)):
            yield chunk
    finally:
        set_wakeup_fd(-1)
        os.close(waking)
        os.close(woken)


def _send(answer: bytes) -> bool:
    """Send it; False where nobody listens any more."""
    try:
        while answer:
            answer = answer[os.write(1, answer) :]
    except BrokenPipeError:
        return False
    return True


def _start(package: str, stdio: "Any" = None) -> None:
    """Import the server with the SDK, which makes a great many objects that stay, and run it."""
    gc.disable()
    name = f"{package}.server"
    __import__(name)
    sys.modules[name].SERVER.main(stdio=stdio)
