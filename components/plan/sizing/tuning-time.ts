import { hostUpdateSeconds, kept, transferSeconds } from "./speed/communication";
import { computeSeconds } from "./speed/compute";
import { basisOf, evidenceOf } from "./speed/evidence";
import type { SpeedEvidence } from "./speed/gpu";
import { ranksOf, type TuningTimeSetup, tokensPerMicroStep } from "./speed/setup";
import { EAGER, FAST, type SoftwareStack, USUAL } from "./speed/stacks";
import { type EstimatedRange, startUpMinutes } from "./speed/start-up";

/** How long a tuning run takes. */
export interface TuningTimeEstimate {
  /** Tokens per second of all GPUs together, padding included. */
  readonly tokensPerSecond: EstimatedRange;
  /** Hours of training, start-up apart. */
  readonly hours: EstimatedRange;
  /** Minutes from the request for a node to the first step. The node is billed from its creation, so they cost like training does. */
  readonly startUpMinutes: EstimatedRange;
  /** What the figures rest on, in one sentence: measurements of such runs, or how far they were stretched. */
  readonly basis: string;
}

/** How much slower and faster than the two outer stacks a run may be where nobody measured its like: a choice, not a measurement. */
const MARGIN: Readonly<Record<SpeedEvidence, { readonly slower: number; readonly faster: number }>> = {
  measured: { slower: 1, faster: 1 },
  extrapolated: { slower: 0.85, faster: 1.05 },
  unmeasured: { slower: 0.6, faster: 1.2 },
};

/**
 * Duration of a tuning run, from first principles.
 *
 * A micro-step takes its floating-point operations at the part of the card's peak that its software reaches, plus what it moves through the card's
 * memory, plus the unpacking of a base in 4 bits; communication between GPUs and with host memory overlaps all but for a part. Three stacks of software,
 * one set of numbers each for all models and cards, give the slow end, the middle and the fast end. `npm run accuracy:time`
 * prints how often published runs lie between the ends. Start-up is apart, in minutes: it is billed too, and does not grow with the data.
 *
 * @example
 * const size = GPU_SIZES.Standard_NC24ads_A100_v4;
 * estimateTuningTime({
 *   ...{ model: BASE_MODELS["Qwen2.5-7B-Instruct"], method: "lora", sequenceLength: 2048, microBatch: 2, checkpointing: "full", packing: true },
 *   ...{ gpu: tuningGpu(size), gpusPerNode: 1, nodes: 1, sharding: "none", offload: "none" },
 *   ...{ interconnect: interconnectOf("Standard_NC24ads_A100_v4", 1), tokens: 10_000_000 },
 * }).hours; // { low, expected, high }
 */
export function estimateTuningTime(setup: TuningTimeSetup): TuningTimeEstimate {
  const { slower, faster } = MARGIN[evidenceOf(setup)];
  const tokensPerSecond: EstimatedRange = {
    low: slower * speed(setup, EAGER),
    expected: speed(setup, USUAL),
    high: faster * speed(setup, FAST),
  };
  const hoursAt = (rate: number): number => setup.tokens / rate / 3600;
  return {
    tokensPerSecond,
    hours: { low: hoursAt(tokensPerSecond.high), expected: hoursAt(tokensPerSecond.expected), high: hoursAt(tokensPerSecond.low) },
    startUpMinutes: startUpMinutes(setup.model),
    basis: basisOf(setup),
  };
}

/** Tokens per second of all GPUs together with one stack. */
function speed(setup: TuningTimeSetup, stack: SoftwareStack): number {
  const computing = computeSeconds(setup, stack);
  const transfer = transferSeconds(setup);
  const step = Math.max(computing, transfer) + stack.exposed * Math.min(computing, transfer) + hostUpdateSeconds(setup, stack);
  return (ranksOf(setup) * tokensPerMicroStep(setup) * kept(setup, stack)) / step;
}
