import { aligned } from "../../columns";
import { wrapped } from "../../wrap";
import type { Format } from "./format";
import type { Cell, Document, Line, Part, Section } from "./parts";

const COLUMNS = 100;

/** Plain text for a terminal or a log. What came from the preview holds nothing that a terminal obeys. */
export const PLAIN: Format = {
  top: ({ heading, verdict }: Document) => [lineText(heading), "", ...verdict.flatMap((line) => wrapped(lineText(line), COLUMNS)), "", ""].join("\n"),
  opening: ({ title, lead, body }: Section) => {
    const head = body?.kind === "table" ? `${tableLines(body)[0] ?? ""}\n` : "";
    return `${title}\n${lead.flatMap((line) => wrapped(lineText(line), COLUMNS)).map((line) => `${line}\n`).join("")}${head}`;
  },
  closing: () => "\n",
  rows: ({ body }: Section) => {
    if (body === undefined) return [];
    if (body.kind === "code") return body.rows.map((row) => `  ${row}\n`);
    if (body.kind === "list") return body.rows.map(({ depth, line }) => `${"  ".repeat(depth + 1)}${depth === 0 ? "" : "- "}${lineText(line)}\n`);
    return tableLines(body).slice(1).map((line) => `${line}\n`);
  },
  note: (text: string) => `${text}\n`,
};

function tableLines({ heads, right, rows }: Extract<Section["body"], { kind: "table" }>): readonly string[] {
  const left = heads.map((_, column) => column).filter((column) => !right.includes(column));
  return aligned([heads, ...rows.map((row) => row.map(cellText))], left).map((line) => `  ${line}`);
}

function cellText(cell: Cell): string {
  return cell.map(lineText).join("; ");
}

function lineText(line: Line): string {
  return line.map(partText).join("");
}

function partText(part: Part): string {
  if (typeof part === "string") return part;
  if ("strong" in part) return part.strong.map(partText).join("");
  return "code" in part ? part.code : part.prose;
}
