import { type AzureState, type Pool, poolsOf, provisionsNodes } from "./azure-state";
import type { KubernetesClient } from "../client";
import { isStatic } from "../../kaito/operator/nodes";
import { KARPENTER_DEFINITIONS } from "./karpenter-definitions";
import { capacityOf, GPU_RESOURCE } from "./node-template";

/** Karpenter's NodePool as far as nodes depend on it. */
export interface NodePool {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec: {
        readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
        readonly requirements: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
      };
    };
    readonly limits?: Readonly<Record<string, string | number>>;
  };
}

/** Makes a cluster with node auto-provisioning know its kinds; a cluster without it knows none of them, as on Azure. */
export async function declareKarpenter(client: KubernetesClient, state: AzureState | undefined): Promise<void> {
  if (!provisionsNodes(state)) return;
  for (const definition of KARPENTER_DEFINITIONS) {
    await client.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  }
}

/** The pools that nodes are provisioned for, beside those that Azure knows. */
export async function provisionedPools(client: KubernetesClient, state: AzureState | undefined): Promise<readonly Pool[]> {
  const [neighbour] = poolsOf(state);
  if (!provisionsNodes(state) || neighbour === undefined) return [];
  const list = await client.find<{ readonly items: readonly NodePool[] }>("/apis/karpenter.sh/v1/nodepools");
  return (list?.items ?? []).filter((nodePool) => !isStatic(nodePool)).flatMap((nodePool) => poolOf(nodePool, neighbour));
}

/** One size of each NodePool, grown like a pool with an autoscaler: Karpenter's choice among several is not played. */
export function poolOf({ metadata, spec }: NodePool, neighbour: Pool): readonly Pool[] {
  const [vmSize] = valuesOf(spec, "karpenter.azure.com/sku-name");
  if (vmSize === undefined) return [];
  const [capacityType = "on-demand"] = valuesOf(spec, "karpenter.sh/capacity-type");
  const { name } = metadata;
  return [
    {
      ...neighbour,
      id: `${neighbour.clusterId}/nodePools/${name}`,
      name,
      vmSize,
      system: false,
      // The label says so; the taint is AKS's on agent pools alone.
      spot: false,
      autoscaled: true,
      count: 0,
      minCount: 0,
      maxCount: mostNodes(vmSize, spec.limits ?? {}),
      labels: { ...spec.template.metadata?.labels, "karpenter.sh/nodepool": name, "karpenter.sh/capacity-type": capacityType },
      taints: (spec.template.spec.taints ?? []).map(({ key, value = "", effect }) => `${key}=${value}:${effect}`),
      zones: [],
    },
  ];
}

function valuesOf({ template }: NodePool["spec"], key: string): readonly string[] {
  return template.spec.requirements.find((requirement) => requirement.key === key && requirement.operator === "In")?.values ?? [];
}

function mostNodes(vmSize: string, limits: Readonly<Record<string, string | number>>): number {
  const capacity = capacityOf(vmSize);
  const counts = ["cpu", GPU_RESOURCE].map((resource) => Number(limits[resource] ?? Infinity) / (capacity[resource] ?? 1));
  return Math.floor(Math.min(1000, ...counts));
}
