import { derivedStorageName, nameProblems } from "./names";
import { wholeNumber } from "./recipe";
import { type Problem, refuse } from "./refuse";

export interface TeamDecisions {
  /** Most GPUs that the team's pods may hold at once. @default 8 */
  readonly maxGpus?: number;
  /** Size of the share for checkpoints, in GiB. Premium NFS shares start at 100. @default 100 */
  readonly checkpointsGiB?: number;
}

export interface TeamPlan {
  readonly namespace: string;
  readonly storageAccountName: string;
  readonly maxGpus: number;
  readonly checkpointsGiB: number;
}

/** Service accounts of every team: one for runs, which may push, and one for servers, which may do nothing. */
export const TUNING_ACCOUNT = "tuning";
export const SERVING_ACCOUNT = "serving";
/** The team's share and its claim. */
export const CHECKPOINTS = "checkpoints";

/** Namespaces of Kubernetes, of AKS and of `GpuSupport`, where a quota and default-deny policies would stop the cluster's own pods. */
const RESERVED = /^(default|gpu-support|gatekeeper-system|kube-.*|aks-.*)$/;

export function planTeam(name: string, project: string, stack: string, decisions: TeamDecisions): TeamPlan {
  const { maxGpus = 8, checkpointsGiB = 100 } = decisions;
  refuse(`Team "${name}"`, [
    ...nameProblems("namespace", "name", name),
    ...reservedProblems(name),
    ...wholeNumber("AKSFT-TEAM-01", "maxGpus", maxGpus, 0, 10_000),
    ...wholeNumber("AKSFT-TEAM-02", "checkpointsGiB", checkpointsGiB, 100, 102_400),
  ]);
  return { namespace: name, storageAccountName: derivedStorageName(project, stack, name), maxGpus, checkpointsGiB };
}

function reservedProblems(name: string): Problem[] {
  if (!RESERVED.test(name)) return [];
  const rule = "is a namespace of the cluster's own (default, gpu-support, gatekeeper-system, kube-…, aks-…)";
  return [{ code: "AKSFT-TEAM-03", path: "name", got: name, rule, fix: `use for example "team-${name}"` }];
}
