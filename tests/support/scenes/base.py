"""For each server a small piece of infrastructure, one call that is answered with a preview and one that is refused.

Each is `scene(home)` in the module of the server's name. A server without one fails the test that goes through all of
them.
"""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Scene:
    """reason: what the refusal has to name. settings: for the server. state: what the calls must leave as it is."""

    preview: Call
    refusal: Call
    reason: str
    settings: dict[str, str]
    state: Callable[[], object]


def scene(server: str, home: Path) -> AbstractContextManager[Scene]:
    """The scene of this server, for a client whose home this is."""
    found: AbstractContextManager[Scene] = importlib.import_module(f"support.scenes.{server}").scene(home)
    return found
