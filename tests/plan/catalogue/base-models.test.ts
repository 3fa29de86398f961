import {
  BASE_MODEL_NAMES,
  BASE_MODELS,
  type BaseModelFacts,
  dimensionsOf,
  findBaseModel,
  findUnsizedBaseModel,
  headLength,
  isBaseModelName,
  KNOWN_NAMES,
  type ModelOrigin,
  UNSIZED_BASE_MODEL_NAMES,
  UNSIZED_BASE_MODELS,
} from "../../../components/plan/catalogue/base-models";
import { resolveRecipe } from "../../../components/plan/recipe";
import { runIdOf } from "../../../components/plan/run-identity";
import { activeParameterCount, parameterCount } from "../../../components/plan/sizing/parameters";
import { ACTIVE_B, PUBLISHED } from "../../support/published-models";
import { DATASET_KEY, TINY, TINY_RECIPE } from "../../support/tiny-recipe";

const ROWS: (readonly [string, BaseModelFacts])[] = BASE_MODEL_NAMES.map((name) => [name, BASE_MODELS[name]]);
const UNSIZED_ROWS = UNSIZED_BASE_MODEL_NAMES.map((name) => [name, UNSIZED_BASE_MODELS[name]] as const);
const ALL: readonly (readonly [string, ModelOrigin])[] = [...ROWS, ...UNSIZED_ROWS];

describe("base models", () => {
  it("are 116, each with an id of its own", () => {
    expect([ROWS.length, UNSIZED_ROWS.length]).toEqual([75, 41]);
    expect(new Set(ALL.map(([, { huggingFaceId }]) => huggingFaceId.toLowerCase())).size).toBe(116);
    expect(new Set(ALL.map(([name]) => name.toLowerCase())).size).toBe(116);
  });

  it.each(ALL)("%s is the last part of its Hugging Face id, and under a licence", (name, facts) => {
    expect(facts.name).toBe(name);
    expect(facts.huggingFaceId).toMatch(new RegExp(`^[\\w-]+/${name.replaceAll(".", "\\.")}$`));
    expect(facts.licence).toMatch(/^[a-z][a-z0-9.-]+$/);
  });

  it.each(ROWS)("%s has the parameters and the 16-bit weights that are published of it", (name, facts) => {
    const [billions = 0, gib = 0] = PUBLISHED[name] ?? [];
    const count = parameterCount(facts);
    expect(Math.abs(count / 1e9 / billions - 1)).toBeLessThan(0.01);
    expect(Math.abs((2 * count) / 2 ** 30 / gib - 1)).toBeLessThan(0.02);
  });

  it.each(Object.entries(ACTIVE_B))("%s computes a token with the parameters that are published of it", (name, billions) => {
    const facts = ROWS.find(([row]) => row === name)?.[1] ?? TINY;
    expect(Math.abs(activeParameterCount(facts) / 1e9 / billions - 1)).toBeLessThan(0.01);
  });

  it.each(ROWS)("%s shares each key and value head among whole query heads, and looks back less than its context", (_, facts) => {
    expect(facts.num_attention_heads % facts.num_key_value_heads).toBe(0);
    expect(headLength(facts)).toBe(facts.head_dim);
    expect(facts.max_position_embeddings % 1024).toBe(0);
    expect(facts.sliding_window ?? 1).toBeLessThan(facts.max_position_embeddings);
    expect(facts.sliding_window_layers ?? 1).toBeLessThanOrEqual(facts.num_hidden_layers);
    expect((facts.sliding_window === undefined) === (facts.sliding_window_layers === undefined)).toBe(true);
    expect(facts.num_experts_per_tok ?? 1).toBeLessThanOrEqual(facts.num_experts ?? 1);
  });

  it.each(UNSIZED_ROWS)("%s has what its catalogue says: shared heads, a context, files of some size", (_, facts) => {
    expect(facts.num_attention_heads % facts.num_key_value_heads).toBe(0);
    expect(facts.max_position_embeddings % 1024).toBe(0);
    expect(facts.fileGiB).toBeGreaterThan(4);
    expect((facts.kv_lora_rank === undefined) === (facts.qk_rope_head_dim === undefined)).toBe(true);
  });

  it("ask for accepted terms where Meta and Google do, and nobody verified it of Mistral's", () => {
    const gated = ROWS.filter(([, facts]) => facts.gated === true).map(([, facts]) => facts.huggingFaceId.split("/")[0]);
    expect(new Set(gated)).toEqual(new Set(["meta-llama", "google"]));
    expect(ROWS.filter(([, facts]) => facts.family === "Mistral").every(([, facts]) => facts.gated === undefined)).toBe(true);
    expect(BASE_MODELS["phi-4"].gated).toBe(false);
  });

  it("are told from other strings", () => {
    expect(isBaseModelName("phi-4")).toBe(true);
    expect(["lama-3", "toString", "", "PHI-4", "Kimi-K2.5"].filter(isBaseModelName)).toEqual([]);
  });
});

