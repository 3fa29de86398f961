import { BASE_MODEL_NAMES } from "../../components/plan/catalogue/base-models";
import { GPU_PRICES } from "../../components/plan/catalogue/gpu-sizes";
import { METHODS } from "../../components/plan/recipe";
import { QUANTIZATIONS } from "../../components/plan/sizing/memory/quantization";
import { ATTENTION_KERNELS, ENGINES, LOSS_KERNELS, OPTIMIZERS, PRECISIONS } from "../../components/plan/sizing/right-size/constraints";

/** An option that takes a value. */
interface Option {
  /** What stands for its value in the help. */
  readonly value: string;
  readonly help: string;
  /** Whether it can be given more than once. */
  readonly multiple?: true;
}

const one = (value: string, help: string): Option => ({ value, help });
const either = (words: readonly string[]) => words.join(", ").replace(/, (?=[^,]*$)/, " or ");
const several = (value: string, help: string): Option => ({ value, help, multiple: true });

/** What determines the run's result, by the names of a recipe. */
export const RECIPE_OPTIONS = {
  model: one("NAME", `one of ${BASE_MODEL_NAMES.length} models, which aks-fine-tuning models lists`),
  config: one("FILE", "config.json of an unlisted model, instead of --model"),
  recipe: one("FILE", "a recipe in YAML or JSON, as a stack has it; options win over it"),
  method: one("METHOD", METHODS.join(", ")),
  quantization: one("NAME", `${QUANTIZATIONS.join(", ")} (default for qlora: nf4-dq)`),
  "sequence-length": one("N", "longest row, in tokens"),
  "global-batch": one("N", "rows per optimizer step (default 16)"),
  epochs: one("N", "passes over the data (default 3)"),
  rank: one("N", "rank of the adapter (default 16)"),
  dropout: one("P", "dropout of the adapter, 0 to 0.99 (default 0.05)"),
  target: several("MODULE", "matrix that gets an adapter, as in PEFT; repeatable (default all-linear)"),
} as const satisfies Record<string, Option>;

/** What the run may cost and where. */
export const CONSTRAINT_OPTIONS = {
  location: one("REGION", `Azure region whose prices are taken where known (default ${GPU_PRICES.region})`),
  family: several("FAMILY", "GPU family to choose from: T4, A10, A100, H100, H200; repeatable"),
  size: several("SIZE", "size to choose from, also without a known price; repeatable"),
  engine: one("ENGINE", `${either(ENGINES)}: what that can do (default: any trainer)`),
  "max-nodes": one("N", "most nodes of the run (default 1)"),
  "max-gpus": one("N", "most GPUs of the run"),
  "max-hourly-usd": one("USD", "most to pay in an hour, for all nodes"),
  "max-total-usd": one("USD", "most to pay for the run"),
  "deadline-hours": one("N", "hours within which the run must end"),
  rows: one("N", "rows of the dataset, for hours and cost (default 1000)"),
  "tokens-per-row": one("N", "mean length of a row, padding included (default the sequence length)"),
  prices: one("FILE", "prices that aks-fine-tuning prices --refresh wrote"),
} as const satisfies Record<string, Option>;

/** How another trainer than the library's own computes. */
export const TRAINER_OPTIONS = {
  "loss-kernel": one("NAME", `${either(LOSS_KERNELS)} (default plain-fp32)`),
  attention: one("NAME", `${either(ATTENTION_KERNELS)} (default sdpa)`),
  precision: one("NAME", `${either(PRECISIONS)} (default mixed, for full pure-16bit)`),
  optimizer: one("NAME", `${either(OPTIMIZERS)} (default adamw)`),
} as const satisfies Record<string, Option>;

export const FLAGS = {
  packing: "several short rows share a sequence",
  "kbit-preparation": "weights that are not quantised are raised to fp32 first",
  spot: "price spot capacity",
  json: "machine-readable",
  help: "this text",
} as const;

const WIDTH = 25;

/** Lines of the help. */
export function optionLines(options: Readonly<Record<string, Option>>): string {
  return Object.entries(options)
    .map(([name, { value, help }]) => `  ${`--${name} ${value}`.padEnd(WIDTH)}${help}`)
    .join("\n");
}

export function flagLines(): string {
  return Object.entries(FLAGS)
    .map(([name, help]) => `  ${`--${name}`.padEnd(WIDTH)}${help}`)
    .join("\n");
}

type Named = keyof typeof RECIPE_OPTIONS | keyof typeof CONSTRAINT_OPTIONS | keyof typeof TRAINER_OPTIONS;
/** Options as they were given: texts, lists of texts, and flags. */
export type Given = { readonly [name in Named]?: string | readonly string[] } & { readonly [flag in keyof typeof FLAGS]?: boolean };

/** The options as `parseArgs` takes them. */
export function parseOptions() {
  const valued = Object.entries<Option>({ ...RECIPE_OPTIONS, ...CONSTRAINT_OPTIONS, ...TRAINER_OPTIONS });
  return {
    ...Object.fromEntries(valued.map(([name, { multiple = false }]) => [name, { type: "string", multiple }] as const)),
    ...Object.fromEntries(Object.keys(FLAGS).map((name) => [name, { type: "boolean" }] as const)),
  };
}
