import type { KaitoFeatureGate } from "../../catalogue/kaito-charts";
import type { KaitoNodeProvisioner } from "../../catalogue/kaito-versions";
import type { NodeProvisioning } from "../../cluster/node-provisioning";
import type { Environment } from "../../environment";
import type { Tags } from "../../tags";

export const KAITO_CHANNELS = ["chart", "add-on"] as const;
/**
 * How KAITO comes into the cluster: as a Helm chart of a chosen version, or as the add-on that AKS runs.
 * @useDeclaredType
 */
export type KaitoChannel = (typeof KAITO_CHANNELS)[number];

export const KAITO_DEVICE_PLUGINS = ["gpu-support", "kaito", "other"] as const;
/**
 * Who brings NVIDIA's device plugin to the nodes that KAITO makes: `GpuSupport` with `kaitoNodes`, KAITO itself, or somebody else.
 * @useDeclaredType
 */
export type KaitoDevicePlugin = (typeof KAITO_DEVICE_PLUGINS)[number];

export const KAITO_LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
/**
 * How much KAITO's controller writes.
 * @useDeclaredType
 */
export type KaitoLogLevel = (typeof KAITO_LOG_LEVELS)[number];

/** What a KAITO is, decided before anything is registered. */
export interface KaitoOperatorDecisions {
  /** "chart" installs a chosen version by Helm; "add-on" takes what AKS runs on a cluster with `addOns.kaito`, which can be told nothing. @default "chart" */
  readonly channel?: KaitoChannel;
  /** Version of KAITO, with or without its patch. Of the add-on it is what its running pods' image says. @default - "0.12" by chart, "0.6" as the add-on */
  readonly version?: string;
  /**
   * What makes the nodes of Workspaces: Karpenter on a cluster with node auto-provisioning, AKS's GPU provisioner on another, or nobody ("byo"),
   * for pools of one's own.
   * @default - "karpenter" with node auto-provisioning, else "azure-gpu-provisioner"
   */
  readonly nodeProvisioner?: KaitoNodeProvisioner;
  /** Decides whether images must be named by digest. @default - the cluster's, else "production" */
  readonly environment?: Environment;
  /**
   * Who brings NVIDIA's device plugin, of which a node takes one. KAITO's own lands on every node of the cluster: with "kaito", `GpuSupport` leaves
   * its plugin out.
   * @default - "gpu-support" by chart; "kaito" as the add-on, which cannot be told not to
   */
  readonly devicePlugin?: KaitoDevicePlugin;
  /** Switches of KAITO's controller that differ from the version's own. @default - as the version has them */
  readonly featureGates?: Readonly<Partial<Record<KaitoFeatureGate, boolean>>>;
  /** Label one's own nodes with what GPUs they have, which "byo" needs; false where NVIDIA's GPU Operator does. @default true */
  readonly featureDiscovery?: boolean;
  /** Volumes on the nodes' local NVMe disks, for weights; brings a privileged daemon to every node. @default true */
  readonly localDisks?: boolean;
  /** Registry and path of a mirror that KAITO's base image and its weights for tuning come from. @default "mcr.microsoft.com/aks/kaito" */
  readonly presetRegistry?: string;
  /** Helm repository (https://…) or registry (oci://…) of a mirror that the charts come from. @default - where KAITO and its provisioner publish them */
  readonly chartRepository?: string;
  /** Memory limit of KAITO's controller, in MiB; the chart's own 128 is little for many Workspaces. @default 512 */
  readonly memoryMiB?: number;
  /** How much the controllers write. @default "error" */
  readonly logLevel?: KaitoLogLevel;
  /** Tags of the provisioner's identity. @default - the library's own alone */
  readonly tags?: Tags;
}

/** What is known of the cluster when a KAITO is planned; a `ClusterRef` has it. */
export interface KaitoSurroundings {
  readonly environment?: Environment;
  readonly nodeProvisioning?: NodeProvisioning;
  readonly kaitoAddOn?: boolean;
  /** Anything at all means that it is known. */
  readonly location?: unknown;
  readonly nodeResourceGroup?: unknown;
}

/** Arguments that are passed on, or replace what the library makes, as far as they are known. */
export interface KaitoOperatorInputs {
  readonly image?: unknown;
  readonly provisionerImage?: unknown;
  readonly provisionerRoleId?: unknown;
  readonly override?: unknown;
}
