import {
  BASE_MODEL_NAMES,
  BASE_MODELS,
  type BaseModelFacts,
  dimensionsOf,
  headLength,
  isBaseModelName,
} from "../../../components/plan/catalogue/base-models";
import { TINY } from "../../support/tiny-recipe";

const ROWS: (readonly [string, BaseModelFacts])[] = BASE_MODEL_NAMES.map((name) => [name, BASE_MODELS[name]]);

describe("base models", () => {
  it.each(ROWS)("%s is the last part of its Hugging Face id", (name, facts) => {
    expect(facts.name).toBe(name);
    expect(facts.huggingFaceId).toMatch(new RegExp(`^[\\w-]+/${name.replaceAll(".", "\\.")}$`));
  });

  it.each(ROWS)("%s shares each key and value head among whole query heads", (_, facts) => {
    expect(facts.num_attention_heads % facts.num_key_value_heads).toBe(0);
    expect(headLength(facts)).toBe(facts.head_dim);
  });

  it("asks for accepted terms only where Meta does", () => {
    expect(ROWS.filter(([, { gated }]) => gated).map(([name]) => name)).toEqual(["Llama-3.1-8B-Instruct"]);
  });

  it("are told from other strings", () => {
    expect(isBaseModelName("phi-4")).toBe(true);
    expect(["lama-3", "toString", ""].filter(isBaseModelName)).toEqual([]);
  });
});

describe("dimensionsOf", () => {
  it("looks a name up and keeps given dimensions", () => {
    expect(dimensionsOf("phi-4")).toMatchObject({ name: "phi-4", hidden_size: 5120, num_hidden_layers: 40, max_position_embeddings: 16384 });
    expect(dimensionsOf(TINY)).toEqual(TINY);
  });
});

describe("headLength", () => {
  it("is the hidden size shared among the heads, unless it is given", () => {
    expect(headLength({ ...TINY, head_dim: undefined, hidden_size: 64 })).toBe(16);
    expect(headLength({ ...TINY, head_dim: 80, hidden_size: 64 })).toBe(80);
  });
});
