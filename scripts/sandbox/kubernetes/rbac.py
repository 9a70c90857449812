"""Who may do what: users by bearer token, each with a few rules."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.kubernetes.answers import ApiError

Json = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """Verbs on resources (`pods`, `pods/log`, `deployments.apps/scale`-like names without the group, or `*`)."""

    verbs: frozenset[str]
    resources: frozenset[str]
    namespaces: frozenset[str] = frozenset({"*"})

    def allows(self, verb: str, resource: str, namespace: str) -> bool:
        return _in(verb, self.verbs) and _in(resource, self.resources) and _in(namespace, self.namespaces)


def _in(value: str, allowed: frozenset[str]) -> bool:
    return "*" in allowed or value in allowed


@dataclass(frozen=True)
class User:
    name: str
    rules: tuple[Rule, ...] = ()
    groups: tuple[str, ...] = field(default=("system:authenticated",))

    def may(self, verb: str, resource: str, namespace: str) -> bool:
        return any(rule.allows(verb, resource, namespace) for rule in self.rules)


def rule(verbs: str, resources: str, namespaces: str = "*") -> Rule:
    """A rule from space-separated words."""
    return Rule(frozenset(verbs.split()), frozenset(resources.split()), frozenset(namespaces.split()))


ADMIN = User("admin", (rule("*", "*"),))
VIEWER = User(
    "viewer",
    (
        rule(
            "get list watch",
            "pods pods/log deployments replicasets statefulsets daemonsets services events nodes namespaces",
        ),
        rule("get list watch", "configmaps jobs cronjobs endpoints leases"),
    ),
)
NOBODY = User("nobody")


def forbid(user: User, verb: str, resource: str, *, group: str, namespace: str, name: str) -> ApiError:
    """The 403 of the real server, sentence and details."""
    place = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    plural = resource.partition("/")[0]
    subject = f'{_dotted(plural, group)} "{name}"' if name else _dotted(plural, group)
    message = (
        f'{subject} is forbidden: User "{user.name}" cannot {verb} resource "{resource}" in API group "{group}" {place}'
    )
    details = {**({"name": name} if name else {}), **({"group": group} if group else {}), "kind": plural}
    return ApiError(403, "Forbidden", message, details)


def _dotted(plural: str, group: str) -> str:
    return f"{plural}.{group}" if group else plural


def review(user: User, body: Json) -> Json:
    """Answer a SelfSubjectAccessReview."""
    asked = body["spec"].get("resourceAttributes", {})
    resource = asked.get("resource", "") + (f"/{asked['subresource']}" if asked.get("subresource") else "")
    allowed = user.may(asked.get("verb", ""), resource, asked.get("namespace", ""))
    return {**body, "status": {"allowed": allowed}}


def rules_review(user: User, body: Json) -> Json:
    """Answer a SelfSubjectRulesReview."""
    namespace = body["spec"].get("namespace", "")
    rules = [
        {"verbs": sorted(r.verbs), "apiGroups": ["*"], "resources": sorted(r.resources)}
        for r in user.rules
        if _in(namespace, r.namespaces)
    ]
    return {**body, "status": {"resourceRules": rules, "nonResourceRules": [], "incomplete": False}}
