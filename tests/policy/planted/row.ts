import type { Parameters } from "../../../policy/parameters";
import type { Json } from "../../../sandbox/providers/values";
import { changed, type Declared } from "./declared";

/** One violation, and the resource that is nearest to it and violates nothing. */
export interface Row {
  readonly rule: string;
  readonly good: Declared;
  readonly bad: Declared;
  /** What the rule says is wrong. */
  readonly says: readonly string[];
  /** Rules that the same fault breaks as well. */
  readonly also?: readonly string[];
  readonly parameters?: Partial<Parameters>;
}

type More = Pick<Row, "also" | "parameters">;

/** Rows of one good resource, each with the inputs that make it a bad one. */
export function rowsOf(good: Declared, rows: readonly (readonly [string, Readonly<Record<string, Json | undefined>>, readonly string[], More?])[]): readonly Row[] {
  return rows.map(([rule, changes, says, more]) => ({ rule, good, bad: { ...changed(good, changes), name: `${rule}-${good.name}` }, says, ...more }));
}
