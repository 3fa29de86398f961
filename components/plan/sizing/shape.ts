import type { GpuSize } from "../catalogue/gpu-sizes";

/** Price tier of capacity: pay-as-you-go, or spot, which Azure may take back. */
export type Priority = "Regular" | "Spot";
/** Optimizer, by how it keeps its states. */
export type Optimizer = "adamw" | "paged-adamw-8bit";

/** How a recipe is laid out on hardware; changes what a run costs, not what it results in. */
export interface Shape {
  /** VM size. */
  readonly size: GpuSize;
  /** Nodes of the run. */
  readonly nodes: number;
  /** GPUs used on each node. */
  readonly gpusPerNode: number;
  /** Rows per GPU and step; the rest of the global batch is accumulated. */
  readonly microBatch: number;
  /** How ranks share the model: not at all, copies of it, or shards. */
  readonly sharding: "none" | "ddp" | "fsdp";
  /** Whether activations are computed again in the backward pass. */
  readonly checkpointing: "none" | "full";
  /** Optimizer. */
  readonly optimizer: Optimizer;
}
