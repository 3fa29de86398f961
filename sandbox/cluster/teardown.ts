import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { markedProcesses } from "../process-identity";
import { processRecords, stopDaemons, stopProcess } from "../processes";
import { SLOTS } from "./addresses";
import { removeAddresses, removeChains, restoreKernelSettings } from "./machine/network";
import { releaseRealNodes } from "./machine/real-nodes";
import { refuseIfMounted, stopRealNode, unmountBelow } from "./machine/stop-node";
import { nodePaths } from "./machine/node-paths";
import { findExecutable } from "../toolchain/on-path";
import { knownTools } from "./tools";

/** First those that would start others again, last those that others talk to. */
const FIRST = ["agent", "kwok"];
const LAST = ["kube-apiserver", "etcd"];

/** Stops every process of the home and removes what real nodes put on the machine. Nothing to do is no error. */
export async function stopEverything(home: Home, hadRealNodes: boolean): Promise<void> {
  const names = processRecords(home).map(({ name }) => name);
  await stopDaemons(home, FIRST);
  if (hadRealNodes) await stopRealNodes(home);
  await stopDaemons(home, names.filter((name) => !LAST.includes(name)));
  // Asked kindly it waits for its clients to leave; everything it acknowledged is in etcd.
  await stopDaemons(home, ["kube-apiserver"], 200);
  await stopDaemons(home, ["etcd"]);
  await Promise.all(markedProcesses(`${home.id}/`).map((stray) => stopProcess(stray)));
  fs.rmSync(home.run, { recursive: true, force: true });
}

/** Also after a home whose processes were all killed, or whose folder was deleted. */
export async function stopRealNodes(home: Home): Promise<void> {
  const tools = knownTools(home);
  const ip = tools?.ip ?? (await findExecutable("ip"));
  const iptables = tools?.iptables ?? (await findExecutable("iptables"));
  await stopDaemons(home, ["kube-proxy"]);
  if (ip !== undefined) {
    await Promise.all(SLOTS.map((slot) => stopRealNode(home, slot, ip)));
    await removeAddresses(ip);
  }
  if (iptables !== undefined) await removeChains(iptables, tools?.["kube-proxy"]);
  restoreKernelSettings(home);
  releaseRealNodes(home);
}

/** Deletes the home; the cache stays. */
export async function deleteHome(home: Home): Promise<void> {
  const folders = [home.dir, home.run, ...SLOTS.map((slot) => nodePaths(home, slot).kubelet)];
  if (process.platform === "linux") {
    if (process.getuid?.() === 0) await unmountBelow(folders);
    folders.forEach(refuseIfMounted);
  }
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(path.join("/var/lib/aks-fine-tuning", home.id), { recursive: true, force: true });
}
