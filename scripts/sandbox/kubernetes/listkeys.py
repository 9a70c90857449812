"""How lists inside objects merge: by which key their entries are told apart."""

_BY_FIELD = {
    "containers": "name", "initContainers": "name", "ephemeralContainers": "name", "volumes": "name", "env": "name",
    "imagePullSecrets": "name", "volumeMounts": "mountPath", "volumeDevices": "devicePath", "hostAliases": "ip",
    "conditions": "type", "ownerReferences": "uid", "secrets": "name", "topologySpreadConstraints": "topologyKey",
}  # fmt: skip
_SETS = {"finalizers"}


def merge_key(path: tuple[str, ...]) -> str | None:
    """The key of the entries of the list at a path of field names; None where the list is one value."""
    if path and path[-1] == "ports":
        return "containerPort" if len(path) > 1 and path[-2] in ("containers", "initContainers") else "port"
    return _BY_FIELD.get(path[-1]) if path else None


def is_set(path: tuple[str, ...]) -> bool:
    """Whether the list at a path is a set of plain values."""
    return bool(path) and path[-1] in _SETS
