/** A piece of a line: our own words, or what came from the preview, which each format makes harmless in its own way. */
export type Part = string | { readonly code: string } | { readonly prose: string } | { readonly strong: readonly Part[] };
export type Line = readonly Part[];
/** A cell of a table: one line or several. */
export type Cell = readonly Line[];

export type Body =
  | { readonly kind: "table"; readonly heads: readonly string[]; readonly right: readonly number[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: "list"; readonly rows: readonly { readonly depth: 0 | 1; readonly line: Line }[] }
  | { readonly kind: "code"; readonly rows: readonly string[] };

/** A part of a report. Where space ends, its last rows go first. */
export interface Section {
  readonly title: string;
  /** Closed until someone opens it, where the format can. */
  readonly collapsed?: boolean;
  readonly lead: readonly Line[];
  readonly body?: Body;
  /** What a row is, one and many, for the count of those left out. */
  readonly rowsAre: readonly [one: string, many: string];
}

export interface Document {
  /** Stands hidden in the report, so that the next one can take its place. */
  readonly marker: string;
  readonly heading: Line;
  readonly alarm: "caution" | "warning" | "note";
  readonly verdict: readonly Line[];
  readonly sections: readonly Section[];
}

export const code = (text: string): Part => ({ code: text });
export const prose = (text: string): Part => ({ prose: text });
export const strong = (...parts: readonly Part[]): Part => ({ strong: parts });
export const cell = (...parts: readonly Part[]): Cell => [parts];

/** Parts with a separator between each two. */
export function joined(parts: readonly Part[], separator: string): Line {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

/** A number with its noun. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
