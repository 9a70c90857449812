"""The SDK alone, spoken to line by line in memory: what it answers is what the front has to answer."""

import io
import json
import queue
from collections.abc import Iterator
from typing import Any

import anyio
from mcp_types import JSONRPCRequest
from mcp_types.jsonrpc import jsonrpc_message_adapter
from pydantic import ValidationError

from infra_mcp_common.sdk_server import SdkServer

Json = dict[str, Any]
_SECONDS = 30.0


def ask(server: SdkServer, sent: bytes) -> list[Json]:
    """The answers to these lines, each sent when the one before is answered."""
    exchange = Exchange(sent)
    anyio.run(server.serve, exchange, exchange)
    return exchange.answers


class Exchange:
    """Stands for stdin and stdout, and lets the server read on only when it has answered."""

    def __init__(self, sent: bytes) -> None:
        self.answers: list[Json] = []
        self._answered: queue.Queue[None] = queue.Queue()
        self._lines = self._in_turn(sent)

    def readline(self) -> str:
        return next(self._lines, "")

    def write(self, text: str) -> None:
        self.answers.append(json.loads(text))
        self._answered.put(None)

    def flush(self) -> None:
        """Nothing is held back."""

    def _in_turn(self, sent: bytes) -> Iterator[str]:
        for line in io.TextIOWrapper(io.BytesIO(sent), encoding="utf-8", errors="replace"):
            yield line
            if _is_request(line):
                self._answered.get(timeout=_SECONDS)


def _is_request(line: str) -> bool:
    try:
        return isinstance(jsonrpc_message_adapter.validate_json(line, by_name=False), JSONRPCRequest)
    except ValidationError:
        return False
