"""Derive the table of served calls from the official API schemas: parameters, types, limits and privileges, no prose.

The schemas are read from `pve-api/pve-apidata-*.json` in a folder given by the caller; only what this sandbox serves
is kept. `python -m sandbox.proxmox.derive FOLDER` rewrites `table.txt`, or another file that is named.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("table.txt")
VERSIONS = ("7.4", "8.4", "9.1")
RULES = {
    "type": "type",
    "optional": "optional",
    "minimum": "min",
    "maximum": "max",
    "minLength": "shortest",
    "maxLength": "longest",
    "enum": "enum",
    "pattern": "pattern",
    "requires": "requires",
}


def methods(node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every `METHOD /path` below a node of an official schema, with its description there."""
    for method, info in node.get("info", {}).items():
        yield f"{method} {node['path']}", info
    for child in node.get("children", []):
        yield from methods(child)


def official(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The official schemas by version ("9.1"), each a mapping of `METHOD /path` to its description."""
    schemas = {}
    for file in sorted((folder / "pve-api").glob("pve-apidata-*.json")):
        found = re.search(r"apidata-(\d+\.\d+)", file.name)
        if found:
            tree = json.loads(file.read_text("utf-8"))
            schemas[found[1]] = {name: info for top in tree for name, info in methods(top)}
    return schemas


def rule(parameter: dict[str, Any]) -> dict[str, Any]:
    """What a value must be. Formats that are themselves property lists keep their keys."""
    kept = {short: parameter[long] for long, short in RULES.items() if long in parameter}
    given = parameter.get("format")
    if isinstance(given, dict):
        kept["keys"] = sorted(given)
        kept["default"] = next((key for key, value in given.items() if value.get("default_key")), None)
    elif given:
        kept["format"] = given
    return kept


def per_version(values: dict[str, Any]) -> dict[str, Any]:
    """Versions grouped by equal value: {"7.4 8.4": value, "9.1": other}."""
    groups: dict[str, list[str]] = {}
    for version, value in values.items():
        groups.setdefault(json.dumps(value, sort_keys=True), []).append(version)
    return {" ".join(versions): json.loads(value) for value, versions in groups.items()}


def describe(name: str, schemas: dict[str, dict[str, dict[str, Any]]]) -> Iterator[str]:
    """The table's lines of one call: its name, its checks, its parameters."""
    known = {version: schema[name] for version, schema in schemas.items() if name in schema}
    yield f"{name} {json.dumps(list(known))}"
    checks = {version: info.get("permissions", {}) for version, info in known.items()}
    plain = {
        version: {key: value for key, value in check.items() if key != "description"}
        for version, check in checks.items()
    }
    yield f"  ! {json.dumps(per_version(plain))}"
    parameters: dict[str, dict[str, Any]] = {}
    for version, info in known.items():
        for parameter, given in info["parameters"].get("properties", {}).items():
            parameters.setdefault(parameter, {})[version] = rule(given)
    for parameter in sorted(parameters):
        yield f"  {parameter} {json.dumps(per_version(parameters[parameter]))}"


def derive(folder: Path, names: list[str]) -> str:
    """The table; ValueError where the folder lacks the schemas of a version that the sandbox serves."""
    schemas = official(folder)
    if missing := [version for version in VERSIONS if version not in schemas]:
        wanted = folder / "pve-api" / "pve-apidata-*.json"
        raise ValueError(f"no schemas of {', '.join(missing)} as {wanted}")
    return "".join(f"{line}\n" for name in sorted(names) for line in describe(name, schemas))


def main() -> None:
    from sandbox.proxmox.routes import served

    parser = argparse.ArgumentParser(prog="python -m sandbox.proxmox.derive", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the official schemas are, in pve-api/")
    parser.add_argument("table", type=Path, nargs="?", default=TABLE, help="what to write (default: the sandbox's own)")
    asked = parser.parse_args()
    try:
        table = derive(asked.folder, served())
    except ValueError as error:
        parser.error(f"{error}; {asked.table} stays as it is")
    asked.table.write_text(table, "utf-8")


if __name__ == "__main__":
    main()
