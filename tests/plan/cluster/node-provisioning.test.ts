import { type AutoscalerDecisions, autoscalerProblems, planAutoscaler, provisioningProblems } from "../../../components/plan/cluster/node-provisioning";
import { planCluster } from "../../../components/plan/cluster";
import { describe as line } from "../../../components/plan/refuse";

type Provisioning = Parameters<typeof provisioningProblems>[0];
const together = (changes: Partial<Provisioning>): string[] =>
  provisioningProblems({ nodeProvisioning: "node-auto-provisioning", autoscaler: undefined, workloadPool: undefined, ...changes }).map(line);

describe("provisioningProblems", () => {
  it("refuses settings of the autoscaler that does not run", () => {
    expect(together({ autoscaler: { expander: "random" } })).toEqual([
      'AKSFT-CLUSTER-19 autoscaler: got {"expander":"random"}; AKS runs 1 of the two only, and nodeProvisioning is "node-auto-provisioning"; ' +
        'fix: remove it, or use nodeProvisioning "autoscaler"',
    ]);
    expect(together({ autoscaler: { expander: "random" }, nodeProvisioning: "autoscaler" })).toEqual([]);
  });

  it("refuses a workload pool that scales itself", () => {
    expect(together({ workloadPool: { minNodes: 2, maxNodes: 3 } })).toEqual([
      "AKSFT-CLUSTER-19 workloadPool.maxNodes: got 3; with node auto-provisioning no pool scales itself, so the workload pool has a fixed number of nodes, minNodes 2; " +
        "fix: remove it, or use 2",
    ]);
    expect(together({ workloadPool: { maxNodes: 3 } })).toHaveLength(1);
    expect(together({ workloadPool: { minNodes: 2, maxNodes: 2 } })).toEqual([]);
    expect(together({ workloadPool: { minNodes: 2 } })).toEqual([]);
  });

  it("refuses a way that there is not", () => {
    expect(together({ nodeProvisioning: "karpenter" as "autoscaler" })).toEqual([
      'AKSFT-CLUSTER-19 nodeProvisioning: got "karpenter"; must be one of autoscaler, node-auto-provisioning; fix: use one of autoscaler, node-auto-provisioning',
    ]);
  });

  it("leaves no autoscaler beside node auto-provisioning", () => {
    const { autoscaler, workloadPool } = planCluster("ai", { privateApiServer: true, asOf: "2026-11-26", nodeProvisioning: "node-auto-provisioning" });
    expect(autoscaler).toBeUndefined();
    expect(workloadPool).toMatchObject({ minNodes: 1, maxNodes: 1 });
  });
});

describe("autoscalerProblems", () => {
  it.each<[keyof AutoscalerDecisions, number, number]>([
    ["maxNodeProvisionMinutes", 0, 1],
    ["maxNodeProvisionMinutes", 1441, 1440],
    ["scaleDownUnneededMinutes", 0.5, 1],
    ["scaleDownDelayAfterAddMinutes", -1, 0],
  ])("refuses %s %p and proposes %p", (path, got, proposed) => {
    const least = path === "scaleDownDelayAfterAddMinutes" ? 0 : 1;
    expect(autoscalerProblems({ [path]: got }).map(line)).toEqual([
      `AKSFT-CLUSTER-18 autoscaler.${path}: got ${got}; must be a whole number from ${least} to 1440; fix: use ${proposed}`,
    ]);
    expect(autoscalerProblems({ [path]: proposed })).toEqual([]);
  });

  it("refuses an expander that there is not", () => {
    expect(autoscalerProblems({ expander: "leastwaste" as "random" }).map(line)).toEqual([
      'AKSFT-CLUSTER-18 autoscaler.expander: got "leastwaste"; must be one of least-waste, priority, most-pods, random; fix: did you mean "least-waste"?',
    ]);
  });

  it("keeps what is given", () => {
    const given = { expander: "priority", maxNodeProvisionMinutes: 5, scaleDownUnneededMinutes: 3, scaleDownDelayAfterAddMinutes: 0 } as const;
    expect(planAutoscaler(given)).toEqual(given);
  });
});
