import type { GpuInstanceProfile } from "../catalogue/gpu-cards";
import type { GpuSize } from "../catalogue/gpu-sizes";
import type { KubernetesVersion } from "../catalogue/kubernetes-versions";
import type { ClusterVersion } from "../cluster/version";
import type { Environment } from "../environment";
import type { Labels } from "../labels";
import type { Problem } from "../refuse";
import type { RightSize } from "../sizing/right-size";
import type { Priority } from "../sizing/shape";
import type { Tags } from "../tags";

export const GPU_OS_SKUS = ["Ubuntu2404", "Ubuntu2204", "AzureLinux3"] as const;
/**
 * Operating system of GPU nodes. Image volumes and automatic security patches are Ubuntu 24.04's.
 * @useDeclaredType
 */
export type GpuOsSku = (typeof GPU_OS_SKUS)[number];

export const TAINT_EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;
export type TaintEffect = (typeof TAINT_EFFECTS)[number];

/** What keeps pods off a node unless they tolerate it: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export interface Taint {
  /** Name, with a domain before a slash where it is not your own alone. */
  readonly key: string;
  /** At most 63 characters. */
  readonly value: string;
  /** What happens to pods without the toleration: they are not put there, rather not put there, or evicted too. */
  readonly effect: TaintEffect;
}

/** A pod's leave to land on nodes with one taint, in the form of a pod's `tolerations`. */
export interface Toleration {
  /** Key of the taint. */
  readonly key: string;
  /** The value must be the taint's own. */
  readonly operator: "Equal";
  /** Value of the taint. */
  readonly value: string;
  /** Effect of the taint. */
  readonly effect: TaintEffect;
}

/** Nodes that a pod should rather land on: those with one of the values of a label. */
export interface NodePreference {
  /** Key of the label. */
  readonly key: string;
  /** Values of which a node has one. */
  readonly values: readonly string[];
  /** 1 to 100, against the other things that the scheduler likes about a node. */
  readonly weight: number;
}

/** What the nodes of a pool are, however many there are and whoever adds them. */
export interface GpuNodeDecisions {
  /** VM size, or the answer of `rightSize`, whose size and priority are taken. */
  readonly size: GpuSize | RightSize;
  /** Who installs NVIDIA's driver: AKS, or with "None" the GPU Operator, which then brings the device plugin too. @default "Install" */
  readonly driver?: "Install" | "None";
  /** Size of the operating system's disk, which holds images and scratch space, in GB. @default - AKS's own */
  readonly osDiskSizeGb?: number;
  /** Encrypt the nodes' disks on their host; needs the feature Microsoft.Compute/EncryptionAtHost. @default - in production */
  readonly hostEncryption?: boolean;
  /** Pods per node, 10 to 250. @default 50 */
  readonly maxPods?: number;
  /** Labels of the nodes, beside the library's own. @default - none */
  readonly labels?: Labels;
  /** Taints of the nodes, beside the library's own; what lands on the pool tolerates them. @default - none */
  readonly taints?: readonly Taint[];
  /** Tags of what Azure bills. @default - the library's two */
  readonly tags?: Tags;
  /** Decides strict and loose defaults. @default - the cluster's, else "production" */
  readonly environment?: Environment;
}

