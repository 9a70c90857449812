"""What is released stands alone: no path of the machine that built it, and the whole suite at one version."""

import tarfile
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

from support.installers import ROOT, SERVERS, Run, run_in, version, version_of

COPIES = "servers/*/hatch_build.py differ; copy one of them over the others"


@pytest.fixture(scope="module")
def dist(origin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release build of every package: sdists, and wheels made from them."""
    folder = tmp_path_factory.mktemp("release")
    run = run_in(folder)
    run("uv", "build", "--quiet", "--all-packages", "--out-dir", folder / "dist", cwd=origin, INFRA_MCP_RELEASE="1")
    return folder / "dist"


def test_every_package_has_the_same_version() -> None:
    versions = {name: version(name) for name in SERVERS}
    assert set(versions.values()) == {version_of(ROOT / "common")}, "common/ and servers/*/pyproject.toml must agree"


def test_the_build_hooks_are_copies_of_one_another() -> None:
    assert len({(ROOT / "servers" / name / "hatch_build.py").read_bytes() for name in SERVERS}) == 1, COPIES


@pytest.mark.full
@pytest.mark.parametrize("form", ["wheel", "sdist"])
@pytest.mark.parametrize("server", SERVERS)
def test_a_released_server_pins_the_common_package_and_names_no_path(dist: Path, server: str, form: str) -> None:
    metadata = _metadata(dist, server, form)
    requirements = metadata.get_all("Requires-Dist", [])
    assert f"infra-mcp-common=={version_of(ROOT / 'common')}" in requirements
    assert not [requirement for requirement in requirements if "file:" in requirement]


@pytest.mark.full
def test_released_wheels_install_as_a_set(dist: Path, tmp_path: Path, run: Run) -> None:
    (wheel,) = dist.glob("infra_mcp_ssh-*.whl")
    run("uv", "tool", "install", "--quiet", "--find-links", dist, wheel)
    assert run(tmp_path / "bin/ssh-mcp", "--version") == f"ssh-mcp {version('ssh')}\n"


def _metadata(dist: Path, server: str, form: str) -> Message:
    name = f"infra_mcp_{server}-{version(server)}"
    if form == "wheel":
        (wheel,) = dist.glob(f"{name}-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            text = archive.read(f"{name}.dist-info/METADATA")
    else:
        with tarfile.open(dist / f"{name}.tar.gz") as archive:
            member = archive.extractfile(f"{name}/PKG-INFO")
            assert member
            text = member.read()
    return message_from_string(text.decode())
