"""What this process is: one server, under one name. Set once, before anything is served."""

import socket

server = "infra"
# Whether clients may be on other machines, so that paths and ids of this machine must say so.
remote = False


def script() -> str:
    """The console script of this server, as its user types it."""
    return f"{server}-mcp"


def machine() -> str:
    """The name of this machine."""
    return socket.gethostname()
