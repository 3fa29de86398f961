import * as fc from "fast-check";
import { BASE_MODELS, type Recipe } from "../../components";
import { resolveRecipe } from "../../components/plan/recipe";
import { runIdOf } from "../../components/plan/run-identity";
import { DATASET_KEY, TINY, TINY_RECIPE } from "../support/tiny-recipe";

const idOf = (changes: Partial<Recipe> = {}, datasetKey = DATASET_KEY): string =>
  runIdOf({ recipe: resolveRecipe({ ...TINY_RECIPE, ...changes }), datasetKey });

/** Written out by hand: a change here trains every run of every user again. */
const DEFAULTS: Partial<Recipe> = {
  revision: "",
  globalBatch: 16,
  epochs: 3,
  learningRate: 0.0002,
  lora: { rank: 16, alpha: 32, dropout: 0.05, targets: "all-linear", rankStabilized: false },
  loss: "assistant",
  packing: false,
  seed: 42,
};

describe("runIdOf", () => {
  it("gives a known run the id it has always had", () => {
    expect(idOf()).toBe("0dd1685103");
  });

  it("is ten characters that fit every name, whatever the numbers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.string(), (seed, key) => {
        expect(idOf({ seed }, key)).toMatch(/^[0-9a-f]{10}$/);
        expect(idOf({ seed }, key)).toBe(idOf({ seed }, key));
      }),
    );
  });

  it.each<[string, Partial<Recipe>]>([
    ["model", { model: { ...TINY, name: "other" } }],
    ["model's dimensions", { model: { ...TINY, num_hidden_layers: 5 } }],
    ["revision", { revision: "abc" }],
    ["method", { method: "qlora" }],
    ["sequence length", { sequenceLength: 513 }],
    ["global batch", { globalBatch: 8 }],
    ["epochs", { epochs: 4 }],
    ["learning rate", { learningRate: 0.0003 }],
    ["rank", { lora: { rank: 8, alpha: 32 } }],
    ["alpha", { lora: { alpha: 16 } }],
    ["dropout", { lora: { dropout: 0 } }],
    ["targets", { lora: { targets: ["q_proj", "v_proj"] } }],
    ["rank stabilisation", { lora: { rankStabilized: true } }],
    ["loss", { loss: "all" }],
    ["packing", { packing: true }],
    ["seed", { seed: 43 }],
  ])("changes with the %s", (_, changes) => {
    expect(idOf(changes)).not.toBe(idOf());
  });

  it("changes with the data", () => {
    expect(idOf({}, "fedcba9876543210")).not.toBe(idOf());
  });

  it("does not tell a default written out from one left out", () => {
    for (const [field, value] of Object.entries(DEFAULTS)) expect(idOf({ [field]: value })).toBe(idOf());
    const { head_dim: headLength, tie_word_embeddings: tied, ...rest } = TINY;
    expect([headLength, tied]).toEqual([48, true]);
    expect(idOf({ model: { ...rest, tie_word_embeddings: true } })).toBe(idOf());
    expect(idOf({ model: { ...TINY, tie_word_embeddings: false } })).toBe(idOf({ model: { ...rest, head_dim: 48 } }));
  });

  it("does not depend on the order of keys", () => {
    const backwards = (value: object): object =>
      Object.fromEntries(Object.entries(value).reverse().map(([field, member]) => [field, isObject(member) ? backwards(member) : member]));
    expect(idOf({ ...backwards({ ...TINY_RECIPE, ...DEFAULTS }) })).toBe(idOf());
  });

  it("depends on a catalogue model's dimensions, not on its licence or where it is published", () => {
    const { huggingFaceId, licence, gated, ...dimensions } = BASE_MODELS["phi-4"];
    expect([huggingFaceId, licence, gated]).toEqual(["microsoft/phi-4", "mit", false]);
    expect(idOf({ model: dimensions })).toBe(idOf({ model: "phi-4" }));
  });
});

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
