import { type ModelDimensions, readModelConfig } from "../../components";
import { activeParameterCount, parameterCount } from "../../components/plan/sizing/parameters";
import { DENSE_CONFIGS, EXPERT_CONFIGS, type PublishedConfig, UNGATED_CONFIGS } from "../support/model-configs";
import { problemsOf } from "../support/refusal";

const CONFIGS: readonly (readonly [string, PublishedConfig])[] = [DENSE_CONFIGS, UNGATED_CONFIGS, EXPERT_CONFIGS].flatMap((each) => Object.entries(each));

/** Four blocks of four heads; what a case adds decides. */
const BARE = { hidden_size: 64, intermediate_size: 256, num_hidden_layers: 4, num_attention_heads: 4, vocab_size: 512, max_position_embeddings: 1024 };
const read = (changes: Readonly<Record<string, unknown>>): ModelDimensions => readModelConfig({ ...BARE, ...changes }, "ours");
const refused = (json: unknown, name?: string): readonly string[] => problemsOf(() => readModelConfig(json, name));

describe("readModelConfig", () => {
  it.each(CONFIGS)("counts the parameters of %s as published", (name, { config, parametersB, activeB = 0, within = 0.01 }) => {
    const model = readModelConfig(config, name);
    expect(Math.abs(parameterCount(model) / 1e9 / parametersB - 1)).toBeLessThan(within);
    expect(activeB === 0 || Math.abs(activeParameterCount(model) / 1e9 / activeB - 1) < 0.02).toBe(true);
  });

  it("gives the dimensions alone, none of the other keys", () => {
    expect(read({ model_type: "llama", torch_dtype: "bfloat16", rope_theta: 10000 })).toEqual({
      ...{ name: "ours", ...BARE, num_key_value_heads: 4, head_dim: 16, tie_word_embeddings: false },
    });
  });

  it("calls the model as it is told, else by the file's own name", () => {
    expect(readModelConfig({ ...BARE, _name_or_path: "org/theirs" }, "ours").name).toBe("ours");
    expect(readModelConfig({ ...BARE, _name_or_path: "org/theirs" }).name).toBe("org/theirs");
  });

  it.each<[string, Readonly<Record<string, unknown>>, Partial<ModelDimensions>]>([
    ["as many key and value heads as query heads", {}, { num_key_value_heads: 4, head_dim: 16 }],
    ["those it says", { num_key_value_heads: 2, head_dim: 32 }, { num_key_value_heads: 2, head_dim: 32 }],
    ["null as nothing", { num_key_value_heads: null, head_dim: null }, { num_key_value_heads: 4, head_dim: 16 }],
    ["one shared by all in Falcon's first architecture", { model_type: "falcon", num_kv_heads: 4 }, { num_key_value_heads: 1 }],
    ["groups in its second", { model_type: "falcon", num_kv_heads: 2, new_decoder_architecture: true }, { num_key_value_heads: 2 }],
    ["no sharing where Falcon says so", { model_type: "falcon", multi_query: false }, { num_key_value_heads: 4 }],
    ["ChatGLM's groups", { multi_query_attention: true, multi_query_group_num: 2 }, { num_key_value_heads: 2 }],
    ["the values' length with latent attention", { kv_lora_rank: 8, qk_rope_head_dim: 4, v_head_dim: 24, head_dim: 4 }, { head_dim: 24, kv_lora_rank: 8, qk_rope_head_dim: 4 }],
    ["the default of a class", { model_type: "gemma2" }, { head_dim: 256, tie_word_embeddings: true }],
  ])("reads %s", (_, changes, expected) => {
    expect(read(changes)).toMatchObject(expected);
  });

  it.each([
    ["llama", undefined, false],
    ["gemma2", undefined, true],
    ["gemma2", false, false],
    ["llama", true, true],
    ["never-heard-of", undefined, false],
  ])("ties the head of %s, saying %p: %p", (type, said, tied) => {
    expect(read({ model_type: type, tie_word_embeddings: said }).tie_word_embeddings).toBe(tied);
  });

  it("takes what the language model of another lacks from around it, and nothing of the towers", () => {
    const { vocab_size, max_position_embeddings, ...text } = BARE;
    const around = { vocab_size, max_position_embeddings, tie_word_embeddings: true, hidden_size: 9, num_attention_heads: 9 };
    expect(readModelConfig({ ...around, text_config: text, vision_config: { hidden_size: 7 } }, "ours")).toMatchObject({ ...BARE, tie_word_embeddings: true });
  });
});

