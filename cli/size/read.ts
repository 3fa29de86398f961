import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { modelProblems } from "../../components/plan/base-model";
import { findBaseModel, type ModelDimensions } from "../../components/plan/catalogue/base-models";
import { GPU_PRICES } from "../../components/plan/catalogue/gpu-sizes";
import { nameOf, readModelConfig } from "../../components/plan/model-config";
import { METHODS, type Recipe } from "../../components/plan/recipe";
import { refusal } from "../../components/plan/refuse";
import { QUANTIZATIONS } from "../../components/plan/sizing/memory/quantization";
import { ATTENTION_KERNELS, type Constraints, ENGINES, LOSS_KERNELS, OPTIMIZERS, PRECISIONS } from "../../components/plan/sizing/right-size/constraints";
import { oneOf } from "../../components/plan/spelling";
import { UsageError } from "../command";
import { readPriceFile } from "../prices/price-file";
import type { FLAGS, Given } from "./options";

type TextOption = Exclude<keyof Given, keyof typeof FLAGS>;

/** The recipe that the options and their file say. */
export function recipeFrom(given: Given): Recipe {
  const file: Partial<Recipe> = withFile(given.recipe, "recipe", recipeIn) ?? {};
  const method = choice(given, "method", METHODS) ?? file.method;
  const sequenceLength = number(given, "sequence-length") ?? file.sequenceLength;
  const model = modelFrom(given) ?? (typeof file.model === "string" ? catalogued(file.model) : file.model);
  if (model === undefined || method === undefined || sequenceLength === undefined) {
    throw new UsageError("--method, --sequence-length and one of --model and --config are needed; aks-fine-tuning size --help lists the options");
  }
  const lora = { ...file.lora, ...known({ rank: number(given, "rank"), dropout: number(given, "dropout"), targets: given.target }) };
  return {
    ...file,
    ...known({
      quantization: choice(given, "quantization", QUANTIZATIONS),
      globalBatch: number(given, "global-batch"),
      epochs: number(given, "epochs"),
      packing: given.packing,
      kbitPreparation: given["kbit-preparation"],
    }),
    ...(Object.keys(lora).length > 0 ? { lora: lora as Recipe["lora"] } : {}),
    model,
    method,
    sequenceLength,
  };
}

function recipeIn(content: string): Partial<Recipe> {
  const recipe = parse(content) as unknown;
  if (typeof recipe !== "object" || recipe === null || Array.isArray(recipe)) throw new TypeError("it holds no mapping of a recipe's members");
  return recipe;
}

/** The constraints that the options say. */
export function constraintsFrom(given: Given): Constraints {
  const trainer = known({
    lossKernel: choice(given, "loss-kernel", LOSS_KERNELS),
    attention: choice(given, "attention", ATTENTION_KERNELS),
    precision: choice(given, "precision", PRECISIONS),
    optimizer: choice(given, "optimizer", OPTIMIZERS),
  });
  return {
    location: text(given, "location") ?? GPU_PRICES.region,
    priority: given.spot === true ? "Spot" : "Regular",
    ...known({
      engine: choice(given, "engine", ENGINES),
      families: given.family as Constraints["families"],
      sizes: given.size as Constraints["sizes"],
      maxNodes: number(given, "max-nodes"),
      maxGpus: number(given, "max-gpus"),
      maxHourlyUsd: number(given, "max-hourly-usd"),
      maxTotalUsd: number(given, "max-total-usd"),
      deadlineHours: number(given, "deadline-hours"),
      rows: number(given, "rows"),
      tokensPerRow: number(given, "tokens-per-row"),
      prices: given.prices === undefined ? undefined : readPriceFile(String(given.prices)),
    }),
    ...(Object.keys(trainer).length > 0 ? { trainer } : {}),
  };
}

/** What was said; nothing stands for itself. */
function known<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Values>;
}

function modelFrom(given: Given): Recipe["model"] | undefined {
  if (given.model !== undefined && given.config !== undefined) throw new UsageError("give either --model or --config");
  const config = withFile(given.config, "config", (content) => JSON.parse(content) as unknown);
  if (config !== undefined) return fromConfig(config, String(given.config));
  const name = text(given, "model");
  return name === undefined ? undefined : catalogued(name);
}

/** A `config.json`; its name is the `_name_or_path` in it, else the path of the file. */
function fromConfig(config: unknown, file: string): ModelDimensions {
  return readModelConfig(config, nameOf(config) ?? file);
}

function catalogued(name: string): Recipe["model"] {
  const found = findBaseModel(name);
  if (found !== undefined) return found;
  throw refusal("The recipe", modelProblems(name, "give --config with its config.json"));
}

function withFile<Content>(file: Given[TextOption], option: string, read: (text: string) => Content): Content | undefined {
  if (file === undefined) return undefined;
  const name = String(file);
  try {
    return read(readFileSync(name, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--${option} ${name}: ${existsSync(name) ? `cannot be read: ${why}` : "no such file"}`);
  }
}

function text(given: Given, option: TextOption): string | undefined {
  const value = given[option];
  return typeof value === "string" ? value : undefined;
}

function choice<Word extends string>(given: Given, option: TextOption, words: readonly Word[]): Word | undefined {
  const word = text(given, option);
  if (word === undefined) return undefined;
  const found = words.find((each) => each === word);
  if (found === undefined) throw new UsageError(`--${option} ${word}: ${oneOf(word, words)}`);
  return found;
}

/** A number; what it may be is the rule of the recipe or of the constraints. */
function number(given: Given, option: TextOption): number | undefined {
  const value = text(given, option);
  if (value === undefined) return undefined;
  if (value.trim() === "" || !Number.isFinite(Number(value))) throw new UsageError(`--${option} ${value}: is no number`);
  return Number(value);
}
