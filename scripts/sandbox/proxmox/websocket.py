"""The server's end of a WebSocket: no extensions, masked frames of at most 128 KiB, as pve-http-server wants them."""

import base64
import hashlib
import socket
import struct

LONGEST = 128 * 1024
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
BINARY, CLOSE, PING, PONG = 2, 8, 9, 10


class ProtocolError(Exception):
    """The other side broke a rule; the connection is closed."""


def accept(key: str) -> str:
    """The Sec-WebSocket-Accept header for a key."""
    return base64.b64encode(hashlib.sha1(key.encode() + GUID, usedforsecurity=False).digest()).decode()


def receive(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise ProtocolError("closed")
        data += piece
    return data


def read_frame(connection: socket.socket) -> tuple[int, bytes]:
    """The next frame's opcode and unmasked payload."""
    first, second = receive(connection, 2)
    if first & 0x70 or not first & 0x80 or not second & 0x80:
        raise ProtocolError("extension bits, a fragment, or no mask")
    length = second & 0x7F
    if length > 125:
        form, size = ("!H", 2) if length == 126 else ("!Q", 8)
        (length,) = struct.unpack(form, receive(connection, size))
    if length > LONGEST:
        raise ProtocolError("frame too long")
    mask, data = receive(connection, 4), receive(connection, length)
    key = (mask * (length // 4 + 1))[:length]
    plain = (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(length, "big")
    return first & 0x0F, plain


def write_frame(connection: socket.socket, data: bytes, opcode: int = BINARY) -> None:
    size = len(data)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, size)
    elif size < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 127, size)
    connection.sendall(head + data)
