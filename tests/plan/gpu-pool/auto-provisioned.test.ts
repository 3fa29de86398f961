import { rightSize } from "../../../components";
import { type AutoProvisionedPoolDecisions, planAutoProvisionedPool } from "../../../components/plan/gpu-pool/auto-provisioned";
import type { GpuPoolContext } from "../../../components/plan/gpu-pool";
import { problemsOf } from "../../support/refusal";
import { TINY_RECIPE } from "../../support/tiny-recipe";

const A100: AutoProvisionedPoolDecisions = { size: "Standard_NC48ads_A100_v4" };
const AUTOMATIC: GpuPoolContext = { nodeProvisioning: "node-auto-provisioning" };
const GPU = { key: "sku", value: "gpu", effect: "NoSchedule" };
const SPOT = { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" };

describe("planAutoProvisionedPool", () => {
  it("keeps no node that is empty, and evicts none for its age", () => {
    expect(planAutoProvisionedPool("tune", A100, AUTOMATIC)).toEqual({
      name: "tune",
      size: "Standard_NC48ads_A100_v4",
      priority: "Regular",
      capacityTypes: ["on-demand"],
      maxNodes: 1,
      vcpus: 48,
      gpusPerNode: 2,
      gpuResource: "nvidia.com/gpu",
      gpuMemoryGiB: 79.25,
      maxPods: 50,
      osDiskSizeGb: undefined,
      hostEncryption: true,
      driver: "Install",
      emptyMinutes: 5,
      expireAfter: "Never",
      labels: { "aks-fine-tuning.dev/pool": "tune" },
      taints: [GPU],
      nodeSelector: { "aks-fine-tuning.dev/pool": "tune" },
      tolerations: [{ ...GPU, operator: "Equal" }],
    });
  });

  it("takes spot nodes first and others where there are none, unless told not to", () => {
    const spot = planAutoProvisionedPool("tune", { ...A100, priority: "Spot" }, AUTOMATIC);
    expect(spot).toMatchObject({ priority: "Spot", capacityTypes: ["spot", "on-demand"], taints: [GPU] });
    expect(spot.tolerations).toEqual([{ ...GPU, operator: "Equal" }, SPOT]);
    const only = planAutoProvisionedPool("tune", { ...A100, priority: "Spot", onDemandFallback: false }, AUTOMATIC);
    expect(only.capacityTypes).toEqual(["spot"]);
  });

  it("takes size and priority of a right size, and the age that is asked for", () => {
    const size = rightSize(TINY_RECIPE, { location: "eastus", priority: "Spot" });
    expect(planAutoProvisionedPool("tune", { size, expireAfterHours: 48 }, AUTOMATIC)).toMatchObject({
      ...{ size: "Standard_NC4as_T4_v3", priority: "Spot", expireAfter: "48h" },
    });
  });

  it.each<[Record<string, unknown>, GpuPoolContext, string]>([
    [
      {},
      {},
      'AKSFT-POOL-22 cluster.nodeProvisioning: got "autoscaler"; only node auto-provisioning reads this pool, and the cluster does not run it; ' +
        'fix: use GpuNodePool, or a cluster with nodeProvisioning "node-auto-provisioning"',
    ],
    [
      {},
      { ...AUTOMATIC, taken: ["tune"] },
      'AKSFT-POOL-21 name: got "tune"; is the name of another pool of the cluster, which has tune; fix: rename one of them',
    ],
    [
      { size: "Standard_NCC40ads_H100_v5" },
      AUTOMATIC,
      'AKSFT-POOL-24 size: got "Standard_NCC40ads_H100_v5"; node auto-provisioning does not know the size; ' +
        'fix: use for example "Standard_NC40ads_H100_v5", or a GpuNodePool',
    ],
    [{ priority: "Low" }, AUTOMATIC, 'AKSFT-POOL-06 priority: got "Low"; is none of Regular, Spot; fix: use one of Regular, Spot'],
    [{ emptyMinutes: -1 }, AUTOMATIC, "AKSFT-POOL-25 emptyMinutes: got -1; must be a whole number from 0 to 1440; fix: use 0"],
    [{ expireAfterHours: 0 }, AUTOMATIC, "AKSFT-POOL-26 expireAfterHours: got 0; must be a whole number from 1 to 8760; fix: use 1"],
    [{ osDiskSizeGb: 20 }, AUTOMATIC, "AKSFT-POOL-13 osDiskSizeGb: got 20; must be a whole number from 30 to 2048; fix: use 30"],
    [{ driver: "none" }, AUTOMATIC, 'AKSFT-POOL-11 driver: got "none"; is none of Install, None; fix: did you mean "None"?'],
    [{ maxNodes: 0 }, AUTOMATIC, "AKSFT-POOL-02 maxNodes: got 0; must be a whole number from 1 to 1000; fix: use 1"],
  ])("refuses %j on a cluster of %j", (faulty, context, problem) => {
    expect(problemsOf(() => planAutoProvisionedPool("tune", { ...A100, ...faulty }, context))).toEqual([problem]);
  });

  it.each([{ emptyMinutes: 0 }, { expireAfterHours: 1 }, { osDiskSizeGb: 30 }, { driver: "None" as const }, { size: "Standard_NC40ads_H100_v5" as const }])(
    "accepts %j",
    (nearest) => {
      expect(planAutoProvisionedPool("tune", { ...A100, ...nearest }, AUTOMATIC)).toMatchObject({ name: "tune" });
    },
  );
});
