import { GPU_SIZE_NAMES, type GpuFamily, type GpuSize, isGpuSize } from "../../catalogue/gpu-sizes";
import type { PoolDevices } from "../../gpu-pool/devices";
import { unusableReason } from "../../catalogue/unusable-gpu-sizes";
import type { GpuPrices } from "../../prices";
import type { Problem } from "../../refuse";
import { choiceProblems, oneOf, unknownKeyProblems } from "../../spelling";
import { wholeNumber } from "../../whole-number";
import type { MemoryShape, Precision } from "../memory/setup";
import type { Optimizer, Priority } from "../shape";

/** What runs the recipe: the trainer of `TuningJob`, which is one process on one GPU, or KAITO, which has a copy of the model on every GPU of one node. */
export type Engine = "job" | "kaito";
export const ENGINES = ["job", "kaito"] as const satisfies readonly Engine[];

/** A pool that exists. A `PoolRef` is one. */
export interface ExistingPool extends PoolDevices {
  /** Price tier of its nodes. */
  readonly priority: Priority;
}

/** What a run may cost, where it must be had, and what runs it. */
export interface Constraints {
  /** Azure region, whose prices are taken where they are known. */
  readonly location: string;
  /** Whether prices and quota are those of spot capacity. @default "Regular" */
  readonly priority?: Priority;
  /** GPU families to choose from. @default - all */
  readonly families?: readonly GpuFamily[];
  /** Sizes to choose from. @default - all whose price is known in the region, or in the catalogue's */
  readonly sizes?: readonly GpuSize[];
  /** Pools that exist: the cheapest of those that hold the run is taken before any other size. @default - none */
  readonly existing?: readonly ExistingPool[];
  /** What runs the recipe. @default - any trainer that can use several GPUs */
  readonly engine?: Engine;
  /** Most nodes of the run. @default 1 */
  readonly maxNodes?: number;
  /** Most GPUs of the run, over all nodes. @default - no limit; 1 for engine "job" */
  readonly maxGpus?: number;
  /** Most to pay in an hour for all nodes of the run, in USD. @default - no limit */
  readonly maxHourlyUsd?: number;
  /** Most to pay for the run, in USD, by the upper end of its range. @default - no limit */
  readonly maxTotalUsd?: number;
  /** Hours within which the run must end, by the upper end of its range and with its start-up. @default - no limit */
  readonly deadlineHours?: number;
  /** Rows of the dataset, for hours and cost. @default 1000 */
  readonly rows?: number;
  /** Mean length of a row in tokens as it is computed, padding included. @default - the recipe's sequenceLength */
  readonly tokensPerRow?: number;
  /** Prices that win over the catalogue's, as `aks-fine-tuning prices --refresh` writes them. @default - the catalogue's */
  readonly prices?: GpuPrices;
  /** What the trainer does where it is not the library's own: attention, loss, fused kernels, optimizer. @default - as the library's own */
  readonly trainer?: TrainerFeatures;
}

/** How a trainer computes, as far as memory depends on it. */
export interface TrainerFeatures extends Pick<MemoryShape, "attention" | "lossKernel" | "compiled" | "fusedKernels" | "variableLength"> {
  /** Optimizer. @default "adamw" */
  readonly optimizer?: Optimizer;
  /** How trained parameters are kept. @default "mixed" for adapters, as PEFT casts them; "pure-16bit" for full */
  readonly precision?: Precision;
}

const KEYS = [
  "location", "priority", "families", "sizes", "existing", "engine", "maxNodes", "maxGpus", "maxHourlyUsd", "maxTotalUsd", "deadlineHours", "rows",
  "tokensPerRow", "prices", "trainer",
] as const satisfies readonly (keyof Constraints)[];
const FAMILIES = ["T4", "A10", "A100", "H100", "H200"] as const satisfies readonly GpuFamily[];

/** Every fault of the constraints. */
export function constraintProblems(constraints: Constraints): Problem[] {
  const { families = [], sizes = [], maxNodes = 1, maxGpus = 1, maxHourlyUsd = 1, maxTotalUsd = 1, deadlineHours = 1, rows = 1, tokensPerRow = 1 } = constraints;
  return [
    ...unknownKeyProblems("AKSFT-SIZE-04", "", constraints, KEYS),
    ...choiceProblems("AKSFT-SIZE-05", "priority", constraints.priority, ["Regular", "Spot"]),
    ...choiceProblems("AKSFT-SIZE-05", "engine", constraints.engine, ENGINES),
    ...families.flatMap((family, index) => choiceProblems("AKSFT-SIZE-05", `families[${index}]`, family, FAMILIES)),
    ...sizes.flatMap((size, index) => sizeProblems(`sizes[${index}]`, size)),
    ...wholeNumber("AKSFT-SIZE-06", "maxNodes", maxNodes, 1, 64),
    ...wholeNumber("AKSFT-SIZE-06", "maxGpus", maxGpus, 1, 512),
    ...wholeNumber("AKSFT-SIZE-06", "rows", rows, 1, 1e9),
    ...above("maxHourlyUsd", maxHourlyUsd, 10),
    ...above("maxTotalUsd", maxTotalUsd, 100),
    ...above("deadlineHours", deadlineHours, 24),
    ...above("tokensPerRow", tokensPerRow, 512),
    ...engineProblems(constraints),
  ];
}

function sizeProblems(path: string, size: string): Problem[] {
  if (isGpuSize(size)) return [];
  const rule = unusableReason(size) ?? `is none of the ${GPU_SIZE_NAMES.length} sizes of the catalogue`;
  return [{ code: "AKSFT-SIZE-07", path, got: size, rule, fix: oneOf(size, GPU_SIZE_NAMES) }];
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

function above(path: string, got: number, typical: number): Problem[] {
  if (Number.isFinite(got) && got > 0) return [];
  return [{ code: "AKSFT-SIZE-06", path, got, rule: "must be above 0", fix: `use for example ${typical}` }];
}
