import { rightSize } from "../../components";
import type { KubernetesVersion } from "../../components/plan/catalogue/kubernetes-versions";
import { type GpuPoolContext, type GpuPoolDecisions, type GpuPoolPlan, planGpuPool } from "../../components/plan/gpu-pool";
import type { ClusterVersion } from "../../components/plan/cluster/version";
import { TINY_RECIPE } from "../support/tiny-recipe";

const A100: GpuPoolDecisions = { size: "Standard_NC24ads_A100_v4" };
const T4: GpuPoolDecisions = { size: "Standard_NC4as_T4_v3" };
const DEVELOPMENT: GpuPoolContext = { environment: "development" };
const GPU = { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" };
const SPOT = { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" };

describe("planGpuPool", () => {
  it("idles at no node, regular, tainted for GPU pods alone, with encrypted hosts in production", () => {
    expect(planGpuPool("gpu", A100)).toEqual({
      agentPoolName: "gpu0556",
      size: "Standard_NC24ads_A100_v4",
      gpusPerNode: 1,
      gpuResource: "nvidia.com/gpu",
      gpuMemoryGiB: 79.25,
      priority: "Regular",
      minNodes: 0,
      maxNodes: 1,
      maxPods: 50,
      driver: "Install",
      osSku: "Ubuntu2404",
      hostEncryption: true,
      ultraSsd: false,
      zones: [],
      upgrade: { maxSurge: "0", maxUnavailable: "1" },
      labels: { "aks-fine-tuning.dev/pool": "gpu" },
      taints: ["sku=gpu:NoSchedule"],
      nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
      tolerations: [GPU],
      warnings: [],
    });
  });

  it("declares the label and the taint that AKS puts on spot nodes, selects by neither, and has no upgrade settings", () => {
    const plan = planGpuPool("gpu", { ...A100, priority: "Spot", maxNodes: 4 });
    expect(plan).toMatchObject({
      priority: "Spot",
      evictionPolicy: "Delete",
      spotMaxPrice: -1,
      minNodes: 0,
      maxNodes: 4,
      labels: { "aks-fine-tuning.dev/pool": "gpu", "kubernetes.azure.com/scalesetpriority": "spot" },
      taints: ["sku=gpu:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
      nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
      tolerations: [GPU, SPOT],
    });
    expect(plan.upgrade).toBeUndefined();
  });

  it("takes size and priority of a right size, and lets the caller's priority win", () => {
    const size = rightSize(TINY_RECIPE, { location: "eastus", priority: "Spot" });
    expect(planGpuPool("gpu", { size })).toMatchObject({ size: "Standard_NC4as_T4_v3", priority: "Spot", gpusPerNode: 1 });
    expect(planGpuPool("gpu", { size, priority: "Regular" }).priority).toBe("Regular");
  });

  it.each<[GpuPoolDecisions, GpuPoolContext, boolean]>([
    [A100, {}, true],
    [A100, DEVELOPMENT, false],
    [{ ...A100, environment: "production" }, DEVELOPMENT, true],
    [{ ...A100, environment: "development" }, {}, false],
    [{ ...A100, hostEncryption: false }, {}, false],
    [{ ...A100, hostEncryption: true }, DEVELOPMENT, true],
    [{ size: "Standard_NCC40ads_H100_v5" }, {}, false],
  ])("encrypts the hosts of %j on a cluster of %j: %p", (decisions, context, encrypted) => {
    expect(planGpuPool("gpu", decisions, context).hostEncryption).toBe(encrypted);
  });

  it.each<[GpuPoolDecisions, string | undefined]>([
    [T4, "Ephemeral"],
    [{ ...T4, osDiskSizeGb: 176 }, "Ephemeral"],
    [{ ...T4, osDiskSizeGb: 177 }, "Managed"],
    [{ ...T4, osDiskType: "Managed" }, "Managed"],
    [{ ...T4, priority: "Spot", evictionPolicy: "Deallocate" }, "Managed"],
    [A100, undefined],
    [{ ...A100, osDiskSizeGb: 64 }, "Ephemeral"],
    [{ ...A100, osDiskSizeGb: 65 }, "Managed"],
    [{ size: "Standard_NC40ads_H100_v5" }, undefined],
    [{ size: "Standard_ND96asr_v4", osDiskSizeGb: 2048 }, "Ephemeral"],
  ])("puts the operating system of %j on a disk that is %p", (decisions, type) => {
    expect(planGpuPool("gpu", decisions).osDiskType).toBe(type);
  });

  it.each<[GpuPoolDecisions, number, string, number]>([
    [{ size: "Standard_ND96asr_v4", gpuInstanceProfile: "MIG1g" }, 56, "nvidia.com/gpu", 39.38 / 8],
    [{ size: "Standard_ND96asr_v4", gpuInstanceProfile: "MIG1g", migStrategy: "mixed" }, 56, "nvidia.com/mig-1g.5gb", 39.38 / 8],
    [{ ...A100, gpuInstanceProfile: "MIG2g", migStrategy: "mixed" }, 3, "nvidia.com/mig-2g.20gb", 79.25 / 4],
    [{ size: "Standard_NC80adis_H100_v5", gpuInstanceProfile: "MIG3g", migStrategy: "mixed" }, 4, "nvidia.com/mig-3g.47gb", 46.5],
    [{ size: "Standard_ND96isr_H200_v5", gpuInstanceProfile: "MIG4g", migStrategy: "mixed" }, 8, "nvidia.com/mig-4g.71gb", 0.9 * 141 * 0.5],
    [{ ...A100, gpuInstanceProfile: "MIG7g", migStrategy: "single" }, 1, "nvidia.com/gpu", 79.25],
    [{ size: "Standard_NV6ads_A10_v5" }, 1, "nvidia.com/gpu", 3.6],
    [{ size: "Standard_NC64as_T4_v3" }, 4, "nvidia.com/gpu", 14.75],
  ])("tells pods what a node of %j offers: %p of %s with %p GiB", (decisions, gpusPerNode, gpuResource, gpuMemoryGiB) => {
    const plan = planGpuPool("gpu", decisions);
    expect(plan).toMatchObject({ gpusPerNode, gpuResource });
    expect(plan.gpuMemoryGiB).toBeCloseTo(gpuMemoryGiB, 10);
  });

  it("adds the caller's labels and taints, and marks nodes whose driver is another's", () => {
    const taint = { key: "example.com/team", value: "vision", effect: "NoExecute" } as const;
    const plan = planGpuPool("gpu", { ...A100, driver: "None", labels: { "example.com/owner": "vision" }, taints: [taint] });
    expect(plan.labels).toEqual({ "example.com/owner": "vision", "aks-fine-tuning.dev/pool": "gpu", "aks-fine-tuning.dev/driver": "none" });
    expect(plan.taints).toEqual(["sku=gpu:NoSchedule", "example.com/team=vision:NoExecute"]);
    expect(plan.tolerations).toEqual([GPU, { ...taint, operator: "Equal" }]);
  });

  it.each([
    [{ maxSurge: "1" }, { maxSurge: "1", maxUnavailable: "0" }],
    [{ maxSurge: "33%" }, { maxSurge: "33%", maxUnavailable: "0" }],
    [{ maxUnavailable: "2" }, { maxSurge: "0", maxUnavailable: "2" }],
    [{ maxSurge: "0%" }, { maxSurge: "0%", maxUnavailable: "1" }],
    [{ maxSurge: "0", maxUnavailable: "50%" }, { maxSurge: "0", maxUnavailable: "50%" }],
  ])("completes the upgrade settings %j", (upgrade, complete) => {
    expect(planGpuPool("gpu", { ...A100, upgrade }).upgrade).toEqual(complete);
  });

  it.each<[KubernetesVersion | undefined, KubernetesVersion | undefined]>([
    [undefined, "1.36"],
    ["1.36", "1.36"],
    ["1.34", "1.34"],
  ])("runs Kubernetes %p on a cluster of 1.36 as %p", (kubernetesVersion, version) => {
    expect(planGpuPool("gpu", { ...A100, kubernetesVersion }, { kubernetesVersion: "1.36" }).kubernetesVersion).toBe(version);
  });

  it.each<[ClusterVersion | undefined, GpuPoolContext, Pick<GpuPoolPlan, "kubernetesVersion" | "orchestratorVersion">]>([
    [undefined, {}, {}],
    ["1.35.2", {}, { kubernetesVersion: "1.35", orchestratorVersion: "1.35.2" }],
    [undefined, { kubernetesVersion: "1.36" }, { kubernetesVersion: "1.36", orchestratorVersion: "1.36" }],
    [undefined, { kubernetesVersion: "1.36", exactKubernetesVersion: "1.36.2" }, { kubernetesVersion: "1.36", orchestratorVersion: "1.36.2" }],
    // The newest patch, which AKS would take, may be newer than the control plane.
    ["1.36", { kubernetesVersion: "1.36", exactKubernetesVersion: "1.36.2" }, { kubernetesVersion: "1.36", orchestratorVersion: "1.36.2" }],
    ["1.36.1", { kubernetesVersion: "1.36", exactKubernetesVersion: "1.36.2" }, { kubernetesVersion: "1.36", orchestratorVersion: "1.36.1" }],
    ["1.35", { kubernetesVersion: "1.36", exactKubernetesVersion: "1.36.2" }, { kubernetesVersion: "1.35", orchestratorVersion: "1.35" }],
  ])("asks AKS for %p on a cluster of %j: %j", (kubernetesVersion, context, version) => {
    const plan = planGpuPool("gpu", { ...A100, kubernetesVersion }, context);
    expect({ kubernetesVersion: plan.kubernetesVersion, orchestratorVersion: plan.orchestratorVersion }).toEqual(version);
  });

  it.each<[GpuPoolDecisions, string[]]>([
    [{ ...A100, minNodes: 2, maxNodes: 2 }, ['AKSFT-POOL-51 the pool is paid for when idle, 7.35 USD per hour']],
    [
      { size: "Standard_NC40ads_H100_v5", priority: "Spot", minNodes: 1 },
      ["AKSFT-POOL-51 the pool is paid for when idle, the price of its size"],
    ],
    [{ ...A100, driver: "None" }, ["AKSFT-POOL-52 nothing installs a driver or a device plugin on these nodes"]],
    [{ ...A100, osSku: "Ubuntu2204" }, ["AKSFT-POOL-53 mounts no image volumes, which runs and services of this library need"]],
    [
      { ...A100, osSku: "AzureLinux3" },
      ["AKSFT-POOL-53 mounts no image volumes, which runs and services of this library need and gets no automatic security patches on GPU nodes"],
    ],
    [
      { size: "Standard_ND96isr_H200_v5", priority: "Spot" },
      ["AKSFT-POOL-54 no spot price of Standard_ND96isr_H200_v5 was found, so it may not be sold as spot"],
    ],
  ])("warns of %j", (decisions, warnings) => {
    expect(planGpuPool("gpu", decisions).warnings.map(({ code, rule }) => `${code} ${rule}`)).toEqual(warnings);
  });
});
