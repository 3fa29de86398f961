import { createHash } from "node:crypto";
import { GPU_INSTANCE_PROFILES } from "../../../components/plan/catalogue/gpu-cards";
import { GPU_SIZES, isGpuSize } from "../../../components/plan/catalogue/gpu-sizes";
import type { Pool } from "./azure-state";

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** What a node of a pool offers, known before there is one. Quantities: cores, bytes, pieces. */
export interface NodeTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly capacity: Resources;
  readonly allocatable: Resources;
}

export type Resources = Readonly<Record<string, number>>;

export const GPU_RESOURCE = "nvidia.com/gpu";

/** Keeps pods off simulated nodes where real ones exist; nothing that users render tolerates it. */
export const SIMULATED_TAINT: Taint = {
  key: "sandbox.aks-fine-tuning.dev/simulated",
  value: "true",
  effect: "NoSchedule",
};

const SPOT = "kubernetes.azure.com/scalesetpriority";

/** Labels and taints as AKS sets them: https://learn.microsoft.com/azure/aks/use-labels, .../spot-node-pool, .../use-nvidia-gpu */
export function nodeTemplate(pool: Pool): NodeTemplate {
  const capacity = capacityOf(pool.vmSize, pool.gpuInstanceProfile);
  const gpu = (capacity[GPU_RESOURCE] ?? 0) > 0;
  const spotTaint = pool.spot ? [{ key: SPOT, value: "spot", effect: "NoSchedule" }] : [];
  const taints = [...pool.taints.map(parseTaint), ...spotTaint];
  return {
    labels: {
      agentpool: pool.name,
      "kubernetes.azure.com/agentpool": pool.name,
      "kubernetes.azure.com/cluster": pool.nodeResourceGroup.slice(0, 63).replace(/[^A-Za-z0-9]+$/, ""),
      "kubernetes.azure.com/mode": pool.system ? "system" : "user",
      "kubernetes.azure.com/os-sku": pool.osSku,
      "kubernetes.azure.com/role": "agent",
      "node.kubernetes.io/instance-type": pool.vmSize,
      "topology.kubernetes.io/region": pool.location,
      "topology.kubernetes.io/zone": pool.zones[0] === undefined ? "0" : `${pool.location}-${pool.zones[0]}`,
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": process.arch === "arm64" ? "arm64" : "amd64",
      ...(gpu ? { accelerator: "nvidia", "kubernetes.azure.com/accelerator": "nvidia" } : {}),
      ...(pool.spot ? { [SPOT]: "spot" } : {}),
      ...pool.labels,
    },
    taints: taints.filter((taint, index) => taints.findIndex((other) => sameTaint(other, taint)) === index),
    capacity,
    allocatable: allocatableOf(capacity),
  };
}

export function parseTaint(text: string): Taint {
  const match = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(text);
  const [, key, value, effect] = match ?? [];
  if (key === undefined || effect === undefined) throw new Error(`not a taint: "${text}"`);
  return { key, ...(value === undefined ? {} : { value }), effect };
}

export function sameTaint(one: Taint, other: Taint): boolean {
  return one.key === other.key && one.effect === other.effect && (one.value ?? "") === (other.value ?? "");
}

const GIB = 1024 ** 3;
const OS_DISK_GIB = 128;
/** Pods per node with Azure CNI Overlay: https://learn.microsoft.com/azure/aks/azure-cni-overview */
export const MAX_PODS = 250;

/** What the size has on Azure, not what this machine has: the scheduler must decide as it would there. */
export function capacityOf(vmSize: string, gpuInstanceProfile?: string): Resources {
  const { vcpus, ramGiB, gpus: cards } = sizeFacts(vmSize);
  const gpus = cards * slicesPerGpu(gpuInstanceProfile);
  const base = { cpu: vcpus, memory: ramGiB * GIB, pods: MAX_PODS, "ephemeral-storage": OS_DISK_GIB * GIB };
  return gpus > 0 ? { ...base, [GPU_RESOURCE]: gpus } : base;
}

/** With the device plugin's strategy "single" a slice is offered like a GPU: https://learn.microsoft.com/azure/aks/gpu-multi-instance */
function slicesPerGpu(profile: string | undefined): number {
  return Object.entries(GPU_INSTANCE_PROFILES).find(([name]) => name === profile)?.[1].slices ?? 1;
}

function sizeFacts(vmSize: string): { readonly vcpus: number; readonly ramGiB: number; readonly gpus: number } {
  if (isGpuSize(vmSize)) return GPU_SIZES[vmSize];
  const [, family = "D", vcpus = "4"] = /^Standard_([A-Z]+)(\d+)/.exec(vmSize) ?? [];
  const gibPerCore = { E: 8, F: 2, M: 16, N: 7 }[family.slice(0, 1)] ?? 4;
  // Sizes that the catalogue does not know: every N size has at least one accelerator.
  return { vcpus: Number(vcpus), ramGiB: Number(vcpus) * gibPerCore, gpus: family.startsWith("N") ? 1 : 0 };
}

/** Reservations of AKS: https://learn.microsoft.com/azure/aks/node-resource-reservations */
function allocatableOf(capacity: Resources): Resources {
  const { cpu = 0, memory = 0 } = capacity;
  const steps = [[1, 60], [2, 100], [4, 140], [8, 180], [16, 260], [32, 420], [64, 740]] as const;
  const reservedMillicores = steps.findLast(([cores]) => cores <= cpu)?.[1] ?? 0;
  const reservedMemory = Math.min((20 * MAX_PODS + 50) * 1024 ** 2, memory / 4) + 100 * 1024 ** 2;
  return { ...capacity, cpu: cpu - reservedMillicores / 1000, memory: memory - reservedMemory };
}

/** `aks-POOL-DIGITS-vmss00000N`, as the scale sets of AKS name their machines (the last part in base 36). */
export function nodeName(pool: Pool, index: number): string {
  const digits = parseInt(createHash("sha256").update(pool.clusterId.toLowerCase()).digest("hex").slice(0, 12), 16);
  return `aks-${pool.name}-${String(digits % 90_000_000 + 10_000_000)}-vmss${index.toString(36).padStart(6, "0")}`;
}
