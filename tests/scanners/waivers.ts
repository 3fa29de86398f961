import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { Verdicts } from "./checkov";

/** A check that a scan may fail, and why: one entry of `waivers.yaml`. */
export interface Waiver {
  readonly check: string;
  /** What may miss it: names of stacks, or objects. */
  readonly of: readonly string[];
  readonly reason: string;
  /** Who says so, in public. */
  readonly source: string;
}

interface WaiverFile {
  /** Checks of ARM templates, by stack. */
  readonly arm: readonly Waiver[];
  /** Checks of Kubernetes objects, by object. */
  readonly kubernetes: readonly Waiver[];
}

/** The only place where a scanner's finding is set aside. */
export function waivers(): WaiverFile {
  const file: WaiverFile = parse(readFileSync(path.join(__dirname, "waivers.yaml"), "utf8"));
  return file;
}

/** Checks of a list by outcome. One that looked at nothing has not passed. */
export function outcomes(checks: readonly string[], verdicts: Verdicts): { readonly passed: readonly string[]; readonly missed: readonly string[] } {
  const passes = (check: string): boolean => {
    const found = verdicts.get(check) ?? [];
    return found.length > 0 && found.every(({ passed }) => passed);
  };
  return { passed: checks.filter(passes), missed: checks.filter((check) => !passes(check)) };
}

/** The checks of a list that are waived for a stack. */
export function waivedFor(name: string, checks: readonly string[]): readonly string[] {
  const waived = new Set(waivers().arm.flatMap(({ check, of }) => (of.includes(name) ? [check] : [])));
  return checks.filter((check) => waived.has(check));
}
