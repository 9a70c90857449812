"""JSON and signals by the interpreter's C halves alone, for the launcher.

The modules `json` and `signal` import `re` and `enum` for what the launcher has no need of; on an idle server that
takes longer than everything else together. Where an interpreter has no such halves, the modules themselves do it.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_halves: "Any"
_signals: "Any"
try:
    import _json as _halves
    import _signal as _signals  # type: ignore[import-not-found,no-redef]
except ImportError:
    import signal as _signals

    _halves = None

SIGINT, SIGPIPE, SIGTERM = _signals.SIGINT, _signals.SIGPIPE, _signals.SIGTERM
signal, set_wakeup_fd = _signals.signal, _signals.set_wakeup_fd
_BLANK = " \t\n\r"


def refuse(constant: str) -> None:
    """For the words that are no JSON: NaN and the infinities."""
    raise ValueError(constant)


class _Rules:
    """What `json.JSONDecoder` hands to its scanner."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int = float, int
    parse_constant: "Callable[[str], Any]" = staticmethod(refuse)


def loads(text: str) -> "Any":
    """The value of this JSON text; ValueError where it is none."""
    try:
        value, end = _halves.make_scanner(_Rules)(text := text.strip(_BLANK), 0)
        if end == len(text):
            return value
    except (AttributeError, StopIteration, SystemError, ValueError):
        # Without the module there is no half, or none of its errors.
        pass
    import json

    return json.loads(text, parse_constant=refuse)


def dumps(value: "Any") -> str:
    """The value as JSON in one line, without a blank, other letters than ASCII as they are."""
    if _halves is None:
        import json

        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    encode = _halves.make_encoder(None, _unknown, _halves.encode_basestring, None, ":", ",", False, False, True)
    return "".join(encode(value, 0))


def _unknown(value: "Any") -> None:
    raise TypeError(f"{type(value).__name__} is no JSON")
