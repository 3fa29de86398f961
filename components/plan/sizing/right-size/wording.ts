import { GPU_SIZES, type GpuSizeFacts } from "../../catalogue/gpu-sizes";
import { devicesOf, isSliced } from "../../gpu-pool/devices";
import type { KnownPrice } from "../../prices";
import type { ResolvedRecipe } from "../../recipe";
import type { Priority, Shape } from "../shape";
import type { Fit } from "./candidates";

/** A size of memory for people. */
export function gib(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} GiB`;
}

/** An amount of money for people. */
export function usd(value: number): string {
  return `${value.toFixed(2)} USD`;
}

/** What was chosen, why, and what comes next, in one sentence. */
export function reasonFor(recipe: ResolvedRecipe, best: Fit, next: Fit | undefined): string {
  const { shape, memory, pool, price } = best;
  const why = pool.exists ? "is the cheapest run on a pool that exists" : "is the cheapest run that fits";
  return (
    `${devicesUsed(best)} ${why}: ${recipe.method} of ${recipe.model.name} at ${recipe.sequenceLength} tokens × ${shape.microBatch}` +
    `${laidOut(shape)} needs ${gib(memory.safeGiB)} of ${gib(devicesOf(pool).gpuMemoryGiB)}, ${priceText(price, pool.priority, shape.nodes)}` +
    (next ? `; next is ${next.size}` : "")
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

export function priceText(price: KnownPrice | undefined, priority: Priority, nodes = 1): string {
  if (price === undefined) return `no ${priority.toLowerCase()} price known`;
  const hourly = Number((nodes * price.usdPerHour).toFixed(6));
  return `${hourly} USD per hour ${priority === "Spot" ? "as spot" : "pay-as-you-go"} (${price.region}, ${price.date})`;
}

/** Why a size that fits was not chosen. */
export function whyNot(fit: Fit, best: Fit): string {
  if (best.pool.exists && !fit.pool.exists) return "no pool of it exists yet";
  if (fit.usd === undefined) return "no price is known";
  if (best.usd === undefined) return "takes longer";
  const factor = fit.usd.expected / best.usd.expected;
  return factor < 1.005 ? "costs as much and takes no less time" : `costs ${usd(fit.usd.expected - best.usd.expected)} more, ${factor.toFixed(factor < 10 ? 2 : 0)} times as much`;
}
