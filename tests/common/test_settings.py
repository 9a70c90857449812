"""Settings are found where they are promised, read when they are needed, and never from a file others can read."""

from pathlib import Path

import pytest

from support.answers import error, text
from support.suite import StartProbe

pytestmark = pytest.mark.anyio

TOKEN = "canary-token-1"


async def kind_with(start_probe: StartProbe, env: dict[str, str]) -> str:
    async with start_probe(env=env) as server:
        result = await server.call("reveal")
    return error(result)["kind"] if result.is_error else "found"


@pytest.mark.promise("settings-are-found")
async def test_each_source_is_found(start_probe: StartProbe, env_file: Path, tmp_path: Path) -> None:
    assert await kind_with(start_probe, {"PROBE_TOKEN": TOKEN}) == "found"
    assert await kind_with(start_probe, {"OLD_TOKEN": TOKEN}) == "found"
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    assert await kind_with(start_probe, {"PROBE_TOKEN_FILE": str(tmp_path / "token")}) == "found"
    env_file.write_text(f"# the probe\nexport PROBE_TOKEN='{TOKEN}'\n")
    env_file.chmod(0o600)
    assert await kind_with(start_probe, {}) == "found"


@pytest.mark.parametrize("value", ["", "  ", "${PROBE_TOKEN}", "${PROBE_TOKEN:-}"])
async def test_an_empty_or_unexpanded_value_counts_as_unset(start_probe: StartProbe, value: str) -> None:
    assert await kind_with(start_probe, {"PROBE_TOKEN": value}) == "not_configured"


@pytest.mark.promise("next-call-picks-it-up", "env-file-is-private")
async def test_an_env_file_that_others_can_read_is_refused_with_the_remedy_and_works_once_mended(
    start_probe: StartProbe, env_file: Path
) -> None:
    async with start_probe() as server:
        env_file.write_text(f"PROBE_TOKEN={TOKEN}\n")
        env_file.chmod(0o644)
        result = await server.call("reveal")
        assert error(result)["kind"] == "not_configured"
        assert f"chmod 600 {env_file}" in text(result)
        env_file.chmod(0o600)
        assert not (await server.call("reveal")).is_error


async def test_a_changed_env_file_is_read_again(start_probe: StartProbe, env_file: Path) -> None:
    async with start_probe() as server:
        assert error(await server.call("reveal"))["setting"] == "PROBE_TOKEN"
        env_file.touch(mode=0o600)
        env_file.write_text(f"PROBE_TOKEN={TOKEN}\n")
        assert not (await server.call("reveal")).is_error
