import type { Configuration } from "./measured-file";
import { NotCovered } from "./prediction";

/** The word of a cell, which must be one of the known ones; undefined where the cell is empty, which leaves the estimator's default. */
export function wordIn<Word extends string>(row: Configuration, column: string, words: readonly Word[]): Word | undefined {
  const cell = row[column] ?? "";
  const word = words.find((each) => each === cell);
  if (cell !== "" && word === undefined) throw new NotCovered(`${column} "${cell}" is none of ${words.join(", ")}`);
  return word;
}

/** What the word of a cell stands for. */
export function meaningIn<Meaning>(row: Configuration, column: string, meanings: Readonly<Record<string, Meaning>>): Meaning | undefined {
  const word = wordIn(row, column, Object.keys(meanings));
  return word === undefined ? undefined : meanings[word];
}

/** Whether a cell says yes; an empty one does not. */
export function yesIn(row: Configuration, column: string): boolean {
  return wordIn(row, column, ["yes", "no"]) === "yes";
}

/** The whole number, 1 or more, of a cell; undefined where it is empty. */
export function countIn(row: Configuration, column: string): number | undefined {
  const cell = row[column] ?? "";
  if (cell === "") return undefined;
  const count = Number(cell);
  if (!Number.isInteger(count) || count < 1) throw new NotCovered(`${column} "${cell}" is no whole number of 1 or more`);
  return count;
}

/** The value of a cell that has no default. */
export function needed<Value>(column: string, value: Value | undefined): Value {
  if (value === undefined) throw new NotCovered(`${column} is empty`);
  return value;
}

/** How many GPUs a row's number covers; a card that a run fits or not is always one. */
export function gpusCovered(row: Configuration): number {
  const sums = wordIn(row, "scope", ["per-gpu", "sum-of-gpus"]) === "sum-of-gpus";
  return sums && row["metric"] !== "fits" ? needed("gpus", countIn(row, "gpus")) : 1;
}
