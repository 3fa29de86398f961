import { type Recipe, TuningJob } from "../../../components";
import { byDigest, DATASET_KEY, TINY } from "../../support/tiny-recipe";
import { runGiven, type RunGiven } from "../arbitraries/tuning";
import type { Mutation, Subject } from "../subject";

/** A recipe with one member broken, or one of its LoRA settings. */
const recipe = (changes: Readonly<Partial<Record<keyof Recipe, unknown>>>) => (args: RunGiven) => ({ recipe: { ...args.recipe, ...changes } });
const lora = (changes: Readonly<Record<string, unknown>>) => (args: RunGiven) => ({ recipe: { ...args.recipe, lora: { ...args.recipe.lora, ...changes } } });

const ofRecipe: readonly Mutation<RunGiven>[] = [
  { fault: "a misspelt model", code: "AKSFT-TUNE-01", argument: "recipe.model", args: recipe({ model: "Qwen2.5-7B-Instrukt" }), nearest: { args: recipe({ model: TINY }) } },
  { fault: "full tuning, which no engine here does", code: "AKSFT-TUNE-26", argument: "recipe.method", args: recipe({ method: "full" }), nearest: { args: recipe({ method: "lora" }) } },
  {
    fault: "a base of 16 bits for qlora",
    code: "AKSFT-TUNE-25",
    argument: "recipe.quantization",
    args: recipe({ method: "qlora", quantization: "none" }),
    nearest: { args: recipe({ method: "qlora", quantization: "nf4-dq" }) },
  },
  {
    fault: "a base of 4 bits for lora",
    code: "AKSFT-TUNE-25",
    argument: "recipe.quantization",
    args: recipe({ method: "lora", quantization: "nf4-dq" }),
    nearest: { args: recipe({ method: "qlora", quantization: "nf4-dq" }) },
  },
  { fault: "rows of no tokens", code: "AKSFT-TUNE-03", argument: "recipe.sequenceLength", args: recipe({ sequenceLength: 0 }), nearest: { args: recipe({ sequenceLength: 8 }) } },
  { fault: "steps of no rows", code: "AKSFT-TUNE-04", argument: "recipe.globalBatch", args: recipe({ globalBatch: 0 }), nearest: { args: recipe({ globalBatch: 1 }) } },
  { fault: "no pass over the data", code: "AKSFT-TUNE-05", argument: "recipe.epochs", args: recipe({ epochs: 0 }), nearest: { args: recipe({ epochs: 1 }) } },
  { fault: "steps uphill", code: "AKSFT-TUNE-06", argument: "recipe.learningRate", args: recipe({ learningRate: -0.0001 }), nearest: { args: recipe({ learningRate: 0.0001 }) } },
  { fault: "a rank of nothing", code: "AKSFT-TUNE-07", argument: "recipe.lora.rank", args: lora({ rank: 0 }), nearest: { args: lora({ rank: 1 }) } },
  { fault: "a negative alpha", code: "AKSFT-TUNE-08", argument: "recipe.lora.alpha", args: lora({ alpha: -16 }), nearest: { args: lora({ alpha: 16 }) } },
  { fault: "a probability above one", code: "AKSFT-TUNE-09", argument: "recipe.lora.dropout", args: lora({ dropout: 1.5 }), nearest: { args: lora({ dropout: 0.05 }) } },
  { fault: "no module to adapt", code: "AKSFT-TUNE-15", argument: "recipe.lora.targets", args: lora({ targets: [] }), nearest: { args: lora({ targets: ["q_proj"] }) } },
  { fault: "an unknown loss", code: "AKSFT-TUNE-14", argument: "recipe.loss", args: recipe({ loss: "asistant" }), nearest: { args: recipe({ loss: "assistant" }) } },
  { fault: "a seed below zero", code: "AKSFT-TUNE-11", argument: "recipe.seed", args: recipe({ seed: -1 }), nearest: { args: recipe({ seed: 0 }) } },
];

export const tuningJob: Subject<RunGiven> = {
  given: runGiven,
  register: ({ name, args: { rows, size, priority, kubernetesVersion, osSku, partition, checkpointsClaim, ...args } }, world) =>
    new TuningJob(name, {
      team: { ...world.team(), ...(checkpointsClaim === undefined ? {} : { checkpointsClaim }) },
      pool: world.pool({ size, priority, kubernetesVersion, osSku, ...partition }),
      dataset: { contentKey: DATASET_KEY, rows, image: world.passed(byDigest("mlreg.azurecr.io/datasets/tickets", "b")) },
      trainer: { image: world.passed(byDigest("mlreg.azurecr.io/trainer", "a")) },
      weights: { image: world.passed(byDigest("mlreg.azurecr.io/models/tiny", "c")) },
      ...args,
    }),
  mutations: [
    { fault: "capitals in the name", code: "AKSFT-NAME-04", argument: "name", name: "Tickets", nearest: { name: "tickets" } },
    { fault: "no hour to pay for", code: "AKSFT-TUNE-12", argument: "maximumPaidHours", args: { maximumPaidHours: 0 }, nearest: { args: { maximumPaidHours: 720 } } },
    { fault: "nodes that mount no image volumes", code: "AKSFT-TUNE-13", argument: "pool", args: { kubernetesVersion: "1.35" }, nearest: { args: { kubernetesVersion: "1.36" } } },
    ...ofRecipe,
    { fault: "a key that nothing reads", code: "AKSFT-TUNE-16", argument: "recipe.learning_rate", args: (args) => ({ recipe: { ...args.recipe, learning_rate: 0.1 } }), nearest: { args: recipe({ learningRate: 0.1 }) } },
    { fault: "spot nodes without a share for checkpoints", code: "AKSFT-TUNE-17", argument: "team.checkpointsClaim", rule: "a run on spot nodes has checkpoints that outlive it", args: { priority: "Spot", checkpointsClaim: "" }, nearest: { args: { priority: "Spot", checkpointsClaim: "checkpoints" } } },
    { fault: "GPUs that would be paid idle", code: "AKSFT-SIZE-03", argument: "pool.size", args: { size: "Standard_NC96ads_A100_v4" }, nearest: { args: { size: "Standard_NC24ads_A100_v4" } }, alone: true },
    {
      fault: "weights that no T4 holds",
      code: "AKSFT-SIZE-02",
      argument: "pool.size",
      args: { size: "Standard_NC4as_T4_v3", recipe: { model: "phi-4", method: "lora", sequenceLength: 512 } },
      nearest: { args: { size: "Standard_NC24ads_A100_v4", recipe: { model: "phi-4", method: "lora", sequenceLength: 512 } } },
      alone: true,
    },
  ],
};
