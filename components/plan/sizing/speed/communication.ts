import { parameterCount } from "../parameters";
import { quantisable } from "./compute";
import { ranksOf, shardsOf, type TuningTimeSetup, tokensPerMicroStep } from "./setup";
import type { SoftwareStack } from "./stacks";

/** NF4 with double quantisation (arXiv:2305.14314, section 3). */
const QUANTISED_BYTES = 0.516;
/** Adapters are about a hundredth of a model at rank 16 to 64, and their gradients have 4 bytes. */
const ADAPTER_PART = 0.01;
/** Times that sharded weights are gathered in a micro-step: forward, and backward for computing again and for gradients. */
const GATHERS = 2;

/** Seconds that one micro-step keeps the links between GPUs, and those to host memory, busy. */
export function transferSeconds(setup: TuningTimeSetup): number {
  const { insideGBps, betweenGBps, hostGBps } = setup.interconnect;
  const bytes = exchangedBytes(setup);
  const ranks = ranksOf(setup);
  const inside = setup.gpusPerNode === 1 ? 0 : (bytes * (ranks - 1)) / ranks / (insideGBps * 1e9);
  // A ring crosses from node to node once, with what all GPUs of the node are sent.
  const between = setup.nodes === 1 ? 0 : (bytes * (ranks - 1)) / ranks / (betweenGBps * 1e9);
  return Math.max(inside, between) + hostBytes(setup) / (hostGBps * 1e9);
}

/** Seconds of a micro-step in which the host's processors update offloaded parameters, and GPUs wait. */
export function hostUpdateSeconds(setup: TuningTimeSetup, { hostUpdatesPerSecond }: SoftwareStack): number {
  if (setup.offload !== "optimizer" && setup.offload !== "parameters") return 0;
  return trained(setup) / setup.nodes / accumulationOf(setup) / hostUpdatesPerSecond;
}

/** Part of the waiting that is left with full rows: mosaicml/llm-foundry keeps all its speed from 8 to 64 GPUs. */
const WAITING_WHEN_FULL = 0.25;

/** Part of their speed that GPUs keep when each waits for the slowest at every step. */
export function kept(setup: TuningTimeSetup, { waiting }: SoftwareStack): number {
  return (1 - (setup.packing ? WAITING_WHEN_FULL * waiting : waiting)) ** Math.log2(ranksOf(setup));
}

/**
 * Bytes that each GPU exchanges in a micro-step: the gradients once there and once back, at every optimizer step; with sharded parameters their weights
 * at each use and their gradients at every micro-step (ZeRO, arXiv:1910.02054, section 7; FSDP is the same).
 */
function exchangedBytes(setup: TuningTimeSetup): number {
  const gradients = trained(setup) * (setup.method === "full" ? 2 : 4);
  return shardsOf(setup) > 1 ? GATHERS * weightBytes(setup) + gradients : (2 * gradients) / accumulationOf(setup);
}

/** Bytes between one GPU and host memory in a micro-step. */
function hostBytes(setup: TuningTimeSetup): number {
  const { model, offload, checkpointing } = setup;
  const weights = offload === "parameters" ? (GATHERS * weightBytes(setup)) / shardsOf(setup) : 0;
  // The gradient there, the new weight back; ZeRO-2 splits them over the GPUs too.
  const updaters = setup.sharding === "zero2" ? ranksOf(setup) : shardsOf(setup);
  const updates = offload === "optimizer" || offload === "parameters" ? (4 * trained(setup)) / updaters / accumulationOf(setup) : 0;
  const keepsActivations = offload === "activations" || checkpointing === "offloaded";
  const activations = keepsActivations ? 2 * 2 * model.num_hidden_layers * model.hidden_size * tokensPerMicroStep(setup) : 0;
  return weights + updates + activations;
}

function weightBytes({ model, method }: TuningTimeSetup): number {
  const quantised = method === "qlora" ? quantisable(model) : 0;
  return 2 * (parameterCount(model) - quantised) + QUANTISED_BYTES * quantised;
}

function trained({ model, method }: TuningTimeSetup): number {
  return parameterCount(model) * (method === "full" ? 1 : ADAPTER_PART);
}

function accumulationOf({ accumulation = 1 }: TuningTimeSetup): number {
  return accumulation;
}
