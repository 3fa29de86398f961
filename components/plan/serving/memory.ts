import type { BaseModelName, ModelDimensions } from "../catalogue/base-models";
import { GPU_PRICES, GPU_SIZE_NAMES, GPU_SIZES, type GpuSize, type GpuSizeFacts, hourlyUsd, priceSource } from "../catalogue/gpu-sizes";
import { devicesOf, isSliced, type PoolDevices } from "../gpu-pool/devices";
import type { Problem } from "../refuse";
import { estimateServingMemory, type ServingEstimate, servingContextLength } from "../sizing/serving-memory";
import { resolveServingSetup, type ServingSetup } from "../sizing/serving/setup";

/** What the server's arguments decide about its memory. */
export interface ServedLoad {
  readonly model: BaseModelName | ModelDimensions;
  /** `--max-model-len`, in tokens. */
  readonly maxModelLength: number;
  /** `--max-loras`; none where the base is served alone. */
  readonly slots: number;
  /** `--max-lora-rank`. */
  readonly maxLoraRank: number;
}

const LEAST_LENGTH = 16;

/**
 * Part of a GPU's memory that vLLM is told to take; undefined leaves it to vLLM. NVIDIA's GRID driver keeps so much of an A10 that vLLM does not start with
 * its own default: kaito-project/kaito#1374, which ended in 0.82 (pkg/model/interface.go @056b828).
 */
export function utilizationOn(size: GpuSize): number | undefined {
  return GPU_SIZES[size].family === "A10" ? 0.82 : undefined;
}

/** A server whose GPU does not hold the model, its adapter slots and one sequence of full length ends before it is ready. */
export function memoryProblems(load: ServedLoad, pool: PoolDevices): Problem[] {
  const { gpuMemoryGiB } = devicesOf(pool);
  const setup = setupOf(load, gpuMemoryGiB, pool.size);
  const estimate = estimateServingMemory(setup);
  const { gpuMemoryUtilization } = resolveServingSetup(setup);
  if (!(estimate.gpuMemoryGiB > gpuMemoryGiB)) return [];
  const has = `${deviceName(pool)} has ${Number(gpuMemoryGiB.toFixed(2))} GiB, of which vLLM takes ${gib(gpuMemoryUtilization * gpuMemoryGiB)}`;
  return [
    {
      code: "AKSFT-SERVE-10",
      path: "pool.size",
      got: pool.size,
      rule: `${estimateText(load, estimate)}, ${has}`,
      fix: waysOut(load, setup, gpuMemoryGiB),
    },
  ];
}

/**
 * What the Deployment's arguments leave to vLLM. It computes 2,048 tokens for 256 sequences at once, on cards of 70 GiB and more other than A100
 * 8,192 for 1,024: vllm-project/vllm vllm/engine/arg_utils.py, the defaults by usage and card.
 */
function setupOf({ model, maxModelLength, slots, maxLoraRank }: ServedLoad, gpuMemoryGiB: number, size: GpuSize): ServingSetup {
  const large = gpuMemoryGiB >= 70 && GPU_SIZES[size].family !== "A100";
  const batch = large ? { maxNumBatchedTokens: 8192, maxNumSequences: 1024 } : { maxNumBatchedTokens: 2048, maxNumSequences: 256 };
  const part = utilizationOn(size);
  const utilization = part === undefined ? {} : { gpuMemoryUtilization: part };
  return { model, contextLength: maxModelLength, adapters: { slots, rank: slots === 0 ? 0 : maxLoraRank }, ...batch, ...utilization };
}

function estimateText({ model, maxModelLength, slots, maxLoraRank }: ServedLoad, { expectedGiB, parts }: ServingEstimate): string {
  const name = typeof model === "string" ? model : model.name;
  const adapters = slots === 0 ? "" : `, ${slots === 1 ? "1 adapter slot" : `${slots} adapter slots`} of rank ${maxLoraRank} ${gib(parts.adapters)}`;
  const engine = gib(parts.activations + parts.runtime);
  const numbers = `weights ${gib(parts.weights)}${adapters}, KV cache ${gib(parts.kvCache)}, engine ${engine}`;
  return `${name} with one sequence of ${maxModelLength} tokens needs ${gib(expectedGiB)} GiB (${numbers})`;
}

/** A shorter limit where one is left, and the cheapest size with a GPU that holds it all. */
function waysOut(load: ServedLoad, setup: ServingSetup, gpuMemoryGiB: number): string {
  const shorter = servingContextLength(setup, gpuMemoryGiB);
  const larger = cheapestThatHolds(load);
  const ways = [
    ...(shorter >= LEAST_LENGTH ? [`set maxModelLength to ${shorter} or less`] : []),
    ...(larger === undefined ? [] : [`use a pool of "${larger}"`]),
  ];
  return ways.join(", or ") || "serve a smaller model: no size has a GPU that holds this one";
}

function cheapestThatHolds(load: ServedLoad): GpuSize | undefined {
  const holding = GPU_SIZE_NAMES.filter((size) => {
    const { memoryGiB } = GPU_SIZES[size];
    // As rightSize compares them: prices of one region.
    if (priceSource(size, "Regular").region !== GPU_PRICES.region) return false;
    return estimateServingMemory(setupOf(load, memoryGiB, size)).gpuMemoryGiB <= memoryGiB;
  });
  const price = (size: GpuSize): number => hourlyUsd(size, "Regular") ?? Infinity;
  return holding.sort((a, b) => price(a) - price(b))[0];
}

function deviceName(pool: PoolDevices): string {
  const facts: GpuSizeFacts = GPU_SIZES[pool.size];
  return isSliced(pool) ? `one slice (${devicesOf(pool).gpuResource}) of the ${facts.gpuModel}` : `one ${facts.gpuModel}`;
}

function gib(value: number): string {
  return value.toFixed(1);
}
