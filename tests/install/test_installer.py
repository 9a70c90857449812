"""The installer on a computer with stand-ins for uv and Claude Code; the real ones are in test_installer_for_real."""

import json
import os
import shlex
import stat
import tomllib

import pytest

from support.installers import ROOT, SERVERS
from support.machine import Machine, row

SSH = ("--only", "ssh")


@pytest.mark.promise("installs-and-registers", "some-servers-only")
def test_it_installs_registers_and_writes_an_env_file_to_fill_in(machine: Machine) -> None:
    done = machine.install(*SSH)
    assert (done.returncode, done.stderr) == (0, "")
    assert row(done, "ssh")[1:] == ["installed", "connected", "written", "to set: token TOKEN is not set"]
    assert machine.entry("ssh") == [str(machine.command("ssh"))]
    assert machine.env_file("ssh").read_text() == machine.run(machine.command("ssh"), "env-template").stdout
    assert stat.S_IMODE(machine.env_file("ssh").stat().st_mode) == 0o600
    assert list(machine.home.rglob("pwned")) == []


def test_a_second_run_changes_nothing_and_says_so(machine: Machine) -> None:
    machine.install(*SSH)
    before, calls = machine.tree(), len(machine.calls("uv"))
    done = machine.install(*SSH)
    assert (done.returncode, machine.tree(), len(machine.calls("uv"))) == (0, before, calls)
    assert row(done, "ssh")[1:4] == ["unchanged", "unchanged, connected", "kept"]
    assert "\nNothing changed.\n" in done.stdout


@pytest.mark.promise("dry-run-changes-nothing")
def test_a_dry_run_changes_nothing_and_asks_nobody(machine: Machine) -> None:
    done = machine.install("--dry-run")
    assert (done.returncode, machine.tree()) == (0, {})
    assert machine.calls("claude") + machine.calls("uv") == []
    printed = [shlex.split(line) for line in done.stdout.splitlines() if line.startswith("    claude mcp add")]
    assert [words[3] for words in printed] == SERVERS


def test_a_dry_run_of_the_removal_changes_nothing(machine: Machine) -> None:
    machine.install(*SSH)
    before, calls = machine.tree(), machine.calls("uv")
    assert machine.install("--uninstall", "--dry-run", *SSH).returncode == 0
    assert (machine.tree(), machine.calls("uv")) == (before, calls)


def test_no_secret_and_no_environment_is_handed_to_claude_code(machine: Machine) -> None:
    machine.install(*SSH, PROXMOX_API_TOKEN="canary")
    (words,) = [words for words in machine.calls("claude") if words[1] == "add"]
    assert words == ["mcp", "add", "ssh", "--scope", "user", "--", str(machine.command("ssh"))]


@pytest.mark.promise("update-by-running-again")
def test_an_update_reaches_the_program(machine: Machine) -> None:
    machine.install(*SSH)
    note = machine.home / ".local/share/infra-mcp/installed/ssh"
    note.write_text(note.read_text().replace(note.read_text().splitlines()[1], "an older checkout"))
    assert row(machine.install(*SSH), "ssh")[1] == "updated"
    assert len(machine.calls("uv")) == 2


def test_a_program_that_no_longer_runs_is_installed_again(machine: Machine) -> None:
    machine.install(*SSH)
    machine.command("ssh").resolve().write_text("#!/nowhere/python\n")
    assert row(machine.install(*SSH), "ssh")[1] == "updated"
    assert machine.run(machine.command("ssh"), "--version").returncode == 0


def test_an_old_entry_with_another_path_is_replaced(machine: Machine) -> None:
    machine.run("claude", "mcp", "add", "ssh", "--scope", "user", "--", "/old/ssh-mcp", "--tools", "x")
    done = machine.install(*SSH)
    assert (done.returncode, machine.entry("ssh")) == (0, [str(machine.command("ssh"))])


@pytest.mark.promise("installs-read-only")
def test_read_only_stays_until_it_is_taken_back(machine: Machine) -> None:
    """An update must not hand more power to the assistant than its operator gave."""
    command = str(machine.command("ssh"))
    machine.install(*SSH)
    for flags, arguments in ((["--read-only"], ["--read-only"]), ([], ["--read-only"]), (["--no-read-only"], [])):
        assert machine.install(*SSH, *flags).returncode == 0
        assert machine.entry("ssh") == [command, *arguments]


