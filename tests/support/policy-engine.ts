import { spawn, spawnSync } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { TestSandbox } from "./sandbox";

/** Packets between two pods on one bridge are not routed; the machine's filter sees them only with this. */
const BRIDGE_SETTING = "/proc/sys/net/bridge/bridge-nf-call-iptables";

export interface PolicyEngine {
  readonly log: string;
  readonly stop: () => void;
}

/** Enforces the cluster's policies for the pods of one real node, with kube-router, until it is stopped. */
export function enforcePolicies(sandbox: TestSandbox, node: string, serviceRange: string): PolicyEngine {
  const tools = toolPaths("kube-router", "iptables", "ipset");
  const before = readFileSync(BRIDGE_SETTING, "utf8");
  writeFileSync(BRIDGE_SETTING, "1");
  const log = path.join(sandbox.home, "kube-router.log");
  const file = openSync(log, "w");
  const flags = {
    kubeconfig: sandbox.environment["KUBECONFIG"] ?? "",
    "hostname-override": node,
    "service-cluster-ip-range": serviceRange,
    "run-firewall": "true",
    "run-router": "false",
    "run-service-proxy": "false",
    "health-port": "0",
  };
  const child = spawn(tools["kube-router"] ?? "", Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`), {
    env: { PATH: [...new Set(Object.values(tools).map((tool) => path.dirname(tool))), "/usr/sbin:/usr/bin:/sbin:/bin"].join(":") },
    stdio: ["ignore", file, file],
  });
  return {
    log,
    stop: () => {
      child.kill("SIGKILL");
      writeFileSync(BRIDGE_SETTING, before);
    },
  };
}

/** Sets can go once no rule names them, so after the sandbox has taken the chains away. */
export function removeSets(): void {
  const { ipset } = toolPaths("ipset");
  const names = spawnSync(ipset ?? "", ["list", "-name"], { encoding: "utf8" }).stdout.split("\n");
  for (const name of names.filter((one) => /^(KUBE-|kube-router-)/.test(one))) spawnSync(ipset ?? "", ["destroy", name]);
}

/** Builds or installs them where they are not there. */
function toolPaths(...names: readonly string[]): Readonly<Record<string, string>> {
  const command = [path.resolve("node_modules", ".bin", "tsx"), "sandbox/toolchain/main.ts", ...names] as const;
  const { stdout, status } = spawnSync(command[0], command.slice(1), { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (status !== 0) throw new Error(`no policy engine: ${stdout}`);
  return Object.fromEntries(stdout.trim().split("\n").map((line) => line.split("=") as [string, string]));
}
