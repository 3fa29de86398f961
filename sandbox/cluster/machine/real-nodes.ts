import * as fs from "node:fs";
import * as path from "node:path";
import { readJson, readText, writeAtomically } from "../../files";
import { type Home, runFolder, sandboxHome } from "../../home";
import { exclusively } from "../../lock";
import { isAlive, markedProcesses, type ProcessIdentity, identify } from "../../process-identity";
import { runningDaemons } from "../../processes";
import { run } from "../../toolchain/commands";
import { NODE_ADDRESSES } from "../addresses";
import { hierarchies, makeCgroup, removeCgroup } from "./cgroups";
import type { NodeTools } from "../tools";

/** Bits of capabilities(7) in /proc/self/status. */
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

/** What this machine lacks for nodes that run pods, before any tool is looked for; empty if nothing. */
export function machineProblems(): readonly string[] {
  if (process.platform !== "linux") return [`real nodes need Linux, this is ${process.platform}`];
  if (process.getuid?.() !== 0) return ["real nodes need root"];
  const problems: string[] = [];
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readText("/proc/self/status") ?? "")?.[1] ?? "0";
  const has = (bit: bigint) => ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n;
  if (!has(CAP_SYS_ADMIN) || !has(CAP_NET_ADMIN)) problems.push("root may not mount or configure the network here");
  if (!/^nodev\toverlay$/m.test(readText("/proc/filesystems") ?? "")) problems.push("the kernel has no overlay file system");
  if (hierarchies().length === 0) problems.push("no cgroup hierarchy is mounted");
  else problems.push(...cgroupProblems());
  return problems;
}

function cgroupProblems(): readonly string[] {
  const trial = `aks-fine-tuning-trial-${process.pid}`;
  try {
    makeCgroup(trial);
    return [];
  } catch (error) {
    return [`control groups cannot be made (${error instanceof Error ? error.message : String(error)})`];
  } finally {
    removeCgroup(trial);
  }
}

/** What only the tools can tell: a firewall that can be programmed, and no other cluster that uses it. */
export async function networkProblems(tools: NodeTools): Promise<readonly string[]> {
  const rules = await run(tools.iptables, ["-w", "-t", "nat", "-S"]).catch(() => undefined);
  if (rules === undefined) return ["iptables does not work here"];
  if (/^-N KUBE-SERVICES$/m.test(rules)) return ["another Kubernetes' kube-proxy uses this machine"];
  const addresses = await run(tools.ip, ["-o", "-4", "address", "show"]);
  const taken = NODE_ADDRESSES.find((address) => addresses.includes(` ${address}/`));
  return taken === undefined ? [] : [`${taken} is already an address of this machine`];
}

interface Holder {
  /** Folder of the home whose nodes are the real ones. */
  readonly home: string;
  /** The command that is starting it; its daemons tell that it is alive later on. */
  readonly starter: ProcessIdentity | undefined;
}

export type Claim =
  /** `before`: it was already, so an earlier start did not end in an orderly way or still runs. */
  | { readonly kind: "ours"; readonly before: boolean }
  /** Somebody else's nodes are running. */
  | { readonly kind: "taken"; readonly home: string }
  /** The last holder was killed or the machine restarted: what it left must be removed first. */
  | { readonly kind: "stale"; readonly home: Home };

/** One home at a time has the machine's addresses, bridges and firewall chains. */
export function claimRealNodes(home: Home): Claim {
  const file = lockFile();
  return exclusively(`${file}.guard`, () => {
    const holder = readJson<Holder>(file);
    const other = holder !== undefined && holder.home !== home.dir ? sandboxHome(holder.home) : undefined;
    if (other !== undefined && holder !== undefined && isInUse(other, holder)) return { kind: "taken", home: other.dir };
    const mine: Holder = { home: home.dir, starter: identify(process.pid) };
    writeAtomically(file, JSON.stringify(mine));
    return other === undefined ? { kind: "ours", before: holder !== undefined } : { kind: "stale", home: other };
  });
}

export function releaseRealNodes(home: Home): void {
  const file = lockFile();
  exclusively(`${file}.guard`, () => {
    if (readJson<Holder>(file)?.home === home.dir) fs.rmSync(file, { force: true });
  });
}

/** The home that has the real nodes, running or not. */
export function realNodesHolder(): string | undefined {
  return readJson<Holder>(lockFile())?.home;
}

function isInUse(home: Home, { starter }: Holder): boolean {
  if (starter !== undefined && isAlive(starter)) return true;
  return runningDaemons(home).length > 0 || markedProcesses(`${home.id}/`).length > 0;
}

function lockFile(): string {
  return path.join(runFolder(), "real-nodes.lock");
}
