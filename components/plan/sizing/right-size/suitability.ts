import { GPU_PRICES, GPU_SIZES, type GpuSizeFacts } from "../../catalogue/gpu-sizes";
import { devicesOf, isSliced, type PoolDevices } from "../../gpu-pool/devices";
import type { KnownPrice } from "../../prices";
import type { Priority } from "../shape";
import type { Constraints } from "./constraints";

/** A pool to judge; one that exists is judged at its own priority, and taken first. */
export interface JudgedPool extends PoolDevices {
  readonly priority: Priority;
  readonly exists: boolean;
}

/** What the constraints, the engine or the card rule out, before anything is estimated. */
export function unsuitable(pool: JudgedPool, constraints: Constraints): string | undefined {
  return (pool.exists ? undefined : unwanted(pool, constraints)) ?? tooManyGpus(pool, constraints) ?? missing(pool, constraints);
}

/** What was not asked for; a pool that exists was. */
function unwanted({ size }: JudgedPool, { families, sizes, engine }: Constraints): string | undefined {
  const { family, kaito }: GpuSizeFacts = GPU_SIZES[size];
  if (families && !families.includes(family)) return `family ${family} is not among ${families.join(", ")}`;
  if (sizes && !sizes.includes(size)) return `is not among ${sizes.join(", ")}`;
  return engine === "kaito" && !kaito ? "is not in KAITO's table of sizes: whole GPUs of compute capability 8.0 or later" : undefined;
}

/** All GPUs of a node are paid; slices are for other runs too. */
function tooManyGpus(pool: JudgedPool, { engine, maxGpus = Infinity }: Constraints): string | undefined {
  const most = engine === "job" ? 1 : maxGpus;
  const { gpusPerNode } = devicesOf(pool);
  if (gpusPerNode <= most || isSliced(pool)) return undefined;
  return `has ${gpusPerNode} GPUs, the run uses ${most === 1 ? "one" : `at most ${most}`}`;
}

function missing(pool: JudgedPool, { engine, trainer }: Constraints): string | undefined {
  const { share, computeCapability }: GpuSizeFacts = GPU_SIZES[pool.size];
  const part = share !== undefined || isSliced(pool);
  if (engine === "kaito" && (part || computeCapability < 8)) return "has no whole GPU of compute capability 8.0 or later, which KAITO needs";
  if (trainer?.attention === "flash" && computeCapability < 8) return "has no flash attention, which needs compute capability 8.0";
  // https://docs.nvidia.com/vgpu/latest/grid-vgpu-user-guide/: unified memory is off in fractional vGPUs.
  if (trainer?.optimizer === "paged-adamw-8bit" && share !== undefined) return "is a part of a GPU without unified memory, which a paged optimizer needs";
  return undefined;
}

/** A size that was asked for by name need not have a price, nor one of the region. */
export function unpriced({ size, priority, exists }: JudgedPool, price: KnownPrice | undefined, { sizes }: Constraints): string | undefined {
  if (exists || sizes?.includes(size)) return undefined;
  const tier = priority === "Spot" ? "spot" : "pay-as-you-go";
  if (price === undefined) return `no ${tier} price is known`;
  return !price.standsIn || price.region === GPU_PRICES.region ? undefined : `its ${tier} price is known in ${price.region} only`;
}
