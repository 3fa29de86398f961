import { condition, saysTheSame, withConditions } from "./conditions";
import { type Action, collection, type InferenceSet, isOwnedBy, ownerOf, pathOf, secondsSince, type Workspace } from "./objects";
import type { KnownSettings } from "./settings";

export const INFERENCE_SET_FINALIZER = "inferenceset.finalizer.kaito.sh";
const CREATED_BY = "inferenceset.kaito.sh/created-by";

export interface SetSituation {
  readonly workspaces: readonly Workspace[];
  readonly settings: KnownSettings;
  readonly now: number;
  /** Five letters or digits for the next child's name. */
  readonly suffix: string;
}

/**
 * One look at an InferenceSet: so many children, made from the template as it is then. Children that are there keep what they were made from.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/controllers/inferenceset/inferenceset_controller.go
 */
export function decideInferenceSet(set: InferenceSet, situation: SetSituation): readonly Action[] {
  const { metadata } = set;
  const children = situation.workspaces.filter((workspace) => isOwnedBy(workspace.metadata, metadata));
  if (metadata.deletionTimestamp !== undefined) return decideDeletion(set, children, situation);
  const path = pathOf("InferenceSet", metadata);
  if (!metadata.finalizers?.includes(INFERENCE_SET_FINALIZER)) {
    return [{ verb: "patch", path, body: { metadata: { finalizers: [...(metadata.finalizers ?? []), INFERENCE_SET_FINALIZER] } } }];
  }
  const wanted = set.spec.replicas ?? 1;
  const staying = children.filter(({ metadata: child }) => child.deletionTimestamp === undefined);
  const missing: readonly Action[] =
    staying.length < wanted ? [{ verb: "create", path: collection("Workspace", metadata.namespace), body: child(set, situation.suffix) }] : [];
  const surplus = leastReadyFirst(staying).slice(0, Math.max(0, staying.length - wanted));
  return [...statusOf(set, children, wanted, situation.now), ...missing, ...surplus.map(remove)];
}

/** The template's annotations alone reach a child. */
function child({ metadata, spec }: InferenceSet, suffix: string): object {
  const { template, labelSelector } = spec;
  const name = `${metadata.name}-${suffix}`;
  return {
    apiVersion: "kaito.sh/v1beta1",
    kind: "Workspace",
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { [CREATED_BY]: metadata.name },
      annotations: { ...template.metadata?.annotations },
      ownerReferences: ownerOf("InferenceSet", metadata),
    },
    resource: { ...template.resource, labelSelector },
    inference: template.inference,
  };
}

function isServing({ status }: Workspace): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "WorkspaceSucceeded" && value === "True") ?? false;
}

function leastReadyFirst(workspaces: readonly Workspace[]): readonly Workspace[] {
  const age = ({ metadata }: Workspace) => -Date.parse(metadata.creationTimestamp);
  return workspaces.toSorted((one, other) => Number(isServing(one)) - Number(isServing(other)) || age(one) - age(other));
}

function remove({ metadata }: Workspace): Action {
  return { verb: "delete", path: pathOf("Workspace", metadata) };
}

function statusOf(set: InferenceSet, children: readonly Workspace[], wanted: number, now: number): readonly Action[] {
  const readyReplicas = children.filter(isServing).length;
  const ready = readyReplicas === wanted && children.length === wanted;
  const said = ready
    ? condition("InferenceSetReady", true, "inferencesetReady", "inferenceset is ready")
    : condition("InferenceSetReady", false, "inferencesetNotReady", `inferenceset is not ready, ${String(readyReplicas)}/${String(wanted)} replicas are ready`);
  const conditions = withConditions(set.status?.conditions, [said], set.metadata.generation, now);
  const status = { replicas: children.length, readyReplicas, selector: `${CREATED_BY}=${set.metadata.name}`, conditions };
  if (saysTheSame(set.status ?? {}, status)) return [];
  return [{ verb: "patch", path: `${pathOf("InferenceSet", set.metadata)}/status`, body: { status } }];
}

function decideDeletion({ metadata }: InferenceSet, children: readonly Workspace[], { settings, now }: SetSituation): readonly Action[] {
  if (!metadata.finalizers?.includes(INFERENCE_SET_FINALIZER)) return [];
  const staying = children.filter((each) => each.metadata.deletionTimestamp === undefined);
  if (children.length > 0 || secondsSince(metadata.deletionTimestamp, now) < settings.deletionSeconds) return staying.map(remove);
  const finalizers = metadata.finalizers.filter((each) => each !== INFERENCE_SET_FINALIZER);
  return [{ verb: "patch", path: pathOf("InferenceSet", metadata), body: { metadata: { finalizers } } }];
}
