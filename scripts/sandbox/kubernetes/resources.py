"""The resource kinds an API server offers, one line each.

A line reads `plural Kind scope [short=…] [in=categories] [verbs=…] [/ subresources]`. Scope is N(amespaced) or
C(luster). Verbs are letters (see VERBS) and left out where a kind has all of them. A subresource is `name`, which
answers with the kind itself to get, patch and update, or `name=[group/version/]Kind:verbs`. A line that begins with a
space continues the one before.
"""

from dataclasses import dataclass

VERBS = {
    "c": "create", "d": "delete", "D": "deletecollection", "g": "get",
    "l": "list", "p": "patch", "u": "update", "w": "watch",
}  # fmt: skip
ALL_VERBS = "cdDglpuw"

BUILT_IN = """
[v1]
bindings Binding N verbs=c
componentstatuses ComponentStatus C short=cs verbs=gl
configmaps ConfigMap N short=cm
endpoints Endpoints N short=ep
events Event N short=ev
limitranges LimitRange N short=limits
namespaces Namespace C short=ns verbs=cdglpuw / finalize=Namespace:u status
nodes Node C short=no / proxy=NodeProxyOptions:cdgpu status
persistentvolumeclaims PersistentVolumeClaim N short=pvc / status
persistentvolumes PersistentVolume C short=pv / status
pods Pod N short=po in=all / attach=PodAttachOptions:cg binding=Binding:c ephemeralcontainers
    eviction=policy/v1/Eviction:c exec=PodExecOptions:cg log=Pod:g portforward=PodPortForwardOptions:cg
    proxy=PodProxyOptions:cdgpu resize status
podtemplates PodTemplate N
replicationcontrollers ReplicationController N short=rc in=all / scale=autoscaling/v1/Scale:gpu status
resourcequotas ResourceQuota N short=quota / status
secrets Secret N
serviceaccounts ServiceAccount N short=sa / token=authentication.k8s.io/v1/TokenRequest:c
services Service N short=svc in=all / proxy=ServiceProxyOptions:cdgpu status
[apiregistration.k8s.io/v1]
apiservices APIService C in=api-extensions / status
[apps/v1]
controllerrevisions ControllerRevision N
daemonsets DaemonSet N short=ds in=all / status
deployments Deployment N short=deploy in=all / scale=autoscaling/v1/Scale:gpu status
replicasets ReplicaSet N short=rs in=all / scale=autoscaling/v1/Scale:gpu status
statefulsets StatefulSet N short=sts in=all / scale=autoscaling/v1/Scale:gpu status
[events.k8s.io/v1]
events Event N short=ev
[authentication.k8s.io/v1]
selfsubjectreviews SelfSubjectReview C verbs=c
tokenreviews TokenReview C verbs=c
[authorization.k8s.io/v1]
localsubjectaccessreviews LocalSubjectAccessReview N verbs=c
selfsubjectaccessreviews SelfSubjectAccessReview C verbs=c
selfsubjectrulesreviews SelfSubjectRulesReview C verbs=c
subjectaccessreviews SubjectAccessReview C verbs=c
[autoscaling/v2]
horizontalpodautoscalers HorizontalPodAutoscaler N short=hpa in=all / status
[autoscaling/v1]
horizontalpodautoscalers HorizontalPodAutoscaler N short=hpa in=all / status
[batch/v1]
cronjobs CronJob N short=cj in=all / status
jobs Job N in=all / status
[certificates.k8s.io/v1]
certificatesigningrequests CertificateSigningRequest C short=csr / approval status
[networking.k8s.io/v1]
ingressclasses IngressClass C
ingresses Ingress N short=ing / status
ipaddresses IPAddress C short=ip
networkpolicies NetworkPolicy N short=netpol
servicecidrs ServiceCIDR C / status
[policy/v1]
poddisruptionbudgets PodDisruptionBudget N short=pdb / status
[rbac.authorization.k8s.io/v1]
clusterrolebindings ClusterRoleBinding C
clusterroles ClusterRole C
rolebindings RoleBinding N
roles Role N
[storage.k8s.io/v1]
csidrivers CSIDriver C
csinodes CSINode C
csistoragecapacities CSIStorageCapacity N
storageclasses StorageClass C short=sc
volumeattachments VolumeAttachment C / status
volumeattributesclasses VolumeAttributesClass C short=vac
[admissionregistration.k8s.io/v1]
mutatingadmissionpolicies MutatingAdmissionPolicy C in=api-extensions
mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding C in=api-extensions
mutatingwebhookconfigurations MutatingWebhookConfiguration C in=api-extensions
validatingadmissionpolicies ValidatingAdmissionPolicy C in=api-extensions / status
validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding C in=api-extensions
validatingwebhookconfigurations ValidatingWebhookConfiguration C in=api-extensions
[apiextensions.k8s.io/v1]
customresourcedefinitions CustomResourceDefinition C short=crd,crds in=api-extensions / status
[scheduling.k8s.io/v1]
priorityclasses PriorityClass C short=pc
[coordination.k8s.io/v1]
leases Lease N
[node.k8s.io/v1]
runtimeclasses RuntimeClass C
[discovery.k8s.io/v1]
endpointslices EndpointSlice N
[resource.k8s.io/v1]
deviceclasses DeviceClass C
resourceclaims ResourceClaim N / status
resourceclaimtemplates ResourceClaimTemplate N
resourceslices ResourceSlice C
[flowcontrol.apiserver.k8s.io/v1]
flowschemas FlowSchema C / status
prioritylevelconfigurations PriorityLevelConfiguration C / status
"""

CUSTOM = """
[stable.example.com/v1]
backups Backup N short=bk
"""

METRICS = """
[metrics.k8s.io/v1beta1]
nodes NodeMetrics C verbs=gl
pods PodMetrics N verbs=gl
"""


@dataclass(frozen=True)
class Subresource:
    name: str
    group: str
    version: str
    kind: str
    verbs: tuple[str, ...]


@dataclass(frozen=True)
class Resource:
    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    subresources: tuple[Subresource, ...] = ()

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def singular(self) -> str:
        return self.kind.lower()


def parse(table: str) -> list[Resource]:
    """Read a table of the form above."""
    found: list[Resource] = []
    group = version = ""
    for line in filter(None, table.replace("\n ", " ").splitlines()):
        if line.startswith("["):
            group, _, version = line.strip("[]").rpartition("/")
        else:
            found.append(_resource(group, version, line))
    return found


def _resource(group: str, version: str, line: str) -> Resource:
    head, _, tail = line.partition(" / ")
    plural, kind, scope, *options = head.split()
    given = dict(option.split("=", 1) for option in options)
    return Resource(
        group,
        version,
        plural,
        kind,
        scope == "N",
        _names(given.get("short", "")),
        _names(given.get("in", "")),
        _verbs(given.get("verbs", ALL_VERBS)),
        tuple(_subresource(kind, word) for word in tail.split()),
    )


def _subresource(parent: str, word: str) -> Subresource:
    name, _, answer = word.partition("=")
    if not answer:
        return Subresource(name, "", "", parent, _verbs("gpu"))
    path, _, verbs = answer.partition(":")
    group_version, _, kind = path.rpartition("/")
    group, _, version = group_version.rpartition("/")
    return Subresource(name, group, version, kind, _verbs(verbs))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _verbs(letters: str) -> tuple[str, ...]:
    return tuple(VERBS[letter] for letter in letters)
