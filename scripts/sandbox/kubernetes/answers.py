"""Error answers: `Status` objects with the sentences of the real API server."""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """An answer that is a failure. `body` is the Status object, or text for paths nobody serves."""

    def __init__(self, code: int, reason: str, message: str, details: Json | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.body: Json | str = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": message,
            "reason": reason,
            "code": code,
        }
        if details is not None:
            self.body["details"] = details


def no_such_path() -> ApiError:
    error = ApiError(404, "NotFound", "404 page not found")
    error.body = "404 page not found\n"
    return error


def not_found(resource: str, name: str, group: str = "") -> ApiError:
    return ApiError(
        404, "NotFound", f'{_qualified(resource, group)} "{name}" not found', _details(resource, name, group)
    )


def already_exists(resource: str, name: str, group: str = "") -> ApiError:
    message = f'{_qualified(resource, group)} "{name}" already exists'
    return ApiError(409, "AlreadyExists", message, _details(resource, name, group))


def bad_request(message: str) -> ApiError:
    return ApiError(400, "BadRequest", message)


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized", "Unauthorized")


def invalid(kind: str, name: str, field: str, problem: str, group: str = "") -> ApiError:
    """A value the validation of a kind does not accept: 422."""
    cause = {"reason": "FieldValueInvalid", "message": problem, "field": field}
    details = {**_details(kind, name, group), "causes": [cause]}
    return ApiError(422, "Invalid", f'{_qualified(kind, group)} "{name}" is invalid: {field}: {problem}', details)


def apply_conflict(conflicts: list[tuple[str, str]]) -> ApiError:
    """Fields of a server-side apply that belong to other managers: pairs of manager and path."""
    causes = [{"reason": "FieldManagerConflict", "message": f"conflict with {m}", "field": p} for m, p in conflicts]
    if len(conflicts) == 1:
        text = f"Apply failed with 1 conflict: conflict with {conflicts[0][0]}: {conflicts[0][1]}"
    else:
        lines = []
        for manager in dict.fromkeys(m for m, _ in conflicts):
            lines += [f"conflicts with {manager}:", *(f"- {path}" for m, path in conflicts if m == manager)]
        text = f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(lines)
    return ApiError(409, "Conflict", text, {"causes": causes})


def success(resource: str, name: str, uid: str, group: str = "") -> Json:
    details = {**_details(resource, name, group), "uid": uid}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


def _qualified(resource: str, group: str) -> str:
    return f"{resource}.{group}" if group else resource


def _details(resource: str, name: str, group: str) -> Json:
    return {"name": name, **({"group": group} if group else {}), "kind": resource}
