import type { Home } from "../../home";
import { runningDaemons } from "../../processes";
import type { Progress } from "../../progress";
import { availableTools } from "../../toolchain";
import { SLOTS } from "../addresses";
import { clusterSettings } from "../cluster-settings";
import { shimsOf } from "../machine/containerd";
import { nodePaths } from "../machine/node-paths";
import { nodeDaemons } from "../machine/real-node";
import { claimRealNodes, machineProblems, networkProblems, releaseRealNodes } from "../machine/real-nodes";
import { stopEverything, stopRealNodes } from "../teardown";
import { type ControlTools, isComplete, type KnownTools, NODE_TOOLS } from "../tools";

export interface NodesDecision {
  readonly nodes: "real" | "simulated";
  /** Why they are simulated. */
  readonly reason?: string;
  readonly tools: KnownTools;
}

/** Real nodes where the machine allows them and no other home has them; whatever is in the way of that is cleaned up. */
export async function decideNodes(
  home: Home,
  progress: Progress,
  wish: "real" | "simulated" | "auto",
  control: ControlTools,
): Promise<NodesDecision> {
  const decision = wish === "simulated" ? simulated(control, "they were asked for") : await tryRealNodes(home, progress, control);
  if (wish === "real" && decision.nodes !== "real") throw new Error(`no real nodes: ${decision.reason}`);
  const before = clusterSettings(home)?.nodes;
  // The API server's address differs between the two, and with it everything that is running.
  if (before !== undefined && before !== decision.nodes) await stopEverything(home, before === "real");
  return decision;
}

async function tryRealNodes(home: Home, progress: Progress, control: ControlTools): Promise<NodesDecision> {
  const [problem] = machineProblems();
  if (problem !== undefined) return simulated(control, problem);
  const claim = claimRealNodes(home);
  if (claim.kind === "taken") return simulated(control, `${claim.home} has this machine's real nodes`);
  if (claim.kind === "stale") {
    progress.note(`Removing what the real nodes of ${claim.home.dir} left behind`);
    await stopRealNodes(claim.home);
    claimRealNodes(home);
  }
  const { paths, unavailable } = await availableTools(NODE_TOOLS, progress);
  const tools: KnownTools = { ...control, ...paths };
  if (!isComplete(tools)) return withdrawn(home, control, unavailable.map(({ message }) => message).join("; "));
  if (isAnythingAlive(home)) return { nodes: "real", tools };
  // Nothing runs although the lock may have been ours: a former start was killed, or this is the first.
  if (claim.kind === "ours" && claim.before) {
    await stopRealNodes(home);
    claimRealNodes(home);
  }
  const [obstacle] = await networkProblems(tools);
  return obstacle === undefined ? { nodes: "real", tools } : withdrawn(home, control, obstacle);
}

function isAnythingAlive(home: Home): boolean {
  const names = new Set(SLOTS.flatMap(nodeDaemons).concat("kube-proxy"));
  const daemons = runningDaemons(home).some(({ name }) => names.has(name));
  return daemons || SLOTS.some((slot) => shimsOf(nodePaths(home, slot)).length > 0);
}

function withdrawn(home: Home, tools: KnownTools, reason: string): NodesDecision {
  releaseRealNodes(home);
  return simulated(tools, reason);
}

function simulated(tools: KnownTools, reason: string): NodesDecision {
  return { nodes: "simulated", reason, tools };
}
