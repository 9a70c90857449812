"""A container's console: one pseudo-terminal that outlives its viewers, with a real local shell or a login prompt."""

import fcntl
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading

# Takes the terminal as its controlling one, and heeds its keys whatever the background job above ignores, then becomes
# the program: without it Ctrl-C would reach nobody.
BECOME = (
    "import fcntl, os, signal, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "signal.signal(signal.SIGINT, signal.SIG_DFL); signal.signal(signal.SIGQUIT, signal.SIG_DFL); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)
LOGIN = """
while :; do
  printf '\\r\\n%s login: ' "$NAME"; read -r user || exit
  printf 'Password: '; stty -echo; read -r word; stty echo; printf '\\r\\n\\r\\nLogin incorrect\\r\\n'
done
"""


class Terminal:
    """The shared session behind a container's console, as dtach keeps it.

    Args:
        name: The container's host name.
        mode: `shell` for a root shell, anything else for a login prompt.
        shell: Path of the shell.
    """

    def __init__(self, name: str, mode: str, shell: str = "/bin/sh") -> None:
        self.master, slave = pty.openpty()
        self.resize(80, 20)
        argv = [shell] if mode == "shell" else ["/bin/sh", "-c", LOGIN]
        environment = {"TERM": "xterm-256color", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "NAME": name, "HOME": "/"}
        environment |= {"PS1": f"root@{name}:~# ", "LANG": "C.UTF-8", "HISTFILE": ""}
        self.child = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", BECOME, *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd="/",
        )
        os.close(slave)
        self.viewers: list[socket.socket] = []
        self.lock = threading.Lock()
        threading.Thread(target=self.pump, daemon=True).start()

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys: bytes) -> None:
        """What a keyboard sends; waits while the terminal's input is full."""
        while keys:
            select.select([], [self.master], [], 5)
            keys = keys[os.write(self.master, keys[:1024]) :]

    def view(self) -> socket.socket:
        """A socket on which everything printed from now on can be read."""
        ours, theirs = socket.socketpair()
        with self.lock:
            self.viewers.append(ours)
        return theirs

    def leave(self, viewer: socket.socket) -> None:
        viewer.close()

    def pump(self) -> None:
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            with self.lock:
                self.viewers = [viewer for viewer in self.viewers if self.pass_on(viewer, data)]
            if not data:
                return

    @staticmethod
    def pass_on(viewer: socket.socket, data: bytes) -> bool:
        """Give a viewer the data; nothing means that the session is over."""
        try:
            viewer.sendall(data)
        except OSError:
            viewer.close()
            return False
        if not data:
            viewer.close()
        return True

    def end(self) -> None:
        """Hang up: the shell and what it runs are gone."""
        self.child.send_signal(signal.SIGHUP)
        try:
            self.child.wait(0.5)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        os.close(self.master)
        with self.lock:
            for viewer in self.viewers:
                viewer.close()
            self.viewers = []
