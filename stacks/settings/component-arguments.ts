import type * as pulumi from "@pulumi/pulumi";
import type { NetworkRef } from "../../components";
import type { ClusterDecisions } from "../../components/plan/cluster";
import type { NetworkDecisions } from "../../components/plan/network";
import type { KaitoOperatorDecisions } from "../../components/plan/kaito/operator/decisions";
import type { KaitoServingDecisions } from "../../components/plan/kaito/serving";
import type { Problem } from "../../components/plan/refuse";
import type { RegistryDecisions } from "../../components/plan/registry";
import type { ServingDecisions } from "../../components/plan/serving";
import { unknownKeyProblems } from "../../components/plan/spelling";
import type { TeamDecisions } from "../../components/plan/team";
import { runsByKaito } from "./engines";
import { objectAt, objectProblems } from "./keys";

/** Arguments of the components that a stack's file may set, under one key a component; the components' plans check their values. */
export type NetworkSettings = Omit<NetworkDecisions, "environment" | "tags">;
export type ClusterSettings = Omit<ClusterDecisions, "environment" | "tags" | "network">;
export type RegistrySettings = Omit<RegistryDecisions, "environment" | "tags" | "registryName">;
export type TeamSettings = Omit<TeamDecisions, "environment" | "tags" | "protect" | "retainOnDelete">;
export type ServiceSettings = Pick<ServingDecisions, "replicas" | "serveBase" | "maxModelLength" | "clients">;
/** What a service that KAITO runs takes beside. */
export type KaitoServiceSettings = Pick<KaitoServingDecisions, "runtime" | "performanceMode" | "accessSecret" | "maxNodes" | "publicLoadBalancer">;
export type KaitoSettings = Omit<KaitoOperatorDecisions, "environment" | "tags"> & { readonly provisionerRoleId?: string };
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
const KAITO_SERVICE: Keys<KaitoServiceSettings> = { runtime: true, performanceMode: true, accessSecret: true, maxNodes: true, publicLoadBalancer: true };
const KAITO: Keys<KaitoSettings> = {
  channel: true,
  version: true,
  nodeProvisioner: true,
  devicePlugin: true,
  featureGates: true,
  featureDiscovery: true,
  localDisks: true,
  presetRegistry: true,
  chartRepository: true,
  memoryMiB: true,
  logLevel: true,
  provisionerRoleId: true,
};
const EXISTING_NETWORK: Keys<ExistingNetwork> = { nodeSubnetId: true, nodeRange: true, egress: true, egressAddress: true, privateEndpoints: true };

const ARGUMENTS = {
  network: NETWORK,
  existingNetwork: EXISTING_NETWORK,
  cluster: CLUSTER,
  kaito: KAITO,
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
    ...unknownKeyProblems("AKSFT-STACK-07", key, objectAt<object>(config, key), knownOf(config, key)),
  ]);
}

/** A service's arguments are those of what runs it. */
function knownOf(config: pulumi.Config, key: ComponentKey): string[] {
  return Object.keys(key === "service" && runsByKaito(config, "serving") ? { ...SERVICE, ...KAITO_SERVICE } : ARGUMENTS[key]);
}
