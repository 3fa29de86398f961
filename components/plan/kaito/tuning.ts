import type { Input } from "@pulumi/pulumi";
import { type GpuSize, isGpuSize } from "../catalogue/gpu-sizes";
import { tunablePreset } from "../catalogue/kaito-presets";
import { kaitoFacts, type KaitoNodeProvisioner, type KaitoVersionFacts, kaitoVersionProblems } from "../catalogue/kaito-versions";
import type { KubernetesVersion } from "../catalogue/kubernetes-versions";
import { deviceProblems } from "../gpu-pool/devices";
import type { PodSecurity } from "../manifests/pod-security";
import { type Recipe, recipeProblems, type ResolvedRecipe, resolveRecipe } from "../recipe";
import { type Problem, refusal, within } from "../refuse";
import { hoursForRun, registryIdProblems } from "../registry/secret";
import { runIdOf } from "../run-identity";
import type { RightSize } from "../sizing/right-size";
import { paidHoursProblems } from "../tuning-run";
import { matchLabelsOf } from "./own-nodes";
import { kaitoPodSecurityProblems } from "./pod-security";
import { datasetImageProblems, datasetWayProblems, workspaceNameProblems } from "./tuning/inputs";
import { type KaitoPlace, placeProblems } from "./tuning/place";
import { type KaitoVersion, presetOf, presetProblems, retirementNotice } from "./tuning/preset";
import { kaitoRecipeProblems } from "./tuning/recipe";
import { kaitoLayout, kaitoRoomProblems, kaitoSizeProblems } from "./tuning/room";
import { kaitoTrainingConfig, trainingConfigText } from "./tuning/training-config";

/** What decides a run of KAITO's. */
export interface KaitoTuningDecisions extends KaitoPlace {
  readonly recipe: Recipe;
  readonly kaito: { readonly version: string; readonly nodeProvisioner: KaitoNodeProvisioner };
  /** The team's namespace and the Pod Security level that it enforces, where that is known. */
  readonly team: { readonly namespace: string; readonly podSecurity?: PodSecurity };
  /** Kubernetes of the cluster. */
  readonly kubernetesVersion: KubernetesVersion;
  readonly dataset: { readonly contentKey: string; readonly rows?: number; readonly image: Input<string> };
  /** Registry and repository of the dataset's image, where it is pulled with a secret. */
  readonly datasets?: { readonly registry?: { readonly id: Input<string> }; readonly repository: string };
  /** Registry that adapters are pushed to. */
  readonly adapters: { readonly id: Input<string>; readonly loginServer: Input<string> };
  readonly maximumPaidHours?: number;
  readonly deadlineHours?: number;
}

/** Everything that is decided about a run of KAITO's before anything is registered. */
export interface KaitoTuningPlan {
  /** Of the run, its record, and its Workspace. */
  readonly name: string;
  readonly namespace: string;
  readonly runId: string;
  /** Of the keeper's Job, configuration and role. */
  readonly keeperName: string;
  readonly trainingConfig: { readonly name: string; readonly text: string };
  readonly recipe: ResolvedRecipe;
  readonly preset: string;
  readonly kaitoVersion: string;
  readonly workspaceApi: KaitoVersionFacts["workspaceApi"];
  readonly size: GpuSize;
  /** Who makes the node. */
  readonly nodesBy: "KAITO" | "pool";
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly datasetKey: string;
  readonly rows: number | undefined;
  /** How the dataset gets into the pod: mounted as it is, or pulled with a secret by KAITO. */
  readonly input: { readonly kind: "mounted" } | { readonly kind: "pulled"; readonly repository: string };
  readonly adapterRepository: string;
  readonly maximumPaidHours: number;
  readonly deadlineHours: number;
  /** Life of the secrets: the adapter is pushed at the end. */
  readonly secretHours: number;
  readonly sizing: RightSize;
  /** KAITO's node count beside ours. */
  readonly nodes: string;
  /** What to know of the preset. */
  readonly notice: string | undefined;
}

/** Hours that a run may wait for its node, and for the one before it to go, over those that are paid. */
const WAITING_HOURS = 24;
/** Label of a node that KAITO buys for one Workspace; nothing else ties a tuning pod to it. */
const WORKSPACE_LABEL = "aks-fine-tuning.dev/workspace";

