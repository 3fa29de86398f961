import { at, entries, hasUnknown, holdsNone, is, isEmpty, isNot, isProperties, list, numberOf, shown, textOf, UNKNOWN, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { type Text, wrong } from "../settings";
import { POD_SECURITY } from "../sources";
import { containerRule, inEveryContainer, podRule, unprivileged } from "./pod-rule";

/** A rule of Kubernetes' restricted standard, which the pods of TuningJob and InferenceService keep. */
const text = (given: Omit<Text, "url">): Text => ({ ...given, url: POD_SECURITY });

/** Kinds of volume that the standard allows; `image` since it is one. */
const VOLUMES = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];
const SELINUX_TYPES = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t", undefined];
const SAFE_SYSCTLS = [
  "kernel.shm_rmid_forced",
  ...["ip_local_port_range", "ip_unprivileged_port_start", "tcp_syncookies", "ping_group_range", "ip_local_reserved_ports"].map((name) => `net.ipv4.${name}`),
  ...["tcp_keepalive_time", "tcp_fin_timeout", "tcp_keepalive_intvl", "tcp_keepalive_probes", "tcp_rmem", "tcp_wmem"].map((name) => `net.ipv4.${name}`),
];

/** Pod Security Standards, profile restricted, field by field. */
export const RESTRICTED_RULES: readonly Rule[] = [
  podRule((pod) => ["hostNetwork", "hostPID", "hostIPC"].flatMap((path) => wrong(pod, path, undefined, false)), text({
    ...{ name: "pod-no-host-namespaces", severity: "high", ids: ["CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19"] },
    description: "A pod shares neither network, processes nor memory with its node",
    remediation: "remove hostNetwork, hostPID and hostIPC",
  })),
  containerRule((each, pod) => [
    ...wrong(each, "securityContext.privileged", undefined, false),
    ...wrong(each, "securityContext.windowsOptions.hostProcess", undefined, false),
    ...wrong(pod, "securityContext.windowsOptions.hostProcess", undefined, false),
  ], text({
    ...{ name: "pod-not-privileged", severity: "critical", ids: ["CKV_K8S_16"] },
    description: "No container is privileged: one that is has the node, and whatever else runs on it",
    remediation: "remove securityContext.privileged and windowsOptions.hostProcess",
  })),
  containerRule((each) => list(at(each, "ports")).flatMap((port) => wrong(port, "hostPort", undefined, 0)), text({
    ...{ name: "pod-no-host-ports", severity: "medium", ids: ["CKV_K8S_26"] },
    description: "No container takes a port of its node",
    remediation: "remove hostPort, and use a Service",
  })),
  podRule((pod) => list(at(pod, "volumes")).flatMap(volumeFaults), text({
    ...{ name: "pod-volume-kinds", severity: "high", ids: ["CKV_K8S_27"] },
    description: "A pod mounts no folder of its node, and no kind of volume outside the restricted standard",
    remediation: `use one of ${VOLUMES.join(", ")}`,
  })),
  containerRule((each) => wrong(each, "securityContext.allowPrivilegeEscalation", false), text({
    ...{ name: "pod-no-privilege-escalation", severity: "medium", ids: ["CKV_K8S_20"] },
    description: "No process of a pod gains rights that its parent does not have",
    remediation: "set securityContext.allowPrivilegeEscalation to false on every container",
  })),
  containerRule((each, pod) => effective(each, pod, "securityContext.runAsNonRoot", true), text({
    ...{ name: "pod-runs-as-non-root", severity: "high", ids: ["CKV_K8S_23"] },
    description: "The kubelet refuses to start a container as root",
    remediation: "set securityContext.runAsNonRoot to true on the pod",
  })),
  podRule((pod) => [...rootFaults(pod), ...inEveryContainer(pod, rootFaults)], text({
    ...{ name: "pod-user-not-root", severity: "high", ids: ["CKV_K8S_23"] },
    description: "No container names root as its user",
    remediation: "set securityContext.runAsUser to a number above 0",
  })),
  containerRule((each, pod) => effective(each, pod, "securityContext.seccompProfile.type", "RuntimeDefault", "Localhost"), text({
    ...{ name: "pod-seccomp", severity: "medium", ids: ["CKV_K8S_31"] },
    description: "System calls that no container needs are closed to it",
    remediation: "set securityContext.seccompProfile.type to RuntimeDefault on the pod",
  })),
  containerRule(capabilityFaults, text({
    ...{ name: "pod-drops-capabilities", severity: "medium", ids: ["CKV_K8S_28", "CKV_K8S_37"] },
    description: "A container drops every capability, and adds at most NET_BIND_SERVICE",
    remediation: 'set securityContext.capabilities to drop ["ALL"]',
  })),
  podRule((pod) => [...confinementFaults(pod), ...sysctlFaults(pod), ...inEveryContainer(pod, confinementFaults)], text({
    ...{ name: "pod-stays-confined", severity: "high" },
    description: "A pod leaves AppArmor, SELinux, /proc and kernel settings as they are",
    remediation: "remove appArmorProfile Unconfined, seLinuxOptions, procMount and sysctls",
  })),
  containerRule(probeHostFaults, text({
    ...{ name: "pod-probes-itself", severity: "low" },
    description: "Probes and lifecycle handlers reach no host but their own pod",
    remediation: "remove host from httpGet and tcpSocket",
  })),
].map(unprivileged);

