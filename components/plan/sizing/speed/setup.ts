import type { ModelDimensions } from "../../catalogue/base-models";
import type { TuningGpu } from "./gpu";
import type { Interconnect } from "./interconnect";

/** A tuning run as far as its speed depends on it. */
export interface TuningTimeSetup {
  /** Model that is tuned. */
  readonly model: ModelDimensions;
  /** How it is tuned. `qlora` stands for every base of 4 bits that is unpacked for each use, NF4 and GPTQ alike. */
  readonly method: "lora" | "qlora" | "dora" | "full";
  /** Length of the rows that are computed, in tokens. */
  readonly sequenceLength: number;
  /** Rows per GPU and micro-step. */
  readonly microBatch: number;
  /** Micro-steps per optimizer step, over which the optimizer's work and that of unsharded gradients is spread. @default 1 */
  readonly accumulation?: number;
  /** Whether activations are computed again in the backward pass, and whether what is kept of them waits in host memory. */
  readonly checkpointing: "none" | "full" | "offloaded";
  /** GPU that each rank computes on: see `tuningGpu`. */
  readonly gpu: TuningGpu;
  /** GPUs used on each node, one rank each. */
  readonly gpusPerNode: number;
  /** Nodes of the run. */
  readonly nodes: number;
  /** How ranks share the model; `none` with several GPUs computes like `ddp`. */
  readonly sharding: "none" | "ddp" | "zero2" | "zero3" | "fsdp";
  /** What waits in host memory: nothing, the optimizer's states, the parameters and these states, or activations. */
  readonly offload: "none" | "optimizer" | "parameters" | "activations";
  /** How fast GPUs reach each other: see `interconnectOf`. */
  readonly interconnect: Interconnect;
  /** Whether every row is full; GPUs with rows of different lengths wait for each other. */
  readonly packing: boolean;
  /** Tokens of the whole run over all epochs, padding included, as it is computed like any other token. */
  readonly tokens: number;
}

/** GPUs that compute, on all nodes. */
export function ranksOf({ gpusPerNode, nodes }: TuningTimeSetup): number {
  return gpusPerNode * nodes;
}

/** Tokens of one GPU in one micro-step. */
export function tokensPerMicroStep({ microBatch, sequenceLength }: TuningTimeSetup): number {
  return microBatch * sequenceLength;
}

/** Parts into which parameters, gradients and states are split over the GPUs. */
export function shardsOf(setup: TuningTimeSetup): number {
  return setup.sharding === "zero3" || setup.sharding === "fsdp" ? ranksOf(setup) : 1;
}
