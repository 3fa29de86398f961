import type * as pulumi from "@pulumi/pulumi";
import type { Recipe } from "../../components";
import { DEFAULT_ENVIRONMENT, type Environment, ENVIRONMENTS } from "../../components/plan/environment";
import type { Problem } from "../../components/plan/refuse";
import { type Tags, tagProblems } from "../../components/plan/tags";
import { argumentsOf, type ClusterSettings, type NetworkSettings, type RegistrySettings } from "./component-arguments";
import { choiceProblems, objectAt, objectProblems } from "./keys";
import { type PoolSettings, readPools } from "./pools";

export interface PlatformSettings {
  readonly environment: Environment;
  readonly location: string;
  /** Name in Azure; undefined lets Pulumi choose one. */
  readonly resourceGroup?: string;
  readonly tags: Tags;
  readonly protect: boolean;
  readonly deployerType: "User" | "ServicePrincipal";
  readonly network: NetworkSettings;
  readonly cluster: ClusterSettings;
  /** Key of the configuration that an argument of the cluster came from. */
  readonly clusterKey: (path: string) => string;
  readonly registry: RegistrySettings;
  readonly pools: readonly PoolSettings[];
  readonly devicePluginImage?: string;
  readonly metricsExporterImage?: string;
}

export interface ReadPlatform {
  readonly settings: PlatformSettings;
  /** Whether a pool has no size of its own. */
  readonly needsRecipe: boolean;
  readonly problems: readonly Problem[];
}

export function readPlatform(config: pulumi.Config, recipe: Recipe | undefined): ReadPlatform {
  const environment = config.get<Environment>("environment") ?? DEFAULT_ENVIRONMENT;
  const location = config.get("location") ?? "eastus";
  const tags = objectAt<Record<string, string>>(config, "tags") as Tags;
  const { pools, needsRecipe, problems } = readPools(config, location, recipe);
  return {
    settings: {
      environment,
      location,
      resourceGroup: config.get("resourceGroup"),
      tags,
      protect: config.getBoolean("protect") ?? environment === "production",
      deployerType: config.get("deployerType") === "ServicePrincipal" ? "ServicePrincipal" : "User",
      network: argumentsOf<NetworkSettings>(config, "network"),
      ...clusterSettings(config),
      registry: argumentsOf<RegistrySettings>(config, "registry"),
      pools,
      devicePluginImage: config.get("devicePluginImage"),
      metricsExporterImage: config.get("metricsExporterImage"),
    },
    needsRecipe,
    problems: [
      ...choiceProblems("AKSFT-STACK-12", "environment", environment, ENVIRONMENTS),
      ...objectProblems("tags", config.getObject<unknown>("tags")),
      ...tagProblems("tags", tags),
      ...problems,
    ],
  };
}

/** Two arguments that differ between most environments have keys of their own; the component's key has the last word. */
function clusterSettings(config: pulumi.Config): Pick<PlatformSettings, "cluster" | "clusterKey"> {
  const given = argumentsOf<ClusterSettings>(config, "cluster");
  const nodes = config.getNumber("systemNodes");
  const kubernetesVersion = config.get<NonNullable<ClusterSettings["kubernetesVersion"]>>("kubernetesVersion");
  const short: Readonly<Record<string, string>> = {
    ...(given.kubernetesVersion === undefined && kubernetesVersion !== undefined ? { kubernetesVersion: "kubernetesVersion" } : {}),
    ...(given.systemPool?.nodes === undefined && nodes !== undefined ? { "systemPool.nodes": "systemNodes" } : {}),
  };
  const cluster = {
    ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
    ...given,
    ...(nodes === undefined ? {} : { systemPool: { nodes, ...given.systemPool } }),
  };
  return { cluster, clusterKey: (path) => short[path] ?? `cluster.${path}` };
}
