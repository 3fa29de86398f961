import { canonicalJson, shortHash } from "../digest";
import type { Environment } from "../environment";
import { wholeNumber } from "../recipe";
import { type Problem, within } from "../refuse";
import { choiceProblems } from "./choice";
import { fitsLocalDisk, lacksLocalDisk } from "./local-disk";

export const ZONES = ["1", "2", "3"] as const;
/**
 * An availability zone of a region: https://learn.microsoft.com/azure/aks/availability-zones
 * @useDeclaredType
 */
export type Zone = (typeof ZONES)[number];
export const OS_DISKS = ["Ephemeral", "Managed"] as const;
/**
 * Where a node's operating system lies: on its local disk, which is fast and free, or on a managed disk, which is billed.
 * @useDeclaredType
 */
export type OsDisk = (typeof OS_DISKS)[number];

/** What any pool of CPU nodes can be given. */
export interface NodeDecisions {
  /** VM size as Azure spells it. @default "Standard_D4ds_v5"; "Standard_D4s_v5" in development */
  readonly vmSize?: string;
  /** Pods a node may run, from 10 to 250. @default 110 */
  readonly maxPods?: number;
  /** Where the operating system lies; "Ephemeral" is the node's local disk. @default - "Ephemeral" where the size's local disk is known to hold it */
  readonly osDisk?: OsDisk;
}

export interface SystemPoolDecisions extends NodeDecisions {
  /** Number of nodes, which stays: the pool does not scale itself. @default 3; 1 in development */
  readonly nodes?: number;
  /** Zones over which the nodes are spread; none for a region without zones. @default ["1", "2", "3"]; none in development */
  readonly zones?: readonly Zone[];
  /** Whether only AKS's own pods run here, by the taint CriticalAddonsOnly. @default - in production, as long as there is a workload pool */
  readonly dedicated?: boolean;
}

/** CPU nodes for pods that are neither AKS's own nor for GPUs: checks before a run, operators. */
export interface WorkloadPoolDecisions extends NodeDecisions {
  /** Least nodes, and the fixed number with node auto-provisioning. @default 1 */
  readonly minNodes?: number;
  /** Most nodes the autoscaler may run. @default 3 */
  readonly maxNodes?: number;
  /** Zones over which the nodes are spread. @default - none, so that any zone with room is taken */
  readonly zones?: readonly Zone[];
}

export interface NodePlan {
  readonly vmSize: string;
  readonly maxPods: number;
  readonly osDisk: OsDisk;
  readonly zones: readonly Zone[];
}

export interface SystemPoolPlan extends NodePlan {
  readonly nodes: number;
  readonly dedicated: boolean;
}

export interface WorkloadPoolPlan extends NodePlan {
  /** In Azure: a hash over what cannot be changed follows the name, so that a replacement can stand beside the pool it replaces. */
  readonly agentPoolName: string;
  readonly minNodes: number;
  readonly maxNodes: number;
}

/** As Azure writes them: https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions */
const VM_SIZE = /^(Standard|Basic)_[A-Z]+\d+[A-Za-z0-9_-]*$/;
/** Node counts of a pool: https://learn.microsoft.com/azure/aks/quotas-skus-regions */
const MOST_NODES = 1000;

export function planSystemPool(environment: Environment, decisions: SystemPoolDecisions, hasWorkloadPool: boolean): SystemPoolPlan {
  const production = environment === "production";
  const { nodes = production ? 3 : 1, zones = production ? ZONES : [], dedicated = production && hasWorkloadPool } = decisions;
  return { ...planNodes(environment, decisions), zones, nodes, dedicated };
}

/** What the rest of the cluster means for its workload pool. */
interface Surroundings {
  readonly environment: Environment;
  readonly encryptionAtHost: boolean;
  /** False with node auto-provisioning. */
  readonly scalesItself: boolean;
}

export function planWorkloadPool(decisions: WorkloadPoolDecisions, { environment, encryptionAtHost, scalesItself }: Surroundings): WorkloadPoolPlan {
  const { minNodes = 1, maxNodes = scalesItself ? Math.max(3, minNodes) : minNodes, zones = [] } = decisions;
  const nodes = { ...planNodes(environment, decisions), zones };
  return { agentPoolName: `workload${shortHash(canonicalJson({ ...nodes, encryptionAtHost }), 4)}`, ...nodes, minNodes, maxNodes };
}

function planNodes(environment: Environment, decisions: NodeDecisions): Omit<NodePlan, "zones"> {
  const { vmSize = environment === "production" ? "Standard_D4ds_v5" : "Standard_D4s_v5", maxPods = 110 } = decisions;
  return { vmSize, maxPods, osDisk: decisions.osDisk ?? (fitsLocalDisk(vmSize) ? "Ephemeral" : "Managed") };
}

