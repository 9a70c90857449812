"""Refusals as the real server words them: the first line is the HTTP reason phrase."""


class ApiError(Exception):
    """An answer of 400 and above.

    Args:
        status: HTTP status, also the server's own 595 and its like.
        message: Text; its first line becomes the reason phrase.
        errors: For 400, one message for each bad parameter.
        plain: Refused before it was understood: the body is the message itself, not JSON.
    """

    def __init__(self, status: int, message: str, errors: dict[str, str] | None = None, *, plain: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.plain = plain

    @property
    def reason(self) -> str:
        return self.message.splitlines()[0] if self.message else ""


def failed(message: str) -> ApiError:
    """What a `die` in the server becomes."""
    return ApiError(500, message)


def forbidden(path: str, privileges: str) -> ApiError:
    return ApiError(403, f"Permission check failed ({path}, {privileges})")


def no_config(node: str, kind: str, vmid: int) -> ApiError:
    folder = "lxc" if kind == "lxc" else "qemu-server"
    return failed(f"Configuration file 'nodes/{node}/{folder}/{vmid}.conf' does not exist")
