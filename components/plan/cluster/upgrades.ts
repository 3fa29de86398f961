import type { Environment } from "../environment";
import { wholeNumber } from "../recipe";
import { type Problem, within } from "../refuse";
import { choiceProblems } from "./choice";

export const UPGRADE_CHANNELS = ["rapid", "stable", "patch", "node-image", "none"] as const;
/**
 * How far AKS upgrades by itself: https://learn.microsoft.com/azure/aks/auto-upgrade-cluster
 * @useDeclaredType
 */
export type UpgradeChannel = (typeof UPGRADE_CHANNELS)[number];
export const NODE_OS_CHANNELS = ["NodeImage", "SecurityPatch", "Unmanaged", "None"] as const;
/**
 * How AKS patches the nodes' operating system: https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image
 * @useDeclaredType
 */
export type NodeOsChannel = (typeof NODE_OS_CHANNELS)[number];
export const WEEK_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
/**
 * Day of a weekly window.
 * @useDeclaredType
 */
export type WeekDay = (typeof WEEK_DAYS)[number];

/** When AKS may upgrade, once a week. */
export interface MaintenanceWindow {
  /** Day on which the window opens. @default "Sunday" */
  readonly dayOfWeek?: WeekDay;
  /** Hour and minute, on the clock of `utcOffset`. @default "01:00" */
  readonly startTime?: string;
  /** Clock of `startTime`, as hours and minutes ahead of UTC; AKS knows no summer time. @default "+00:00" */
  readonly utcOffset?: string;
  /** From 4 to 24 hours. @default 4 */
  readonly durationHours?: number;
}

/** What AKS upgrades by itself, and when. */
export interface UpgradeDecisions {
  /** How the Kubernetes version moves. While it does, the version in the program counts at creation only. @default "patch"; "stable" in development */
  readonly channel?: UpgradeChannel;
  /** How the nodes' operating system moves. @default "NodeImage" */
  readonly nodeOsChannel?: NodeOsChannel;
  /** When the Kubernetes version moves. @default - Sundays from 01:00 to 05:00 UTC */
  readonly window?: MaintenanceWindow;
  /** When the nodes' operating system moves. @default - the same as `window` */
  readonly nodeOsWindow?: MaintenanceWindow;
}

export interface WindowPlan extends Required<MaintenanceWindow> {
  readonly suffix: "upgrades" | "node-images";
  /** Azure's own names: https://learn.microsoft.com/azure/aks/planned-maintenance */
  readonly configName: "aksManagedAutoUpgradeSchedule" | "aksManagedNodeOSUpgradeSchedule";
}

export interface UpgradePlan {
  readonly channel: UpgradeChannel;
  readonly nodeOsChannel: NodeOsChannel;
  /** Whether the channel moves the Kubernetes version, so that the program's must be ignored. */
  readonly movesVersion: boolean;
  readonly windows: readonly WindowPlan[];
}

export function planUpgrades(environment: Environment, decisions: UpgradeDecisions): UpgradePlan {
  const { channel = environment === "production" ? "patch" : "stable", nodeOsChannel = "NodeImage" } = decisions;
  const { window = {}, nodeOsWindow = window } = decisions;
  const windows: WindowPlan[] = [];
  if (channel !== "none") windows.push({ suffix: "upgrades", configName: "aksManagedAutoUpgradeSchedule", ...filled(window) });
  // Unmanaged patches come from the distribution, which knows of no window.
  if (nodeOsChannel === "NodeImage" || nodeOsChannel === "SecurityPatch") {
    windows.push({ suffix: "node-images", configName: "aksManagedNodeOSUpgradeSchedule", ...filled(nodeOsWindow) });
  }
  return { channel, nodeOsChannel, movesVersion: channel !== "none" && channel !== "node-image", windows };
}

function filled(window: MaintenanceWindow): Required<MaintenanceWindow> {
  const { dayOfWeek = "Sunday", startTime = "01:00", utcOffset = "+00:00", durationHours = 4 } = window;
  return { dayOfWeek, startTime, utcOffset, durationHours };
}

export function upgradeProblems(decisions: UpgradeDecisions): Problem[] {
  return within("upgrades", [
    ...choiceProblems("AKSFT-CLUSTER-08", "channel", decisions.channel, UPGRADE_CHANNELS),
    ...choiceProblems("AKSFT-CLUSTER-08", "nodeOsChannel", decisions.nodeOsChannel, NODE_OS_CHANNELS),
    ...channelProblems(decisions),
    ...within("window", windowProblems(decisions.window)),
    ...within("nodeOsWindow", windowProblems(decisions.nodeOsWindow)),
  ]);
}

/** https://learn.microsoft.com/azure/aks/auto-upgrade-cluster */
function channelProblems({ channel, nodeOsChannel }: UpgradeDecisions): Problem[] {
  if (channel !== "node-image" || nodeOsChannel === undefined || nodeOsChannel === "NodeImage") return [];
  const rule = 'channel "node-image" updates node images itself and needs nodeOsChannel "NodeImage"';
  return [{ code: "AKSFT-CLUSTER-08", path: "nodeOsChannel", got: nodeOsChannel, rule, fix: 'use "NodeImage", or channel "none"' }];
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const OFFSET = /^[+-](0\d|1[0-4]):[0-5]\d$/;

function windowProblems(window: MaintenanceWindow = {}): Problem[] {
  const { dayOfWeek, startTime, utcOffset, durationHours } = filled(window);
  const problems = [
    ...choiceProblems("AKSFT-CLUSTER-09", "dayOfWeek", dayOfWeek, WEEK_DAYS),
    ...wholeNumber("AKSFT-CLUSTER-09", "durationHours", durationHours, 4, 24),
  ];
  if (!CLOCK.test(startTime)) {
    problems.push({ code: "AKSFT-CLUSTER-09", path: "startTime", got: startTime, rule: "needs hours and minutes from 00:00 to 23:59", fix: 'use for example "01:00"' });
  }
  if (!OFFSET.test(utcOffset)) {
    problems.push({ code: "AKSFT-CLUSTER-09", path: "utcOffset", got: utcOffset, rule: "needs a sign, hours and minutes", fix: 'use for example "+01:00"' });
  }
  return problems;
}
