"""A manifest that can't be trusted costs time and a line on stderr, and nothing else."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from manifests.manifest import opening
from support.installers import ROOT
from support.raw import StartRaw


def _make_folder(manifest: Path) -> None:
    manifest.unlink()
    manifest.mkdir()


TROUBLE: dict[str, Callable[[Path], object]] = {
    "missing": lambda manifest: manifest.rename(manifest.with_suffix(".old")),
    "cut short": lambda manifest: manifest.write_bytes(manifest.read_bytes()[:1000]),
    "not text": lambda manifest: manifest.write_bytes(b"\xff\xfe\x00"),
    "a folder": _make_folder,
    "something else": lambda manifest: manifest.write_text("[]"),
    "another server's": lambda manifest: _change(manifest, server="proxmox"),
    "of another format": lambda manifest: _change(manifest, format=0),
}


def _change(manifest: Path, **values: object) -> None:
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | values))


@pytest.mark.parametrize("trouble", TROUBLE)
def test_the_sdk_answers_where_the_manifest_can_not(start_raw: StartRaw, tmp_path: Path, trouble: str) -> None:
    package = tmp_path / "src/infra_mcp_ssh"
    shutil.copytree(ROOT / "servers/ssh/src/infra_mcp_ssh", package)
    TROUBLE[trouble](package / "manifest.json")
    said = opening("modern", "2026-07-28").splitlines(True)[:2]
    in_order, troubled = start_raw("ssh-mcp"), start_raw("ssh-mcp", env={"PYTHONPATH": str(package.parent)})
    in_order.send(b"".join(said))
    expected = in_order.answers(2)
    for line, answer in zip(said, expected, strict=True):
        troubled.send(line)
        assert troubled.answer() == answer
    assert troubled.has_loaded_the_sdk
    assert str(package / "manifest.json") in troubled.stderr