describe("findBaseModel", () => {
  it.each([
    ["phi-4", "phi-4"],
    ["Qwen/Qwen2.5-7B-Instruct", "Qwen2.5-7B-Instruct"],
    ["qwen/qwen2.5-7b-instruct", "Qwen2.5-7B-Instruct"],
    ["Qwen2.5-7B", "Qwen2.5-7B-Instruct"],
    ["Llama-3.1-8B", "Llama-3.1-8B-Instruct"],
    ["Llama-3-8B", "Meta-Llama-3-8B"],
    ["R1-Distill-Llama-8B", "DeepSeek-R1-Distill-Llama-8B"],
    ["tiny-llama-1.1b", "TinyLlama-1.1B-intermediate-step-1431k-3T"],
    ["Gemma-2-9b", "gemma-2-9b-it"],
    ["Mistral-7B-v0.3", "Mistral-7B-v0.3"],
    // KAITO's presets.
    ["phi-4-mini-instruct", "Phi-4-mini-instruct"],
    ["phi-3-medium-128k-instruct", "Phi-3-medium-128k-instruct"],
    ["qwen2.5-coder-32b-instruct", "Qwen2.5-Coder-32B-Instruct"],
    ["llama-3.1-8b-instruct", "Llama-3.1-8B-Instruct"],
    ["mistral-7b", "Mistral-7B-v0.3"],
    ["mistral-7b-instruct", "Mistral-7B-Instruct-v0.3"],
    ["gemma-3-27b-instruct", "gemma-3-27b-it"],
    ["Kimi-K2.5", undefined],
    ["toString", undefined],
    ["", undefined],
  ])("of %p is %p", (text, key) => {
    expect(findBaseModel(text)).toBe(key);
  });

  it("gives each name to one model, and none to one of those without dimensions", () => {
    const names = ALL.flatMap(([name, { huggingFaceId, aliases = [] }]) => [name, huggingFaceId, ...aliases]).map((name) => name.toLowerCase());
    expect(names).toHaveLength(new Set(names).size);
  });

  it("finds every model by every name, in capitals too", () => {
    for (const [name, { huggingFaceId, aliases = [] }] of ROWS) {
      for (const each of [name, huggingFaceId, ...aliases]) expect([findBaseModel(each), findBaseModel(each.toUpperCase())]).toEqual([name, name]);
    }
    expect(KNOWN_NAMES.map((name) => findBaseModel(name))).not.toContain(undefined);
  });
});

describe("findUnsizedBaseModel", () => {
  it.each([
    ["Kimi-K2.5", "Kimi-K2.5"],
    ["moonshotai/KIMI-K2.5", "Kimi-K2.5"],
    ["ministral-3-8b-instruct", "Ministral-3-8B-Instruct-2512"],
    ["mistral-large-3-675b-instruct", "Mistral-Large-3-675B-Instruct-2512"],
    ["phi-4", undefined],
    ["toString", undefined],
  ])("of %p is %p", (text, key) => {
    expect(findUnsizedBaseModel(text)).toBe(key);
  });
});

describe("dimensionsOf", () => {
  it("looks a name up and keeps given dimensions", () => {
    expect(dimensionsOf("phi-4")).toMatchObject({ name: "phi-4", hidden_size: 5120, num_hidden_layers: 40, max_position_embeddings: 16384 });
    expect(dimensionsOf(TINY)).toEqual(TINY);
  });

  it("has no member that an earlier release had not, unless the model differs by it", () => {
    const usual = Object.keys(TINY).sort();
    expect(Object.keys(dimensionsOf("Mistral-7B-v0.1")).sort()).toEqual(usual);
    expect(Object.keys(dimensionsOf({ ...TINY, gated_mlp: true, sliding_window: 128, sliding_window_layers: 2, num_experts: undefined })).sort()).toEqual(usual);
    expect(dimensionsOf("phi-2")).toMatchObject({ gated_mlp: false });
    expect(dimensionsOf("Qwen3-30B-A3B")).toMatchObject({ num_experts: 128, num_experts_per_tok: 8, moe_intermediate_size: 768 });
    expect(dimensionsOf({ ...TINY, kv_lora_rank: 512, qk_rope_head_dim: 64 })).toEqual({ ...TINY, kv_lora_rank: 512, qk_rope_head_dim: 64 });
  });

  it("keeps runs of models with equal dimensions apart", () => {
    const idOf = (model: "Llama-3.1-70B-Instruct" | "Llama-3.3-70B-Instruct") => runIdOf({ recipe: resolveRecipe({ ...TINY_RECIPE, model }), datasetKey: DATASET_KEY });
    expect(idOf("Llama-3.1-70B-Instruct")).not.toBe(idOf("Llama-3.3-70B-Instruct"));
  });
});

describe("headLength", () => {
  it("is the hidden size shared among the heads, unless it is given", () => {
    expect(headLength({ ...TINY, head_dim: undefined, hidden_size: 64 })).toBe(16);
    expect(headLength({ ...TINY, head_dim: 80, hidden_size: 64 })).toBe(80);
  });
});
