import { preflightJobManifest, runRoleRules, runSubject, tuningJobManifest } from "../../../components/plan/manifests/tuning-job";
import { planTuningRun } from "../../../components/plan/tuning-run";
import {
  DATASET,
  GPU_TOLERATION,
  PREFLIGHT_JOB,
  RUN_ID,
  SPOT_TOLERATION,
  TRAINER,
  TUNING_JOB,
  WEIGHTS,
} from "../../support/expected-tuning-run";
import { DATASET_KEY, TINY_RECIPE } from "../../support/tiny-recipe";

const plan = planTuningRun("tickets", {
  recipe: TINY_RECIPE,
  namespace: "support",
  dataset: { contentKey: DATASET_KEY, rows: 120 },
  pool: { size: "Standard_NC4as_T4_v3", priority: "Spot", kubernetesVersion: "1.36", osSku: "Ubuntu2404" },
});
const inputs = {
  trainerImage: TRAINER,
  datasetImage: DATASET,
  weightsImage: WEIGHTS,
  serviceAccountName: "tuning",
  checkpointsClaim: "checkpoints",
};
const placement = {
  nodeSelector: { "aks-fine-tuning.dev/pool": "gpu" },
  tolerations: [GPU_TOLERATION, SPOT_TOLERATION].map((each) => ({ ...each, operator: "Equal" as const, effect: "NoSchedule" as const })),
};

describe("a pool of both priorities", () => {
  it("has the tuning pod like spot nodes better", () => {
    const key = "kubernetes.azure.com/scalesetpriority";
    const term = { weight: 100, preference: { matchExpressions: [{ key, operator: "In", values: ["spot"] }] } };
    const { spec } = tuningJobManifest(plan, inputs, { ...placement, preference: [{ key, values: ["spot"], weight: 100 }] });
    expect(spec.template.spec).toMatchObject({ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [term] } } });
    expect(tuningJobManifest(plan, inputs, placement).spec.template.spec).not.toHaveProperty("affinity");
  });
});

it("asks for a slice by its own name, and for nothing else of NVIDIA's", () => {
  const { spec } = tuningJobManifest({ ...plan, gpuResource: "nvidia.com/mig-1g.10gb" }, inputs, placement);
  const asked = spec.template.spec.initContainers.map(({ resources }) => resources);
  expect(asked).toEqual([
    { requests: { cpu: "1", memory: "2Gi", "nvidia.com/mig-1g.10gb": "1" }, limits: { memory: "24Gi", "nvidia.com/mig-1g.10gb": "1" } },
  ]);
});

describe("preflight Job", () => {
  it("starts at once on a CPU node and ends for good on a final exit code", () => {
    expect(preflightJobManifest(plan, inputs)).toEqual(PREFLIGHT_JOB);
  });

  it("neither asks for a GPU nor tolerates its node's taint", () => {
    const text = JSON.stringify(preflightJobManifest(plan, inputs));
    expect(text).not.toMatch(/nvidia\.com|tolerations|nodeSelector/);
  });
});

describe("tuning Job", () => {
  it("waits suspended, trains on the pool and pushes afterwards without the GPU's memory", () => {
    expect(tuningJobManifest(plan, inputs, placement)).toEqual(TUNING_JOB);
  });

  it("is never deleted by Kubernetes, which would pay for it again", () => {
    expect(tuningJobManifest(plan, inputs, placement).spec).not.toHaveProperty("ttlSecondsAfterFinished");
  });
});

describe("rights of a run", () => {
  it("are its record and its own Job, by name", () => {
    expect(runRoleRules(plan)).toEqual([
      { apiGroups: [""], resources: ["configmaps"], resourceNames: ["tickets"], verbs: ["get", "patch"] },
      { apiGroups: ["batch"], resources: ["jobs"], resourceNames: [`tickets-${RUN_ID}`], verbs: ["get", "patch"] },
    ]);
    expect(runSubject(plan, "tuning")).toEqual({ kind: "ServiceAccount", name: "tuning", namespace: "support" });
  });
});
