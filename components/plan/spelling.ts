import type { Problem } from "./refuse";

/** Keys of an object that nothing reads: a misspelt one would silently leave its default in force. */
export function unknownKeyProblems(code: Problem["code"], path: string, given: object, known: readonly string[]): Problem[] {
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => ({ code, path: path === "" ? key : `${path}.${key}`, got: key, rule: "is no argument there", fix: oneOf(key, known) }));
}

/** The problem of a value outside a closed list, none or one. */
export function choiceProblems(code: Problem["code"], path: string, got: string | undefined, known: readonly string[]): Problem[] {
  if (got === undefined || known.includes(got)) return [];
  return [{ code, path, got, rule: `is none of ${known.join(", ")}`, fix: oneOf(got, known) }];
}

/** The known word closest to `word`, when it is at most two edits away. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = 3;
  for (const candidate of known) {
    const distance = edits(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Repair for an unknown word: the near miss if there is one, else the whole list. */
export function oneOf(word: string | undefined, known: readonly string[]): string {
  const candidate = word === undefined ? undefined : nearest(word, known);
  return candidate ? `did you mean "${candidate}"?` : `use one of ${known.join(", ")}`;
}

/** The few known words most like `word`, best first, by the pairs of letters they share; none that share less than a third. */
export function closest(word: string, known: readonly string[], most: number): readonly string[] {
  const wanted = pairsOf(word);
  return known
    .map((candidate) => ({ candidate, alike: likeness(wanted, pairsOf(candidate)) }))
    .filter(({ alike }) => alike >= 1 / 3)
    .sort((one, other) => other.alike - one.alike)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Sørensen and Dice's coefficient: twice what both have, over what each has. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((pair) => other.has(pair)).length;
  return (2 * shared) / Math.max(1, one.size + other.size);
}

function pairsOf(word: string): ReadonlySet<string> {
  const letters = word.toLowerCase();
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, index) => letters.slice(index, index + 2)));
}

/** Levenshtein distance: the fewest single-character insertions, deletions and substitutions. */
function edits(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substituted = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