export function systemPoolProblems(environment: Environment, given: SystemPoolDecisions): Problem[] {
  const foreign = foreignProblems(given);
  if (foreign.some(({ path }) => path === "systemPool")) return foreign;
  const { nodes, zones, ...plan } = planSystemPool(environment, given, false);
  return [
    ...foreign,
    ...wholeNumber("AKSFT-CLUSTER-02", "systemPool.nodes", nodes, 1, MOST_NODES),
    ...within("systemPool", nodeProblems(plan, zones)),
  ];
}

/** What people try on a system pool that the compiler did not see. */
function foreignProblems(given: unknown): Problem[] {
  if (typeof given !== "object" || given === null) {
    const rule = "a cluster needs 1 pool of mode System at least, 3 nodes in production";
    return [{ code: "AKSFT-CLUSTER-13", path: "systemPool", got: given, rule, fix: "leave it out for the default, or give { nodes: 3 }" }];
  }
  const { mode, priority, scaleSetPriority }: { mode?: unknown; priority?: unknown; scaleSetPriority?: unknown } = given;
  const problems: Problem[] = [];
  if (mode !== undefined && mode !== "System") {
    const rule = "the cluster's own pool has mode System, of which at least 1 is needed";
    problems.push({ code: "AKSFT-CLUSTER-13", path: "systemPool.mode", got: mode, rule, fix: "remove it, and use workloadPool or a GpuNodePool for user nodes" });
  }
  // https://learn.microsoft.com/azure/aks/spot-node-pool
  if (priority === "Spot" || scaleSetPriority === "Spot") {
    const path = priority === "Spot" ? "systemPool.priority" : "systemPool.scaleSetPriority";
    const rule = "0 system nodes can be spot: Azure takes them back at any time, and the cluster's DNS with them";
    problems.push({ code: "AKSFT-CLUSTER-13", path, got: "Spot", rule, fix: 'remove it, and use a GpuNodePool with priority "Spot"' });
  }
  return problems;
}

export function workloadPoolProblems(environment: Environment, given: WorkloadPoolDecisions): Problem[] {
  const { minNodes, maxNodes, zones, ...plan } = planWorkloadPool(given, { environment, encryptionAtHost: false, scalesItself: true });
  const counts = [
    ...wholeNumber("AKSFT-CLUSTER-14", "minNodes", minNodes, 0, MOST_NODES),
    ...wholeNumber("AKSFT-CLUSTER-14", "maxNodes", maxNodes, 1, MOST_NODES),
  ];
  if (counts.length === 0 && minNodes > maxNodes) {
    counts.push({ code: "AKSFT-CLUSTER-14", path: "minNodes", got: minNodes, rule: `must not be above maxNodes ${maxNodes}`, fix: `use ${maxNodes}` });
  }
  return within("workloadPool", [...counts, ...nodeProblems(plan, zones)]);
}

function nodeProblems({ vmSize, maxPods, osDisk }: Omit<NodePlan, "zones">, zones: readonly string[]): Problem[] {
  const problems = [
    // https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning#maximum-pods-per-node
    ...wholeNumber("AKSFT-CLUSTER-15", "maxPods", maxPods, 10, 250),
    ...zones.flatMap((zone, index) => choiceProblems("AKSFT-CLUSTER-16", `zones[${index}]`, zone, ZONES)),
    ...choiceProblems("AKSFT-CLUSTER-17", "osDisk", osDisk, OS_DISKS),
  ];
  if (!VM_SIZE.test(vmSize)) {
    problems.push({ code: "AKSFT-CLUSTER-30", path: "vmSize", got: vmSize, rule: 'is not written as Azure writes 1 size, "Standard_" first', fix: 'use for example "Standard_D4ds_v5"' });
  }
  const repeated = zones.findIndex((zone, index) => zones.indexOf(zone) < index);
  if (repeated >= 0) {
    problems.push({ code: "AKSFT-CLUSTER-16", path: `zones[${repeated}]`, got: zones[repeated], rule: "each zone counts once", fix: "remove it" });
  }
  if (osDisk === "Ephemeral" && lacksLocalDisk(vmSize)) {
    problems.push({
      code: "AKSFT-CLUSTER-17",
      path: "osDisk",
      got: osDisk,
      rule: `${vmSize} has 0 GiB of local disk, which is where an ephemeral one lies`,
      fix: 'use "Managed", or a size with a "d", for example vmSize "Standard_D4ds_v5"',
    });
  }
  return problems;
}
