import { decideGpuPool, type GpuPoolContext, type GpuPoolDecisions, gpuPoolProblems, type GpuPoolPlan, type NodePreference, SPOT_LABEL } from "../gpu-pool";
import { type Problem, refuse, within } from "../refuse";

/** A pair's pools have one shape; what only one priority knows goes to the pool of that priority. */
export type PreferredSpotDecisions = Omit<GpuPoolDecisions, "priority" | "minNodes">;

export interface PreferredSpotPlan {
  readonly spot: GpuPoolPlan;
  readonly onDemand: GpuPoolPlan;
  /** Nodes that a pod takes where both have room. */
  readonly preference: readonly NodePreference[];
}

/** Two pools of one shape under one label: pods that select it land on spot nodes, or on others while there is no spot capacity. */
export function planPreferredSpot(name: string, decisions: PreferredSpotDecisions, context: GpuPoolContext = {}): PreferredSpotPlan {
  const spot: GpuPoolDecisions = { ...decisions, priority: "Spot", minNodes: 0, capacityReservationGroupId: undefined, upgrade: undefined };
  const onDemand: GpuPoolDecisions = { ...decisions, priority: "Regular", minNodes: 0, evictionPolicy: undefined, spotMaxPrice: undefined };
  refuse(`PreferredSpotGpuPool "${name}"`, distinct([...gpuPoolProblems(name, spot, context), ...gpuPoolProblems(name, onDemand, context)]));
  return {
    spot: decideGpuPool(name, spot, context),
    onDemand: decideGpuPool(name, onDemand, context),
    preference: [{ key: SPOT_LABEL, values: ["spot"], weight: 100 }],
  };
}

/** Most faults are those of both pools. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** One pool of a list that is checked before any of them is registered. */
export interface DeclaredPool {
  readonly name: string;
  readonly pool: GpuPoolDecisions;
}

/**
 * The plans of all pools of a cluster, with every fault of each.
 *
 * @throws RunError with paths such as `pools[1].name`.
 */
export function planGpuPools(pools: readonly DeclaredPool[], context: GpuPoolContext = {}): readonly GpuPoolPlan[] {
  refuse(
    "The GPU pools",
    pools.flatMap(({ name, pool }, index) => within(`pools[${index}]`, [...repetition(pools, index), ...gpuPoolProblems(name, pool, context)])),
  );
  return pools.map(({ name, pool }) => decideGpuPool(name, pool, context));
}

function repetition(pools: readonly DeclaredPool[], index: number): Problem[] {
  const name = pools[index]?.name ?? "";
  const first = pools.findIndex((other) => other.name === name);
  if (first === index) return [];
  return [{ code: "AKSFT-POOL-21", path: "name", got: name, rule: `repeats pools[${first}].name`, fix: "rename one of them" }];
}

/** What the priority expander needs to know of a pair. */
export interface PreferredSpotNames {
  /** Name in Azure of the pool of spot nodes, at most 12 characters. */
  readonly spotPoolName: string;
  /** Name in Azure of the pool of on-demand nodes, at most 12 characters. */
  readonly onDemandPoolName: string;
}

/** https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/expander/priority/readme.md */
export const PRIORITY_EXPANDER_NAME = "cluster-autoscaler-priority-expander";

/**
 * The expander's priorities: the highest number wins, and what no expression matches is never scaled, so the last one matches every pool.
 * The expressions are matched with the names of scale sets, which contain those of their pools: aks-gpu4c94-12345678-vmss.
 */
export function expanderPriorities(pairs: readonly PreferredSpotNames[]): string {
  const levels: [number, string[]][] = [
    [1, [".*"]],
    [10, pairs.map(({ onDemandPoolName }) => `.*${onDemandPoolName}.*`)],
    [100, pairs.map(({ spotPoolName }) => `.*${spotPoolName}.*`)],
  ];
  return levels.map(([level, expressions]) => `${level}:\n${expressions.map((each) => `  - ${each}\n`).join("")}`).join("");
}

/** One owner of the ConfigMap, and something to put into it. */
export function spotPreferenceProblems(pairs: readonly PreferredSpotNames[], context: GpuPoolContext & { readonly owned: boolean }): Problem[] {
  const nothing: Problem[] =
    pairs.length > 0 ? [] : [{ code: "AKSFT-POOL-23", path: "pools", got: [], rule: "there is nothing to prefer", fix: "give the cluster's PreferredSpotGpuPools" }];
  const second: Problem[] = context.owned
    ? [{ code: "AKSFT-POOL-23", path: "cluster", got: PRIORITY_EXPANDER_NAME, rule: "the cluster has one ConfigMap of priorities, and it is declared", fix: "give all pools to one SpotPreference" }]
    : [];
  const automatic: Problem[] =
    context.nodeProvisioning === "node-auto-provisioning"
      ? [{ code: "AKSFT-POOL-22", path: "cluster.nodeProvisioning", got: context.nodeProvisioning, rule: "has no cluster autoscaler, which is what prefers pools", fix: "use AutoProvisionedGpuPool, which prefers spot nodes by itself" }]
      : [];
  return [...nothing, ...second, ...automatic];
}
