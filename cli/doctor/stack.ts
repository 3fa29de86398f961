import { existsSync } from "node:fs";
import * as path from "node:path";
import { type ClusterDecisions, type ClusterPlan, planCluster } from "../../components/plan/cluster";
import { digestProblems } from "../../components/plan/dataset-image";
import { DEFAULT_ENVIRONMENT, type Environment, ENVIRONMENTS } from "../../components/plan/environment";
import type { LivePool } from "../../components/plan/live/sizes";
import { regionName } from "../../components/plan/prices";
import { problemsOf } from "../../components/plan/refuse";
import { UsageError } from "../command";
import { objectOf, openStackFile, type StackFile } from "../stack-file";
import { type ConfigurationProblem, configurationProblem, type Deployment, defaultProviders, platformProviders, WORKLOAD_PROVIDERS } from "./deployment";
import { poolsOf } from "./stack-pools";

const LAYERS = ["platform", "tuning", "serving"] as const;
/** Keys without which nothing can be tuned, and an example of each. */
const NEEDED = {
  team: "support",
  run: "tickets",
  dataset: "data/tickets.jsonl",
  weightsImage: "REGISTRY/models/NAME@sha256:…",
  trainerImage: "REGISTRY/trainer@sha256:…",
} as const;
const IMAGE_KEYS = ["weightsImage", "trainerImage", "servingImage", "devicePluginImage", "metricsExporterImage"];

/** What a stack of this project's keys deploys. Throws UsageError for a project with keys of its own. */
export function ofStack(directory: string, stack: string): Deployment {
  const file = openStackFile(directory, stack);
  const layers = file.list("layers");
  if (layers === undefined) {
    throw new UsageError(`${file.file}: the project has no key "layers", so its pools are not known; give --location and --size instead of --stack`);
  }
  const environment = ENVIRONMENTS.find((each) => each === file.value("environment")) ?? DEFAULT_ENVIRONMENT;
  const location = regionName(textOf(file, "location") ?? file.foreign("azure-native:location") ?? "eastus");
  const platform = layers.includes("platform") ? platformOf(file, environment, location) : undefined;
  return {
    stack,
    location,
    subscriptionId: file.foreign("azure-native:subscriptionId"),
    builds: layers.includes("tuning"),
    login: textOf(file, "login") ?? "azurecli",
    pools: platform?.pools ?? [],
    kubernetesVersion: platform?.kubernetesVersion,
    providers: platform?.providers ?? WORKLOAD_PROVIDERS,
    hostEncryption: platform?.hostEncryption ?? false,
    platformStack: platform === undefined ? textOf(file, "platformStack") : undefined,
    passphrase: file.passphrase,
    problems: [...layerProblems(layers, file, stack), ...(layers.includes("tuning") ? neededProblems(file, directory, stack) : []), ...imageProblems(file), ...(platform?.problems ?? [])],
  };
}

type Platform = Pick<Deployment, "pools" | "kubernetesVersion" | "providers" | "hostEncryption" | "problems">;

function platformOf(file: StackFile, environment: Environment, location: string): Platform {
  const decisions: ClusterDecisions = { ...objectOf(file.value("cluster")), environment };
  let plan: ClusterPlan | undefined;
  const problems = problemsOf(() => (plan = planCluster("ai", decisions))).map((problem) => configurationProblem(problem, "cluster"));
  const gpu = poolsOf(file, { environment, location, nodeProvisioning: decisions.nodeProvisioning });
  return {
    pools: [...(plan ? ownPools(plan) : []), ...gpu.pools],
    kubernetesVersion: plan?.givenVersion,
    providers: plan ? platformProviders(plan) : defaultProviders(environment),
    hostEncryption: plan?.encryptionAtHost === true || gpu.hostEncryption,
    problems: [...problems, ...gpu.problems],
  };
}

/** The nodes that a cluster has beside those with GPUs. */
function ownPools({ systemPool, workloadPool }: ClusterPlan): readonly LivePool[] {
  const regular = { priority: "Regular" } as const;
  return [
    { name: "system", size: systemPool.vmSize, nodes: systemPool.nodes, zones: systemPool.zones, ...regular },
    ...(workloadPool ? [{ name: "workload", size: workloadPool.vmSize, nodes: workloadPool.maxNodes, zones: workloadPool.zones, ...regular }] : []),
  ];
}

function layerProblems(layers: readonly string[], file: StackFile, stack: string): ConfigurationProblem[] {
  const unknown = layers.filter((layer) => !LAYERS.some((known) => known === layer));
  const words = unknown.map((layer) => ({ path: "layers", rule: `${layer} is none of ${LAYERS.join(", ")}`, fix: "write one of them" }));
  if (layers.includes("platform") || textOf(file, "platformStack") !== undefined) return words;
  return [...words, { path: "platformStack", rule: "is needed where layers has no platform", fix: `pulumi config set platformStack ORGANIZATION/PROJECT/STACK --stack ${stack}` }];
}

function neededProblems(file: StackFile, directory: string, stack: string): ConfigurationProblem[] {
  const absent = Object.entries(NEEDED).filter(([key]) => file.value(key) === undefined || file.value(key) === "");
  const dataset = textOf(file, "dataset");
  return [
    ...absent.map(([key, example]) => ({ path: key, rule: "is needed by the tuning layer and not set", fix: `pulumi config set ${key} ${example} --stack ${stack}` })),
    ...(["model", "recipe"] as const)
      .filter((key) => Object.keys(objectOf(file.value(key))).length === 0)
      .map((key) => ({ path: key, rule: "is needed by the tuning layer and not set", fix: `write it into ${path.basename(file.file)}; Pulumi.yaml describes it` })),
    ...(dataset === undefined || existsSync(path.resolve(directory, dataset)) ? [] : [{ path: "dataset", rule: `${dataset} does not exist`, fix: "put the file there, or set another path from the project's folder" }]),
  ];
}

function imageProblems(file: StackFile): ConfigurationProblem[] {
  return IMAGE_KEYS.flatMap((key) => {
    const image = textOf(file, key);
    return image === undefined ? [] : digestProblems("AKSFT-STACK-04", key, image).map((problem) => configurationProblem(problem));
  });
}

function textOf(file: StackFile, key: string): string | undefined {
  const value = file.value(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}
