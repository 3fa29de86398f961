import type { ModelDimensions } from "../catalogue/base-models";
import { WINDOW_OFF } from "./architectures";
import { listAt, numberAt, type TextPart } from "./text-part";

const LOCAL: readonly unknown[] = ["sliding_attention", "chunked_attention"];

/** The blocks of a model that look back only so many tokens: listed, every one but each so many, the last ones, or all. */
export function windowOf(text: TextPart, blocks: number, longest: number): Partial<ModelDimensions> {
  const window = numberAt(text, ["sliding_window", "attention_chunk_size"]) ?? 0;
  const local = localBlocks(text, blocks);
  // A window as long as the longest sequence limits nothing.
  return window < 1 || window >= longest || local < 1 ? {} : { sliding_window: window, sliding_window_layers: local };
}

function localBlocks(text: TextPart, blocks: number): number {
  const kinds = listAt(text, "layer_types");
  if (kinds) return kinds.filter((kind) => LOCAL.includes(kind)).length;
  const used: unknown = text.values["use_sliding_window"];
  if (used === false || (WINDOW_OFF.has(text.type) && used !== true)) return 0;
  if (used === true) return blocks - Math.min(blocks, numberAt(text, ["max_window_layers"]) ?? 0);
  return blocks - globalBlocks(text.values["sliding_window_pattern"], blocks);
}

/** A pattern is the distance of blocks that look at everything, or a word with an L for each block that does not. */
function globalBlocks(pattern: unknown, blocks: number): number {
  if (typeof pattern === "string" && pattern !== "") return Array.from({ length: blocks }, (_, block) => pattern[block % pattern.length]).filter((letter) => letter !== "L").length;
  return typeof pattern === "number" && pattern >= 1 ? Math.floor(blocks / pattern) : 0;
}
