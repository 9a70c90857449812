"""What a client may say before it asks for anything: the handshake and the listings, in both eras of the protocol.

Such a message is answered from the manifest only where it is sound beyond doubt, by rules that are stricter than the
SDK's: what passes here passes there. Everything else is the SDK's to answer. Standard library only, as the launcher.
"""

import os

from infra_mcp_common.launcher.json_and_signals import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PREFIX = "io.modelcontextprotocol/"
_VERSION, _CAPABILITIES = _PREFIX + "protocolVersion", _PREFIX + "clientCapabilities"
_CLIENT, _LOG_LEVEL = _PREFIX + "clientInfo", _PREFIX + "logLevel"
_LOG_LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
_OPEN_ENDED = {"elicitation", "experimental", "extensions", "sampling"}
_DEEPEST = 64


class Conversation:
    """What was said so far, and what the manifest says to the next message. Reads and writes nothing."""

    def __init__(self, manifest: "dict[str, Any]") -> None:
        self._eras: dict[str, Any] = manifest["eras"]
        self._era = ""
        self._replay: list[bytes] = []
        # Nobody can guess it, so nothing that the client asks for is ever taken for an answer to the replay.
        self.replay_id = f"replay-{os.urandom(16).hex()}"

    @property
    def opening(self) -> bytes:
        """The lines that bring the SDK to where the client believes to be; its answer to them bears `replay_id`."""
        return b"".join(self._replay)

    def answer(self, line: bytes) -> bytes | None:
        """What to send for one line, which may be nothing; None where it takes the SDK."""
        message = _parse(line)
        if message is None:
            return None
        if "id" not in message:
            return self._note_initialized(message)
        opens = message["method"] == "initialize"
        era = self._era or ("handshake" if opens else "modern")
        result = None if opens and self._era else self._result(era, message["method"], message.get("params", {}))
        if result is None:
            return None
        if not self._era:
            self._era = era
            self._replay.append(_line(message | {"id": self.replay_id}))
        return _line({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def _result(self, era: str, method: str, params: "dict[str, Any]") -> "dict[str, Any] | None":
        known = self._eras[era]
        result: dict[str, Any] | None = known["answers"].get(method)
        if result is None or not _is_meta(params.get("_meta", {})):
            return None
        if method == "initialize":
            return _initialized(result, params, known["versions"])
        meta = params.get("_meta", {})
        suits = _is_envelope(meta, known["versions"]) if era == "modern" else not _reserved(meta)
        return result if suits and params.keys() <= {"_meta"} else None

    def _note_initialized(self, message: "dict[str, Any]") -> bytes | None:
        due = self._era == "handshake" and len(self._replay) == 1
        if not due or message["method"] != "notifications/initialized" or message.get("params"):
            return None
        self._replay.append(_line(message))
        return b""


def _parse(line: bytes) -> "dict[str, Any] | None":
    """The request or notification on a line; None where two readers of JSON might not agree on it."""
    line = line.removesuffix(b"\r")
    if b"\\u" in line or b"\r" in line or line.count(b"{") + line.count(b"[") > _DEEPEST:
        return None
    try:
        message = loads(line.decode())
    except ValueError:
        return None
    if not isinstance(message, dict) or not message.keys() <= {"jsonrpc", "id", "method", "params"}:
        return None
    sound = message.get("jsonrpc") == "2.0" and isinstance(message.get("method"), str)
    sound = sound and isinstance(message.get("params", {}), dict) and type(message.get("id", 0)) in {int, str}
    return message if sound else None


def _initialized(result: "dict[str, Any]", params: "dict[str, Any]", versions: list[str]) -> "dict[str, Any] | None":
    """The answer to `initialize`, in the client's version where it is a known one."""
    wanted = params.get("protocolVersion")
    sound = params.keys() <= {"protocolVersion", "capabilities", "clientInfo", "_meta"} and isinstance(wanted, str)
    sound = sound and _are_capabilities(params.get("capabilities")) and _is_client(params.get("clientInfo"))
    if not sound or _reserved(params.get("_meta", {})):
        return None
    return result | {"protocolVersion": wanted if wanted in versions else versions[-1]}


def _is_envelope(meta: "dict[str, Any]", versions: list[str]) -> bool:
    known = _reserved(meta) <= {_VERSION, _CAPABILITIES, _CLIENT, _LOG_LEVEL} and meta.get(_VERSION) in versions
    known = known and meta.get(_LOG_LEVEL, "debug") in _LOG_LEVELS
    return known and _are_capabilities(meta.get(_CAPABILITIES)) and (_CLIENT not in meta or _is_client(meta[_CLIENT]))


def _is_meta(meta: object) -> bool:
    return isinstance(meta, dict) and type(meta.get("progressToken", 0)) in {int, str}


def _reserved(meta: "dict[str, Any]") -> set[str]:
    return {key for key in meta if key.startswith(_PREFIX)}


def _is_client(info: object) -> bool:
    known = {"name", "version", "title", "description", "websiteUrl"}
    return (
        isinstance(info, dict) and {"name", "version"} <= info.keys() <= known and {*map(type, info.values())} == {str}
    )


def _are_capabilities(value: object) -> bool:
    """Whether these are objects of objects, as all that the protocol knows are, but for roots.listChanged."""
    return isinstance(value, dict) and all(
        isinstance(capability, dict) and all(_is_part(name, key, part) for key, part in capability.items())
        for name, capability in value.items()
    )


def _is_part(capability: str, key: str, part: object) -> bool:
    if (capability, key) == ("roots", "listChanged"):
        return isinstance(part, bool)
    if not isinstance(part, dict):
        return False
    return capability in _OPEN_ENDED or all(_is_part(capability, name, inner) for name, inner in part.items())


def _line(message: "dict[str, Any]") -> bytes:
    return dumps(message).encode() + b"\n"
