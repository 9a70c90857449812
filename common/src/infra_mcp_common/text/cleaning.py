"""Foreign text made harmless to read: no terminal control, no invisible characters, no posing as a conversation.

Logs, names and file contents come from systems that others write to. What is removed can hide or fake text on a
terminal or in front of a model; what a reader can see stays as it is.
"""

import re

_ANSI = re.compile(
    r"(?:\x1b\]|\x9d).*?(?:\x07|\x1b\\|\x9c|$)"  # OSC: titles, links
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f]).*?(?:\x1b\\|\x9c|$)"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor
    r"|\x1b[ -/]*[0-~]?",
    re.DOTALL,
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_LONE_RETURN = re.compile(r"\r+(?!\n)")
_POSING = re.compile(
    r"<(?=/?(?:antml:|system\b|system[-_]|assistant\b|human\b|user\b|tool_|function_|important\b|instructions?\b|\|))",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """The text without control sequences, invisible characters and tags that pose as a conversation's own."""
    if text.isascii() and text.isprintable() and "<" not in text:
        return text
    text = _LONE_RETURN.sub("\n", _ANSI.sub("", text))
    return _POSING.sub("\u2039", _INVISIBLE.sub("", text))
