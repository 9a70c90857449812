"""Write the generated parts of the READMEs: tools, settings and flags, as the code has them.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`. Run scripts/generate-docs after a change
of tools or settings; `--check` changes nothing and fails where a README is behind.
"""

import argparse
import importlib
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from infra_mcp_common.guard.policy import POLICY_SETTINGS
from infra_mcp_common.http_settings import HTTP_SETTINGS
from infra_mcp_common.runtime import Runtime
from infra_mcp_common.server import Server
from infra_mcp_common.tool_calls.tool import GuardedTool

ROOT = Path(__file__).parents[2]
_PART = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
Writer = Callable[[], str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/generate-docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a README is behind")
    check = parser.parse_args().check
    behind = [path for path, parts in documents().items() if renew(path, parts, check=check)]
    for path in behind:
        print(f"{path.relative_to(ROOT)} {'is behind: run scripts/generate-docs' if check else 'written'}")
    return 1 if check and behind else 0


def documents() -> dict[Path, dict[str, Writer]]:
    """Each README with the writers of its parts."""
    servers = [load(folder.name) for folder in sorted((ROOT / "servers").iterdir()) if (folder / "README.md").is_file()]
    found: dict[Path, dict[str, Writer]] = {ROOT / "README.md": {"servers": lambda: overview(servers)}}
    found[ROOT / "SECURITY.md"] = {
        "policy": lambda: settings_table(POLICY_SETTINGS),
        "http": lambda: settings_table(HTTP_SETTINGS),
    }
    for server in servers:
        found[ROOT / "servers" / server.name / "README.md"] = {
            "tools": lambda server=server: tools_table(server),  # type: ignore[misc]
            "settings": lambda server=server: settings_table(server.settings),  # type: ignore[misc]
            "help": lambda server=server: help_text(server),  # type: ignore[misc]
        }
    return found


def renew(path: Path, parts: dict[str, Writer], *, check: bool) -> bool:
    """Write the generated parts of one document anew; True where that changes it."""
    before = path.read_text("utf-8")
    after = _PART.sub(lambda part: f"{part[1]}{parts[part[2]]()}\n{part[3]}", before)
    if not check and after != before:
        path.write_text(after, "utf-8")
    return after != before


def load(name: str) -> Server:
    server: Server = importlib.import_module(f"infra_mcp_{name}.server").SERVER
    return server


def tools_of(server: Server) -> list[GuardedTool]:
    return server.build_tools(Runtime(server.name, server.settings, {}))


def overview(servers: list[Server]) -> str:
    rows = ["| command | for | tools |", "| --- | --- | --- |"]
    for server in servers:
        names = ", ".join(f"`{tool.name}`" for tool in tools_of(server))
        rows.append(f"| [`{server.name}-mcp`](servers/{server.name}/README.md) | {server.title} | {names} |")
    return "\n".join(rows)


def tools_table(server: Server) -> str:
    rows = ["| tool | class | what it does |", "| --- | --- | --- |"]
    rows += [f"| `{tool.name}` | {tool.kind} | {cell(tool.description.splitlines()[0])} |" for tool in tools_of(server)]
    return "\n".join(rows)


def settings_table(settings: tuple[object, ...]) -> str:
    rows = ["| setting | what it is |", "| --- | --- |"]
    for setting in settings:
        name, meaning, where = (getattr(setting, key) for key in ("name", "meaning", "where"))
        aliases = "".join(f", also `{alias}`" for alias in getattr(setting, "aliases", ()))
        rows.append(f"| `{name}`{aliases} | {cell(sentence(meaning))} {cell(where)} |".replace("  |", " |"))
    return "\n".join(rows)


def help_text(server: Server) -> str:
    command = [str(Path(sys.executable).with_name(f"{server.name}-mcp")), "--help"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env={"COLUMNS": "100"}).stdout
    return f"```text\n{printed.rstrip()}\n```"


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
