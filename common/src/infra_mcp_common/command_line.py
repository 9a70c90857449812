"""The command line of every server, read alike by the launcher and by the server."""

import argparse
from collections.abc import Iterable, Sequence

from infra_mcp_common.http_settings import add_flags


def parse(server: str, title: str, version: str, port: int, argv: Sequence[str]) -> argparse.Namespace:
    """The flags; `--help`, `--version` and mistakes end the process here, as argparse does."""
    parser = argparse.ArgumentParser(
        prog=f"{server}-mcp",
        description=f"{title}: an MCP server on stdin and stdout.",
        epilog=f"Register it with Claude Code: claude mcp add {server} --scope user -- $(command -v {server}-mcp)",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=["doctor", "health", "env-template"],
        help="doctor: check settings, reachability and rights; its exit status is 0 when all is well, 1 when something "
        "fails, 3 when a setting is needed. health: look for what is broken on the other side; 0 when all is well, 1 "
        "when something is broken, 3 when not all could be looked at, 4 when something is degraded. env-template: "
        "print an env file to fill in",
    )
    parser.add_argument("--json", action="store_true", help="with doctor and health: print the report as JSON")
    parser.add_argument(
        "--seconds", type=float, default=10.0, metavar="N", help="with health: how long to look at most (default: 10)"
    )
    parser.add_argument("--read-only", action="store_true", help="offer only tools that change nothing")
    parser.add_argument("--no-destructive", action="store_true", help="drop tools that can destroy or run anything")
    parser.add_argument("--tools", default="", metavar="A,B", help="offer only these; patterns allowed")
    parser.add_argument("--exclude-tools", default="", metavar="A,B", help="drop these; patterns allowed")
    parser.add_argument("--list-tools", action="store_true", help="print the tools with their safety class and end")
    add_flags(parser, port)
    parser.add_argument("--version", action="version", version=f"{server}-mcp {version}")
    return parser.parse_args(argv)


def print_tools(tools: Iterable[tuple[str, str, str]]) -> None:
    """What `--list-tools` shows of (name, safety class, description)."""
    shown = list(tools)
    width = max((len(name) for name, _, _ in shown), default=0)
    for name, kind, description in shown:
        print(f"{name:<{width}}  {kind:<11}  {description.splitlines()[0]}")
