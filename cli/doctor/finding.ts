import { EXIT, type ExitCode } from "../command";

export const SECTIONS = ["Tools", "Login", "Subscription", "Roles", "Region", "Configuration"] as const;
export type Section = (typeof SECTIONS)[number];

/** One thing that a deployment needs. A notice is worth reading and stops nothing; unknown is what could not be asked. */
export interface Finding {
  readonly section: Section;
  readonly name: string;
  readonly state: "ok" | "notice" | "missing" | "unknown";
  /** One line, without the name. */
  readonly text: string;
  /** What mends it: a command, or one step in words. */
  readonly fix?: string;
}

/** What is missing decides over what could not be asked: it will not come by itself. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ state }) => state === "missing")) return EXIT.refused;
  return findings.some(({ state }) => state === "unknown") ? EXIT.unreachable : EXIT.done;
}
