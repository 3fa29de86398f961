import { ANY_MODEL, modelProblems } from "./base-model";
import { type BaseModelName, dimensionsOf, type ModelDimensions } from "./catalogue/base-models";
import type { Problem } from "./refuse";
import { impliedQuantization, type Quantization, QUANTIZATIONS } from "./sizing/memory/quantization";
import { choiceProblems, oneOf, unknownKeyProblems } from "./spelling";
import { wholeNumber } from "./whole-number";

export { wholeNumber } from "./whole-number";

/**
 * How the base model is adapted: by a low-rank adapter (arXiv:2106.09685), by one on a quantised base (arXiv:2305.14314), by one whose
 * weights are split into magnitude and direction (arXiv:2402.09353), or by training all of it. The trainer of `TuningJob` does the first two.
 */
export type Method = "lora" | "qlora" | "dora" | "full";
export const METHODS = ["lora", "qlora", "dora", "full"] as const satisfies readonly Method[];

/** Which matrices get an adapter: every linear layer of the blocks, or a list of module names as PEFT takes them. */
export type LoraTargets = "all-linear" | readonly string[];

/** Settings of the low-rank adapter. */
export interface LoraSettings {
  /** Width of the two matrices that are learnt in place of each weight. @default 16 */
  readonly rank?: number;
  /** Scale of the adapter is alpha / rank. @default twice the rank */
  readonly alpha?: number;
  /** Probability, 0 to below 1. @default 0.05 */
  readonly dropout?: number;
  /** Matrices that get an adapter. @default "all-linear" */
  readonly targets?: LoraTargets;
  /** Scale by alpha / sqrt(rank) instead (rsLoRA). @default false */
  readonly rankStabilized?: boolean;
}

/** What determines the result of a tuning run, and nothing else: the hardware it runs on is its shape. */
export interface Recipe {
  /** Base model: a name of the catalogue, or the dimensions of an unlisted one, which `readModelConfig` reads. */
  readonly model: BaseModelName | ModelDimensions;
  /** Commit of the base model's repository. @default - whatever the given weights hold */
  readonly revision?: string;
  /** How weights are tuned. */
  readonly method: Method;
  /** How a qlora base is stored; the trainer of `TuningJob` has NF4 with double quantisation. @default "nf4-dq" */
  readonly quantization?: Quantization;
  /** Whether weights that are not quantised are raised to fp32 first (PEFT's `prepare_model_for_kbit_training`). @default false */
  readonly kbitPreparation?: boolean;
  /** Longest row, in tokens; longer ones are cut. */
  readonly sequenceLength: number;
  /** Rows per optimizer step. @default 16 */
  readonly globalBatch?: number;
  /** Passes over the data. @default 3 */
  readonly epochs?: number;
  /** Step size at its peak. @default 0.0002 */
  readonly learningRate?: number;
  /** The adapter. @default - rank 16 on all linear layers */
  readonly lora?: LoraSettings;
  /** Which tokens the loss counts: those of every assistant turn, of the last one, or all. @default "assistant" */
  readonly loss?: "assistant" | "last-turn" | "all";
  /** Put several short rows into one sequence. @default false */
  readonly packing?: boolean;
  /** Seed of everything random: order of the rows, dropout, the adapter's first values. @default 42 */
  readonly seed?: number;
}

const RECIPE_KEYS = [
  "model", "revision", "method", "quantization", "kbitPreparation", "sequenceLength", "globalBatch", "epochs", "learningRate", "lora", "loss",
  "packing", "seed",
] as const satisfies readonly (keyof Recipe)[];
const LORA_KEYS = ["rank", "alpha", "dropout", "targets", "rankStabilized"] as const satisfies readonly (keyof LoraSettings)[];

/** A recipe with every default filled in, which is what a run's identity is made of. */
export interface ResolvedRecipe {
  /** Dimensions of the base model. */
  readonly model: ModelDimensions;
  /** Commit of the base model. */
  readonly revision: string;
  /** How weights are tuned. */
  readonly method: Method;
  /** How a qlora base is stored, where not in NF4 with double quantisation. */
  readonly quantization?: Quantization;
  /** Whether weights that are not quantised are raised to fp32; absent where they are not. */
  readonly kbitPreparation?: true;
  /** Longest row, in tokens. */
  readonly sequenceLength: number;
  /** Rows per optimizer step. */
  readonly globalBatch: number;
  /** Passes over the data. */
  readonly epochs: number;
  /** Peak learning rate. */
  readonly learningRate: number;
  /** The adapter. */
  readonly lora: Required<LoraSettings>;
  /** Tokens that the loss counts. */
  readonly loss: "assistant" | "last-turn" | "all";
  /** Whether short rows share a sequence. */
  readonly packing: boolean;
  /** Seed of everything random. */
  readonly seed: number;
}

