import { derivedStorageName, nameProblems } from "./names";
import { wholeNumber } from "./recipe";
import { refuse } from "./refuse";

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

export function planTeam(name: string, project: string, stack: string, decisions: TeamDecisions): TeamPlan {
  const { maxGpus = 8, checkpointsGiB = 100 } = decisions;
  refuse(`Team "${name}"`, [
    ...nameProblems("namespace", "name", name),
    ...wholeNumber("AKSFT-TEAM-01", "maxGpus", maxGpus, 0, 10_000),
    ...wholeNumber("AKSFT-TEAM-02", "checkpointsGiB", checkpointsGiB, 100, 102_400),
  ]);
  return { namespace: name, storageAccountName: derivedStorageName(project, stack, name), maxGpus, checkpointsGiB };
}
