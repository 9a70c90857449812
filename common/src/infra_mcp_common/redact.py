"""Secrets out of every text: first by exact value, in the spellings a value travels in, then by a few known shapes.

The exact values are the ones this process has loaded. The shapes are a courtesy for secrets of others and can't be
complete. Both leave MASK behind, which no argument may contain: a masked text must not be written back.
"""

import base64
import json
import re
import threading
from urllib.parse import quote, quote_plus

MASK = "«redacted»"
_SHORTEST = 4

_SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"  # JSON web token
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\bgh[opsu]_[A-Za-z0-9]{30,}\b|\bgithub_pat_\w{30,}\b|\bxox[abprs]-[\w-]{10,}|\bglpat-[\w-]{16,}"
    r"|(?<=PVEAPIToken=)\S+|(?<=[Bb]earer )[\w.~+/=-]{16,}",
    re.DOTALL,
)

_lock = threading.Lock()
_known: set[str] = set()
_pattern: re.Pattern[str] | None = None
_in_bytes: tuple[re.Pattern[bytes], int] | None = None


def spellings(value: str) -> set[str]:
    """The forms in which a secret may stand in a text; those shorter than four characters are left out."""
    encoded = base64.b64encode(value.encode()).decode()
    forms = {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], encoded, encoded.rstrip("=")}
    forms |= {line for line in value.splitlines() if len(line) >= 8}
    return {form for form in forms if len(form) >= _SHORTEST}


def learn(value: str) -> None:
    """Mask this value from now on. Values shorter than four characters would blank out ordinary text and are let be."""
    global _pattern, _in_bytes  # noqa: PLW0603 -- one process holds one set of secrets
    with _lock:
        if value in _known:
            return
        _known.add(value)
        forms = sorted(set().union(*map(spellings, _known)), key=len, reverse=True)
        if forms:
            _pattern = re.compile("|".join(map(re.escape, forms)))
            raw = [form.encode() for form in forms]
            _in_bytes = re.compile(b"|".join(map(re.escape, raw))), max(map(len, raw))


class Stream:
    """Masks known secrets in bytes that arrive piece by piece, one that lies across two pieces included."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """What can be told of the bytes so far; up to the length of a secret is held back."""
        if _in_bytes is None:
            return data
        pattern, longest = _in_bytes
        masked = pattern.sub(MASK.encode(), self._held + data)
        cut = max(0, len(masked) - longest + 1)
        self._held = masked[cut:]
        return masked[:cut]

    def end(self) -> bytes:
        """The rest."""
        rest, self._held = self._held, b""
        return rest


def mask(data: bytes) -> bytes:
    """The bytes with every known secret replaced by MASK."""
    stream = Stream()
    return stream.feed(data) + stream.end()


def redact(text: str) -> str:
    """The text with every known secret replaced by MASK."""
    if _pattern is not None:
        text = _pattern.sub(MASK, text)
    return _SHAPES.sub(MASK, text)


def mask_logs() -> None:
    """Libraries log what they send, credentials included, to whoever turned their logging up."""
    import logging

    class Record(logging.LogRecord):
        def getMessage(self) -> str:  # noqa: N802 -- the base class's name
            return redact(super().getMessage())

    logging.setLogRecordFactory(Record)
