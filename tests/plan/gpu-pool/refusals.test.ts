import type { GpuSize } from "../../../components";
import { GPU_SIZE_NAMES } from "../../../components/plan/catalogue/gpu-sizes";
import { type GpuPoolContext, type GpuPoolDecisions, planGpuPool } from "../../../components/plan/gpu-pool";
import { COMPLETE_PROBLEM, problemsOf } from "../../support/refusal";

const A100: GpuPoolDecisions = { size: "Standard_NC24ads_A100_v4" };
const SPOT = { priority: "Spot" } as const;
const RESERVATION = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/capacityReservationGroups/h100";
/** What no compiler would let through, from configuration or JavaScript. */
const untyped = (decisions: Record<string, unknown>): Partial<GpuPoolDecisions> => decisions;
const sized = (size: string) => ({ size: size as GpuSize });
const plan = (decisions: Partial<GpuPoolDecisions>, context?: GpuPoolContext, name = "gpu") => () => planGpuPool(name, { ...A100, ...decisions }, context);

/** Faulty decisions, the whole problem, and the nearest decisions that are accepted. */
const FAULTS: readonly [Partial<GpuPoolDecisions>, string, Partial<GpuPoolDecisions>][] = [
  [sized("Standard_NC24ads_A100v4"), 'AKSFT-POOL-01 size: got "Standard_NC24ads_A100v4"; is none of the 23 GPU sizes of the catalogue; fix: did you mean "Standard_NC24ads_A100_v4"?', {}],
  [sized("Standard_D8s_v5"), 'AKSFT-POOL-01 size: got "Standard_D8s_v5"; is not a GPU size; fix: use for example "Standard_NC24ads_A100_v4"', {}],
  [sized("T4"), `AKSFT-POOL-01 size: got "T4"; is none of the 23 GPU sizes of the catalogue; fix: use one of ${GPU_SIZE_NAMES.join(", ")}`, {}],
  [{ maxNodes: 0 }, "AKSFT-POOL-02 maxNodes: got 0; must be a whole number from 1 to 1000; fix: use 1", { maxNodes: 1 }],
  [{ maxNodes: 1001 }, "AKSFT-POOL-02 maxNodes: got 1001; must be a whole number from 1 to 1000; fix: use 1000", { maxNodes: 1000 }],
  [{ minNodes: -1 }, "AKSFT-POOL-03 minNodes: got -1; must be a whole number from 0 to 1000; fix: use 0", { minNodes: 0 }],
  [{ minNodes: 5, maxNodes: 2 }, "AKSFT-POOL-04 minNodes: got 5; must not be above maxNodes 2; fix: use 2", { minNodes: 2, maxNodes: 5 }],
  [
    sized("Standard_NC6s_v3"),
    'AKSFT-POOL-05 size: got "Standard_NC6s_v3"; was retired on 2025-09-30: Azure deallocates what is left of it; fix: use for example "Standard_NC24ads_A100_v4"',
    {},
  ],
  [
    sized("Standard_NV16as_v4"),
    'AKSFT-POOL-05 size: got "Standard_NV16as_v4"; has an AMD GPU that AKS does not support: https://learn.microsoft.com/azure/aks/use-nvidia-gpu; ' +
      'fix: use for example "Standard_NC24ads_A100_v4"',
    {},
  ],
  [untyped({ priority: "Low" }), 'AKSFT-POOL-06 priority: got "Low"; is none of Regular, Spot; fix: use one of Regular, Spot', { priority: "Regular" }],
  [untyped({ priority: "spot" }), 'AKSFT-POOL-06 priority: got "spot"; is none of Regular, Spot; fix: did you mean "Spot"?', SPOT],
  [
    { evictionPolicy: "Delete" },
    'AKSFT-POOL-07 evictionPolicy: got "Delete"; only spot nodes are evicted; fix: remove it, or set priority "Spot"',
    { ...SPOT, evictionPolicy: "Delete" },
  ],
  [
    untyped({ ...SPOT, evictionPolicy: "Delet" }),
    'AKSFT-POOL-07 evictionPolicy: got "Delet"; is none of Delete, Deallocate; fix: did you mean "Delete"?',
    { ...SPOT, evictionPolicy: "Deallocate" },
  ],
  [{ spotMaxPrice: -1 }, 'AKSFT-POOL-08 spotMaxPrice: got -1; only spot nodes have a maximum price; fix: remove it, or set priority "Spot"', { ...SPOT, spotMaxPrice: -1 }],
  [
    { ...SPOT, spotMaxPrice: 0 },
    "AKSFT-POOL-08 spotMaxPrice: got 0; must be above 0, or -1 for up to the pay-as-you-go price; fix: use -1",
    { ...SPOT, spotMaxPrice: 0.00001 },
  ],
  [{ ...SPOT, spotMaxPrice: NaN }, "AKSFT-POOL-08 spotMaxPrice: got NaN; must be above 0, or -1 for up to the pay-as-you-go price; fix: use -1", { ...SPOT, spotMaxPrice: 1 }],
  [{ ...SPOT, spotMaxPrice: 1.234567 }, "AKSFT-POOL-08 spotMaxPrice: got 1.234567; has 6 decimals, at most 5; fix: use 1.23457", { ...SPOT, spotMaxPrice: 1.23457 }],
  [{ ...SPOT, spotMaxPrice: 1e-7 }, "AKSFT-POOL-08 spotMaxPrice: got 1e-7; has 7 decimals, at most 5; fix: use 0.00001", { ...SPOT, spotMaxPrice: 1e-5 }],
  [
    untyped({ gpuInstanceProfile: "MIG5g" }),
    'AKSFT-POOL-09 gpuInstanceProfile: got "MIG5g"; is none of MIG1g, MIG2g, MIG3g, MIG4g, MIG7g; fix: did you mean "MIG1g"?',
    { gpuInstanceProfile: "MIG4g" },
  ],
  [
    { ...sized("Standard_NV36ads_A10_v5"), gpuInstanceProfile: "MIG1g" },
    'AKSFT-POOL-09 gpuInstanceProfile: got "MIG1g"; AKS partitions A100, H100 and H200 GPUs, and Standard_NV36ads_A10_v5 has A10; ' +
      'fix: remove it, or use for example size "Standard_NC24ads_A100_v4"',
    { gpuInstanceProfile: "MIG1g" },
  ],
  [
    { migStrategy: "mixed" },
    'AKSFT-POOL-10 migStrategy: got "mixed"; names the slices of partitioned GPUs, and these are whole; fix: remove it, or set gpuInstanceProfile',
    { gpuInstanceProfile: "MIG1g", migStrategy: "mixed" },
  ],
  [
    untyped({ gpuInstanceProfile: "MIG1g", migStrategy: "none" }),
    'AKSFT-POOL-10 migStrategy: got "none"; is none of single, mixed; fix: use "single"',
    { gpuInstanceProfile: "MIG1g", migStrategy: "single" },
  ],
  [untyped({ driver: "none" }), 'AKSFT-POOL-11 driver: got "none"; is none of Install, None; fix: did you mean "None"?', { driver: "None" }],
  [
    { driver: "None", gpuInstanceProfile: "MIG1g" },
    'AKSFT-POOL-11 driver: got "None"; AKS partitions GPUs with the driver that it installs itself; ' +
      'fix: use "Install", or leave the partitions to the GPU Operator and remove gpuInstanceProfile',
    { driver: "Install", gpuInstanceProfile: "MIG1g" },
  ],
  [untyped({ osSku: "Ubuntu" }), 'AKSFT-POOL-12 osSku: got "Ubuntu"; is none of Ubuntu2404, Ubuntu2204, AzureLinux3; fix: use one of Ubuntu2404, Ubuntu2204, AzureLinux3', { osSku: "Ubuntu2204" }],
  [
    { ...sized("Standard_NCC40ads_H100_v5"), osSku: "AzureLinux3" },
    'AKSFT-POOL-12 osSku: got "AzureLinux3"; has no GPU driver for Standard_NCC40ads_H100_v5; fix: use "Ubuntu2404"',
    { ...sized("Standard_NC40ads_H100_v5"), osSku: "AzureLinux3" },
  ],
  [{ osDiskSizeGb: 29 }, "AKSFT-POOL-13 osDiskSizeGb: got 29; must be a whole number from 30 to 2048; fix: use 30", { osDiskSizeGb: 30 }],
  [{ osDiskSizeGb: 2049 }, "AKSFT-POOL-13 osDiskSizeGb: got 2049; must be a whole number from 30 to 2048; fix: use 2048", { osDiskSizeGb: 2048 }],
  [untyped({ osDiskType: "Managd" }), 'AKSFT-POOL-13 osDiskType: got "Managd"; is none of Ephemeral, Managed; fix: did you mean "Managed"?', { osDiskType: "Managed" }],
  [
    { osDiskType: "Ephemeral" },
    'AKSFT-POOL-13 osDiskType: got "Ephemeral"; a disk of 128 GB is asked for, and Standard_NC24ads_A100_v4 has a local disk of 64 GB for it; ' +
      'fix: use osDiskSizeGb 64, or osDiskType "Managed"',
    { osDiskType: "Ephemeral", osDiskSizeGb: 64 },
  ],
  [
    { ...sized("Standard_NC40ads_H100_v5"), osDiskType: "Ephemeral" },
    'AKSFT-POOL-13 osDiskType: got "Ephemeral"; a disk of 128 GB is asked for, and Standard_NC40ads_H100_v5 has no local disk known to hold an ' +
      'operating system; fix: use osDiskType "Managed"',
    { ...sized("Standard_NC40ads_H100_v5"), osDiskType: "Managed" },
  ],
  [
    { ...sized("Standard_NC4as_T4_v3"), ...SPOT, evictionPolicy: "Deallocate", osDiskType: "Ephemeral" },
    'AKSFT-POOL-13 osDiskType: got "Ephemeral"; a deallocated node loses its local disks, and evictionPolicy is Deallocate; ' +
      'fix: use osDiskType "Managed", or evictionPolicy "Delete"',
    { ...sized("Standard_NC4as_T4_v3"), ...SPOT, evictionPolicy: "Delete", osDiskType: "Ephemeral" },
  ],
  [{ zones: ["4"] }, 'AKSFT-POOL-14 zones[0]: got "4"; is none of "1", "2", "3"; fix: use one of "1", "2", "3"', { zones: ["3"] }],
  [{ zones: ["1", "1"] }, 'AKSFT-POOL-14 zones: got ["1","1"]; names "1" more than once; fix: name each zone once', { zones: ["1", "2"] }],
  [
    { capacityReservationGroupId: "h100" },
    'AKSFT-POOL-15 capacityReservationGroupId: got "h100"; is not an id of the form ' +
      "/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/capacityReservationGroups/NAME; " +
      "fix: use the id that az capacity reservation group show prints",
    { capacityReservationGroupId: RESERVATION },
  ],
  [
    { ...SPOT, capacityReservationGroupId: RESERVATION },
    `AKSFT-POOL-15 capacityReservationGroupId: got "${RESERVATION}"; reserved capacity is not for spot nodes; fix: remove it, or set priority "Regular"`,
    { capacityReservationGroupId: RESERVATION },
  ],
  [{ maxPods: 9 }, "AKSFT-POOL-17 maxPods: got 9; must be a whole number from 10 to 250; fix: use 10", { maxPods: 10 }],
  [{ maxPods: 251 }, "AKSFT-POOL-17 maxPods: got 251; must be a whole number from 10 to 250; fix: use 250", { maxPods: 250 }],
  [
    { labels: { agentpool: "x" } },
    'AKSFT-POOL-18 labels: got "agentpool"; is reserved to AKS; fix: use a prefix of yours, for example "example.com/owner"',
    { labels: { "example.com/agentpool": "x" } },
  ],
  [
    { labels: { "kubernetes.azure.com/mode": "x" } },
    'AKSFT-POOL-18 labels: got "kubernetes.azure.com/mode"; is reserved to AKS; fix: use a prefix of yours, for example "example.com/owner"',
    { labels: { mode: "x" } },
  ],
  [
    { labels: { "aks-fine-tuning.dev/pool": "x" } },
    'AKSFT-POOL-18 labels: got "aks-fine-tuning.dev/pool"; is reserved to this library; fix: use a prefix of yours, for example "example.com/owner"',
    { labels: { pool: "x" } },
  ],
  [
    { labels: { team: "x".repeat(64) } },
    `AKSFT-LABEL-02 labels.team: got "${"x".repeat(64)}"; a label's value has at most 63 letters, digits, "-", "_" and ".", with a letter or digit at ` +
      `both ends, has 64 characters; fix: use for example "${"x".repeat(63)}"`,
    { labels: { team: "x".repeat(63) } },
  ],
  [
    { taints: [{ key: "sku", value: "gpu", effect: "NoSchedule" }] },
    'AKSFT-POOL-19 taints[0].key: got "sku"; is reserved to this library, which taints every GPU pool with sku=gpu; fix: use another key',
    { taints: [{ key: "skus", value: "gpu", effect: "NoSchedule" }] },
  ],
  [
    untyped({ taints: [{ key: "team", value: "a", effect: "NoSchedul" }] }),
    'AKSFT-POOL-19 taints[0].effect: got "NoSchedul"; is none of NoSchedule, PreferNoSchedule, NoExecute; fix: did you mean "NoSchedule"?',
    { taints: [{ key: "team", value: "a", effect: "NoExecute" }] },
  ],
  [
    { taints: [{ key: "team", value: "a", effect: "NoExecute" }, { key: "team", value: "b", effect: "NoExecute" }] },
    'AKSFT-POOL-19 taints[1]: got "team=b:NoExecute"; repeats key and effect of taints[0]; fix: remove one of them',
    { taints: [{ key: "team", value: "a", effect: "NoExecute" }, { key: "team", value: "b", effect: "NoSchedule" }] },
  ],
  [
    { upgrade: { maxSurge: "33%", maxUnavailable: "1" } },
    'AKSFT-POOL-20 upgrade: got {"maxSurge":"33%","maxUnavailable":"1"}; maxSurge and maxUnavailable exclude each other; ' +
      'fix: for GPU pools use maxSurge "0" and maxUnavailable "1"',
    { upgrade: { maxSurge: "0", maxUnavailable: "1" } },
  ],
  [
    { upgrade: { maxSurge: "0", maxUnavailable: "0%" } },
    'AKSFT-POOL-20 upgrade: got {"maxSurge":"0","maxUnavailable":"0%"}; with neither surge nor unavailable nodes no upgrade can begin; ' +
      'fix: for GPU pools use maxSurge "0" and maxUnavailable "1"',
    { upgrade: { maxSurge: "1", maxUnavailable: "0%" } },
  ],
  [
    { upgrade: { maxSurge: "101%" } },
    'AKSFT-POOL-20 upgrade.maxSurge: got "101%"; must be a number from 0 to 1000 or a percentage up to 100%; fix: use for example "1"',
    { upgrade: { maxSurge: "100%" } },
  ],
  [
    { ...SPOT, upgrade: { maxSurge: "1" } },
    'AKSFT-POOL-20 upgrade: got {"maxSurge":"1"}; spot pools have no upgrade settings: their nodes are replaced as they are evicted; fix: remove it',
    SPOT,
  ],
  [
    { tags: { component: "x" } },
    'AKSFT-TAG-02 tags.component: got "component"; the library sets managed-by and component itself; fix: use another name, for example "component-of-ours"',
    { tags: { "component-of-ours": "x" } },
  ],
];

