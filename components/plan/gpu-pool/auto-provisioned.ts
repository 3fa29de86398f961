import { GPU_SIZES, type GpuSize, type GpuSizeFacts, isGpuSize } from "../catalogue/gpu-sizes";
import { hostEncryptionOf, marksOf, nodeProblems, USUAL_PODS } from "../gpu-pool";
import type { GpuDevices, GpuNodeDecisions, GpuPoolContext, Taint, Toleration } from "./decisions";
import { driverProblems, gpuDevices, sizeOf, sizeProblems } from "./hardware";
import { nameProblems } from "../names";
import { wholeNumber } from "../recipe";
import { type Problem, refuse } from "../refuse";
import type { Priority } from "../sizing/shape";
import { choiceProblems } from "../spelling";

export interface AutoProvisionedPoolDecisions extends GpuNodeDecisions {
  /** With "Spot", spot nodes first and on-demand ones where there are none. @default - that of the right size, else "Regular" */
  readonly priority?: Priority;
  /** Whether a pool of spot nodes may take on-demand ones. @default true */
  readonly onDemandFallback?: boolean;
  /** Most nodes at a time. @default 1 */
  readonly maxNodes?: number;
  /** Minutes that an empty node stays, for the next run to use. @default 5 */
  readonly emptyMinutes?: number;
  /** Hours after which a node is replaced whatever runs on it. @default - never, so that no run is evicted for its node's age */
  readonly expireAfterHours?: number;
}

export interface AutoProvisionedPoolPlan extends GpuDevices {
  readonly name: string;
  readonly size: GpuSize;
  readonly priority: Priority;
  readonly capacityTypes: readonly ("spot" | "on-demand")[];
  readonly maxNodes: number;
  readonly vcpus: number;
  readonly maxPods: number;
  readonly osDiskSizeGb?: number;
  readonly hostEncryption: boolean;
  readonly driver: "Install" | "None";
  readonly emptyMinutes: number;
  readonly expireAfter: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
}

/** GPU nodes that node auto-provisioning adds, instead of an agent pool with an autoscaler. */
export function planAutoProvisionedPool(
  name: string,
  decisions: AutoProvisionedPoolDecisions,
  context: GpuPoolContext = {},
): AutoProvisionedPoolPlan {
  const size = sizeOf(decisions);
  const priority = decisions.priority ?? (typeof decisions.size === "string" ? "Regular" : decisions.size.priority);
  const { maxNodes = 1, emptyMinutes = 5, expireAfterHours, onDemandFallback = true, driver = "Install", maxPods = USUAL_PODS } = decisions;
  refuse(`AutoProvisionedGpuPool "${name}"`, [
    ...nameProblems("workload", "name", name),
    ...contextProblems(name, context),
    ...sizeProblems(size),
    ...unknownToProvisioning(size),
    ...choiceProblems("AKSFT-POOL-06", "priority", priority, ["Regular", "Spot"]),
    ...wholeNumber("AKSFT-POOL-02", "maxNodes", maxNodes, 1, 1000),
    ...wholeNumber("AKSFT-POOL-25", "emptyMinutes", emptyMinutes, 0, 24 * 60),
    ...(expireAfterHours === undefined ? [] : wholeNumber("AKSFT-POOL-26", "expireAfterHours", expireAfterHours, 1, 24 * 365)),
    // Bounds of AKSNodeClass; AKS itself takes the same.
    ...(decisions.osDiskSizeGb === undefined ? [] : wholeNumber("AKSFT-POOL-13", "osDiskSizeGb", decisions.osDiskSizeGb, 30, 2048)),
    ...driverProblems(decisions),
    ...nodeProblems(decisions),
  ]);
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const spot = priority === "Spot";
  const { labels, nodeSelector, tolerations } = marksOf(name, decisions, false);
  return {
    ...{ name, size, priority, maxNodes, maxPods, driver, emptyMinutes, labels, nodeSelector, vcpus: facts.vcpus },
    ...gpuDevices(size),
    capacityTypes: spot ? (onDemandFallback ? ["spot", "on-demand"] : ["spot"]) : ["on-demand"],
    osDiskSizeGb: decisions.osDiskSizeGb,
    hostEncryption: hostEncryptionOf(decisions, context),
    // Karpenter's own default is 30 days, which evicts what runs.
    expireAfter: expireAfterHours === undefined ? "Never" : `${expireAfterHours}h`,
    taints: tolerations.map(({ key, value, effect }) => ({ key, value, effect })),
    // The spot taint is AKS's on agent pools; tolerated here too, it costs nothing where it is absent.
    tolerations: marksOf(name, decisions, spot).tolerations,
  };
}

/** https://learn.microsoft.com/azure/aks/node-auto-provisioning */
function contextProblems(name: string, { nodeProvisioning = "autoscaler", taken = [] }: GpuPoolContext): Problem[] {
  const problems: Problem[] = [];
  if (nodeProvisioning !== "node-auto-provisioning") {
    const rule = "only node auto-provisioning reads this pool, and the cluster does not run it";
    const fix = 'use GpuNodePool, or a cluster with nodeProvisioning "node-auto-provisioning"';
    problems.push({ code: "AKSFT-POOL-22", path: "cluster.nodeProvisioning", got: nodeProvisioning, rule, fix });
  }
  if (taken.includes(name)) {
    const rule = `is the name of another pool of the cluster, which has ${taken.join(", ")}`;
    problems.push({ code: "AKSFT-POOL-21", path: "name", got: name, rule, fix: "rename one of them" });
  }
  return problems;
}

/** Azure/karpenter-provider-azure pkg/utils/supported-gpus.yaml */
function unknownToProvisioning(size: string): Problem[] {
  const facts: GpuSizeFacts | undefined = isGpuSize(size) ? GPU_SIZES[size] : undefined;
  if (facts?.nodeAutoProvisioning !== false) return [];
  const rule = "node auto-provisioning does not know the size";
  return [{ code: "AKSFT-POOL-24", path: "size", got: size, rule, fix: 'use for example "Standard_NC40ads_H100_v5", or a GpuNodePool' }];
}
