"""The fields of the kinds people write most, one kind a line: `Kind: field type, field! type (required) …`.

Types: str, int, bool, any, quantity (text or number), {T} a map, [T] a list, or another name of this table.
Kinds that are not here take any field.
"""

import re
from typing import Any

FieldTypes = dict[str, tuple[str, bool]]

TABLE = """
ObjectMeta: name str, generateName str, namespace str, labels {str}, annotations {str}, uid str, resourceVersion str,
 generation int, creationTimestamp str, deletionTimestamp str, deletionGracePeriodSeconds int, finalizers [str],
 ownerReferences [any], managedFields [any], selfLink str
LabelSelector: matchLabels {str}, matchExpressions [any]
Namespace: metadata ObjectMeta, spec NamespaceSpec, status any
NamespaceSpec: finalizers [str]
Node: metadata ObjectMeta, spec NodeSpec, status any
NodeSpec: unschedulable bool, taints [any], podCIDR str, podCIDRs [str], providerID str
ConfigMap: metadata ObjectMeta, data {str}, binaryData {str}, immutable bool
Secret: metadata ObjectMeta, data {str}, stringData {str}, type str, immutable bool
ServiceAccount: metadata ObjectMeta, secrets [any], imagePullSecrets [any], automountServiceAccountToken bool
Service: metadata ObjectMeta, spec ServiceSpec, status any
ServiceSpec: ports [ServicePort], selector {str}, type str, clusterIP str, clusterIPs [str], externalName str,
 sessionAffinity str, ipFamilies [str], ipFamilyPolicy str, internalTrafficPolicy str, externalTrafficPolicy str
ServicePort: name str, port! int, targetPort quantity, protocol str, nodePort int, appProtocol str
Pod: metadata ObjectMeta, spec PodSpec, status any
PodSpec: containers! [Container], initContainers [Container], ephemeralContainers [any], volumes [any], nodeName str,
 nodeSelector {str}, restartPolicy str, serviceAccountName str, serviceAccount str, terminationGracePeriodSeconds int,
 dnsPolicy str, dnsConfig any, securityContext any, schedulerName str, tolerations [any], affinity any, priority int,
 priorityClassName str, hostNetwork bool, hostPID bool, hostname str, subdomain str, imagePullSecrets [any],
 enableServiceLinks bool, automountServiceAccountToken bool, preemptionPolicy str, activeDeadlineSeconds int,
 topologySpreadConstraints [any], readinessGates [any], runtimeClassName str, hostAliases [any]
Container: name! str, image str, command [str], args [str], env [EnvVar], envFrom [any], ports [ContainerPort],
 resources Resources, livenessProbe any, readinessProbe any, startupProbe any, lifecycle any, volumeMounts [any],
 volumeDevices [any], imagePullPolicy str, securityContext any, workingDir str, stdin bool, tty bool,
 terminationMessagePath str, terminationMessagePolicy str, restartPolicy str
EnvVar: name! str, value str, valueFrom any
ContainerPort: containerPort! int, name str, protocol str, hostPort int, hostIP str
Resources: limits {quantity}, requests {quantity}, claims [any]
PodTemplateSpec: metadata ObjectMeta, spec PodSpec
Deployment: metadata ObjectMeta, spec DeploymentSpec, status any
DeploymentSpec: replicas int, selector! LabelSelector, template! PodTemplateSpec, strategy any, minReadySeconds int,
 revisionHistoryLimit int, paused bool, progressDeadlineSeconds int
ReplicaSet: metadata ObjectMeta, spec ReplicaSetSpec, status any
ReplicaSetSpec: replicas int, selector! LabelSelector, template PodTemplateSpec, minReadySeconds int
StatefulSet: metadata ObjectMeta, spec StatefulSetSpec, status any
StatefulSetSpec: replicas int, selector! LabelSelector, template! PodTemplateSpec, serviceName str, updateStrategy any,
 volumeClaimTemplates [any], podManagementPolicy str, revisionHistoryLimit int, minReadySeconds int
DaemonSet: metadata ObjectMeta, spec DaemonSetSpec, status any
DaemonSetSpec: selector! LabelSelector, template! PodTemplateSpec, updateStrategy any, minReadySeconds int
Job: metadata ObjectMeta, spec JobSpec, status any
JobSpec: template! PodTemplateSpec, parallelism int, completions int, backoffLimit int, activeDeadlineSeconds int,
 ttlSecondsAfterFinished int, suspend bool, selector any, manualSelector bool,
 completionMode str, podReplacementPolicy str
"""

DESCRIPTIONS = {
    "Pod": "A group of containers that run together on one node.",
    "Pod.spec": "What the pod should be.",
    "Pod.status": "What the pod was last seen to be. Read only.",
    "PodSpec.containers": "The containers of the pod. At least one.",
    "PodSpec.restartPolicy": "When containers are started again: Always, OnFailure or Never.",
    "Container.image": "The image to run, with its tag or digest.",
    "Container.livenessProbe": "A check that restarts the container when it fails.",
    "Container.readinessProbe": "A check that keeps the pod out of its services while it fails.",
    "Deployment": "A set of equal pods that is updated step by step.",
    "DeploymentSpec.replicas": "How many pods there should be.",
    "ConfigMap": "Settings for pods to read.",
    "Secret": "Secret values for pods to read.",
}


def _parse(table: str) -> dict[str, FieldTypes]:
    schemas: dict[str, FieldTypes] = {}
    for line in table.strip().replace("\n ", " ").splitlines():
        name, _, fields = line.partition(": ")
        pairs = (field.split() for field in re.split(r",\s*", fields))
        schemas[name] = {field.rstrip("!"): (kind, field.endswith("!")) for field, kind in pairs}
    return schemas


SCHEMAS = _parse(TABLE)


def fields_of(kind: str) -> dict[str, tuple[str, bool]] | None:
    """The fields of a kind with type and whether they are required; None where any field goes."""
    return SCHEMAS.get(kind)


def inner(kind: str) -> tuple[str, str]:
    """A type taken apart: ("list" | "map" | "", the type of the entries)."""
    shape = {"[": "list", "{": "map"}.get(kind[0], "")
    return shape, kind.strip("[]{}")


def fits(kind: str, value: Any) -> bool:
    """Whether a plain value has a plain type."""
    if kind == "quantity":
        return isinstance(value, (str, int, float))
    wanted = {"str": str, "int": int, "bool": bool}.get(kind)
    return wanted is None or (isinstance(value, wanted) and not (kind == "int" and isinstance(value, bool)))
