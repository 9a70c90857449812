"""Secrets out of every text: first by exact value, in the spellings a value travels in, then by a few known shapes.

The exact values are the ones that this server has loaded. The shapes are a courtesy for secrets of others and can't be
complete. Both leave MASK behind, which no argument may contain: a masked text must not be written back.
"""

import base64
import json
import re
import threading
from typing import Any
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


def spellings(value: str) -> set[str]:
    """The forms in which a secret may stand in a text; those shorter than four characters are left out."""
    encoded = base64.b64encode(value.encode()).decode()
    forms = {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], encoded, encoded.rstrip("=")}
    forms |= {line for line in value.splitlines() if len(line) >= 8}
    return {form for form in forms if len(form) >= _SHORTEST}


class Secrets:
    """The secrets that one server has loaded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._in_bytes: tuple[re.Pattern[bytes], int] | None = None

    def learn(self, value: str) -> None:
        """Mask this value from now on. Those shorter than four characters would blank out ordinary text: let be."""
        with self._lock:
            if value in self._known:
                return
            self._known.add(value)
            forms = sorted(set().union(*map(spellings, self._known)), key=len, reverse=True)
            if forms:
                self._pattern = re.compile("|".join(map(re.escape, forms)))
                raw = [form.encode() for form in forms]
                self._in_bytes = re.compile(b"|".join(map(re.escape, raw))), max(map(len, raw))

    def redact(self, text: str) -> str:
        """The text with every known secret replaced by MASK."""
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        return _SHAPES.sub(MASK, text)

    def mask(self, data: bytes) -> bytes:
        """The bytes with every known secret replaced by MASK."""
        stream = Stream(self)
        return stream.feed(data) + stream.end()

    def in_bytes(self) -> tuple[re.Pattern[bytes], int] | None:
        """What to look for in bytes, and the length of the longest; None where nothing is known."""
        return self._in_bytes

    def mask_logs(self) -> None:
        """Libraries log what they send, credentials included, to whoever turned their logging up."""
        import logging

        former = logging.getLogRecordFactory()

        def masked(*args: Any, **kwargs: Any) -> logging.LogRecord:
            record = former(*args, **kwargs)
            plain = record.getMessage
            record.getMessage = lambda: self.redact(plain())  # type: ignore[method-assign]
            return record

        logging.setLogRecordFactory(masked)


class Stream:
    """Masks known secrets in bytes that arrive piece by piece, one that lies across two pieces included."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """What can be told of the bytes so far; up to the length of a secret is held back."""
        found = self._secrets.in_bytes()
        if found is None:
            return data
        pattern, longest = found
        masked = pattern.sub(MASK.encode(), self._held + data)
        cut = max(0, len(masked) - longest + 1)
        self._held = masked[cut:]
        return masked[:cut]

    def end(self) -> bytes:
        """The rest."""
        rest, self._held = self._held, b""
        return rest
