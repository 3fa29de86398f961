import { ENDED_VERSIONS, KUBERNETES_VERSIONS } from "../../../components/plan/catalogue/kubernetes-versions";
import type { Parameters } from "../../parameters";
import { poolsOf } from "../../resources/pools";
import type { Resource } from "../../resources/resource";
import { at, holdsNone, is, isNot, list, numberOf, textOf, UNKNOWN, type Value } from "../../resources/value";
import type { Rule, StackFault } from "../../rule";
import { rule, settingRule } from "../settings";
import { psrule } from "../sources";
import { CLUSTER, CLUSTER_KIND, POOL_KIND } from "./kinds";

const WINDOWS = ["aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"] as const;
const WINDOW_KIND = "azure-native:containerservice:MaintenanceConfiguration";
const DIAGNOSTICS = ["azure-native:monitor:DiagnosticSetting", "azure-native:insights:DiagnosticSetting"];
const LONG_TERM = { path: "supportPlan", value: "AKSLongTermSupport" };

/** What moves a cluster's versions, and what is written down of it. */
export const UPGRADE_RULES: readonly Rule[] = [
  settingRule(CLUSTER, "autoUpgradeProfile.upgradeChannel", ["patch", "stable", "rapid", "node-image"], {
    ...{ name: "cluster-upgrade-channel", severity: "medium", ids: ["Azure.AKS.AutoUpgrade", "CKV_AZURE_171"] },
    description: "AKS upgrades a cluster by itself",
    remediation: 'set autoUpgradeProfile.upgradeChannel to "patch" (Cluster: upgrades.channel)',
    url: psrule("AKS.AutoUpgrade"),
  }),
  settingRule(CLUSTER, "autoUpgradeProfile.nodeOSUpgradeChannel", ["NodeImage", "SecurityPatch"], {
    ...{ name: "cluster-node-os-channel", severity: "medium", ids: ["Azure.AKS.NodeAutoUpgrade"] },
    description: "Nodes get fixes of their operating system",
    remediation: 'set autoUpgradeProfile.nodeOSUpgradeChannel to "NodeImage" (Cluster: upgrades.nodeOsChannel)',
    url: psrule("AKS.NodeAutoUpgrade"),
  }),
  {
    ...{ name: "cluster-maintenance-windows", scope: "stack", severity: "medium", ids: ["Azure.AKS.MaintenanceWindow"], check: windowFaults },
    description: "Upgrades of a cluster keep to windows, one for its version and one for its node images: each drains GPU nodes",
    remediation: `add a MaintenanceConfiguration named ${WINDOWS.join(" and one named ")} (Cluster: upgrades.window and upgrades.nodeOsWindow)`,
    url: psrule("AKS.MaintenanceWindow"),
  },
  rule([WINDOW_KIND], windowLengthFaults, {
    ...{ name: "maintenance-window-length", severity: "low", ids: ["Azure.AKS.MaintenanceWindow"] },
    description: "A maintenance window lasts 4 to 24 hours",
    remediation: "set maintenanceWindow.durationHours between 4 and 24 (Cluster: upgrades.window.durationHours)",
    url: "https://learn.microsoft.com/azure/aks/planned-maintenance",
  }),
  rule([CLUSTER_KIND, POOL_KIND], versionFaults, {
    ...{ name: "cluster-supported-version", severity: "high", ids: ["Azure.AKS.Version", "Azure.AKS.PoolVersion"] },
    description: "Kubernetes is of a version that AKS supports today",
    remediation: "set kubernetesVersion (Cluster: kubernetesVersion) and each pool's orchestratorVersion to a supported minor version, or buy long-term support",
    url: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
  }),
  {
    ...{ name: "cluster-audit-logs", scope: "stack", severity: "medium", production: true, ids: ["Azure.AKS.AuditLogs", "Azure.AKS.AuditAdmin"], check: auditFaults },
    description: "Who changed what in a production cluster is written down: the categories kube-audit-admin (kube-audit is far larger) and guard",
    remediation: "add a DiagnosticSetting on the cluster with both categories enabled (Cluster: monitoring.logs)",
    url: psrule("AKS.AuditAdmin"),
  },
];

function windowFaults(resources: readonly Resource[]): readonly StackFault[] {
  // Outputs call a configuration's name otherwise than inputs do.
  const names = resources.filter(({ kind }) => kind === WINDOW_KIND).map(({ props }): Value => at(props, "configName") ?? at(props, "name"));
  const missing = WINDOWS.filter((window) => holdsNone(names, (name) => is(name, window)));
  const moving = resources.filter(({ kind, props }) => kind === CLUSTER_KIND && movesItself(props));
  return moving.flatMap((resource) => missing.map((window) => ({ resource, fault: `the stack has no maintenance window ${window}` })));
}

function movesItself(props: Value): boolean {
  const channel = at(props, "autoUpgradeProfile.upgradeChannel");
  return channel !== UNKNOWN && isNot(channel, undefined, "none");
}

function windowLengthFaults({ props }: Resource): readonly string[] {
  const hours = numberOf(at(props, "maintenanceWindow.durationHours"));
  return hours !== undefined && (hours < 4 || hours > 24) ? [`maintenanceWindow.durationHours is ${hours}`] : [];
}

function versionFaults(each: Resource, parameters: Parameters): readonly string[] {
  const longTerm = at(each.props, LONG_TERM.path);
  // A pool does not say what its cluster has paid for.
  if (longTerm === UNKNOWN || is(longTerm, LONG_TERM.value)) return [];
  const own = { path: "kubernetesVersion", version: textOf(at(each.props, "kubernetesVersion")) };
  const pools = poolsOf(each).map(({ where, pool }) => ({ path: `${where}orchestratorVersion`, version: textOf(at(pool, "orchestratorVersion")) }));
  return [own, ...pools].flatMap(({ path, version }) => {
    const ended = version === undefined ? undefined : endOf(version, parameters);
    return ended === undefined ? [] : [`${path} is "${version ?? ""}", whose support ended ${ended}`];
  });
}

/** When the support of a version ended, if it has: "in 2026-07", or "before 2025-08" of one older than any that is listed. */
function endOf(version: string, { asOf }: Parameters): string | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const ends: Readonly<Record<string, string>> = { ...ENDED_VERSIONS, ...KUBERNETES_VERSIONS };
  const end = ends[`${major}.${minor}`];
  const oldest = Math.min(...Object.keys(ends).map((each) => Number(each.split(".")[1])));
  if (end === undefined) return Number(major) < 1 || Number(minor) < oldest ? `before ${ends[`1.${oldest}`] ?? ""}` : undefined;
  return end < asOf.slice(0, 7) ? `in ${end}` : undefined;
}

function auditFaults(resources: readonly Resource[]): readonly StackFault[] {
  const clusters = resources.filter(({ kind }) => kind === CLUSTER_KIND);
  const settings = resources.filter(({ kind }) => DIAGNOSTICS.includes(kind));
  const missing = ["kube-audit-admin", "guard"].filter((category) => settings.every(({ props }) => logsNot(props, category)));
  return clusters.flatMap((resource) => missing.map((category) => ({ resource, fault: `no diagnostic setting of the stack logs ${category}` })));
}

/** Whether a setting surely leaves a category out. Groups of categories hold it too: https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings */
function logsNot(props: Value, category: string): boolean {
  const covers = (log: Value): boolean => isNot(at(log, "enabled"), false) && (is(at(log, "category"), category) || is(at(log, "categoryGroup"), "allLogs", "audit"));
  return at(props, "logs") !== UNKNOWN && holdsNone(list(at(props, "logs")), covers);
}
