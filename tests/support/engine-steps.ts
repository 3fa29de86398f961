import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Finished, TestSandbox, TestStack } from "./sandbox";

/** A preview in the engine's own words: what happens to each resource. */
interface Step {
  readonly op: string;
  readonly urn: string;
}

/** Changes that a preview plans, as `op type name`, without what stays. */
export function plannedChanges(stack: TestStack): string[] {
  return changesIn(stack.pulumi("preview", "--json"));
}

/** The same of a preview, as JSON, that has been made. */
export function changesIn({ code, output }: Finished): string[] {
  if (code !== 0) throw new Error(output);
  const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as { readonly steps: readonly Step[] };
  return steps.filter(({ op }) => op !== "same" && op !== "read" && op !== "refresh").map(describeStep);
}

function describeStep({ op, urn }: Step): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${op} ${types.split("$").at(-1) ?? ""} ${name}`;
}

/** What a command said, where it failed: an expectation of "" then shows why. */
export function failure({ code, output }: Finished): string {
  return code === 0 ? "" : `exit code ${code}\n${output}`;
}

export function up(stack: TestStack): Finished {
  return stack.pulumi("up", "--yes", "--skip-preview");
}

export function emptyPreview(stack: TestStack): Finished {
  return stack.pulumi("preview", "--expect-no-changes");
}

export function destroy(stack: TestStack): Finished {
  return stack.pulumi("destroy", "--yes", "--skip-preview");
}

/** What is left in Azure, as the last type and name of each id, in order. */
export function leftInAzure(sandbox: TestSandbox): string[] {
  const state = JSON.parse(readFileSync(path.join(sandbox.home, "azure", "state.json"), "utf8")) as { readonly resources: object };
  return Object.keys(state.resources)
    .map((id) => id.split("/").slice(-2).join("/"))
    .sort();
}
