import { BASE_MODELS } from "../../components/plan/catalogue/base-models";
import { modelOf } from "./models";

const LLAMA = { layers: 32, hidden: 4096, intermediate: 14336, heads: 32, kv_heads: 8, head_dim: 128, vocab: 128256, tied_embeddings: "no", mlp_matrices: 3 };
const given = (changes: object = {}) => modelOf({ model: "ours", hf_config_json: JSON.stringify({ ...LLAMA, ...changes }) });

describe("modelOf", () => {
  it("takes the catalogue's dimensions, windows among them, by any name of a model", () => {
    expect(modelOf({ model: "Llama-3-8B" })).toBe(BASE_MODELS["Meta-Llama-3-8B"]);
    expect(modelOf({ model: "google/gemma-2-9b-it", hf_config_json: "" })).toMatchObject({ sliding_window: 4096, sliding_window_layers: 21 });
  });

  it("takes those of the row first", () => {
    expect(modelOf({ model: "Llama-3-8B", hf_config_json: JSON.stringify({ ...LLAMA, layers: 2 }) })).toMatchObject({ num_hidden_layers: 2 });
    expect(given()).toMatchObject({
      ...{ name: "ours", num_hidden_layers: 32, hidden_size: 4096, intermediate_size: 14336, num_attention_heads: 32, num_key_value_heads: 8, head_dim: 128 },
      ...{ vocab_size: 128256, tie_word_embeddings: false, gated_mlp: true, max_position_embeddings: 131072 },
    });
  });

  it("fills what a row leaves out as the least surprising model has it", () => {
    const least = { layers: 32, hidden: 4096, intermediate: 14336, heads: 32, vocab: 128256 };
    const model = modelOf({ hf_config_json: JSON.stringify(least) });
    expect(model).toMatchObject({ num_key_value_heads: 32, head_dim: 128, tie_word_embeddings: false, gated_mlp: true });
    expect(model).not.toHaveProperty("sliding_window");
  });

  it.each([
    ["tied embeddings", { tied_embeddings: "yes" }, { tie_word_embeddings: true }],
    ["tied embeddings as JSON has them", { tied_embeddings: true }, { tie_word_embeddings: true }],
    ["two matrices", { mlp_matrices: 2 }, { gated_mlp: false }],
    ["experts alone", { intermediate: "", experts: 8, experts_per_token: 2, moe_intermediate: 512 }, { intermediate_size: 512, num_experts: 8, num_experts_per_tok: 2, moe_intermediate_size: 512 }],
    ["a window", { sliding_window: 4096 }, { sliding_window: 4096 }],
    ["a window on half of the layers", { sliding_window: "128 on alternate layers" }, { sliding_window: 128, sliding_window_layers: 16 }],
    ["a window on most of them", { sliding_window: "1024 on 5 of 6 layers" }, { sliding_window: 1024, sliding_window_layers: 27 }],
  ])("reads %s", (_, changes, expected) => {
    expect(given(changes)).toMatchObject(expected);
  });

  it("reads a config.json of Hugging Face too", () => {
    const config = { model_type: "llama", hidden_size: 64, intermediate_size: 128, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, vocab_size: 100, max_position_embeddings: 512 };
    expect(modelOf({ model: "ours", hf_config_json: JSON.stringify(config) })).toMatchObject({ name: "ours", hidden_size: 64, num_key_value_heads: 2 });
  });

  it("keeps a head of its own where the trainer does", () => {
    expect(modelOf({ model: "Llama-3.2-3B" })).toMatchObject({ tie_word_embeddings: true });
    expect(modelOf({ model: "Llama-3.2-3B", note: "short; untied_head=yes: so it is" })).toMatchObject({ tie_word_embeddings: false });
  });

  it.each([
    ["a model that nobody lists", { model: "Elsewhere" }, "the dimensions of Elsewhere are not known"],
    ["no model", {}, "the dimensions of the model are not known"],
    ["a dimension that is missing", { model: "ours", hf_config_json: JSON.stringify({ ...LLAMA, layers: "" }) }, "the dimensions of ours are not known"],
    ["a dimension that is none", { model: "ours", hf_config_json: JSON.stringify({ ...LLAMA, heads: 0 }) }, "the dimensions of ours are not known"],
    ["a text that is not JSON", { model: "ours", hf_config_json: "{layers" }, "hf_config_json of ours is no JSON object"],
    ["JSON that is no object", { model: "ours", hf_config_json: "32" }, "hf_config_json of ours is no JSON object"],
  ])("does not cover %s", (_, row, why) => {
    expect(() => modelOf(row)).toThrow(why);
  });
});
