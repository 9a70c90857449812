"""Texts of results, made short enough to answer with."""

TAIL = 2_000


def cut(text: str | None, size: int = TAIL) -> str | None:
    """The end of the text; None for an empty one."""
    if not text or len(text) <= size:
        return text or None
    return f"[... {len(text) - size} characters left out ...]\n{text[-size:]}"
