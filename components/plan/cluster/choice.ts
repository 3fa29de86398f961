import type { Problem } from "../refuse";
import { oneOf } from "../spelling";

/** Problems of a word that must be one of a few; what is absent has a default. The compiler says it first, where the word is in the program. */
export function choiceProblems(code: Problem["code"], path: string, got: string | undefined, allowed: readonly string[]): Problem[] {
  if (got === undefined || allowed.includes(got)) return [];
  return [{ code, path, got, rule: `must be one of ${allowed.join(", ")}`, fix: oneOf(got, allowed) }];
}
