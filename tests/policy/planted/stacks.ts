import type { Parameters } from "../../../policy/parameters";
import { AUDIT, CLUSTER, POOL, SPOT_POOL, WINDOWS } from "./azure";
import { changed, type Declared } from "./declared";
import { BUDGET, DENY, LIMITS, NAMESPACE, QUOTA, SERVER, WORKSPACE } from "./kubernetes";

/** Resources of one stack that break a rule together, and the nearest ones that do not. */
export interface StackRow {
  readonly rule: string;
  readonly good: readonly Declared[];
  readonly bad: readonly Declared[];
  readonly says: readonly string[];
  readonly parameters?: Partial<Parameters>;
}

const [UPGRADES, NODE_IMAGES] = WINDOWS;
const GUARDS = [DENY, QUOTA, LIMITS];
const on = (pool: string): Declared => changed(WORKSPACE, { "resource.labelSelector.matchLabels": { "aks-fine-tuning.dev/pool": pool } });
const PRICED = [CLUSTER, POOL, SPOT_POOL];

export const STACKS: readonly StackRow[] = [
  {
    ...{ rule: "cluster-maintenance-windows", good: [CLUSTER, ...WINDOWS], bad: [CLUSTER, ...(UPGRADES ? [UPGRADES] : [])] },
    says: ["the stack has no maintenance window aksManagedNodeOSUpgradeSchedule"],
  },
  {
    // What the engine holds after a deployment: Azure's name, without the input's.
    ...{ rule: "cluster-maintenance-windows", good: [CLUSTER, ...WINDOWS.map(({ name, ...each }) => ({ ...each, name, props: { name } }))] },
    ...{ bad: [CLUSTER, ...(NODE_IMAGES ? [NODE_IMAGES] : [])], says: ["the stack has no maintenance window aksManagedAutoUpgradeSchedule"] },
  },
  {
    ...{ rule: "cluster-audit-logs", good: [CLUSTER, AUDIT], bad: [CLUSTER, changed(AUDIT, { "logs.0.enabled": false })] },
    says: ["no diagnostic setting of the stack logs kube-audit-admin"],
  },
  {
    ...{ rule: "cluster-audit-logs", good: [CLUSTER, changed(AUDIT, { logs: [{ categoryGroup: "audit", enabled: true }] })], bad: [CLUSTER] },
    says: ["no diagnostic setting of the stack logs kube-audit-admin", "no diagnostic setting of the stack logs guard"],
  },
  {
    ...{ rule: "gpu-hourly-maximum", good: PRICED, bad: [CLUSTER, changed(POOL, { maxCount: 3 }), SPOT_POOL], parameters: { maxHourlyUsd: 9 } },
    says: ["GPU pools cost up to 11.91 USD per hour (serve 3 × Standard_NC24ads_A100_v4 11.02, tune 2 × Standard_NC24ads_A100_v4 0.89), over 9"],
  },
  {
    ...{ rule: "server-disruption-budget", good: [SERVER, BUDGET], bad: [SERVER, changed(BUDGET, { "spec.selector.matchLabels": { app: "others" } })] },
    says: ["no PodDisruptionBudget of the stack selects its pods"],
  },
  { rule: "kaito-tuning-not-on-spot", good: [POOL, SPOT_POOL, on("serve")], bad: [POOL, SPOT_POOL, on("tune")], says: ["resource.labelSelector selects the nodes of a spot pool"] },
  {
    ...{ rule: "kaito-tuning-not-on-spot", good: [on("serve")], says: ["resource.labelSelector asks for kubernetes.azure.com/scalesetpriority: spot"] },
    bad: [changed(WORKSPACE, { "resource.labelSelector.matchLabels": { "kubernetes.azure.com/scalesetpriority": "spot" } })],
  },
  {
    ...{ rule: "namespace-default-deny", good: [NAMESPACE, ...GUARDS], bad: [NAMESPACE, QUOTA, LIMITS, changed(DENY, { "spec.policyTypes": ["Ingress"] })] },
    says: ['the namespace "support" has no default-deny network policy in the stack'],
  },
  {
    ...{ rule: "namespace-quota", good: [NAMESPACE, ...GUARDS], bad: [NAMESPACE, DENY, LIMITS, changed(QUOTA, { "spec.hard": { pods: "100" } })] },
    says: ['the namespace "support" has no ResourceQuota of GPUs in the stack'],
  },
  { rule: "namespace-limit-range", good: [NAMESPACE, ...GUARDS], bad: [NAMESPACE, DENY, QUOTA], says: ['the namespace "support" has no LimitRange in the stack'] },
];
