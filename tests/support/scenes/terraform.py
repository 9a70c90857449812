"""A project with one resource."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.scenes.base import Scene
from support.tools import require


@contextmanager
def scene(home: Path) -> Iterator[Scene]:
    require("terraform")
    lab = home / "lab"
    lab.mkdir()
    (lab / "main.tf").write_text('resource "terraform_data" "web" {}\n')
    yield Scene(
        preview=("destroy", {"directory": "lab"}),
        refusal=("validate", {"directory": "/"}),
        reason="outside the allowed folders",
        settings={},
        state=(lab / "terraform.tfstate").exists,
    )
