import type * as pulumi from "@pulumi/pulumi";
import type { ClusterDecisions } from "../../components/plan/cluster";
import type { NetworkDecisions } from "../../components/plan/network";
import type { Problem } from "../../components/plan/refuse";
import type { RegistryDecisions } from "../../components/plan/registry";
import type { ServingDecisions } from "../../components/plan/serving";
import { unknownKeyProblems } from "../../components/plan/spelling";
import { objectAt, objectProblems } from "./keys";

/** Arguments of the components that a stack's file may set, under one key a component; the components' plans check their values. */
export type NetworkSettings = NetworkDecisions;
export type ClusterSettings = ClusterDecisions;
export type RegistrySettings = Omit<RegistryDecisions, "registryName">;
export type ServiceSettings = Pick<ServingDecisions, "replicas" | "serveBase" | "maxModelLength">;

const ARGUMENTS = {
  network: ["addressSpace", "nodeRange"] satisfies readonly (keyof NetworkSettings)[],
  cluster: ["kubernetesVersion", "systemPool", "tier", "authorizedIpRanges"] satisfies readonly (keyof ClusterSettings)[],
  registry: ["sku"] satisfies readonly (keyof RegistrySettings)[],
  service: ["replicas", "serveBase", "maxModelLength"] satisfies readonly (keyof ServiceSettings)[],
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
    ...unknownKeyProblems("AKSFT-STACK-07", key, objectAt<object>(config, key), ARGUMENTS[key]),
  ]);
}
