import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { createStack, noConfiguration, printedPreview, type Project, ROOT } from "../../bench/sandbox-project";
import { up } from "./engine-steps";
import { devStack, type TestSandbox, type TestStack } from "./sandbox";

/** A situation of the dev stack, in the order in which one follows the other, and what its preview printed. */
export interface Situation {
  readonly name: string;
  /** Brings the stack there. */
  readonly enter: (stack: TestStack, sandbox: TestSandbox) => void;
  /** Puts back what it changed. */
  readonly leave?: (stack: TestStack) => void;
}

const TICKETS = "examples/support-bot/tickets.jsonl";
const T4 = "Standard_NC4as_T4_v3";
const SPOT = { gpu: { size: T4, priority: "Spot", maxNodes: 2 } };

const PUSHED = { data: { state: "pushed", adapterDigest: `sha256:${"b".repeat(64)}` } };

export const SITUATIONS: readonly Situation[] = [
  { name: "first-deploy", enter: (stack) => stack.set("pools", SPOT) },
  { name: "no-change", enter: deployed },
  { name: "new-run", enter: otherDataset, leave: (stack) => stack.set("dataset", TICKETS) },
  { name: "pool-size", enter: pools({ gpu: { size: "Standard_NC24ads_A100_v4", priority: "Spot", maxNodes: 2 } }), leave: pools(SPOT) },
  { name: "spot-to-regular", enter: pools({ gpu: { size: T4, priority: "Regular", maxNodes: 2 } }), leave: pools(SPOT) },
  { name: "cluster-replaced", enter: (stack) => stack.set("cluster", { serviceRange: "10.97.0.0/16" }), leave: (stack) => stack.set("cluster", undefined) },
  { name: "adapter-promoted", enter: (_, sandbox) => { patchRecord(sandbox); } },
  { name: "service-deleted", enter: (stack) => stack.set("layers", ["platform", "tuning"]), leave: (stack) => stack.set("layers", undefined) },
  { name: "failed", enter: (stack) => stack.set("recipe", { method: "loar" }) },
];

/** Takes the dev stack of a sandbox through the situations and hands out what each preview printed. */
export function previewSituations(sandbox: TestSandbox, seen: (name: string, printed: string) => void): void {
  const stack = devStack(sandbox);
  for (const { name, enter, leave } of SITUATIONS) {
    enter(stack, sandbox);
    seen(name, stack.pulumi("preview", "--json", "--show-sames").output);
    leave?.(stack);
  }
}

/** A first deployment of a team with 200 runs. */
export function previewManyRuns(sandbox: TestSandbox): string {
  const folder = path.join(ROOT, "bench", "many-runs");
  const project: Project = { folder, stack: "many-runs", configuration: noConfiguration(sandbox), environment: { BENCH_RUNS: "200" } };
  createStack(sandbox, project);
  return printedPreview(sandbox, project);
}

function deployed(stack: TestStack): void {
  const { code, output } = up(stack);
  if (code !== 0) throw new Error(output);
}

function pools(value: object): (stack: TestStack) => void {
  return (stack) => stack.set("pools", value);
}

function otherDataset(stack: TestStack, sandbox: TestSandbox): void {
  const file = path.join(sandbox.home, "other.jsonl");
  writeFileSync(file, readFileSync(TICKETS, "utf8").split("\n").slice(1).join("\n"));
  stack.set("dataset", file);
}

function patchRecord(sandbox: TestSandbox): void {
  sandbox.run(["kubectl", "patch", "configmap", "tickets", "-n", "support", "--type", "merge", "-p", JSON.stringify(PUSHED)]);
}
