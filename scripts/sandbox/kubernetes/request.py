"""A request for a resource, as the parts of the server hand it on."""

from dataclasses import dataclass

from sandbox.kubernetes.resources import Resource


@dataclass(frozen=True)
class Call:
    """A request for a resource, taken apart."""

    method: str
    resource: Resource
    namespace: str
    name: str
    subresource: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def verb(self) -> str:
        """The verb RBAC knows the request by."""
        if self.method in ("GET", "HEAD"):
            watching = self.query.get("watch") in ("true", "1")
            return "get" if self.name else "watch" if watching else "list"
        many = "deletecollection" if not self.name else "delete"
        return {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": many}[self.method]
