"""Templates as they lie in `templates/`: a file for each that is written, with `.txt` behind its name.

In their paths NAME stands for the server's name; in their texts `@word@` stands for the value of that word.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

TEMPLATES = Path(__file__).with_name("templates")
_WORD = re.compile(r"@(\w+)@")


def render(template: str, values: Mapping[str, str]) -> str:
    """The text of one template; a word without a value is a fault of the template."""
    return fill((TEMPLATES / f"{template}.txt").read_text("utf-8"), values)


def render_all(folder: str, name: str, values: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Path from the root of the checkout, and text, of everything in a folder of templates."""
    top = TEMPLATES / folder
    for path in sorted(top.rglob("*.txt")):
        target = str(path.relative_to(top)).removesuffix(".txt").replace("NAME", name)
        yield Path(target), fill(path.read_text("utf-8"), values)


def fill(text: str, values: Mapping[str, str]) -> str:
    return _WORD.sub(lambda found: values[found[1]], text)
