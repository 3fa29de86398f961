import * as fc from "fast-check";
import { type GpuSize, rightSize } from "../../components";
import { GPU_SIZE_NAMES } from "../../components/plan/catalogue/gpu-sizes";
import { type GpuPoolDecisions, planGpuPool } from "../../components/plan/gpu-pool";
import { problemsOf } from "../support/refusal";
import { TINY_RECIPE } from "../support/tiny-recipe";

const A100: GpuPoolDecisions = { size: "Standard_NC24ads_A100_v4" };
const GPU = { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" };
const SPOT = { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" };
const unlisted = (name: string): GpuPoolDecisions => ({ size: name as GpuSize });

describe("planGpuPool", () => {
  it("idles at no node, regular, tainted for GPU pods alone", () => {
    expect(planGpuPool("gpu", A100)).toEqual({
      agentPoolName: "gpu658f",
      size: "Standard_NC24ads_A100_v4",
      gpusPerNode: 1,
      priority: "Regular",
      minNodes: 0,
      maxNodes: 1,
      labels: { "aks-fine-tuning.dev/pool": "gpu" },
      taints: ["sku=gpu:NoSchedule"],
      nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
      tolerations: [GPU],
    });
  });

  it("declares the label and the taint that AKS puts on spot nodes, and selects by neither", () => {
    expect(planGpuPool("gpu", { ...A100, priority: "Spot", minNodes: 1, maxNodes: 4 })).toMatchObject({
      priority: "Spot",
      minNodes: 1,
      maxNodes: 4,
      labels: { "aks-fine-tuning.dev/pool": "gpu", "kubernetes.azure.com/scalesetpriority": "spot" },
      taints: ["sku=gpu:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
      nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
      tolerations: [GPU, SPOT],
    });
  });

  it("takes size and priority of a right size, and lets the caller's priority win", () => {
    const size = rightSize(TINY_RECIPE, { location: "eastus", priority: "Spot" });
    expect(planGpuPool("gpu", { size })).toMatchObject({ size: "Standard_NC4as_T4_v3", priority: "Spot", gpusPerNode: 1 });
    expect(planGpuPool("gpu", { size, priority: "Regular" }).priority).toBe("Regular");
  });

  it("changes the pool's name with size and priority alone", () => {
    const name = (decisions: GpuPoolDecisions) => planGpuPool("gpu", decisions).agentPoolName;
    expect(name({ ...A100, priority: "Regular", minNodes: 1, maxNodes: 9 })).toBe(name(A100));
    expect(name({ ...A100, priority: "Spot" })).not.toBe(name(A100));
    const names = GPU_SIZE_NAMES.flatMap((size) => [name({ size }), name({ size, priority: "Spot" })]);
    expect(new Set(names).size).toBe(2 * GPU_SIZE_NAMES.length);
  });

  it("keeps every accepted name within Azure's twelve characters", () => {
    const names = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
    fc.assert(
      fc.property(names, fc.constantFrom(...GPU_SIZE_NAMES), (name, size) => {
        expect(planGpuPool(name, { size }).agentPoolName).toMatch(/^[a-z][a-z0-9]{0,11}$/);
      }),
    );
  });

  it.each(["GPUPool", "gpu-a100", "traininga100pool"])("refuses the name %p", (name) => {
    expect(problemsOf(() => planGpuPool(name, A100))).toEqual([expect.stringMatching(/^AKSFT-NAME-03 name: got /)]);
  });

  it("asks about a misspelt size and lists all for one without a GPU", () => {
    expect(problemsOf(() => planGpuPool("gpu", unlisted("Standard_NC24ads_A100v4")))).toEqual([
      'AKSFT-POOL-01 size: got "Standard_NC24ads_A100v4"; is none of the 13 GPU sizes of the catalogue; ' +
        'fix: did you mean "Standard_NC24ads_A100_v4"?',
    ]);
    expect(problemsOf(() => planGpuPool("gpu", unlisted("Standard_D8s_v5")))).toEqual([
      'AKSFT-POOL-01 size: got "Standard_D8s_v5"; is none of the 13 GPU sizes of the catalogue; ' +
        `fix: use one of ${GPU_SIZE_NAMES.join(", ")}`,
    ]);
  });

  it.each<[Partial<GpuPoolDecisions>, string[]]>([
    [{ minNodes: 5, maxNodes: 2 }, ["AKSFT-POOL-04 minNodes: got 5; must not be above maxNodes 2; fix: use 2"]],
    [{ minNodes: -1 }, ["AKSFT-POOL-03 minNodes: got -1; must be a whole number from 0 to 1000; fix: use 0"]],
    [{ maxNodes: 0 }, ["AKSFT-POOL-02 maxNodes: got 0; must be a whole number from 1 to 1000; fix: use 1"]],
    [{ maxNodes: -1 }, ["AKSFT-POOL-02 maxNodes: got -1; must be a whole number from 1 to 1000; fix: use 1"]],
    [{ maxNodes: 1001 }, ["AKSFT-POOL-02 maxNodes: got 1001; must be a whole number from 1 to 1000; fix: use 1000"]],
  ])("refuses the counts %p", (counts, problems) => {
    expect(problemsOf(() => planGpuPool("gpu", { ...A100, ...counts }))).toEqual(problems);
  });

  it.each([[0, 1], [2, 5], [2, 2], [1000, 1000]])("accepts %p to %p nodes", (minNodes, maxNodes) => {
    expect(planGpuPool("gpu", { ...A100, minNodes, maxNodes })).toMatchObject({ minNodes, maxNodes });
  });

  it("lists all problems at once", () => {
    const problems = problemsOf(() => planGpuPool("GPU", { ...unlisted("T4"), minNodes: 0.5, maxNodes: 0 }));
    expect(problems.map((problem) => problem.slice(0, 13))).toEqual(["AKSFT-NAME-03", "AKSFT-POOL-01", "AKSFT-POOL-02", "AKSFT-POOL-03"]);
  });
});
