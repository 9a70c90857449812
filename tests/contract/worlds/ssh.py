"""A real sshd with a home of its own, an unknown host beside it, and the SSH client's files."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from contract.worlds.base import Call, Fault, Json, World, tree
from support.ssh_home import SshHome
from support.sshd import Sshd


def run(command: str, host: str = "target", **more: Any) -> Call:
    return Call("run_command", {"host": host, "command": command, **more})


class SshWorld(World):
    name = "ssh"
    probe = Call("read_file", {"host": "target", "path": "notes"})
    light = Call("list_hosts")
    over_http = False
    may_die = True

    @contextmanager
    def opened(self) -> Iterator[None]:
        client = SshHome(self.home)
        key = client.key()
        self.banner = self.home.parent / "banner"
        self.banner.write_text("Be welcome.\n")
        self.env = {"SSH_MCP_SUDO_PASSWORD": self.secret, "SSH_MCP_LOCAL_ROOTS": str(self.home)}
        with ExitStack() as running:
            self.sshd, self.unknown = (
                running.enter_context(Sshd(self.home.parent / name, Banner=str(self.banner)))
                for name in ("target", "unknown")
            )
            for name, sshd in (("target", self.sshd), ("unknown", self.unknown)):
                sshd.authorize(key)
                client.alias(name, sshd)
            client.trust(self.sshd)
            self.own = [self.sshd.home, self.home / "downloaded"]
            self.furnish()
            yield

    def furnish(self) -> None:
        (self.sshd.home / "notes").write_text("one\ntwo\n")
        (self.sshd.home / "folder").mkdir()
        (self.home / "local").write_text("from here\n")

    def calls(self, answers: Mapping[str, Json]) -> Iterator[Call]:
        yield Call("list_hosts")
        yield Call("list_directory", {"host": "target", "path": "."})
        yield Call("read_file", {"host": "target", "path": "notes"})
        yield Call(
            "run_command",
            {"host": "target", "command": "cd; touch ran; cat notes; cat notes >&2; seq 20000", "stdin": ""},
        )
        yield Call("read_output", {"output_id": answers["run_command"]["stdout"]["output_id"]})
        yield Call("write_file", {"host": "target", "path": "written", "content": "new\n"})
        yield Call("upload_file", {"host": "target", "local_path": str(self.home / "local"), "path": "uploaded"})
        yield Call("download_file", {"host": "target", "path": "notes", "local_path": str(self.home / "downloaded")})
        yield Call("trust_host", {"host": "unknown", "fingerprint": self.unknown.fingerprint})

    def plant(self, text: str) -> set[str]:
        self.banner.write_text(f"{text}\n")
        (self.sshd.home / "notes").write_text(f"{text}\n")
        (self.sshd.home / f"named {text}".replace("/", "_")).touch()
        return {"read_file", "list_directory", "run_command", "read_output"}

    @contextmanager
    def faulty(self) -> Iterator[list[Fault]]:
        yield [
            Fault("refused", "unreachable", self.sshd.kill),
            Fault("another host key", "host_key_changed", lambda: self.sshd.restart(new_host_key=True)),
            Fault("login refused", "denied", self._lock_out),
            Fault("unknown host key", "host_key_unknown", call=run("true", host="unknown")),
            Fault("no such host", "unreachable", call=run("true", host="nowhere.invalid")),
            Fault("no such file", "not_found", call=Call("read_file", {"host": "target", "path": "nowhere"})),
            Fault("no answer", None, call=run("sleep 60", timeout=1)),
            Fault("reset in the middle", None, call=run("kill -9 $PPID; sleep 60")),
        ]

    def _lock_out(self) -> None:
        (self.sshd.folder / "authorized_keys").write_text("")
        self.sshd.restart()

    def mend(self) -> None:
        (self.sshd.folder / "authorized_keys").write_text("")
        self.sshd.authorize(self.home / ".ssh/id_ed25519")
        (self.home / ".ssh/known_hosts").write_text(self.sshd.known_hosts_line)
        if not self.sshd.is_running:
            self.sshd.start()

    def state(self) -> Any:
        known_hosts = (self.home / ".ssh/known_hosts").read_text()
        return tree(self.sshd.home, self.unknown.home), known_hosts, (self.home / "downloaded").exists()
