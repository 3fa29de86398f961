import { embeddingParameters, linearsOf, parameterCount } from "../parameters";
import { embeddingCopies } from "./weights";
import type { MemorySetup, OptimizerKind } from "./setup";

/** What is trained, before sharding: a count, and bytes by what they are for. */
export interface TrainableBytes {
  /** Trained parameters. */
  readonly parameters: number;
  /** Parameters beside the base: the adapter, and copies of embedding and head that are trained whole. */
  readonly adapter: number;
  /** Gradients. */
  readonly gradients: number;
  /** Master copy and states of the optimizer. */
  readonly states: number;
  /** What the optimizer's step takes for its time. */
  readonly step: number;
}

/** States in bytes a parameter, of a parameter of so many bytes; 8-bit and 4-bit states have a scale for each 256 or 128 of them. */
const STATES: Readonly<Record<OptimizerKind, (parameterBytes: number) => number>> = {
  adamw: (bytes) => 2 * bytes,
  "adamw-fused": (bytes) => 2 * bytes,
  "adamw-8bit": () => 2 * (1 + 4 / 256),
  "adamw-4bit": () => 2 * (0.5 + 4 / 128),
  // Unified memory: the driver moves them to the host while activations need the room.
  "paged-adamw": () => 0,
  "paged-adamw-8bit": () => 0,
  sgd: () => 0,
};

export function trainableBytes(setup: MemorySetup): TrainableBytes {
  return setup.method === "full" ? everything(setup) : adapterBytes(setup);
}

/**
 * All of the model. Pure 16 bit: 2 bytes of gradient, states in 16 bit. Mixed on one GPU (fp32 weights under autocast): fp32 gradients.
 * Mixed with DeepSpeed or FSDP: a 16-bit copy of weights and gradients, an fp32 master copy in the optimizer (arXiv:1910.02054).
 */
function everything(setup: MemorySetup): TrainableBytes {
  const parameters = parameterCount(setup.model);
  const bytes = setup.trainableBytes;
  const mixed = setup.precision === "mixed";
  const sharded = setup.sharding !== "none" && setup.sharding !== "ddp";
  const master = mixed && setup.weightBytes === 2 ? 4 * parameters : 0;
  const whole = (mixed && sharded ? 2 : bytes) * parameters;
  return {
    parameters,
    adapter: 0,
    // Updated one by one, only the largest is ever there.
    gradients: setup.optimizerInBackward ? bytes * embeddingParameters(setup.model) : whole,
    states: master + STATES[setup.optimizer](bytes) * parameters,
    step: setup.optimizer === "adamw" ? bytes * parameters : 0,
  };
}

/** LoRA and its kin, and the copies of embedding and head that PEFT's `modules_to_save` makes in the base's own type. */
function adapterBytes(setup: MemorySetup): TrainableBytes {
  const lora = adapterParameters(setup);
  const saved = setup.trainsEmbeddings ? embeddingCopies(setup) * embeddingParameters(setup.model) : 0;
  const bytes = setup.trainableBytes * lora + setup.weightBytes * saved;
  const states = STATES[setup.optimizer];
  return {
    parameters: lora + saved,
    adapter: bytes,
    gradients: bytes,
    states: states(setup.trainableBytes) * lora + states(setup.weightBytes) * saved,
    step: setup.optimizer === "adamw" ? bytes : 0,
  };
}

/** Parameters of an adapter: rank × (inputs + outputs) of each matrix that has one; DoRA adds a magnitude for each output. */
export function adapterParameters({ model, rank, targets, method }: Pick<MemorySetup, "model" | "rank" | "targets" | "method">): number {
  const magnitude = method === "dora" ? 1 : 0;
  const each = (inputs: number, outputs: number) => rank * (inputs + outputs) + magnitude * outputs;
  const perBlock = linearsOf(model).reduce(
    (sum, { module, inputs, outputs, copies }) => sum + (isTarget(targets, module) ? copies * each(inputs, outputs) : 0),
    0,
  );
  const head = targets !== "all-linear" && targets.includes("lm_head") ? each(model.hidden_size, model.vocab_size) : 0;
  return model.num_hidden_layers * perBlock + head;
}

/** Whether a matrix gets an adapter; names as PEFT's `target_modules` has them, joint projections count for their parts. */
export function isTarget(targets: MemorySetup["targets"], module: string): boolean {
  if (targets === "all-linear") return true;
  return targets.includes(module) || targets.some((target) => JOINT[target]?.includes(module) === true);
}

/** Layers that some architectures join: Phi-3, Falcon, GPT-NeoX. */
const JOINT: Readonly<Record<string, readonly string[]>> = {
  qkv_proj: ["q_proj", "k_proj", "v_proj"],
  query_key_value: ["q_proj", "k_proj", "v_proj"],
  gate_up_proj: ["gate_proj", "up_proj"],
  dense: ["o_proj"],
  fc1: ["up_proj"],
  fc2: ["down_proj"],
  dense_h_to_4h: ["up_proj"],
  dense_4h_to_h: ["down_proj"],
};
