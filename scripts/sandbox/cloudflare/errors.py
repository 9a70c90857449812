"""The one error of the API: an HTTP status with a code, a message and, for some, a chain of causes."""

from typing import Any


class ApiError(Exception):
    """A refusal, as `errors` of the envelope carries it."""

    def __init__(self, status: int, code: int, message: str, *, chain: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.errors: list[dict[str, Any]] = [{"code": code, "message": message}]
        if chain:
            self.errors[0]["error_chain"] = chain
        self.headers: dict[str, str] = {}


def invalid(code: int, message: str) -> ApiError:
    """A record, query or body that breaks a rule."""
    return ApiError(400, code, message)


def wrapped(code: int, message: str) -> ApiError:
    """The older form of the same: the cause hides in `error_chain`."""
    return ApiError(400, 1004, "DNS Validation Error", chain=[{"code": code, "message": message}])


def no_route(path: str) -> ApiError:
    """What an id that is not one, or a path that does not exist, is answered with."""
    error = ApiError(404, 7003, f"Could not route to {path}, perhaps your object identifier is invalid?")
    error.errors.append({"code": 7000, "message": "No route for that URI"})
    return error
