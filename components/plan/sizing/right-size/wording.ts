import { gib } from "../gib";
import { GPU_SIZES, type GpuSizeFacts } from "../../catalogue/gpu-sizes";
import { devicesOf, isSliced } from "../../gpu-pool/devices";
import type { ResolvedRecipe } from "../../recipe";
import type { Shape } from "../shape";
import type { Fit } from "./candidates";

/** An amount of money for people. */
export function amount(usd: number): string {
  if (usd < 0.005) return "under 0.01 USD";
  return `${usd.toFixed(usd < 100 ? 2 : 0)} USD`;
}

/** A number without what floating point adds to it. */
export function rounded(value: number): number {
  return Number(value.toFixed(6));
}

/** What was chosen, why, and what comes next, in one sentence. */
export function reasonFor(recipe: ResolvedRecipe, best: Fit, next: Fit | undefined): string {
  const { shape, memory, pool, usd } = best;
  const ofExisting = next === undefined ? "holds the run" : "is the cheapest run on a pool that exists";
  const why = pool.exists ? ofExisting : "is the cheapest run that fits";
  const cost = usd === undefined ? "" : `${amount(usd.expected)} for the run at `;
  return (
    `${devicesUsed(best)} ${why}: ${recipe.method} of ${recipe.model.name} at ${recipe.sequenceLength} tokens × ${shape.microBatch}` +
    `${laidOut(shape)} needs ${gib(memory.safeGiB)} of ${gib(devicesOf(pool).gpuMemoryGiB)}, ${cost}${priceText(best)}` +
    (next ? `; next is ${next.size}${next.usd === undefined ? "" : ` for ${amount(next.usd.expected)}`}` : "")
  );
}

function devicesUsed({ size, shape, pool }: Fit): string {
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const slices = isSliced(pool) ? `of ${devicesOf(pool).gpusPerNode} slices of its` : "×";
  const nodes = shape.nodes === 1 ? "" : `${shape.nodes} nodes of `;
  return `${nodes}${size} (${shape.gpusPerNode} ${slices} ${facts.gpuModel})`;
}

/** How several GPUs share the run; nothing for one. */
function laidOut({ sharding }: Shape): string {
  return { none: "", ddp: " a GPU, as copies,", fsdp: " a GPU, in shards (FSDP)," }[sharding];
}

function priceText({ price, priority, usdPerHour }: Fit): string {
  if (price === undefined || usdPerHour === undefined) return `no ${priority === "Spot" ? "spot" : "pay-as-you-go"} price known`;
  return `${usdPerHour} USD per hour ${priority === "Spot" ? "as spot" : "pay-as-you-go"} (${price.region}, ${price.date})`;
}

/** Why a size that fits was not chosen. */
export function whyNot(fit: Fit, best: Fit): string {
  if (best.pool.exists && !fit.pool.exists) return "no such pool exists yet";
  if (fit.usd === undefined) return best.usd === undefined ? "is no quicker, and no price is known of either" : "no price is known";
  const factor = fit.usd.expected / (best.usd?.expected ?? 0);
  if (factor === 1) return "costs as much and is no quicker";
  if (factor < 1.005) return "costs less than 1 % more";
  return factor < 2 ? `costs ${Math.round(100 * (factor - 1))} % more` : `costs ${factor.toFixed(1)} times as much`;
}