/** The recipe with every default filled in, as `estimateTuningMemory` takes it. */
export function resolveRecipe(recipe: Recipe): ResolvedRecipe {
  const rank = recipe.lora?.rank ?? 16;
  return {
    model: dimensionsOf(recipe.model),
    revision: recipe.revision ?? "",
    method: recipe.method,
    // What is as ever is left out, so that runs from before there was a choice keep their identity.
    ...(recipe.quantization === undefined || recipe.quantization === impliedQuantization(recipe.method) ? {} : { quantization: recipe.quantization }),
    ...(recipe.kbitPreparation === true ? { kbitPreparation: true as const } : {}),
    sequenceLength: recipe.sequenceLength,
    globalBatch: recipe.globalBatch ?? 16,
    epochs: recipe.epochs ?? 3,
    learningRate: recipe.learningRate ?? 0.0002,
    lora: {
      rank,
      alpha: recipe.lora?.alpha ?? 2 * rank,
      dropout: recipe.lora?.dropout ?? 0.05,
      targets: recipe.lora?.targets ?? "all-linear",
      rankStabilized: recipe.lora?.rankStabilized ?? false,
    },
    loss: recipe.loss ?? "assistant",
    packing: recipe.packing ?? false,
    seed: recipe.seed ?? 42,
  };
}

/** Every fault of a recipe. Ranges: PEFT's LoraConfig and transformers' TrainingArguments. */
export function recipeProblems(recipe: Recipe): Problem[] {
  const ofModel = modelProblems(recipe.model);
  const judged = ofModel.length > 0 ? { ...recipe, model: ANY_MODEL } : recipe;
  const { sequenceLength, globalBatch, epochs, learningRate, lora, model: dimensions, seed } = resolveRecipe(judged);
  return [
    ...unknownKeyProblems("AKSFT-TUNE-16", "", recipe, RECIPE_KEYS),
    ...unknownKeyProblems("AKSFT-TUNE-16", "lora", recipe.lora ?? {}, LORA_KEYS),
    ...ofModel,
    ...methodProblems(recipe),
    ...quantizationProblems(recipe),
    ...wholeNumber("AKSFT-TUNE-03", "sequenceLength", sequenceLength, 8, dimensions.max_position_embeddings),
    ...wholeNumber("AKSFT-TUNE-04", "globalBatch", globalBatch, 1, 4096),
    ...aboveZero("AKSFT-TUNE-05", "epochs", epochs, "nothing would be trained", 3),
    ...aboveZero("AKSFT-TUNE-06", "learningRate", learningRate, "steps would go uphill or nowhere", 0.0002),
    ...wholeNumber("AKSFT-TUNE-07", "lora.rank", lora.rank, 1, 512),
    // Derived from a faulty rank, it is not a fault of its own.
    ...(recipe.lora?.alpha === undefined
      ? []
      : aboveZero("AKSFT-TUNE-08", "lora.alpha", lora.alpha, "PEFT scales the adapter by alpha / rank", 2 * Math.max(lora.rank, 8))),
    ...dropoutProblems(lora.dropout),
    ...choiceProblems("AKSFT-TUNE-14", "loss", recipe.loss, ["assistant", "last-turn", "all"]),
    ...targetsProblems(lora.targets),
    ...wholeNumber("AKSFT-TUNE-11", "seed", seed, 0, 2 ** 32 - 1),
  ];
}

function methodProblems({ method }: Recipe): Problem[] {
  const known: readonly string[] = METHODS;
  if (known.includes(method)) return [];
  return [
    {
      code: "AKSFT-TUNE-02",
      path: "method",
      got: method,
      rule: `is none of the methods ${METHODS.join(", ")}`,
      fix: oneOf(method, METHODS),
    },
  ];
}

/** Bases of so many bits belong to one method. https://huggingface.co/docs/peft/developer_guides/quantization */
function quantizationProblems({ method, quantization }: Recipe): Problem[] {
  const [code, path] = ["AKSFT-TUNE-25", "quantization"] as const;
  const unknown = choiceProblems(code, path, quantization, QUANTIZATIONS);
  if (unknown.length > 0 || quantization === undefined) return unknown;
  if (method === "qlora" && quantization === "none") {
    const rule = "is no base of 4 or 8 bits, which qlora adapts";
    return [{ code, path, got: quantization, rule, fix: 'use "nf4-dq", or method "lora" for a base of 16 bits' }];
  }
  if (method === "qlora" || quantization === "none") return [];
  return [{ code, path, got: quantization, rule: `is for method qlora, a base for ${method} has 16 bits`, fix: 'use method "qlora", or leave it out' }];
}

function targetsProblems(targets: LoraTargets): Problem[] {
  if (targets === "all-linear" || (Array.isArray(targets) && targets.length > 0)) return [];
  const rule = 'must be "all-linear" or a list of at least 1 module name';
  return [{ code: "AKSFT-TUNE-15", path: "lora.targets", got: targets, rule, fix: 'use for example ["q_proj", "v_proj"]' }];
}

function dropoutProblems(dropout: number): Problem[] {
  if (dropout >= 0 && dropout < 1) return [];
  return [
    { code: "AKSFT-TUNE-09", path: "lora.dropout", got: dropout, rule: "a probability of 0 to 0.99", fix: "use 0.05" },
  ];
}

function aboveZero(code: Problem["code"], path: string, got: number, why: string, typical: number): Problem[] {
  if (Number.isFinite(got) && got > 0) return [];
  return [{ code, path, got, rule: `must be above 0 (${why})`, fix: `use for example ${typical}` }];
}
