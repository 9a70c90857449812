"""Write a new tool with its answer, its way out, a good call and a test. See `scripts/new-tool --help`."""

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from generators import house, places
from generators.house import ROOT, Refused
from generators.rendering import render
from generators.source import Source

_VERB = {"read": "Show", "write": "Change", "destructive": "Delete"}
_RESERVED = {"doctor", "server", "settings", "parameters", "read_output", "tool"}
LEFT = """
{tool} works, and answers with the name that it is given. What is left:

  {package}/
    tools/{noun}.py      its sentence (an imperative), its arguments, each described{preview}
    answers/{noun}.py    the fields a person would ask for
    transport/{noun}.py  the real call; what it returns is a type of domain/
  {world}  a good call, on something that is there
  {test}  what it does, good and bad; see each test fail once
  CHANGELOG.md tells users

Where the listing has grown by more than a twentieth, shorten it or accept it: scripts/generate-manifests --sizes
"""


def main() -> int:
    arguments = _parser().parse_args()
    try:
        noun = arguments.noun or _noun_of(arguments.name)
        slots = _slots(arguments.server, arguments.name, noun, arguments.kind)
        texts = dict(_texts(slots))
    except Refused as refused:
        print(f"scripts/new-tool: {refused}", file=sys.stderr)
        return 2
    house.write(texts)
    if not arguments.files_only:
        house.run("scripts/generate-manifests")
        house.run("scripts/generate-docs")
    preview = ", a preview= of what would be lost" if arguments.kind == "destructive" else ""
    paths = {key: path.relative_to(ROOT) for key, path in _paths(arguments.server, noun).items()}
    package = house.package(arguments.server).relative_to(ROOT)
    print(LEFT.format(tool=arguments.name, noun=noun, package=package, preview=preview, **paths))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/new-tool",
        description="Write a new tool that works: a function in tools/, its answer in answers/, its way out in"
        " transport/, a good call in the server's contract world, a test. Then manifests and documents are generated.",
    )
    parser.add_argument("server", help="as in SERVER-mcp")
    parser.add_argument("name", help="a verb and what it acts on, as in list_items")
    parser.add_argument("--noun", help="its module, as in tools/NOUN.py (default: the name without its verb)")
    parser.add_argument("--kind", choices=list(_VERB), default="read", help="its safety class (default: read)")
    parser.add_argument("--files-only", action="store_true", help="generate nothing")
    return parser


def _noun_of(name: str) -> str:
    _, _, noun = name.partition("_")
    if not noun:
        raise Refused(f"{name!r} is one word: say by --noun what it acts on.")
    return noun


def _slots(server: str, name: str, noun: str, kind: str) -> dict[str, str]:
    """The words of the templates; Refused where a name can't be."""
    house.check_server(server)
    house.check_words("tool", name)
    house.check_words("noun", noun)
    if noun in _RESERVED:
        raise Refused(f"A module tools/{noun}.py would hide another one of that name: give another --noun.")
    for path in sorted((house.package(server) / "tools").glob("*.py")):
        if name in Source(path.read_text("utf-8")).defines():
            raise Refused(f"{path.relative_to(ROOT)} has {name} already.")
    confirmed = kind == "destructive"
    return {
        "server": server,
        "tool": name,
        "noun": noun,
        "nouns": noun.replace("_", " "),
        "kind": kind,
        "sentence": f"{_verb(name, kind)} the {(name.partition('_')[2] or noun).replace('_', ' ')} with this name.",
        "Answer": "".join(word.capitalize() for word in name.split("_")) + "Answer",
        "confirmed": ", confirmed=True" if confirmed else "",
        "confirm": ", confirm=True" if confirmed else "",
    }


def _verb(name: str, kind: str) -> str:
    """The verb of the name, where a description may begin with it."""
    tree = ast.parse((ROOT / "tests/contract/test_surface.py").read_text("utf-8"))
    constants = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    allowed = ast.literal_eval(constants["VERBS"])
    verb = name.partition("_")[0].capitalize()
    return verb if verb in allowed else _VERB[kind]


def _paths(server: str, noun: str) -> dict[str, Path]:
    rooms = {room: house.package(server) / room / f"{noun}.py" for room in ("tools", "answers", "transport")}
    test = ROOT / f"tests/servers/{server}/test_{noun}.py"
    return rooms | {"world": ROOT / f"tests/contract/worlds/{server}.py", "test": test}


def _texts(slots: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Every file that is new or changed, with its text."""
    paths, server = _paths(slots["server"], slots["noun"]), house.package(slots["server"]) / "server.py"
    for part in ("tools", "answers", "transport", "test"):
        yield paths[part], _extended(paths[part], part, slots)
    world, composition = (Source(path.read_text("utf-8")) for path in (paths["world"], server))
    places.add_call(world, render("tool/call", slots).strip())
    places.register(composition, f"infra_mcp_{slots['server']}", slots["noun"])
    yield paths["world"], world.text
    yield server, composition.text


def _extended(path: Path, part: str, slots: dict[str, str]) -> str:
    """The module, as it is or new, with the template's imports and definitions."""
    head, _, definition = render(f"tool/{part}", slots).partition("\n\n\n")
    docstring, _, imports = head.partition("\n\n")
    source = Source(path.read_text("utf-8") if path.exists() else f"{docstring}\n")
    added = Source(definition).defines()
    if taken := added & source.defines():
        raise Refused(f"{path.relative_to(ROOT)} has {', '.join(taken)} already.")
    source.add_imports(*imports.splitlines())
    source.append(definition)
    return source.text


if __name__ == "__main__":
    sys.exit(main())
