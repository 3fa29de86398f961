import { isKubernetesVersion, KUBERNETES_VERSIONS } from "../catalogue/kubernetes-versions";
import { type ClusterVersion, minorOf } from "../cluster/version";
import type { GpuPoolContext, GpuPoolDecisions, GpuPoolPlan, UpgradeSettings } from "./decisions";
import { priorityOf } from "./spot";
import type { Problem } from "../refuse";
import { oneOf } from "../spelling";

/** How far nodes may be behind their control plane: https://learn.microsoft.com/azure/aks/use-multiple-node-pools#upgrade-a-node-pool */
const MOST_BEHIND = 2;

/**
 * The cluster's version unless the pool has its own. A minor version is its newest patch to AKS, and nodes may not be newer than their control
 * plane, so a pool of the cluster's minor version takes the patch that the cluster pins.
 */
export function poolVersion(version: ClusterVersion | undefined, { kubernetesVersion, exactKubernetesVersion }: GpuPoolContext): Pick<GpuPoolPlan, "kubernetesVersion" | "orchestratorVersion"> {
  const cluster = exactKubernetesVersion ?? kubernetesVersion;
  const chosen = version ?? cluster;
  if (chosen === undefined) return {};
  const pinned = cluster !== undefined && chosen === minorOf(cluster);
  return { kubernetesVersion: minorOf(chosen), orchestratorVersion: pinned ? cluster : chosen };
}

export function poolVersionProblems(version: ClusterVersion | undefined, cluster: ClusterVersion | undefined): Problem[] {
  if (version === undefined) return [];
  const problem = { code: "AKSFT-POOL-16", path: "kubernetesVersion", got: version } as const;
  if (!isKubernetesVersion(version.replace(/^(\d+\.\d+)\.\d+$/, "$1"))) {
    const known = Object.keys(KUBERNETES_VERSIONS);
    return [{ ...problem, rule: `AKS supports ${known.join(", ")}`, fix: oneOf(version, known) }];
  }
  if (cluster === undefined) return [];
  const behind = minor(cluster) - minor(version);
  if (behind < 0 || isNewerPatch(version, cluster)) return [{ ...problem, rule: `is newer than the cluster's ${cluster}`, fix: `use "${cluster}", or upgrade the cluster first` }];
  if (behind <= MOST_BEHIND) return [];
  const rule = `is ${behind} minor versions behind the cluster's ${cluster}, at most ${MOST_BEHIND}`;
  return [{ ...problem, rule, fix: `use "1.${minor(cluster) - MOST_BEHIND}" or later` }];
}

function minor(version: string): number {
  return Number(version.split(".")[1]);
}

function isNewerPatch(version: string, cluster: string): boolean {
  const [patch, held] = [version, cluster].map((text) => text.split(".")[2]);
  return patch !== undefined && held !== undefined && minor(version) === minor(cluster) && Number(patch) > Number(held);
}

/**
 * A second GPU node for an upgrade is rarely to be had, so one is taken away instead; AKS refuses the settings on spot pools altogether
 * (Azure/bicep-types-az#2217). https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling
 */
export function upgradeOf(decisions: GpuPoolDecisions): Required<UpgradeSettings> | undefined {
  if (priorityOf(decisions) === "Spot") return undefined;
  const { maxSurge = "0", maxUnavailable } = decisions.upgrade ?? {};
  return { maxSurge, maxUnavailable: maxUnavailable ?? (isNone(maxSurge) ? "1" : "0") };
}

export function upgradeProblems(decisions: GpuPoolDecisions): Problem[] {
  const { upgrade } = decisions;
  if (upgrade === undefined) return [];
  if (priorityOf(decisions) === "Spot") {
    const rule = "spot pools have no upgrade settings: their nodes are replaced as they are evicted";
    return [{ code: "AKSFT-POOL-20", path: "upgrade", got: upgrade, rule, fix: "remove it" }];
  }
  const forms = (["maxSurge", "maxUnavailable"] as const).flatMap((field) => countProblems(`upgrade.${field}`, upgrade[field]));
  const settings = upgradeOf(decisions);
  if (forms.length > 0 || !settings) return forms;
  const [surge, unavailable] = [!isNone(settings.maxSurge), !isNone(settings.maxUnavailable)];
  if (surge !== unavailable) return [];
  const rule = surge ? "maxSurge and maxUnavailable exclude each other" : "with neither surge nor unavailable nodes no upgrade can begin";
  return [{ code: "AKSFT-POOL-20", path: "upgrade", got: upgrade, rule, fix: 'for GPU pools use maxSurge "0" and maxUnavailable "1"' }];
}

function countProblems(path: string, count: string | undefined): Problem[] {
  if (count === undefined || (/^\d{1,4}$/.test(count) && Number(count) <= 1000) || /^(?:100|\d{1,2})%$/.test(count)) return [];
  return [{ code: "AKSFT-POOL-20", path, got: count, rule: "must be a number from 0 to 1000 or a percentage up to 100%", fix: 'use for example "1"' }];
}

function isNone(count: string): boolean {
  return Number(count.replace("%", "")) === 0;
}
