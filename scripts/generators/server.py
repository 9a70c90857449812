"""Write a new server with everything that accompanies one. See `scripts/new-server --help`."""

import argparse
import re
import sys
from pathlib import Path

from generators import contracts, house
from generators.house import ROOT, Refused
from generators.rendering import render_all

_TITLE = re.compile(r"[\w .,:()/&+-]{1,40}")
_COPIES = ("hatch_build.py", "src/infra_mcp_{}/__main__.py", "src/infra_mcp_{}/py.typed")
LEFT = """
{name}-mcp works, on an example: a status to read, an item to delete. What is left, in this order:

  servers/{name}/src/infra_mcp_{name}/
    settings.py            what the operator has to set, and where to get it
    transport/, domain/    the real calls and what they return; errors.py: what its statuses mean
    tools/, answers/       the real nouns, one file each (scripts/new-tool {name} ...), in place of status and items
    doctor.py, server.py   what to look at; title, instructions (at most 2 KB)
  scripts/sandbox/{name}/  the rules of the real API, as strict as it is
  tests/                   servers/{name}, contract/worlds/{name}.py, support/scenes/{name}.py
  scripts/                 demos/parts, benches/parts and deliberate_faults of {name}; a function in scripts/configure
  servers/{name}/README.md what it promises, its known limits; CHANGELOG.md tells users

Then: scripts/generate-docs, scripts/generate-manifests, scripts/check, scripts/test -k {name}
"""


def main() -> int:
    arguments = _parser().parse_args()
    name, title = arguments.name, arguments.title or arguments.name.capitalize()
    try:
        texts = _texts(name, title)
    except Refused as refused:
        print(f"scripts/new-server: {refused}", file=sys.stderr)
        return 2
    house.write(texts)
    if not arguments.files_only:
        house.run("scripts/setup")
        house.run("scripts/generate-manifests", "--sizes")
        house.run("scripts/generate-docs")
    print(LEFT.format(name=name))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/new-server",
        description="Write a new server that works on an example: its package, sandbox, contract world, tests, parts of"
        " demo and benchmark, deliberate faults. It gets the next free port and a place in the import contracts; then"
        " it is installed, and its manifest and documents are generated.",
    )
    parser.add_argument("name", help="lowercase letters and digits, as in NAME-mcp")
    parser.add_argument("--title", help="what it is for, as people call it (default: the name)")
    parser.add_argument("--files-only", action="store_true", help="neither install it nor generate anything")
    return parser


def _texts(name: str, title: str) -> dict[Path, str]:
    """Every file to write; Refused where that can't be."""
    house.check_server_name(name)
    if not _TITLE.fullmatch(title):
        raise Refused(f"{title!r} is no title: at most 40 letters, digits, spaces and .,:()/&+-")
    values = {
        "name": name,
        "NAME": name.upper(),
        "Name": name.capitalize(),
        "title": title,
        "port": str(house.next_port()),
        "version": house.version(),
    }
    texts = {ROOT / path: text for path, text in render_all("server", name, values)}
    sample = house.servers()[0]
    for copy in _COPIES:
        text = (ROOT / "servers" / sample / copy.format(sample)).read_text("utf-8")
        texts[ROOT / "servers" / name / copy.format(name)] = text
    house.check_free(texts)
    project = ROOT / "pyproject.toml"
    return texts | {project: contracts.with_package(project.read_text("utf-8"), f"infra_mcp_{name}")}


if __name__ == "__main__":
    sys.exit(main())
