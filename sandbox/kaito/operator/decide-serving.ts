import { condition } from "./conditions";
import { type Part, type Situation, targetNodeCount } from "./decide-workspace";
import { isReady, nodesOf } from "./nodes";
import { type Action, collection, isOwnedBy, pathOf, type Server, type Workspace } from "./objects";
import { REVISION } from "./pod-parts";
import { server, serverPatch, services, type ServingFacts } from "./serving-objects";
import { gpusOf } from "./sizes";

/** The server of a Workspace that serves, and its Services. */
export function decideServing(workspace: Workspace, situation: Situation, nodesReady: boolean): Part {
  const { how, view } = situation;
  const running = view.servers.find(({ metadata }) => metadata.name === workspace.metadata.name && isOwnedBy(metadata, workspace.metadata));
  const said = servingStatus(workspace, running, nodesReady);
  if (!nodesReady) return { ...said, actions: [] };
  const missing = missingServices(workspace, view.services);
  try {
    const facts = servingFacts(workspace, situation);
    const { namespace } = workspace.metadata;
    const kind = how.version === "0.6" ? "Deployment" : "StatefulSet";
    if (!running) return { ...said, actions: [...missing, { verb: "create", path: collection(kind, namespace), body: server(workspace, how, facts) }] };
    // A template is never looked at again, a preset only where this patch reaches.
    const outdated = running.metadata.annotations?.[REVISION] !== facts.revision && workspace.inference?.template === undefined;
    const patch: Action = { verb: "patch", path: pathOf(kind, workspace.metadata), body: serverPatch(running, workspace, how, facts) };
    return { ...said, actions: [...missing, ...(outdated ? [patch] : [])] };
  } catch (error) {
    return { ...said, actions: missing, error: error instanceof Error ? error.message : String(error) };
  }
}

function missingServices(workspace: Workspace, present: ReadonlySet<string>): readonly Action[] {
  const { name, namespace } = workspace.metadata;
  return services(workspace).flatMap((body, index): Action[] =>
    present.has(`${namespace}/${index === 0 ? name : `${name}-headless`}`) ? [] : [{ verb: "create", path: collection("Service", namespace), body }],
  );
}

/** GPUs by the size where KAITO buys nodes, by a node of one's own otherwise. */
function servingFacts(workspace: Workspace, { how, view }: Situation): ServingFacts {
  const { resource, metadata } = workspace;
  const revision = metadata.annotations?.[REVISION] ?? "1";
  const nodes = targetNodeCount(workspace);
  const [node] = nodesOf(workspace, view.nodes, how).filter(isReady);
  const found = how.provisioner === "byo" ? Number(node?.metadata.labels?.["nvidia.com/gpu.count"] ?? node?.status?.capacity?.["nvidia.com/gpu"] ?? 0) : gpusOf(resource.instanceType, how.version);
  if (found === undefined || found === 0) throw new Error(`failed to get GPU config for instance type ${resource.instanceType ?? '""'}: unsupported SKU`);
  return { gpus: found, nodes, revision };
}

function servingStatus(workspace: Workspace, running: Server | undefined, nodesReady: boolean): Pick<Part, "conditions" | "state"> {
  const ready = nodesReady && running !== undefined && (running.status?.readyReplicas ?? 0) === (running.spec.replicas ?? 1);
  if (ready) {
    return {
      conditions: [
        condition("InferenceReady", true, "WorkspaceInferenceStatusSuccess", "Inference has been deployed successfully"),
        condition("WorkspaceSucceeded", true, "workspaceSucceeded", "workspace succeeds"),
      ],
      state: "Ready",
    };
  }
  const established = workspace.status?.state === "Ready" || workspace.status?.state === "NotReady";
  return {
    conditions: [
      condition("InferenceReady", false, "WorkspaceInferenceStatusPending", "Inference workload is not ready"),
      condition("WorkspaceSucceeded", false, "workspacePending", "workspace is waiting for inference workload readiness"),
    ],
    state: established ? "NotReady" : "Pending",
  };
}