describe("planGpuPool refuses", () => {
  it.each(FAULTS)("%j", (faulty, problem, nearest) => {
    expect(problemsOf(plan(faulty))).toEqual([problem]);
    expect(problem).toMatch(COMPLETE_PROBLEM);
    expect(plan(nearest)().size).toMatch(/^Standard_N/);
  });

  it.each(["GPUPool", "gpu-a100", "traininga100pool", "1gpu", ""])("the name %p", (name) => {
    expect(problemsOf(plan({}, {}, name))).toEqual([expect.stringMatching(/^AKSFT-NAME-03 name: got /)]);
  });

  it.each<[GpuPoolContext, Partial<GpuPoolDecisions>, string]>([
    [
      { kubernetesVersion: "1.35" },
      { kubernetesVersion: "1.36" },
      `AKSFT-POOL-16 kubernetesVersion: got "1.36"; is newer than the cluster's 1.35; fix: use "1.35", or upgrade the cluster first`,
    ],
    [
      { kubernetesVersion: "1.37" },
      { kubernetesVersion: "1.34" },
      `AKSFT-POOL-16 kubernetesVersion: got "1.34"; is 3 minor versions behind the cluster's 1.37, at most 2; fix: use "1.35" or later`,
    ],
    [
      { kubernetesVersion: "1.36", exactKubernetesVersion: "1.36.2" },
      { kubernetesVersion: "1.36.3" },
      `AKSFT-POOL-16 kubernetesVersion: got "1.36.3"; is newer than the cluster's 1.36.2; fix: use "1.36.2", or upgrade the cluster first`,
    ],
    [
      { kubernetesVersion: "1.35", exactKubernetesVersion: "1.35.9" },
      { kubernetesVersion: "1.36.0" },
      `AKSFT-POOL-16 kubernetesVersion: got "1.36.0"; is newer than the cluster's 1.35.9; fix: use "1.35.9", or upgrade the cluster first`,
    ],
    [
      {},
      untyped({ kubernetesVersion: "1.3" }),
      'AKSFT-POOL-16 kubernetesVersion: got "1.3"; AKS supports 1.34, 1.35, 1.36, 1.37; fix: did you mean "1.34"?',
    ],
    [
      { taken: ["gpu", "serve"] },
      {},
      'AKSFT-POOL-21 name: got "gpu"; is the name of another pool of the cluster, which has gpu, serve; fix: rename one of them',
    ],
    [
      { nodeProvisioning: "node-auto-provisioning" },
      {},
      'AKSFT-POOL-22 cluster.nodeProvisioning: got "node-auto-provisioning"; a pool with an autoscaler does not go with a cluster whose nodes are ' +
        'provisioned automatically; fix: use AutoProvisionedGpuPool, or a cluster with nodeProvisioning "autoscaler"',
    ],
  ])("what does not go with a cluster of %j: %j", (context, decisions, problem) => {
    expect(problemsOf(plan(decisions, context))).toEqual([problem]);
  });

  it.each<[GpuPoolContext, Partial<GpuPoolDecisions>]>([
    [{ kubernetesVersion: "1.37" }, { kubernetesVersion: "1.35" }],
    [{ kubernetesVersion: "1.35" }, { kubernetesVersion: "1.35" }],
    [{ kubernetesVersion: "1.36", exactKubernetesVersion: "1.36.2" }, { kubernetesVersion: "1.36.2" }],
    [{ kubernetesVersion: "1.36", exactKubernetesVersion: "1.36.2" }, { kubernetesVersion: "1.36" }],
    [{ kubernetesVersion: "1.36", exactKubernetesVersion: "1.36.2" }, { kubernetesVersion: "1.35.9" }],
    [{ kubernetesVersion: "1.36" }, { kubernetesVersion: "1.36.9" }],
    [{ taken: ["gpu2"] }, {}],
    [{ nodeProvisioning: "autoscaler" }, {}],
  ])("nothing that goes with a cluster of %j: %j", (context, decisions) => {
    expect(plan(decisions, context)().agentPoolName).toMatch(/^gpu/);
  });

  it("all faults at once", () => {
    const problems = problemsOf(plan({ ...sized("T4"), minNodes: 0.5, maxNodes: 0, zones: ["9"], maxPods: 1, spotMaxPrice: 1 }, {}, "GPU"));
    expect(problems.map((problem) => problem.slice(0, 13))).toEqual([
      ...["AKSFT-NAME-03", "AKSFT-POOL-01", "AKSFT-POOL-02", "AKSFT-POOL-03", "AKSFT-POOL-08", "AKSFT-POOL-14", "AKSFT-POOL-17"],
    ]);
  });
});
