import type * as pulumi from "@pulumi/pulumi";
import type { Login, Recipe } from "../../components";
import { DEFAULT_ENVIRONMENT, type Environment, ENVIRONMENTS } from "../../components/plan/environment";
import type { Problem } from "../../components/plan/refuse";
import { choiceProblems } from "../../components/plan/spelling";
import { type Tags, tagProblems } from "../../components/plan/tags";
import { argumentsOf, type ClusterSettings, type ExistingNetwork, type KaitoSettings, type NetworkSettings, type RegistrySettings } from "./component-arguments";
import { missing, objectAt, objectProblems, textAt } from "./keys";
import { type PoolSettings, readPools } from "./pools";

export interface PlatformSettings {
  readonly environment: Environment;
  readonly location: string;
  /** Name in Azure; undefined lets Pulumi choose one. */
  readonly resourceGroup?: string;
  readonly tags: Tags;
  readonly protect: boolean;
  readonly retainData: boolean;
  readonly deployerType: "User" | "ServicePrincipal";
  /** How kubelogin signs in. */
  readonly login: Login;
  readonly network: NetworkSettings;
  /** A network to use instead of one of the stack's own. */
  readonly existingNetwork?: ExistingNetwork;
  readonly cluster: ClusterSettings;
  readonly registry: RegistrySettings;
  readonly pools: readonly PoolSettings[];
  readonly devicePluginImage?: string;
  readonly metricsExporterImage?: string;
  /** Undefined where the platform has no KAITO. */
  readonly kaito?: KaitoSettings;
  readonly kaitoImage?: string;
  readonly gpuProvisionerImage?: string;
}

export interface ReadPlatform {
  readonly settings: PlatformSettings;
  /** Whether a pool has no size of its own. */
  readonly needsRecipe: boolean;
  readonly problems: readonly Problem[];
}

export function readPlatform(config: pulumi.Config, recipe: Recipe | undefined, login: Login): ReadPlatform {
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
      retainData: config.getBoolean("retainData") ?? true,
      deployerType: config.get("deployerType") === "ServicePrincipal" ? "ServicePrincipal" : "User",
      login,
      network: argumentsOf<NetworkSettings>(config, "network"),
      existingNetwork: existingNetwork(config),
      cluster: argumentsOf<ClusterSettings>(config, "cluster"),
      registry: argumentsOf<RegistrySettings>(config, "registry"),
      pools,
      devicePluginImage: textAt(config, "devicePluginImage"),
      metricsExporterImage: textAt(config, "metricsExporterImage"),
      kaito: kaitoSettings(config),
      kaitoImage: textAt(config, "kaitoImage"),
      gpuProvisionerImage: textAt(config, "gpuProvisionerImage"),
    },
    needsRecipe,
    problems: [
      ...choiceProblems("AKSFT-STACK-12", "environment", environment, ENVIRONMENTS),
      ...objectProblems("tags", config.getObject<unknown>("tags")),
      ...tagProblems("tags", tags),
      ...twoNetworks(config),
      ...problems,
    ],
  };
}

/** An empty object says that nobody set the key; KAITO as it comes is `channel: chart`. */
function kaitoSettings(config: pulumi.Config): KaitoSettings | undefined {
  const kaito = argumentsOf<KaitoSettings>(config, "kaito");
  return Object.keys(kaito).length === 0 ? undefined : kaito;
}

function existingNetwork(config: pulumi.Config): ExistingNetwork | undefined {
  const { nodeSubnetId, ...rest } = argumentsOf<ExistingNetwork>(config, "existingNetwork");
  return nodeSubnetId === undefined ? undefined : { nodeSubnetId, ...rest };
}

/** A network is made here or exists; one that exists is known by the subnet of the nodes. */
function twoNetworks(config: pulumi.Config): Problem[] {
  const existing = objectAt<ExistingNetwork>(config, "existingNetwork");
  if (Object.keys(existing).length === 0) return [];
  if (existing.nodeSubnetId === undefined) return [missing("existingNetwork.nodeSubnetId", "to put nodes into a network that exists")];
  if (Object.keys(objectAt<NetworkSettings>(config, "network")).length === 0) return [];
  const rule = "describes a network to make, and existingNetwork names one that exists";
  return [{ code: "AKSFT-STACK-11", path: "network", got: config.getObject("network"), rule, fix: "remove one of the two" }];
}
