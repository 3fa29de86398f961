import { clean } from "../clean";
import { type Json, listOf, member, textOf } from "../read/json";
import { isUnknown } from "../values";
import type { Change } from "./change";
import { inOrder } from "./order";
import { inputAt } from "./things";

/** An image by its tag, and what runs it. */
export interface Unpinned {
  readonly image: string;
  readonly names: readonly string[];
}

/** Images without a digest in what there is after the update: what they are may change without a review. */
export function unpinnedOf(changes: readonly Change[]): readonly Unpinned[] {
  const found = new Map<string, Set<string>>();
  for (const { action, name, type, new: after } of changes) {
    if (action === "delete" || action === "read" || !type.startsWith("kubernetes:")) continue;
    for (const image of imagesOf(inputAt(after?.inputs, "spec", "template", "spec")).filter(isUnpinned)) {
      const shown = clean(image, 160);
      found.set(shown, (found.get(shown) ?? new Set<string>()).add(name));
    }
  }
  return [...found].map(([image, names]) => ({ image, names: [...names].sort(inOrder) })).sort((one, other) => inOrder(one.image, other.image));
}

function imagesOf(pod: Json | undefined): readonly string[] {
  const containers = ["containers", "initContainers"].flatMap((key) => listOf(member(pod, key)).map((each) => member(each, "image")));
  const volumes = listOf(member(pod, "volumes")).map((volume) => inputAt(volume, "image", "reference"));
  return [...containers, ...volumes].flatMap((image) => textOf(image) ?? []);
}

function isUnpinned(image: string): boolean {
  return image !== "" && !isUnknown(image) && !/@sha256:[0-9a-f]{64}$/u.test(image);
}
