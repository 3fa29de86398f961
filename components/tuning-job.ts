import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { DatasetRef } from "./dataset-image";
import type { PoolRef } from "./gpu-node-pool";
import { licenceNotice } from "./plan/licence";
import { recordManifest } from "./plan/manifests/tuning-pod";
import type { Recipe } from "./plan/recipe";
import type { RightSize } from "./plan/sizing/right-size";
import { guardsOf, type TeamRef } from "./team";
import { tellOnce } from "./told-once";
import type { TrainerRef } from "./trainer-image";
import { kaitoRun, type KaitoTuningJobArgs } from "./tuning-job/kaito-run";
import { trainerRun } from "./tuning-job/trainer-run";

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

/** Arguments of a TuningJob whose run is the library's own trainer's. */
export interface TuningJobArgs {
  /** What runs the recipe; "kaito" has arguments of its own. @default "job" */
  readonly engine?: "job";
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
 * A tuning run that is never paid twice.
 *
 * Engine "job" (the default) survives eviction: it creates the run's record, its configuration, a preflight Job on a CPU node and the tuning Job,
 * suspended until preflight lets it go. Engine "kaito" has KAITO tune one of its presets on a node that KAITO buys: it creates the same record, the
 * sections of KAITO's configuration, a secret to push with, and a Job on a CPU node that makes the Workspace, follows it, and deletes it at its end,
 * which gives the node back. Of both the names contain a hash of what determines the result: another dataset or recipe is a new run, another
 * trainer image or GPU size is not. `up` starts the run and does not wait for it. Idle it costs nothing; busy, one node of the pool, or of the size
 * given to KAITO, for example 3.67 USD per hour of Standard_NC24ads_A100_v4.
 *
 * @example
 * const run = new TuningJob("tickets", { team, pool, recipe, dataset, trainer, weights });
 *
 * @example
 * const kaito = { version: "0.12", nodeProvisioner: "azure-gpu-provisioner" } as const;
 * const recipe: Recipe = { model: "Phi-4-mini-instruct", method: "qlora", sequenceLength: 2048, loss: "all" };
 * const run = new TuningJob("tickets", { engine: "kaito", kaito, team, recipe, dataset, trainer, size: "Standard_NV36ads_A10_v5" });
 */
export class TuningJob extends pulumi.ComponentResource {
  /** Hash of everything that determines the result; in the names of the objects of the run. */
  readonly runId: string;
  /** The last finished adapter of this job; it stays while a new run is under way. */
  readonly adapter: AdapterRef;
  /** What the run says of itself, live at each preview: state, step, loss, time left. */
  readonly record: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: TuningJobArgs | KaitoTuningJobArgs, opts?: pulumi.ComponentResourceOptions) {
    const run = args.engine === "kaito" ? kaitoRun(name, args) : trainerRun(name, args);
    super("aks-fine-tuning:index:TuningJob", name, run.summary, opts);
    const { team } = args;
    for (const notice of [licenceNotice(run.recipe.model.name), ...run.notices]) tellOnce(notice, this);
    const child = { parent: this, provider: team.cluster.provider, dependsOn: [...guardsOf(team), ...run.guards] };

    const record = new core.ConfigMap(
      name,
      recordManifest(run),
      // The run writes its data; Pulumi only sees to it that it exists.
      { ...child, ignoreChanges: ["data"] },
    );
    const live = core.ConfigMap.get(`${name}-record`, record.id, child);
    run.register({ ...child, dependsOn: [...child.dependsOn, record] });

    this.runId = run.runId;
    // Emptied by hand, a record has no data, whatever the SDK's type says.
    this.record = live.data.apply((data: Readonly<Record<string, string>> | undefined) => data ?? {});
    this.adapter = {
      name,
      baseModel: run.recipe.model.name,
      rank: run.recipe.lora.rank,
      image: pulumi.all([team.adapters.loginServer, this.record]).apply(([server, { adapterDigest }]) =>
        adapterDigest ? `${server}/${run.adapterRepository}@${adapterDigest}` : undefined,
      ),
    };
    this.registerOutputs({ runId: this.runId, record: this.record, adapter: this.adapter.image });
  }
}
