import { clean } from "../clean";
import { objectOf, textOf } from "../read/json";
import { type Change, type Field, fieldsOf } from "./change";
import { inOrder } from "./order";
import { bareType, inputAt, inputsOf, isGpuVmSize, isKaitoServer, isKeeperJob, isRegistry, isServingDeployment, isTuningJob, labelOf } from "./things";

/** Something that a replacement or a deletion takes with it. */
export interface Loss {
  readonly action: "replace" | "delete";
  /** What it is, in the words of the domain: "GPU pool". */
  readonly what: string;
  readonly name: string;
  /** What goes with it. */
  readonly consequence: string;
  readonly protected: boolean;
  /** Left in Azure: no loss, but no longer looked after. */
  readonly retained: boolean;
  /** Set where another one answers before it goes: no loss either, but twice the nodes meanwhile. */
  readonly takenOver?: true;
  /** Properties that force a replacement, with their values. */
  readonly because: readonly Field[];
}

interface Kind {
  readonly what: string;
  readonly is: (change: Change) => boolean;
  readonly deleted: string;
  readonly replaced: string | ((change: Change) => string);
}

const ofType = (pattern: RegExp) => ({ type }: Change) => pattern.test(type);
const azure = (resource: string) => ofType(new RegExp(`^azure-native:[^:]+:(?:${resource})$`));
const kubernetes = (resource: string) => ofType(new RegExp(`^kubernetes:core/v1:(?:${resource})$`));

/** Worst first. What is not listed loses nothing that counts when it goes: roles, policies, accounts. */
const KINDS: readonly Kind[] = [
  { what: "Resource group", is: azure("ResourceGroup"), deleted: "everything in it goes", replaced: "everything in it goes with the old one" },
  {
    what: "Cluster",
    is: azure("ManagedCluster"),
    deleted: "every node, run, record and service on it goes",
    replaced: "every node, run, record and service on the old one goes",
  },
  { what: "Registry", is: isRegistry, deleted: "every image in it goes", replaced: "every image in the old one goes" },
  { what: "Storage account", is: azure("StorageAccount"), deleted: "checkpoints and weights on it go", replaced: "checkpoints and weights on the old one go" },
  { what: "File share", is: azure("FileShare|BlobContainer"), deleted: "checkpoints and weights on it go", replaced: "checkpoints and weights on the old one go" },
  { what: "GPU pool", is: isGpuPool, deleted: "its nodes go, and what runs on them stops", replaced: poolReplacement },
  { what: "KAITO workspace", is: ofType(/^kubernetes:kaito\.sh\/[^:]+:(?:Workspace|InferenceSet|RAGEngine)$/), deleted: "its run or service stops", replaced: workspaceReplacement },
  { what: "Run", is: isTuningJob, deleted: "it stops if it still runs; its checkpoints and adapters stay", replaced: "it starts anew, from its last checkpoint" },
  { what: "Run", is: isKeeperJob, deleted: "its Workspace and nodes go, and what is not finished with them", replaced: "it starts anew, from nothing" },
  { what: "Inference service", is: isServingDeployment, deleted: "nothing answers any more", replaced: "nothing answers until the new one is ready" },
  { what: "Run record", is: isRecord, deleted: "services forget the adapter that the last run made", replaced: "services lose the adapter until it is recorded anew" },
  { what: "Namespace", is: kubernetes("Namespace"), deleted: "every run and service in it goes", replaced: "every run and service in the old one goes" },
  { what: "Volume claim", is: kubernetes("PersistentVolumeClaim"), deleted: "pods lose the volume with their checkpoints", replaced: "pods lose the volume until they start anew" },
  { what: "Endpoint", is: isServingService, deleted: "its address is gone", replaced: "its address changes" },
  { what: "Node pool", is: azure("AgentPool"), deleted: "its nodes go, and what runs on them moves or stops", replaced: poolReplacement },
  { what: "Network", is: azure("VirtualNetwork|Subnet"), deleted: "nothing in it can be reached", replaced: "nothing in the old one can be reached" },
  { what: "Public address", is: azure("PublicIPAddress"), deleted: "others' lists of allowed addresses know it", replaced: "the address changes, and others' lists of allowed addresses know the old one" },
];

/** What is replaced or deleted and takes data, GPUs or traffic along, worst first. */
export function lossesOf(changes: readonly Change[]): readonly Loss[] {
  const found: { readonly rank: number; readonly loss: Loss }[] = [];
  const progress = recordedProgress(changes);
  for (const change of changes) {
    const { action } = change;
    if (action !== "replace" && action !== "delete") continue;
    const rank = KINDS.findIndex(({ is }) => is(change));
    const kind = KINDS[rank];
    const told = kind?.what === "Run" ? progress(change) : undefined;
    if (kind && told?.ended !== true) found.push({ rank, loss: lossOf(kind, action, change, told?.text) });
  }
  return found.sort((one, other) => one.rank - other.rank || inOrder(one.loss.name, other.loss.name)).map(({ loss }) => loss);
}