def test_arguments_that_were_given_by_hand_survive(machine: Machine) -> None:
    command = str(machine.command("ssh"))
    machine.run("claude", "mcp", "add", "ssh", "--scope", "user", "--", command, "--tools", "list_*")
    assert machine.install(*SSH).returncode == 0
    assert machine.entry("ssh") == [command, "--tools", "list_*"]


def test_an_entry_of_another_scope_that_goes_first_is_told(machine: Machine) -> None:
    machine.run("claude", "mcp", "add", "ssh", "--scope", "local", "--", "/other/ssh-mcp")
    done = machine.install(*SSH)
    assert (done.returncode, row(done, "ssh")[2]) == (1, "FAILED")
    assert "claude mcp get ssh" in done.stderr


def test_a_run_that_was_killed_between_remove_and_add_is_healed_by_the_next(machine: Machine) -> None:
    machine.run("claude", "mcp", "add", "ssh", "--scope", "user", "--", "/old/ssh-mcp")
    killed = machine.install(*SSH, STUB_INTERRUPTS="remove")
    assert (killed.returncode, machine.entry("ssh")) == (-9, None)
    assert row(machine.install(*SSH), "ssh")[2] == "connected"
    assert machine.entry("ssh") == [str(machine.command("ssh"))]


def test_a_removal_that_fails_is_not_taken_for_one_that_had_nothing_to_do(machine: Machine) -> None:
    machine.run("claude", "mcp", "add", "ssh", "--scope", "user", "--", "/old/ssh-mcp")
    done = machine.install(*SSH, STUB_REFUSES="remove")
    assert (done.returncode, row(done, "ssh")[2]) == (1, "FAILED")
    assert "EACCES" in done.stderr
    assert machine.entry("ssh") == ["/old/ssh-mcp"]


def test_one_server_that_fails_does_not_stop_the_rest(machine: Machine) -> None:
    done = machine.install("--only", "proxmox,ssh", STUB_FAILS="proxmox")
    assert done.returncode == 1
    assert row(done, "proxmox")[1:] == ["FAILED", "-", "-", "-"]
    assert row(done, "ssh")[1:3] == ["installed", "connected"]
    assert "Failed to build" in done.stderr


def test_without_claude_code_it_prints_lines_that_register_the_servers(machine: Machine) -> None:
    (machine.tools / "claude").unlink()
    done = machine.install(*SSH, "--read-only")
    assert done.returncode == 0
    (line,) = [line for line in done.stdout.splitlines() if "claude mcp add" in line]
    machine.has_stub("claude")
    machine.run("sh", "-c", line)
    assert machine.entry("ssh") == [str(machine.command("ssh")), "--read-only"]


def test_without_python_and_uv_it_stops_and_says_what_to_install(bare: Machine) -> None:
    done = bare.install()
    assert (done.returncode, bare.tree()) == (1, {})
    assert "Python 3.11" in done.stderr


def test_a_home_that_can_not_be_written_to_stops_it_before_anything(machine: Machine) -> None:
    if os.geteuid():
        machine.home.chmod(0o500)
    else:  # whom no mode stops
        machine.home = machine.tools / "python3/home"
    done = machine.install()
    assert (done.returncode, machine.calls("uv"), machine.calls("claude")) == (1, [], [])
    assert "nothing was changed" in done.stderr


def test_a_filled_in_env_file_stays_and_becomes_private(machine: Machine) -> None:
    machine.env_file("ssh").parent.mkdir(parents=True)
    machine.env_file("ssh").write_text("SSH_MCP_SUDO_PASSWORD=x\n")
    machine.env_file("ssh").chmod(0o644)
    assert row(machine.install(*SSH), "ssh")[3] == "made private"
    assert machine.env_file("ssh").read_text() == "SSH_MCP_SUDO_PASSWORD=x\n"
    assert stat.S_IMODE(machine.env_file("ssh").stat().st_mode) == 0o600


def test_a_command_of_somebody_else_is_not_overwritten(machine: Machine) -> None:
    machine.command("ssh").parent.mkdir(parents=True)
    machine.command("ssh").write_text("#!/bin/sh\necho mine\n")
    done = machine.install(*SSH)
    assert (done.returncode, row(done, "ssh")[1]) == (1, "FAILED")
    assert machine.command("ssh").read_text() == "#!/bin/sh\necho mine\n"
    machine.install("--uninstall", *SSH)
    assert machine.command("ssh").exists()


