import { spawn, spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import * as path from "node:path";
import type { TestSandbox } from "./sandbox";

export interface PolicyEngine {
  readonly log: string;
  /** Stops it, with every rule and set of it gone. */
  readonly stop: () => Promise<void>;
}

/** Enforces the cluster's policies for the pods of one real node until it is stopped. */
export function enforcePolicies(sandbox: TestSandbox, node: { readonly name: string; readonly address: string }, serviceRange: string): PolicyEngine {
  const tools = toolPaths("kube-router", "iptables", "ipset");
  const log = path.join(sandbox.home, "kube-router.log");
  const file = openSync(log, "w");
  const flags = { kubeconfig: sandbox.environment["KUBECONFIG"] ?? "", node: node.name, addresses: node.address, services: serviceRange };
  const child = spawn(tools["kube-router"] ?? "", Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`), {
    env: { PATH: [...new Set(Object.values(tools).map((tool) => path.dirname(tool))), "/usr/sbin:/usr/bin:/sbin:/bin"].join(":") },
    stdio: ["ignore", file, file],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    log,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Builds or installs them where they are not there. */
function toolPaths(...names: readonly string[]): Readonly<Record<string, string>> {
  const command = [path.resolve("node_modules", ".bin", "tsx"), "sandbox/toolchain/main.ts", ...names] as const;
  const { stdout, status } = spawnSync(command[0], command.slice(1), { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (status !== 0) throw new Error(`no policy engine: ${stdout}`);
  return Object.fromEntries(stdout.trim().split("\n").map((line) => line.split("=") as [string, string]));
}
