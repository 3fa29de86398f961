import { COLUMNS, wrapped } from "../wrap";
import { type Finding, SECTIONS } from "./finding";

const MARKS: Readonly<Record<Finding["state"], string>> = { ok: "✓", notice: "!", missing: "✗", unknown: "?" };

/** The findings for people: by section, each with its mark, and below it what mends it; a verdict last, where the eye is. */
export function screen(title: string, findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const sections = SECTIONS.flatMap((section) => {
    const own = findings.filter((finding) => finding.section === section);
    return own.length === 0 ? [] : ["", section, ...own.flatMap((finding) => lines(finding, width))];
  });
  return [title, ...sections, "", verdict(findings), ""].join("\n");
}

function lines({ name, state, text, fix }: Finding, width: number): string[] {
  const indent = width + 6;
  const [first = "", ...more] = wrapped(text, COLUMNS - indent);
  const hanging = more.map((line) => `${" ".repeat(indent)}${line}`);
  // A command stays on its line, however long: it is there to be copied.
  return [`  ${MARKS[state]} ${name.padEnd(width)}  ${first}`, ...hanging, ...(fix === undefined ? [] : [`${" ".repeat(indent)}→ ${fix}`])];
}

function verdict(findings: readonly Finding[]): string {
  const count = (state: Finding["state"]): number => findings.filter((finding) => finding.state === state).length;
  const [missing, unknown] = [count("missing"), count("unknown")];
  const unasked = unknown === 0 ? "" : `, ${unknown} could not be asked`;
  if (missing > 0) return `Not ready: ${missing} missing${unasked}`;
  return unknown > 0 ? `Not known: nothing is missing as far as it could be asked${unasked}` : "Ready";
}
