import type { Problem } from "../refuse";
import { listAt, numberAt, type TextPart } from "./text-part";

/** Keys of models that keep a state instead of keys and values in some blocks, unless their `layer_types` are all attention. */
const STATE_KEYS = [
  ...["mamba_d_state", "ssm_cfg", "ssm_state_size", "state_size", "hybrid_override_pattern", "linear_num_key_heads", "linear_attn_config"],
  ...["attn_type_list", "conv_L_cache", "lru_width", "attention_hidden_size"],
];
const STATE_KINDS = /mamba|linear|conv|recurrent|hybrid|lightning|rglru/;
/** Keys of models whose blocks differ in width, or compress what they attend to. */
const UNEVEN_KEYS = ["block_configs", "compress_rates", "compress_ratios"];

const INSTEAD = "give the dimensions of a decoder with attention in every block that is at least as large";

/** Why a model is not one that the estimates know. */
export function kindProblems(text: TextPart, architectures: unknown): Problem[] {
  return [...decoderProblems(text, architectures), ...blockProblems(text)];
}

function decoderProblems({ path, values }: TextPart, architectures: unknown): Problem[] {
  const masked = Array.isArray(architectures) && architectures.some((name) => /MaskedLM$/.test(String(name)));
  if (values["is_encoder_decoder"] !== true && !masked) return [];
  const [key, got] = masked ? ["architectures", architectures] : [`${path}is_encoder_decoder`, true];
  return [{ code: "AKSFT-TUNE-22", path: key, got, rule: "is of a model with an encoder; only decoders are tuned and served", fix: "choose a causal language model" }];
}

function blockProblems(text: TextPart): Problem[] {
  const { path, values } = text;
  const kinds = listAt(text, "layer_types");
  const state = kinds ? undefined : STATE_KEYS.find((key) => values[key] !== undefined);
  const kind = kinds?.find((each) => STATE_KINDS.test(String(each)));
  const uneven = UNEVEN_KEYS.find((key) => values[key] !== undefined);
  const perLayer = numberAt(text, ["hidden_size_per_layer_input"]) ?? 0;
  return [
    ...(state === undefined ? [] : [unknownBlocks(`${path}${state}`, values[state], "is of blocks that keep a state and no keys and values")]),
    ...(kind === undefined ? [] : [unknownBlocks(`${path}layer_types`, kind, "is a kind of block that keeps a state and no keys and values")]),
    ...(uneven === undefined ? [] : [unknownBlocks(`${path}${uneven}`, values[uneven], "is of blocks that differ from one another")]),
    ...(perLayer > 0 ? [unknownBlocks(`${path}hidden_size_per_layer_input`, perLayer, "is of embeddings that each block has for itself")] : []),
  ];
}

function unknownBlocks(path: string, got: unknown, rule: string): Problem {
  return { code: "AKSFT-TUNE-23", path, got, rule: `${rule}, whose memory the estimates do not know`, fix: INSTEAD };
}
