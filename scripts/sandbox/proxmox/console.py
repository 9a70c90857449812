"""termproxy's protocol between a WebSocket and a container's terminal."""

import re
import select
import socket
import ssl

from sandbox.proxmox.state import Cluster, Guest
from sandbox.proxmox.terminal import Terminal
from sandbox.proxmox.websocket import BINARY, CLOSE, PING, PONG, ProtocolError, read_frame, write_frame

KEYS = re.compile(rb"0:(\d+):", re.DOTALL)
SIZE = re.compile(rb"1:(\d+):(\d+):")


def terminal_of(cluster: Cluster, guest: Guest) -> Terminal:
    """The container's terminal, begun at the first visit."""
    found: Terminal | None = cluster.terminals.get(guest.vmid)
    if found is None:
        found = Terminal(guest.name, guest.config.get("cmode", "tty"), guest.shell)
        cluster.terminals[guest.vmid] = found
    return found


def serve(connection: ssl.SSLSocket, cluster: Cluster, guest: Guest) -> None:
    """Verify the first message, answer OK, then pass bytes both ways until somebody leaves."""
    try:
        opcode, first = read_frame(connection)
        if opcode != BINARY or not welcome(cluster, first):
            return
        write_frame(connection, b"OK")
        terminal = terminal_of(cluster, guest)
        printed = terminal.view()
        try:
            shuttle(connection, terminal, printed)
        finally:
            terminal.leave(printed)
    except (ProtocolError, OSError):
        return


def welcome(cluster: Cluster, first: bytes) -> bool:
    """Whether `user:ticket` is right. Before 9.2 the worker could not verify the tickets of API tokens."""
    user, _, secret = first.decode(errors="replace").rstrip("\n").partition(":PVEVNC:")
    ticket = cluster.tickets.get(f"PVEVNC:{secret}")
    return cluster.token_consoles and ticket is not None and ticket.user == user


def shuttle(connection: ssl.SSLSocket, terminal: Terminal, printed: socket.socket) -> None:
    typed = b""
    while True:
        waiting = [connection] if connection.pending() else []
        ready = waiting or select.select([connection, printed], [], [])[0]
        if printed in ready:
            data = printed.recv(65536)
            if not data:
                return
            write_frame(connection, data)
        if connection in ready:
            opcode, data = read_frame(connection)
            if opcode == CLOSE:
                return
            if opcode == PING:
                write_frame(connection, data, PONG)
            typed = obey(terminal, typed + data)


def obey(terminal: Terminal, typed: bytes) -> bytes:
    """Carry out the complete messages; return what is left."""
    while typed:
        if typed[:1] == b"2":
            typed = typed[1:]
        elif size := SIZE.match(typed):
            terminal.resize(int(size[1]), int(size[2]))
            typed = typed[size.end() :]
        elif (keys := KEYS.match(typed)) and len(typed) >= keys.end() + int(keys[1]):
            end = keys.end() + int(keys[1])
            terminal.type(typed[keys.end() : end])
            typed = typed[end:]
        elif keys or typed[:1] in b"01":
            return typed
        else:
            raise ProtocolError("unknown message")
    return typed
