import { canonicalJson, shortHash } from "./digest";
import type { ResolvedRecipe } from "./recipe";

/**
 * Raised when a new trainer would give another result from the same recipe and data. Raising it trains every run again;
 * a patched trainer image that does not change results leaves it alone.
 */
export const TRAINER_COMPATIBILITY = 1;

/** What a run is, and therefore what makes it a new one. */
export interface RunIdentity {
  readonly recipe: ResolvedRecipe;
  /** Hash of the dataset's canonical content, or the digest of a ready image. */
  readonly datasetKey: string;
}

/**
 * Ten lower-case characters that name a run by what determines its result. Known before anything is registered, so that a
 * preview can name the objects. The registry, the trainer's digest, the GPU size and the shape are lineage: recorded, not hashed.
 */
export function runIdOf({ recipe, datasetKey }: RunIdentity): string {
  return shortHash(canonicalJson({ trainer: TRAINER_COMPATIBILITY, recipe, datasetKey }), 10);
}
