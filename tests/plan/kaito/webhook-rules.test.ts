import { type KaitoTuningDecisions, planKaitoTuning } from "../../../components/plan/kaito/tuning";
import { kaitoWorkspaceManifest } from "../../../components/plan/manifests/kaito-workspace";
import { COMPLETE_PROBLEM, problemsOf } from "../../support/refusal";
import { KAITO_DECISIONS, KAITO_RECIPE, OWN_POOL } from "../../support/kaito-tuning";
import { byDigest } from "../../support/tiny-recipe";

const plan = (changes: Partial<KaitoTuningDecisions> = {}, name = "tickets") => planKaitoTuning(name, { ...KAITO_DECISIONS, ...changes });
const recipe = (changes: Record<string, unknown>): Partial<KaitoTuningDecisions> => ({ recipe: { ...KAITO_RECIPE, ...changes } });
const data = (image: string): Partial<KaitoTuningDecisions> => ({ dataset: { ...KAITO_DECISIONS.dataset, image } });

/**
 * Rules of KAITO's webhook for tuning, and what it does not ask, by what can be said to this library.
 * https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/workspace_validation.go, tuning_config_validation.go
 */
describe("what can be said wrongly", () => {
  it.each<[string, Partial<KaitoTuningDecisions>, string]>([
    ["full tuning", recipe({ method: "full" }), "AKSFT-KAITO-14 recipe.method"],
    ["DoRA", recipe({ method: "dora" }), "AKSFT-KAITO-14 recipe.method"],
    ["a method of another name", recipe({ method: "LoRA" }), "AKSFT-TUNE-02 recipe.method"],
    ["qlora of a base in 16 bits", recipe({ method: "qlora", quantization: "none" }), "AKSFT-TUNE-25 recipe.quantization"],
    ["lora of a base in 4 bits", recipe({ method: "lora", quantization: "nf4" }), "AKSFT-TUNE-25 recipe.quantization"],
    ["lora with what is qlora's preparation", recipe({ kbitPreparation: true }), "AKSFT-KAITO-15 recipe.kbitPreparation"],
    ["qlora without it", recipe({ method: "qlora", kbitPreparation: false }), "AKSFT-KAITO-15 recipe.kbitPreparation"],
    ["rank 0", recipe({ lora: { rank: 0 } }), "AKSFT-TUNE-07 recipe.lora.rank"],
    ["alpha -16", recipe({ lora: { alpha: -16 } }), "AKSFT-TUNE-08 recipe.lora.alpha"],
    ["dropout 1.5", recipe({ lora: { dropout: 1.5 } }), "AKSFT-TUNE-09 recipe.lora.dropout"],
    ["no epochs", recipe({ epochs: 0 }), "AKSFT-TUNE-05 recipe.epochs"],
    ["a negative learning rate", recipe({ learningRate: -0.0001 }), "AKSFT-TUNE-06 recipe.learningRate"],
    ["a preset that nobody knows", recipe({ model: "lama-3" }), "AKSFT-TUNE-01 recipe.model"],
    ["a preset that is served and not tuned", recipe({ model: "llama-3.1-8b-instruct" }), "AKSFT-KAITO-11 recipe.model"],
    ["a key of another section", recipe({ output_dir: "results" }), "AKSFT-TUNE-16 recipe.output_dir"],
    ["a dataset that moves", data("mlreg.azurecr.io/datasets/tickets:latest"), "AKSFT-DATA-04 dataset.image"],
    ["a dataset by a version's tag", data("mlreg.azurecr.io/datasets/tickets:v1"), "AKSFT-DATA-04 dataset.image"],
    ["a dataset as a file's address", data("file:///data.json"), "AKSFT-DATA-04 dataset.image"],
    ["an adapter over its dataset", data(byDigest("mlreg.azurecr.io/support/tickets", "b")), "AKSFT-KAITO-36 dataset.image"],
    ["a repository that is none", { datasets: { repository: "Datasets/Tickets" } }, "AKSFT-DATA-05 datasets.repository"],
    ["no node at all", { size: undefined }, "AKSFT-KAITO-30 size"],
    ["nodes of one's own in byo mode", { size: undefined, pool: OWN_POOL, kaito: { version: "main", nodeProvisioner: "byo" } }, "AKSFT-KAITO-25 kaito.nodeProvisioner"],
    [
      "a selector of labels that KAITO keeps to itself",
      { size: undefined, pool: { ...OWN_POOL, nodeSelector: { "kaito.sh/workspace": "tickets", "kaito.sh/workspacenamespace": "support" } } },
      "AKSFT-KAITO-27 pool.nodeSelector",
    ],
    ["slices of a GPU", { size: undefined, pool: { ...OWN_POOL, gpusPerNode: 7, gpuMemoryGiB: 9 } }, "AKSFT-KAITO-32 pool.gpuResource"],
    ["more memory than a GPU has", { ...recipe({ model: "phi-4" }), size: "Standard_NV36ads_A10_v5" }, "AKSFT-KAITO-23 size"],
  ])("%s is refused", (_, changes, refused) => {
    const problems = problemsOf(() => plan(changes));
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([refused]);
    expect(problems[0]).toMatch(COMPLETE_PROBLEM);
  });

  it.each(["Tickets", "tick_ets", "-tickets", "t".repeat(41)])("a job named %s is refused", (name) => {
    expect(problemsOf(() => plan({}, name)).map((problem) => problem.split(":")[0])).toEqual(["AKSFT-NAME-04 name"]);
  });
});

describe("what cannot be said wrongly", () => {
  const methods = ["lora", "qlora"] as const;
  const inputs = { adapterImage: "mlreg.azurecr.io/support/tickets:run", datasetImage: KAITO_DECISIONS.dataset.image, pushSecret: "push" };
  const ways = [inputs, { ...inputs, pullSecret: "pull" }];

  it.each(methods.flatMap((method) => ways.map((way) => ({ method, way }))))("a Workspace for $method has one workload, node, input and output", ({ method, way }) => {
    const { tuning, resource, metadata, ...rest } = kaitoWorkspaceManifest(plan(recipe({ method })), way);
    // Neither inference beside it, nor a count, a partition, or one of the annotations.
    expect(rest).toEqual({ apiVersion: "kaito.sh/v1beta1", kind: "Workspace" });
    expect(Object.keys(metadata).sort()).toEqual(["labels", "name", "namespace"]);
    expect(Object.keys(resource).sort()).toEqual(["instanceType", "labelSelector"]);
    expect(tuning.method).toBe(tuning.method.toLowerCase());
    const { input, output } = tuning;
    expect(["urls", "volumeSource", "image"].filter((form) => form in input)).toHaveLength(1);
    expect(Object.keys(output).sort()).toEqual(["image", "imagePushSecret"]);
  });

  it.each(["nf4", "nf4-dq", "int8"] as const)("a qlora base in %s is in 4 or 8 bits, and lora's in neither", (quantization) => {
    const bits = (changes: Record<string, unknown>) => {
      const { training_config } = JSON.parse(plan(recipe(changes)).trainingConfig.text) as { training_config: { QuantizationConfig: Record<string, unknown> } };
      const { load_in_4bit: four, load_in_8bit: eight } = training_config.QuantizationConfig;
      return [four, eight];
    };
    expect(bits({ method: "qlora", quantization }).sort()).toEqual([false, true]);
    expect(bits({ method: "lora" })).toEqual([false, false]);
  });

  it("the output directory is absolute, below /mnt and not /mnt", () => {
    expect(plan().trainingConfig.text).toContain('"output_dir": "/mnt/results"');
  });
});
