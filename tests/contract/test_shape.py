"""Six servers, one shape."""

import tomllib

import pytest

from support.installers import ROOT, SERVERS


@pytest.mark.parametrize("server", SERVERS)
def test_every_server_is_entered_through_the_front(server: str) -> None:
    project = tomllib.loads((ROOT / "servers" / server / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["scripts"] == {f"{server}-mcp": f"infra_mcp_{server}.__main__:main"}


def test_the_entries_are_copies_of_one_another() -> None:
    entries = {server: ROOT / f"servers/{server}/src/infra_mcp_{server}/__main__.py" for server in SERVERS}
    missing = [server for server, entry in entries.items() if not entry.is_file()]
    assert not missing, "copy __main__.py from another server, and end server.py with SERVER"
    same = len({entry.read_bytes() for entry in entries.values()}) == 1
    assert same, "servers/*/src/*/__main__.py differ; copy one of them over the others"
