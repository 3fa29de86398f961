import { setTimeout as sleep } from "node:timers/promises";
import { capture } from "../run-command";
import type { Environment } from "../stacks";

/** What a run writes of itself; every value is text. */
export type RunRecord = Readonly<Partial<Record<RecordKey, string>>>;
type RecordKey =
  | "state"
  | "runId"
  | "step"
  | "steps"
  | "loss"
  | "lossBefore"
  | "lossAfter"
  | "secondsLeft"
  | "resumes"
  | "usd"
  | "reason"
  | "adapterDigest"
  | "adapterRunId";

export interface Run {
  readonly namespace: string;
  readonly name: string;
  readonly runId: string;
}

const FINISHED = ["succeeded", "reused"];
/** Cold, the images are pulled first; a run itself takes under a minute. */
const LONGEST_WAIT_MS = 20 * 60_000;

/** Whether the record speaks of this run and of its end. */
export function isFinished(record: RunRecord, runId: string): boolean {
  return record.runId === runId && FINISHED.includes(record.state ?? "");
}

/** The record of a run, empty before it has written anything. */
export async function readRecord({ namespace, name }: Run, environment: Environment): Promise<RunRecord> {
  const record = await getJson<{ readonly data?: RunRecord }>(["configmap", name, "-n", namespace], environment);
  return record?.data ?? {};
}

/** Follows a run to its end, with its own words as progress. Throws its reason if it fails. */
export async function followRun(run: Run, environment: Environment, report: (detail: string) => void): Promise<RunRecord> {
  const end = Date.now() + LONGEST_WAIT_MS;
  while (Date.now() < end) {
    const record = await readRecord(run, environment);
    if (isFinished(record, run.runId)) return record;
    if (record.runId === run.runId && record.state === "failed") {
      throw new Error(`the run failed: ${record.reason ?? "no reason was recorded"}\n${await failedPodLogs(run, environment)}`);
    }
    const said = describe(record, run.runId);
    report(said === undefined || said === "queued" ? await waitingFor(run, environment) : said);
    await failIfGivenUp(run, environment);
    await sleep(1000);
  }
  throw new Error(`the run did not end in ${LONGEST_WAIT_MS / 60_000} minutes; kubectl get pods -n ${run.namespace} shows where it is`);
}

/** The record in one line, once the run has written anything. */
function describe(record: RunRecord, runId: string): string | undefined {
  if (record.runId !== runId || record.state === undefined) return undefined;
  const { state, step, steps, loss, secondsLeft, resumes } = record;
  if (state !== "tuning" || step === undefined) return state;
  const parts = [`step ${step} of ${steps ?? "?"}`];
  if (loss !== undefined) parts.push(`loss ${loss}`);
  if (secondsLeft !== undefined) parts.push(`${secondsLeft} s left`);
  if (resumes !== undefined && resumes !== "0") parts.push(`resumed ${resumes} ×`);
  return parts.join(", ");
}

interface List<Item> {
  readonly items: readonly Item[];
}
/** The fields that pods and Jobs have and we read. */
interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}
interface ContainerStatus {
  readonly state?: { readonly waiting?: { readonly reason?: string } };
}

/** Why the run says nothing yet: a node on its way, an image being pulled. */
async function waitingFor(run: Run, environment: Environment): Promise<string> {
  const pods = await getJson<List<Pod>>(["pods", ...ofRun(run)], environment);
  const pod = pods?.items.find(({ status }) => status.phase === "Pending" || status.phase === "Running");
  if (!pod) return "waiting for pods";
  const unscheduled = pod.status.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled) return `${pod.metadata.name} waits for a node`;
  const containers = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  const reason = containers.map(({ state }) => state?.waiting?.reason).find(Boolean);
  return `${pod.metadata.name}: ${reason === "ContainerCreating" ? "pulling images" : (reason ?? "starting")}`;
}

/** A Job that Kubernetes has given up ends the wait, also if its pod never wrote a record. */
async function failIfGivenUp(run: Run, environment: Environment): Promise<void> {
  const jobs = await getJson<List<Pod>>(["jobs", ...ofRun(run)], environment);
  for (const { metadata, status } of jobs?.items ?? []) {
    const failed = status.conditions?.find((condition) => condition.type === "Failed" && condition.status === "True");
    if (failed) throw new Error(`Job ${metadata.name} failed: ${failed.message ?? ""}\n${await failedPodLogs(run, environment)}`);
  }
}

async function failedPodLogs(run: Run, environment: Environment): Promise<string> {
  const { stdout } = await kubectl(["logs", ...ofRun(run), "--all-containers", "--tail", "15", "--prefix"], environment);
  return stdout;
}

function ofRun({ namespace, runId }: Run): readonly string[] {
  return ["-n", namespace, "-l", `aks-fine-tuning.dev/run=${runId}`];
}

/** What `kubectl get` finds; undefined while there is nothing, or no API server to ask. */
async function getJson<T>(args: readonly string[], environment: Environment): Promise<T | undefined> {
  const { code, stdout } = await kubectl(["get", ...args, "-o", "json"], environment);
  return code === 0 ? (JSON.parse(stdout) as T) : undefined;
}

function kubectl(args: readonly string[], environment: Environment) {
  return capture(["kubectl", ...args], { environment });
}

/** Where the scheduler put the run's and the service's pods. */
export async function placements(namespace: string, environment: Environment): Promise<readonly (readonly [string, string])[]> {
  const pods = await getJson<List<Pod>>(["pods", "-n", namespace], environment);
  return (pods?.items ?? []).map(({ metadata, spec }) => [metadata.name, spec.nodeName ?? "not placed"]);
}