def test_install_uninstall_install(machine: Machine) -> None:
    machine.install(*SSH)
    done = machine.install("--uninstall", *SSH)
    assert (done.returncode, row(done, "ssh")[1:]) == (0, ["removed", "removed", "removed"])
    assert set(machine.tree()) == {".claude.json"}
    assert machine.entry("ssh") is None
    assert machine.install("--uninstall", *SSH).returncode == 0
    assert row(machine.install(*SSH), "ssh")[1:4] == ["installed", "connected", "written"]


@pytest.mark.promise("uninstall-takes-all-back")
def test_removal_keeps_what_was_filled_in_and_entries_of_others(machine: Machine) -> None:
    machine.install(*SSH)
    machine.env_file("ssh").write_text("SSH_MCP_SUDO_PASSWORD=x\n")
    machine.run("claude", "mcp", "remove", "ssh", "--scope", "user")
    machine.run("claude", "mcp", "add", "ssh", "--scope", "user", "--", "/other/ssh-mcp")
    done = machine.install("--uninstall", *SSH)
    assert str(machine.env_file("ssh")) in done.stdout
    assert (done.returncode, machine.env_file("ssh").exists(), machine.entry("ssh")) == (0, True, ["/other/ssh-mcp"])
    machine.install("--uninstall", "--yes", *SSH)
    assert not machine.env_file("ssh").exists()


@pytest.mark.parametrize("flags", [["--frob"], ["--scope", "galaxy"], ["--only", "ssh,telnet"], ["--only"]])
def test_a_wrong_option_is_told_and_nothing_is_done(machine: Machine, flags: list[str]) -> None:
    done = machine.install(*flags)
    assert (done.returncode, done.stdout, machine.tree()) == (2, "", {})
    assert flags[-1].removeprefix("ssh,") in done.stderr


@pytest.mark.promise("prints-for-other-clients")
def test_the_printed_configurations_can_be_read_by_their_clients(machine: Machine) -> None:
    done = machine.install("--print", "--read-only")
    _, _, desktop, code, codex = done.stdout.split("# ")
    expected = {name: {"command": str(machine.command(name)), "args": ["--read-only"]} for name in SERVERS}
    assert json.loads(desktop.partition("\n")[2])["mcpServers"] == expected
    typed = {name: {"type": "stdio"} | entry for name, entry in expected.items()}
    assert json.loads(code.partition("\n")[2])["servers"] == typed
    assert tomllib.loads(codex.partition("\n")[2])["mcp_servers"] == expected
    assert machine.tree() == {}


def test_a_part_of_the_script_does_nothing(machine: Machine) -> None:
    """As a download that broke off would leave it: cut after every line, and anywhere in the last one."""
    machine.checkout = machine.tools.parent / "checkout"
    machine.checkout.mkdir()
    for name in ("common", "servers"):
        (machine.checkout / name).symlink_to(ROOT / name)
    script = (ROOT / "install-mcp.sh").read_text()
    body = script.rstrip("\n").rpartition("\n")[0]
    ends = [at for at, letter in enumerate(body) if letter == "\n"]
    ends += range(len(body), len(script.rstrip("\n")))
    for end in ends:
        (machine.checkout / f"part-{end:06}.sh").write_text(script[:end])
    loop = f'for part in {shlex.quote(str(machine.checkout))}/part-*.sh; do bash "$part" 2>/dev/null; done'
    done = machine.run("bash", "-c", loop)
    assert (done.stdout, machine.tree(), machine.calls("uv") + machine.calls("claude")) == ("", {}, [])


def test_the_version_is_that_of_the_checkout(machine: Machine) -> None:
    project = tomllib.loads((ROOT / "common/pyproject.toml").read_text())["project"]
    assert machine.install("--version").stdout == f"infra-mcp {project['version']}\n"


def test_it_explains_itself(machine: Machine) -> None:
    done = machine.install("--help")
    assert done.returncode == 0
    for flag in ("--only", "--scope", "--read-only", "--dry-run", "--uninstall", "--configure", "--print"):
        assert flag in done.stdout
