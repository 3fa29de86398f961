import * as pulumi from "@pulumi/pulumi";
import { checkDeployment } from "./check";
import { platform } from "./platform";
import { serving } from "./serving";
import type { Settings } from "./settings";
import { tuning } from "./tuning";

/** Outputs of a stack, a contract with the scripts and stacks that read them. */
export interface StackOutputs {
  readonly clusterName: pulumi.Output<string>;
  readonly gpuSize: string;
  readonly gpuSizeReason: string;
  /** Namespace of the team, and the name of its run, of the run's record and of the service. */
  readonly namespace?: string;
  readonly runName?: string;
  readonly datasetImage?: pulumi.Output<string>;
  readonly runId?: string;
  readonly record?: pulumi.Output<Readonly<Record<string, string>>>;
  /** Empty until the first run has finished. */
  readonly adapterImage?: pulumi.Output<string>;
  readonly endpoint?: pulumi.Output<string>;
}

/** Registers the layers that a stack holds, each on the one before it. */
export function deploy(settings: Settings): StackOutputs {
  checkDeployment(settings, pulumi.getProject(), pulumi.getStack());
  const base = platform(settings.platform, settings.tuning.recipe);
  const outputs: StackOutputs = {
    clusterName: base.cluster.clusterName,
    gpuSize: base.size.shape.size,
    gpuSizeReason: base.size.reason,
  };
  if (!settings.layers.includes("tuning")) return outputs;
  const tuned = tuning(base, settings.tuning, settings.platform.protect);
  const { run, dataset } = tuned;
  const withRun: StackOutputs = {
    ...outputs,
    namespace: tuned.team.namespace,
    runName: run.adapter.name,
    datasetImage: dataset.image,
    runId: run.runId,
    record: run.record,
    adapterImage: pulumi.output(run.adapter.image).apply((image) => image ?? ""),
  };
  if (!settings.layers.includes("serving")) return withRun;
  const service = serving(base, tuned, { ...settings.serving, ...settings.tuning });
  return { ...withRun, endpoint: service.endpoint };
}
