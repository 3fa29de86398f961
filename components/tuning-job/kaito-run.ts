import * as batch from "@pulumi/kubernetes/batch/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { held } from "../checked";
import type { DatasetRef } from "../dataset-image";
import type { PoolRef } from "../gpu-node-pool";
import { guardsOfKaito, type KaitoRef } from "../kaito";
import type { GpuSize } from "../plan/catalogue/gpu-sizes";
import { type KaitoTuningPlan, planKaitoTuning } from "../plan/kaito/tuning";
import { datasetImageProblems } from "../plan/kaito/tuning/inputs";
import {
  kaitoKeeperConfiguration,
  type KaitoKeeperInputs,
  keeperJobManifest,
  keeperRoleRules,
  trainingConfigManifest,
} from "../plan/manifests/kaito-keeper";
import type { Recipe } from "../plan/recipe";
import type { RegistryRef } from "../registry";
import { RegistrySecret } from "../registry-secret";
import type { TeamRef } from "../team";
import type { TrainerRef } from "../trainer-image";
import type { PlannedRun } from "./planned-run";
import { runFoundation } from "./run-foundation";

/** Arguments of a TuningJob whose run is KAITO's. Exactly one of `size` and `pool` says where. */
export interface KaitoTuningJobArgs {
  /** Has KAITO tune. */
  readonly engine: "kaito";
  /** KAITO in the team's cluster. */
  readonly kaito: KaitoRef;
  /**
   * Team whose namespace it runs in. It must admit KAITO's pods, which name neither a security context nor limits (`podSecurity` "baseline"); with
   * `egressNames` it names mcr.microsoft.com and *.data.mcr.microsoft.com, from where they fetch the preset's weights.
   */
  readonly team: TeamRef;
  /** What determines the result. KAITO's loss counts all tokens, so `loss` must be "all". */
  readonly recipe: Recipe;
  /** Rows to train on. */
  readonly dataset: DatasetRef;
  /** Image of the program that makes, follows and deletes the Workspace. */
  readonly trainer: TrainerRef;
  /** VM size, of one GPU, that KAITO buys a node of for the run. @default - the pool's nodes */
  readonly size?: GpuSize;
  /**
   * Pool of your own, where KAITO's provisioner is "azure-gpu-provisioner". Its nodes carry the labels kaito.sh/workspace (this job's name) and
   * kaito.sh/workspacenamespace (the team's), and at least one of them must be ready before the run starts.
   * @default - KAITO buys a node
   */
  readonly pool?: PoolRef;
  /** Where the dataset's image is, for a secret to pull it with. @default - the image is mounted, pulled by the nodes' identity */
  readonly datasets?: {
    /** Registry of the image. */
    readonly registry: RegistryRef;
    /** Its repository in there, for example "datasets/tickets". */
    readonly repository: string;
  };
  /** Most hours of GPU time to pay for before the run is ended. @default 24 */
  readonly maximumPaidHours?: number;
  /** Hours after which the run is ended, the wait for a node included; its secrets live as long and two hours more. @default - 24 more than are paid */
  readonly deadlineHours?: number;
}

/** KAITO cuts a network, deletes machines, and lets go of the Workspace when they are gone. */
const LONGEST_DELETE = "60m";

/** A run of KAITO's, kept by a Job of ours. */
export function kaitoRun(name: string, args: KaitoTuningJobArgs): PlannedRun {
  const { team, kaito } = args;
  const plan = planKaitoTuning(name, { ...args, kubernetesVersion: team.cluster.kubernetesVersion, adapters: team.adapters });
  return {
    ...plan,
    summary: summaryOf(plan, args),
    notices: plan.notice === undefined ? [] : [plan.notice],
    guards: guardsOfKaito(kaito),
    register: (child) => registerRun(plan, args, child),
  };
}

function summaryOf(plan: KaitoTuningPlan, { pool }: KaitoTuningJobArgs): Readonly<Record<string, unknown>> {
  const { runId, recipe, rows, kaitoVersion, name: workspace, preset, nodesBy, nodes: sizing, maximumPaidHours, deadlineHours } = plan;
  const { reason, shape, priority, hours, usd } = plan.sizing;
  const engine = { engine: "kaito", kaitoVersion, workspace, preset, nodesBy, nodes: shape.nodes, sizing, maximumPaidHours, deadlineHours };
  const where = pool === undefined ? {} : { nodeSelector: pool.nodeSelector };
  return { runId, model: recipe.model.name, method: recipe.method, rows, reason, shape, priority, hours, usd, ...engine, ...where };
}

type ChildOptions = Parameters<PlannedRun["register"]>[0];

function registerRun(plan: KaitoTuningPlan, args: KaitoTuningJobArgs, child: ChildOptions): void {
  const { team, trainer } = args;
  // As with the run's configuration: what it started with stays.
  const training = new core.ConfigMap(plan.trainingConfig.name, trainingConfigManifest(plan), { ...child, ignoreChanges: ["data"] });
  const [push, pull] = secrets(plan, args, child);
  const inputs: KaitoKeeperInputs = {
    registry: team.adapters.loginServer,
    adapterImage: pulumi.interpolate`${team.adapters.loginServer}/${plan.adapterRepository}:${plan.runId}`,
    datasetImage: datasetImage(plan, args),
    trainerImage: trainer.image,
    serviceAccountName: team.tuningServiceAccount,
    pushSecret: push.secretName,
    ...(pull ? { pullSecret: pull.secretName } : {}),
  };
  const foundation = { objectName: plan.keeperName, configuration: kaitoKeeperConfiguration(plan, inputs), rules: keeperRoleRules(plan) };
  const needed = [...runFoundation(plan, team, foundation, child), training, push, ...(pull ? [pull] : [])];
  new batch.Job(
    plan.keeperName,
    keeperJobManifest(plan, inputs),
    // A library upgrade must not restart a run: the provider replaces a Job for any change of its template.
    pulumi.mergeOptions(child, { ignoreChanges: ["spec"], dependsOn: needed, customTimeouts: { delete: LONGEST_DELETE } }),
  );
}

/** What KAITO's pods reach registries with, each secret for one repository and one run. */
function secrets(plan: KaitoTuningPlan, { team, datasets }: KaitoTuningJobArgs, { parent, dependsOn }: ChildOptions): [RegistrySecret, RegistrySecret?] {
  const common = { team, validHours: plan.secretHours, mintedFor: plan.runId };
  const [pushName, pullName] = [`${plan.name}-push`, `${plan.name}-pull`];
  const push = new RegistrySecret(
    pushName,
    { ...common, registry: team.adapters, repository: plan.adapterRepository, access: "push", secretName: pushName },
    { parent, dependsOn },
  );
  if (datasets === undefined) return [push];
  const { registry, repository } = datasets;
  return [push, new RegistrySecret(pullName, { ...common, registry, repository, access: "pull", secretName: pullName }, { parent, dependsOn })];
}

/** What is known only when it is built is held to the same rules then. */
function datasetImage(plan: KaitoTuningPlan, { dataset, team }: KaitoTuningJobArgs): pulumi.Input<string> {
  if (typeof dataset.image === "string" && typeof team.adapters.loginServer === "string") return dataset.image;
  return pulumi.all([dataset.image, team.adapters.loginServer]).apply(([image, loginServer]) => {
    const output = { loginServer, repository: plan.adapterRepository };
    return held(`TuningJob "${plan.name}"`, (known) => datasetImageProblems(known, output))(image);
  });
}
