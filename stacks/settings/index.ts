import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { GpuSize, Login, Recipe } from "../../components";
import type { Environment } from "../../components/plan/environment";
import type { Problem } from "../../components/plan/refuse";
import { choiceProblems } from "../../components/plan/spelling";
import type { Tags } from "../../components/plan/tags";
import { argumentProblems, argumentsOf, type KaitoServiceSettings, type ServiceSettings, type TeamSettings } from "./component-arguments";
import { engineProblems, runsByKaito, runsItself, sizeAt } from "./engines";
import { imageProblems } from "./images";
import { missing, objectAt, recipeOf, textAt } from "./keys";
import { type Layer, layerProblems, LAYERS } from "./layers";
import { type PlatformSettings, readPlatform } from "./platform";

export interface TuningSettings {
  readonly team: string;
  readonly teamArguments: TeamSettings;
  readonly run: string;
  /** Path from the program's folder. */
  readonly dataset: string;
  readonly recipe: Recipe;
  /** Empty where nothing reads it: KAITO brings weights of its own. */
  readonly weightsImage: string;
  readonly trainerImage: string;
  /** Undefined means the library's own trainer. */
  readonly engine?: "kaito";
  /** Name of the pool that tunes; undefined means the platform's first, and with KAITO none. */
  readonly pool?: string;
  /** Size of the node that KAITO makes. */
  readonly size?: GpuSize;
}

export interface ServingSettings extends ServiceSettings, KaitoServiceSettings {
  readonly servingImage?: string;
  /** Undefined means vLLM by the library itself. */
  readonly engine?: "kaito";
  /** Name of the pool that serves; undefined means the pool that tunes, and with KAITO none. */
  readonly pool?: string;
  /** Size of the nodes that KAITO makes. */
  readonly size?: GpuSize;
}

/** The stack's configuration, and what is wrong with it as far as that shows without asking the components. */
export interface Settings {
  readonly layers: readonly Layer[];
  /** Undefined where the stack holds no platform. */
  readonly platform?: PlatformSettings;
  /** Stack whose platform the workloads of this one use. */
  readonly platformStack?: string;
  /** Undefined where the stack tunes nothing, or lacks the recipe that `problems` then asks for. */
  readonly tuning?: TuningSettings;
  readonly serving?: ServingSettings;
  /** Guard what holds data against deletion. */
  readonly protect: boolean;
  /** Leave what holds data in Azure when the stack is destroyed. */
  readonly retainData: boolean;
  readonly environment: Environment;
  readonly tags: Tags;
  /** How kubelogin signs in. */
  readonly login: Login;
  /** Each with its key. */
  readonly problems: readonly Problem[];
}

/** Keys without which nothing can be tuned; names of all keys are declared in Pulumi.yaml. */
const NEEDED = ["team", "run", "dataset", "trainerImage"] as const;
const DEPLOYERS = ["User", "ServicePrincipal"];
const LOGINS = ["azurecli", "workloadidentity", "spn", "msi"] as const satisfies readonly Login[];

/** Reads every key, checks what concerns more than one component, and refuses nothing: `deploy` lists all problems together. */
export function readSettings(config: pulumi.Config): Settings {
  const layers = config.getObject<string[]>("layers") ?? [...LAYERS];
  const platformStack = textAt(config, "platformStack");
  const tunes = layers.includes("tuning");
  const recipe = recipeOf(config);
  const login = config.get("login") ?? "azurecli";
  const platform = readPlatform(config, recipe, LOGINS.find((known) => known === login) ?? "azurecli");
  return {
    layers: LAYERS.filter((layer) => layers.includes(layer)),
    platform: layers.includes("platform") ? platform.settings : undefined,
    platformStack,
    tuning: tunes && recipe ? tuningSettings(config, recipe) : undefined,
    serving: layers.includes("serving") ? servingSettings(config) : undefined,
    protect: platform.settings.protect,
    retainData: platform.settings.retainData,
    environment: platform.settings.environment,
    tags: platform.settings.tags,
    login: platform.settings.login,
    problems: [
      ...layerProblems(layers, platformStack),
      ...(tunes ? NEEDED.filter((key) => !config.get(key)).map((key) => missing(key, "by the tuning layer")) : []),
      ...weightsMissing(config, layers),
      ...engineProblems(config),
      ...(tunes || platform.needsRecipe ? recipeMissing(config) : []),
      ...choiceProblems("AKSFT-STACK-05", "deployerType", config.get("deployerType"), DEPLOYERS),
      ...choiceProblems("AKSFT-STACK-15", "login", login, LOGINS),
      ...(layers.length === 0 ? [missing("layers", "to know what this stack holds")] : []),
      ...platform.problems,
      ...argumentProblems(config),
      ...imageProblems(config),
    ],
  };
}

function tuningSettings(config: pulumi.Config, recipe: Recipe): TuningSettings {
  const text = (key: (typeof NEEDED)[number] | "weightsImage"): string => config.get(key) ?? "";
  return {
    team: text("team"),
    teamArguments: argumentsOf<TeamSettings>(config, "teamArguments"),
    run: text("run"),
    dataset: fromProject(text("dataset")),
    weightsImage: text("weightsImage"),
    trainerImage: text("trainerImage"),
    recipe,
    pool: textAt(config, "tuningPool"),
    ...(runsByKaito(config, "tuning") ? { engine: "kaito", size: sizeAt(config, "tuning") } : {}),
  };
}

function servingSettings(config: pulumi.Config): ServingSettings {
  const service = { ...argumentsOf<ServiceSettings & KaitoServiceSettings>(config, "service"), servingImage: textAt(config, "servingImage") };
  const pool = textAt(config, "servingPool");
  if (!runsByKaito(config, "serving")) return { ...service, pool: pool ?? textAt(config, "tuningPool") };
  const usual = pool === undefined ? sizeAt(config, "tuning") : undefined;
  return { ...service, engine: "kaito", pool, size: sizeAt(config, "serving") ?? usual };
}

/** The library's own engines mount the base model's files; KAITO brings its own. */
function weightsMissing(config: pulumi.Config, layers: readonly string[]): Problem[] {
  const layer = (["tuning", "serving"] as const).find((each) => layers.includes(each) && runsItself(config, each));
  return layer === undefined || config.get("weightsImage") ? [] : [missing("weightsImage", `by the ${layer} layer`)];
}

function recipeMissing(config: pulumi.Config): Problem[] {
  const model = objectAt<{ readonly name: string }>(config, "model");
  return [
    ...(model.name ? [] : [missing("model", "to size the GPU pool")]),
    ...(Object.keys(objectAt(config, "recipe")).length > 0 ? [] : [missing("recipe", "to size the GPU pool")]),
  ];
}

/** Paths in configuration start at the project's folder; Pulumi runs the program in its `stacks`. */
function fromProject(file: string): string {
  return path.relative(process.cwd(), path.resolve(__dirname, "..", "..", file));
}
