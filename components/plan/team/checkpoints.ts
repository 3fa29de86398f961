import type { Environment } from "../environment";
import { wholeNumber } from "../recipe";
import type { Problem } from "../refuse";

export interface CheckpointsDecisions {
  /** Size of the share for checkpoints and weights, in GiB. Premium NFS shares start at 100. @default 100 */
  readonly checkpointsGiB?: number;
  /** Keep the share's data in three zones of the region instead of one; set at creation, for an NFS share cannot be converted. @default false */
  readonly zoneRedundant?: boolean;
  /** Encrypt what nodes and share exchange, over one connection a node instead of four. @default false */
  readonly encryptInTransit?: boolean;
  /** Days that a deleted share can be restored; 0 is none. @default - 14 in production, 0 in development */
  readonly softDeleteDays?: number;
  /** Guard the share against deletion. @default - true in production, false in development */
  readonly protect?: boolean;
  /** Leave share and account in Azure when the team is removed from the program. @default - true in production, false in development */
  readonly retainOnDelete?: boolean;
}

export type CheckpointsPlan = Required<CheckpointsDecisions>;

export function planCheckpoints(decisions: CheckpointsDecisions, environment: Environment): CheckpointsPlan {
  const lasting = environment === "production";
  return {
    checkpointsGiB: decisions.checkpointsGiB ?? 100,
    zoneRedundant: decisions.zoneRedundant ?? false,
    encryptInTransit: decisions.encryptInTransit ?? false,
    softDeleteDays: decisions.softDeleteDays ?? (lasting ? 14 : 0),
    protect: decisions.protect ?? lasting,
    retainOnDelete: decisions.retainOnDelete ?? lasting,
  };
}

/** Settings of an Azure share, which somebody else keeps where the share exists already. */
const OF_THE_SHARE = ["zoneRedundant", "softDeleteDays", "protect", "retainOnDelete"] as const satisfies readonly (keyof CheckpointsDecisions)[];

export function checkpointsProblems(decisions: CheckpointsDecisions, exists: boolean): Problem[] {
  const { checkpointsGiB = 100, softDeleteDays = 0 } = decisions;
  const idle = exists ? OF_THE_SHARE.filter((setting) => decisions[setting] !== undefined) : [];
  return [
    ...wholeNumber("AKSFT-TEAM-02", "checkpointsGiB", checkpointsGiB, 100, 102_400),
    ...wholeNumber("AKSFT-TEAM-12", "softDeleteDays", softDeleteDays, 0, 365),
    ...idle.map((setting) => ({
      code: "AKSFT-TEAM-13" as const,
      path: setting,
      got: decisions[setting],
      rule: "is a setting of a share that the team makes, and checkpointsShare names one that exists",
      fix: `leave ${setting} or checkpointsShare out`,
    })),
  ];
}
