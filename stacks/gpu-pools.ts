import { AutoProvisionedGpuPool, type ClusterRef, GpuNodePool, type PoolRef, PreferredSpotGpuPool, SpotPreference, type Tags } from "../components";
import { planAutoProvisionedPool } from "../components/plan/gpu-pool/auto-provisioned";
import { type GpuPoolContext, planGpuPool } from "../components/plan/gpu-pool";
import { planPreferredSpot } from "../components/plan/gpu-pool/preferred-spot";
import type { PoolDecisions, PoolSettings } from "./settings/pools";

/** The component that makes a pool. */
type PoolKind = "provisioned" | "pair" | "single";

/** Nodes come from node auto-provisioning where the cluster has it; a spot pool with a fallback is a pair of pools. */
function kindOf({ priority, onDemandFallback, size }: PoolDecisions, nodeProvisioning: GpuPoolContext["nodeProvisioning"]): PoolKind {
  if (nodeProvisioning === "node-auto-provisioning") return "provisioned";
  const spot = (priority ?? (typeof size === "string" ? "Regular" : size.priority)) === "Spot";
  return spot && onDemandFallback === true ? "pair" : "single";
}

/** What each component knows of the arguments of a pool: a pair has both priorities, and neither of its pools a least number of nodes. */
function split({ onDemandFallback, emptyMinutes, expireAfterHours, ...pool }: PoolDecisions) {
  return { pool, pair: omit(pool, ["priority", "minNodes"]), provisioned: { ...pool, onDemandFallback, emptyMinutes, expireAfterHours } };
}

function omit<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Omit<T, K> {
  const rest = { ...from };
  for (const key of keys) Reflect.deleteProperty(rest, key);
  return rest;
}

/** The plan of one pool by the component that will make it. */
export function planPool({ name, decisions }: PoolSettings, context: GpuPoolContext) {
  const { pool, pair, provisioned } = split(decisions);
  switch (kindOf(decisions, context.nodeProvisioning)) {
    case "provisioned":
      return planAutoProvisionedPool(name, provisioned, context);
    case "pair":
      return planPreferredSpot(name, pair, context).spot;
    case "single":
      return planGpuPool(name, pool, context);
  }
}

/** The GPU pools by name, and the autoscaler's order of those that are pairs. */
export function gpuPools(settings: readonly PoolSettings[], cluster: ClusterRef, tags: Tags): Readonly<Record<string, PoolRef>> {
  const pools: Record<string, PoolRef> = {};
  const pairs: PreferredSpotGpuPool[] = [];
  for (const { name, decisions } of settings) {
    const { pool, pair, provisioned } = split(decisions);
    switch (kindOf(decisions, cluster.nodeProvisioning)) {
      case "provisioned":
        pools[name] = new AutoProvisionedGpuPool(name, { cluster, tags, ...provisioned });
        break;
      case "pair":
        pairs.push((pools[name] = new PreferredSpotGpuPool(name, { cluster, tags, ...pair })));
        break;
      case "single":
        pools[name] = new GpuNodePool(name, { cluster, tags, ...pool });
    }
  }
  if (pairs.length > 0) new SpotPreference("spot", { cluster, pools: pairs });
  return pools;
}
