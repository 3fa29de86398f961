import { GPU_SIZES, type GpuSize } from "../../../components/plan/catalogue/gpu-sizes";
import { HOME_REGION, priceOf } from "../../../components/plan/prices";
import type { Parameters } from "../../parameters";
import { gpuPoolsOf, isSpot } from "../../resources/pools";
import type { Resource } from "../../resources/resource";
import { at, is, numberOf, textOf, UNKNOWN, type Value } from "../../resources/value";
import type { Rule, StackFault } from "../../rule";

/** The ceiling over all GPU pools of a stack. */
export const COST_RULES: readonly Rule[] = [
  {
    ...{ name: "gpu-hourly-maximum", scope: "stack", severity: "high", check: overCeiling },
    description: "All GPU pools of a stack with every node running cost at most the parameter maxHourlyUsd; 0 sets no limit",
    remediation: "lower maxCount (GpuNodePool: maxNodes), use Spot or a cheaper size, or have the limit raised",
    url: "https://azure.microsoft.com/pricing/details/virtual-machines/linux/",
  },
];

interface PricedPool {
  readonly resource: Resource;
  readonly nodes: number;
  readonly size: string;
  readonly usd: number;
}

/** Sizes without a known price, and pools whose size or maximum is unknown, are left out: what is reported is surely too much. */
function overCeiling(resources: readonly Resource[], { maxHourlyUsd }: Parameters): readonly StackFault[] {
  if (maxHourlyUsd === 0) return [];
  const region = resources.map(({ kind, props }) => (kind.endsWith(":ManagedCluster") ? textOf(at(props, "location")) : undefined)).find(Boolean);
  const pools = resources.flatMap((resource) => gpuPoolsOf(resource).flatMap(({ pool }) => pricedPool(resource, pool, region ?? HOME_REGION)));
  const total = pools.reduce((sum, { usd }) => sum + usd, 0);
  const [first] = [...pools].sort((one, other) => other.usd - one.usd);
  if (first === undefined || total <= maxHourlyUsd) return [];
  const each = pools.map(({ resource, nodes, size, usd }) => `${resource.name} ${nodes} × ${size} ${usd.toFixed(2)}`).join(", ");
  return [{ resource: first.resource, fault: `GPU pools cost up to ${total.toFixed(2)} USD per hour (${each}), over ${maxHourlyUsd}` }];
}

function pricedPool(resource: Resource, pool: Value, region: string): readonly PricedPool[] {
  const size = textOf(at(pool, "vmSize")) ?? "";
  const scales = at(pool, "enableAutoScaling");
  const priority = at(pool, "scaleSetPriority");
  const nodes = numberOf(at(pool, is(scales, true) ? "maxCount" : "count"));
  const known = scales !== UNKNOWN && priority !== UNKNOWN && isGpuSizeName(size);
  const price = known ? priceOf(size, isSpot(pool) ? "Spot" : "Regular", region) : undefined;
  return nodes === undefined || price === undefined ? [] : [{ resource, nodes, size, usd: nodes * price.usdPerHour }];
}

function isGpuSizeName(size: string): size is GpuSize {
  return Object.hasOwn(GPU_SIZES, size);
}
