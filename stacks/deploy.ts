import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../components/plan/refuse";
import { stackProblems } from "./check";
import { type Platform, platform } from "./platform";
import { platformOf, platformOutput } from "./platform-output";
import { serving } from "./serving";
import type { Settings } from "./settings";
import { tuning } from "./tuning";

/** Outputs of a stack, a contract with the scripts and stacks that read them. */
export interface StackOutputs {
  /** What stacks of workloads build on; from a stack that holds the platform. */
  readonly platform?: pulumi.Output<unknown>;
  readonly clusterName: pulumi.Output<string>;
  /** Size of the pool, or of KAITO's node, that tunes, and why that one; no reason where the size was configured or is another stack's. */
  readonly gpuSize?: string;
  readonly gpuSizeReason?: string;
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

/** Registers the layers that a stack holds, each on the one before it; nothing where anything in the configuration is wrong. */
export async function deploy(settings: Settings): Promise<StackOutputs> {
  const { platformStack } = settings;
  const existing = platformStack === undefined || settings.platform ? undefined : await platformOf(platformStack, settings.login);
  refuse("The stack's configuration", stackProblems(settings, existing, pulumi.getProject(), pulumi.getStack()));
  const base = settings.platform ? platform(settings.platform) : existing;
  // A stack without layers is refused above.
  return base ? { ...platformOutputs(base, settings), ...workloads(base, settings) } : { clusterName: pulumi.output("") };
}

function platformOutputs(base: Platform, settings: Settings): StackOutputs {
  const [first] = Object.keys(base.pools);
  const name = settings.tuning?.pool ?? first ?? "";
  const size = settings.tuning?.size ?? base.pools[name]?.size;
  const chosen = settings.tuning?.size === undefined ? settings.platform?.pools.find((each) => each.name === name)?.decisions.size : undefined;
  return {
    ...(settings.platform ? { platform: platformOutput(base) } : {}),
    clusterName: pulumi.output(base.cluster.clusterName),
    // Pulumi warns of outputs that are there and undefined.
    ...(size === undefined ? {} : { gpuSize: size }),
    ...(typeof chosen === "object" ? { gpuSizeReason: chosen.reason } : {}),
  };
}

function workloads(base: Platform, settings: Settings): Omit<StackOutputs, "clusterName"> {
  if (!settings.tuning) return {};
  const tuned = tuning(base, settings.tuning, settings);
  const { run, dataset } = tuned;
  const outputs = {
    namespace: tuned.team.namespace,
    runName: run.adapter.name,
    datasetImage: dataset.image,
    runId: run.runId,
    record: run.record,
    adapterImage: pulumi.output(run.adapter.image).apply((image) => image ?? ""),
  };
  if (!settings.serving) return outputs;
  return { ...outputs, endpoint: serving(base, tuned, settings.serving, settings.tuning).endpoint };
}
