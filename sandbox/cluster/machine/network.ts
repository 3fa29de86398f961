import * as fs from "node:fs";
import * as path from "node:path";
import { readJson, readText, writeAtomically } from "../../files";
import type { Home } from "../../home";
import { run } from "../../toolchain/commands";
import { NODE_ADDRESSES, POD_RANGE } from "../addresses";

/** Own chain in the filter table: where Docker lets nothing be forwarded by default, pods still reach each other. */
const CHAIN = "AKS-FINE-TUNING";

/** Kernel settings that kubelet, kube-proxy or the bridge plugin change; put back when the nodes stop. */
const KERNEL_SETTINGS = [
  "net/ipv4/ip_forward",
  "net/ipv4/conf/all/route_localnet",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

export async function addAddress(ip: string, address: string): Promise<void> {
  await run(ip, ["address", "replace", `${address}/32`, "dev", "lo"]);
}

export async function removeAddresses(ip: string): Promise<void> {
  const present = await run(ip, ["-o", "-4", "address", "show", "dev", "lo"]);
  for (const address of NODE_ADDRESSES.filter((one) => present.includes(` ${one}/32 `))) {
    await run(ip, ["address", "delete", `${address}/32`, "dev", "lo"]);
  }
}

export async function removeBridge(ip: string, bridge: string): Promise<void> {
  if (await quietly(ip, ["link", "show", "dev", bridge])) await run(ip, ["link", "delete", bridge]);
}

export async function allowForwarding(iptables: string): Promise<void> {
  await quietly(iptables, ["-w", "-N", CHAIN]);
  await run(iptables, ["-w", "-F", CHAIN]);
  await run(iptables, ["-w", "-A", CHAIN, "-s", POD_RANGE, "-j", "ACCEPT"]);
  await run(iptables, ["-w", "-A", CHAIN, "-d", POD_RANGE, "-j", "ACCEPT"]);
  const linked = await quietly(iptables, ["-w", "-C", "FORWARD", "-j", CHAIN]);
  if (!linked) await run(iptables, ["-w", "-I", "FORWARD", "-j", CHAIN]);
}

/** Takes away our chain and those of kube-proxy. */
export async function removeChains(iptables: string, kubeProxy: string | undefined): Promise<void> {
  if (kubeProxy !== undefined) await quietly(kubeProxy, ["--cleanup"]);
  for (const family of [iptables, iptables.replace(/iptables$/, "ip6tables")]) {
    await quietly(family, ["-w", "-D", "FORWARD", "-j", CHAIN]);
    for (const table of ["filter", "nat", "mangle"]) await removeOwnChains(family, table);
  }
}

/** kube-proxy leaves some of its own behind (KUBE-PROXY-CANARY); nobody else may be using them, for it is alone here. */
async function removeOwnChains(iptables: string, table: string): Promise<void> {
  const rules = await run(iptables, ["-w", "-t", table, "-S"]).catch(() => "");
  const chains = [...rules.matchAll(/^-N (KUBE-\S+|AKS-FINE-TUNING)$/gm)].flatMap(([, chain]) => chain ?? []);
  const jumps = [...rules.matchAll(/^-A ([A-Z]+) (.*-j (?:KUBE-\S+).*)$/gm)];
  for (const [, from, rule] of jumps) {
    if (from !== undefined && rule !== undefined) await quietly(iptables, ["-w", "-t", table, "-D", from, ...words(rule)]);
  }
  for (const chain of chains) await quietly(iptables, ["-w", "-t", table, "-F", chain]);
  for (const chain of chains) await quietly(iptables, ["-w", "-t", table, "-X", chain]);
}

/** Splits what `iptables -S` prints: comments are in double quotes. */
export function words(rule: string): readonly string[] {
  return [...rule.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

async function quietly(program: string, args: readonly string[]): Promise<boolean> {
  return run(program, args, { timeoutMs: 20_000 }).then(
    () => true,
    () => false,
  );
}

/** Once per boot, before the first of our programs changes them. */
export function rememberKernelSettings(home: Home): void {
  const file = kernelSettingsFile(home);
  if (fs.existsSync(file)) return;
  const values = KERNEL_SETTINGS.map((name) => [name, readText(`/proc/sys/${name}`)?.trim()]);
  writeAtomically(file, JSON.stringify(Object.fromEntries(values)));
}

export function restoreKernelSettings(home: Home): void {
  const file = kernelSettingsFile(home);
  for (const [name, value] of Object.entries(readJson<Record<string, string>>(file) ?? {})) {
    if (readText(`/proc/sys/${name}`)?.trim() !== value) fs.writeFileSync(`/proc/sys/${name}`, value);
  }
  fs.rmSync(file, { force: true });
}

/** In the run folder, which is emptied at boot as the settings are. */
function kernelSettingsFile(home: Home): string {
  return path.join(home.run, "kernel-settings.json");
}
