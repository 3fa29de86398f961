import type { ModelDimensions } from "./dimensions";

/** Where a model's weights are to be had, on which terms, and by which names it is known. */
export interface ModelOrigin {
  /** Last part of its Hugging Face id. */
  readonly name: string;
  /** Where the weights are published. */
  readonly huggingFaceId: string;
  /** Models of one maker that belong together, for lists. */
  readonly family: string;
  /** Licence of the weights, as its Hugging Face page tags it. */
  readonly licence: string;
  /** Whether the hub asks for accepted terms and a token. @default - not verified */
  readonly gated?: boolean;
  /** Names it is found by besides its own and its Hugging Face id: short ones, and KAITO's presets where they differ. @default - none */
  readonly aliases?: readonly string[];
  /** What else to know before it is chosen. @default - nothing */
  readonly note?: string;
}

/** A listed model: its dimensions, and where and on which terms its weights are to be had. */
export interface BaseModelFacts extends ModelDimensions, ModelOrigin {
  /** Last part of its Hugging Face id; part of a run's identity, of lineage and of the served model's name. */
  readonly name: string;
}

/** What the models of one publisher have in common. */
export type Terms = Pick<ModelOrigin, "family" | "licence" | "gated"> & { readonly owner: string };

/** One line of a catalogue's file: dimensions in short words, and what differs from its group's terms. */
export interface Row extends Partial<Pick<ModelOrigin, "licence" | "gated" | "aliases" | "note">> {
  readonly layers: number;
  readonly hidden: number;
  /** Width of the feed-forward layers. */
  readonly inner: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocab: number;
  readonly context: number;
  /** The output head is the embedding. */
  readonly tied?: true;
  /** The feed-forward layers have a gate unless they are marked. */
  readonly gate?: false;
  /** Experts of a block, those that compute a token, and the width of one. */
  readonly experts?: readonly [count: number, perToken: number, width: number];
  /** Tokens that a block with local attention looks back, and the number of such blocks where not all are. */
  readonly window?: readonly [tokens: number, blocks?: number];
}

/** The rows of one publisher as facts: the key is the last part of the Hugging Face id. */
export function published<Name extends string>(terms: Terms, rows: Readonly<Record<Name, Row>>): Readonly<Record<Name, BaseModelFacts>> {
  return Object.fromEntries(Object.entries<Row>(rows).map(([name, row]) => [name, factsOf(name, terms, row)])) as Record<Name, BaseModelFacts>;
}

function factsOf(name: string, { owner, family, licence, gated }: Terms, row: Row): BaseModelFacts {
  const { layers, hidden, inner, heads, kvHeads, headDim, vocab, context, tied, gate, experts, window, ...terms } = row;
  return {
    name,
    num_hidden_layers: layers,
    hidden_size: hidden,
    intermediate_size: inner,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: headDim,
    vocab_size: vocab,
    max_position_embeddings: context,
    ...(tied ? { tie_word_embeddings: true } : {}),
    ...(gate === false ? { gated_mlp: false } : {}),
    ...(experts ? { num_experts: experts[0], num_experts_per_tok: experts[1], moe_intermediate_size: experts[2] } : {}),
    ...(window ? { sliding_window: window[0], sliding_window_layers: window[1] ?? layers } : {}),
    huggingFaceId: `${owner}/${name}`,
    family,
    licence,
    ...(gated === undefined ? {} : { gated }),
    ...terms,
  };
}
