import type { Report } from "../../model/report";
import { code, counted, type Line, prose, type Section } from "../parts";
import { someOf } from "./workloads";

/** Errors as they were said, line by line. */
export function errorSection({ messages }: Report): Section | undefined {
  const errors = messages.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return undefined;
  const rows = errors.flatMap(({ resource, text }) => [...(resource === undefined ? [] : [`${resource}:`]), ...text.split("\n")]);
  return { title: counted(errors.length, "error").replace(/^1 error$/, "Error"), lead: [], body: { kind: "code", rows }, rowsAre: ["line of errors", "lines of errors"] };
}

/** What was read instead of a preview. */
export function lineSection({ lines }: Report): Section | undefined {
  if (lines.length === 0) return undefined;
  return { title: "What was read", lead: [], body: { kind: "code", rows: lines }, rowsAre: ["line", "lines"] };
}

export function warningSection({ messages }: Report): Section | undefined {
  const warnings = messages.filter(({ severity }) => severity === "warning");
  if (warnings.length === 0) return undefined;
  const rows = warnings.map(({ resource, text }) => {
    const said: Line = [prose(text.split("\n").join(" "))];
    return { depth: 0 as const, line: resource === undefined ? said : [code(resource), ": ", ...said] };
  });
  return { title: counted(warnings.length, "warning"), collapsed: true, lead: [], body: { kind: "list", rows }, rowsAre: ["warning", "warnings"] };
}

/** What goes out of support. */
export function endingSection({ endings }: Report): Section | undefined {
  if (endings.length === 0) return undefined;
  const rows = endings.map(({ what, names, end }) => ({ depth: 0 as const, line: [code(what), ": ", end, "; used by ", ...someOf(names)] }));
  return { title: "Ends soon", lead: [], body: { kind: "list", rows }, rowsAre: ["ending", "endings"] };
}

/** Images that someone may exchange without a review. */
export function unpinnedSection({ unpinned }: Report): Section | undefined {
  if (unpinned.length === 0) return undefined;
  const rows = unpinned.map(({ image, names }) => ({ depth: 0 as const, line: [code(image), " in ", ...someOf(names)] }));
  const lead: Line[] = [["Named by a tag, so that another image can take their place without a review; ", code("aks-fine-tuning pin"), " looks up digests."]];
  return { title: "Images without a digest", lead, body: { kind: "list", rows }, rowsAre: ["image", "images"] };
}