describe("blocks with local attention", () => {
  const layers = (kind: string, ...more: readonly string[]) => ({ sliding_window: 128, layer_types: [...Array<string>(2).fill(kind), ...more] });
  it.each<[string, Readonly<Record<string, unknown>>, number | undefined]>([
    ["none without a window", {}, undefined],
    ["all with one", { sliding_window: 128 }, 4],
    ["none with one as long as the context", { sliding_window: 1024 }, undefined],
    ["all with one a token shorter", { sliding_window: 1023 }, 4],
    ["those that are listed", layers("sliding_attention", "full_attention", "full_attention"), 2],
    ["none where none is listed", layers("full_attention", "full_attention", "full_attention"), undefined],
    ["chunks as well", { attention_chunk_size: 128, layer_types: ["chunked_attention", "full_attention"] }, 1],
    ["all but every second", { model_type: "gemma2", sliding_window: 128 }, 2],
    ["all but every sixth, of which there is none", { model_type: "gemma3_text", sliding_window: 128 }, 4],
    ["all but those that a pattern of letters has", { sliding_window: 128, sliding_window_pattern: "LLG" }, 3],
    ["none that a flag turns off", { sliding_window: 128, use_sliding_window: false }, undefined],
    ["none of Qwen's unless a flag turns them on", { model_type: "qwen2", sliding_window: 128 }, undefined],
    ["Qwen's last ones", { model_type: "qwen2", sliding_window: 128, use_sliding_window: true, max_window_layers: 3 }, 1],
    ["none of Qwen's where none is last", { model_type: "qwen2", sliding_window: 128, use_sliding_window: true, max_window_layers: 28 }, undefined],
    ["all of Qwen's where no first ones are excepted", { model_type: "qwen2", sliding_window: 128, use_sliding_window: true }, 4],
  ])("are %s", (_, changes, blocks) => {
    expect(read(changes).sliding_window_layers).toBe(blocks);
    expect(read(changes).sliding_window === undefined).toBe(blocks === undefined);
  });
});

describe("experts", () => {
  const some = { num_experts: 8, num_experts_per_tok: 2, moe_intermediate_size: 64 };
  it.each<[string, Readonly<Record<string, unknown>>, Partial<ModelDimensions>]>([
    ["as they are", some, { num_experts: 8, num_experts_per_tok: 2, moe_intermediate_size: 64 }],
    ["as wide as the feed-forward layer where no key says it", { num_local_experts: 8, num_experts_per_tok: 2 }, { num_experts: 8, moe_intermediate_size: 256 }],
    ["all for each token where no key says how many", { num_experts: 8, moe_intermediate_size: 64 }, { num_experts_per_tok: 8 }],
    ["with the shared ones counted", { ...some, n_shared_experts: 1 }, { num_experts: 9, num_experts_per_tok: 3 }],
    ["with a wide shared one counted by its width", { ...some, shared_expert_intermediate_size: 128 }, { num_experts: 10, num_experts_per_tok: 4 }],
    ["with part of a width rounded up", { ...some, shared_expert_intermediate_size: 65 }, { num_experts: 10, num_experts_per_tok: 4 }],
    ["with the dense layer beside them", { ...some, model_type: "gemma4_text" }, { num_experts: 12, num_experts_per_tok: 6 }],
    // Two of four blocks have 8 of 64, the others one of 256, as wide as 4.
    ["as a mean where the first blocks have none", { ...some, first_k_dense_replace: 2 }, { num_experts: 6, num_experts_per_tok: 3 }],
    ["as a mean where every second has them", { ...some, decoder_sparse_step: 2 }, { num_experts: 6, num_experts_per_tok: 3 }],
    ["as a mean where some are excepted", { ...some, mlp_only_layers: [0, 3] }, { num_experts: 6, num_experts_per_tok: 3 }],
    ["as a mean where the blocks are listed", { ...some, moe_layers: [1, 3] }, { num_experts: 6, num_experts_per_tok: 3 }],
    ["as a mean where each block has its frequency", { ...some, moe_layer_freq: [0, 1, 1, 0] }, { num_experts: 6, num_experts_per_tok: 3 }],
    ["as a mean where frequency is a step", { ...some, moe_layer_freq: 2 }, { num_experts: 6, num_experts_per_tok: 3 }],
    ["as a mean where each block has its kind", { ...some, mlp_layer_types: ["dense", "sparse", "sparse", "dense"] }, { num_experts: 6, num_experts_per_tok: 3 }],
  ])("are read %s", (_, changes, expected) => {
    expect(read(changes)).toMatchObject(expected);
  });

  it.each([[{ num_experts: 0 }], [{ num_local_experts: 1 }], [{ num_experts: null, enable_moe_block: false }]])("are none with %j", (changes) => {
    expect(read(changes)).not.toHaveProperty("num_experts");
  });
});

