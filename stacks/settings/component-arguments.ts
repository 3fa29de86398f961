import type * as pulumi from "@pulumi/pulumi";
import type { NetworkRef } from "../../components";
import type { ClusterDecisions } from "../../components/plan/cluster";
import type { NetworkDecisions } from "../../components/plan/network";
import type { Problem } from "../../components/plan/refuse";
import type { RegistryDecisions } from "../../components/plan/registry";
import type { ServingDecisions } from "../../components/plan/serving";
import { unknownKeyProblems } from "../../components/plan/spelling";
import type { TeamDecisions } from "../../components/plan/team";
import { objectAt, objectProblems } from "./keys";

/** Arguments of the components that a stack's file may set, under one key a component; the components' plans check their values. */
export type NetworkSettings = Omit<NetworkDecisions, "environment" | "tags">;
export type ClusterSettings = Omit<ClusterDecisions, "environment" | "tags" | "network">;
export type RegistrySettings = Omit<RegistryDecisions, "environment" | "tags" | "registryName">;
export type TeamSettings = Omit<TeamDecisions, "environment" | "tags" | "protect" | "retainOnDelete">;
export type ServiceSettings = Pick<ServingDecisions, "replicas" | "serveBase" | "maxModelLength" | "clients">;
/** A network that exists, as its ids. */
export type ExistingNetwork = pulumi.UnwrappedObject<NetworkRef>;

/** Every key of a type, so that the compiler asks for one that a component has learnt. */
type Keys<Settings> = Readonly<Record<keyof Required<Settings>, true>>;

const NETWORK: Keys<NetworkSettings> = {
  addressSpace: true,
  nodeRange: true,
  privateEndpoints: true,
  privateEndpointRange: true,
  privateZones: true,
  peerRanges: true,
  podRange: true,
  serviceRange: true,
  securityGroups: true,
};
const CLUSTER: Keys<ClusterSettings> = {
  kubernetesVersion: true,
  asOf: true,
  dnsPrefix: true,
  tier: true,
  supportPlan: true,
  authorizedIpRanges: true,
  privateApiServer: true,
  upgrades: true,
  systemPool: true,
  workloadPool: true,
  nodeProvisioning: true,
  autoscaler: true,
  monitoring: true,
  addOns: true,
  encryption: true,
  identity: true,
  podRange: true,
  serviceRange: true,
  dnsServiceIp: true,
};
const REGISTRY: Keys<RegistrySettings> = {
  sku: true,
  publicNetwork: true,
  allowedIpRanges: true,
  zoneRedundant: true,
  untaggedRetentionDays: true,
  exportAllowed: true,
  replicas: true,
  purge: true,
  pullPrefix: true,
};
const TEAM: Keys<TeamSettings> = {
  maxGpus: true,
  quota: true,
  containers: true,
  allowedEgress: true,
  egressNames: true,
  checkpointsGiB: true,
  zoneRedundant: true,
  encryptInTransit: true,
  softDeleteDays: true,
  labels: true,
  pushers: true,
  podSecurity: true,
};
const SERVICE: Keys<ServiceSettings> = { replicas: true, serveBase: true, maxModelLength: true, clients: true };
const EXISTING_NETWORK: Keys<ExistingNetwork> = { nodeSubnetId: true, nodeRange: true, egress: true, egressAddress: true, privateEndpoints: true };

const ARGUMENTS = {
  network: NETWORK,
  existingNetwork: EXISTING_NETWORK,
  cluster: CLUSTER,
  registry: REGISTRY,
  teamArguments: TEAM,
  service: SERVICE,
} as const;

export type ComponentKey = keyof typeof ARGUMENTS;

/** What the file sets of one component. */
export function argumentsOf<Settings extends object>(config: pulumi.Config, key: ComponentKey): Partial<Settings> {
  return objectAt<Settings>(config, key);
}

/** Keys that are no objects, and arguments that no component reads. */
export function argumentProblems(config: pulumi.Config): Problem[] {
  return (Object.keys(ARGUMENTS) as ComponentKey[]).flatMap((key) => [
    ...objectProblems(key, config.getObject<unknown>(key)),
    ...unknownKeyProblems("AKSFT-STACK-07", key, objectAt<object>(config, key), Object.keys(ARGUMENTS[key])),
  ]);
}
