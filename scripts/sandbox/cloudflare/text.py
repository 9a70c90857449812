"""TXT content: quoted strings of at most 255 bytes each, at most 4,096 bytes on the wire."""

import re

from sandbox.cloudflare.errors import invalid, wrapped

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def stored_text(content: str) -> str:
    """Content as it is stored and answered: quoted strings of at most 255 bytes. What is unquoted is never split."""
    if content.lstrip().startswith('"'):
        strings = _QUOTED.findall(content)
        if _QUOTED.sub("", content).strip():
            raise wrapped(9014, "Content for TXT record has unbalanced quotes.")
        pieces = [piece for string in strings for piece in _split(_bytes(string))]
    else:
        pieces = [content.encode()]
        if len(pieces[0]) > 255:
            raise wrapped(9015, "Content for TXT record has a string of more than 255 bytes.")
    if sum(len(piece) + 1 for piece in pieces) > 4096:
        raise invalid(9015, "Content for TXT record exceeds 4096 bytes.")
    return " ".join(f'"{_escaped(piece)}"' for piece in pieces)


def _bytes(string: str) -> bytes:
    """The bytes behind the escapes `\\"`, `\\\\` and `\\DDD`."""
    out = bytearray()
    for decimal, escaped, plain in re.findall(r"\\(\d{3})|\\(.)|([^\\])", string, re.DOTALL):
        out += bytes([int(decimal)]) if decimal and int(decimal) < 256 else (escaped or plain).encode()
    return bytes(out)


def _split(raw: bytes) -> list[bytes]:
    return [raw[start : start + 255] for start in range(0, len(raw), 255)] or [b""]


def _escaped(piece: bytes) -> str:
    text = piece.decode("utf-8", "surrogateescape").replace("\\", "\\\\").replace('"', '\\"')
    return "".join(f"\\{ord(c) - 0xDC00:03d}" if "\udc80" <= c <= "\udcff" else c for c in text)
