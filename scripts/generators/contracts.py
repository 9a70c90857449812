"""A new package in the import contracts of pyproject.toml."""

import re

# A list with a line for each package: all of them are of servers, but for a few at its head.
_LIST = re.compile(r"(?<=\[\n)(?:    \"\w+\",\n)+")
_SERVER = re.compile(r"    \"infra_mcp_(?!common\")\w+\",\n")


def with_package(text: str, package: str) -> str:
    """The file with this package in every list that names servers, in the order of the alphabet."""
    return _LIST.sub(lambda found: _extended(found[0], f'    "{package}",\n'), text)


def _extended(lines: str, line: str) -> str:
    """These lines with one more, before the first server that the alphabet puts behind it."""
    present = _SERVER.findall(lines)
    if not present or line in present:
        return lines
    behind = next((each for each in present if each > line), "")
    head, found, tail = lines.partition(behind) if behind else (lines, "", "")
    return head + line + found + tail
