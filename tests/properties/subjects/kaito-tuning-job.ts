import * as fc from "fast-check";
import { type KaitoTuningJobArgs, type KubernetesVersion, type Recipe, type TeamRef, TuningJob } from "../../../components";
import { byDigest, DATASET_KEY } from "../../support/tiny-recipe";
import { optional, recentVersions, repositories, workloadNames } from "../arbitraries/common";
import type { Mutation, Subject } from "../subject";

interface Given extends Pick<KaitoTuningJobArgs, "recipe" | "size" | "maximumPaidHours"> {
  readonly version: string;
  readonly nodeProvisioner: KaitoTuningJobArgs["kaito"]["nodeProvisioner"];
  readonly podSecurity: TeamRef["podSecurity"];
  readonly kubernetesVersion: KubernetesVersion;
  readonly rows?: number;
  /** Repository of the dataset, where a secret pulls it. */
  readonly datasets?: string;
  /** Hours over those that are paid. */
  readonly waitingHours?: number;
  readonly registryId?: string;
}

const recipes = fc.record<Recipe, "model" | "method" | "sequenceLength" | "loss">(
  {
    model: fc.constantFrom("phi-4", "Phi-4-mini-instruct"),
    method: fc.constantFrom("lora", "qlora"),
    sequenceLength: fc.integer({ min: 8, max: 2048 }),
    loss: fc.constant("all"),
    globalBatch: fc.integer({ min: 1, max: 64 }),
    epochs: fc.integer({ min: 1, max: 10 }),
    learningRate: fc.double({ min: 1e-6, max: 0.1, noNaN: true }),
    lora: fc.record({ rank: fc.integer({ min: 1, max: 64 }), alpha: fc.integer({ min: 1, max: 256 }), targets: fc.subarray(["qkv_proj", "o_proj"], { minLength: 1 }) }, { requiredKeys: [] }),
    packing: fc.boolean(),
    seed: fc.nat(),
  },
  { requiredKeys: ["model", "method", "sequenceLength", "loss"] },
);

const recipe = (changes: Readonly<Partial<Record<keyof Recipe, unknown>>>) => (args: Given) => ({ recipe: { ...args.recipe, ...changes } });
const lora = (changes: Readonly<Record<string, unknown>>) => (args: Given) => ({ recipe: { ...args.recipe, lora: { ...args.recipe.lora, ...changes } } });

const ofRecipe: readonly Mutation<Given>[] = [
  { fault: "a model that it serves and does not tune", code: "AKSFT-KAITO-10", argument: "recipe.model", args: recipe({ model: "Qwen2.5-7B-Instruct", lora: undefined }), nearest: { args: recipe({ model: "phi-4", lora: undefined }) } },
  { fault: "a revision, which its image has not", code: "AKSFT-KAITO-13", argument: "recipe.revision", args: recipe({ revision: "a".repeat(40) }), nearest: { args: recipe({ revision: undefined }) } },
  { fault: "a method of the library's own", code: "AKSFT-KAITO-14", argument: "recipe.method", args: recipe({ method: "dora" }), nearest: { args: recipe({ method: "lora" }) }, alone: true },
  { fault: "a loss on the answers alone", code: "AKSFT-KAITO-16", argument: "recipe.loss", args: recipe({ loss: "assistant" }), nearest: { args: recipe({ loss: "all" }) } },
  { fault: "an alpha that is no whole number", code: "AKSFT-KAITO-18", argument: "recipe.lora.alpha", args: lora({ alpha: 24.5 }), nearest: { args: lora({ alpha: 24 }) } },
  { fault: "layers that its preset has not", code: "AKSFT-KAITO-19", argument: "recipe.lora.targets", args: lora({ targets: ["q_proj"] }), nearest: { args: lora({ targets: ["qkv_proj"] }) } },
];

