"""What this process is: one server, under one name. Set once, before anything is served."""

server = "infra"


def script() -> str:
    """The console script of this server, as its user types it."""
    return f"{server}-mcp"
