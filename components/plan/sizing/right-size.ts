import { RunError } from "@pulumi/pulumi/errors";
import {
  GPU_PRICES,
  GPU_SIZE_NAMES,
  GPU_SIZES,
  type GpuFamily,
  type GpuSize,
  type GpuSizeFacts,
  hourlyUsd,
  priceSource,
} from "../catalogue/gpu-sizes";
import { computeShare, devicesOf, isSliced, type PoolDevices } from "../gpu-pool/devices";
import { type Recipe, recipeProblems, type ResolvedRecipe, resolveRecipe } from "../recipe";
import { refuse } from "../refuse";
import { parameterCount } from "./parameters";
import { estimateTuningMemory, type MemoryEstimate } from "./tuning-memory";

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

/** What a size may cost and where it must be had. */
export interface Constraints {
  /** Azure region. Prices are those of the catalogue's region until it holds others. */
  readonly location: string;
  /** Whether prices and quota are those of spot capacity. @default "Regular" */
  readonly priority?: Priority;
  /** GPU families to choose from. @default - all */
  readonly families?: readonly GpuFamily[];
  /** Sizes to choose from, for example those of pools that exist. @default - all */
  readonly sizes?: readonly GpuSize[];
  /** Most to pay for a node, in USD per hour. @default - no limit */
  readonly maxHourlyUsd?: number;
  /** Rows of the dataset, for hours and cost. @default 1000 */
  readonly rows?: number;
}

/** A guess between two bounds. */
export interface Range {
  /** Lower bound. */
  readonly low: number;
  /** Upper bound. */
  readonly high: number;
}

/** A size that fits, and what the run would take on it. */
export interface Candidate {
  /** VM size. */
  readonly size: GpuSize;
  /** How the run would be laid out on it. */
  readonly shape: Shape;
  /** Memory of one GPU. */
  readonly memory: MemoryEstimate;
  /** Duration, in hours. */
  readonly hours: Range;
  /** Cost of one run, in USD; undefined where no price is known. */
  readonly usd: Range | undefined;
}

/** A size that does not fit. */
export interface Refusal {
  /** VM size. */
  readonly size: GpuSize;
  /** The limit that it misses, with its numbers. */
  readonly why: string;
}

/** The answer of rightSize: the cheapest run that safely fits, and why. */
export interface RightSize {
  /** Chosen size and layout. */
  readonly shape: Shape;
  /** Price tier that was priced. */
  readonly priority: Priority;
  /** One sentence for people. */
  readonly reason: string;
  /** Memory of one GPU. */
  readonly memory: MemoryEstimate;
  /** Duration, in hours. */
  readonly hours: Range;
  /** Cost of the run in USD; undefined where no price is known. */
  readonly usd: Range | undefined;
  /** Quota that one node uses. */
  readonly quota: {
    /** Name under which Azure counts it. */
    readonly family: string;
    /** vCPUs of one node. */
    readonly vcpus: number;
    /** Whether the region's spot quota is used. */
    readonly spot: boolean;
  };
  /** The next best sizes, cheapest run first. */
  readonly candidates: readonly Candidate[];
  /** Sizes that do not fit, each with the reason. */
  readonly refused: readonly Refusal[];
}

/**
 * The cheapest run that safely fits, on one GPU of one node.
 *
 * @throws RunError when the recipe is faulty or no size holds it, with every size's reason.
 */
export function rightSize(recipe: Recipe, constraints: Constraints): RightSize {
  return choose(recipe, constraints, GPU_SIZE_NAMES.map((size) => ({ size })));
}

/** The layout that fits the GPUs, whole or sliced, of the pool at hand: micro-batch and checkpointing. */
export function rightSizeOn(pool: PoolDevices & { readonly priority: Priority }, recipe: Recipe, rows?: number): RightSize {
  const others = GPU_SIZE_NAMES.filter((size) => size !== pool.size).map((size) => ({ size }));
  return choose(recipe, { location: "", priority: pool.priority, sizes: [pool.size], rows }, [pool, ...others]);
}

function choose(recipe: Recipe, constraints: Constraints, pools: readonly PoolDevices[]): RightSize {
  refuse("The recipe", recipeProblems(recipe));
  const resolved = resolveRecipe(recipe);
  const priority = constraints.priority ?? "Regular";
  const refused: Refusal[] = [];
  const fitting: Judged[] = [];
  for (const pool of pools) {
    const verdict = judge(resolved, pool, priority, constraints);
    if ("why" in verdict) refused.push(verdict);
    else fitting.push(verdict);
  }
  fitting.sort((a, b) => (a.usd?.high ?? Infinity) - (b.usd?.high ?? Infinity) || a.memory.safeGiB - b.memory.safeGiB);
  const [best, ...rest] = fitting;
  if (!best) throw new RunError(nothingFits(resolved, refused));
  const facts: GpuSizeFacts = GPU_SIZES[best.size];
  return {
    ...candidateOf(best),
    priority,
    reason: reasonFor(resolved, best, priority, rest[0]),
    quota: { family: facts.quotaFamily, vcpus: facts.vcpus, spot: priority === "Spot" },
    candidates: rest.slice(0, 3).map(candidateOf),
    refused,
  };
}

function candidateOf({ size, shape, memory, hours, usd }: Judged): Candidate {
  return { size, shape, memory, hours, usd };
}