export const kaitoTuningJob: Subject<Given> = {
  given: fc.record({
    name: workloadNames,
    args: fc.record<Given, "recipe" | "size" | "version" | "nodeProvisioner" | "podSecurity" | "kubernetesVersion">(
      {
        recipe: recipes,
        size: fc.constantFrom("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"),
        version: fc.constantFrom("0.12", "v0.12.1", "main"),
        nodeProvisioner: fc.constant("azure-gpu-provisioner"),
        podSecurity: fc.constantFrom("baseline", "privileged", undefined),
        kubernetesVersion: recentVersions,
        rows: optional(fc.integer({ min: 1, max: 100_000 })),
        datasets: optional(repositories.map((each) => `datasets/${each}`)),
        maximumPaidHours: fc.integer({ min: 1, max: 720 }),
        waitingHours: optional(fc.integer({ min: 1, max: 24 })),
      },
      { requiredKeys: ["recipe", "size", "version", "nodeProvisioner", "podSecurity", "kubernetesVersion"] },
    ),
  }),
  register: ({ name, args }, world) => {
    const { recipe: ofRun, size, version, nodeProvisioner, podSecurity, kubernetesVersion, rows, datasets, maximumPaidHours, waitingHours, registryId } = args;
    const adapters = registryId === undefined ? world.registry : { ...world.registry, id: registryId };
    return new TuningJob(name, {
      engine: "kaito",
      kaito: { version, nodeProvisioner },
      team: { ...world.team(), cluster: world.cluster({ kubernetesVersion }), adapters, podSecurity },
      recipe: ofRun,
      dataset: { contentKey: DATASET_KEY, rows, image: world.passed(byDigest("mlreg.azurecr.io/datasets/tickets", "b")) },
      trainer: { image: world.passed(byDigest("mlreg.azurecr.io/trainer", "a")) },
      size,
      ...(datasets === undefined ? {} : { datasets: { registry: world.registry, repository: datasets } }),
      ...(maximumPaidHours === undefined ? {} : { maximumPaidHours }),
      ...(waitingHours === undefined ? {} : { deadlineHours: (maximumPaidHours ?? 24) + waitingHours }),
    });
  },
  mutations: [
    ...ofRecipe,
    { fault: "a version between two", code: "AKSFT-KAITO-05", argument: "kaito.version", args: { version: "0.9" }, nearest: { args: { version: "0.12" } }, alone: true },
    { fault: "nodes of one's own in byo mode", code: "AKSFT-KAITO-25", argument: "kaito.nodeProvisioner", args: { nodeProvisioner: "byo" }, nearest: { args: { nodeProvisioner: "azure-gpu-provisioner" } } },
    { fault: "a T4, which left its table", code: "AKSFT-KAITO-20", argument: "size", args: { size: "Standard_NC4as_T4_v3" }, nearest: { args: { size: "Standard_NC24ads_A100_v4" } } },
    { fault: "two GPUs that write one adapter", code: "AKSFT-KAITO-21", argument: "size", args: { size: "Standard_NC48ads_A100_v4" }, nearest: { args: { size: "Standard_NC24ads_A100_v4" } } },
    { fault: "neither size nor pool", code: "AKSFT-KAITO-30", argument: "size", args: { size: undefined }, nearest: { args: { size: "Standard_NC24ads_A100_v4" } }, alone: true },
    { fault: "a namespace that keeps its pods out", code: "AKSFT-KAITO-34", argument: "team.podSecurity", args: { podSecurity: "restricted" }, nearest: { args: { podSecurity: "baseline" } } },
    { fault: "an image that nodes do not mount", code: "AKSFT-KAITO-35", argument: "datasets", args: { kubernetesVersion: "1.35", datasets: undefined }, nearest: { args: { kubernetesVersion: "1.35", datasets: "datasets/tickets" } } },
    { fault: "a deadline before the last paid hour", code: "AKSFT-KAITO-37", argument: "deadlineHours", args: { maximumPaidHours: 24, waitingHours: 0 }, nearest: { args: { maximumPaidHours: 24, waitingHours: 1 } } },
    { fault: "no hour to pay for", code: "AKSFT-TUNE-12", argument: "maximumPaidHours", args: { maximumPaidHours: 0, waitingHours: undefined }, nearest: { args: { maximumPaidHours: 720 } } },
    { fault: "capitals in the name", code: "AKSFT-NAME-04", argument: "name", name: "Tickets", nearest: { name: "tickets" } },
    { fault: "a registry by its host", code: "AKSFT-SECRET-05", argument: "team.adapters.id", args: { registryId: "existing12345.azurecr.io" }, nearest: { args: { registryId: undefined } } },
  ],
};
