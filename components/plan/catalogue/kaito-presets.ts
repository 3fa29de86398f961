/** Kinds of transformer blocks, by how transformers names their linear layers. */
export type BlockKind = "fused-phi" | "split" | "falcon" | "phi-2";

/**
 * Linear layers of a block, which an adapter can be put on. Phi-3 and Phi-4 keep queries, keys and values in one matrix, and gate and up in
 * another (transformers, models/phi3/modeling_phi3.py), so that of KAITO's own list for phi-3, q, k, v, gate and up match nothing.
 */
export const LINEAR_LAYERS: Readonly<Record<BlockKind, readonly string[]>> = {
  "fused-phi": ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"],
  split: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
  falcon: ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"],
  "phi-2": ["q_proj", "k_proj", "v_proj", "dense", "fc1", "fc2"],
};

/** A preset that KAITO can tune. */
export interface KaitoTunablePreset {
  /** What its blocks are made of. */
  readonly blocks: BlockKind;
  /** Disk that it asks of the node, in GiB; absent where it was not looked up. */
  readonly diskGiB?: number;
  /** Image with its weights in mcr.microsoft.com/aks/kaito, which the tuning pod pulls without credentials; absent where it was not looked up. */
  readonly weightsImage?: string;
}

const preset = (name: string, blocks: BlockKind, diskGiB: number): KaitoTunablePreset => ({ blocks, diskGiB, weightsImage: `kaito-${name}:0.2.0` });

/**
 * Presets with an entry in KAITO's table of tuning and weights to it, as of 0.12. Its table names mistral-7b-v0.3 too, whose weights it does not find:
 * https://github.com/kaito-project/kaito/blob/v0.12.0/presets/workspace/models/transformer_runtime_tuning_parameters.go
 */
export const TUNABLE_PRESETS = {
  "phi-4": preset("phi-4", "fused-phi", 150),
  "phi-4-mini-instruct": preset("phi-4-mini-instruct", "fused-phi", 70),
  "phi-3-mini-4k-instruct": preset("phi-3-mini-4k-instruct", "fused-phi", 80),
  "phi-3-mini-128k-instruct": preset("phi-3-mini-128k-instruct", "fused-phi", 80),
  "phi-3-medium-4k-instruct": preset("phi-3-medium-4k-instruct", "fused-phi", 120),
  "phi-3-medium-128k-instruct": preset("phi-3-medium-128k-instruct", "fused-phi", 120),
  "phi-3.5-mini-instruct": preset("phi-3.5-mini-instruct", "fused-phi", 70),
  "qwen2.5-coder-7b-instruct": preset("qwen2.5-coder-7b-instruct", "split", 110),
  "qwen2.5-coder-32b-instruct": preset("qwen2.5-coder-32b-instruct", "split", 230),
} as const satisfies Readonly<Record<string, KaitoTunablePreset>>;

/**
 * Presets that 0.6 tunes besides, before the catalogue took their place (kaito-project/kaito#1977):
 * https://github.com/kaito-project/kaito/tree/v0.6.0/presets/workspace/models
 */
export const OLD_TUNABLE_PRESETS = {
  "falcon-7b": { blocks: "falcon" },
  "falcon-40b": { blocks: "falcon" },
  "mistral-7b": { blocks: "split" },
  "phi-2": { blocks: "phi-2" },
} as const satisfies Readonly<Record<string, KaitoTunablePreset>>;

/** Presets that stay when 30 models leave the catalogue after 0.12: kaito-project/kaito#2356, merged September 2026. */
export const LASTING_TUNABLE_PRESETS = ["phi-4", "phi-4-mini-instruct"] as const satisfies readonly (keyof typeof TUNABLE_PRESETS)[];

/** Of a preset that some version tunes. */
export function tunablePreset(name: string): KaitoTunablePreset | undefined {
  const all: Readonly<Record<string, KaitoTunablePreset>> = { ...OLD_TUNABLE_PRESETS, ...TUNABLE_PRESETS };
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
