"""A stand-in for the Messages API on loopback: a model whose turns are written beforehand, to drive a real client."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


# Claude Code's own tool for a model whose tools are not there yet.
_WAIT, _OFTEN = "WaitForMcpServers", 20


@dataclass
class ScriptedModel:
    """Calls one tool in each turn, in order, then says that it is done. Waits for a server that still connects."""

    calls: list[tuple[str, Json]]
    url: str = ""
    requests: list[Json] = field(default_factory=list)

    @property
    def results(self) -> list[str]:
        """What the client sent back for each call: the text that a model would read."""
        return [_text(block["content"]) for block in self._answers]

    @property
    def failures(self) -> list[bool]:
        """Whether the client marked the answer to each call as an error."""
        return [bool(block.get("is_error")) for block in self._answers]

    @property
    def _answers(self) -> list[Json]:
        conversations: list[list[Json]] = [request["messages"] for request in self.requests]
        contents = [message["content"] for message in max(conversations, key=len, default=[])]
        blocks = [block for content in contents if isinstance(content, list) for block in content]
        return [block for block in blocks if block["type"] == "tool_result" and _WAIT not in block["tool_use_id"]]

    def answer(self, request: Json) -> Json:
        """The model's turn: the client also asks for titles and the like, without tools, and gets a word for those."""
        turn = sum(message["role"] == "assistant" and _WAIT not in str(message) for message in request["messages"])
        offered = {tool["name"] for tool in request.get("tools", [])}
        if not offered or turn >= len(self.calls):
            return _message(request, {"type": "text", "text": "Done."}, "end_turn")
        name, arguments = self.calls[turn]
        if name not in offered and len(request["messages"]) < _OFTEN:
            name, arguments = _WAIT, {}
        use = {"type": "tool_use", "id": f"toolu_{name}_{len(self.requests)}", "name": name, "input": arguments}
        return _message(request, use, "tool_use")


@contextmanager
def scripted_model(*calls: tuple[str, Json]) -> Iterator[ScriptedModel]:
    """Serve a model that makes these calls: (tool name, arguments)."""
    model = ScriptedModel(list(calls))
    handler = type("Handler", (_Handler,), {"model": model})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        model.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield model
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    model: ScriptedModel
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        path = self.path.partition("?")[0]
        if path != "/v1/messages":
            self._send("application/json", json.dumps({"input_tokens": 1}))
            return
        self.model.requests.append(request)
        message = self.model.answer(request)
        if request.get("stream"):
            self._send(
                "text/event-stream", "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in _events(message))
            )
        else:
            self._send("application/json", json.dumps(message))

    def do_GET(self) -> None:
        self._send("application/json", json.dumps({"data": []}))

    def do_HEAD(self) -> None:
        self._send("application/json", "")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: stderr belongs to the test."""

    def _send(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _text(content: str | list[Json]) -> str:
    return content if isinstance(content, str) else "".join(block["text"] for block in content)


def _message(request: Json, block: Json, stop_reason: str) -> Json:
    return {
        "id": f"msg_{len(request['messages'])}",
        "type": "message",
        "role": "assistant",
        "model": request["model"],
        "content": [block],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


def _events(message: Json) -> Iterator[Json]:
    """The same message as the server-sent events of a streamed answer."""
    (block,) = message["content"]
    if block["type"] == "text":
        empty, delta = {**block, "text": ""}, {"type": "text_delta", "text": block["text"]}
    else:
        empty, delta = {**block, "input": {}}, {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
    ending = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}}
    yield {"type": "content_block_start", "index": 0, "content_block": empty}
    yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    yield {"type": "message_delta", "delta": ending, "usage": {"output_tokens": 1}}
    yield {"type": "message_stop"}
