import { type GpuNodeDecisions, type GpuPoolDecisions, type Taint, TAINT_EFFECTS } from "./decisions";
import { labelProblems } from "../labels";
import { wholeNumber } from "../recipe";
import type { Problem } from "../refuse";
import { priorityOf } from "./spot";
import { oneOf } from "../spelling";

const ZONES = ["1", "2", "3"];
const RESERVATION =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Compute\/capacityReservationGroups\/[^/]+$/i;

/** https://learn.microsoft.com/azure/aks/availability-zones */
export function zoneProblems(zones: readonly string[] = []): Problem[] {
  const unknown = zones.flatMap((zone, index): Problem[] =>
    ZONES.includes(zone)
      ? []
      : [{ code: "AKSFT-POOL-14", path: `zones[${index}]`, got: zone, rule: `is none of ${quoted(ZONES)}`, fix: `use one of ${quoted(ZONES)}` }],
  );
  const repeated = zones.filter((zone, index) => zones.indexOf(zone) !== index);
  if (repeated.length === 0) return unknown;
  const rule = `names ${quoted([...new Set(repeated)])} more than once`;
  return [...unknown, { code: "AKSFT-POOL-14", path: "zones", got: zones, rule, fix: "name each zone once" }];
}

/** https://learn.microsoft.com/azure/virtual-machines/capacity-reservation-overview#limitations-and-restrictions */
export function reservationProblems(decisions: GpuPoolDecisions): Problem[] {
  const { capacityReservationGroupId: id } = decisions;
  if (id === undefined) return [];
  const problem = { code: "AKSFT-POOL-15", path: "capacityReservationGroupId", got: id } as const;
  if (!RESERVATION.test(id)) {
    const form = "/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/capacityReservationGroups/NAME";
    return [{ ...problem, rule: `is not an id of the form ${form}`, fix: "use the id that az capacity reservation group show prints" }];
  }
  if (priorityOf(decisions) !== "Spot") return [];
  return [{ ...problem, rule: "reserved capacity is not for spot nodes", fix: 'remove it, or set priority "Regular"' }];
}

/** https://learn.microsoft.com/azure/aks/azure-cni-overlay */
export function maxPodsProblems(maxPods: number): Problem[] {
  return wholeNumber("AKSFT-POOL-17", "maxPods", maxPods, 10, 250);
}

/** Labels that AKS and this library set: https://learn.microsoft.com/azure/aks/use-labels#reserved-system-labels */
export function nodeLabelProblems({ labels }: GpuNodeDecisions): Problem[] {
  const reserved = Object.keys(labels ?? {}).flatMap((key): Problem[] => {
    const owner = ownerOf(key);
    if (!owner) return [];
    return [{ code: "AKSFT-POOL-18", path: "labels", got: key, rule: `is reserved to ${owner}`, fix: 'use a prefix of yours, for example "example.com/owner"' }];
  });
  return [...labelProblems("labels", labels), ...reserved];
}

/** Form of taints: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export function taintProblems({ taints = [] }: GpuNodeDecisions): Problem[] {
  return taints.flatMap((taint, index) => {
    const path = `taints[${index}]`;
    const formed = labelProblems(path, { [taint.key]: taint.value }).map((problem) => ({ ...problem, code: "AKSFT-POOL-19" as const }));
    const owner = taint.key === "sku" ? "this library, which taints every GPU pool with sku=gpu" : ownerOf(taint.key);
    const effects: readonly string[] = TAINT_EFFECTS;
    const first = taints.findIndex(({ key, effect }) => key === taint.key && effect === taint.effect);
    return [
      ...formed,
      // Kubernetes tells taints apart by key and effect, and refuses a node with two of the same.
      ...(first < index ? [taintProblem(path, taintText(taint), `repeats key and effect of taints[${first}]`, "remove one of them")] : []),
      ...(owner ? [taintProblem(`${path}.key`, taint.key, `is reserved to ${owner}`, "use another key")] : []),
      ...(effects.includes(taint.effect)
        ? []
        : [taintProblem(`${path}.effect`, taint.effect, `is none of ${effects.join(", ")}`, oneOf(taint.effect, effects))]),
    ];
  });
}

function taintProblem(path: string, got: string, rule: string, fix: string): Problem {
  return { code: "AKSFT-POOL-19", path, got, rule, fix };
}

function ownerOf(key: string): string | undefined {
  if (key === "agentpool" || key === "accelerator" || key.startsWith("kubernetes.azure.com/")) return "AKS";
  return key.startsWith("aks-fine-tuning.dev/") ? "this library" : undefined;
}

/** As Azure writes a taint. */
export function taintText({ key, value, effect }: Taint): string {
  return `${key}=${value}:${effect}`;
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}
