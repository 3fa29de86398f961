import { fitsLocalDisk } from "../../../components/plan/cluster/local-disk";
import { isMode, POOL_KINDS, poolsOf } from "../../resources/pools";
import type { Resource } from "../../resources/resource";
import { at, holdsNone, is, isEmpty, numberOf, shown, textOf, UNKNOWN, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { rule, type Text, wrong } from "../settings";
import { psrule } from "../sources";

/** What is wrong with one pool. */
type PoolCheck = (pool: Value) => readonly string[];

/** A rule of every node pool, inside a cluster or as a resource of its own. */
function poolRule(check: PoolCheck, text: Text): Rule {
  return rule(POOL_KINDS, (each) => inEveryPool(each, check), text);
}

function inEveryPool(each: Resource, check: PoolCheck): readonly string[] {
  return poolsOf(each).flatMap(({ where, pool }) => check(pool).map((fault) => `${where}${fault}`));
}

export const NODE_RULES: readonly Rule[] = [
  poolRule((pool) => (isMode(pool, "System") ? systemNodesFaults(pool) : []), {
    ...{ name: "system-pool-nodes", severity: "medium", production: true, ids: ["Azure.AKS.MinNodeCount", "CKV_AZURE_232"] },
    description: "A production cluster's own services run on at least three nodes",
    remediation: "set count, or minCount with an autoscaler, of the system pool to 3 (Cluster: systemPool.nodes)",
    url: psrule("AKS.MinNodeCount"),
  }),
  poolRule((pool) => (isMode(pool, "System") && holdsNone(at(pool, "nodeTaints"), isCriticalTaint) ? ["nodeTaints lacks CriticalAddonsOnly"] : []), {
    ...{ name: "system-pool-dedicated", severity: "low", production: true, ids: ["CKV_AZURE_232"] },
    description: "A production cluster's own services share their nodes with nothing else",
    remediation: "add CriticalAddonsOnly=true:NoSchedule to nodeTaints of the system pool (Cluster: systemPool.dedicated)",
    url: "https://learn.microsoft.com/azure/aks/use-system-pools",
  }),
  // Zones make GPU capacity harder to get (ZonalAllocationFailed), so they are asked of system pools alone: Azure/AKS#1444.
  poolRule((pool) => (isMode(pool, "System") && isEmpty(at(pool, "availabilityZones")) ? ["availabilityZones is not set"] : []), {
    ...{ name: "system-pool-zones", severity: "medium", production: true, ids: ["Azure.AKS.AvailabilityZone"] },
    description: "A production cluster's own services survive the loss of a zone",
    remediation: "set availabilityZones of the system pool (Cluster: systemPool.zones)",
    url: psrule("AKS.AvailabilityZone"),
  }),
  // One system pool of fixed size stands inline, as an edit of it scales every pool; the others follow what is asked of them.
  poolRule((pool) => (isMode(pool, "User") ? wrong(pool, "enableAutoScaling", true) : []), {
    ...{ name: "user-pool-autoscaling", severity: "medium", ids: ["Azure.AKS.AutoScaling"] },
    description: "User pools grow and shrink with what runs on them",
    remediation:
      "set enableAutoScaling to true with minCount and maxCount, as GpuNodePool and Cluster's workloadPool do; exempt pools beside node auto-provisioning, which excludes the autoscaler",
    url: psrule("AKS.AutoScaling"),
  }),
  poolRule(podsFaults, {
    ...{ name: "pool-max-pods", severity: "low", ids: ["Azure.AKS.NodeMinPods", "CKV_AZURE_168"] },
    description: "A node takes at least 50 pods: daemons alone take twenty",
    remediation: "set maxPods to 50 or more (Cluster: systemPool.maxPods; GpuNodePool: maxPods); it is fixed at creation",
    url: psrule("AKS.NodeMinPods"),
  }),
  poolRule(diskFaults, {
    ...{ name: "pool-ephemeral-os-disk", severity: "low", ids: ["Azure.AKS.EphemeralOSDisk", "CKV_AZURE_226"] },
    description: "The operating system is on the node's own disk where that holds it: faster to start, and not paid",
    remediation: 'set osDiskType to "Ephemeral" (Cluster: systemPool.osDisk; GpuNodePool: osDiskType)',
    url: psrule("AKS.EphemeralOSDisk"),
  }),
  poolRule((pool) => wrong(pool, "enableEncryptionAtHost", true), {
    ...{ name: "pool-host-encryption", severity: "medium", production: true, ids: ["CKV_AZURE_227"] },
    description: "Temporary disks and caches of production nodes are encrypted",
    remediation: "set enableEncryptionAtHost to true (Cluster: encryption.atHost; GpuNodePool: hostEncryption); the subscription registers Microsoft.Compute/EncryptionAtHost first",
    url: "https://learn.microsoft.com/azure/aks/enable-host-encryption",
  }),
  poolRule((pool) => wrong(pool, "enableNodePublicIP", undefined, false), {
    ...{ name: "pool-no-public-ip", severity: "high", ids: ["CKV_AZURE_143"] },
    description: "No node has an address on the Internet",
    remediation: "set enableNodePublicIP to false, as every pool of this library does",
    url: "https://learn.microsoft.com/azure/aks/use-node-public-ips",
  }),
  poolRule(nameFaults, {
    ...{ name: "pool-name", severity: "high", ids: ["Azure.AKS.SystemPoolNaming", "Azure.AKS.UserPoolNaming"] },
    description: "The name of a pool is one that AKS takes",
    remediation: "use lower-case letters and digits, a letter first, at most 12 (6 for Windows); GpuNodePool makes the name from its own",
    url: "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
  }),
];

function systemNodesFaults(pool: Value): readonly string[] {
  const scales = at(pool, "enableAutoScaling");
  const count = at(pool, is(scales, true) ? "minCount" : "count");
  const nodes = numberOf(count);
  // AKS gives a system pool without a count at least one.
  if (scales === UNKNOWN || count === UNKNOWN || (nodes !== undefined && nodes >= 3)) return [];
  return [`${is(scales, true) ? "minCount" : "count"} is ${shown(count)}`];
}

function isCriticalTaint(taint: Value): boolean {
  return /^CriticalAddonsOnly=.*:(?:NoSchedule|NoExecute)$/.test(textOf(taint) ?? "");
}

function podsFaults(pool: Value): readonly string[] {
  const most = numberOf(at(pool, "maxPods"));
  // Without a number AKS takes that of the cluster's network, which a pool does not say.
  return most !== undefined && most < 50 ? [`maxPods is ${most}`] : [];
}

function diskFaults(pool: Value): readonly string[] {
  const fits = fitsLocalDisk(textOf(at(pool, "vmSize")) ?? "");
  return fits && is(at(pool, "osDiskType"), "Managed") ? ['osDiskType is "Managed" on a size whose own disk holds it'] : [];
}

function nameFaults(pool: Value): readonly string[] {
  const name = textOf(at(pool, "agentPoolName") ?? at(pool, "name"));
  const os = at(pool, "osType");
  if (name === undefined || os === UNKNOWN) return [];
  const longest = is(os, "Windows") ? 6 : 12;
  return new RegExp(`^[a-z][a-z0-9]{0,${longest - 1}}$`).test(name) ? [] : [`name is "${name}"`];
}

