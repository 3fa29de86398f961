import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef, NetworkRef, PoolRef, RegistryRef, TeamRef } from "../../components";
import { EXISTING_POOL } from "../support/references";
import type { Existing } from "./cloud";

/** What a component is given beside the arguments that are drawn: references to what exists, known or, in a preview, not yet. */
export interface World {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly network: NetworkRef;
  readonly registry: RegistryRef;
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
  const resourceGroupName = passed(existing.resourceGroupName);
  const registry = { id: passed(existing.registryId), loginServer: passed("existing12345.azurecr.io") };
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
    network: { nodeSubnetId: passed(existing.subnetId) },
    registry,
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
