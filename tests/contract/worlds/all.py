"""Every server's other side, by the server's name: the world in the module of that name."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contract.worlds.base import SECRET, World


def _world(module: str) -> type[World] | None:
    """The world that a module defines for the server of its name; None where it is no server's module."""
    found = vars(importlib.import_module(f"contract.worlds.{module}")).values()
    worlds = [each for each in found if isinstance(each, type) and issubclass(each, World)]
    return next((each for each in worlds if vars(each).get("name") == module), None)


_MODULES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "all")
WORLDS: dict[str, type[World]] = {name: world for name in _MODULES if (world := _world(name))}


@contextmanager
def opened(name: str, home: Path, secret: str = SECRET) -> Iterator[World]:
    """The world of this server, for a client whose home this is and who holds this secret."""
    world = WORLDS[name](home, secret)
    with world.opened():
        yield world
