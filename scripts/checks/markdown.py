"""Find links and paths in the documentation that lead nowhere.

Checked in every Markdown file that git knows or could add: relative links, with their #anchors, and every `code` word
that reads as a path below one of the checkout's folders.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

PATH = re.compile(r"\.?[\w-]+(/[\w.-]+)+/?|[\w-]+\.(md|sh)")


def main() -> int:
    root = Path.cwd()
    dead = [f"{path}: {what}" for path in documents(root) for what in dead_references(root / path, root)]
    print(*dead, sep="\n", end="\n" if dead else "")
    return 1 if dead else 0


def documents(root: Path) -> list[str]:
    """Name the Markdown files of the checkout, relative to it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.splitlines() if (root / name).is_file()]


def dead_references(document: Path, root: Path) -> list[str]:
    """List what this document names that is not there, one readable phrase each."""
    tokens = list(inline_tokens(document.read_text("utf-8")))
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    images = [str(token.attrs["src"]) for token in tokens if token.type == "image"]
    paths = [token.content for token in tokens if token.type == "code_inline"]
    dead = [f"dead link {link}" for link in links + images if not leads_somewhere(link, document)]
    places = [root, document.parent]
    return dead + [f"dead path {path}" for path in paths if reads_as_path(path, root) and not exists(path, places)]


def inline_tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield from token.children or ()


def leads_somewhere(link: str, document: Path) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = document.parent / unquote(parts.path) if parts.path else document
    if not target.exists():
        return False
    return not parts.fragment or target.suffix != ".md" or parts.fragment in anchors(target)


def anchors(document: Path) -> set[str]:
    """Headings as the forges turn them into anchors: lower case, punctuation dropped, spaces to hyphens."""
    tokens = MarkdownIt("commonmark").enable("table").parse(document.read_text("utf-8"))
    titles = [body.content for head, body in pairwise(tokens) if head.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def reads_as_path(text: str, root: Path) -> bool:
    if not PATH.fullmatch(text):
        return False
    return "/" not in text or (root / text.partition("/")[0]).is_dir()


def exists(path: str, places: list[Path]) -> bool:
    return any((place / path).exists() for place in places)


if __name__ == "__main__":
    sys.exit(main())
