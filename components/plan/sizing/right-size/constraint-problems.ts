import { GPU_PRICES, GPU_SIZE_NAMES, type GpuFamily, isGpuSize } from "../../catalogue/gpu-sizes";
import { unusableReason } from "../../catalogue/unusable-gpu-sizes";
import { deviceProblems } from "../../gpu-pool/devices";
import { gpuPricesProblems } from "../../prices/given";
import type { Recipe } from "../../recipe";
import { type Problem, within } from "../../refuse";
import { choiceProblems, oneOf, unknownKeyProblems } from "../../spelling";
import { wholeNumber } from "../../whole-number";
import type { Priority } from "../shape";
import {
  ATTENTION_KERNELS,
  type Constraints,
  ENGINES,
  type ExistingPool,
  LOSS_KERNELS,
  OPTIMIZERS,
  PRECISIONS,
  type TrainerFeatures,
} from "./constraints";

const KEYS = [
  "location", "priority", "families", "sizes", "existing", "engine", "maxNodes", "maxGpus", "maxHourlyUsd", "maxTotalUsd", "deadlineHours", "rows",
  "tokensPerRow", "prices", "trainer",
] as const satisfies readonly (keyof Constraints)[];
const FAMILIES = ["T4", "A10", "A100", "H100", "H200"] as const satisfies readonly GpuFamily[];

const TRAINER_KEYS = [
  "attention", "lossKernel", "compiled", "fusedKernels", "variableLength", "optimizer", "precision", "checkpointing",
] as const satisfies readonly (keyof TrainerFeatures)[];
const PRIORITIES = ["Regular", "Spot"] as const satisfies readonly Priority[];

/** Every fault of the constraints, some of which go by the recipe. */
export function constraintProblems(constraints: Constraints, { sequenceLength, method }: Pick<Recipe, "sequenceLength" | "method">): Problem[] {
  const { maxNodes = 1, maxGpus = 1, maxHourlyUsd = 1, maxTotalUsd = 1, deadlineHours = 1, rows = 1, prices } = constraints;
  return [
    ...unknownKeyProblems("AKSFT-SIZE-04", "", constraints, KEYS),
    ...locationProblems(constraints.location),
    ...choiceProblems("AKSFT-SIZE-05", "priority", constraints.priority, PRIORITIES),
    ...choiceProblems("AKSFT-SIZE-05", "engine", constraints.engine, ENGINES),
    ...wishProblems(constraints),
    ...(constraints.existing ?? []).flatMap((pool, index) => within(`existing[${index}]`, poolProblems(pool))),
    ...wholeNumber("AKSFT-SIZE-06", "maxNodes", maxNodes, 1, 64),
    ...wholeNumber("AKSFT-SIZE-06", "maxGpus", maxGpus, 1, 512),
    ...wholeNumber("AKSFT-SIZE-06", "rows", rows, 1, 1e9),
    ...above("maxHourlyUsd", maxHourlyUsd, 10),
    ...above("maxTotalUsd", maxTotalUsd, 100),
    ...above("deadlineHours", deadlineHours, 24),
    ...rowLengthProblems(constraints.tokensPerRow, sequenceLength),
    ...engineProblems(constraints),
    ...methodProblems(constraints, method),
    ...(prices === undefined ? [] : gpuPricesProblems(prices)),
    ...trainerProblems(constraints.trainer ?? {}),
  ];
}

/** A name as Azure's APIs have it, or as its portal shows it. */
function locationProblems(location: string | undefined): Problem[] {
  if (location !== undefined && /^[a-z][a-z0-9 ]*$/i.test(location)) return [];
  return [{ code: "AKSFT-SIZE-05", path: "location", got: location, rule: "is no name of an Azure region", fix: `use for example "${GPU_PRICES.region}"` }];
}

/** Families and sizes to choose from. */
function wishProblems({ families, sizes }: Constraints): Problem[] {
  const rule = "lists nothing to choose from";
  const problems: Problem[] = [];
  if (families?.length === 0) problems.push({ code: "AKSFT-SIZE-05", path: "families", got: families, rule, fix: `name one of ${FAMILIES.join(", ")}, or leave it out` });
  if (sizes?.length === 0) problems.push({ code: "AKSFT-SIZE-07", path: "sizes", got: sizes, rule, fix: "name a size, or leave it out" });
  return [
    ...problems,
    ...(families ?? []).flatMap((family, index) => choiceProblems("AKSFT-SIZE-05", `families[${index}]`, family, FAMILIES)),
    ...(sizes ?? []).flatMap((size, index) => sizeProblems(`sizes[${index}]`, size)),
  ];
}

