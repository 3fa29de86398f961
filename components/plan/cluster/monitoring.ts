import type { Input } from "@pulumi/pulumi";
import type { Environment } from "../environment";
import { wholeNumber } from "../recipe";
import { type Problem, within } from "../refuse";

/** A Log Analytics workspace or an Azure Monitor workspace that exists. */
export interface WorkspaceRef {
  /** Resource id. */
  readonly id: Input<string>;
  /** Region of the workspace. @default - that of the cluster */
  readonly location?: Input<string>;
}

/** What is recorded of a cluster, and where. */
export interface MonitoringDecisions {
  /** Log Analytics workspace for the control plane's logs: `true` makes one. @default true; false in development */
  readonly logs?: boolean | WorkspaceRef;
  /** Days the cluster's own Log Analytics workspace keeps logs, from 30 to 730. @default 30 */
  readonly retentionDays?: number;
  /** Whether what containers print and what Kubernetes reports as events go to the same workspace. @default - where there are logs */
  readonly containerLogs?: boolean;
  /** Azure Monitor workspace for managed Prometheus: `true` makes one. @default true; false in development */
  readonly metrics?: boolean | WorkspaceRef;
  /** Whether Microsoft Defender watches nodes and pods; it needs `logs`. @default true where there are logs; false in development */
  readonly defender?: boolean;
}

/** Where something is recorded: nowhere, in a workspace of the cluster's own, or in one that exists. */
export type Recording = "none" | "own" | "existing";

export interface MonitoringPlan {
  readonly logs: Recording;
  readonly retentionDays: number;
  readonly containerLogs: boolean;
  readonly metrics: Recording;
  readonly defender: boolean;
}

export function planMonitoring(environment: Environment, decisions: MonitoringDecisions): MonitoringPlan {
  const production = environment === "production";
  const logs = recording(decisions.logs ?? production);
  const recorded = logs !== "none";
  const { retentionDays = 30, containerLogs = recorded, defender = production && recorded } = decisions;
  return { logs, retentionDays, containerLogs, metrics: recording(decisions.metrics ?? production), defender };
}

function recording(decision: boolean | WorkspaceRef): Recording {
  if (typeof decision === "boolean") return decision ? "own" : "none";
  return "existing";
}

export function monitoringProblems(environment: Environment, decisions: MonitoringDecisions): Problem[] {
  const plan = planMonitoring(environment, decisions);
  const needsLogs = (["containerLogs", "defender"] as const)
    .filter((path) => plan[path] && plan.logs === "none")
    .map((path): Problem => ({
      code: "AKSFT-CLUSTER-20",
      path,
      got: true,
      rule: "needs 1 Log Analytics workspace, and logs is false",
      fix: `set monitoring.logs to true or to { id }, or ${path} to false`,
    }));
  return within("monitoring", [
    ...needsLogs,
    // https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
    ...wholeNumber("AKSFT-CLUSTER-21", "retentionDays", plan.retentionDays, 30, 730),
    ...(["logs", "metrics"] as const).flatMap((path) => workspaceProblems(path, decisions[path])),
  ]);
}

const WORKSPACE_TYPES = { logs: "Microsoft.OperationalInsights/workspaces", metrics: "Microsoft.Monitor/accounts" } as const;

function workspaceProblems(path: keyof typeof WORKSPACE_TYPES, decision: boolean | WorkspaceRef | undefined): Problem[] {
  if (typeof decision !== "object" || typeof decision.id !== "string") return [];
  const type = WORKSPACE_TYPES[path];
  if (decision.id.toLowerCase().includes(`/providers/${type.toLowerCase()}/`)) return [];
  const fix = `use "/subscriptions/…/resourceGroups/…/providers/${type}/NAME", or true for a workspace of the cluster's own`;
  return [{ code: "AKSFT-CLUSTER-22", path: `${path}.id`, got: decision.id, rule: `needs the id of 1 resource of type ${type}`, fix }];
}
