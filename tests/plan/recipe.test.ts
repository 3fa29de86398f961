import * as fc from "fast-check";
import type { BaseModelName, Method, ModelDimensions, Quantization, Recipe } from "../../components";
import { recipeProblems, resolveRecipe, wholeNumber } from "../../components/plan/recipe";
import { describe as line } from "../../components/plan/refuse";
import { COMPLETE_PROBLEM } from "../support/refusal";
import { TINY, TINY_RECIPE, TINY_RESOLVED } from "../support/tiny-recipe";

const problems = (changes: Partial<Recipe>): string[] => recipeProblems({ ...TINY_RECIPE, ...changes }).map(line);
const misspelt = (name: string): Partial<Recipe> => ({ model: name as BaseModelName });
const unknownLoss: string = "first";

describe("resolveRecipe", () => {
  it("fills every default", () => {
    expect(resolveRecipe(TINY_RECIPE)).toEqual(TINY_RESOLVED);
  });

  it("takes twice the rank as alpha, and keeps what was decided", () => {
    expect(resolveRecipe({ ...TINY_RECIPE, lora: { rank: 4 } }).lora.alpha).toBe(8);
    const lora = { rank: 4, alpha: 4, dropout: 0, targets: ["q_proj"], rankStabilized: true };
    const decided = { revision: "abc", globalBatch: 1, epochs: 1, learningRate: 1, lora, loss: "all", packing: true, seed: 0 } as const;
    expect(resolveRecipe({ ...TINY_RECIPE, ...decided })).toMatchObject(decided);
  });
});

/** A method of PEFT that is none of ours. */
const PREFIX = "prefix" as Method;

