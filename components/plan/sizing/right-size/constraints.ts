import type { GpuFamily, GpuSize } from "../../catalogue/gpu-sizes";
import type { PoolDevices } from "../../gpu-pool/devices";
import type { GpuPrices } from "../../prices";
import type { AttentionKernel, LossKernel, MemoryShape, Precision } from "../memory/setup";
import type { Optimizer, Priority } from "../shape";

/** What runs the recipe: the trainer of `TuningJob`, which is one process on one GPU, or KAITO, which has a copy of the model on every GPU of one node. */
export type Engine = "job" | "kaito";
export const ENGINES = ["job", "kaito"] as const satisfies readonly Engine[];

/** What `TrainerFeatures` can be, in words. */
export const ATTENTION_KERNELS = ["eager", "sdpa", "flash"] as const satisfies readonly AttentionKernel[];
export const LOSS_KERNELS = ["plain-fp32", "plain-16bit", "chunked", "fused"] as const satisfies readonly LossKernel[];
export const OPTIMIZERS = ["adamw", "paged-adamw-8bit"] as const satisfies readonly Optimizer[];
export const PRECISIONS = ["pure-16bit", "mixed", "fp32"] as const satisfies readonly Precision[];

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
  /** Whether it always, or never, computes activations again. @default - whichever is quicker of what fits */
  readonly checkpointing?: "none" | "full";
}
