import type { Report } from "../model/report";
import { bounded } from "./bounded";
import { documentOf } from "./document";
import { markdown } from "./markdown";
import { PLAIN } from "./text";

export const FORMATS = ["github", "azure-devops", "text", "json"] as const;
export type ReportFormat = (typeof FORMATS)[number];

/** The most that GitHub takes as a comment. */
export const MOST_CHARACTERS = 65_536;
/** With less not even the verdict is sure to fit. */
export const LEAST_CHARACTERS = 2_000;

/** The report in a format, in at most so many characters; JSON is for programs and has no bound. */
export function rendered(report: Report, format: ReportFormat, most = MOST_CHARACTERS): string {
  if (format === "json") return `${JSON.stringify(report, undefined, 2)}\n`;
  return bounded(documentOf(report), format === "text" ? PLAIN : markdown(format), most);
}
