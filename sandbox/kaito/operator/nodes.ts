import type { Pool } from "../../cluster/nodes/azure-state";
import { SIMULATED } from "../marks";
import type { Installed } from "./installed";
import { hasLabels, type Labels, type Node, type NodeClaim, type StaticNodePool, secondsSince, type Workspace } from "./objects";
import type { KnownSettings } from "./settings";

const SIZE = "node.kubernetes.io/instance-type";
const NODE_POOL = "karpenter.sh/nodepool";
const OF_KARPENTER = "karpenter.kaito.sh/workspace-name";

/** https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/labels.go: what a selector says of these is ignored. */
export function usableLabels({ resource }: Workspace): Labels {
  const entries = Object.entries(resource.labelSelector.matchLabels ?? {});
  return Object.fromEntries(entries.filter(([key]) => !/^(kaito\.sh\/(workspace|ragengine)(namespace|name)?|karpenter\.kaito\.sh\/.*)$/.test(key)));
}

/** Labels of a Workspace's own nodes, beside those of its selector. */
export function markOf({ metadata }: Workspace, { version, provisioner }: Installed): Labels {
  const { name, namespace } = metadata;
  if (provisioner === "karpenter") return { [OF_KARPENTER]: name, "karpenter.kaito.sh/workspace-namespace": namespace };
  // Before https://github.com/kaito-project/kaito/pull/2201 any node with the selector's labels was a Workspace's.
  return provisioner === "byo" || version === "0.6" ? {} : { "kaito.sh/workspace": name, "kaito.sh/workspacenamespace": namespace };
}

/** Nodes that count for a Workspace: its own, of the size that it asks for; where nobody makes nodes, whatever has the labels. */
export function nodesOf(workspace: Workspace, nodes: readonly Node[], how: Installed): readonly Node[] {
  const size: Labels = how.provisioner === "byo" || workspace.resource.instanceType === undefined ? {} : { [SIZE]: workspace.resource.instanceType };
  const wanted = { ...usableLabels(workspace), ...(how.provisioner === "karpenter" ? {} : markOf(workspace, how)), ...size };
  return nodes.filter(({ metadata }) => metadata.deletionTimestamp === undefined && hasLabels(metadata.labels, wanted));
}

export function isReady({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
}

/** Somebody's own pool, counted instead of a NodeClaim: https://github.com/kaito-project/kaito/pull/2161 */
export function isOwn({ metadata }: Node): boolean {
  return metadata.labels?.[NODE_POOL] === undefined;
}

export function claimsOf({ metadata }: Workspace, claims: readonly NodeClaim[]): readonly NodeClaim[] {
  return claims.filter((claim) => hasLabels(claim.metadata.labels, { "kaito.sh/workspace": metadata.name, "kaito.sh/workspacenamespace": metadata.namespace }));
}

const TAINTS = [{ key: "sku", value: "gpu", effect: "NoSchedule" }];
const nodeClassRef = (name: string) => ({ group: "karpenter.azure.com", kind: "AKSNodeClass", name });

/** https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/utils/nodeclaim/nodeclaim.go; `suffix` is nine hexadecimal digits. */
export function nodeClaim(workspace: Workspace, suffix: string): object {
  const { name, namespace } = workspace.metadata;
  const one = (key: string, value: string) => ({ key, operator: "In", values: [value] });
  const size = workspace.resource.instanceType ?? "";
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodeClaim",
    metadata: {
      name: `ws${suffix}`,
      labels: { ...usableLabels(workspace), [NODE_POOL]: "kaito", "kaito.sh/workspace": name, "kaito.sh/workspacenamespace": namespace },
      annotations: { "karpenter.sh/do-not-disrupt": "true" },
    },
    spec: {
      nodeClassRef: nodeClassRef("default"),
      requirements: [one(NODE_POOL, "kaito"), one(SIZE, size), one("kubernetes.io/os", "linux"), one("karpenter.azure.com/sku-name", size)],
      resources: { requests: { "ephemeral-storage": workspace.tuning ? "1024Gi" : "300Gi" } },
      taints: TAINTS,
    },
  };
}