function judge(recipe: ResolvedRecipe, pool: PoolDevices, priority: Priority, constraints: Constraints): Judged | Refusal {
  const { size } = pool;
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const { gpusPerNode, gpuMemoryGiB } = devicesOf(pool);
  if (constraints.families && !constraints.families.includes(facts.family)) {
    return { size, why: `family ${facts.family} is not among ${constraints.families.join(", ")}` };
  }
  if (constraints.sizes && !constraints.sizes.includes(size)) {
    return { size, why: `is not among ${constraints.sizes.join(", ")}` };
  }
  // Sharding over GPUs is not chosen yet, so more than one would idle; other slices are for other runs.
  if (gpusPerNode > 1 && !isSliced(pool)) return { size, why: `has ${gpusPerNode} GPUs, the run uses one` };
  const hourly = hourlyUsd(size, priority);
  // A size that was asked for by name need not have a price.
  if (hourly === undefined && !constraints.sizes) return { size, why: `no ${priority.toLowerCase()} price is known` };
  const { region } = priceSource(size, priority);
  if (region !== GPU_PRICES.region && !constraints.sizes) return { size, why: `its ${priority.toLowerCase()} price is known in ${region} only` };
  if (constraints.maxHourlyUsd !== undefined && (hourly ?? Infinity) > constraints.maxHourlyUsd) {
    return { size, why: `costs ${hourly ?? "an unknown number of"} USD per hour, above ${constraints.maxHourlyUsd}` };
  }
  const layout = largestLayout(recipe, gpuMemoryGiB);
  if (!layout) {
    const least = estimateTuningMemory(recipe, { microBatch: 1, checkpointing: "full" });
    return { size, why: `needs ${gib(least.safeGiB)} at its smallest, the ${isSliced(pool) ? "slice" : "GPU"} has ${gib(gpuMemoryGiB)}` };
  }
  const hours = hoursOf(recipe, facts.tflops * computeShare(pool), constraints.rows ?? 1000, layout.checkpointing);
  const shape = { size, nodes: 1, gpusPerNode: 1, sharding: "none", optimizer: "adamw", ...layout.shape } as const;
  // Between a node whose every slice is busy and one that runs for this run alone.
  const sharers = isSliced(pool) ? gpusPerNode : 1;
  const usd = hourly === undefined ? undefined : { low: (hours.low * hourly) / sharers, high: hours.high * hourly };
  return { pool, size, shape, memory: layout.memory, hours, usd };
}

interface Judged extends Candidate {
  readonly pool: PoolDevices;
}

interface Layout {
  readonly shape: { readonly microBatch: number; readonly checkpointing: "none" | "full" };
  readonly memory: MemoryEstimate;
  readonly checkpointing: "none" | "full";
}

/** The biggest micro-batch that fits, without checkpointing if that fits: it costs a third more compute. */
function largestLayout(recipe: ResolvedRecipe, memoryGiB: number): Layout | undefined {
  for (const checkpointing of ["none", "full"] as const) {
    for (const microBatch of [16, 8, 4, 2, 1]) {
      if (recipe.globalBatch % microBatch !== 0) continue;
      const memory = estimateTuningMemory(recipe, { microBatch, checkpointing });
      if (memory.safeGiB <= memoryGiB) return { shape: { microBatch, checkpointing }, memory, checkpointing };
    }
  }
  return undefined;
}

/**
 * Hours of training. Four passes of 2 FLOPs a parameter and token with a frozen base (forward twice, backward to the inputs), a third more
 * with checkpointing (Korthikanti et al.); 20 to 45 % of the card's 16-bit peak, the spread of published LoRA runs. Start-up is not included.
 */
function hoursOf(recipe: ResolvedRecipe, tflops: number, rows: number, checkpointing: "none" | "full"): Range {
  const tokens = rows * recipe.epochs * recipe.sequenceLength;
  const flops = tokens * parameterCount(recipe.model) * (checkpointing === "full" ? 6 : 4);
  const at = (utilisation: number): number => flops / (tflops * 1e12 * utilisation) / 3600;
  return { low: at(0.45), high: at(0.2) };
}

function reasonFor(recipe: ResolvedRecipe, { pool, ...best }: Judged, priority: Priority, next: Candidate | undefined): string {
  const facts: GpuSizeFacts = GPU_SIZES[best.size];
  const runnerUp = next ? `; next is ${next.size}` : "";
  return (
    `${best.size} (1 ${isSliced(pool) ? `of ${devicesOf(pool).gpusPerNode} slices of its` : "×"} ${facts.gpuModel}) is the cheapest run that fits: ${recipe.method} of ${recipe.model.name} at ` +
    `${recipe.sequenceLength} tokens × ${best.shape.microBatch} needs ${gib(best.memory.safeGiB)} of ${gib(devicesOf(pool).gpuMemoryGiB)}, ` +
    `${priceText(best.size, priority)}${runnerUp}`
  );
}

function priceText(size: GpuSize, priority: Priority): string {
  const hourly = hourlyUsd(size, priority);
  if (hourly === undefined) return `no ${priority.toLowerCase()} price known`;
  const { region, date } = priceSource(size, priority);
  return `${hourly} USD per hour ${priority === "Spot" ? "as spot" : "pay-as-you-go"} (${region}, ${date})`;
}

function nothingFits(recipe: ResolvedRecipe, refused: readonly Refusal[]): string {
  const shorter = estimateTuningMemory({ ...recipe, sequenceLength: Math.ceil(recipe.sequenceLength / 2) }, { microBatch: 1, checkpointing: "full" });
  const quantised = estimateTuningMemory({ ...recipe, method: "qlora" }, { microBatch: 1, checkpointing: "full" });
  const wayOut = recipe.method === "lora" ? `qlora (${gib(quantised.safeGiB)}) or ` : "";
  return (
    `AKSFT-SIZE-01 recipe: no size fits ${recipe.method} of ${recipe.model.name} at ${recipe.sequenceLength} tokens:\n` +
    refused.map(({ size, why }) => `- ${size}: ${why}`).join("\n") +
    `\nfix: use ${wayOut}half the sequence length (${gib(shorter.safeGiB)})`
  );
}

function gib(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} GiB`;
}
