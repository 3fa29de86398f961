import { PLAYED_FACTS } from "../versions";
import { condition, type NewCondition } from "./conditions";
import { jobOf, type Part, type Situation } from "./decide-workspace";
import { type Action, collection, type ConfigMap, type Job, pathOf, type Tuning, type Workspace } from "./objects";
import { REVISION } from "./pod-parts";
import { gpusOf } from "./sizes";
import { trainingConfig } from "./tuning-config";
import { presetKey, tuningJob } from "./tuning-job";

/** The Job of a Workspace that tunes; an edit trains anew, also after success. */
export function decideTuning(workspace: Workspace, situation: Situation, nodesReady: boolean): Part {
  const { view } = situation;
  const job = jobOf(workspace, view);
  const revision = workspace.metadata.annotations?.[REVISION] ?? "1";
  const said = tuningStatus(job);
  if (!nodesReady && !job) return { ...said, actions: [] };
  if (job) {
    const outdated = job.metadata.annotations?.[REVISION] !== revision && job.metadata.deletionTimestamp === undefined;
    const removal: Action = { verb: "delete", path: pathOf("Job", job.metadata), body: { propagationPolicy: "Foreground" } };
    return { ...said, actions: outdated ? [removal] : [] };
  }
  if (view.jobs.some(({ metadata }) => metadata.name === workspace.metadata.name && metadata.namespace === workspace.metadata.namespace)) {
    return { ...said, actions: [] };
  }
  try {
    return { ...said, actions: newJob(workspace, situation, revision) };
  } catch (error) {
    return { ...said, actions: [], error: error instanceof Error ? error.message : String(error) };
  }
}

/** Everything that KAITO fails at only now, with its nodes paid for, is thrown. */
function newJob(workspace: Workspace, { how, settings, view }: Situation, revision: string): readonly Action[] {
  const { metadata, tuning, resource } = workspace;
  if (!tuning) return [];
  const gpus = gpusOf(resource.instanceType, how.version);
  if (gpus === undefined) throw new Error(`failed to get GPU config for instance type ${resource.instanceType ?? '""'}: unsupported SKU`);
  if (!PLAYED_FACTS[how.version].tunable.includes(presetKey(tuning.preset?.name))) {
    throw new Error("panic: runtime error: invalid memory address or nil pointer dereference [recovered]");
  }
  const found = config(tuning, metadata.namespace, how.namespace, view.configMaps);
  const { outputDirectory } = trainingConfig(found.map);
  const facts = { tuning, gpus, config: found.name, outputDirectory, revision, retries: settings.retries, imageVolumes: PLAYED_FACTS[how.version].imageVolumes };
  return [...found.actions, { verb: "create", path: collection("Job", metadata.namespace), body: tuningJob(workspace, facts) }];
}

interface FoundConfig {
  readonly name: string;
  readonly map: ConfigMap;
  readonly actions: readonly Action[];
}

/** The ConfigMap that is named, or the method's template, copied once into the namespace and never again. */
function config(tuning: Tuning, namespace: string, releaseNamespace: string, maps: ReadonlyMap<string, ConfigMap>): FoundConfig {
  const named = tuning.config ?? "";
  if (named !== "") {
    const map = maps.get(`${namespace}/${named}`);
    if (!map) throw new Error(`user specified ConfigMap ${named} not found in namespace ${namespace}`);
    return { name: named, map, actions: [] };
  }
  // Admission takes any letter case, this look-up does not.
  const name = tuning.method === "lora" || tuning.method === "qlora" ? `${tuning.method}-params-template` : "";
  const copied = maps.get(`${namespace}/${name}`);
  if (copied) return { name, map: copied, actions: [] };
  const template = maps.get(`${releaseNamespace}/${name}`);
  if (!template) throw new Error(`failed to get ConfigMap from template namespace ${releaseNamespace}: configmaps "${name}" not found`);
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: template.data ?? {} };
  return { name, map: template, actions: [{ verb: "create", path: collection("ConfigMap", namespace), body }] };
}

/** A pod that failed once makes it Failed for good, whatever comes after: https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/controllers/workspace_controller.go, applyTuningWorkspaceStatus. */
function tuningStatus(job: Job | undefined): { readonly conditions: readonly NewCondition[]; readonly state: string } {
  const { active = 0, ready = 0, succeeded = 0, failed = 0 } = job?.status ?? {};
  if (failed > 0) {
    const conditions = [
      condition("JobStarted", false, "WorkspaceTuningJobStatusFailed", "tuning job failed"),
      condition("WorkspaceSucceeded", false, "workspaceFailed", "tuning job failed"),
    ];
    return { conditions, state: "Failed" };
  }
  const started = succeeded > 0 || ready > 0 || active > 0;
  const jobStarted = started
    ? condition("JobStarted", true, "WorkspaceTuningJobStatusStarted", "Tuning job has started")
    : condition("JobStarted", false, "WorkspaceTuningJobStatusPending", "Tuning job has not started");
  if (succeeded > 0) {
    return { conditions: [jobStarted, condition("WorkspaceSucceeded", true, "workspaceSucceeded", "workspace succeeds")], state: "Succeeded" };
  }
  const waiting = started ? "workspace has not completed yet, tuning job is running" : "workspace is initializing, tuning job has not started";
  return { conditions: [jobStarted, condition("WorkspaceSucceeded", false, "workspacePending", waiting)], state: started ? "Running" : "Pending" };
}
