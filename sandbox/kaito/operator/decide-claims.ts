import { condition, saysTheSame, withConditions } from "./conditions";
import { isReady } from "./nodes";
import { type Action, hasLabels, type Node, type NodeClaim, pathOf } from "./objects";
import type { KnownSettings } from "./settings";

const FINALIZER = "karpenter.sh/termination";

/** One look of the GPU provisioner at a claim: https://github.com/Azure/gpu-provisioner. The node itself comes with the cluster's others. */
export function decideClaim(claim: NodeClaim, nodes: readonly Node[], settings: KnownSettings, now: number): readonly Action[] {
  const { metadata } = claim;
  const path = pathOf("NodeClaim", { name: metadata.name });
  const node = nodes.find((each) => hasLabels(each.metadata.labels, { agentpool: metadata.name }));
  if (metadata.deletionTimestamp !== undefined) {
    if (node || !metadata.finalizers?.includes(FINALIZER)) return [];
    return [{ verb: "patch", path, body: { metadata: { finalizers: metadata.finalizers.filter((each) => each !== FINALIZER) } } }];
  }
  if (!metadata.finalizers?.includes(FINALIZER)) {
    return [{ verb: "patch", path, body: { metadata: { finalizers: [...(metadata.finalizers ?? []), FINALIZER] } } }];
  }
  const ready = node !== undefined && isReady(node);
  const launched = node
    ? condition("Launched", true, "Launched", "the agent pool is made")
    : settings.noCapacity
      ? condition("Launched", false, "LaunchFailed", "all requested instance types were unavailable during launch: AllocationFailed")
      : condition("Launched", false, "NotLaunched", "the agent pool is being made");
  const said = [launched, ...["Registered", "Initialized", "Ready"].map((type) => condition(type, ready, ready ? type : "NotReady", ready ? "" : "the node is not ready"))];
  const status = {
    conditions: withConditions(claim.status?.conditions, said, metadata.generation, now),
    ...(node ? { nodeName: node.metadata.name, providerID: `azure:///${node.metadata.name}` } : {}),
  };
  return saysTheSame({ ...claim.status }, status) ? [] : [{ verb: "patch", path: `${path}/status`, body: { status } }];
}
