"""Every package that the servers and the tools need has one version, held by hashes, and names no place to get it."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.installers import ROOT

LOCK = ROOT / "requirements-dev.txt"
VERSIONS = {
    canonicalize_name(name): version
    for name, version in re.findall(r"^(\w\S*)==([\w.]+).* \\\n    --hash=", LOCK.read_text("utf-8"), re.MULTILINE)
}
MEND = f"{LOCK.name} is behind; run scripts/lock"
# What makes an environment before anything is installed into it.
SEEDS = {"pip"}


def declared() -> Iterator[tuple[str, str]]:
    """Each project file with each of its requirements, those to build it among them."""
    for path in [ROOT / "pyproject.toml", ROOT / "common/pyproject.toml", *ROOT.glob("servers/*/pyproject.toml")]:
        project = tomllib.loads(path.read_text("utf-8"))
        needed = [
            *project.get("build-system", {}).get("requires", ()),
            *project.get("project", {}).get("dependencies", ()),
            *project.get("tool", {}).get("infra-mcp", {}).get("dependencies", ()),
            *project.get("dependency-groups", {}).get("dev", ()),
        ]
        yield from ((str(path.relative_to(ROOT)), line) for line in needed)


@pytest.mark.parametrize(("path", "line"), list(declared()))
def test_what_a_project_file_asks_for_is_locked_at_a_version_that_fits(path: str, line: str) -> None:
    wanted = Requirement(line)
    assert canonicalize_name(wanted.name) in VERSIONS, f"{path} asks for {line}: {MEND}"
    assert wanted.specifier.contains(VERSIONS[canonicalize_name(wanted.name)]), f"{path} asks for {line}: {MEND}"


def test_every_locked_version_has_hashes_and_no_line_says_where_a_package_comes_from() -> None:
    text = LOCK.read_text("utf-8")
    assert {canonicalize_name(name) for name in re.findall(r"^(\w\S*)==", text, re.MULTILINE)} == VERSIONS.keys()
    line = re.compile(r"#[^/]*|#    scripts/lock|\w\S*==[\w.]+( ; [^:/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [each for each in text.splitlines() if not line.fullmatch(each)] == []


def test_what_is_installed_here_is_what_is_locked() -> None:
    installed = {canonicalize_name(each.name): each.version for each in distributions()}
    others = {name: installed[name] for name in installed if not name.startswith("infra-mcp-") and name not in SEEDS}
    assert others == {name: VERSIONS.get(name) for name in others}, "run scripts/setup"
