import { GIB } from "./gib";
import { checkpointBytes } from "./memory/activations";
import { type MemoryRecipe, type MemorySetup, memorySetup, type MemoryShape } from "./memory/setup";
import { trainableBytes } from "./memory/trainable";
import { parameterCount } from "./parameters";

/** PyTorch, transformers and their pinned buffers in one process, in GiB. A choice, above the 2 to 3 that such processes show. */
const PROCESS_GIB = 4;
/** What the operating system, the kubelet and the agents of a node keep, in GiB: https://learn.microsoft.com/azure/aks/node-resource-reservations */
const NODE_GIB = 4;
/** Largest file of safetensors weights, in GB, of which each process has one in memory: transformers' `max_shard_size`. */
const WEIGHTS_FILE_GB = 5;
/** The trainer's image, in GiB: as its layers and unpacked, as containerd keeps both. */
const IMAGE_GIB = 6 + 14;
/** Shared memory of one process, in GiB: data loaders alone, and with NCCL between GPUs. */
const SHARED_GIB = { alone: 0.25, among: 1 } as const;

/** What a run needs of one node besides its GPUs, and of the volume for checkpoints. */
export interface HostNeeds {
  /** Memory of one node, in GiB. */
  readonly ramGiB: number;
  /** Disk of one node for the trainer's image and the base weights, each as layers and unpacked, in GiB. */
  readonly diskGiB: number;
  /** `/dev/shm` of one pod, in GiB. */
  readonly sharedMemoryGiB: number;
  /** One checkpoint on the shared volume, in GiB. */
  readonly checkpointGiB: number;
}

/**
 * Host memory, disk, shared memory and checkpoints of a tuning run, from first principles and the constants above. Recipe and shape are those of
 * `estimateTuningMemory`.
 */
export function estimateHostNeeds(recipe: MemoryRecipe, shape: MemoryShape = {}): HostNeeds {
  const setup = memorySetup(recipe, shape);
  const ranks = shape.gpusPerNode ?? 1;
  const weightsGiB = (2 * parameterCount(setup.model)) / GIB;
  return {
    ramGiB: NODE_GIB + ranks * PROCESS_GIB + loadingGiB(setup, ranks, weightsGiB) + offloadedGiB(setup, ranks),
    diskGiB: IMAGE_GIB + 2 * weightsGiB,
    sharedMemoryGiB: ranks * (setup.gpus > 1 ? SHARED_GIB.among : SHARED_GIB.alone),
    checkpointGiB: checkpointGiB(setup),
  };
}

/** A file at a time by each process; where the model is sharded the first process has all of it, as transformers' FSDP loading does. */
function loadingGiB({ sharding }: MemorySetup, ranks: number, weightsGiB: number): number {
  const files = ranks * Math.min(weightsGiB, (WEIGHTS_FILE_GB * 1e9) / GIB);
  return sharding === "fsdp" || sharding === "zero3" ? Math.max(files, weightsGiB) : files;
}

/**
 * What is kept in host memory: DeepSpeed's own figures (docs/code-docs/source/memory.rst @edaa722) for its states and parameters, and the inputs of
 * blocks where checkpoints are offloaded.
 */
function offloadedGiB(setup: MemorySetup, ranks: number): number {
  const { parameters } = trainableBytes(setup);
  const states = setup.offload === "none" ? 0 : 1.5 * parameters * (setup.offload === "optimizer" ? Math.max(4 * ranks, 16) : (18 * ranks) / setup.gpus);
  const weights = setup.offload === "parameters" ? (2 * parameterCount(setup.model) * ranks) / setup.gpus : 0;
  const inputs = setup.checkpointing === "offloaded" ? ranks * checkpointBytes(setup) : 0;
  return (states + weights + inputs) / GIB;
}

/** What training goes on from: trained weights, in 16 bit where all are, and the optimizer's states. */
function checkpointGiB(setup: MemorySetup): number {
  const { parameters, adapter, states } = trainableBytes(setup);
  return ((setup.method === "full" ? 2 * parameters : adapter) + states) / GIB;
}
