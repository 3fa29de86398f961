import { type Recipe, TuningJob } from "../../components";
import { byDigest, DATASET_KEY } from "../support/tiny-recipe";
import { runGiven, type RunGiven } from "./arbitraries/tuning";
import { expectAccepted, expectListedTogether, expectRefused, expectSamePreview, PATIENCE } from "./expectations";
import type { Mutation, Subject } from "./subject";

/** A recipe with one member broken, or one of its LoRA settings. */
const recipe = (changes: Readonly<Partial<Record<keyof Recipe, unknown>>>) => (args: RunGiven) => ({ recipe: { ...args.recipe, ...changes } });
const lora = (changes: Readonly<Record<string, unknown>>) => (args: RunGiven) => ({ recipe: { ...args.recipe, lora: { ...args.recipe.lora, ...changes } } });

const ofRecipe: readonly Mutation<RunGiven>[] = [
  { fault: "a misspelt model", code: "AKSFT-TUNE-01", argument: "recipe.model", args: recipe({ model: "Qwen2.5-7B-Instrukt" }) },
  { fault: "full tuning, which no engine here does", code: "AKSFT-TUNE-02", argument: "recipe.method", args: recipe({ method: "full" }) },
  { fault: "rows of no tokens", code: "AKSFT-TUNE-03", argument: "recipe.sequenceLength", args: recipe({ sequenceLength: 0 }) },
  { fault: "steps of no rows", code: "AKSFT-TUNE-04", argument: "recipe.globalBatch", args: recipe({ globalBatch: 0 }) },
  { fault: "no pass over the data", code: "AKSFT-TUNE-05", argument: "recipe.epochs", args: recipe({ epochs: 0 }) },
  { fault: "steps uphill", code: "AKSFT-TUNE-06", argument: "recipe.learningRate", args: recipe({ learningRate: -0.0001 }) },
  { fault: "a rank of nothing", code: "AKSFT-TUNE-07", argument: "recipe.lora.rank", args: lora({ rank: 0 }) },
  { fault: "a negative alpha", code: "AKSFT-TUNE-08", argument: "recipe.lora.alpha", args: lora({ alpha: -16 }) },
  { fault: "a probability above one", code: "AKSFT-TUNE-09", argument: "recipe.lora.dropout", args: lora({ dropout: 1.5 }) },
  { fault: "no module to adapt", code: "AKSFT-TUNE-15", argument: "recipe.lora.targets", args: lora({ targets: [] }) },
  { fault: "an unknown loss", code: "AKSFT-TUNE-14", argument: "recipe.loss", args: recipe({ loss: "asistant" }) },
  { fault: "a seed below zero", code: "AKSFT-TUNE-11", argument: "recipe.seed", args: recipe({ seed: -1 }) },
];

const subject: Subject<RunGiven> = {
  given: runGiven,
  register: ({ name, args: { rows, size, priority, kubernetesVersion, osSku, ...args } }, world) =>
    new TuningJob(name, {
      team: world.team(),
      pool: world.pool({ size, priority, kubernetesVersion, osSku }),
      dataset: { contentKey: DATASET_KEY, rows, image: world.passed(byDigest("mlreg.azurecr.io/datasets/tickets", "b")) },
      trainer: { image: world.passed(byDigest("mlreg.azurecr.io/trainer", "a")) },
      weights: { image: world.passed(byDigest("mlreg.azurecr.io/models/tiny", "c")) },
      ...args,
    }),
  mutations: [
    { fault: "capitals in the name", code: "AKSFT-NAME-04", argument: "name", name: "Tickets" },
    { fault: "no hour to pay for", code: "AKSFT-TUNE-12", argument: "maximumPaidHours", args: { maximumPaidHours: 0 } },
    { fault: "nodes that mount no image volumes", code: "AKSFT-TUNE-13", argument: "pool", args: { kubernetesVersion: "1.35" } },
    ...ofRecipe,
    { fault: "GPUs that would be paid idle", code: "AKSFT-SIZE-03", argument: "pool.size", args: { size: "Standard_NC96ads_A100_v4" }, alone: true },
    {
      fault: "weights that no T4 holds",
      code: "AKSFT-SIZE-02",
      argument: "pool.size",
      args: { size: "Standard_NC4as_T4_v3", recipe: { model: "phi-4", method: "lora", sequenceLength: 512 } },
      alone: true,
    },
  ],
};

describe("TuningJob, drawn at random,", () => {
  it("is accepted by the stand-ins", () => expectAccepted(subject), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(subject), PATIENCE);

  it.each(subject.mutations)(
    "refuses $fault, for that reason alone, before anything is registered",
    (mutation) => expectRefused(subject, mutation),
    PATIENCE,
  );

  it("lists several faults at once", () => expectListedTogether(subject), PATIENCE);
});
