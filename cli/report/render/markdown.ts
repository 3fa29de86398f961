import type { Format } from "./format";
import type { Cell, Document, Line, Part, Section } from "./parts";

/** Which Markdown: GitHub's has alerts, Azure DevOps's has not. */
export type Flavour = "github" | "azure-devops";

/** Markdown of both, in what they have in common but for the alert: tables, `<details>`, code. */
export function markdown(flavour: Flavour): Format {
  return {
    top: (document) => top(document, flavour),
    opening: (section) => opening(section),
    closing: (section) => `${section.body?.kind === "code" ? `${FENCE}\n` : ""}\n${section.collapsed === true ? "</details>\n\n" : ""}`,
    rows: (section) => rows(section),
    note: (text) => `_${text}_\n`,
  };
}

/** Longer than any run of backticks that a row may have: those are broken. */
const FENCE = "````";
const ALERTS = { caution: "CAUTION", warning: "WARNING", note: "NOTE" } as const;

function top({ marker, heading, alarm, verdict }: Document, flavour: Flavour): string {
  const alert = flavour === "github" ? [`> [!${ALERTS[alarm]}]`] : [];
  const quoted = verdict.flatMap((line, index) => [...(index === 0 ? [] : [">"]), `> ${lineText(line)}`]);
  return [`<!-- ${marker} -->`, `### ${lineText(heading)}`, "", ...alert, ...quoted, "", ""].join("\n");
}

function opening({ title, collapsed, lead, body }: Section): string {
  const head = collapsed === true ? `<details><summary>${title}</summary>\n\n` : `#### ${title}\n\n`;
  const said = lead.map((line) => `${lineText(line)}\n\n`).join("");
  if (body?.kind === "code") return `${head}${said}${FENCE}text\n`;
  if (body?.kind !== "table") return head + said;
  const rule = body.heads.map((_, column) => (body.right.includes(column) ? "-:" : "-"));
  return `${head}${said}| ${body.heads.join(" | ")} |\n|${rule.join("|")}|\n`;
}

function rows({ body }: Section): readonly string[] {
  if (body === undefined) return [];
  if (body.kind === "code") return body.rows.map((row) => `${row.replaceAll("````", "'''' ")}\n`);
  if (body.kind === "list") return body.rows.map(({ depth, line }) => `${"  ".repeat(depth)}- ${lineText(line)}\n`);
  return body.rows.map((row) => `| ${row.map(cellText).join(" | ")} |\n`);
}

function cellText(cell: Cell): string {
  // A table ends a cell at any bar, inside code too: https://github.github.com/gfm/#tables-extension-
  return cell.map((line) => lineText(line).replaceAll("|", "\\|")).join("<br>");
}

function lineText(line: Line): string {
  return line.map(partText).join("");
}

function partText(part: Part): string {
  if (typeof part === "string") return part;
  if ("strong" in part) return `**${part.strong.map(partText).join("")}**`;
  return "code" in part ? codeSpan(part.code) : escaped(part.prose);
}

/** Inside code nothing is Markdown, HTML, a mention or a link; only a backtick would end it, and in a table a backslash belongs to the bar after it. */
export function codeSpan(text: string): string {
  const inner = text.replaceAll("`", "'").replace(/\\+(?=\|)/gu, "").trim();
  return inner === "" ? "`(no name)`" : `\`${inner}\``;
}

const ZERO_WIDTH = "&#8203;";

/**
 * Words of the preview outside code: what Markdown or HTML could take for its own is written as an entity, which neither does, and what a page
 * would turn into a link, a mention or an emoji is parted by a space without width.
 */
export function escaped(text: string): string {
  return text
    .trim()
    .replace(/[&<>\\`*_{}[\]|~$^]|^[#+=-]|(?<=^\d{1,9})[.)]|[@#!:](?=\S)|(?<=\bwww|\bGH)[.-]/giu, (each) => (PARTED.has(each) ? `&#${each.charCodeAt(0)};${ZERO_WIDTH}` : `&#${each.charCodeAt(0)};`));
}

const PARTED = new Set(["@", "#", "!", ":", ".", "-"]);