function poolProblems(pool: ExistingPool): Problem[] {
  const ofSize = sizeProblems("size", pool.size);
  return [...ofSize, ...choiceProblems("AKSFT-SIZE-05", "priority", pool.priority, PRIORITIES), ...(ofSize.length === 0 ? deviceProblems(pool) : [])];
}

function trainerProblems(trainer: TrainerFeatures): Problem[] {
  const { attention, lossKernel, optimizer, precision, checkpointing } = trainer;
  const code = "AKSFT-SIZE-05";
  return [
    ...unknownKeyProblems("AKSFT-SIZE-04", "trainer", trainer, TRAINER_KEYS),
    ...choiceProblems(code, "trainer.attention", attention, ATTENTION_KERNELS),
    ...choiceProblems(code, "trainer.lossKernel", lossKernel, LOSS_KERNELS),
    ...choiceProblems(code, "trainer.optimizer", optimizer, OPTIMIZERS),
    ...choiceProblems(code, "trainer.precision", precision, PRECISIONS),
    ...choiceProblems(code, "trainer.checkpointing", checkpointing, ["none", "full"]),
  ];
}

function sizeProblems(path: string, size: string): Problem[] {
  if (isGpuSize(size)) return [];
  const rule = unusableReason(size) ?? `is none of the ${GPU_SIZE_NAMES.length} sizes of the catalogue`;
  return [{ code: "AKSFT-SIZE-07", path, got: size, rule, fix: oneOf(size, GPU_SIZE_NAMES) }];
}

/** Longer rows are cut. */
function rowLengthProblems(tokensPerRow: number | undefined, sequenceLength: number): Problem[] {
  if (tokensPerRow === undefined || (Number.isFinite(tokensPerRow) && tokensPerRow > 0 && !(tokensPerRow > sequenceLength))) return [];
  const rule = `must be above 0 and at most ${sequenceLength}, the recipe's sequenceLength`;
  return [{ code: "AKSFT-SIZE-06", path: "tokensPerRow", got: tokensPerRow, rule, fix: `use for example ${Math.min(512, sequenceLength)}, or leave it out` }];
}

/** Both engines stay on one node; the trainer of `TuningJob` on one GPU of it. */
function engineProblems({ engine, maxNodes = 1, maxGpus }: Constraints): Problem[] {
  const problems: Problem[] = [];
  if (engine !== undefined && Number.isInteger(maxNodes) && maxNodes > 1) {
    const rule = `must be 1 for engine "${engine}", which tunes on 1 node`;
    problems.push({ code: "AKSFT-SIZE-08", path: "maxNodes", got: maxNodes, rule, fix: "use 1, or leave the engine out" });
  }
  if (engine === "job" && maxGpus !== undefined && Number.isInteger(maxGpus) && maxGpus > 1) {
    const rule = 'must be 1 for engine "job", whose trainer is 1 process';
    problems.push({ code: "AKSFT-SIZE-08", path: "maxGpus", got: maxGpus, rule, fix: "use 1, or leave the engine out" });
  }
  return problems;
}

/** KAITO's webhook takes no other method (api/v1beta1/workspace_validation.go @056b828); nor does the trainer of `TuningJob`. */
function methodProblems({ engine }: Constraints, method: Recipe["method"]): Problem[] {
  if (engine === undefined || (method !== "dora" && method !== "full")) return [];
  const rule = `tunes lora and qlora, and the recipe's method is ${method}`;
  return [{ code: "AKSFT-SIZE-08", path: "engine", got: engine, rule, fix: 'use method "lora", or leave the engine out' }];
}

function above(path: string, got: number, typical: number): Problem[] {
  if (Number.isFinite(got) && got > 0) return [];
  return [{ code: "AKSFT-SIZE-06", path, got, rule: "must be above 0", fix: `use for example ${typical}` }];
}