/** The fault of a container whose own setting, else that of its pod, is none of the accepted ones. */
function effective(container: Value, pod: Value, path: string, ...accepted: readonly Value[]): readonly string[] {
  const value = at(container, path) ?? at(pod, path);
  return isNot(value, ...accepted) ? [`${path} is ${shown(value)}`] : [];
}

function volumeFaults(volume: Value): readonly string[] {
  if (!isProperties(volume)) return [];
  const kinds = entries(volume).filter(([key, value]) => key !== "name" && !isEmpty(value)).map(([key]) => key);
  return kinds.filter((kind) => !VOLUMES.includes(kind)).map((kind) => `the volume ${shown(volume["name"] === UNKNOWN ? kind : volume["name"])} is a ${kind}`);
}

function rootFaults(part: Value): readonly string[] {
  return numberOf(at(part, "securityContext.runAsUser")) === 0 ? ["securityContext.runAsUser is 0"] : [];
}

function capabilityFaults(container: Value): readonly string[] {
  const added = list(at(container, "securityContext.capabilities.add")).filter((each) => isNot(each, "NET_BIND_SERVICE"));
  const keeps = holdsNone(at(container, "securityContext.capabilities.drop"), (each) => is(each, "ALL"));
  return [
    ...(keeps ? ["securityContext.capabilities.drop lacks ALL"] : []),
    ...added.map((each) => `securityContext.capabilities.add holds ${shown(each)}`),
  ];
}

function confinementFaults(part: Value): readonly string[] {
  return [
    ...wrong(part, "securityContext.appArmorProfile.type", undefined, "RuntimeDefault", "Localhost"),
    ...wrong(part, "securityContext.seLinuxOptions.type", ...SELINUX_TYPES),
    ...wrong(part, "securityContext.seLinuxOptions.user", undefined),
    ...wrong(part, "securityContext.seLinuxOptions.role", undefined),
    ...wrong(part, "securityContext.procMount", undefined, "Default"),
  ];
}

function sysctlFaults(pod: Value): readonly string[] {
  const names = list(at(pod, "securityContext.sysctls")).flatMap((each) => textOf(at(each, "name")) ?? []);
  return names.filter((name) => !SAFE_SYSCTLS.includes(name)).map((name) => `securityContext.sysctls holds ${name}`);
}

function probeHostFaults(container: Value): readonly string[] {
  const handlers = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];
  const paths = handlers.flatMap((handler) => [`${handler}.httpGet.host`, `${handler}.tcpSocket.host`]);
  return paths.filter((path) => !hasUnknown(at(container, path))).flatMap((path) => wrong(container, path, undefined, ""));
}
