import type { Input } from "@pulumi/pulumi";
import { deviceProblems, devicesOf, isSliced, type PoolDevices } from "./gpu-pool/devices";
import { nameProblems } from "./names";
import { type Recipe, recipeProblems, type ResolvedRecipe, resolveRecipe } from "./recipe";
import { type Problem, refuse, within } from "./refuse";
import { runIdOf } from "./run-identity";
import { estimateTuningMemory } from "./sizing/tuning-memory";
import { GPU_SIZES, type GpuSizeFacts } from "./catalogue/gpu-sizes";
import { type Priority, type RightSize, rightSizeOn, type Shape } from "./sizing/right-size";
import { imageVolumeProblems, type KubernetesVersion } from "./catalogue/kubernetes-versions";

export interface TuningRunDecisions {
  readonly recipe: Recipe;
  /** Namespace of the team. */
  readonly namespace: string;
  /** Hash of the dataset's content, and how many rows it has where that is known. */
  readonly dataset: { readonly contentKey: string; readonly rows?: number };
  readonly pool: PoolDevices & {
    readonly priority: Priority;
    readonly kubernetesVersion: KubernetesVersion;
    readonly osSku: string;
  };
  /** Most hours of GPU time to pay for before the trainer gives up. @default 24 */
  readonly maximumPaidHours?: number;
  /** Claim on the volume for checkpoints, which outlives every pod. @default - not looked at */
  readonly team?: { readonly checkpointsClaim: Input<string> };
}

/** Everything that is decided about a run before anything is registered. */
export interface TuningRunPlan {
  readonly name: string;
  readonly namespace: string;
  readonly runId: string;
  readonly tuningJobName: string;
  readonly preflightJobName: string;
  readonly configurationName: string;
  readonly recipe: ResolvedRecipe;
  readonly shape: Shape;
  readonly priority: Priority;
  /** Resource that the run asks for its GPU by. */
  readonly gpuResource: string;
  readonly datasetKey: string;
  readonly rows: number | undefined;
  readonly adapterRepository: string;
  readonly checkpointEverySteps: number;
  readonly maximumPaidHours: number;
  readonly sizing: RightSize;
}

export function planTuningRun(name: string, decisions: TuningRunDecisions): TuningRunPlan {
  const { recipe, namespace, dataset, pool, maximumPaidHours = 24 } = decisions;
  const subject = `TuningJob "${name}"`;
  refuse(subject, [
    ...nameProblems("workload", "name", name),
    ...within("recipe", recipeProblems(recipe)),
    ...paidHoursProblems(maximumPaidHours),
    ...(decisions.team ? checkpointsProblems(decisions.team.checkpointsClaim, pool.priority) : []),
    ...imageVolumeProblems("AKSFT-TUNE-13", "dataset and weights", pool),
    ...within("pool", deviceProblems(pool)),
  ]);
  const resolved = resolveRecipe(recipe);
  refuse(subject, memoryProblems(resolved, pool));
  const runId = runIdOf({ recipe: resolved, datasetKey: dataset.contentKey });
  const sizing = rightSizeOn(pool, recipe, dataset.rows);
  return {
    name,
    namespace,
    runId,
    tuningJobName: `${name}-${runId}`,
    preflightJobName: `${name}-${runId}-preflight`,
    configurationName: `${name}-${runId}`,
    recipe: resolved,
    shape: sizing.shape,
    priority: pool.priority,
    gpuResource: devicesOf(pool).gpuResource,
    datasetKey: dataset.contentKey,
    rows: dataset.rows,
    adapterRepository: `${namespace}/${name}`,
    checkpointEverySteps: checkpointEverySteps(resolved, dataset.rows),
    maximumPaidHours,
    sizing,
  };
}

/**
 * Ten checkpoints a run, so that an eviction loses at most a tenth of it. Adapters are small: the time to save one is far below
 * a twentieth of that interval.
 */
function checkpointEverySteps({ globalBatch, epochs }: ResolvedRecipe, rows: number | undefined): number {
  if (rows === undefined) return 25;
  const steps = Math.ceil(rows / globalBatch) * epochs;
  return Math.max(1, Math.ceil(steps / 10));
}

function memoryProblems(recipe: ResolvedRecipe, pool: PoolDevices): Problem[] {
  const { size } = pool;
  const facts: GpuSizeFacts = GPU_SIZES[size];
  const { gpusPerNode, gpuMemoryGiB, gpuResource } = devicesOf(pool);
  // Slices are there to be shared: other pods get the others.
  if (gpusPerNode > 1 && !isSliced(pool)) {
    const rule = `has ${gpusPerNode} GPUs, the run uses one and the others would be paid idle`;
    return [{ code: "AKSFT-SIZE-03", path: "pool.size", got: size, rule, fix: "use a size with 1 GPU" }];
  }
  const least = estimateTuningMemory(recipe, { microBatch: 1, checkpointing: "full" });
  if (least.safeGiB <= gpuMemoryGiB) return [];
  const one = isSliced(pool) ? `one slice (${gpuResource}) of the ${facts.gpuModel}` : `one ${facts.gpuModel}`;
  return [
    {
      code: "AKSFT-SIZE-02",
      path: "pool.size",
      got: size,
      rule: `${recipe.method} of ${recipe.model.name} needs ${least.safeGiB.toFixed(1)} GiB at its smallest (weights ${least.parts.weights.toFixed(1)}), ${one} has ${Number(gpuMemoryGiB.toFixed(2))} GiB`,
      fix: recipe.method === "lora" ? 'use method "qlora", or the size that rightSize(recipe, …) picks' : "use the size that rightSize(recipe, …) picks",
    },
  ];
}

function paidHoursProblems(hours: number): Problem[] {
  if (Number.isFinite(hours) && hours > 0 && hours <= 24 * 30) return [];
  return [{ code: "AKSFT-TUNE-12", path: "maximumPaidHours", got: hours, rule: "must be above 0 and at most 720", fix: "use 24" }];
}

/** The compiler asks for a claim; an object literal of a JavaScript program, or one that was built elsewhere, may lack it. */
function checkpointsProblems(claim: Input<string> | undefined, priority: Priority): Problem[] {
  if (claim !== undefined && claim !== "") return [];
  const rule =
    priority === "Spot"
      ? "a run on spot nodes is evicted at 30 seconds' notice and needs 1 volume for checkpoints that outlives its pod"
      : "a run needs 1 volume for checkpoints that outlives its pod, as nodes are upgraded under it";
  return [{ code: "AKSFT-TUNE-17", path: "team.checkpointsClaim", got: claim, rule, fix: "give the name of a claim on shared storage, as a Team has one" }];
}