/** Refuses, all at once, what KAITO would refuse and what it would admit and then fail at on a paid node. */
export function planKaitoTuning(name: string, decisions: KaitoTuningDecisions): KaitoTuningPlan {
  const { recipe, kaito, team, dataset, datasets, maximumPaidHours = 24 } = decisions;
  const { deadlineHours = maximumPaidHours + WAITING_HOURS } = decisions;
  const problems = kaitoTuningProblems(name, decisions);
  const facts = kaitoFacts(kaito.version);
  const size = decisions.size ?? decisions.pool?.size;
  const preset = presetOf(recipe) ?? "";
  const tunable = tunablePreset(preset);
  // Without problems there is each of these.
  if (problems.length > 0 || !facts || !size || !tunable) throw refusal(`TuningJob "${name}"`, problems);
  const version: KaitoVersion = { version: kaito.version, facts };
  const resolved = resolveRecipe(recipe);
  const runId = runIdOf({ recipe: resolved, datasetKey: dataset.contentKey });
  const sizing = kaitoLayout(recipe, size, dataset.rows, version);
  const text = trainingConfigText(kaitoTrainingConfig(resolved, tunable, sizing.shape, facts.trainer));
  return {
    name,
    namespace: team.namespace,
    runId,
    keeperName: `${name}-${runId}`,
    trainingConfig: { name: `${name}-training-${runId}`, text },
    recipe: resolved,
    preset,
    kaitoVersion: kaito.version,
    workspaceApi: facts.workspaceApi,
    size,
    nodesBy: decisions.pool === undefined ? "KAITO" : "pool",
    matchLabels: decisions.pool === undefined ? { [WORKSPACE_LABEL]: `${team.namespace}.${name}` } : matchLabelsOf(decisions.pool.nodeSelector),
    datasetKey: dataset.contentKey,
    rows: dataset.rows,
    input: datasets === undefined ? { kind: "mounted" } : { kind: "pulled", repository: datasets.repository },
    adapterRepository: `${team.namespace}/${name}`,
    maximumPaidHours,
    deadlineHours,
    secretHours: hoursForRun(deadlineHours),
    sizing,
    nodes: nodesText(kaito.version, sizing),
    notice: retirementNotice(preset, version),
  };
}

/** Every fault of a run of KAITO's. */
export function kaitoTuningProblems(name: string, decisions: KaitoTuningDecisions): Problem[] {
  const { recipe, kaito, team, dataset, datasets, pool, adapters, maximumPaidHours = 24, deadlineHours } = decisions;
  const ofRecipe = recipeProblems(recipe);
  const output = { loginServer: typeof adapters.loginServer === "string" ? adapters.loginServer : undefined, repository: `${team.namespace}/${name}` };
  const own = [
    ...workspaceNameProblems(name, team.namespace),
    ...(typeof dataset.image === "string" ? datasetImageProblems(dataset.image, output) : []),
    ...paidHoursProblems(maximumPaidHours),
    ...deadlineProblems(deadlineHours, maximumPaidHours),
    ...registryIdProblems(adapters.id, "team.adapters.id"),
    ...registryIdProblems(datasets?.registry?.id, "datasets.registry.id"),
    ...(pool === undefined ? [] : within("pool", deviceProblems(pool))),
  ];
  const facts = kaitoFacts(kaito.version);
  if (facts === undefined) return [...kaitoVersionProblems("kaito.version", kaito.version), ...within("recipe", ofRecipe), ...own];
  const version = { version: kaito.version, facts, nodeProvisioner: kaito.nodeProvisioner };
  const kubernetesVersion = decisions.kubernetesVersion;
  return [
    ...within("recipe", [...ofRecipe, ...presetProblems(recipe, version), ...kaitoRecipeProblems(recipe, version)]),
    ...placeProblems({ name, namespace: team.namespace }, decisions, version),
    ...hardwareProblems(decisions, version, ofRecipe.length === 0),
    ...kaitoPodSecurityProblems("AKSFT-KAITO-34", team.podSecurity, version),
    ...datasetWayProblems({ repository: datasets?.repository, pool, kubernetesVersion }, version),
    ...own,
  ];
}

/** The size, and whether it holds the run where the recipe can be reckoned with. */
function hardwareProblems({ recipe, size, pool }: KaitoTuningDecisions, version: KaitoVersion, reckonable: boolean): Problem[] {
  const [path, chosen] = pool === undefined ? ["size", size] : ["pool.size", pool.size];
  if (chosen === undefined || (size !== undefined && pool !== undefined)) return [];
  const ofSize = kaitoSizeProblems(path, chosen, version);
  if (ofSize.length > 0 || !reckonable || !isGpuSize(chosen)) return ofSize;
  return recipe.method === "lora" || recipe.method === "qlora" ? kaitoRoomProblems(path, recipe, chosen, version) : [];
}

function deadlineProblems(hours: number | undefined, paid: number): Problem[] {
  if (hours === undefined || (Number.isFinite(hours) && hours > paid && hours <= 24 * 30 + WAITING_HOURS)) return [];
  const rule = `must be above the ${paid} hours of maximumPaidHours, as the wait for a node is in it, and at most ${24 * 30 + WAITING_HOURS}`;
  return [{ code: "AKSFT-KAITO-37", path: "deadlineHours", got: hours, rule, fix: `use ${paid + WAITING_HOURS}, or leave it out` }];
}

function nodesText(version: string, { memory, shape }: RightSize): string {
  const ours = `this estimate takes 1 of ${shape.size}, for ${memory.safeGiB.toFixed(1)} GiB of its GPU`;
  return `KAITO ${version} takes 1 node for every tuning run and reckons no memory; ${ours}`;
}
