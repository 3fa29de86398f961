import * as batch from "@pulumi/kubernetes/batch/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as rbac from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import type { DatasetRef } from "./dataset-image";
import type { PoolRef } from "./gpu-node-pool";
import { licenceNotice } from "./plan/licence";
import { trainerConfiguration } from "./plan/manifests/trainer-configuration";
import { preflightJobManifest, runRoleRules, runSubject, tuningJobManifest } from "./plan/manifests/tuning-job";
import { recordManifest, runLabels, type TuningPodInputs } from "./plan/manifests/tuning-pod";
import type { Recipe } from "./plan/recipe";
import type { RightSize } from "./plan/sizing/right-size";
import { planTuningRun, type TuningRunPlan } from "./plan/tuning-run";
import { guardsOf, type TeamRef } from "./team";
import { tellOnce } from "./told-once";
import type { TrainerRef } from "./trainer-image";

/** A tuned adapter, or the promise of one. */
export interface AdapterRef {
  /** Name of the run that made it, and of the adapter in a service. */
  readonly name: string;
  /** Name of the base model it was tuned on. */
  readonly baseModel: string;
  /** Rank of its matrices. */
  readonly rank: number;
  /** Reference by digest; undefined until the first run has finished. */
  readonly image: pulumi.Input<string | undefined>;
}

/** Arguments of a TuningJob. */
export interface TuningJobArgs {
  /** Team whose namespace it runs in. */
  readonly team: TeamRef;
  /** GPU pool that it runs on. */
  readonly pool: PoolRef;
  /** What determines the result: model, method and hyper-parameters. */
  readonly recipe: Recipe;
  /** Rows to train on. */
  readonly dataset: DatasetRef;
  /** Image of the program that trains. */
  readonly trainer: TrainerRef;
  /** Image, by digest, with the base model's files under `/data`. */
  readonly weights: {
    /** Reference by digest. */
    readonly image: pulumi.Input<string>;
  };
  /** Layout as `rightSize` found it for the pool's size; one GPU, as the trainer uses no more. @default - the cheapest that fits the pool */
  readonly sizing?: RightSize;
  /** Most hours of GPU time to pay for before the run gives up. @default 24 */
  readonly maximumPaidHours?: number;
}

/**
 * A tuning run that survives eviction and is never paid twice.
 *
 * Creates the run's record, its configuration, a preflight Job on a CPU node and the tuning Job, suspended until preflight lets it go. The
 * names contain a hash of what determines the result: another dataset or recipe is a new run, another trainer image or GPU size is not.
 * `up` starts the run and does not wait for it. Idle it costs nothing; busy, one node of the pool.
 *
 * @example
 * const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });
 */
export class TuningJob extends pulumi.ComponentResource {
  /** Hash of everything that determines the result; in the names of the objects of the run. */
  readonly runId: string;
  /** The last finished adapter of this job; it stays while a new run is under way. */
  readonly adapter: AdapterRef;
  /** What the run says of itself, live at each preview: state, step, loss, time left. */
  readonly record: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: TuningJobArgs, opts?: pulumi.ComponentResourceOptions) {
    const { team, pool, recipe, dataset, sizing, maximumPaidHours } = args;
    const plan = planTuningRun(name, { recipe, namespace: team.namespace, dataset, pool, sizing, maximumPaidHours, team });
    super("aks-fine-tuning:index:TuningJob", name, summaryOf(plan, pool), opts);
    tellOnce(licenceNotice(plan.recipe.model.name), this);
    const child = { parent: this, provider: team.cluster.provider, dependsOn: guardsOf(team) };

    const record = new core.ConfigMap(
      name,
      recordManifest(plan),
      // The run writes its data; Pulumi only sees to it that it exists.
      { ...child, ignoreChanges: ["data"] },
    );
    const live = core.ConfigMap.get(`${name}-record`, record.id, child);
    registerRun(plan, args, pulumi.mergeOptions(child, { dependsOn: [record] }));

    this.runId = plan.runId;
    // Emptied by hand, a record has no data, whatever the SDK's type says.
    this.record = live.data.apply((data: Readonly<Record<string, string>> | undefined) => data ?? {});
    this.adapter = {
      name,
      baseModel: plan.recipe.model.name,
      rank: plan.recipe.lora.rank,
      image: pulumi.all([team.adapters.loginServer, this.record]).apply(([server, { adapterDigest }]) =>
        adapterDigest ? `${server}/${plan.adapterRepository}@${adapterDigest}` : undefined,
      ),
    };
    this.registerOutputs({ runId: this.runId, record: this.record, adapter: this.adapter.image });
  }
}

/** What a preview says of a run, in words of its own and not in those of its manifests, which name images that may be unknown. */
function summaryOf({ runId, recipe, rows, priority, shape, sizing }: TuningRunPlan, { nodeSelector }: PoolRef) {
  const { reason, hours, usd } = sizing;
  return { runId, model: recipe.model.name, method: recipe.method, rows, reason, shape, priority, nodeSelector, hours, usd };
}

/** The objects of one run. All carry its id in their names, so that another run replaces none of them. */
function registerRun(plan: TuningRunPlan, args: TuningJobArgs, child: pulumi.CustomResourceOptions): void {
  const { team, dataset, trainer, weights, pool } = args;
  const inputs: TuningPodInputs = {
    trainerImage: trainer.image,
    datasetImage: dataset.image,
    weightsImage: weights.image,
    serviceAccountName: team.tuningServiceAccount,
    checkpointsClaim: team.checkpointsClaim,
  };
  const lineage = { registry: team.adapters.loginServer, trainerImage: trainer.image, datasetImage: dataset.image };
  const metadata = { name: plan.configurationName, namespace: plan.namespace, labels: runLabels(plan) };
  const configuration = new core.ConfigMap(
    plan.configurationName,
    { metadata, immutable: true, data: { "config.json": pulumi.jsonStringify(trainerConfiguration(plan, lineage)) } },
    // A run keeps the configuration it started with; what changes its result changes its id.
    { ...child, ignoreChanges: ["data"] },
  );
  const role = new rbac.Role(plan.tuningJobName, { metadata, rules: runRoleRules(plan) }, child);
  const binding = new rbac.RoleBinding(
    plan.tuningJobName,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: plan.tuningJobName },
      subjects: [runSubject(plan, team.tuningServiceAccount)],
    },
    pulumi.mergeOptions(child, { dependsOn: [role] }),
  );
  // A library upgrade must not restart a run: the provider replaces a Job for any change of its template.
  const asStarted = pulumi.mergeOptions(child, { ignoreChanges: ["spec"], dependsOn: [configuration, binding] });
  const tuning = new batch.Job(plan.tuningJobName, tuningJobManifest(plan, inputs, pool), asStarted);
  new batch.Job(
    plan.preflightJobName,
    preflightJobManifest(plan, inputs),
    pulumi.mergeOptions(asStarted, { dependsOn: [tuning] }),
  );
}
