import { unusableReason } from "../../../components/plan/catalogue/unusable-gpu-sizes";
import type { Parameters } from "../../parameters";
import { gpuPoolsOf, isGpuSize, POOL_KINDS } from "../../resources/pools";
import type { Resource } from "../../resources/resource";
import { at, hasUnknown, holdsNone, is, isEmpty, isNot, list, numberOf, shown, textOf, UNKNOWN, type Value } from "../../resources/value";
import type { Rule } from "../../rule";
import { rule, type Text } from "../settings";

const NODE_POOL = ["kubernetes:karpenter.sh:NodePool"];

function gpuRule(check: (pool: Value, parameters: Parameters) => readonly string[], text: Text): Rule {
  const faults = (each: Resource, parameters: Parameters) =>
    gpuPoolsOf(each).flatMap(({ where, pool }) => check(pool, parameters).map((fault) => `${where}${fault}`));
  return rule(POOL_KINDS, faults, text);
}

/** What a GPU pool may cost, and who lands on it. */
export const GPU_RULES: readonly Rule[] = [
  gpuRule(maximumFaults, {
    ...{ name: "gpu-pool-has-maximum", severity: "high" },
    description: "A GPU pool grows no further than a number that somebody chose",
    remediation: "set enableAutoScaling to true and maxCount (GpuNodePool: maxNodes)",
    url: "https://learn.microsoft.com/azure/aks/cluster-autoscaler",
  }),
  gpuRule(idleFaults, {
    ...{ name: "gpu-pool-scales-to-zero", severity: "medium" },
    description: "An idle GPU pool costs nothing",
    remediation: "set enableAutoScaling to true and minCount to 0 (GpuNodePool: minNodes), or exempt the pool with the reason why it must be warm",
    url: "https://learn.microsoft.com/azure/aks/scale-cluster",
  }),
  gpuRule((pool) => (holdsNone(at(pool, "nodeTaints"), repels) ? ["nodeTaints repels no pod"] : []), {
    ...{ name: "gpu-pool-tainted", severity: "medium" },
    description: "Pods without a GPU stay off GPU nodes, which they would keep from scaling to zero",
    remediation: "add sku=gpu:NoSchedule to nodeTaints, as GpuNodePool does",
    url: "https://learn.microsoft.com/azure/aks/use-nvidia-gpu",
  }),
  gpuRule(unusableFaults, {
    ...{ name: "gpu-pool-usable-size", severity: "high" },
    description: "A GPU pool is of a size that Azure still has and that tuning can use",
    remediation: "use a size that aks-fine-tuning size lists (GpuNodePool: size)",
    url: "https://learn.microsoft.com/azure/virtual-machines/sizes/overview#gpu-accelerated",
  }),
  gpuRule((pool, { allowedGpuSizes }) => notAllowed(at(pool, "vmSize"), allowedGpuSizes), {
    ...{ name: "gpu-pool-allowed-size", severity: "high" },
    description: "A GPU pool is of a size in the parameter allowedGpuSizes; an empty list allows any",
    remediation: "use an allowed size (GpuNodePool: size), or have the list extended",
    url: "https://learn.microsoft.com/azure/governance/policy/samples/built-in-policies#compute",
  }),
  rule(NODE_POOL, provisionedFaults, {
    ...{ name: "gpu-node-pool-limits", severity: "high" },
    description: "GPU nodes that node auto-provisioning buys are limited in number and leave when they are empty",
    remediation: "set spec.limits and spec.disruption.consolidationPolicy (AutoProvisionedGpuPool: maxNodes)",
    url: "https://learn.microsoft.com/azure/aks/node-auto-provisioning-node-pools",
  }),
];

function maximumFaults(pool: Value): readonly string[] {
  const scales = at(pool, "enableAutoScaling");
  const most = at(pool, "maxCount");
  if (scales === UNKNOWN || most === UNKNOWN) return [];
  if (!is(scales, true)) return [`enableAutoScaling is ${shown(scales)}: nodes stay until somebody removes them`];
  return numberOf(most) === undefined ? [`maxCount is ${shown(most)}`] : [];
}

function idleFaults(pool: Value): readonly string[] {
  const scales = at(pool, "enableAutoScaling");
  const least = at(pool, "minCount");
  const [path, nodes] = is(scales, true) ? ["minCount", least] as const : ["count", at(pool, "count")] as const;
  if (scales === UNKNOWN || nodes === UNKNOWN || numberOf(nodes) === 0) return [];
  return [`${path} is ${shown(nodes)}`];
}

function repels(taint: Value): boolean {
  return /:(?:NoSchedule|NoExecute)$/.test(textOf(taint) ?? "");
}

function unusableFaults(pool: Value): readonly string[] {
  const size = textOf(at(pool, "vmSize")) ?? "";
  const reason = unusableReason(size);
  return reason === undefined ? [] : [`vmSize "${size}" ${reason}`];
}

function notAllowed(size: Value, allowed: readonly string[]): readonly string[] {
  return allowed.length > 0 && isNot(size, ...allowed) ? [`vmSize is ${shown(size)}`] : [];
}

function provisionedFaults({ props }: Resource): readonly string[] {
  const requirements = at(props, "spec.template.spec.requirements");
  if (!list(requirements).some(asksForGpus)) return [];
  const policy = at(props, "spec.disruption.consolidationPolicy");
  return [
    ...(isEmpty(at(props, "spec.limits")) ? ["spec.limits is not set"] : []),
    ...(isNot(policy, "WhenEmpty", "WhenEmptyOrUnderutilized", undefined) ? [`spec.disruption.consolidationPolicy is ${shown(policy)}`] : []),
    ...(is(at(props, "spec.disruption.consolidateAfter"), "Never") ? ['spec.disruption.consolidateAfter is "Never"'] : []),
  ];
}

/** Whether a requirement of Karpenter's leaves GPU sizes alone: https://learn.microsoft.com/azure/aks/node-auto-provisioning-node-pools */
function asksForGpus(requirement: Value): boolean {
  if (hasUnknown(requirement) || !is(at(requirement, "operator"), "In", "Gt", "Exists")) return false;
  const key = textOf(at(requirement, "key")) ?? "";
  const values = list(at(requirement, "values"));
  if (key.startsWith("karpenter.azure.com/sku-gpu-")) return true;
  if (key === "karpenter.azure.com/sku-family") return values.some((value) => is(value, "N"));
  return (key === "karpenter.azure.com/sku-name" || key === "node.kubernetes.io/instance-type") && values.some(isGpuSize);
}
