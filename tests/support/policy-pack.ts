import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Finished, TestSandbox } from "./sandbox";

const ROOT = path.resolve(__dirname, "..", "..");
/** Inside the checkout, so that the pack finds what it requires. */
const BUILT = path.join(ROOT, ".aks-fine-tuning", "policy-pack");

/** What a policy reported on a resource. */
export interface Violation {
  readonly policy: string;
  readonly resource: string;
  readonly level: string;
  readonly message: string;
}

export interface Judged extends Finished {
  readonly violations: readonly Violation[];
}

interface PolicyEvent {
  readonly policyEvent?: { readonly policyName: string; readonly resourceUrn?: string; readonly enforcementLevel: string; readonly message: string };
}

/**
 * Builds the pack as a release does, and returns what `--policy-pack` takes: the folder where the CLI's own language host is, and here, where
 * one of 2023 is, a program that starts the pack in its folder.
 */
export function builtPolicyPack(): string {
  const tsc = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = spawnSync("node", [tsc, "-p", "tsconfig.build.json", "--outDir", BUILT], { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(stdout);
  const pack = path.join(BUILT, "policy");
  for (const file of ["PulumiPolicy.yaml", "package.json"]) cpSync(path.join(ROOT, "policy", file), path.join(pack, file));
  const start = path.join(pack, "start");
  writeFileSync(start, `#!/bin/sh\ncd "${pack}" && exec node "${path.join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack")}" "$1" .\n`);
  chmodSync(start, 0o755);
  return start;
}

/** What a command said in its stream of events, among other output. */
export function judged({ code, output }: Finished): Judged {
  const events = output.split("\n").flatMap((line): readonly PolicyEvent[] => (line.startsWith("{") ? [JSON.parse(line) as PolicyEvent] : []));
  const violations = events.flatMap(({ policyEvent }) => {
    if (!policyEvent) return [];
    const { policyName: policy, resourceUrn = "", enforcementLevel: level, message } = policyEvent;
    return [{ policy, resource: resourceUrn.split("::").at(-1) ?? "", level, message }];
  });
  return { code, output, violations };
}

/** Parameters and levels as `--policy-pack-config` takes them. */
export function policyConfiguration(sandbox: TestSandbox, configuration: object): string {
  const file = path.join(sandbox.home, "policy.json");
  writeFileSync(file, JSON.stringify(configuration));
  return file;
}
