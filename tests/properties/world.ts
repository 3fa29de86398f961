import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { CheckpointsShareRef, ClusterRef, IdentityRef, NetworkRef, PoolRef, PushIdentityRef, RegistryRef, TeamRef, WorkspaceRef } from "../../components";
import { EXISTING_POOL } from "../support/references";
import type { Existing } from "./cloud";

/**
 * Networks that exist: one of which the nodes' subnet alone is known, one with private endpoints and their zones, and one that a hub's
 * firewall and name servers serve.
 */
export const NETWORKS = ["bare", "private", "hub"] as const;
export type NetworkKind = (typeof NETWORKS)[number];

/** What a component is given beside the arguments that are drawn: references to what exists, known or, in a preview, not yet. */
export interface World {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly registry: RegistryRef;
  readonly identity: IdentityRef & PushIdentityRef;
  readonly logs: WorkspaceRef;
  readonly metrics: WorkspaceRef;
  readonly share: CheckpointsShareRef;
  network(kind: NetworkKind): NetworkRef;
  cluster(changes?: Partial<ClusterRef>): ClusterRef;
  team(): TeamRef;
  pool(changes?: Partial<PoolRef>): PoolRef;
  /** A value that is only passed on: as it is, or unknown. */
  passed<T>(value: T): pulumi.Input<T>;
}

/** Name of the provider that a world brings along and no component registers. */
export const WORLD_PROVIDER = "world";

export function worldOf(existing: Existing, known: boolean): World {
  const passed = <T>(value: T): pulumi.Input<T> => (known ? value : (pulumi.output(pulumi.unknown) as unknown as pulumi.Output<T>));
  const allPassed = <T extends object>(values: T): { readonly [K in keyof T]: pulumi.Input<T[K]> } =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, passed(value)])) as { readonly [K in keyof T]: pulumi.Input<T[K]> };
  const resourceGroupName = passed(existing.resourceGroupName);
  const registry = allPassed({ id: existing.registryId, loginServer: "existing12345.azurecr.io" });
  const cluster = (changes: Partial<ClusterRef> = {}): ClusterRef => ({
    id: passed(existing.clusterId),
    clusterName: passed(existing.clusterName),
    resourceGroupName,
    nodeSubnetId: passed(existing.subnetId),
    oidcIssuerUrl: passed(existing.oidcIssuerUrl),
    kubeletObjectId: passed(existing.kubeletObjectId),
    kubernetesVersion: "1.36",
    provider: new Provider(WORLD_PROVIDER, { kubeconfig: "{}" }),
    ...changes,
  });
  return {
    resourceGroupName,
    registry,
    identity: { ...allPassed(existing.identity), resourceGroupName },
    logs: { id: passed(existing.logsId) },
    metrics: { id: passed(existing.metricsId), location: passed("eastus") },
    share: allPassed(existing.share),
    network: (kind) => networkOf(existing, passed, kind),
    cluster,
    team: () => ({
      namespace: "support",
      tuningServiceAccount: passed("tuning"),
      servingServiceAccount: passed("serving"),
      checkpointsClaim: passed("checkpoints"),
      adapters: registry,
      cluster: cluster(),
    }),
    pool: (changes = {}) => ({ ...EXISTING_POOL, ...changes }),
    passed,
  };
}

function networkOf({ subnetId, endpoints }: Existing, passed: World["passed"], kind: NetworkKind): NetworkRef {
  const nodeSubnetId = passed(subnetId);
  if (kind === "bare") return { nodeSubnetId };
  const zones = Object.fromEntries(Object.entries(endpoints.zones).map(([zone, id]) => [zone, passed(id)]));
  const subnet = { subnetId: passed(endpoints.subnetId), range: "10.200.16.0/24" };
  const nodes = { nodeSubnetId, nodeRange: "10.200.0.0/20" };
  if (kind === "hub") return { ...nodes, egress: "user-defined-routing", privateEndpoints: { ...subnet, zones: {} } };
  return { ...nodes, egress: "nat-gateway", egressAddress: passed("203.0.113.77"), privateEndpoints: { ...subnet, zones } };
}
