import { wholeNumber } from "../recipe";
import { type Problem, within } from "../refuse";
import { choiceProblems } from "./choice";
import type { WorkloadPoolDecisions } from "./pools";

export const NODE_PROVISIONING = ["autoscaler", "node-auto-provisioning"] as const;
/**
 * What adds and removes nodes: the cluster autoscaler, within pools that exist, or Karpenter, which makes nodes for pods.
 * @useDeclaredType
 */
export type NodeProvisioning = (typeof NODE_PROVISIONING)[number];
export const EXPANDERS = ["least-waste", "priority", "most-pods", "random"] as const;
/**
 * Which of several pools that fit a pod grows: the one with least unused, with the highest declared priority, with room for most pods, or any.
 * @useDeclaredType
 */
export type Expander = (typeof EXPANDERS)[number];

/** The cluster autoscaler's settings, the same for every pool: https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview */
export interface AutoscalerDecisions {
  /**
   * Which of several fitting pools grows. "priority" reads the ConfigMap `cluster-autoscaler-priority-expander` in `kube-system`, for spot
   * pools before on-demand ones for example.
   * @default "least-waste"
   */
  readonly expander?: Expander;
  /** Minutes until a node that does not come is given up and another pool tried; AKS's own default of 15 is long where a GPU is not to be had. @default 10 */
  readonly maxNodeProvisionMinutes?: number;
  /** Minutes a node stays, and is paid, after nothing needs it. @default 10 */
  readonly scaleDownUnneededMinutes?: number;
  /** Minutes after a node came in which none goes. @default 10 */
  readonly scaleDownDelayAfterAddMinutes?: number;
}

export type AutoscalerPlan = Required<AutoscalerDecisions>;

export function planAutoscaler(decisions: AutoscalerDecisions): AutoscalerPlan {
  const { expander = "least-waste", maxNodeProvisionMinutes = 10 } = decisions;
  const { scaleDownUnneededMinutes = 10, scaleDownDelayAfterAddMinutes = 10 } = decisions;
  return { expander, maxNodeProvisionMinutes, scaleDownUnneededMinutes, scaleDownDelayAfterAddMinutes };
}

const A_DAY = 24 * 60;

export function autoscalerProblems(decisions: AutoscalerDecisions): Problem[] {
  const plan = planAutoscaler(decisions);
  return within("autoscaler", [
    ...choiceProblems("AKSFT-CLUSTER-18", "expander", plan.expander, EXPANDERS),
    ...wholeNumber("AKSFT-CLUSTER-18", "maxNodeProvisionMinutes", plan.maxNodeProvisionMinutes, 1, A_DAY),
    ...wholeNumber("AKSFT-CLUSTER-18", "scaleDownUnneededMinutes", plan.scaleDownUnneededMinutes, 1, A_DAY),
    ...wholeNumber("AKSFT-CLUSTER-18", "scaleDownDelayAfterAddMinutes", plan.scaleDownDelayAfterAddMinutes, 0, A_DAY),
  ]);
}

interface Provisioning {
  readonly nodeProvisioning: NodeProvisioning;
  readonly autoscaler: AutoscalerDecisions | undefined;
  readonly workloadPool: WorkloadPoolDecisions | undefined;
}

/** No pool may scale itself beside node auto-provisioning: https://learn.microsoft.com/azure/aks/node-auto-provisioning */
export function provisioningProblems({ nodeProvisioning, autoscaler, workloadPool }: Provisioning): Problem[] {
  const problems = choiceProblems("AKSFT-CLUSTER-19", "nodeProvisioning", nodeProvisioning, NODE_PROVISIONING);
  if (nodeProvisioning !== "node-auto-provisioning") return problems;
  if (autoscaler !== undefined) {
    const rule = 'AKS runs 1 of the two only, and nodeProvisioning is "node-auto-provisioning"';
    problems.push({ code: "AKSFT-CLUSTER-19", path: "autoscaler", got: autoscaler, rule, fix: 'remove it, or use nodeProvisioning "autoscaler"' });
  }
  const { minNodes = 1, maxNodes = minNodes } = workloadPool ?? {};
  if (maxNodes !== minNodes) {
    const rule = `with node auto-provisioning no pool scales itself, so the workload pool has a fixed number of nodes, minNodes ${minNodes}`;
    problems.push({ code: "AKSFT-CLUSTER-19", path: "workloadPool.maxNodes", got: maxNodes, rule, fix: `remove it, or use ${minNodes}` });
  }
  return problems;
}
