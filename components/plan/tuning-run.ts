import type { Input } from "@pulumi/pulumi";
import { deviceProblems, devicesOf, type PoolDevices } from "./gpu-pool/devices";
import { nameProblems } from "./names";
import { type Recipe, recipeProblems, type ResolvedRecipe, resolveRecipe } from "./recipe";
import { type Problem, refuse, within } from "./refuse";
import { runIdOf } from "./run-identity";
import { type RightSize, rightSizeOn } from "./sizing/right-size";
import { ENGINES } from "./sizing/right-size/constraints";
import { choiceProblems } from "./spelling";
import { roomProblems, sizingProblems, trainerProblems } from "./tuning-run/fit";
import type { Priority, Shape } from "./sizing/shape";
import { imageVolumeProblems, type KubernetesVersion } from "./catalogue/kubernetes-versions";

export interface TuningRunDecisions {
  /** What runs the recipe; any other has a plan of its own. @default "job" */
  readonly engine?: "job";
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
  /** Layout as `rightSize` found it, for the pool's size. @default - the cheapest that fits the pool */
  readonly sizing?: RightSize;
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
  const { recipe, namespace, dataset, pool, maximumPaidHours = 24, sizing } = decisions;
  const subject = `TuningJob "${name}"`;
  refuse(subject, [
    ...nameProblems("workload", "name", name),
    ...choiceProblems("AKSFT-TUNE-27", "engine", decisions.engine, ENGINES),
    ...within("recipe", [...recipeProblems(recipe), ...trainerProblems(recipe)]),
    ...paidHoursProblems(maximumPaidHours),
    ...(decisions.team ? checkpointsProblems(decisions.team.checkpointsClaim, pool.priority) : []),
    ...imageVolumeProblems("AKSFT-TUNE-13", "dataset and weights", pool),
    ...within("pool", deviceProblems(pool)),
  ]);
  const resolved = resolveRecipe(recipe);
  refuse(subject, [...roomProblems(recipe, pool), ...(sizing ? sizingProblems(resolved, pool, sizing) : [])]);
  const runId = runIdOf({ recipe: resolved, datasetKey: dataset.contentKey });
  const laidOut = sizing ?? rightSizeOn(pool, recipe, dataset.rows);
  return {
    name,
    namespace,
    runId,
    tuningJobName: `${name}-${runId}`,
    preflightJobName: `${name}-${runId}-preflight`,
    configurationName: `${name}-${runId}`,
    recipe: resolved,
    shape: laidOut.shape,
    priority: pool.priority,
    gpuResource: devicesOf(pool).gpuResource,
    datasetKey: dataset.contentKey,
    rows: dataset.rows,
    adapterRepository: `${namespace}/${name}`,
    checkpointEverySteps: checkpointEverySteps(resolved, dataset.rows),
    maximumPaidHours,
    sizing: laidOut,
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

/** The limit on hours of GPU time. */
export function paidHoursProblems(hours: number): Problem[] {
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
