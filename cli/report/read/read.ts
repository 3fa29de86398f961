import { TextDecoder } from "node:util";
import { PreviewReader } from "./collect";
import type { Preview } from "./preview";

/**
 * The preview in a text that comes in pieces, as UTF-8 or, as the shell of Windows writes files, as UTF-16.
 * Throws RunError where it is no preview but a known other thing.
 */
export async function readPreview(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Preview> {
  const reader = new PreviewReader();
  let decoder: TextDecoder | undefined;
  for await (const piece of pieces) {
    decoder ??= new TextDecoder(piece[0] === 0xff && piece[1] === 0xfe ? "utf-16le" : "utf-8");
    reader.feed(decoder.decode(piece, { stream: true }));
  }
  if (decoder) reader.feed(decoder.decode());
  return reader.end();
}

/** The same of a text at hand. */
export function previewOf(text: string): Preview {
  const reader = new PreviewReader();
  reader.feed(text);
  return reader.end();
}