function lossOf({ what, deleted, replaced }: Kind, action: "replace" | "delete", change: Change, told: string | undefined): Loss {
  const retained = change.old?.retainOnDelete === true;
  const taken = action === "delete" ? deleted : typeof replaced === "string" ? replaced : replaced(change);
  const consequence = retained ? "the old one stays in Azure on purpose, and Pulumi no longer looks after it" : taken;
  return {
    ...{ action, what, name: change.name },
    consequence: told === undefined ? consequence : `${told}: ${consequence}`,
    protected: change.old?.protect === true,
    retained,
    ...(isKaitoServer(change) && overlaps(change) ? { takenOver: true as const } : {}),
    because: fieldsOf(change, isPool(change) ? fixedFields(change) : change.forcing),
  };
}

/** What AKS fixes when it makes a pool; the library puts all of it into the pool's name, so that the name alone may be what forces. */
const POOL_FIXED = [
  ...["vmSize", "scaleSetPriority", "gpuInstanceProfile", "osSKU", "osDiskType", "osDiskSizeGB", "availabilityZones", "maxPods", "gpuProfile", "gpuProfile.driver"],
  ...["enableEncryptionAtHost", "enableUltraSSD", "capacityReservationGroupID", "scaleSetEvictionPolicy", "spotMaxPrice"],
];

function fixedFields({ action, differing, forcing }: Change): readonly string[] {
  if (action !== "replace") return [];
  const fixed = forcing.includes("agentPoolName") ? POOL_FIXED.filter((path) => differing.includes(path)) : [];
  return [...new Set([...fixed, ...forcing.filter((path) => path !== "agentPoolName"), ...forcing])];
}

const ENDED = ["pushed", "succeeded", "reused", "failed"];

/** Whether a run is over, by the state in its record. */
export function hasEnded(state: string | undefined): boolean {
  return state !== undefined && ENDED.includes(state);
}

/** What the record of a job's runs says of one of them, where the preview read it. A digest has it as of the last update. */
function recordedProgress(changes: readonly Change[]): (job: Change) => { readonly ended: boolean; readonly text: string } | undefined {
  const records = new Map(changes.filter(({ type, action }) => type === "kubernetes:core/v1:ConfigMap" && action === "read").map((change) => [change.parent, change]));
  return (job) => {
    const record = records.get(job.parent);
    const live = objectOf(record?.new?.outputs["data"]);
    const data = Object.keys(live).length > 0 ? live : objectOf(record?.old?.outputs["data"]);
    const state = textOf(data["state"]);
    const run = textOf(data["runId"]);
    if (state === undefined || (run !== undefined && run !== labelOf(inputsOf(job), "aks-fine-tuning.dev/run"))) return undefined;
    const step = textOf(data["step"]);
    const progressed = `${clean(state, 20)}${step === undefined ? "" : ` at step ${clean(step, 20)}`}`;
    return { ended: hasEnded(state), text: data === live ? `its record says ${progressed}` : `its record said ${progressed} when it was last read` };
  };
}

function isPool({ type }: Change): boolean {
  return /^azure-native:containerservice[^:]*:AgentPool$/.test(type);
}

function isGpuPool(change: Change): boolean {
  return isPool(change) && (isGpuVmSize(sizeBefore(change)) || isGpuVmSize(textOf(inputsOf(change)["vmSize"])));
}

function sizeBefore({ old }: Change): string | undefined {
  return textOf(old?.inputs["vmSize"]);
}

/** Whether a pool's or a set's successor stands before it goes: where the preview does not say, one of another name or on another cluster can. */
export function overlaps({ action, old, new: after, createdFirst }: Change): boolean {
  if (action !== "replace" || createdFirst === false) return false;
  return createdFirst ?? NAMES.some((keys) => JSON.stringify(inputAt(old?.inputs, ...keys)) !== JSON.stringify(inputAt(after?.inputs, ...keys)));
}

const NAMES = [["agentPoolName"], ["resourceName"], ["metadata", "name"]] as const;

/** A second set answers before the first one goes: its name is another. */
function workspaceReplacement(change: Change): string {
  if (!overlaps(change)) return "its run or service starts anew";
  return "nothing: a second one is made first, and requests move to it when it is ready";
}

function poolReplacement(change: Change): string {
  return overlaps(change) ? "new nodes come first; what runs on the old ones is then evicted" : "its nodes go before new ones come, and what runs on them stops";
}

/** The record of a job's runs: one ConfigMap that carries no run's label. */
function isRecord(change: Change): boolean {
  const data = inputAt(inputsOf(change), "data", "state");
  return change.type === "kubernetes:core/v1:ConfigMap" && data !== undefined && /\bTuningJob\$/.test(change.urn);
}

function isServingService(change: Change): boolean {
  return bareType(change.type) === "Service" && change.type.startsWith("kubernetes:core/v1:") && /\bInferenceService\$/.test(change.urn);
}
