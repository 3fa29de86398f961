import { GPU_SIZE_NAMES, GPU_SIZES, type GpuSize, type GpuSizeFacts, isGpuSize } from "./catalogue/gpu-sizes";
import { canonicalJson, shortHash } from "./digest";
import { nameProblems } from "./names";
import { wholeNumber } from "./recipe";
import { type Problem, refuse } from "./refuse";
import type { Priority, RightSize } from "./sizing/right-size";
import { oneOf } from "./spelling";

export interface GpuPoolDecisions {
  /** VM size, or the answer of `rightSize`, whose size and priority are taken. */
  readonly size: GpuSize | RightSize;
  /** @default - that of the right size, else "Regular" */
  readonly priority?: Priority;
  /** Most nodes the autoscaler may run. An idle pool runs none. @default 1 */
  readonly maxNodes?: number;
  /** Least nodes, kept and paid when idle. @default 0 */
  readonly minNodes?: number;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: "NoSchedule";
}

export interface Toleration {
  readonly key: string;
  readonly operator: "Equal";
  readonly value: string;
  readonly effect: "NoSchedule";
}

export interface GpuPoolPlan {
  readonly agentPoolName: string;
  readonly size: GpuSize;
  readonly gpusPerNode: number;
  readonly priority: Priority;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
  /** What a pod selects to land here: our own label, which stays when the pool is replaced. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
}

export const POOL_LABEL = "aks-fine-tuning.dev/pool";

/** The only taint that KAITO's tuning tolerates, and the one AKS's own guide uses: https://learn.microsoft.com/azure/aks/use-nvidia-gpu */
const GPU_TAINT: Taint = { key: "sku", value: "gpu", effect: "NoSchedule" };
/** AKS adds both to spot pools; undeclared they show up as drift (pulumi-azure-native#959). */
const SPOT = "kubernetes.azure.com/scalesetpriority";
const SPOT_TAINT: Taint = { key: SPOT, value: "spot", effect: "NoSchedule" };

/** The most nodes a user pool can have: https://learn.microsoft.com/azure/aks/quotas-skus-regions */
const MOST_NODES = 1000;

export function planGpuPool(name: string, decisions: GpuPoolDecisions): GpuPoolPlan {
  const size = typeof decisions.size === "string" ? decisions.size : decisions.size.shape.size;
  const priority = decisions.priority ?? (typeof decisions.size === "string" ? "Regular" : decisions.size.priority);
  const { minNodes = 0, maxNodes = 1 } = decisions;
  refuse(`GpuNodePool "${name}"`, [
    ...nameProblems("nodePool", "name", name),
    ...sizeProblems(size),
    ...wholeNumber("AKSFT-POOL-02", "maxNodes", maxNodes, 1, MOST_NODES),
    ...wholeNumber("AKSFT-POOL-03", "minNodes", minNodes, 0, MOST_NODES),
    ...orderProblems(minNodes, maxNodes),
  ]);
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const taints = priority === "Spot" ? [GPU_TAINT, SPOT_TAINT] : [GPU_TAINT];
  const nodeSelector = { [POOL_LABEL]: name };
  return {
    agentPoolName: `${name}${shortHash(canonicalJson({ size, priority }), 4)}`,
    size,
    gpusPerNode: facts.gpus,
    priority,
    minNodes,
    maxNodes,
    labels: priority === "Spot" ? { ...nodeSelector, [SPOT]: "spot" } : nodeSelector,
    taints: taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`),
    nodeSelector,
    tolerations: taints.map(({ key, value, effect }) => ({ key, operator: "Equal", value, effect })),
  };
}

function sizeProblems(size: string): Problem[] {
  if (isGpuSize(size)) return [];
  return [
    {
      code: "AKSFT-POOL-01",
      path: "size",
      got: size,
      rule: `is none of the ${GPU_SIZE_NAMES.length} GPU sizes of the catalogue`,
      fix: oneOf(size, GPU_SIZE_NAMES),
    },
  ];
}

function orderProblems(minNodes: number, maxNodes: number): Problem[] {
  // Counts out of their own range are refused as such.
  if (minNodes <= maxNodes || minNodes < 0 || maxNodes < 1) return [];
  return [
    { code: "AKSFT-POOL-04", path: "minNodes", got: minNodes, rule: `must not be above maxNodes ${maxNodes}`, fix: `use ${maxNodes}` },
  ];
}