export function nodePoolName({ metadata }: Workspace): string {
  return `${metadata.namespace}-${metadata.name}`;
}

export function nodePool(workspace: Workspace, how: Installed, replicas: number): object {
  const requirement = { key: SIZE, operator: "In", values: [workspace.resource.instanceType ?? ""] };
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: nodePoolName(workspace), labels: markOf(workspace, how) },
    spec: {
      replicas,
      disruption: { consolidateAfter: "0s", budgets: [{ nodes: "1", reasons: ["Drifted"] }] },
      template: {
        metadata: { labels: { ...usableLabels(workspace), ...markOf(workspace, how) } },
        spec: { nodeClassRef: nodeClassRef("image-family-ubuntu"), requirements: [requirement], taints: TAINTS },
      },
    },
  };
}

/** Whether a machine that was asked for at that time is there by now. */
function isBought(since: string, settings: KnownSettings, now: number): boolean {
  return !settings.noCapacity && secondsSince(since, now) >= settings.provisioningSeconds;
}

/** One agent pool of one node for each claim, named like it, as the GPU provisioner makes them. Claims that go take their node along. */
export function poolsOfClaims(claims: readonly NodeClaim[], neighbour: Pool, settings: KnownSettings, now: number): readonly Pool[] {
  return claims
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined && isBought(metadata.creationTimestamp, settings, now))
    .map(({ metadata, spec }) => poolLike(neighbour, { name: metadata.name, count: 1, labels: metadata.labels ?? {}, spec }));
}

/** Pools of a fixed count that Karpenter keeps for Workspaces. */
export function poolsOfStaticNodePools(pools: readonly StaticNodePool[], neighbour: Pool, settings: KnownSettings, now: number): readonly Pool[] {
  return pools
    .filter(isStatic)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined && isBought(metadata.creationTimestamp, settings, now))
    .map(({ metadata, spec }) => {
      const labels = { ...spec.template.metadata?.labels, [NODE_POOL]: metadata.name, "karpenter.sh/capacity-type": "on-demand" };
      return poolLike(neighbour, { name: metadata.name, count: spec.replicas ?? 0, labels, spec: spec.template.spec });
    });
}

/** KAITO's, which have their count beforehand; others grow by pods. */
export function isStatic({ spec }: { readonly spec: { readonly template: { readonly metadata?: { readonly labels?: Labels } } } }): boolean {
  return spec.template.metadata?.labels?.[OF_KARPENTER] !== undefined;
}

/** Beside real nodes, the one simulated node that the controllers' pods seem to run on. */
export function placeOfControllers(neighbour: Pool): Pool {
  const asked = { name: "kaitosim", count: 1, labels: {}, spec: { requirements: [], taints: [{ key: SIMULATED, value: "true", effect: "NoSchedule" }] } };
  return { ...poolLike(neighbour, asked), vmSize: "Standard_D4s_v5" };
}

interface Asked {
  readonly name: string;
  readonly count: number;
  readonly labels: Labels;
  readonly spec: NodeClaim["spec"];
}

function poolLike(neighbour: Pool, { name, count, labels, spec }: Asked): Pool {
  const vmSize = spec.requirements.find(({ key }) => key === SIZE)?.values?.[0] ?? "Standard_NC24ads_A100_v4";
  const taints = (spec.taints ?? []).map(({ key, value = "", effect }) => `${key}=${value}:${effect}`);
  const fixed = { count, minCount: count, maxCount: count, autoscaled: false, system: false, spot: false, zones: [], simulated: true };
  return { ...neighbour, ...fixed, id: `${neighbour.clusterId}/kaito/${name}`, name, vmSize, labels, taints };
}
