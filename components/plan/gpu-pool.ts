import { GPU_SIZES, type GpuSizeFacts, isGpuSize } from "./catalogue/gpu-sizes";
import { NODE_OS_SKU } from "./catalogue/kubernetes-versions";
import { DEFAULT_ENVIRONMENT } from "./environment";
import type { GpuNodeDecisions, GpuPoolContext, GpuPoolDecisions, GpuPoolPlan, Taint } from "./gpu-pool/decisions";
import { osDiskOf, osDiskProblems } from "./gpu-pool/disk";
import { driverProblems, gpuDevices, osSkuProblems, partitionProblems, sizeOf, sizeProblems } from "./gpu-pool/hardware";
import { agentPoolName } from "./gpu-pool/name";
import { maxPodsProblems, nodeLabelProblems, reservationProblems, taintProblems, taintText, zoneProblems } from "./gpu-pool/placing";
import { priorityOf, priorityProblems } from "./gpu-pool/spot";
import { poolVersion, poolVersionProblems, upgradeOf, upgradeProblems } from "./gpu-pool/upgrades";
import { poolWarnings } from "./gpu-pool/warnings";
import { nameProblems } from "./names";
import { wholeNumber } from "./recipe";
import { type Problem, refuse } from "./refuse";
import { tagProblems } from "./tags";

export type { GpuPoolContext, GpuPoolDecisions, GpuPoolPlan, NodePreference, Taint, Toleration } from "./gpu-pool/decisions";

export const POOL_LABEL = "aks-fine-tuning.dev/pool";
/** On pools whose driver is not AKS's, so that no second device plugin lands there. */
export const DRIVER_LABEL = "aks-fine-tuning.dev/driver";

/** The only taint that KAITO's tuning tolerates, and the one AKS's own guide uses: https://learn.microsoft.com/azure/aks/use-nvidia-gpu */
const GPU_TAINT: Taint = { key: "sku", value: "gpu", effect: "NoSchedule" };
/** AKS adds both to spot pools; undeclared they show up as drift (pulumi-azure-native#959). */
export const SPOT_LABEL = "kubernetes.azure.com/scalesetpriority";
const SPOT_TAINT: Taint = { key: SPOT_LABEL, value: "spot", effect: "NoSchedule" };

/** The most nodes a user pool can have: https://learn.microsoft.com/azure/aks/quotas-skus-regions */
const MOST_NODES = 1000;
/** GPU nodes run few, large pods; scanners ask for 50 at least (CKV_AZURE_168). */
export const USUAL_PODS = 50;

export function planGpuPool(name: string, decisions: GpuPoolDecisions, context: GpuPoolContext = {}): GpuPoolPlan {
  refuse(`GpuNodePool "${name}"`, gpuPoolProblems(name, decisions, context));
  return decideGpuPool(name, decisions, context);
}

/** The plan of a pool that has no problems. */
export function decideGpuPool(name: string, decisions: GpuPoolDecisions, context: GpuPoolContext): GpuPoolPlan {
  const size = sizeOf(decisions);
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const priority = priorityOf(decisions);
  const { minNodes = 0, maxNodes = 1, maxPods = USUAL_PODS, driver = "Install", osSku = NODE_OS_SKU } = decisions;
  const { gpuInstanceProfile, migStrategy, zones = [], ultraSsd = false } = decisions;
  const { capacityReservationGroupId } = decisions;
  const disk = osDiskOf(facts, decisions);
  const nodes = {
    size,
    priority,
    evictionPolicy: priority === "Spot" ? (decisions.evictionPolicy ?? "Delete") : undefined,
    spotMaxPrice: priority === "Spot" ? (decisions.spotMaxPrice ?? -1) : undefined,
    maxPods,
    gpuInstanceProfile,
    driver,
    osSku,
    osDiskType: disk.type,
    osDiskSizeGb: disk.sizeGb,
    hostEncryption: hostEncryptionOf(decisions, context),
    ultraSsd,
    zones,
    capacityReservationGroupId,
  };
  return {
    agentPoolName: agentPoolName(name, nodes, disk.usualType),
    ...nodes,
    ...gpuDevices(size, gpuInstanceProfile, migStrategy),
    ...marksOf(name, decisions, priority === "Spot"),
    minNodes,
    maxNodes,
    ...poolVersion(decisions.kubernetesVersion, context),
    upgrade: upgradeOf(decisions),
    warnings: poolWarnings(facts, { minNodes, driver, osSku, size, priority }),
  };
}

