/** A table in Markdown; figures are to the right. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const isNumber = (column: number) => rows.every((row) => /^[\d.,–% ]+$/.test(row[column] ?? ""));
  const rule = heads.map((_, column) => (isNumber(column) ? "---:" : "---"));
  return [line(heads), line(rule), ...rows.map(line)].join("\n");
}

/** A text with what stands between `<!-- NAME -->` and `<!-- /NAME -->` replaced. Throws Error where they are missing. */
export function withBlock(text: string, name: string, block: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`the README lacks ${open} … ${close}`);
  return `${text.slice(0, start + open.length)}\n${block}\n${text.slice(end)}`;
}
