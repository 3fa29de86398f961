import { createHash } from "node:crypto";
import { condition, type NewCondition, saysTheSame, withConditions } from "./conditions";
import { decideServing } from "./decide-serving";
import { decideTuning } from "./decide-tuning";
import type { Installed } from "./installed";
import * as nodes from "./nodes";
import { type Action, collection, type ConfigMap, isOwnedBy, type Job, type Node, type NodeClaim, pathOf, secondsSince, type Server, type StaticNodePool, type Workspace, type WorkspaceStatus } from "./objects";
import { HASH, REVISION } from "./pod-parts";
import type { KnownSettings } from "./settings";

export const WORKSPACE_FINALIZER = "workspace.finalizer.kaito.sh";

/** What the controller sees of the cluster when it looks at a Workspace. */
export interface View {
  readonly nodes: readonly Node[];
  readonly claims: readonly NodeClaim[];
  /** Undefined where the cluster knows no such kind. */
  readonly nodePools: readonly StaticNodePool[] | undefined;
  readonly jobs: readonly Job[];
  readonly servers: readonly Server[];
  /** Names of the Services, as "namespace/name". */
  readonly services: ReadonlySet<string>;
  /** ConfigMaps that Workspaces name, and the templates, as "namespace/name". */
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
}

export interface Situation {
  readonly how: Installed;
  readonly settings: KnownSettings;
  readonly view: View;
  readonly now: number;
  /** Nine hexadecimal digits for the next NodeClaim's name. */
  readonly suffix: string;
  /** What went wrong when this Workspace was last acted on. */
  readonly lastError?: string;
}

/** What the part of a Workspace asks for, and what is to be said of it. */
export interface Part {
  readonly actions: readonly Action[];
  readonly conditions: readonly NewCondition[];
  readonly state: string;
  /** Why the controller goes round in circles. */
  readonly error?: string;
}

/** https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/controllers/workspace_controller.go, one look at one Workspace. */
export function decideWorkspace(workspace: Workspace, situation: Situation): readonly Action[] {
  const { metadata } = workspace;
  if (metadata.deletionTimestamp !== undefined) return decideDeletion(workspace, situation);
  const path = pathOf("Workspace", metadata);
  if (!metadata.finalizers?.includes(WORKSPACE_FINALIZER)) {
    return [{ verb: "patch", path, body: { metadata: { finalizers: [...(metadata.finalizers ?? []), WORKSPACE_FINALIZER] } } }];
  }
  const revised = revision(workspace);
  if (metadata.annotations?.[HASH] !== revised[HASH]) return [{ verb: "patch", path, body: { metadata: { annotations: revised } } }];

  const bought = provision(workspace, situation);
  const idle: Part = { actions: [], conditions: [], state: "Pending" };
  const decide = workspace.tuning ? decideTuning : workspace.inference ? decideServing : () => idle;
  const part = decide(workspace, situation, bought.ready);
  const status = statusOf(workspace, situation, bought, part);
  // The status first: what the API server refuses ends a look, and must be said all the same.
  return [...status, ...bought.actions, ...part.actions];
}

interface Provisioned {
  readonly actions: readonly Action[];
  readonly conditions: readonly NewCondition[];
  readonly names: readonly string[];
  readonly ready: boolean;
}

export function targetNodeCount({ tuning, resource }: Workspace): number {
  return tuning ? 1 : (resource.count ?? 1);
}

function provision(workspace: Workspace, { how, view, suffix }: Situation): Provisioned {
  const target = targetNodeCount(workspace);
  const own = nodes.nodesOf(workspace, view.nodes, how);
  const readyNodes = own.filter(nodes.isReady);
  const enough = readyNodes.length >= target;
  const nodesReady = enough
    ? condition("NodesReady", true, "NodesReady", "Enough Nodes are ready")
    : condition("NodesReady", false, "NodeNotReady", "Not enough Nodes are ready");
  const asked = how.provisioner === "azure-gpu-provisioner" ? claim(workspace, view, own, target, suffix) : undefined;
  const pooled = how.provisioner === "karpenter" ? pool(workspace, how, view, target) : undefined;
  const claimsReady = asked?.ready ?? true;
  const ready = enough && claimsReady;
  const claimCondition = claimsReady
    ? condition("NodeClaimReady", true, "NodeClaimsReady", "Enough NodeClaims are ready")
    : condition("NodeClaimReady", false, "NodeClaimNotReady", "Ready NodeClaims are not enough");
  const short = claimsReady ? nodesReady : claimCondition;
  const resource = ready
    ? condition("ResourceReady", true, "workspaceResourceStatusSuccess", "workspace resource is ready")
    : condition("ResourceReady", false, short.reason, short.message);
  const conditions = [...(asked ? [claimCondition] : []), nodesReady, resource];
  return { actions: [...(asked?.actions ?? []), ...(pooled ?? [])], conditions, names: own.map(({ metadata }) => metadata.name).sort(), ready };
}

