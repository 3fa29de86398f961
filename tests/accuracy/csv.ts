/** Rows of a CSV text (RFC 4180: quoted cells hold commas, line ends and doubled quotes), each by the names of its first line. */
export function csvRows(text: string): readonly Readonly<Record<string, string>>[] {
  const [names, ...lines] = cellsOf(text);
  if (!names) return [];
  return lines.map((cells) => Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ""])));
}

function cellsOf(text: string): string[][] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain = "", end = ""] of text.trimEnd().matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy)) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "") break;
    if (end !== ",") lines.push([]);
  }
  return lines;
}