describe("recipeProblems", () => {
  it("finds none in a faultless recipe", () => {
    expect(problems({})).toEqual([]);
    expect(problems({ model: "phi-4", method: "qlora" })).toEqual([]);
  });

  it.each<[Partial<Recipe>, string]>([
    [{ lora: { rank: 0 } }, "AKSFT-TUNE-07 lora.rank: got 0; must be a whole number from 1 to 512; fix: use 1"],
    [{ lora: { rank: 513 } }, "AKSFT-TUNE-07 lora.rank: got 513; must be a whole number from 1 to 512; fix: use 512"],
    [{ lora: { alpha: -16 } }, "AKSFT-TUNE-08 lora.alpha: got -16; must be above 0 (PEFT scales the adapter by alpha / rank); fix: use for example 32"],
    [{ lora: { dropout: 1.5 } }, "AKSFT-TUNE-09 lora.dropout: got 1.5; a probability of 0 to 0.99; fix: use 0.05"],
    [{ lora: { dropout: 1 } }, "AKSFT-TUNE-09 lora.dropout: got 1; a probability of 0 to 0.99; fix: use 0.05"],
    [{ lora: { dropout: -0.1 } }, "AKSFT-TUNE-09 lora.dropout: got -0.1; a probability of 0 to 0.99; fix: use 0.05"],
    [{ epochs: 0 }, "AKSFT-TUNE-05 epochs: got 0; must be above 0 (nothing would be trained); fix: use for example 3"],
    [{ learningRate: -0.0001 }, "AKSFT-TUNE-06 learningRate: got -0.0001; must be above 0 (steps would go uphill or nowhere); fix: use for example 0.0002"],
    [{ sequenceLength: 7 }, "AKSFT-TUNE-03 sequenceLength: got 7; must be a whole number from 8 to 1024; fix: use 8"],
    [{ sequenceLength: 1025 }, "AKSFT-TUNE-03 sequenceLength: got 1025; must be a whole number from 8 to 1024; fix: use 1024"],
    [{ globalBatch: 0 }, "AKSFT-TUNE-04 globalBatch: got 0; must be a whole number from 1 to 4096; fix: use 1"],
    [{ globalBatch: 4097 }, "AKSFT-TUNE-04 globalBatch: got 4097; must be a whole number from 1 to 4096; fix: use 4096"],
    [{ seed: -1 }, "AKSFT-TUNE-11 seed: got -1; must be a whole number from 0 to 4294967295; fix: use 0"],
    [{ loss: unknownLoss as Recipe["loss"] }, 'AKSFT-TUNE-14 loss: got "first"; is none of assistant, last-turn, all; fix: use one of assistant, last-turn, all'],
    [{ lora: { targets: [] } }, 'AKSFT-TUNE-15 lora.targets: got []; must be "all-linear" or a list of at least 1 module name; fix: use for example ["q_proj", "v_proj"]'],
    [{ model: { ...TINY, hidden_size: 0 } }, "AKSFT-TUNE-10 model.hidden_size: got 0; must be a whole number from 1 to 100000000; fix: use 1"],
  ])("refuses %p", (changes, problem) => {
    expect(problems(changes)).toEqual([problem]);
  });

  it.each<[Partial<Recipe>]>([
    [{ lora: { rank: 1 } }], [{ lora: { rank: 512 } }], [{ lora: { alpha: 16 } }], [{ lora: { dropout: 0 } }], [{ lora: { dropout: 0.99 } }],
    [{ epochs: 1 }], [{ learningRate: 0.0001 }], [{ sequenceLength: 8 }], [{ sequenceLength: 1024 }], [{ globalBatch: 4096 }], [{ seed: 0 }],
  ])("accepts the nearest valid input %p", (changes) => {
    expect(problems(changes)).toEqual([]);
  });

  it.each([
    ["lama-3", "use Llama-3.2-3B, Llama-3.2-1B, Meta-Llama-3-8B or another that aks-fine-tuning models lists"],
    ["zzz", "use one that aks-fine-tuning models lists"],
    ["phi4", 'did you mean "phi-4"?'],
    ["Qwen/Qwen2.5-7B-Instrukt", 'did you mean "Qwen/Qwen2.5-7B-Instruct"?'],
  ])("asks about a near miss of a model, and names the few most alike otherwise: %s", (name, fix) => {
    expect(problems(misspelt(name))).toEqual([
      `AKSFT-TUNE-01 model: got "${name}"; is none of the 75 models of the catalogue; fix: ${fix}, or give the dimensions of its config.json`,
    ]);
  });

  it.each<[string, Partial<Recipe>]>([
    ["Kimi-K2.5", misspelt("Kimi-K2.5")],
    ["moonshotai/kimi-k2.5", misspelt("moonshotai/kimi-k2.5")],
    ["Kimi-K2.5", { model: { name: "Kimi-K2.5" } as ModelDimensions }],
  ])("says of a model listed without dimensions how to give them: %s", (got, changes) => {
    expect(problems(changes)).toEqual([
      `AKSFT-TUNE-18 model: got "${got}"; is listed without the dimensions that sizing and tuning need; fix: give the dimensions of its config.json, ` +
        "from https://huggingface.co/moonshotai/Kimi-K2.5",
    ]);
  });

  it.each(["meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b-instruct", "Llama-3.1-8B"])("takes %s for the model's key", (name) => {
    expect(problems(misspelt(name))).toEqual([]);
    expect(resolveRecipe({ ...TINY_RECIPE, ...misspelt(name) })).toEqual(resolveRecipe({ ...TINY_RECIPE, model: "Llama-3.1-8B-Instruct" }));
  });

  it("checks the dimensions that not every model has", () => {
    expect(problems({ model: { ...TINY, num_experts: 0, kv_lora_rank: 1.5 } })).toEqual([
      "AKSFT-TUNE-10 model.num_experts: got 0; must be a whole number from 1 to 100000000; fix: use 1",
      "AKSFT-TUNE-10 model.kv_lora_rank: got 1.5; must be a whole number from 1 to 100000000; fix: use 2",
    ]);
    expect(problems({ model: { ...TINY, num_experts: 1, kv_lora_rank: 1 } })).toEqual([]);
  });

  it("lists the other faults of a recipe beside an unknown model, which has no limits to break", () => {
    const codes = problems({ ...misspelt("phi4"), sequenceLength: 4_000_000, epochs: 0, lora: { rank: 0 } }).map((problem) => problem.split(" ")[0]);
    expect(codes).toEqual(["AKSFT-TUNE-01", "AKSFT-TUNE-05", "AKSFT-TUNE-07"]);
  });

  it("lists the methods for an unknown one and for none", () => {
    expect(problems({ method: PREFIX })).toEqual([
      'AKSFT-TUNE-02 method: got "prefix"; is none of the methods lora, qlora, dora, full; fix: use one of lora, qlora, dora, full',
    ]);
    const withoutMethod: Partial<Recipe> = { method: undefined };
    expect(problems(withoutMethod)).toEqual([
      "AKSFT-TUNE-02 method: got nothing; is none of the methods lora, qlora, dora, full; fix: use one of lora, qlora, dora, full",
    ]);
  });

  it.each<[Partial<Recipe>, string[]]>([
    [{ method: "qlora", quantization: "nf4" }, []],
    [{ method: "lora", quantization: "none" }, []],
    [
      { method: "qlora", quantization: "nf5" as Quantization },
      ['AKSFT-TUNE-25 quantization: got "nf5"; is none of none, nf4, nf4-dq, int8, gptq4, fp8, mxfp4; fix: did you mean "nf4"?'],
    ],
    [
      { method: "qlora", quantization: "none" },
      ['AKSFT-TUNE-25 quantization: got "none"; is no base of 4 or 8 bits, which qlora adapts; fix: use "nf4-dq", or method "lora" for a base of 16 bits'],
    ],
    [
      { method: "lora", quantization: "nf4" },
      ['AKSFT-TUNE-25 quantization: got "nf4"; is for method qlora, a base for lora has 16 bits; fix: use method "qlora", or leave it out'],
    ],
  ])("takes a quantised base for qlora alone: %j", (changes, expected) => {
    expect(problems(changes)).toEqual(expected);
  });

  it("says which dimensions of an unlisted model are missing", () => {
    const bare: Partial<Recipe["model"]> = { name: "mine" };
    const fields = ["hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "vocab_size"];
    expect(problems({ model: { ...TINY, ...Object.fromEntries(fields.map((field) => [field, undefined])), ...bare } })).toEqual(
      fields.map((field) => `AKSFT-TUNE-10 model.${field}: got nothing; must be a whole number from 1 to 100000000; fix: use 1`),
    );
  });

  it("lists all problems at once", () => {
    const bad: Partial<Recipe> = { method: PREFIX, epochs: 0, learningRate: 0, globalBatch: 0, lora: { rank: 0, alpha: 0, dropout: 2 } };
    expect(problems(bad).map((problem) => problem.slice(11, 13))).toEqual(["02", "04", "05", "06", "07", "08", "09"]);
    expect(problems({ ...misspelt("x"), method: PREFIX }).map((problem) => problem.slice(11, 13))).toEqual(["01", "02"]);
  });

  it("writes every problem in full, whatever the numbers", () => {
    const number = fc.oneof(fc.double(), fc.integer());
    fc.assert(
      fc.property(number, number, number, number, number, (sequenceLength, epochs, rank, alpha, dropout) => {
        for (const problem of problems({ sequenceLength, epochs, lora: { rank, alpha, dropout } })) expect(problem).toMatch(COMPLETE_PROBLEM);
      }),
    );
  });
});

describe("wholeNumber", () => {
  it("accepts exactly the whole numbers between its bounds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -5, max: 15 }), fc.double()), (value) => {
        expect(wholeNumber("AKSFT-X-01", "n", value, 0, 10).length === 0).toBe(Number.isInteger(value) && value >= 0 && value <= 10);
      }),
    );
  });

  it("proposes a number that it accepts", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.double()), (value) => {
        for (const { fix } of wholeNumber("AKSFT-X-01", "n", value, 1, 1000)) {
          expect(wholeNumber("AKSFT-X-01", "n", Number(fix.replace("use ", "")), 1, 1000)).toEqual([]);
        }
      }),
    );
  });
});