/** Everything that is wrong with one pool. */
export function gpuPoolProblems(name: string, decisions: GpuPoolDecisions, context: GpuPoolContext): Problem[] {
  const { minNodes = 0, maxNodes = 1 } = decisions;
  const size: string = sizeOf(decisions);
  const facts: GpuSizeFacts | undefined = isGpuSize(size) ? GPU_SIZES[size] : undefined;
  return [
    ...nameProblems("nodePool", "name", name),
    ...takenProblems(name, context),
    ...provisioningProblems(context),
    ...sizeProblems(size),
    ...wholeNumber("AKSFT-POOL-02", "maxNodes", maxNodes, 1, MOST_NODES),
    ...wholeNumber("AKSFT-POOL-03", "minNodes", minNodes, 0, MOST_NODES),
    ...orderProblems(minNodes, maxNodes),
    ...priorityProblems(decisions),
    ...partitionProblems(decisions),
    ...driverProblems(decisions),
    ...osSkuProblems(decisions),
    ...osDiskProblems(size, facts, decisions),
    ...zoneProblems(decisions.zones),
    ...reservationProblems(decisions),
    ...poolVersionProblems(decisions.kubernetesVersion, context.exactKubernetesVersion ?? context.kubernetesVersion),
    ...upgradeProblems(decisions),
    ...nodeProblems(decisions),
  ];
}

/** What is wrong with nodes, whoever adds them. */
export function nodeProblems(decisions: GpuNodeDecisions): Problem[] {
  return [
    ...maxPodsProblems(decisions.maxPods ?? USUAL_PODS),
    ...nodeLabelProblems(decisions),
    ...taintProblems(decisions),
    ...tagProblems("tags", decisions.tags),
  ];
}

/** In production unless the machine encrypts its memory and disks anyway (CKV_AZURE_227). */
export function hostEncryptionOf(decisions: GpuNodeDecisions, context: GpuPoolContext): boolean {
  const environment = decisions.environment ?? context.environment ?? DEFAULT_ENVIRONMENT;
  const facts: GpuSizeFacts = GPU_SIZES[sizeOf(decisions)];
  return decisions.hostEncryption ?? (environment === "production" && !facts.confidential);
}

/** Labels and taints of the nodes, and what a pod says to land on them. */
export function marksOf(name: string, { labels, taints = [], driver }: GpuNodeDecisions, spot: boolean) {
  const nodeSelector = { [POOL_LABEL]: name };
  const all = [GPU_TAINT, ...(spot ? [SPOT_TAINT] : []), ...taints];
  return {
    labels: { ...labels, ...nodeSelector, ...(spot ? { [SPOT_LABEL]: "spot" } : {}), ...(driver === "None" ? { [DRIVER_LABEL]: "none" } : {}) },
    taints: all.map(taintText),
    nodeSelector,
    tolerations: all.map(({ key, value, effect }) => ({ key, operator: "Equal" as const, value, effect })),
  };
}

function orderProblems(minNodes: number, maxNodes: number): Problem[] {
  // Counts out of their own range are refused as such.
  if (minNodes <= maxNodes || minNodes < 0 || maxNodes < 1) return [];
  return [
    { code: "AKSFT-POOL-04", path: "minNodes", got: minNodes, rule: `must not be above maxNodes ${maxNodes}`, fix: `use ${maxNodes}` },
  ];
}

function takenProblems(name: string, { taken = [] }: GpuPoolContext): Problem[] {
  if (!taken.includes(name)) return [];
  const rule = `is the name of another pool of the cluster, which has ${taken.join(", ")}`;
  return [{ code: "AKSFT-POOL-21", path: "name", got: name, rule, fix: "rename one of them" }];
}

/** Two provisioners do not run side by side unasked: https://learn.microsoft.com/azure/aks/use-node-auto-provisioning */
function provisioningProblems({ nodeProvisioning }: GpuPoolContext): Problem[] {
  if (nodeProvisioning !== "node-auto-provisioning") return [];
  const rule = "a pool with an autoscaler does not go with a cluster whose nodes are provisioned automatically";
  const fix = 'use AutoProvisionedGpuPool, or a cluster with nodeProvisioning "autoscaler"';
  return [{ code: "AKSFT-POOL-22", path: "cluster.nodeProvisioning", got: nodeProvisioning, rule, fix }];
}