describe("a config.json that cannot be read", () => {
  it.each([[[]], ["{}"], [null]])("is refused when it is no object: %j", (json) => {
    expect(refused(json)).toEqual([`AKSFT-TUNE-19 config.json: got ${JSON.stringify(json)}; must be an object; fix: give the parsed config.json of a model`]);
  });

  it("is refused for all its faults at once, by its own keys", () => {
    expect(refused({ text_config: { n_embd: "wide", num_attention_heads: 3, n_layer: 0, head_dim: 1.5, num_experts: [64, 64] } })).toEqual([
      "AKSFT-TUNE-24 _name_or_path: got nothing; is not there, and a model needs a name; fix: give the name as the second argument",
      'AKSFT-TUNE-20 text_config.n_embd: got "wide"; must be a whole number from 1 to 100000000; fix: take it from the config.json that the model is published with',
      "AKSFT-TUNE-20 text_config.intermediate_size: got nothing; must be a whole number from 1 to 100000000; neither it nor ffn_hidden_size, n_inner, " +
        "ffn_dim, inner_dim, ff_intermediate_size is there; fix: take it from the config.json that the model is published with",
      "AKSFT-TUNE-20 text_config.n_layer: got 0; must be a whole number from 1 to 100000000; fix: take it from the config.json that the model is published with",
      "AKSFT-TUNE-20 text_config.vocab_size: got nothing; must be a whole number from 1 to 100000000; neither it nor padded_vocab_size is there; " +
        "fix: take it from the config.json that the model is published with",
      "AKSFT-TUNE-20 text_config.max_position_embeddings: got nothing; must be a whole number from 1 to 100000000; neither it nor n_positions, max_seq_len, " +
        "seq_length, model_max_length, n_ctx is there; fix: take it from the config.json that the model is published with",
      "AKSFT-TUNE-20 text_config.head_dim: got 1.5; must be a whole number; fix: take it from the config.json that the model is published with",
      "AKSFT-TUNE-20 text_config.num_experts: got [64,64]; must be a whole number; fix: take it from the config.json that the model is published with",
    ]);
  });

  it.each<[Readonly<Record<string, unknown>>, string]>([
    [{ num_key_value_heads: 3 }, "AKSFT-TUNE-21 num_key_value_heads: got 3; must divide the 4 query heads; fix: use for example 4"],
    [{ num_key_value_heads: 0 }, "AKSFT-TUNE-21 num_key_value_heads: got 0; must divide the 4 query heads; fix: use for example 4"],
    [{ num_key_value_heads: -1 }, "AKSFT-TUNE-20 num_key_value_heads: got -1; must be a whole number; fix: take it from the config.json that the model is published with"],
    [{ hidden_size: 66 }, "AKSFT-TUNE-21 head_dim: got nothing; is needed where 4 heads do not divide the width 66; fix: add the length of a head"],
    [{ is_encoder_decoder: true }, "AKSFT-TUNE-22 is_encoder_decoder: got true; is of a model with an encoder; only decoders are tuned and served; fix: choose a causal language model"],
    [
      { architectures: ["BertForMaskedLM"] },
      'AKSFT-TUNE-22 architectures: got ["BertForMaskedLM"]; is of a model with an encoder; only decoders are tuned and served; fix: choose a causal language model',
    ],
  ])("is refused for %j", (changes, problem) => {
    expect(refused({ ...BARE, ...changes }, "ours")).toEqual([problem]);
  });

  it.each<[Readonly<Record<string, unknown>>, RegExp]>([
    [{ mamba_d_state: 128 }, /^AKSFT-TUNE-23 mamba_d_state: got 128; is of blocks that keep a state and no keys and values, whose memory the estimates do not know; /],
    [{ layer_types: ["linear_attention", "full_attention"] }, /^AKSFT-TUNE-23 layer_types: got "linear_attention"; is a kind of block that keeps a state/],
    [{ block_configs: [{}] }, /^AKSFT-TUNE-23 block_configs: got \[\{\}\]; is of blocks that differ from one another/],
    [{ hidden_size_per_layer_input: 256 }, /^AKSFT-TUNE-23 hidden_size_per_layer_input: got 256; is of embeddings that each block has for itself/],
  ])("is refused for blocks that the estimates do not know: %j", (changes, problem) => {
    expect(refused({ ...BARE, ...changes }, "ours")).toEqual([expect.stringMatching(problem)]);
  });

  it.each<[Readonly<Record<string, unknown>>]>([
    [{ num_key_value_heads: 1 }],
    [{ hidden_size: 66, head_dim: 16 }],
    [{ is_encoder_decoder: false, architectures: ["LlamaForCausalLM"] }],
    [{ mamba_d_state: 128, layer_types: ["attention", "attention"] }],
    [{ hidden_size_per_layer_input: 0 }],
    [{ first_k_dense_replace: 0 }],
  ])("is accepted in its nearest valid form %j", (changes) => {
    expect(read(changes)).toMatchObject({ name: "ours", num_hidden_layers: 4 });
  });
});