export interface GpuPoolDecisions extends GpuNodeDecisions {
  /** Spot nodes cost a fraction, and Azure may take them back at any time. @default - that of the right size, else "Regular" */
  readonly priority?: Priority;
  /** What happens to an evicted spot node; a deallocated one keeps its quota and its disk's price. @default "Delete" */
  readonly evictionPolicy?: "Delete" | "Deallocate";
  /** Most to pay for a spot node, in USD per hour, with up to five decimals; -1 is up to the pay-as-you-go price. @default -1 */
  readonly spotMaxPrice?: number;
  /** Most nodes the autoscaler may run. An idle pool runs none. @default 1 */
  readonly maxNodes?: number;
  /** Least nodes, kept and paid when idle. @default 0 */
  readonly minNodes?: number;
  /** Partition each GPU (A100, H100 and H200) into slices that pods get one by one. @default - whole GPUs */
  readonly gpuInstanceProfile?: GpuInstanceProfile;
  /** Name of a slice to pods: "single" is nvidia.com/gpu, "mixed" tells sizes apart; `GpuSupport` must say the same. @default "single" */
  readonly migStrategy?: "single" | "mixed";
  /** Where the operating system lives. @default - "Ephemeral" where a local disk is known to hold it, else AKS's choice */
  readonly osDiskType?: "Ephemeral" | "Managed";
  /** Operating system of the nodes. @default "Ubuntu2404" */
  readonly osSku?: GpuOsSku;
  /** Availability zones, of "1", "2" and "3"; asking for one makes GPU capacity harder to get. @default - none */
  readonly zones?: readonly string[];
  /**
   * Reserved capacity. The cluster's identity must be a user-assigned one with Contributor on the group's resource group, for about an hour
   * before: https://learn.microsoft.com/azure/aks/use-capacity-reservation-groups. Plain: it is fixed when the pool is made.
   * @default - none
   */
  readonly capacityReservationGroupId?: string;
  /** Kubernetes of the nodes, with or without its patch, at most two minor versions behind the cluster and never newer. @default - the cluster's */
  readonly kubernetesVersion?: ClusterVersion;
  /** Attach ultra disks. @default false */
  readonly ultraSsd?: boolean;
  /** Nodes added or taken away at once by an upgrade, as a number or a percentage; not for spot. @default - one taken away */
  readonly upgrade?: UpgradeSettings;
}

/** How many nodes of a pool an upgrade takes at once: https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling */
export interface UpgradeSettings {
  /** Nodes added before others go, a number or a percentage; they need quota too. @default "0" */
  readonly maxSurge?: string;
  /** Nodes taken away before others come, a number or a percentage. @default - "1", or "0" with a surge */
  readonly maxUnavailable?: string;
}

/** What a pool's cluster says about it. */
export interface GpuPoolContext {
  readonly kubernetesVersion?: KubernetesVersion;
  /** The version with its patch, where one is pinned. */
  readonly exactKubernetesVersion?: ClusterVersion;
  readonly environment?: Environment;
  readonly nodeProvisioning?: "autoscaler" | "node-auto-provisioning";
  /** Names of the cluster's other pools. */
  readonly taken?: readonly string[];
}

/** What one node offers to pods. */
export interface GpuDevices {
  /** GPUs or slices of a node. */
  readonly gpusPerNode: number;
  /** Resource that a pod requests them by. */
  readonly gpuResource: string;
  /** Memory that a process can use on one of them, in GiB. */
  readonly gpuMemoryGiB: number;
}

export interface GpuPoolPlan extends GpuDevices {
  readonly agentPoolName: string;
  readonly size: GpuSize;
  readonly priority: Priority;
  readonly evictionPolicy?: "Delete" | "Deallocate";
  readonly spotMaxPrice?: number;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly maxPods: number;
  readonly gpuInstanceProfile?: GpuInstanceProfile;
  readonly driver: "Install" | "None";
  readonly osSku: GpuOsSku;
  readonly osDiskType?: "Ephemeral" | "Managed";
  readonly osDiskSizeGb?: number;
  readonly hostEncryption: boolean;
  readonly ultraSsd: boolean;
  readonly zones: readonly string[];
  readonly capacityReservationGroupId?: string;
  /** Minor version of the nodes. */
  readonly kubernetesVersion?: KubernetesVersion;
  /** What AKS is told: with its patch where the pool or the cluster pins one. */
  readonly orchestratorVersion?: ClusterVersion;
  readonly upgrade?: Required<UpgradeSettings>;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
  /** What a pod selects to land here: our own label, which stays when the pool is replaced. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  /** What is allowed and should be known. */
  readonly warnings: readonly Problem[];
}