/** One claim for each node that is missing; nodes of one's own with the labels of the recipe are none. */
function claim(workspace: Workspace, { claims }: View, own: readonly Node[], target: number, suffix: string) {
  const present = nodes.claimsOf(workspace, claims).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const needed = Math.max(0, target - own.filter(nodes.isReady).filter(nodes.isOwn).length);
  const readyClaims = present.filter(({ status }) => status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"));
  const missing = present.length < needed;
  const actions: readonly Action[] = missing ? [{ verb: "create", path: collection("NodeClaim"), body: nodes.nodeClaim(workspace, suffix) }] : [];
  return { actions, ready: readyClaims.length >= needed };
}

function pool(workspace: Workspace, how: Installed, { nodePools }: View, target: number): readonly Action[] {
  const name = nodes.nodePoolName(workspace);
  if (nodePools?.some(({ metadata }) => metadata.name === name)) return [];
  return [{ verb: "create", path: collection("NodePool"), body: nodes.nodePool(workspace, how, target) }];
}

function statusOf(workspace: Workspace, { how, now, lastError }: Situation, bought: Provisioned, part: Part): readonly Action[] {
  const error = part.error ?? lastError;
  const said = [...bought.conditions, ...part.conditions].map((each) =>
    error === undefined ? each : { ...each, message: `${each.message} (last reconcile error: ${error})` },
  );
  const conditions = withConditions(workspace.status?.conditions, said, workspace.metadata.generation, now);
  // The status of 0.6 has conditions and nodes alone.
  const counted = how.version === "0.6" ? {} : { state: part.state, targetNodeCount: workspace.status?.targetNodeCount ?? targetNodeCount(workspace) };
  const status: WorkspaceStatus = { ...counted, conditions, workerNodes: bought.names };
  const old: WorkspaceStatus = { ...workspace.status, workerNodes: workspace.status?.workerNodes ?? [] };
  if (saysTheSame(old, status)) return [];
  return [{ verb: "patch", path: `${pathOf("Workspace", workspace.metadata)}/status`, body: { status } }];
}

/** Nodes go at once, the finalizer when they are gone and the time is over; what else was made Kubernetes collects. */
function decideDeletion(workspace: Workspace, { view, settings, now }: Situation): readonly Action[] {
  const { metadata } = workspace;
  if (!metadata.finalizers?.includes(WORKSPACE_FINALIZER)) return [];
  const claims = nodes.claimsOf(workspace, view.claims);
  const pools = (view.nodePools ?? []).filter(({ metadata: { name } }) => name === nodes.nodePoolName(workspace));
  const removals = [
    ...claims.filter(isStaying).map((each): Action => ({ verb: "delete", path: pathOf("NodeClaim", { name: each.metadata.name }) })),
    ...pools.filter(isStaying).map((each): Action => ({ verb: "delete", path: pathOf("NodePool", { name: each.metadata.name }) })),
  ];
  const gone = claims.length === 0 && pools.length === 0;
  if (!gone || secondsSince(metadata.deletionTimestamp, now) < settings.deletionSeconds) return [...removals, ...deleting(workspace, now)];
  const finalizers = metadata.finalizers.filter((each) => each !== WORKSPACE_FINALIZER);
  return [{ verb: "patch", path: pathOf("Workspace", metadata), body: { metadata: { finalizers } } }];
}

function isStaying({ metadata }: { readonly metadata: { readonly deletionTimestamp?: string } }): boolean {
  return metadata.deletionTimestamp === undefined;
}

function deleting({ metadata, status }: Workspace, now: number): readonly Action[] {
  if (status?.conditions?.some(({ type }) => type === "WorkspaceDeleting")) return [];
  const said = condition("WorkspaceDeleting", true, "workspaceDeleted", "workspace is being deleted");
  const conditions = withConditions(status?.conditions, [said], metadata.generation, now);
  return [{ verb: "patch", path: `${pathOf("Workspace", metadata)}/status`, body: { status: { conditions } } }];
}

/** The hash of what a Workspace asks for, and a number that grows with each change of it. */
function revision({ metadata, resource, inference, tuning }: Workspace): Readonly<Record<typeof HASH | typeof REVISION, string>> {
  const hash = createHash("sha256").update(JSON.stringify([resource, inference ?? null, tuning ?? null])).digest("hex");
  const last = Number(metadata.annotations?.[REVISION] ?? 0);
  return { [HASH]: hash, [REVISION]: String(metadata.annotations?.[HASH] === hash ? last : last + 1) };
}

export function jobOf({ metadata }: Workspace, { jobs }: View): Job | undefined {
  return jobs.find((job) => job.metadata.name === metadata.name && isOwnedBy(job.metadata, metadata));
}
