import { gpuPoolsOf, isMode, isSpot, POOL_KINDS, poolsOf } from "../../resources/pools";
import type { Resource } from "../../resources/resource";
import { at, holdsNone, is, isEmpty, isNot, member, shown, UNKNOWN, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { rule, type Text } from "../settings";
import { SPOT_POOLS } from "../sources";

const LABEL = "kubernetes.azure.com/scalesetpriority";
const TAINT = `${LABEL}=spot:NoSchedule`;

function spotRule(check: (pool: Value) => readonly string[], text: Omit<Text, "url">): Rule {
  const faults = (each: Resource) => poolsOf(each).flatMap(({ where, pool }) => (isSpot(pool) ? check(pool).map((fault) => `${where}${fault}`) : []));
  return rule(POOL_KINDS, faults, { ...text, url: SPOT_POOLS });
}

/** Pools of spare capacity, which Azure takes back with 30 seconds' notice. */
export const SPOT_RULES: readonly Rule[] = [
  spotRule((pool) => (isEmpty(at(pool, "scaleSetEvictionPolicy")) ? ["scaleSetEvictionPolicy is not set"] : []), {
    ...{ name: "spot-pool-eviction-policy", severity: "medium" },
    description: "A spot pool says what becomes of an evicted node; it cannot be changed later",
    remediation: 'set scaleSetEvictionPolicy to "Delete", as GpuNodePool does',
  }),
  spotRule((pool) => (is(at(pool, "scaleSetEvictionPolicy"), "Deallocate") ? ['scaleSetEvictionPolicy is "Deallocate"'] : []), {
    ...{ name: "spot-pool-evicts-by-deleting", severity: "low" },
    description: "An evicted node leaves nothing behind: a deallocated one keeps its quota and its paid disk",
    remediation: 'set scaleSetEvictionPolicy to "Delete" (GpuNodePool: evictionPolicy)',
  }),
  spotRule((pool) => (missesLabel(pool) ? [`nodeLabels lacks ${LABEL}: spot`] : []), {
    ...{ name: "spot-pool-label", severity: "medium" },
    description: "A spot pool declares the label that AKS puts on it, else every preview shows a change (pulumi-azure-native#959)",
    remediation: `add ${LABEL}: spot to nodeLabels, as GpuNodePool does`,
  }),
  spotRule((pool) => (holdsNone(at(pool, "nodeTaints"), (taint) => is(taint, TAINT)) ? [`nodeTaints lacks ${TAINT}`] : []), {
    ...{ name: "spot-pool-taint", severity: "high" },
    description: "Only pods that can stand an eviction land on spot nodes",
    remediation: `add ${TAINT} to nodeTaints, as GpuNodePool does`,
  }),
  spotRule((pool) => (isEmpty(at(pool, "upgradeSettings.maxSurge")) || at(pool, "upgradeSettings.maxSurge") === UNKNOWN ? [] : [`upgradeSettings.maxSurge is ${shown(at(pool, "upgradeSettings.maxSurge"))}`]), {
    ...{ name: "spot-pool-no-surge", severity: "high" },
    description: "AKS refuses surge settings on spot pools",
    remediation: "remove upgradeSettings, as GpuNodePool does",
  }),
  spotRule((pool) => (isMode(pool, "System") ? ["a system pool has scaleSetPriority Spot"] : []), {
    ...{ name: "spot-pool-user-mode", severity: "high" },
    description: "A cluster's own services never run on nodes that Azure takes back; AKS refuses it",
    remediation: 'set mode to "User", as GpuNodePool does',
  }),
  rule(POOL_KINDS, surgeFaults, {
    ...{ name: "gpu-pool-upgrades-in-place", severity: "low" },
    description: "An upgrade of a regular GPU pool asks for no further GPU node: its quota is often used up, and the upgrade then waits for ever",
    remediation: 'set upgradeSettings to maxSurge "0" and maxUnavailable "1" (GpuNodePool: upgrade)',
    url: "https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling",
  }),
];

function missesLabel(pool: Value): boolean {
  const labels = at(pool, "nodeLabels");
  return isNot(labels, UNKNOWN) && isNot(member(labels, LABEL), "spot");
}

function surgeFaults(each: Resource): readonly string[] {
  return gpuPoolsOf(each).flatMap(({ where, pool }) => {
    const priority = at(pool, "scaleSetPriority");
    const surge = at(pool, "upgradeSettings.maxSurge");
    return priority !== UNKNOWN && !isSpot(pool) && isNot(surge, "0", 0) ? [`${where}upgradeSettings.maxSurge is ${shown(surge)}`] : [];
  });
}
