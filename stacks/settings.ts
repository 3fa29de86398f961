import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesVersion, ModelDimensions, Recipe } from "../components";
import { type BaseModelName, isBaseModelName } from "../components/plan/catalogue/base-models";
import { DEFAULT_KUBERNETES_VERSION, isKubernetesVersion, KUBERNETES_VERSIONS } from "../components/plan/catalogue/kubernetes-versions";
import { digestProblems } from "../components/plan/dataset-image";
import { type Problem, refuse } from "../components/plan/refuse";
import { oneOf } from "../components/plan/spelling";

export const LAYERS = ["platform", "tuning", "serving"] as const;
export type Layer = (typeof LAYERS)[number];

export interface PlatformSettings {
  readonly location: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly systemNodes: number;
  readonly deployerType: "User" | "ServicePrincipal";
  readonly spot: boolean;
  readonly maxGpuNodes: number;
  readonly protect: boolean;
  readonly devicePluginImage?: string;
  readonly metricsExporterImage?: string;
}

export interface TuningSettings {
  readonly team: string;
  readonly run: string;
  readonly dataset: string;
  readonly recipe: Recipe;
  readonly weightsImage: string;
  readonly trainerImage: string;
}

export interface ServingSettings {
  readonly servingImage?: string;
}

export interface Settings {
  readonly layers: readonly Layer[];
  readonly platform: PlatformSettings;
  readonly tuning: TuningSettings;
  readonly serving: ServingSettings;
}

/** Keys without which nothing can be tuned; names and defaults of all keys are declared in Pulumi.yaml. */
const NEEDED = ["team", "run", "dataset", "weightsImage", "trainerImage"] as const;

/** The stack's configuration, checked in depth. Every fault is listed at once, each with its key. */
export function readSettings(config: pulumi.Config): Settings {
  const layers = config.getObject<string[]>("layers") ?? [...LAYERS];
  const version = config.get("kubernetesVersion") ?? DEFAULT_KUBERNETES_VERSION;
  const model = config.getObject<Partial<ModelDimensions>>("model");
  const text = (key: (typeof NEEDED)[number]): string => config.get(key) ?? "";
  refuse("The stack's configuration", [
    ...layers.flatMap((layer, index) => layerProblems(layer, index)),
    ...orderProblems(layers),
    ...versionProblems(version),
    ...deployerProblems(config.get("deployerType")),
    ...(layers.includes("tuning") ? NEEDED.filter((key) => text(key) === "").map((key) => missing(key, "by the tuning layer")) : []),
    ...(model?.name ? [] : [missing("model", "to size the GPU pool")]),
    ...(config.getObject("recipe") ? [] : [missing("recipe", "to size the GPU pool")]),
    ...imageKeys(config).flatMap(([key, image]) => digestProblems("AKSFT-STACK-04", key, image)),
  ]);
  return {
    layers: LAYERS.filter((layer) => layers.includes(layer)),
    platform: platformSettings(config, isKubernetesVersion(version) ? version : DEFAULT_KUBERNETES_VERSION),
    tuning: {
      team: text("team"),
      run: text("run"),
      dataset: fromProject(text("dataset")),
      weightsImage: text("weightsImage"),
      trainerImage: text("trainerImage"),
      recipe: { ...config.requireObject<Omit<Recipe, "model">>("recipe"), model: modelOf(config) },
    },
    serving: { servingImage: config.get("servingImage") },
  };
}

/** Paths in configuration start at the project's folder; Pulumi runs the program in this one. */
function fromProject(file: string): string {
  return path.relative(process.cwd(), path.resolve(__dirname, "..", file));
}

function platformSettings(config: pulumi.Config, kubernetesVersion: KubernetesVersion): PlatformSettings {
  return {
    kubernetesVersion,
    location: config.get("location") ?? "eastus",
    systemNodes: config.getNumber("systemNodes") ?? 1,
    deployerType: config.get("deployerType") === "ServicePrincipal" ? "ServicePrincipal" : "User",
    spot: config.getBoolean("spot") ?? true,
    maxGpuNodes: config.getNumber("maxGpuNodes") ?? 2,
    protect: config.getBoolean("protect") ?? false,
    devicePluginImage: config.get("devicePluginImage"),
    metricsExporterImage: config.get("metricsExporterImage"),
  };
}

/** A name alone is looked up in the catalogue; with dimensions it is an unlisted model. */
function modelOf(config: pulumi.Config): BaseModelName | ModelDimensions {
  const model = config.requireObject<ModelDimensions>("model");
  return Object.keys(model).length === 1 && isBaseModelName(model.name) ? model.name : model;
}

function imageKeys(config: pulumi.Config): (readonly [string, string])[] {
  const keys = ["weightsImage", "trainerImage", "servingImage", "devicePluginImage", "metricsExporterImage"];
  return keys.flatMap((key) => {
    const image = config.get(key);
    return image ? [[key, image] as const] : [];
  });
}

function layerProblems(layer: string, index: number): Problem[] {
  const known: readonly string[] = LAYERS;
  if (known.includes(layer)) return [];
  return [
    { code: "AKSFT-STACK-01", path: `layers[${index}]`, got: layer, rule: `is none of ${LAYERS.join(", ")}`, fix: oneOf(layer, LAYERS) },
  ];
}

/** A layer builds on the ones before it, in the same stack. */
function orderProblems(layers: readonly string[]): Problem[] {
  const absent = LAYERS.filter((layer, index) => !layers.includes(layer) && LAYERS.slice(index + 1).some((later) => layers.includes(later)));
  return absent.map((layer) => ({
    code: "AKSFT-STACK-06",
    path: "layers",
    got: layers,
    rule: `lacks ${layer}, which the layers after it build on`,
    fix: `add ${layer}`,
  }));
}

function versionProblems(version: string): Problem[] {
  if (isKubernetesVersion(version)) return [];
  const known = Object.keys(KUBERNETES_VERSIONS);
  return [
    { code: "AKSFT-STACK-02", path: "kubernetesVersion", got: version, rule: `AKS supports ${known.join(", ")}`, fix: oneOf(version, known) },
  ];
}

function deployerProblems(type: string | undefined): Problem[] {
  if (type === undefined || type === "User" || type === "ServicePrincipal") return [];
  const known = ["User", "ServicePrincipal"];
  return [{ code: "AKSFT-STACK-05", path: "deployerType", got: type, rule: `is none of ${known.join(", ")}`, fix: oneOf(type, known) }];
}

function missing(key: string, what: string): Problem {
  return {
    code: "AKSFT-STACK-03",
    path: key,
    got: undefined,
    rule: `is needed ${what} and has no default`,
    fix: `set it in the stack's file, Pulumi.STACK.yaml, as aks-fine-tuning:${key}`,
  };
}
