import type * as pulumi from "@pulumi/pulumi";
import type { Recipe } from "../../components";
import { DEFAULT_ENVIRONMENT, type Environment, ENVIRONMENTS } from "../../components/plan/environment";
import type { Problem } from "../../components/plan/refuse";
import { type Tags, tagProblems } from "../../components/plan/tags";
import { argumentsOf, type ClusterSettings, type NetworkSettings, type RegistrySettings } from "./component-arguments";
import { choiceProblems, objectAt, objectProblems, textAt } from "./keys";
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
      resourceGroup: textAt(config, "resourceGroup"),
      tags,
      protect: config.getBoolean("protect") ?? true,
      deployerType: config.get("deployerType") === "ServicePrincipal" ? "ServicePrincipal" : "User",
      network: argumentsOf<NetworkSettings>(config, "network"),
      cluster: argumentsOf<ClusterSettings>(config, "cluster"),
      registry: argumentsOf<RegistrySettings>(config, "registry"),
      pools,
      devicePluginImage: textAt(config, "devicePluginImage"),
      metricsExporterImage: textAt(config, "metricsExporterImage"),
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
